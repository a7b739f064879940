/** What a right rule file compiles to: each part of the language in its checked form. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { AnyGame } from "../../../shared/game/define.ts";
import lastBall from "../../../shared/games/last-ball/game.ts";
import { compileRules, createRuleCompiler, gameOfRules, oneFile } from "../../../shared/rules/compile.ts";
import type { CompiledRule, CompiledRules, Expression, Scope } from "../../../shared/rules/compiled.ts";
import { stepWords } from "../../../shared/rules/rule-file/steps.ts";
import { triggerNames } from "../../../shared/rules/triggers.ts";

const compile = createRuleCompiler(lastBall);

/** Compiles rules (a list, indented by two) with what stands before them, paid ones alone, too; throws what is wrong. */
function compiled(rules: string, head = ""): CompiledRules {
  const result = compile(oneFile(`game: last-ball\n${head}rules:\n${rules}allow: [COMPLIANCE_PAY_TO_PLAY]\n`));
  if (result.ok) return result.rules;
  throw new Error(result.problems.map(({ line, message }) => `${line}: ${message}`).join("\n"));
}
const ruleOf = (rule: string, head = ""): CompiledRule => compiled(`  - ${rule}\n`, head).rules[0]!;
const computed = (expression: unknown, scope: Partial<Scope> = {}) =>
  (expression as Expression).evaluate(scope as Scope);

describe("what an event must be", () => {
  test.each([
    ["{ on: chat, do: dash }", { commands: [], contains: [] }],
    [
      '{ on: chat, command: ["!Dash", ＧＯ, Olé, "big dash!", "@"], do: dash }',
      { commands: ["dash", "go", "ole", "big dash", "@"] },
    ],
    ["{ on: chat, command: { en: [go, run], es: corre, de: go }, do: dash }", { commands: ["go", "run", "corre"] }],
    ["{ on: chat, contains: [words.good, super], do: dash }", { contains: ["great", "very nice", "super"] }],
    ["{ on: gift, gift: [Rose, 5655, big], do: grow }", { gifts: ["rose", "5655", "lion", "6427"] }],
    ["{ on: combo.end, tier: [T1, T2], do: grow }", { tiers: ["T1", "T2"], gifts: [] }],
    ["{ on: gift, value: { from: 10 }, do: grow }", { valueFrom: 10, valueTo: Number.POSITIVE_INFINITY }],
    ["{ on: likes, every: 200, do: pulse }", { every: 200, ownMeter: false }],
    ["{ on: like, every: 50, do: enter }", { every: 50, ownMeter: true }],
    ["{ on: subscribe, months: 3, do: badge }", { from: 3 }],
    ["{ on: raid, viewers: 10, do: badge }", { from: 10 }],
    ["{ on: emote, emote: [Kappa], do: badge }", { names: ["kappa"] }],
    ["{ on: redeem, reward: Grow Me, do: grow }", { names: ["grow me"] }],
    ["{ on: battle, state: [active, ended], do: pulse }", { names: ["active", "ended"] }],
    ["{ on: viewers, reaches: 100, do: pulse }", { reaches: 100, falls: 0 }],
    ["{ on: timer, every: 30s, do: pulse }", { every: 1800, after: 0 }],
    ["{ on: timer, after: 1.5s, of: round, do: pulse }", { every: 0, after: 90, afterOf: "round" }],
    ["{ on: timer, after: 1m, do: pulse }", { after: 3600, afterOf: "phase" }],
    ["{ on: meter, meter: hype, do: pulse }", { meter: "hype" }],
    [
      "{ on: crowd, viewers: 10, within: 20s, of: { on: chat, command: go }, do: pulse }",
      { viewers: 10, withinTicks: 1200, of: { on: "chat", filter: expect.objectContaining({ commands: ["go"] }) } },
    ],
  ])("%s", (rule, filter) => {
    const head = "words: { good: [Great, very nice] }\ngifts: { big: [Lion, 6427] }\nmeters: { hype: { full: 9 } }\n";
    expect(ruleOf(rule, head).filter).toMatchObject(filter);
  });

  test("every trigger compiles with nothing but what it must have", () => {
    const needed: Record<string, string> = {
      likes: "every: 10",
      timer: "every: 10s",
      meter: "meter: hype",
      crowd: "viewers: 5, within: 5s, of: { on: follow }",
    };
    for (const on of triggerNames) {
      const own = needed[on] ? `, ${needed[on]}` : "";
      const rules = `  - { on: chat, do: enter }\n  - { on: ${on}${own}, do: enter }\n`;
      expect(compiled(rules, "meters: { hype: { full: 9 } }\n").rules.at(1)?.on).toBe(on);
    }
  });
});

