/** Limits: cooldowns and quotas, whose they are, and what becomes of an act that meets one. */
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { CompiledLimit, CompiledRules, WhenLimited } from "../../../shared/rules/compiled.ts";
import type { RuleCall } from "../../../shared/rules/decision.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat, aGift, aLike } from "../../support/events.ts";
import { aCall, firedIn, type RuleWords, someFacts, someRules } from "../../support/rules.ts";

type At = readonly [tick: number, event: LiveEvent];

const never = Number.MAX_SAFE_INTEGER;

/** When each of the events' calls may act: tick, or round where it is not this one. */
function momentsOf(rules: CompiledRules, events: readonly At[], facts = someFacts()): string[] {
  const engine = createRuleEngine(rules, facts);
  return events.map(([tick, event]) => {
    const [call] = engine.evaluate(event, tick).calls;
    if (!call) return "-";
    const { notBeforeTick, notBeforeRound, patience } = call;
    const when = notBeforeRound > facts.phase.round ? `round ${notBeforeRound}` : String(notBeforeTick);
    return `${when}${call.merges ? " merged" : ""}${patience === "none" ? "" : ` ${patience}`}`;
  });
}

const onChat = (limits: readonly Partial<CompiledLimit>[], whenLimited: WhenLimited, more: Partial<RuleWords> = {}) =>
  someRules([{ on: "chat", limits, whenLimited, ...more }]);
const onGift = (limits: readonly Partial<CompiledLimit>[], whenLimited: WhenLimited = "queue") =>
  someRules([{ on: "gift", limits, whenLimited }]);

const ana = aChat("x");
const ben = aChat("x", "ben");
const gift = (nr: number, who = "ana") => aGift(1, who, nr);
const combo = (nr: number, streakKey: string) => aGift(1, "ana", nr, { streakKey });

describe("a cooldown", () => {
  const each = { scope: "viewer", cooldownTicks: 60 } as const;
  const all = { scope: "everyone", cooldownTicks: 60 } as const;
  const team = { scope: "team", cooldownTicks: 60 } as const;
  const likes: RuleWords = { on: "likes", filter: { every: 10 }, limits: [each] };
  test.each<[string, CompiledRules, At[], string[]]>([
    [
      "of each viewer",
      onChat([each], "drop"),
      [
        [0, ana],
        [1, ben],
        [59, ana],
        [60, ana],
      ],
      ["0", "1", "-", "60"],
    ],
    [
      "of everyone",
      onChat([all], "drop"),
      [
        [0, ana],
        [59, ben],
        [60, ben],
      ],
      ["0", "-", "60"],
    ],
    [
      "of a team",
      onChat([team], "drop"),
      [
        [0, ana],
        [1, ben],
        [2, aChat("x", "cleo")],
        [3, aChat("x", "dan")],
        [4, aChat("x", "dan")],
      ],
      ["0", "-", "2", "3", "4"],
    ],
    [
      "makes gifts wait, each its turn",
      onGift([all]),
      [
        [0, gift(1)],
        [1, gift(2, "ben")],
        [2, gift(3)],
        [200, gift(4)],
      ],
      ["0 forever", "60 forever", "120 forever", "200 forever"],
    ],
    [
      "makes free acts wait when the rule queues",
      onChat([all], "queue"),
      [
        [0, ana],
        [1, ben],
        [2, ana],
        [200, ana],
      ],
      ["0", "60 turn", "120 turn", "200"],
    ],
    [
      "lets steps of a combo act with the one that waits",
      onGift([all]),
      [
        [0, gift(1)],
        [1, combo(2, "s")],
        [2, combo(3, "s")],
        [3, gift(4)],
        [4, combo(5, "other")],
        [60, combo(6, "s")],
      ],
      ["0 forever", "60 forever", "60 forever", "120 forever", "180 forever", "240 forever"],
    ],
    [
      "merges acts of one viewer",
      onChat([all], "merge"),
      [
        [0, ben],
        [1, ana],
        [2, ana],
        [3, ben],
        [4, ana],
      ],
      ["0", "60 merged turn", "60 merged turn", "120 merged turn", "60 merged turn"],
    ],
    [
      "merges gifts of one viewer",
      onGift([each], "merge"),
      [
        [0, gift(1)],
        [1, gift(2)],
        [2, gift(3)],
        [3, gift(4, "ben")],
      ],
      ["0 forever", "60 merged forever", "60 merged forever", "3 forever"],
    ],
    [
      "puts off to the next round, and holds up nobody",
      onChat([all], "bank"),
      [
        [0, ana],
        [1, ben],
        [60, ben],
      ],
      ["0", "round 2 forever", "60"],
    ],
    [
      "does not hold where there is no viewer",
      someRules([likes]),
      [
        [0, aLike(10)],
        [1, aLike(10)],
      ],
      ["0", "1"],
    ],
  ])("%s", (_name, rules, events, expected) => {
    const teams: Record<string, string> = { "tiktok:ana": "red", "tiktok:ben": "red", "tiktok:cleo": "blue" };
    expect(momentsOf(rules, events, someFacts({ teamOf: (key) => teams[key] ?? "" }))).toEqual(expected);
  });
});

