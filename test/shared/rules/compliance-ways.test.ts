/** The ways by which a text reaches the stage, money reaches chance, and a rule is out of reach for who does not pay. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { codesOf, file, problemsOf, said } from "../../support/compliance-of.ts";
import { tinyGame } from "../../support/tiny-game.ts";

describe("texts that a line shows without holding them", () => {
  const says = (line: string) => `  - { on: follow, do: { say: ${JSON.stringify(line)} } }\n`;
  const asks = "variables:\n  t: { type: text, start: follow me for coins }\n  u: { type: text }\n";

  test("a variable's start, told where it stands", () => {
    expect(file(says("{vars.t}"), asks)).toMatchObject([
      {
        code: "COMPLIANCE_SOLICITATION",
        line: 3,
        column: 27,
        message: expect.stringContaining('In the shown variable "t" stands "follow me"'),
      },
    ]);
  });
  test.each([
    ["in a choice", says("{viewer.follower ? vars.t : 'hi'}")],
    ["through another variable", `${says("{vars.u}")}  - { on: chat, do: { set: { u: "=vars.t" } } }\n`],
    ["in small letters", says("{lower(vars.t)}!")],
  ])("a variable's start %s", (_name, rules) => {
    expect(codesOf(file(rules, asks))).toEqual(["COMPLIANCE_SOLICITATION"]);
  });
  test.each([
    ["nobody shows", says("hi")],
    ["a line only asks about", says("{vars.t == 'x' ? 'a' : 'b'}")],
    ["only a condition reads", '  - { on: follow, if: "vars.t == vars.u", do: { say: hi } }\n'],
  ])("a variable that %s passes", (_name, rules) => {
    expect(codesOf(file(rules, asks))).toEqual([]);
  });

  const plain = "variables: { t: { type: text }, n: { start: 0 } }\nwords: { w: [hello, jackpot], v: [bye] }\n";
  test.each([
    ["set to a text", 'set: { t: "jackpot!" }'],
    ["set to a text in an expression", `set: { t: "='jack' + 'pot'" }`],
    ["set to one of two", `set: { t: "=viewer.follower ? 'jackpot' : 'x'" }`],
    ["set to a word of a list", 'set: { t: "=oneWordOf(text, words.w)" }'],
  ])("a variable that is %s", (_name, step) => {
    const rules = (show: string) => `  - { on: chat, do: { ${step} } }\n${says(show)}`;
    expect(codesOf(file(rules("{vars.t}"), plain))).toEqual(["COMPLIANCE_BETTING"]);
    expect(codesOf(file(rules("{vars.n}"), plain))).toEqual([]);
  });
  test("the rule that sets it can allow it", () => {
    const rules = `  - { on: chat, do: { set: { t: jackpot } }, allow: [COMPLIANCE_BETTING] }\n${says("{vars.t}")}`;
    expect(codesOf(file(rules, plain))).toEqual([]);
  });
  test("a word list that oneWordOf shows, once however many lines do", () => {
    const rule = (line: string) => `  - { on: chat, do: { say: "${line}" } }\n`;
    const found = file(rule("{oneWordOf(text, words.w)}").repeat(2), plain);
    expect(found).toMatchObject([{ code: "COMPLIANCE_BETTING", line: 3, message: expect.stringContaining('"w"') }]);
    expect(codesOf(file(rule("{oneWordOf(text, words.v)}"), plain))).toEqual([]);
    expect(codesOf(file(rule("{hasWord(text, words.w) ? 'a' : 'b'}"), plain))).toEqual([]);
    expect(codesOf(file(rule("{oneWordOf(text, ['bye', 'casino'])}"), plain))).toEqual(["COMPLIANCE_BETTING"]);
  });
  test("texts inside an expression count as they are put together; those it compares with do not", () => {
    expect(said("{'jack' + 'pot'}")).toEqual(["COMPLIANCE_BETTING"]);
    expect(said("jack{'pot'}")).toEqual(["COMPLIANCE_BETTING"]);
    expect(said("{viewer.follower ? 'Follow' : 'Hit'} me")).toEqual(["COMPLIANCE_SOLICITATION"]);
    expect(said("{viewer.name == 'casino' ? 'a' : 'b'}")).toEqual([]);
    expect(said("{viewer.name.contains('casino') ? 'a' : 'b'}")).toEqual([]);
  });
  test("many choices in one line are bounded, and each is still seen", () => {
    const choice = "{viewer.follower ? 'a' : 'b'}".repeat(14);
    expect(said(choice)).toEqual([]);
    expect(said(`${choice} {viewer.follower ? 'casino' : 'b'}`)).toEqual(["COMPLIANCE_BETTING"]);
  });
  test("the name of the gift through a variable, and as a question", () => {
    const gift = (step: string) => `  - { on: gift, do: [jump, { ${step} }] }\n`;
    expect(codesOf(file(`${gift('set: { t: "=gift.name" }')}${says("{vars.t}")}`, plain))).toEqual([
      "COMPLIANCE_GIFT_ART",
    ]);
    expect(codesOf(file(gift(`say: "{gift.name == 'x' ? 'big' : 'small'}"`)))).toEqual([]);
  });
});

describe("texts for actions", () => {
  const params = z.object({
    words: z.string().max(40).default(""),
    tone: z.enum(["plain", "casino"]).default("plain"),
  });
  const shout = { ...tinyGame.actions.wave!, params };
  const game = { ...tinyGame, actions: { ...tinyGame.actions, shout } };
  test.each([
    ["{ words: Follow me }", ["COMPLIANCE_SOLICITATION"]],
    [`{ words: "='casino ' + viewer.name" }`, ["COMPLIANCE_BETTING"]],
    ['{ words: "=gift.name" }', ["COMPLIANCE_GIFT_ART"]],
    ["{ words: Hello }", []],
    // What the game lists itself is not the streamer's text.
    ["{ tone: casino }", []],
  ])("%s", (given, codes) => {
    expect(codesOf(file(`  - { on: gift, do: { shout: ${given} } }\n`, "", game))).toEqual(codes);
  });
});

describe("words viewers type", () => {
  test.each([
    ["anywhere in a comment", "{ on: chat, contains: jackpot, do: wave }"],
    ["in a crowd", "{ on: crowd, viewers: 3, within: 5s, of: { on: chat, contains: [hi, casino] }, do: wave }"],
  ])("%s", (_name, rule) => {
    const [problem, ...others] = file(`  - ${rule}\n`);
    expect(problem?.code).toBe("COMPLIANCE_BETTING");
    expect(problem?.message).toContain("allow: [COMPLIANCE_BETTING] in this rule");
    expect(others).toEqual([]);
  });
  test("other words pass", () => {
    expect(codesOf(file("  - { on: chat, contains: [hello, spin attack], do: wave }\n"))).toEqual([]);
  });
});

const head =
  "counters: { hits: , other: }\nvariables: { v: { start: 0 }, w: { start: 0 } }\nmeters: { m: { full: 9 }, o: { full: 9 } }\n";

describe("chance that is paid for through what gifts change", () => {
  const drawn = "{ oneOf: [{ do: jump }, { do: wave }] }";
  const asks = (condition: string, on = "chat") => `  - { on: ${on}, if: "${condition}", do: ${drawn} }\n`;
  test.each([
    ["a counter", `  - { on: gift, do: { add: { hits: 1 } } }\n${asks("vars.hits >= 3")}`],
    ["a variable", `  - { on: gift, do: { set: { v: diamonds } } }\n${asks("vars.v > 10")}`],
    ["a meter that is asked", `  - { on: gift, do: { fill: { m: 1 } } }\n${asks("meters.m > 5", "follow")}`],
    [
      "a counter computed from one",
      `  - { on: timer, every: 5s, do: { add: { v: vars.hits } } }\n  - { on: subscribe, do: { add: { hits: 1 } } }\n${asks("vars.v > 1")}`,
    ],
    [
      "a rule that such a counter lets fire",
      `${asks("vars.w == 1")}  - { on: chat, if: "vars.hits > 3", do: { set: { w: 1 } } }\n  - { on: gift, do: { add: { hits: 1 } } }\n`,
    ],
    [
      "a meter that such a rule fills",
      `  - { on: chat, if: "vars.hits > 3", do: { fill: { m: 1 } } }\n  - { on: gift, do: { add: { hits: 1 } } }\n  - { on: meter, meter: m, do: ${drawn} }\n`,
    ],
  ])("%s is refused", (_name, rules) => {
    expect(codesOf(file(rules, head))).toEqual(["COMPLIANCE_CHANCE"]);
  });
  test.each([
    ["a counter of comments", `  - { on: chat, do: { add: { hits: 1 } } }\n${asks("vars.hits > 3")}`],
    ["another counter", `  - { on: gift, do: { add: { hits: 1 } } }\n${asks("vars.other > 3")}`],
    ["the name in quotes", `  - { on: gift, do: { add: { hits: 1 } } }\n${asks("text == 'vars.hits'")}`],
    ["no chance", `  - { on: gift, do: { add: { hits: 1 } } }\n  - { on: chat, if: "vars.hits > 3", do: wave }\n`],
  ])("%s passes", (_name, rules) => {
    expect(codesOf(file(rules, head))).toEqual([]);
  });
  test("the message names the counter", () => {
    const [problem] = file(`  - { on: gift, do: { add: { hits: 1 } } }\n${asks("vars.hits > 3")}`, head);
    expect(problem?.message).toContain('Here gifts change "hits", for which this rule asks, and chance picks');
    expect(problem?.message).toContain("allow: [COMPLIANCE_CHANCE] in this rule");
  });
});

describe("a free rule that who does not pay can never use is none", () => {
  const codes = (rules: string) =>
    codesOf(problemsOf(`game: tiny\n${head}rules:\n  - { on: gift, do: [jump, { add: { hits: 1 } }] }\n${rules}`));
  const condition = (text: string) => `  - { on: chat, if: "${text}", do: wave }\n`;
  test.each([
    "false",
    "1 > 2",
    "min(1, 2) > 5",
    "viewer.subscriber",
    "viewer.moderator || viewer.owner",
    "viewer.subscriber && viewer.follower",
    "viewer.follower && !(!viewer.subscriber)",
    "viewer.gifterLevel >= 5",
    "viewer.gifterLevel != 0",
    "viewer.subscriber == true",
    "viewer.subscriber ? true : false",
    "vars.hits > 0",
  ])("if: %s", (text) => expect(codes(condition(text))).toEqual(["COMPLIANCE_PAY_TO_PLAY"]));
  test.each([
    "!viewer.subscriber",
    "viewer.subscriber || viewer.follower",
    "viewer.gifterLevel >= 0",
    "viewer.subscriber || text == 'go'",
    "viewer.subscriber ? true : viewer.follower",
    "vars.other == 0",
    "vars.hits >= 0",
    "min(viewer.gifterLevel, 2) < 3",
  ])("if: %s is for everybody", (text) => expect(codes(condition(text))).toEqual([]));
  test("a counter that comments raise too is for everybody", () => {
    const raised = "  - { on: chat, do: { add: { hits: 1 } } }\n";
    expect(codes(`${condition("vars.hits > 3")}${raised}`)).toEqual([]);
  });
  test("a meter that free rules fill through another one is for everybody", () => {
    const first = "  - { on: meter, meter: o, do: { fill: { m: 1 } } }\n  - { on: meter, meter: m, do: wave }\n";
    expect(codes(`${first}  - { on: like, do: { fill: { o: 1 } } }\n`)).toEqual([]);
    expect(codes(`${first}  - { on: like, if: viewer.subscriber, do: { fill: { o: 1 } } }\n`)).toEqual([
      "COMPLIANCE_PAY_TO_PLAY",
    ]);
  });
});