describe("conditions and limits", () => {
  test("conditions in plain words", () => {
    const rule = ruleOf(
      '{ on: chat, phase: [play, sudden], source: TikTok, viewer: { follower: true, team: pink, handle: ["@Ana", bo], platform: Twitch, gifterLevel: 5 }, do: dash }',
    );
    expect(rule.conditions).toEqual({
      phases: ["play", "sudden"],
      sources: ["tiktok"],
      viewer: {
        follower: true,
        teams: ["pink"],
        platforms: ["twitch"],
        handles: ["ana", "bo"],
        gifterLevel: 5,
        teamLevel: 0,
      },
      if: undefined,
    });
    expect(ruleOf("{ on: chat, do: dash }").conditions).toEqual({
      phases: [],
      sources: [],
      viewer: undefined,
      if: undefined,
    });
  });

  test("a question is an expression with its place", () => {
    const { if: question } = ruleOf("{ on: gift, if: diamonds > 99, do: grow }").conditions;
    expect(question).toMatchObject({
      text: "diamonds > 99",
      type: "flag",
      place: { file: "rules.yaml", line: 3, column: 21 },
    });
    expect([computed(question, { diamonds: 100 }), computed(question, { diamonds: 99 })]).toEqual([true, false]);
  });

  test("limits of the rule, of its group and of all, by scope and kind", () => {
    const head = "groups: { slow: { cooldown: { everyone: 5s } } }\nlimits: { quota: { viewer: { round: 9 } } }\n";
    const rule = ruleOf(
      "{ id: d, on: chat, group: slow, cooldown: { viewer: 4s, team: 500ms }, quota: { everyone: { show: 3, day: 2 } }, do: dash }",
      head,
    );
    expect(rule.limits).toEqual([
      { owner: "rule:d", scope: "viewer", cooldownTicks: 240, quota: 0, per: "show" },
      { owner: "rule:d", scope: "team", cooldownTicks: 30, quota: 0, per: "show" },
      { owner: "rule:d", scope: "everyone", cooldownTicks: 0, quota: 3, per: "show" },
      { owner: "rule:d", scope: "everyone", cooldownTicks: 0, quota: 2, per: "day" },
      { owner: "group:slow", scope: "everyone", cooldownTicks: 300, quota: 0, per: "show" },
      { owner: "all", scope: "viewer", cooldownTicks: 0, quota: 9, per: "round" },
    ]);
  });

  test.each([
    ["on: gift", "queue"],
    ["on: subscribe", "queue"],
    ["on: chat", "drop"],
    ["on: combo.end", "drop"],
    ["on: gift, whenLimited: bank", "bank"],
    ["on: chat, whenLimited: merge", "merge"],
  ])("%s: what meets a limit is for %s", (rule, expected) => {
    expect(ruleOf(`{ ${rule}, do: enter }`).whenLimited).toBe(expected);
  });

  test("higher priority is asked first, equal ones by place; rules that are off are left out", () => {
    const rules = compiled(
      "  - { id: a, on: chat, do: dash }\n  - { id: b, on: chat, priority: 5, stop: true, do: dash }\n  - { on: chat, do: dash }\n  - { id: d, off: true, on: chat, do: dash }\n",
    );
    expect(rules.rules.map(({ id, priority, stop }) => [id, priority, stop])).toEqual([
      ["b", 5, true],
      ["a", 0, false],
      ["rule-3", 0, false],
    ]);
  });
});

