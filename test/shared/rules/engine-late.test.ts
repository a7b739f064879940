/** What comes late: calls that waited for a phase or a busy action keep their limits when they act at last, and nobody else is held up. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CompiledLimit, CompiledStep } from "../../../shared/rules/compiled.ts";
import type { RuleCall, RuleEngine, RuleState } from "../../../shared/rules/decision.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat, aGift } from "../../support/events.ts";
import { aCall, type RuleWords, someFacts, someRules } from "../../support/rules.ts";

/** Acts for who called it if it may. */
function tryAt(engine: RuleEngine, call: RuleCall, tick: number): number {
  const wait = engine.waitOf(call, call.viewer, tick);
  if (wait === 0) engine.started(call, call.viewer, tick, {});
  return wait;
}

/** Calls of gifts sent at these ticks, each by another viewer. */
const callsOf = (engine: RuleEngine, ticks: readonly number[], streakKey = "") =>
  ticks.flatMap((tick, nr) => [
    ...engine.evaluate(aGift(1, streakKey ? "ana" : `v${nr}`, nr, { streakKey }), tick).calls,
  ]);

describe("calls that come late", () => {
  const onGift = (limits: readonly Partial<CompiledLimit>[], more: Partial<RuleWords> = {}) =>
    someRules([{ on: "gift", limits, ...more }]);

  test("keep a cooldown between them, and the next gift comes after them", () => {
    const engine = createRuleEngine(onGift([{ cooldownTicks: 60 }]), someFacts());
    const [one, two, three] = callsOf(engine, [0, 1, 2]);
    expect([tryAt(engine, one!, 600), tryAt(engine, two!, 600), tryAt(engine, three!, 659)]).toEqual([0, 60, 1]);
    expect([tryAt(engine, two!, 660), tryAt(engine, three!, 660), tryAt(engine, three!, 720)]).toEqual([0, 60, 0]);
    expect(engine.evaluate(aGift(1), 730).calls[0]!.notBeforeTick).toBe(780);
  });

  test("keep a quota per round, and the next gift finds the round used", () => {
    const facts = someFacts();
    const engine = createRuleEngine(onGift([{ quota: 1, per: "round" }]), facts);
    const [one, two] = callsOf(engine, [0, 1]);
    facts.phase.round = 2;
    expect([tryAt(engine, one!, 100), tryAt(engine, two!, 100)]).toEqual([0, 60]);
    expect(engine.evaluate(aGift(1), 101).calls[0]!.notBeforeRound).toBe(3);
    facts.phase.round = 3;
    expect(tryAt(engine, two!, 200)).toBe(0);
  });

  test("hold up only whom their limit is about", () => {
    const engine = createRuleEngine(onGift([{ scope: "viewer", cooldownTicks: 60 }]), someFacts());
    const [one, two] = callsOf(engine, [0, 1]);
    expect([tryAt(engine, one!, 600), tryAt(engine, two!, 600)]).toEqual([0, 0]);
  });

  test("of one firing act together, and so do steps of a combo that joined it", () => {
    const steps = [aCall("jump"), aCall("wave")];
    const engine = createRuleEngine(onGift([{ cooldownTicks: 60 }], { steps }), someFacts());
    const calls = callsOf(engine, [0, 1, 2], "s");
    expect(calls.map(({ firing }) => firing)).toEqual([1, 1, 2, 2, 2, 2]);
    expect(calls.map((call) => tryAt(engine, call, 600))).toEqual([0, 0, 60, 60, 60, 60]);
    expect(calls.slice(2).map((call) => tryAt(engine, call, 660))).toEqual([0, 0, 0, 0]);
  });

  test("of a test, or that extend an effect, are not held back", () => {
    const lasting = {
      param: "seconds",
      seconds: 20,
      again: "extend",
      upToSeconds: 60,
      most: 1,
      min: 0,
      max: 99,
      whole: false,
    } as const;
    const more = { whenLimited: "extend", steps: [aCall("grow", { lasting })] } as const;
    const engine = createRuleEngine(onGift([{ cooldownTicks: 600 }], more), someFacts());
    const send = (tick: number, fields = {}) => engine.evaluate(aGift(1, "ana", tick, fields), tick).calls[0]!;
    const start = (call: RuleCall, tick: number) => {
      const wait = engine.waitOf(call, call.viewer, tick);
      engine.started(call, call.viewer, tick, engine.paramsOf(call, 1, 1, call.viewer, tick));
      return wait;
    };
    expect([start(send(0), 0), start(send(60), 60), start(send(70, { test: true }), 70)]).toEqual([0, 0, 0]);
  });

  test("go on keeping it when the state is handed to another engine", () => {
    const rules = onGift([{ cooldownTicks: 60 }]);
    const engine = createRuleEngine(rules, someFacts());
    const [one, two] = callsOf(engine, [0, 1]);
    tryAt(engine, one!, 600);
    const state = JSON.parse(JSON.stringify(engine.save())) as RuleState;
    const next = createRuleEngine(rules, someFacts(), state);
    expect([tryAt(next, two!, 610), tryAt(next, one!, 610)]).toEqual([50, 0]);
  });
});

