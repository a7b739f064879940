/** What platforms punish is refused with its reason, in many languages, and can be allowed knowingly; what only looks like it passes. */
import { describe, expect, test } from "vitest";
import type { RuleFiles } from "../../../shared/rules/compiled.ts";
import { codesOf, file, free, problemsOf, said } from "../../support/compliance-of.ts";

describe("words of betting on the stage and in commands", () => {
  test.each([
    "JACKPOT!",
    "place your bets",
    "ｂｅｔ now",
    "Bét",
    "spin the wheel",
    "a slot machine",
    "casino",
    "all wager now",
    "¡Apuesta!",
    "la LOTERÍA",
    "roleta da sorte",
    "caça-níquel",
    "machine à sous",
    "Glücksspiel",
    "WETTE",
    "scommessa",
    "çekiliş",
    "judi online",
    "cá cược",
    "ставка",
    "Розыгрыш",
    "قمار",
    "जुआ",
    "来赌一把",
    "抽奖",
    "大ルーレット!",
    "カジノへ",
    "도박이다",
    "룰렛을",
    "เล่นพนันกัน",
  ])("%s is refused", (words) => {
    expect(said(words)).toEqual(["COMPLIANCE_BETTING"]);
    expect(codesOf(file(`  - { on: chat, command: [${JSON.stringify(words)}], do: wave }\n`))).toEqual([
      "COMPLIANCE_BETTING",
    ]);
  });
  test.each([
    "between us",
    "the alphabet",
    "Tibet",
    "spinach",
    "a spinning top",
    "slotted",
    "better luck",
    "Paris",
    "Casinoville",
    "abetting",
    "raffled",
    "shotgun",
    "Wetter",
    "lotus",
  ])("%s passes", (words) => {
    expect(said(words)).toEqual([]);
    expect(codesOf(file(`  - { on: chat, command: [${JSON.stringify(words)}], do: wave }\n`))).toEqual([]);
  });
  test("a word far into a long line is found, too", () => {
    expect(said(`${"well ".repeat(80)}jackpot`)).toEqual(["COMPLIANCE_BETTING"]);
    expect(said(`${"alpha".repeat(39)}xxxbet and so on`)).toEqual([]);
  });
  test("a crowd's command counts", () => {
    const rule = "  - { on: crowd, viewers: 3, within: 5s, of: { on: chat, command: bet }, do: wave }\n";
    expect(codesOf(file(rule))).toEqual(["COMPLIANCE_BETTING"]);
  });
});

describe("lines that ask for something", () => {
  test.each([
    "Follow me",
    "thanks for the follow",
    "Please share",
    "Tap tap tap",
    "Tap to fill",
    "Share the stream!",
    "SUBSCRIBE",
    "send a rose to win",
    "Come on: send gifts",
    "gift me",
    "more likes",
    "Like the stream",
    "now like!",
    "you can donate",
    "everybody tap",
    "a wave - tap for it",
    "Síguenos",
    "comparte el directo",
    "inscreva-se",
    "abonnez-vous",
    "Folgt mir",
    "seguimi",
    "takip et",
    "bagikan",
    "подпишись",
    "تابعني",
    "点赞",
    "フォローして",
    "구독하세요",
    "กดไลค์",
  ])("%s is refused", (words) => {
    expect(said(words)).toEqual(["COMPLIANCE_SOLICITATION"]);
  });
  test.each([
    "Ana taps out",
    "Ana sends everybody flying",
    "a gifted player",
    "GIANT",
    "Like a rocket!",
    "small and like a rocket",
    "flies like a rocket",
    "shares the crown",
    "the follower's shield",
    "Ana has subscribed",
    "thank you for the gift",
    "likes",
    "Pulse",
    "taps",
    "alike",
    "the shareholder",
    "Support of the crowd",
    "Folgen hat das",
  ])("%s passes", (words) => {
    expect(said(words)).toEqual([]);
  });
});

describe("gift names and pictures", () => {
  test.each([
    "https://example.com/rose",
    "rose.png",
    "see p16-webcast.tiktokcdn.com/img",
    "ROSE power",
    "the Finger Heart!",
    "{gift.name} power",
    '{"Rose" + "!"}',
  ])("%s is refused", (words) => {
    const rules = `  - { on: gift, gift: [Rose, "finger heart", 5655], do: [jump, { say: ${JSON.stringify(words)} }] }\n`;
    expect(codesOf(file(rules))).toEqual(["COMPLIANCE_GIFT_ART"]);
  });
  test.each([
    "roses",
    "prose",
    "5655",
    "{gift.value} power",
    "finger",
    "a heart",
    "{viewer.name} grows",
    "the.end",
    "v1.5",
  ])("%s passes", (words) => {
    const rules = `  - { on: gift, gift: [Rose, "finger heart", 5655], do: [jump, { say: ${JSON.stringify(words)} }] }\n`;
    expect(codesOf(file(rules))).toEqual([]);
  });
  test("a name that no rule names passes", () => expect(said("Rose power")).toEqual([]));
});

