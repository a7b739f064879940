/** What holds for any events: the same again gives the same, a saved state goes on as if nothing had been, and no gift is lost. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";
import type { RuleCall, RuleDecision, RuleEngine, RuleState } from "../../../shared/rules/decision.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat, aGift, aLike, anAct, anEvent } from "../../support/events.ts";
import { aCall, aFilter, anExpression, type RuleWords, someFacts, someRules } from "../../support/rules.ts";

const numberOf = (name: string) => anExpression(({ vars }) => vars[name]!);
const size = { name: "size", min: 0, max: 99, whole: false, choices: [] };
const computed = [
  { ...size, expression: anExpression(({ vars, viewer, count }) => `${vars.hits} ${viewer.name} ${count}`) },
];
const lasting = {
  param: "seconds",
  seconds: 2,
  again: "extend",
  upToSeconds: 6,
  most: 2,
  min: 0,
  max: 99,
  whole: false,
} as const;
const team = { scope: "team", cooldownTicks: 20 } as const;
const place = { file: "rules.yaml", line: 1, column: 1 };

/** A little of everything. */
const rich = someRules(
  [
    {
      on: "chat",
      filter: { commands: ["go"] },
      limits: [{ scope: "viewer", cooldownTicks: 30 }, team],
      steps: [aCall("jump", { computed }), { kind: "add", name: "hits", value: 1, delayTicks: 15 }],
    },
    { on: "chat", filter: { contains: ["up"] }, limits: [{ cooldownTicks: 12 }], whenLimited: "queue" },
    {
      on: "chat",
      limits: [{ scope: "viewer", quota: 2, per: "round" }],
      whenLimited: "merge",
      steps: [aCall("wave"), { kind: "say", parts: ["now ", numberOf("hits")], delayTicks: 9, place }],
    },
    {
      on: "gift",
      limits: [{ cooldownTicks: 25 }, { scope: "viewer", quota: 3, per: "round" }],
      steps: [
        aCall("jump", { computed }),
        { kind: "fill", name: "rage", value: anExpression(({ count }) => count), delayTicks: 0 },
      ],
    },
    {
      on: "gift",
      filter: { tiers: ["T2"] },
      limits: [{ cooldownTicks: 90 }],
      whenLimited: "extend",
      queue: "slow",
      steps: [aCall("grow", { lasting })],
    },
    {
      on: "gift",
      filter: { gifts: ["g1"] },
      conditions: { phases: ["results"] },
      whenLimited: "bank",
      limits: [{ quota: 1, per: "day" }],
    },
    {
      on: "gift",
      filter: { gifts: ["g1"] },
      limits: [{ quota: 4, per: "show" }],
      whenLimited: "merge",
      steps: [aCall("stack", { lasting: { ...lasting, again: "stack" } })],
    },
    { on: "likes", filter: { every: 25 }, limits: [{ cooldownTicks: 40 }] },
    {
      on: "like",
      filter: { every: 3, ownMeter: true },
      steps: [aCall(), { kind: "set", name: "mood", value: "fine", delayTicks: 4 }],
    },
    { on: "meter", filter: { meter: "rage" }, limits: [{ cooldownTicks: 30 }], steps: [aCall("jump", { computed })] },
    { on: "timer", filter: { every: 35 } },
    { on: "timer", filter: { after: 20, afterOf: "round" } },
    {
      on: "phase",
      steps: [
        {
          kind: "oneOf",
          delayTicks: 0,
          place,
          choices: [
            { weight: 1, steps: [aCall("a")] },
            { weight: 2, steps: [{ kind: "add", name: "hits", value: 3, delayTicks: 5 }] },
          ],
        },
      ],
    },
    { on: "round.start", steps: [{ kind: "add", name: "rounds", value: 1, delayTicks: 0 }] },
    { on: "round.end" },
    { on: "viewers", filter: { reaches: 4, falls: 3 } },
    {
      on: "crowd",
      filter: { viewers: 2, withinTicks: 10, of: { on: "chat", filter: aFilter({ commands: ["go"] }) } },
      steps: [aCall("jump", { computed })],
    },
  ],
  {
    meters: [{ name: "rage", title: "Rage", full: 5, drainPerSecond: 6, perRound: true }],
    variables: [
      { name: "hits", type: "number", start: 0, min: 0, max: 1000, of: "viewer", perRound: true },
      { name: "mood", type: "text", start: "", min: 0, max: 0, of: "team", perRound: false },
      { name: "rounds", type: "number", start: 0, min: 0, max: 1000, of: "everyone", perRound: false },
    ],
    queues: [{ name: "slow", gapTicks: 10, atOnce: 1, most: 5 }],
    teams: [{ name: "red", words: ["go"] }],
    firstMatch: new Set(["like"]),
  },
);

