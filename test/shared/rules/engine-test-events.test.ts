/** Test events: a rule that somebody tries acts at once, and viewers find everything as they left it. */
import { describe, expect, test } from "vitest";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import type { CompiledStep } from "../../../shared/rules/compiled.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat, aGift, aLike, anEvent } from "../../support/events.ts";
import { aCall, aFilter, firedIn, type RuleWords, someFacts, someRules } from "../../support/rules.ts";

const declared = {
  meters: [{ name: "storm", title: "Storm", full: 3, drainPerSecond: 0, perRound: false }],
  variables: [
    { name: "hits", type: "number", start: 0, min: 0, max: 99, of: "viewer", perRound: false },
    { name: "mood", type: "text", start: "", min: 0, max: 0, of: "everyone", perRound: false },
  ],
} as const;
const place = { file: "rules.yaml", line: 1, column: 1 };
const steps: CompiledStep[] = [
  aCall(),
  { kind: "add", name: "hits", value: 1, delayTicks: 0 },
  { kind: "set", name: "mood", value: "wild", delayTicks: 5 },
  { kind: "fill", name: "storm", value: 3, delayTicks: 0 },
  { kind: "say", parts: ["hello"], delayTicks: 0, place },
];
const asTest = (event: LiveEvent): LiveEvent => ({ ...event, test: true, receivedAt: 9e12 });
const like = (count: number, roomDelta = count): LiveEvent => ({ ...aLike(roomDelta), count }) as LiveEvent;
const watching = (count: number) => ({ ...anEvent("viewers"), count }) as LiveEvent;

const limits = [
  { cooldownTicks: 600 },
  { scope: "viewer", quota: 1, per: "show" },
  { quota: 1, per: "day" },
  { quota: 1, per: "round" },
] as const;

describe("a test event", () => {
  test.each<[string, RuleWords, LiveEvent]>([
    ["a gift", { on: "gift", limits, steps }, aGift(1)],
    ["a gift that merges", { on: "gift", limits, whenLimited: "merge", steps }, aGift(1)],
    ["a gift that is banked", { on: "gift", limits, whenLimited: "bank", steps }, aGift(1)],
    ["a comment", { on: "chat", limits, steps }, aChat("x")],
    ["likes of the room", { on: "likes", filter: { every: 10 }, limits, steps }, like(1, 10)],
    ["likes of a viewer", { on: "like", filter: { every: 5, ownMeter: true }, limits, steps }, like(5, 0)],
    ["people watching", { on: "viewers", filter: { reaches: 5 }, limits, steps }, watching(9)],
    [
      "one of a crowd",
      { on: "crowd", filter: { viewers: 1, withinTicks: 60, of: { on: "chat", filter: aFilter() } } },
      aChat("x"),
    ],
  ])("leaves no trace in the state: %s", (_name, rule, event) => {
    const engine = createRuleEngine(someRules([rule], declared), someFacts());
    const other = createRuleEngine(someRules([rule], declared), someFacts());
    for (let tick = 0; tick < 10; tick++) {
      for (const one of [engine, other]) one.passTick(tick);
      const { calls, lines } = engine.evaluate(asTest(event), tick);
      if (rule.on === "crowd") continue;
      expect(calls.map(({ notBeforeTick, merges, viewer }) => [notBeforeTick, merges, viewer])).toEqual([
        [tick, false, rule.on === "likes" || rule.on === "viewers" ? "" : "tiktok:ana"],
      ]);
      expect(lines.map((line) => line.test)).toEqual([true]);
    }
    expect(engine.save()).toEqual(other.save());
  });

  test("acts at once where viewers wait, and holds up none of them", () => {
    const engine = createRuleEngine(someRules([{ on: "gift", limits: [{ cooldownTicks: 60 }] }]), someFacts());
    const ticks = [0, 1, 2, 3].map((nr) => {
      const gift = aGift(1, "ana", nr);
      return engine.evaluate(nr % 2 === 0 ? gift : asTest(gift), nr).calls[0]!.notBeforeTick;
    });
    expect(ticks).toEqual([0, 1, 60, 3]);
  });

  test("fills meters of likes with its own likes alone", () => {
    const rules = someRules([{ on: "likes", filter: { every: 10 } }]);
    const engine = createRuleEngine(rules, someFacts());
    const counts = [like(9), asTest(like(9)), asTest(like(25)), like(1)].map((event, tick) => {
      const { calls, traces } = engine.evaluate(event, tick);
      return [calls[0]?.count ?? 0, traces[0]!.detail];
    });
    expect(counts).toEqual([
      [0, "1"],
      [0, "1"],
      [2, ""],
      [1, ""],
    ]);
  });

  test("must meet the rule's conditions", () => {
    const rules = someRules([{ on: "chat", conditions: { sources: ["twitch"] } }, { on: "chat" }]);
    const engine = createRuleEngine(rules, someFacts());
    expect(firedIn(engine.evaluate(asTest(aChat("x")), 0))).toEqual(["rule-2"]);
  });

  test("of a rule that only changes something counts as done", () => {
    const [, ...changes] = steps;
    const engine = createRuleEngine(someRules([{ on: "gift", steps: changes }], declared), someFacts());
    const { done, later } = engine.evaluate(asTest(aGift(1)), 0);
    expect([done, later]).toEqual([true, 0]);
  });
});
