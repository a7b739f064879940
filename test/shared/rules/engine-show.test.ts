/** What the show itself brings about: phases, rounds, timers, meters, crowds. */
import { describe, expect, test } from "vitest";
import type { PhaseName } from "../../../shared/game/phases.ts";
import type { CompiledMeter, Value } from "../../../shared/rules/compiled.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat, aGift, aLike, aViewer } from "../../support/events.ts";
import {
  aCall,
  aFilter,
  anExpression,
  firedIn,
  passTicks,
  type RuleWords,
  someFacts,
  someRules,
} from "../../support/rules.ts";

const meter = (fields: Partial<CompiledMeter> = {}): CompiledMeter => ({
  name: "rage",
  title: "Rage",
  full: 10,
  drainPerSecond: 0,
  perRound: false,
  ...fields,
});
/** Comments "fill 5" fill the meter. */
const filling: RuleWords = {
  on: "chat",
  filter: { commands: ["fill"] },
  steps: [{ kind: "fill", name: "rage", value: anExpression(({ number }) => number), delayTicks: 0 }],
};

describe("phases and rounds", () => {
  const rules = someRules([
    { on: "phase" },
    { on: "phase", conditions: { phases: ["results"] } },
    { on: "round.start" },
    { on: "round.end" },
  ]);

  test("fire when they begin, the first ones at the first tick", () => {
    const facts = someFacts();
    const engine = createRuleEngine(rules, facts);
    const show: [PhaseName, number][] = [
      ["lobby", 1],
      ["lobby", 1],
      ["play", 1],
      ["results", 1],
      ["results", 1],
      ["lobby", 2],
    ];
    let before = "";
    const fired = show.map(([name, round], tick) => {
      if (name !== before) facts.phase = { name, round, startTick: tick, endTick: tick + 100 };
      before = name;
      return firedIn(engine.passTick(tick)).join(" ");
    });
    expect(fired).toEqual(["rule-3 rule-1", "", "rule-1", "rule-1 rule-2 rule-4", "", "rule-3 rule-1"]);
  });

  test("have no event and nobody behind them", () => {
    const [call] = createRuleEngine(rules, someFacts()).passTick(0).calls;
    expect(call).toMatchObject({ event: undefined, viewer: "", count: 1, patience: "none" });
  });
});

describe("a timer", () => {
  const ticksOf = (
    filter: RuleWords["filter"],
    until: number,
    begin?: (tick: number, facts: ReturnType<typeof someFacts>) => void,
  ) => {
    const facts = someFacts();
    const engine = createRuleEngine(someRules([{ on: "timer", filter: filter ?? {} }]), facts);
    const ticks: number[] = [];
    for (let tick = 0; tick <= until; tick++) {
      begin?.(tick, facts);
      if (engine.passTick(tick).calls.length > 0) ticks.push(tick);
    }
    return ticks;
  };
  const rounds = (tick: number, facts: ReturnType<typeof someFacts>) => {
    if (tick % 50 === 0)
      facts.phase = {
        name: tick % 100 === 0 ? "play" : "results",
        round: 1 + Math.floor(tick / 100),
        startTick: tick,
        endTick: tick + 50,
      };
  };
  test.each<[string, RuleWords["filter"], number[]]>([
    ["again and again", { every: 60 }, [60, 120, 180]],
    ["once after the show's beginning", { after: 70, afterOf: "show" }, [70]],
    ["after each beginning of a round", { after: 70, afterOf: "round" }, [70, 170]],
    ["after each beginning of a phase", { after: 20, afterOf: "phase" }, [20, 70, 120, 170]],
    ["never in phases that are too short", { after: 60, afterOf: "phase" }, []],
  ])("fires %s", (_name, filter, ticks) => expect(ticksOf(filter, 190, rounds)).toEqual(ticks));

  test("that is new in a running show counts from then, and lets past beginnings be", () => {
    const facts = someFacts();
    const before = createRuleEngine(someRules([{ on: "chat" }]), facts);
    passTicks(before, 0, 100);
    const rules = someRules([
      { on: "timer", filter: { every: 60 } },
      { on: "timer", filter: { after: 50, afterOf: "phase" } },
      { on: "timer", filter: { after: 130, afterOf: "phase" } },
    ]);
    const engine = createRuleEngine(rules, facts, before.save());
    const fired = passTicks(engine, 101, 230).map(({ tick, calls }) => [tick, calls.map(({ rule }) => rule.id).join()]);
    expect(fired).toEqual([
      [130, "rule-3"],
      [160, "rule-1"],
      [220, "rule-1"],
    ]);
  });
});

