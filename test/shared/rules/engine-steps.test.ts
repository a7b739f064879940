/** What a rule does when it fires: calls with params, changes, lines and delays. */
import { describe, expect, test } from "vitest";
import type { PhaseName } from "../../../shared/game/phases.ts";
import type { CompiledStep, CompiledVariable, ComputedParam, Value } from "../../../shared/rules/compiled.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat, aGift } from "../../support/events.ts";
import { aCall, anExpression, passTicks, type RuleWords, someFacts, someRules } from "../../support/rules.ts";

const add = (name: string, value: Value = 1, delayTicks = 0): CompiledStep => ({
  kind: "add",
  name,
  value,
  delayTicks,
});
const place = { file: "rules.yaml", line: 1, column: 1 };
const say = (parts: (string | ReturnType<typeof anExpression>)[], delayTicks = 0): CompiledStep => ({
  kind: "say",
  parts,
  delayTicks,
  place,
});
const variable = (fields: Partial<CompiledVariable> = {}): CompiledVariable => ({
  name: "hits",
  type: "number",
  start: 0,
  min: -1000,
  max: 1000,
  of: "everyone",
  perRound: false,
  ...fields,
});

describe("calls", () => {
  test("act later when delayed; a free one then waits its turn", () => {
    const steps = [aCall(), aCall("wave", { delayTicks: 30 })];
    const engine = createRuleEngine(someRules([{ on: "chat", steps }]), someFacts());
    const calls = engine
      .evaluate(aChat("x"), 10)
      .calls.map((call) => [call.step.action, call.notBeforeTick, call.patience]);
    expect(calls).toEqual([
      ["jump", 10, "none"],
      ["wave", 40, "turn"],
    ]);
  });

  test("count their delay from the moment that a limit leaves free", () => {
    const steps = [aCall("wave", { delayTicks: 30 })];
    const engine = createRuleEngine(someRules([{ on: "gift", steps, limits: [{ cooldownTicks: 100 }] }]), someFacts());
    const ticks = [1, 2].map((nr) => engine.evaluate(aGift(1, "ana", nr), 0).calls[0]!.notBeforeTick);
    expect(ticks).toEqual([30, 130]);
  });

  const param = { name: "size", min: 1, max: 9, whole: false, choices: [] };
  test.each<[string, Partial<ComputedParam>, Value, Value]>([
    ["within its range", {}, 2.5, 2.5],
    ["not below the least", {}, -3, 1],
    ["not above the most", {}, 1e9, 9],
    ["rounded when whole", { whole: true }, 2.5, 3],
    ["the least when it is no number", {}, Number.NaN, 1],
    ["a flag", {}, true, true],
    ["a text", {}, "red", "red"],
    ["one of the choices", { choices: ["red"] }, "red", "red"],
    ["as it was, for a text that is no choice", { choices: ["blue"] }, "red", "default"],
  ])("have computed params: %s", (_name, fields, value, expected) => {
    const computed = [{ ...param, ...fields, expression: anExpression(() => value) }];
    const steps = [aCall("grow", { params: { size: "default" }, computed })];
    const engine = createRuleEngine(someRules([{ on: "chat", steps }]), someFacts());
    const [call] = engine.evaluate(aChat("x"), 0).calls;
    expect(engine.paramsOf(call!, 1, 1, "tiktok:ana", 0)).toEqual({ size: expected });
  });

  test("compute their params with the units of all that joined, and the viewer's and the show's values of then", () => {
    const compute = anExpression(
      ({ count, diamonds, seconds, vars }) => `${count} ${diamonds} ${seconds} ${vars.hits}`,
    );
    const computed = [{ ...param, expression: compute }];
    const rules = someRules([{ on: "gift", steps: [aCall("grow", { computed }), add("hits")] }], {
      variables: [variable({ of: "viewer" })],
    });
    const engine = createRuleEngine(rules, someFacts());
    const call = { ...engine.evaluate(aGift(5), 0).calls[0]! };
    engine.evaluate(aGift(1, "ben"), 30);
    engine.evaluate(aGift(1, "ana", 2), 40);
    expect(engine.paramsOf(call, 7, 1, "tiktok:ana", 120)).toEqual({ size: "7 35 2 2" });
  });
});