describe("harsh words", () => {
  test.each([
    "what the FUCK",
    "shit!",
    "you bitch",
    "blood everywhere",
    "kill yourself",
    "mierda",
    "merde alors",
    "Scheiße",
    "vaffanculo",
    "сука",
    "去死，傻逼",
    "씨발",
  ])("%s is refused", (words) => {
    expect(said(words)).toEqual(["COMPLIANCE_HARSH_WORDS"]);
  });
  test.each(["Scunthorpe", "shiitake", "a bloodhound", "grapes", "class", "knocked out", "kills", "Dickens"])(
    "%s passes",
    (words) => {
      expect(said(words)).toEqual([]);
    },
  );
});

describe("where texts stand", () => {
  test("titles of meters and names of teams are shown, too, and are told at their own place", () => {
    const head =
      'meters:\n  rage: { full: 5 }\n  luck:\n    full: 10\n    title: "Jackpot"\nteams:\n  Pink: [pink]\n  Casino: [c]\n';
    const problems = file(
      "  - { on: like, do: { fill: { luck: 1 } } }\n  - { on: meter, meter: luck, do: jump }\n",
      head,
    );
    expect(problems).toMatchObject([
      {
        code: "COMPLIANCE_BETTING",
        file: "rules.yaml",
        line: 6,
        column: 12,
        message: expect.stringContaining('In the title of meter "luck" stands "jackpot"'),
      },
      {
        code: "COMPLIANCE_BETTING",
        file: "rules.yaml",
        line: 9,
        message: expect.stringContaining("the name of a team"),
      },
    ]);
  });
  test("a meter of an included file is told there", () => {
    const files: RuleFiles = {
      main: "show.yaml",
      texts: new Map([
        ["show.yaml", `game: tiny\ninclude: base.yaml\nrules:\n${free}`],
        ["base.yaml", "game: tiny\nmeters:\n  luck: { full: 5, title: Lottery }\n"],
      ]),
    };
    expect(problemsOf(files)).toMatchObject([{ code: "COMPLIANCE_BETTING", file: "base.yaml", line: 3, column: 27 }]);
  });
  test("lines inside oneOf, and texts inside expressions", () => {
    expect(codesOf(file("  - { on: chat, do: { oneOf: [{ do: { say: bet } }, { do: { say: hi } }] } }\n"))).toEqual([
      "COMPLIANCE_BETTING",
    ]);
    expect(said("{viewer.follower ? 'casino' : 'x'}")).toEqual(["COMPLIANCE_BETTING"]);
    expect(said("{viewer.name}bet")).toEqual(["COMPLIANCE_BETTING"]);
    expect(said("jack{viewer.name}pot")).toEqual([]);
  });
  test("one line can be wrong in several ways", () => {
    expect(said("Follow for the jackpot, bitch")).toEqual([
      "COMPLIANCE_BETTING",
      "COMPLIANCE_SOLICITATION",
      "COMPLIANCE_HARSH_WORDS",
    ]);
  });
});

describe("chance that is paid for", () => {
  const drawn = "{ oneOf: [{ do: jump }, { weight: 3, do: wave }] }";
  const meter = "meters:\n  rage: { full: 9 }\n  more: { full: 9 }\n";
  test.each([
    ["oneOf on a gift", `  - { on: gift, do: ${drawn} }\n`],
    ["oneOf on a subscription", `  - { on: subscribe, do: ${drawn} }\n`],
    ["oneOf at the end of a combo", `  - { on: combo.end, do: ${drawn} }\n`],
    ["oneOf of a crowd of givers", `  - { on: crowd, viewers: 2, within: 5s, of: { on: gift }, do: ${drawn} }\n`],
    ["a random target", "  - { on: gift, do: { jump: {}, target: random } }\n"],
    [
      "a random target inside oneOf is found with it",
      "  - { on: gift, do: { oneOf: [{ do: { say: a } }, { do: { add: { n: 1 } } }] } }\n",
    ],
    [
      "a meter that gifts fill",
      `  - { on: gift, do: { fill: { rage: diamonds } } }\n  - { on: meter, meter: rage, do: ${drawn} }\n`,
    ],
    [
      "a meter that such a meter fills",
      `  - { on: meter, meter: more, do: ${drawn} }\n  - { on: meter, meter: rage, do: { fill: { more: 1 } } }\n  - { on: gift, do: { fill: { rage: 1 } } }\n`,
    ],
  ])("%s is refused", (_name, rules) => {
    expect(codesOf(file(rules, `${meter}counters: { n: }\n`))).toEqual(["COMPLIANCE_CHANCE"]);
  });
  test.each([
    ["oneOf on a comment", `  - { on: chat, do: ${drawn} }\n`],
    ["oneOf for points of the platform", `  - { on: redeem, do: ${drawn} }\n`],
    ["a random target of a like", "  - { on: like, do: { jump: {}, target: random } }\n"],
    ["other words by chance", "  - { on: gift, do: [jump, { oneOf: [{ do: { say: a } }, { do: { say: b } }] }] }\n"],
    [
      "a meter that gifts only drain",
      `  - { on: gift, do: [jump, { fill: { rage: -1 } }] }\n  - { on: like, do: { fill: { rage: 1 } } }\n  - { on: meter, meter: rage, do: ${drawn} }\n`,
    ],
    ["a fixed target of a gift", "  - { on: gift, do: { jump: {}, target: leader } }\n"],
  ])("%s passes", (_name, rules) => {
    expect(codesOf(file(rules, meter))).toEqual([]);
  });
  test("the message says what, why, and how to allow it", () => {
    const [problem] = file(
      `  - { on: gift, do: { fill: { rage: 1 } } }\n  - on: meter\n    meter: rage\n    do: { jump: {}, target: random }\n`,
      meter,
    );
    expect(problem).toMatchObject({ severity: "error", line: 10 });
    expect(problem?.message).toBe(
      'Here gifts fill meter "rage", and chance picks whose body "jump" moves. Platforms count an uncertain result that was paid for as gambling; let a gift always do the same thing. If you know what you do: allow: [COMPLIANCE_CHANCE] in this rule.',
    );
  });
});