describe("likes", () => {
  test("of the room fill a meter that is empty again when it fires, with all its fills at once", () => {
    const engine = createRuleEngine(someRules([{ on: "likes", filter: { every: 100 } }]), someFacts());
    const counts = [60, 60, 250].map((likes, tick) =>
      engine.evaluate(aLike(likes), tick).calls.map(({ count, viewer }) => [count, viewer]),
    );
    expect(counts).toEqual([[], [[1, ""]], [[2, ""]]]);
    expect(engine.meters).toEqual([{ filledBy: "likes", title: "jump", value: 70, max: 100 }]);
  });

  test.each<[string, Partial<RuleWords>]>([
    ["a cooldown runs", { limits: [{ cooldownTicks: 60 }] }],
    ["its phase is not there", { conditions: { if: anExpression(({ seconds }) => seconds === 0 || seconds >= 1) } }],
  ])("stay full while %s: nothing is lost and nothing piles up", (_name, rule) => {
    const engine = createRuleEngine(someRules([{ on: "likes", filter: { every: 10 }, ...rule }]), someFacts());
    const counts = (
      [
        [0, 10],
        [1, 35],
        [2, 5],
        [60, 1],
        [61, 8],
        [120, 1],
      ] as const
    ).map(([tick, likes]) => engine.evaluate(aLike(likes), tick).calls[0]?.count ?? 0);
    expect(counts).toEqual([1, 0, 0, 1, 0, 1]);
  });

  test("of a viewer count for the viewer alone", () => {
    const engine = createRuleEngine(someRules([{ on: "like", filter: { every: 3, ownMeter: true } }]), someFacts());
    const like = (who: string, count: number) => ({ ...aLike(0, who), count }) as ReturnType<typeof aLike>;
    const fired = (
      [
        ["ana", 2],
        ["ben", 2],
        ["ana", 5],
        ["ben", 1],
        ["ana", 1],
      ] as const
    ).map(([who, count]) =>
      engine
        .evaluate(like(who, count), 0)
        .calls.map((call) => `${call.viewer} ${call.count}`)
        .join(),
    );
    expect(fired).toEqual(["", "", "tiktok:ana 2", "tiktok:ben 1", ""]);
  });
});