const who = fc.constantFrom("ana", "ben", "cleo");
const gifts = fc
  .record({
    who,
    price: fc.constantFrom(1, 5, 30),
    count: fc.integer({ min: 1, max: 9 }),
    combo: fc.constantFrom("", "s"),
    nr: fc.nat(999),
  })
  .map(({ who: by, price, count, combo, nr }) => aGift(price, by, nr, { count, streakKey: combo, streakTotal: count }));
const events: fc.Arbitrary<LiveEvent> = fc.oneof(
  fc.tuple(fc.constantFrom("go", "go up", "up", "hm"), who).map(([text, by]) => aChat(text, by)),
  gifts,
  fc.tuple(fc.integer({ min: 0, max: 40 }), who).map(([likes, by]) => aLike(likes, by)),
  who.map((by) => anAct("join", by)),
  fc.nat(6).map((count) => ({ ...anEvent("viewers"), count }) as LiveEvent),
);
/** What happens in each tick: events, and now and then an action that acts. */
const ticks = fc.array(fc.array(events, { maxLength: 4 }), { minLength: 1, maxLength: 120 });

interface Show {
  engine: RuleEngine;
  readonly facts: ReturnType<typeof someFacts>;
  readonly log: unknown[];
  waiting: RuleCall[];
  tick: number;
}

const phases = ["lobby", "play", "results"] as const;

function aShow(rules: CompiledRules): Show {
  let drawn = 0;
  const facts = someFacts({
    teamOf: (key) => (key === "tiktok:cleo" ? "" : "red"),
    random: () => (drawn++ % 10) / 10,
  });
  return { engine: createRuleEngine(rules, facts), facts, log: [], waiting: [], tick: 0 };
}

/** One tick of a little simulation: decisions, then calls that act when they can, each written down. */
function pass(show: Show, happening: readonly LiveEvent[]): void {
  const { engine, facts, log, tick } = show;
  const phase = Math.floor(tick / 20);
  facts.phase = {
    name: phases[phase % 3]!,
    round: 1 + Math.floor(phase / 3),
    startTick: phase * 20,
    endTick: phase * 20 + 20,
  };
  const take = (decision: RuleDecision) => {
    log.push(...wordsOf(decision));
    show.waiting.push(...decision.calls);
  };
  take(engine.passTick(tick));
  for (const event of happening) {
    if (event.type === "viewers") facts.watching = event.count;
    take(engine.evaluate(event, tick));
  }
  show.waiting = show.waiting.filter((call) => {
    const wait = engine.waitOf(call, call.viewer, tick);
    if (call.notBeforeTick > tick || call.notBeforeRound > facts.phase.round || wait > 0) return true;
    const params = engine.paramsOf(call, call.count, 1, call.viewer, tick);
    engine.started(call, call.viewer, tick, params);
    log.push([tick, call.rule.id, call.viewer, params]);
    return false;
  });
  show.tick++;
}

function wordsOf({ calls, lines, traces, joinsTeam }: RuleDecision): unknown[] {
  return [
    joinsTeam,
    calls.map(({ rule, step, event, ...rest }) => [rule.id, step.action, event?.id, rest]),
    lines.map(({ rule, ...rest }) => [rule.id, rest]),
    traces.map(({ rule, ...rest }) => [rule.id, rest]),
  ];
}

const asJson = (state: RuleState) => JSON.parse(JSON.stringify(state)) as RuleState;

describe("for any events", () => {
  test("the same again gives the same decisions", () => {
    fc.assert(
      fc.property(ticks, (happening) => {
        const [one, two] = [aShow(rich), aShow(rich)];
        for (const some of happening) pass(one, some);
        for (const some of happening) pass(two, some);
        expect(two.log).toEqual(one.log);
        expect(two.engine.save()).toEqual(one.engine.save());
      }),
      { numRuns: 60 },
    );
  });

  test.each<[string, (engine: RuleEngine) => RuleState | RuleEngine]>([
    ["the state of another", (engine) => asJson(engine.save())],
    ["another engine", (engine) => engine],
  ])("an engine that is given %s goes on as that one would", (_name, handOver) => {
    fc.assert(
      fc.property(ticks, fc.nat(119), (happening, cut) => {
        const [whole, halves] = [aShow(rich), aShow(rich)];
        happening.forEach((some, index) => {
          pass(whole, some);
          pass(halves, some);
          if (index !== cut % happening.length) return;
          halves.engine = createRuleEngine(rich, halves.facts, handOver(halves.engine));
          expect(asJson(halves.engine.save())).toEqual(asJson(whole.engine.save()));
        });
        expect(halves.log).toEqual(whole.log);
        expect(asJson(halves.engine.save())).toEqual(asJson(whole.engine.save()));
      }),
      { numRuns: 120 },
    );
  });
});