test("changes that come late keep a cooldown too", () => {
  const meters = [{ name: "storm", title: "Storm", full: 9, drainPerSecond: 0, perRound: false }];
  const steps: CompiledStep[] = [{ kind: "fill", name: "storm", value: 1, delayTicks: 0 }];
  const facts = someFacts();
  const rule: RuleWords = { on: "gift", conditions: { phases: ["results"] }, limits: [{ cooldownTicks: 60 }], steps };
  const engine = createRuleEngine(someRules([rule], { meters }), facts);
  for (const nr of [0, 1, 2]) engine.evaluate(aGift(1, "ana", nr), nr);
  facts.phase.name = "results";
  const filled = [600, 659, 660, 719, 720].map((tick) => {
    engine.passTick(tick);
    return engine.meters[0]!.value;
  });
  expect(filled).toEqual([1, 1, 2, 2, 3]);
});

const wait = (delayTicks: number) => aCall("wave", { delayTicks });
const oneOf: CompiledStep = {
  kind: "oneOf",
  delayTicks: 0,
  place: aCall().place,
  choices: [
    { weight: 1, steps: [wait(0)] },
    { weight: 1, steps: [wait(90), wait(200)] },
  ],
};
const cooldown = fc.record({
  scope: fc.constantFrom("viewer", "team", "everyone"),
  cooldownTicks: fc.constantFrom(1, 40, 60),
  owner: fc.constantFrom("all", "group:g"),
});
const rule: fc.Arbitrary<RuleWords> = fc.record({
  on: fc.constantFrom("gift", "chat"),
  limits: fc.array(cooldown, { maxLength: 3 }),
  whenLimited: fc.constantFrom("merge", "queue"),
  steps: fc.constantFrom([aCall()], [wait(30)], [aCall(), wait(120)], [oneOf, wait(0)]),
});
const sent = fc.array(
  fc.record({
    who: fc.constantFrom("ana", "ben", "cleo"),
    combo: fc.constantFrom("", "s"),
    gap: fc.nat(30),
    isChat: fc.boolean(),
  }),
  { minLength: 1, maxLength: 40 },
);

/** Events with a number, one after the other. */
function atTicks<T extends { gap: number }>(events: readonly T[]): (T & { nr: number; tick: number })[] {
  let tick = 0;
  return events.map((one, nr) => {
    tick += one.gap;
    return { ...one, nr, tick };
  });
}

test("a call that acts on its time is never held back by limits", () => {
  fc.assert(
    fc.property(fc.array(rule, { minLength: 1, maxLength: 3 }), sent, (list, events) => {
      let drawn = 0;
      const teamOf = (key: string) => (key === "tiktok:cleo" ? "" : "red");
      const engine = createRuleEngine(someRules(list), someFacts({ teamOf, random: () => (drawn++ % 2) / 2 }));
      const due = new Map<number, RuleCall[]>();
      const queue = atTicks(events);
      const nextTick = queue.at(-1)!.tick;
      for (let tick = 0; tick < nextTick + 10_000; tick++) {
        for (const { who, combo, isChat, nr } of queue.filter((one) => one.tick === tick)) {
          const event = isChat ? aChat("x", who) : aGift(1, who, nr, { streakKey: combo });
          for (const call of engine.evaluate(event, tick).calls) {
            due.set(call.notBeforeTick, [...(due.get(call.notBeforeTick) ?? []), call]);
          }
        }
        for (const call of due.get(tick) ?? []) expect(tryAt(engine, call, tick)).toBe(0);
        due.delete(tick);
        if (tick > nextTick && due.size === 0) break;
      }
      expect(due.size).toBe(0);
    }),
    { numRuns: 150 },
  );
});

test("however late calls come, a cooldown lies between firings, a quota per round holds, and all act in the end", () => {
  fc.assert(
    fc.property(fc.constantFrom(20, 100), fc.constantFrom(1, 2), sent, (cooldownTicks, quota, events) => {
      const facts = someFacts();
      const limits = [{ cooldownTicks }, { quota, per: "round" }] as const;
      const engine = createRuleEngine(someRules([{ on: "gift", limits }]), facts);
      let waiting: RuleCall[] = [];
      const acted: { tick: number; round: number }[] = [];
      const queue = atTicks(events);
      for (let tick = 0; tick < 40_000; tick++) {
        const round = 1 + Math.floor(tick / 300);
        facts.phase.round = round;
        for (const { who, nr } of queue.filter((one) => one.tick === tick)) {
          waiting.push(...engine.evaluate(aGift(1, who, nr), tick).calls);
        }
        // Only the last third of a round lets anything act.
        if (tick % 300 < 200) continue;
        waiting = waiting.filter((call) => {
          if (call.notBeforeTick > tick || call.notBeforeRound > round || tryAt(engine, call, tick) > 0) return true;
          acted.push({ tick, round });
          return false;
        });
        if (tick > queue.at(-1)!.tick && waiting.length === 0) break;
      }
      expect(acted.length).toBe(events.length);
      acted.forEach(({ tick, round }, index) => {
        if (index > 0) expect(tick - acted[index - 1]!.tick).toBeGreaterThanOrEqual(cooldownTicks);
        expect(acted.filter((other) => other.round === round).length).toBeLessThanOrEqual(quota);
      });
    }),
    { numRuns: 40 },
  );
});