describe("a declared meter", () => {
  test("fires once for each time it is full; the rest stays, and who filled it is known", () => {
    const steps = [
      aCall("jump", {
        computed: [
          {
            name: "name",
            expression: anExpression(({ viewer }) => viewer.name),
            min: 0,
            max: 0,
            whole: false,
            choices: [],
          },
        ],
      }),
    ];
    const rules = someRules([filling, { on: "meter", filter: { meter: "rage" }, steps }], { meters: [meter()] });
    const engine = createRuleEngine(rules, someFacts());
    engine.evaluate(aChat("fill 9"), 0);
    expect(engine.passTick(1).calls).toHaveLength(0);
    engine.evaluate(aChat("fill 25", "ben"), 1);
    const calls = [...engine.passTick(2).calls];
    expect(calls.map(({ viewer, count, patience, event }) => [viewer, count, patience, event])).toEqual(
      Array(3).fill(["tiktok:ben", 1, "forever", undefined]),
    );
    engine.evaluate(aChat("x", "ana"), 3);
    expect(engine.paramsOf(calls[0]!, 1, 1, "tiktok:ben", 90)).toEqual({ name: "ben" });
    expect(engine.meters).toEqual([{ filledBy: "rules", title: "Rage", value: 4, max: 10 }]);
  });

  test("knows who filled it in a show that goes on with changed rules", () => {
    const rules = someRules([filling, { on: "meter", filter: { meter: "rage" } }], { meters: [meter()] });
    const engine = createRuleEngine(rules, someFacts());
    engine.evaluate(aChat("fill 10", "ben"), 0);
    const next = createRuleEngine(rules, someFacts(), JSON.parse(JSON.stringify(engine.save())));
    expect(next.passTick(1).calls.map(({ viewer }) => viewer)).toEqual(["tiktok:ben"]);
  });

  test("stays full, and does not drain, while its rule cannot fire; says so once", () => {
    const rules = someRules(
      [filling, { on: "meter", filter: { meter: "rage" }, conditions: { phases: ["results"] } }],
      {
        meters: [meter({ drainPerSecond: 6 })],
      },
    );
    const facts = someFacts();
    const engine = createRuleEngine(rules, facts);
    engine.evaluate(aChat("fill 99"), 0);
    const traces = [1, 2, 3].map((tick) => engine.passTick(tick).traces.length);
    expect([traces, engine.meters[0]!.value]).toEqual([[1, 0, 0], 10]);
    facts.phase.name = "results";
    expect(firedIn(engine.passTick(4))).toEqual(["rule-2"]);
    expect(engine.meters[0]!.value).toBe(0);
  });

  test("drains, is emptied with each round if it says so, and never falls below nothing", () => {
    const rules = someRules([filling], {
      meters: [meter({ drainPerSecond: 6 }), meter({ name: "other", perRound: true })],
    });
    const facts = someFacts();
    const engine = createRuleEngine(rules, facts);
    passTicks(engine, 0, 0);
    engine.evaluate(aChat("fill 5"), 0);
    passTicks(engine, 1, 10);
    expect(engine.meters[0]!.value).toBeCloseTo(4);
    passTicks(engine, 11, 100);
    expect(engine.meters[0]!.value).toBe(0);
    engine.evaluate(aChat("fill -5"), 100);
    expect(engine.meters[0]!.value).toBe(0);
  });

  test("per round begins empty", () => {
    const facts = someFacts();
    const engine = createRuleEngine(someRules([filling], { meters: [meter({ perRound: true })] }), facts);
    engine.passTick(0);
    engine.evaluate(aChat("fill 5"), 0);
    facts.phase = { ...facts.phase, round: 2 };
    engine.passTick(1);
    expect(engine.meters[0]!.value).toBe(0);
  });

  test("that a gift overfills fires over several ticks, and each time counts", () => {
    const rules = someRules([filling, { on: "meter", filter: { meter: "rage" } }], { meters: [meter({ full: 1 })] });
    const engine = createRuleEngine(rules, someFacts());
    engine.evaluate(aChat("fill 50"), 0);
    expect(passTicks(engine, 1, 10).map(({ calls }) => calls.length)).toEqual([20, 20, 10]);
  });
});

test("many meters that a gift overfills fire so often a tick and no more, and each time counts", () => {
  const names = Array.from({ length: 15 }, (_, nr) => `m${nr}`);
  const fills = names.map((name) => ({ kind: "fill", name, value: 30, delayTicks: 0 }) as const);
  const rules = someRules(
    [{ on: "gift", steps: fills }, ...names.map((meter) => ({ on: "meter", filter: { meter } }) as const)],
    { meters: names.map((name) => ({ name, title: name, full: 1, drainPerSecond: 0, perRound: false })) },
  );
  const engine = createRuleEngine(rules, someFacts());
  engine.evaluate(aGift(1), 0);
  expect(passTicks(engine, 1, 9).map(({ calls }) => calls.length)).toEqual([200, 200, 50]);
});