const limit = fc.record({
  scope: fc.constantFrom("viewer", "team", "everyone"),
  cooldownTicks: fc.constantFrom(0, 1, 60),
  quota: fc.constantFrom(1, 2),
  per: fc.constantFrom("round", "show", "day"),
  owner: fc.constantFrom("all", "group:g", "rule:x"),
});
/** Any limits and any way to meet them, `drop` too, though no file may say so. */
const giftRule: fc.Arbitrary<RuleWords> = fc
  .record({
    limits: fc.array(
      limit.map((one) => ({ ...one, quota: one.cooldownTicks > 0 ? 0 : one.quota })),
      { maxLength: 3 },
    ),
    whenLimited: fc.constantFrom("drop", "merge", "queue", "extend", "bank"),
    queue: fc.constantFrom("", "slow"),
    stop: fc.boolean(),
    filter: fc.constantFrom({}, { gifts: ["g1"] }, { tiers: ["T1", "T2"] as const }, { valueFrom: 3 }),
    phases: fc.subarray([...phases], { minLength: 1 }),
  })
  .map(({ phases: names, ...rule }) => ({
    ...rule,
    on: "gift" as const,
    conditions: { phases: names },
    steps: [aCall("grow", { lasting })],
  }));

test("a gift that a rule fits is never without a call, and its units are all in it, under any limits", () => {
  fc.assert(
    fc.property(
      fc.array(giftRule, { minLength: 1, maxLength: 4 }),
      fc.array(gifts, { minLength: 1, maxLength: 60 }),
      (list, sent) => {
        const rules = someRules(list, { queues: [{ name: "slow", gapTicks: 5, atOnce: 1, most: 1 }] });
        const show = aShow(rules);
        for (const gift of sent) {
          if (gift.type !== "gift") continue;
          show.tick++;
          show.facts.phase.name = phases[show.tick % 3]!;
          show.engine.passTick(show.tick);
          const { calls, traces } = show.engine.evaluate(gift, show.tick);
          expect(traces.every(({ verdict }) => verdict !== "dropped")).toBe(true);
          for (const call of calls) expect([call.count, call.patience]).toEqual([gift.count, "forever"]);
          if (traces.length > 0) expect(calls.length).toBeGreaterThan(0);
        }
        expect(show.engine.dropped).toBe(0);
      },
    ),
    { numRuns: 300 },
  );
});

describe("a state taken over by changed rules", () => {
  const goOn = (before: readonly RuleWords[], after: readonly RuleWords[], event = aChat("x")) => {
    const engine = createRuleEngine(someRules(before), someFacts());
    engine.evaluate(event, 0);
    return createRuleEngine(someRules(after), someFacts(), asJson(engine.save()));
  };
  const limits = (owner: string) => [{ owner, scope: "viewer" as const, cooldownTicks: 60 }];
  test.each<[string, RuleWords, number]>([
    ["a cooldown of the same rule goes on", { id: "hop", on: "chat", limits: limits("rule:hop") }, 0],
    ["one of another rule does not", { id: "other", on: "chat", limits: limits("rule:other") }, 1],
  ])("%s", (_name, rule, calls) => {
    const engine = goOn([{ id: "hop", on: "chat", limits: limits("rule:hop") }], [{ on: "join" }, rule]);
    expect(engine.evaluate(aChat("x"), 30).calls).toHaveLength(calls);
  });

  test("a variable of another type begins anew, and so does one that is now somebody else's", () => {
    const rules = (type: "number" | "text", of: "viewer" | "everyone") =>
      someRules([{ on: "chat", steps: [{ kind: "set", name: "x", value: 5, delayTicks: 0 }] }], {
        variables: [{ name: "x", type, start: type === "text" ? "" : 1, min: 0, max: 9, of, perRound: false }],
      });
    const engine = createRuleEngine(rules("number", "everyone"), someFacts());
    engine.evaluate(aChat("x"), 0);
    const taken = (type: "number" | "text", of: "viewer" | "everyone") =>
      createRuleEngine(rules(type, of), someFacts(), asJson(engine.save())).save().variables.x;
    expect([taken("number", "everyone"), taken("text", "everyone"), taken("number", "viewer")]).toEqual([
      [["", 5]],
      [],
      [],
    ]);
  });

  test("a step that is due later is done if it is still there", () => {
    const later = (kind: "say" | "add") =>
      kind === "say"
        ? ({ kind, parts: ["later"], delayTicks: 10, place } as const)
        : ({ kind, name: "x", value: 1, delayTicks: 10 } as const);
    const before: RuleWords[] = [{ id: "hop", on: "chat", steps: [later("say")] }];
    const linesOf = (after: RuleWords[]) =>
      goOn(before, after)
        .passTick(10)
        .lines.map(({ words }) => words);
    expect(linesOf(before)).toEqual(["later"]);
    expect(linesOf([{ id: "hop", on: "chat", steps: [later("add")] }])).toEqual([]);
    expect(linesOf([{ id: "other", on: "chat", steps: [later("say")] }])).toEqual([]);
  });
});