describe("pay to play", () => {
  const paid = "  - { on: gift, do: jump }\n";
  test.each([
    ["gifts alone", paid],
    ["gifts and subscriptions", `${paid}  - { on: subscribe, do: wave }\n`],
    ["a free rule that only says something", `${paid}  - { on: chat, do: { say: hi } }\n`],
    ["a show that acts by itself", `${paid}  - { on: timer, every: 5s, do: wave }\n`],
    ["comments of subscribers", `${paid}  - { on: chat, viewer: { subscriber: true }, do: wave }\n`],
    ["comments of moderators", `${paid}  - { on: chat, viewer: { moderator: true }, do: wave }\n`],
    ["comments of givers", `${paid}  - { on: chat, viewer: { gifterLevel: 1 }, do: wave }\n`],
    [
      "a meter that only gifts fill",
      "  - { on: gift, do: { fill: { rage: 1 } } }\n  - { on: meter, meter: rage, do: jump }\n",
    ],
    ["a crowd of givers", "  - { on: crowd, viewers: 2, within: 5s, of: { on: gift }, do: jump }\n"],
  ])("%s: refused", (_name, rules) => {
    const problems = problemsOf(`game: tiny\nmeters: { rage: { full: 9 } }\nrules:\n${rules}`);
    expect(codesOf(problems)).toEqual(["COMPLIANCE_PAY_TO_PLAY"]);
    expect(problems[0]?.message).toContain("at the top of the file");
  });
  test.each([
    ["a comment", `${paid}  - { on: chat, command: go, do: wave }\n`],
    ["likes", `${paid}  - { on: likes, every: 50, do: wave }\n`],
    ["followers' comments", `${paid}  - { on: chat, viewer: { follower: true }, do: wave }\n`],
    [
      "a meter that likes fill, too",
      `${paid}  - { on: like, do: { fill: { rage: 1 } } }\n  - { on: meter, meter: rage, do: wave }\n`,
    ],
    ["a crowd of comments", `${paid}  - { on: crowd, viewers: 2, within: 5s, of: { on: chat }, do: wave }\n`],
    ["a step of oneOf", `${paid}  - { on: chat, do: { oneOf: [{ do: wave }, { do: { say: hi } }] } }\n`],
    ["nothing paid at all", "  - { on: timer, every: 5s, do: wave }\n"],
  ])("%s: passes", (_name, rules) => {
    expect(codesOf(problemsOf(`game: tiny\nmeters: { rage: { full: 9 } }\nrules:\n${rules}`))).toEqual([]);
  });
});

describe("allowing", () => {
  const line = (allow: string) => `  - { on: follow, do: { say: "jackpot, bitch" }${allow} }\n`;
  test("a rule allows its own findings by code", () => {
    expect(codesOf(file(line(", allow: [COMPLIANCE_BETTING]")))).toEqual(["COMPLIANCE_HARSH_WORDS"]);
    expect(codesOf(file(line(", allow: [COMPLIANCE_BETTING]") + line("")))).toEqual([
      "COMPLIANCE_HARSH_WORDS",
      "COMPLIANCE_BETTING",
      "COMPLIANCE_HARSH_WORDS",
    ]);
  });
  test("the file allows those of all", () => {
    expect(codesOf(file(line("") + line(""), "allow: [COMPLIANCE_BETTING, COMPLIANCE_HARSH_WORDS]\n"))).toEqual([]);
  });
});