describe("a crowd", () => {
  const three = someRules([
    { on: "crowd", filter: { viewers: 3, withinTicks: 60, of: { on: "chat", filter: aFilter({ commands: ["go"] }) } } },
  ]);
  type Said = readonly [tick: number, who: string, text?: string];
  test.each<[string, readonly Said[], number[]]>([
    [
      "of different viewers fires",
      [
        [0, "a"],
        [10, "b"],
        [20, "c"],
      ],
      [21],
    ],
    [
      "of the same viewer does not",
      [
        [0, "a"],
        [10, "a"],
        [20, "b"],
      ],
      [],
    ],
    [
      "that says something else does not",
      [
        [0, "a"],
        [10, "b"],
        [20, "c", "stop"],
      ],
      [],
    ],
    [
      "that is too slow does not",
      [
        [0, "a"],
        [30, "b"],
        [61, "c"],
      ],
      [],
    ],
    [
      "is there within the time, both ends included",
      [
        [0, "a"],
        [30, "b"],
        [60, "c"],
      ],
      [61],
    ],
    [
      "counts the last time of each",
      [
        [0, "a"],
        [30, "b"],
        [50, "a"],
        [80, "c"],
      ],
      [81],
    ],
    [
      "begins anew when it has fired",
      [
        [0, "a"],
        [1, "b"],
        [2, "c"],
        [3, "d"],
        [4, "a"],
        [5, "b"],
      ],
      [3, 6],
    ],
  ])("%s", (_name, said, ticks) => {
    const engine = createRuleEngine(three, someFacts());
    const fired: number[] = [];
    for (let tick = 0; tick < 100; tick++) {
      if (engine.passTick(tick).calls.length > 0) fired.push(tick);
      for (const [at, who, text = "go"] of said) if (at === tick) engine.evaluate(aChat(text, who), tick);
    }
    expect(fired).toEqual(ticks);
  });

  test("is as large as the viewers of one tick at most, whoever floods it", () => {
    const engine = createRuleEngine(three, someFacts());
    for (let tick = 0; tick < 50; tick++) {
      engine.passTick(tick);
      for (let i = 0; i < 100; i++) engine.evaluate(aChat("go", `v${tick} ${i}`), tick);
    }
    expect(JSON.stringify(engine.save().rules).match(/tiktok:v/g)!.length).toBeLessThanOrEqual(201);
  });

  test("names the last viewer", () => {
    const engine = createRuleEngine(three, someFacts());
    for (const who of ["a", "b", "c"]) engine.evaluate(aChat("go", who), 0);
    expect(engine.passTick(1).calls[0]).toMatchObject({ viewer: "tiktok:c", event: undefined, count: 1 });
  });
});

test("a like that belongs to a viewer reads no viewer's variables for a rule of the room", () => {
  const seen: Value[] = [];
  const look = anExpression(({ viewer, vars }) => {
    seen.push(viewer.name, vars.hits!);
    return true;
  });
  const rules = someRules(
    [
      { on: "like", steps: [{ kind: "add", name: "hits", value: 1, delayTicks: 0 }] },
      { on: "likes", filter: { every: 1 }, conditions: { if: look } },
      { on: "like", conditions: { if: look } },
    ],
    { variables: [{ name: "hits", type: "number", start: 0, min: 0, max: 9, of: "viewer", perRound: false }] },
  );
  createRuleEngine(rules, someFacts()).evaluate(aLike(1), 0);
  expect(seen).toEqual(["", 0, "ana", 1]);
});

test("a gift's units are counted once, whoever listens", () => {
  const engine = createRuleEngine(someRules([{ on: "gift" }, { on: "combo.end" }]), someFacts());
  const gift = aGift(1, "ana", 1, { viewer: aViewer(), count: 7 });
  expect(engine.evaluate(gift, 0).calls.map(({ count }) => count)).toEqual([7]);
});
