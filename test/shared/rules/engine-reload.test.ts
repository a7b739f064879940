/** Reload: what changed rules take over from those before, from plain data or from the engine itself. */
import { describe, expect, test } from "vitest";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";
import type { RuleEngine, RuleState } from "../../../shared/rules/decision.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat, aGift, anAct } from "../../support/events.ts";
import { passTicks, type RuleWords, someFacts, someRules } from "../../support/rules.ts";
import { tinyRules } from "../../support/tiny-game.ts";

const asJson = (engine: RuleEngine) => JSON.parse(JSON.stringify(engine.save())) as RuleState;
/** Both ways to go on. */
const ways: readonly (readonly [string, (engine: RuleEngine) => RuleState | RuleEngine])[] = [
  ["plain data", asJson],
  ["the engine itself", (engine) => engine],
];

describe.each(ways)("going on from %s", (_way, handOver) => {
  const changed = (before: CompiledRules, after: CompiledRules, live: (engine: RuleEngine) => void) => {
    const engine = createRuleEngine(before, someFacts());
    live(engine);
    return createRuleEngine(after, someFacts(), handOver(engine));
  };
  const follow = "  - { on: follow, quota: { viewer: { show: 1 } }, do: wave }";
  const share = "  - { on: share, quota: { viewer: { show: 1 } }, do: wave }";
  const once = (engine: RuleEngine) => void engine.evaluate(anAct("follow"), 0);

  test.each<[string, string, string, number, number]>([
    ["a rule is put before it", follow, `${share}\n${follow}`, 0, 1],
    ["only its place changes", follow, `\n\n  # here\n${follow}`, 0, 0],
    ["it says something else", follow, follow.replace("wave", "jump"), 1, 0],
    ["there are two that say the same", `${follow}\n${follow}`, `${share}\n${follow}\n${follow}`, 0, 1],
    ["one more says the same", follow, `${follow}\n${follow}`, 1, 0],
    [
      "it has an id and says something else",
      follow.replace("on", "id: x, on"),
      `  - { id: x, on: follow, quota: { viewer: { show: 1 } }, do: jump }`,
      0,
      0,
    ],
    ["it has an id and another trigger", follow.replace("on", "id: x, on"), share.replace("on", "id: x, on"), 0, 1],
  ])("a used quota stays with its rule when %s", (_name, before, after, follows, shares) => {
    const engine = changed(tinyRules(before), tinyRules(after), once);
    const fired = [anAct("follow"), anAct("share")].map((event) => engine.evaluate(event, 1).calls.length);
    expect(fired).toEqual([follows, shares]);
  });

  const timer = (filter: RuleWords["filter"]) => someRules([{ id: "t", on: "timer", filter: { ...filter } }]);
  test.each<[string, RuleWords["filter"], RuleWords["filter"], number[]]>([
    ["of another beginning, which is long over", { after: 60, afterOf: "phase" }, { after: 60, afterOf: "show" }, []],
    [
      "that now waits for less time than has passed",
      { after: 900, afterOf: "show" },
      { after: 60, afterOf: "show" },
      [],
    ],
    ["that now waits longer", { after: 450, afterOf: "show" }, { after: 500, afterOf: "show" }, [500]],
    ["that now comes again and again", { after: 60, afterOf: "show" }, { every: 100 }, [500, 600]],
    ["that now comes once", { every: 100 }, { after: 60, afterOf: "show" }, []],
    ["that stays the same", { every: 150 }, { every: 150 }, [450, 600]],
  ])("a timer %s", (_name, before, after, fires) => {
    const engine = changed(timer(before), timer(after), (one) => void passTicks(one, 0, 400));
    expect(passTicks(engine, 401, 600).map(({ tick }) => tick)).toEqual(fires);
  });

  test.each([
    [3, 1],
    [10, 0],
    [7, 1],
  ])("a meter of 10 with 7 in it that is full at %d now fires %d times", (full, times) => {
    const rules = (most: number) =>
      someRules(
        [
          { id: "fill", on: "chat", steps: [{ kind: "fill", name: "m", value: 7, delayTicks: 0 }] },
          { id: "go", on: "meter", filter: { meter: "m" } },
        ],
        { meters: [{ name: "m", title: "M", full: most, drainPerSecond: 0, perRound: false }] },
      );
    const engine = changed(rules(10), rules(full), (one) => void one.evaluate(aChat("x"), 0));
    expect(passTicks(engine, 1, 20).flatMap(({ calls }) => calls)).toHaveLength(times);
  });

  test("a cooldown that has become shorter holds nobody longer than that, and one that has not goes on", () => {
    const rules = (cooldownTicks: number) => someRules([{ id: "hop", on: "gift", limits: [{ cooldownTicks }] }]);
    const next = [60, 36_000, 72_000].map((cooldownTicks) => {
      const engine = changed(rules(36_000), rules(cooldownTicks), (one) => {
        for (const nr of [1, 2]) one.evaluate(aGift(1, "ana", nr), 0);
        one.passTick(9);
      });
      return engine.evaluate(aGift(1, "ben"), 10).calls[0]!.notBeforeTick;
    });
    expect(next).toEqual([69, 72_000, 72_000]);
  });

  test("a combo does not join a moment that the longer cooldown gave away", () => {
    const rules = (cooldownTicks: number) => someRules([{ id: "hop", on: "gift", limits: [{ cooldownTicks }] }]);
    const step = (nr: number) => aGift(1, "ana", nr, { streakKey: "s" });
    const engine = changed(rules(36_000), rules(60), (one) => {
      for (const nr of [1, 2, 3]) one.evaluate(step(nr), 0);
    });
    expect(engine.evaluate(step(4), 0).calls[0]!.notBeforeTick).toBe(60);
  });

  test("what is over is forgotten", () => {
    const limits = [
      { scope: "viewer", cooldownTicks: 60 },
      { scope: "viewer", quota: 2, per: "round" },
    ] as const;
    const rules = someRules([{ id: "hop", on: "chat", limits }]);
    const facts = someFacts();
    const engine = createRuleEngine(rules, facts);
    for (let nr = 0; nr < 50; nr++) engine.evaluate(aChat("x", `v${nr}`), nr);
    facts.phase.round = 2;
    engine.passTick(80);
    const kept = (state: RuleState) => Object.values(state.limits).map((entries) => entries.length);
    expect(kept(engine.save())).toEqual([29]);
    expect(kept(createRuleEngine(rules, facts, handOver(engine)).save())).toEqual([29]);
  });

  test("what is over takes no room from what is not", () => {
    const rules = someRules([{ id: "hop", on: "chat", limits: [{ scope: "viewer", quota: 1, per: "round" }] }]);
    const facts = someFacts();
    const engine = createRuleEngine(rules, facts);
    const firedBy = (nr: number) => engine.evaluate(aChat("x", `v${nr}`), 0).calls.length;
    for (let nr = 0; nr < 4000; nr++) firedBy(nr);
    facts.phase.round = 2;
    engine.passTick(1);
    for (let nr = 0; nr < 4000; nr++) firedBy(nr);
    expect(firedBy(0)).toBe(0);
  });

  test("calls of the rules before a change keep the limits that there still are", () => {
    const rules = () => someRules([{ id: "hop", on: "gift", limits: [{ cooldownTicks: 60 }] }]);
    const engine = createRuleEngine(rules(), someFacts());
    const [one, two] = [1, 2].map((nr) => engine.evaluate(aGift(1, "ana", nr), 0).calls[0]!);
    const next = createRuleEngine(rules(), someFacts(), engine);
    next.started(one!, one!.viewer, 600, {});
    expect(next.waitOf(two!, two!.viewer, 610)).toBe(50);
  });
});