describe("steps", () => {
  const stepsOf = (steps: string, head = "") => ruleOf(`{ on: gift, do: ${steps} }`, head).steps;

  test("an action gets its params with defaults, its place and its target", () => {
    expect(stepsOf("grow")).toMatchObject([
      {
        kind: "call",
        action: "grow",
        params: { percent: 4 },
        computed: [],
        target: { kind: "me" },
        delayTicks: 0,
        lasting: undefined,
      },
    ]);
    expect(stepsOf("{ grow: { percent: 9 }, target: leader }")).toMatchObject([
      { params: { percent: 9 }, target: { kind: "leader" }, place: { file: "rules.yaml", line: 3, column: 23 } },
    ]);
    expect(stepsOf('{ grow: {}, target: "@Ana" }')).toMatchObject([{ target: { kind: "viewer", handle: "ana" } }]);
  });

  test("a computed param knows the range it is kept in", () => {
    const [first, second] = stepsOf(
      '[{ grow: { percent: "1 + diamonds / 10" } }, { meteors: { impacts: count, power: 5 } }]',
    );
    expect(first).toMatchObject({
      params: { percent: 4 },
      computed: [{ name: "percent", min: 1, max: 12, whole: false, choices: [] }],
    });
    expect(second).toMatchObject({
      params: { power: 5, everySeconds: 20 },
      computed: [{ name: "impacts", min: 1, max: 16, whole: true }],
    });
    expect(computed(first?.kind === "call" && first.computed[0]!.expression, { diamonds: 20 })).toBe(3);
  });

  test("a true or false param takes an expression, too", () => {
    expect(ruleOf('{ on: like, do: { enter: { returns: "likes > 9" } } }').steps).toMatchObject([
      { computed: [{ name: "returns", expression: { type: "flag" } }] },
    ]);
  });

  test("waits delay what follows, after delays its own step", () => {
    const delays = stepsOf("[grow, { wait: 1s }, { spikes: {}, after: 500ms }, { giant: {}, wait: 2s }, badge]").map(
      ({ delayTicks }) => delayTicks,
    );
    expect(delays).toEqual([0, 90, 60, 180]);
  });

  test("words of one step act in the order in which they stand", () => {
    const head = "meters: { hype: { full: 9 } }\ncounters: { hits: }\n";
    const steps = stepsOf('{ say: "go", add: { hits: 1 }, grow: {}, fill: { hype: "count * 2" } }', head);
    expect(steps.map(({ kind }) => kind)).toEqual(["say", "add", "call", "fill"]);
    expect(steps[1]).toEqual({ kind: "add", name: "hits", value: 1, delayTicks: 0 });
    expect(steps[3]).toMatchObject({ name: "hype", value: { type: "number" } });
  });

  test("a variable is set to a value of its type, or to what an expression gives", () => {
    const head = "variables: { best: {}, open: { type: flag }, title: { type: text } }\n";
    const steps = stepsOf("{ set: { best: 3, open: true, title: hello } }", head);
    expect(steps.map((step) => "value" in step && step.value)).toEqual([3, true, "hello"]);
    const given = stepsOf('{ set: { best: "max(vars.best, 2)", open: "count > 1", title: "=gift.name" } }', head);
    expect(given.map((step) => "value" in step && (step.value as Expression).type)).toEqual(["number", "flag", "text"]);
  });

  test("a line has texts and expressions in turns", () => {
    const [line] = stepsOf(`{ say: "{viewer.name} sends {count} {'}' + tier}" }`);
    if (line?.kind !== "say") throw new Error("no line");
    expect(line.parts.map((part) => (typeof part === "string" ? part : `<${part.text}>`))).toEqual([
      "<viewer.name>",
      " sends ",
      "<count>",
      " ",
      "<'}' + tier>",
    ]);
  });

  test("what lasts", () => {
    expect(stepsOf("{ spikes: {}, lasts: { for: 5s, again: stack, most: 3 } }")).toMatchObject([
      { lasting: { param: "seconds", seconds: 5, again: "stack", most: 3, min: 1, max: 40, whole: false } },
    ]);
    expect(stepsOf('{ spikes: {}, lasts: { for: "2 + count", upTo: 12s } }')).toMatchObject([
      { lasting: { param: "seconds", seconds: { type: "number" }, again: "extend", upToSeconds: 12, most: 100 } },
    ]);
  });

  test("one of several, each with its own steps", () => {
    const [step] = ruleOf(
      "{ on: chat, do: { oneOf: [{ do: dash }, { weight: 3, do: [guard, { wait: 1s }, dash] }], after: 1s } }",
    ).steps;
    expect(step).toMatchObject({
      kind: "oneOf",
      delayTicks: 60,
      choices: [
        { weight: 1, steps: [{ action: "dash", delayTicks: 0 }] },
        { weight: 3, steps: [{ action: "guard" }, { action: "dash", delayTicks: 60 }] },
      ],
    });
  });
});