describe("variables", () => {
  const counting = (fields: Partial<CompiledVariable>, step: CompiledStep) => {
    const teams: Record<string, string> = { "tiktok:ana": "red", "tiktok:ben": "red", "tiktok:cleo": "blue" };
    const facts = someFacts({ teamOf: (key) => teams[key] ?? "" });
    const read = say([anExpression(({ vars }) => vars.hits!)]);
    const rules = someRules([{ on: "chat", steps: [step, read] }], { variables: [variable(fields)] });
    const engine = createRuleEngine(rules, facts);
    const seen = (who: string) => engine.evaluate(aChat("x", who), 0).lines[0]!.words;
    return { facts, engine, seen };
  };
  test.each<[string, Partial<CompiledVariable>, CompiledStep, string[]]>([
    ["for everyone", {}, add("hits"), ["1", "2", "3", "4", "5"]],
    ["for each viewer", { of: "viewer" }, add("hits"), ["1", "1", "1", "2", "1"]],
    ["for each team, and nothing for who has none", { of: "team" }, add("hits"), ["1", "2", "1", "3", "0"]],
    ["kept within their range", { max: 2 }, add("hits", 1.5), ["1.5", "2", "2", "2", "2"]],
    [
      "set",
      { type: "text", start: "a" },
      { kind: "set", name: "hits", value: "b", delayTicks: 0 },
      ["b", "b", "b", "b", "b"],
    ],
    [
      "not set to another type",
      { start: 3 },
      { kind: "set", name: "hits", value: "b", delayTicks: 0 },
      ["3", "3", "3", "3", "3"],
    ],
    ["not added to when they are no numbers", { type: "flag", start: true }, add("hits"), Array(5).fill("true")],
    [
      "finite, whatever is added",
      { min: -Number.MAX_VALUE, max: Number.MAX_VALUE },
      add("hits", Number.MAX_VALUE),
      Array(5).fill(String(Number.MAX_VALUE)),
    ],
  ])("are kept %s", (_name, fields, step, expected) => {
    const { seen } = counting(fields, step);
    expect(["ana", "ben", "cleo", "ana", "dan"].map(seen)).toEqual(expected);
  });

  test.each([
    [true, ["1", "2", "1"]],
    [false, ["1", "2", "3"]],
  ])("per round: %j", (perRound, expected) => {
    const { seen, engine, facts } = counting({ perRound }, add("hits"));
    engine.passTick(0);
    const before = [seen("ana"), seen("ana")];
    facts.phase = { ...facts.phase, round: 2 };
    engine.passTick(1);
    expect([...before, seen("ana")]).toEqual(expected);
  });

  test("of a flood of viewers stay bounded", () => {
    const { seen, engine } = counting({ of: "viewer" }, add("hits"));
    for (let i = 0; i < 12_000; i++) seen(`v${i}`);
    expect(engine.save().variables.hits!.length).toBeLessThanOrEqual(5000);
  });
});

describe("lines and changes", () => {
  test("are said and done in order, now or when they are due", () => {
    const steps = [
      say(["first ", anExpression(({ vars }) => vars.hits!)]),
      add("hits", 1, 20),
      say(["then ", anExpression(({ viewer, vars, text }) => `${viewer.name} ${vars.hits} ${text}`)], 20),
      add("hits", 10, 10),
    ];
    const engine = createRuleEngine(someRules([{ on: "chat", steps }], { variables: [variable()] }), someFacts());
    expect(engine.evaluate(aChat("hey"), 5).lines).toMatchObject([
      { viewer: "tiktok:ana", words: "first 0", test: false },
    ]);
    engine.evaluate(aChat("ho", "ben"), 6);
    const said: [number, string, string, boolean][] = [];
    for (let tick = 6; tick < 40; tick++)
      for (const line of engine.passTick(tick).lines) said.push([tick, line.viewer, line.words, line.test]);
    expect(said).toEqual([
      [25, "tiktok:ana", "then ana 21 hey", false],
      [26, "tiktok:ben", "then ben 22 ho", false],
    ]);
  });

  test("wait with the calls of a gift that waits", () => {
    const steps = [aCall(), add("hits")];
    const rules = someRules(
      [
        { on: "gift", steps, limits: [{ cooldownTicks: 50 }] },
        { on: "chat", steps: [say([anExpression(({ vars }) => vars.hits!)])] },
      ],
      { variables: [variable()] },
    );
    const engine = createRuleEngine(rules, someFacts());
    for (const nr of [1, 2]) engine.evaluate(aGift(1, "ana", nr), 0);
    const hitsAt = (tick: number) => {
      engine.passTick(tick);
      return engine.evaluate(aChat("?"), tick).lines[0]!.words;
    };
    expect([hitsAt(1), hitsAt(49), hitsAt(50)]).toEqual(["1", "1", "2"]);
  });

  test("are cut when they are long", () => {
    const engine = createRuleEngine(someRules([{ on: "chat", steps: [say(["x".repeat(5000)])] }]), someFacts());
    expect(engine.evaluate(aChat("x"), 0).lines[0]!.words).toHaveLength(200);
  });

  test("that find no place among those that wait are done at once", () => {
    const engine = createRuleEngine(
      someRules(
        [
          { on: "chat", steps: [add("hits", 1, 600)] },
          { on: "chat", filter: { commands: ["?"] }, steps: [say([anExpression(({ vars }) => vars.hits!)])] },
        ],
        { variables: [variable({ max: 9999 })] },
      ),
      someFacts(),
    );
    for (let i = 0; i < 2100; i++) engine.evaluate(aChat("x"), 0);
    expect(engine.save().delayed).toHaveLength(2000);
    expect(engine.evaluate(aChat("hm"), 0).lines).toEqual([]);
    passTicks(engine, 600, 600);
    expect(engine.save().delayed).toHaveLength(0);
    expect(engine.save().variables.hits).toEqual([["", 2101]]);
  });
});