describe("a quota", () => {
  const twice = { scope: "everyone", quota: 2, per: "round" } as const;
  const once = { scope: "viewer", quota: 1, per: "round" } as const;
  const show = { scope: "everyone", quota: 1, per: "show" } as const;
  test.each<[string, CompiledRules, At[], string[]]>([
    [
      "drops free acts",
      onChat([twice], "drop"),
      [
        [0, ana],
        [1, ben],
        [2, ana],
      ],
      ["0", "1", "-"],
    ],
    [
      "puts gifts off to rounds with room",
      onGift([twice]),
      [1, 2, 3, 4, 5].map((nr): At => [nr, gift(nr)]),
      ["1 forever", "2 forever", "round 2 forever", "round 2 forever", "round 3 forever"],
    ],
    [
      "of a viewer leaves room for others",
      onGift([twice, once]),
      [
        [0, gift(1)],
        [1, gift(2)],
        [2, gift(3)],
        [3, gift(4, "ben")],
        [4, gift(5, "cleo")],
        [5, gift(6, "dan")],
      ],
      ["0 forever", "round 2 forever", "round 3 forever", "3 forever", "round 2 forever", "round 3 forever"],
    ],
    [
      "of a show keeps gifts for another show",
      onGift([show]),
      [
        [0, gift(1)],
        [1, gift(2)],
      ],
      ["0 forever", `round ${never} forever`],
    ],
    [
      "of a show drops free acts, which would never act",
      onChat([show], "queue"),
      [
        [0, ana],
        [1, ana],
      ],
      ["0", "-"],
    ],
    [
      "banks in the round with room",
      onGift([twice], "bank"),
      [1, 2, 3, 4, 5].map((nr): At => [nr, gift(nr)]),
      ["1 forever", "2 forever", "round 2 forever", "round 2 forever", "round 3 forever"],
    ],
    [
      "and a cooldown: who waits for a round holds up nobody",
      onGift([once, { scope: "everyone", cooldownTicks: 60 }]),
      [
        [0, gift(1)],
        [1, gift(2)],
        [2, gift(3, "ben")],
      ],
      ["0 forever", "round 2 forever", "60 forever"],
    ],
  ])("%s", (_name, rules, events, expected) => expect(momentsOf(rules, events)).toEqual(expected));

  test("has room again in the next round, what was put off taken into account", () => {
    const facts = someFacts();
    const engine = createRuleEngine(onGift([{ quota: 2, per: "round" }]), facts);
    const rounds = (nr: number) => engine.evaluate(gift(nr), nr).calls.map(({ notBeforeRound }) => notBeforeRound)[0];
    expect([1, 2, 3].map(rounds)).toEqual([1, 1, 2]);
    facts.phase.round = 2;
    expect([4, 5].map(rounds)).toEqual([2, 3]);
  });

  test.each<[WhenLimited, number]>([
    ["queue", 0],
    ["queue", 30],
    ["merge", 0],
    ["bank", 0],
  ])("of a show that is used up makes a gift wait for no tick of it (%s, delayed by %d)", (whenLimited, delayTicks) => {
    const steps = [aCall("jump", { delayTicks })];
    const rules = someRules([
      { on: "gift", limits: [{ quota: 1, per: "show" }, { cooldownTicks: 60 }], whenLimited, steps },
    ]);
    const engine = createRuleEngine(rules, someFacts());
    const [, last] = [1, 2].map((nr) => engine.evaluate(gift(nr), nr).calls[0]!);
    expect([last!.notBeforeTick, last!.notBeforeRound, last!.patience]).toEqual([never, never, "forever"]);
  });

  test("of a day does not let a new day's gift merge with one that never acts", () => {
    const engine = createRuleEngine(onGift([{ scope: "viewer", quota: 1, per: "day" }], "merge"), someFacts());
    const rounds = [0, 1, 86_400_000].map(
      (receivedAt, nr) => engine.evaluate(aGift(1, "ana", nr, { receivedAt }), nr).calls[0]!.notBeforeRound,
    );
    expect(rounds).toEqual([1, never, 1]);
  });

  test("of a day begins anew with the day of the event, in UTC", () => {
    const engine = createRuleEngine(onChat([{ scope: "viewer", quota: 1, per: "day" }], "drop"), someFacts());
    const noon = 43_200_000;
    const fired = [0, noon, 2 * noon - 1, 2 * noon].map(
      (receivedAt, tick) => engine.evaluate(aChat("x", "ana", { receivedAt }), tick).calls.length,
    );
    expect(fired).toEqual([1, 0, 0, 1]);
  });
});

test.each(["group:heavy", "all"])("rules share the limits of %s, and each has its own", (owner) => {
  const shared = { owner, scope: "everyone", cooldownTicks: 60 } as const;
  const rules = someRules([
    { on: "chat", filter: { commands: ["a"] }, limits: [shared] },
    { on: "chat", filter: { commands: ["b"] }, limits: [shared] },
    { on: "chat", filter: { commands: ["c"] }, limits: [{ ...shared, owner: "rule:rule-3" }] },
  ]);
  expect(
    momentsOf(rules, [
      [0, aChat("a")],
      [1, aChat("b")],
      [2, aChat("c")],
      [60, aChat("b")],
    ]),
  ).toEqual(["0", "-", "2", "60"]);
});