describe("what a file declares", () => {
  test("options, tiers, queues, meters, variables, teams", () => {
    const head = `options: { lives: 3 }
tiers: { T6: 5000 }
queues: { big: { gap: 2s, atOnce: 1 }, small: {} }
meters: { hype: { full: 100, drain: 2, per: round }, calm: { full: 5, title: Calm } }
counters: { hits: { of: viewer, per: round } }
variables: { best: { start: 3, max: 9 }, title: { type: text, start: hi, of: team } }
teams: { pink: [Rosa, pink], Cyan: words.blue }
words: { blue: [Blau, blue] }
firstMatch: [gift, chat]
`;
    const rules = compiled("  - { on: chat, do: dash }\n  - { on: gift, queue: big, do: grow }\n", head);
    expect(rules.options).toMatchObject({ lives: 3, playSeconds: 85 });
    expect(rules.tiers).toMatchObject({ T1: 1, T6: 5000 });
    expect(rules.queues).toEqual([
      { name: "big", gapTicks: 120, atOnce: 1, most: 50 },
      { name: "small", gapTicks: 0, atOnce: 0, most: 50 },
    ]);
    expect(rules.meters).toEqual([
      { name: "hype", title: "hype", full: 100, drainPerSecond: 2, perRound: true },
      { name: "calm", title: "Calm", full: 5, drainPerSecond: 0, perRound: false },
    ]);
    expect(rules.variables).toMatchObject([
      { name: "hits", type: "number", start: 0, of: "viewer", perRound: true },
      { name: "best", type: "number", start: 3, max: 9, of: "everyone", perRound: false },
      { name: "title", type: "text", start: "hi", of: "team" },
    ]);
    expect(rules.teams).toEqual([
      { name: "Pink", words: ["rosa", "pink"] },
      { name: "Cyan", words: ["blau", "blue"] },
    ]);
    expect([...rules.firstMatch]).toEqual(["gift", "chat"]);
    expect(rules.rules[1]?.queue).toBe("big");
  });

  test("a team of viewers is the file's own in a game without teams", () => {
    const { teams: _, ...players } = lastBall.players!;
    const bare: AnyGame = { ...lastBall, players };
    const text = "game: last-ball\nteams: { Red: [red] }\nrules:\n  - { on: chat, viewer: { team: red }, do: dash }\n";
    expect(compileRules(oneFile(text), bare)).toMatchObject({
      ok: true,
      rules: { teams: [{ name: "Red", words: ["red"] }] },
    });
    expect(compileRules(oneFile(text.replace("team: red", "team: blue")), bare).ok).toBe(false);
  });

  test("tests", () => {
    const head = `gifts: { big: [Lion] }
tests:
  - name: a lion grows
    in: lobby
    given:
      - { gift: big, value: 500, count: 2, combo: 5, by: "@bo", viewer: { follower: true } }
      - wait: 2s
      - phase: play
      - { chat: hi, source: twitch }
    expect: [grow, { grow: { percent: 4 }, by: bo, rule: g, times: 2 }]
  - { name: nothing else, given: { follow: true }, expect: nothing }
`;
    const { tests } = compiled("  - { id: g, on: gift, do: grow }\n  - { on: chat, do: enter }\n", head);
    const gift = { id: "lion", name: "lion", unitValue: 500, currency: "diamond" };
    expect(tests[0]).toMatchObject({
      name: "a lion grows",
      phase: "lobby",
      place: { line: 4, column: 5 },
      given: [
        {
          kind: "event",
          event: { type: "gift", by: "bo", viewer: { follower: true }, fields: { gift, count: 2, streakTotal: 5 } },
        },
        { kind: "wait", ticks: 120 },
        { kind: "phase", phase: "play" },
        { kind: "event", event: { type: "chat", by: "ana", fields: { text: "hi", source: "twitch" } } },
      ],
    });
    expect(tests[0]?.expect.map(({ action, params, by, rule }) => [action, params, by, rule])).toEqual([
      ["grow", {}, "", ""],
      ["grow", { percent: 4 }, "bo", "g"],
      ["grow", { percent: 4 }, "bo", "g"],
    ]);
    expect(tests[1]).toMatchObject({ phase: "play", expect: [] });
  });
});