test("one of several is drawn by its weight, with delays from its turn on", () => {
  const choices = [
    { weight: 3, steps: [aCall("a", { delayTicks: 5 })] },
    { weight: 1, steps: [aCall("b")] },
  ];
  const oneOf: CompiledStep = { kind: "oneOf", choices, delayTicks: 10, place };
  const drawn = [0, 0.74, 0.75, 0.999].map((random) => {
    const engine = createRuleEngine(someRules([{ on: "chat", steps: [oneOf] }]), someFacts({ random: () => random }));
    return engine
      .evaluate(aChat("x"), 0)
      .calls.map(({ step, notBeforeTick }) => `${step.action} ${notBeforeTick}`)
      .join();
  });
  expect(drawn).toEqual(["a 15", "a 15", "b 10", "b 10"]);
});

describe("changes and lines of a rule", () => {
  const meters = [{ name: "storm", title: "Storm", full: 100, drainPerSecond: 0, perRound: false }];
  const fill: CompiledStep = { kind: "fill", name: "storm", value: 1, delayTicks: 0 };
  const steps = [fill, add("hits"), say(["hello"]), aCall()];
  /** What three gifts at ticks 0, 1 and 2 have done by then, and some ticks later in this and other moments. */
  const doneBy = (rule: Partial<RuleWords>, moments: readonly (readonly [number, number?, PhaseName?])[]) => {
    const facts = someFacts();
    const rules = someRules([{ on: "gift", steps, ...rule }], { meters, variables: [variable()] });
    const engine = createRuleEngine(rules, facts);
    let lines = 0;
    const now = () => [engine.meters[0]!.value, engine.save().variables.hits?.[0]?.[1] ?? 0, lines];
    const said = [0, 1, 2].map((tick) => {
      engine.passTick(tick);
      const { done, later, calls, lines: own } = engine.evaluate(aGift(1, "ana", tick), tick);
      lines += own.length;
      return [done, later, calls.length];
    });
    const sums = [now()];
    for (const [tick, round = 1, name = "play"] of moments) {
      Object.assign(facts.phase, { round, name });
      lines += engine.passTick(tick).lines.length;
      sums.push(now());
    }
    return { said, sums };
  };
  const [atOnce, later] = [
    [true, 0, 1],
    [false, 3, 1],
  ];
  test("keep a cooldown as its calls do", () => {
    const { said, sums } = doneBy({ limits: [{ cooldownTicks: 60 }] }, [[59], [60], [119], [120]]);
    expect(said).toEqual([atOnce, later, later]);
    expect(sums.map(([storm]) => storm)).toEqual([1, 1, 2, 2, 3]);
  });

  test("keep a quota per round", () => {
    const { said, sums } = doneBy({ limits: [{ quota: 1, per: "round" }] }, [[100], [101, 2], [200, 2], [201, 3]]);
    expect(said).toEqual([atOnce, later, later]);
    expect(sums).toEqual([1, 1, 2, 2, 3].map((times) => [times, times, times]));
  });

  test("are put off to the next round with the gift", () => {
    const { sums } = doneBy({ limits: [{ quota: 2, per: "round" }], whenLimited: "bank" }, [[100], [101, 2]]);
    expect(sums.map(([storm]) => storm)).toEqual([2, 2, 3]);
  });

  test("keep a quota per show: what is beyond never comes", () => {
    const { said, sums } = doneBy({ limits: [{ quota: 1, per: "show" }] }, [[1000], [9000, 9]]);
    expect(said).toEqual([atOnce, later, later]);
    expect(sums.map(([storm]) => storm)).toEqual([1, 1, 1]);
  });

  test("wait for the phase that a gift waits for", () => {
    const { said, sums } = doneBy({ conditions: { phases: ["results"] } }, [[3], [4, 1, "results"]]);
    expect(said).toEqual([later, later, later]);
    expect(sums).toEqual([0, 0, 3].map((times) => [times, times, times]));
  });

  test("of gifts wait however many there are, and a quota holds for all of them", () => {
    const facts = someFacts();
    const rule: RuleWords = { on: "gift", steps: [fill], limits: [{ quota: 1500, per: "round" }] };
    const engine = createRuleEngine(someRules([rule], { meters }), facts);
    for (let nr = 0; nr < 4500; nr++) engine.evaluate(aGift(1, "ana", nr), 0);
    const filled = [1, 2, 3].map((round) => {
      facts.phase.round = round;
      engine.passTick(round);
      return engine.meters[0]!.value;
    });
    expect(filled).toEqual([1500, 3000, 4500]);
  });

  test("of free acts that a limit holds back are dropped and counted when too many wait", () => {
    const limits = [{ quota: 1, per: "round" as const }];
    const rules = Array.from(
      { length: 45 },
      (_, nr): RuleWords => ({ on: "chat", steps: [fill], limits, whenLimited: "queue", id: `r${nr}` }),
    );
    const engine = createRuleEngine(someRules(rules, { meters }), someFacts());
    for (let nr = 0; nr < 51; nr++) engine.evaluate(aChat("x", `v${nr}`), 0);
    expect([engine.save().delayed.length, engine.dropped]).toEqual([2000, 250]);
  });
});