test("a rule counts once, however many actions it has", () => {
  const rules = someRules([{ on: "chat", limits: [{ quota: 2, per: "round" }], steps: [aCall(), aCall("wave")] }]);
  const engine = createRuleEngine(rules, someFacts());
  expect([0, 1, 2].map((tick) => engine.evaluate(ana, tick).calls.length)).toEqual([2, 2, 0]);
});

describe("extend", () => {
  const lasting = {
    param: "seconds",
    seconds: 5,
    again: "extend",
    upToSeconds: 12,
    most: 1,
    min: 0,
    max: 99,
    whole: false,
  } as const;
  const rules = someRules([
    { on: "chat", limits: [{ cooldownTicks: 120 }], whenLimited: "extend", steps: [aCall("grow", { lasting })] },
  ]);
  const start = (engine: ReturnType<typeof createRuleEngine>, call: RuleCall, tick: number) => {
    const params = engine.paramsOf(call, call.count, 1, call.viewer, tick);
    engine.started(call, call.viewer, tick, params);
    return params.seconds;
  };

  test("makes the effect that runs longer, up to its bound, and queues when none runs", () => {
    const engine = createRuleEngine(rules, someFacts());
    const say = (who: string, tick: number) => ({ ...engine.evaluate(aChat("x", who), tick).calls[0]! });
    expect(start(engine, say("ana", 0), 0)).toBe(5);
    const second = say("ana", 60);
    expect([second.notBeforeTick, start(engine, second, 60)]).toEqual([60, 9]);
    expect(start(engine, say("ana", 90), 90)).toBe(12);
    expect(say("ben", 91).notBeforeTick).toBe(120);
  });
});

describe("free acts that wait", () => {
  test.each<[string, Partial<CompiledLimit>, WhenLimited, number]>([
    ["for a cooldown", { cooldownTicks: 60 }, "queue", 51],
    ["for a quota", { quota: 1, per: "round" }, "queue", 51],
    ["for the next round", { cooldownTicks: 6000 }, "bank", 51],
  ])("%s are at most 50, then they are dropped and counted", (_name, limit, whenLimited, most) => {
    const engine = createRuleEngine(onChat([limit], whenLimited), someFacts());
    let fired = 0;
    for (let i = 0; i < 200; i++) fired += engine.evaluate(aChat("x", `v${i}`), 0).calls.length;
    expect([fired, engine.dropped]).toEqual([most, 200 - most]);
  });

  test("find as many places as their queue has; gifts always find one", () => {
    const queues = [{ name: "slow", gapTicks: 0, atOnce: 0, most: 3 }];
    const limits = [{ owner: "all", cooldownTicks: 60 }];
    const rules: RuleWords[] = [
      { on: "chat", queue: "slow", whenLimited: "queue", limits },
      { on: "gift", queue: "slow", whenLimited: "queue", limits },
    ];
    const engine = createRuleEngine(someRules(rules, { queues }), someFacts());
    for (let i = 0; i < 10; i++) engine.evaluate(aChat("x", `v${i}`), 0);
    expect(engine.dropped).toBe(6);
    for (let i = 0; i < 100; i++) expect(firedIn(engine.evaluate(gift(i), 0))).toEqual(["rule-2"]);
  });
});

test("a rule says what it waits for, and for how long", () => {
  const limits = [
    { scope: "viewer", cooldownTicks: 60 },
    { scope: "everyone", quota: 2, per: "round" },
  ] as const;
  const engine = createRuleEngine(onChat(limits, "drop"), someFacts());
  const said = [0, 20, 80, 200].map((tick) => {
    const [{ verdict, detail, ticks } = { verdict: "", detail: "", ticks: 0 }] = engine.evaluate(ana, tick).traces;
    return [verdict, detail, ticks];
  });
  expect(said).toEqual([
    ["fired", "", 0],
    ["dropped", "cooldown viewer", 40],
    ["fired", "", 0],
    ["dropped", "quota everyone per round", 0],
  ]);
});

test("what limits remember of a flood of viewers stays bounded", () => {
  const engine = createRuleEngine(
    onChat(
      [
        { scope: "viewer", cooldownTicks: 99_999 },
        { scope: "viewer", quota: 1, per: "show" },
      ],
      "drop",
    ),
    someFacts(),
  );
  for (let i = 0; i < 12_000; i++) engine.evaluate(aChat("x", `v${i}`), i);
  for (const entries of Object.values(engine.save().limits)) expect(entries.length).toBeLessThanOrEqual(5000);
  // The latest are remembered, the first are forgotten.
  expect(engine.evaluate(aChat("x", "v11999"), 12_000).calls).toEqual([]);
  expect(engine.evaluate(aChat("x", "v0"), 12_000).calls).toHaveLength(1);
});