describe("the places of problems", () => {
  const places = (text: string) =>
    compile(oneFile(text, "my.yaml")).problems.map(({ file, line, column }) => `${file}:${line}:${column}`);

  test("a byte order mark and Windows line ends move nothing", () => {
    const text = "game: lastball\nrules:\n  - on: chat\n    do: dahs\n";
    for (const same of [text, `\uFEFF${text}`, text.replaceAll("\n", "\r\n")])
      expect(places(same)).toEqual(["my.yaml:1:7", "my.yaml:4:9"]);
  });

  test.each([
    ["if: count > x", "4:17"],
    ["if: 'count > x'", "4:18"],
    ['if: "count > x"', "4:18"],
    // Where signs are written in another way than they read, the text's beginning.
    ['if: "count \\x3e x"', "4:9"],
    ["if: 'text == ''a'' && x > 1'", "4:9"],
    ["if: count\n      > x", "4:9"],
  ])("%s: the fault in an expression is at %s", (line, place) => {
    expect(
      places(
        `game: last-ball\nrules:\n  - on: ${line.includes("text") ? "chat" : "gift"}\n    ${line}\n    do: grow\n`,
      ),
    ).toEqual([`my.yaml:${place}`]);
  });
});

test("what is only doubtful is a warning, and the rules are good all the same", () => {
  const text =
    "game: last-ball\nrules:\n  - { on: chat, do: enter }\n  - { on: gift, do: grow }\n  - { on: gift, gift: Rsoe, do: grow }\n";
  const gifts = [{ id: "5655", name: "Rose", unitValue: 1 }];
  const result = compile(oneFile(text), { gifts });
  expect(result).toMatchObject({ ok: true, problems: [{ severity: "warning", code: "RULES_UNKNOWN_GIFT", line: 5 }] });
  expect(compile(oneFile(text.replace("Rsoe", "Rose")), { gifts })).toMatchObject({ ok: true, problems: [] });
});

test("the game of a file is told without a game", () => {
  expect(gameOfRules("game: last-ball\nrules: []\n")).toBe("last-ball");
  for (const text of ["", "- a", "game: [", "game: 5", "x".repeat(2_000_000)]) expect(gameOfRules(text)).toBe("");
});

test("no game has an action that is called like a word of steps", async () => {
  const folder = join(import.meta.dirname, "../../../shared/games");
  const games = readdirSync(folder);
  for (const id of games) {
    const module = (await import(`../../../shared/games/${id}/game.ts`)) as { default: AnyGame };
    for (const word of [...stepWords, "by", "rule", "times"])
      expect(Object.keys(module.default.actions), id).not.toContain(word);
  }
  expect(games.length).toBeGreaterThan(0);
});

test("each game's own rule file compiles without a warning", async () => {
  const folder = join(import.meta.dirname, "../../../shared/games");
  for (const id of readdirSync(folder)) {
    const module = (await import(`../../../shared/games/${id}/game.ts`)) as { default: AnyGame };
    const text = readFileSync(join(folder, id, "rules.yaml"), "utf8");
    expect(compileRules(oneFile(text), module.default)).toMatchObject({ ok: true, problems: [] });
  }
});
