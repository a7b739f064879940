/** Lasting effects: how long they last, what another one does meanwhile, and the queues that keep them apart. */
import { describe, expect, test } from "vitest";
import type { CompiledQueue, Lasting } from "../../../shared/rules/compiled.ts";
import type { RuleCall, RuleEngine } from "../../../shared/rules/decision.ts";
import { createRuleEngine } from "../../../shared/rules/engine.ts";
import { aChat } from "../../support/events.ts";
import { aCall, anExpression, type RuleWords, someFacts, someRules } from "../../support/rules.ts";

describe("lasting effects", () => {
  const lasting: Lasting = {
    param: "seconds",
    seconds: 5,
    again: "extend",
    upToSeconds: 8,
    most: 2,
    min: 0,
    max: 99,
    whole: false,
  };
  const grower = (fields: Partial<Lasting>, more: Partial<RuleWords> = {}, queues: CompiledQueue[] = []) => {
    const steps = [aCall("grow", { params: { size: 2 }, lasting: { ...lasting, ...fields } })];
    const engine = createRuleEngine(someRules([{ on: "chat", steps, ...more }], { queues }), someFacts());
    return { engine, call: (who = "ana", tick = 0) => engine.evaluate(aChat("x", who), tick).calls[0]! };
  };
  /** Seconds it got, or ticks to wait. */
  const tryAt = (engine: RuleEngine, call: RuleCall, tick: number, member = call.viewer) => {
    const wait = engine.waitOf(call, member, tick);
    if (wait > 0) return `waits ${wait}`;
    const params = engine.paramsOf(call, 1, 1, member, tick);
    engine.started(call, member, tick, params);
    return params.seconds;
  };
  test.each<[Lasting["again"], unknown[]]>([
    ["extend", [5, 8, 8, 5]],
    ["refresh", [5, 5, 5, 5]],
    ["stack", [5, 5, "waits 180", 5]],
  ])("%s another one", (again, expected) => {
    const { engine, call } = grower({ again });
    expect([0, 60, 120, 1000].map((tick) => tryAt(engine, call("ana", tick), tick))).toEqual(expected);
  });

  test("are each member's own, and end", () => {
    const { engine, call } = grower({});
    expect([tryAt(engine, call("ana"), 0), tryAt(engine, call("ben"), 60), tryAt(engine, call("ana"), 300)]).toEqual([
      5, 5, 5,
    ]);
  });

  test.each<[Lasting["again"], number]>([
    ["extend", 15],
    ["refresh", 5],
    ["stack", 5],
  ])("%s: three that act as one last %d seconds", (again, expected) => {
    const { engine, call } = grower({ again, upToSeconds: 60 });
    expect(engine.paramsOf(call(), 3, 3, "tiktok:ana", 0).seconds).toBe(expected);
  });

  const takes = { min: 2, max: 10 };
  test.each<[Lasting["again"], boolean, number, number, number]>([
    ["stack", false, 0.5, 2, 2],
    ["stack", false, 7.4, 7.4, 7.4],
    ["stack", true, 7.4, 7, 7],
    ["stack", false, 1e9, 10, 10],
    ["refresh", false, -3, 2, 2],
    ["refresh", true, 9.8, 10, 10],
    ["extend", false, 4.3, 4.3, 7.6],
    ["extend", true, 4.3, 4, 7],
    ["extend", true, 8.4, 8, 10],
    ["extend", false, Number.NaN, 2, 2],
  ])("%s (whole: %s) keeps %d seconds within what the action takes", (again, whole, seconds, first, second) => {
    const { engine, call } = grower({ ...takes, again, whole, seconds: anExpression(() => seconds), upToSeconds: 60 });
    const got = [0, 60].map((tick) => tryAt(engine, call("ana", tick), tick) as number);
    expect(got.map((one) => Math.round(one * 1000) / 1000)).toEqual([first, second]);
  });

  test("can last as long as an expression says", () => {
    const { engine, call } = grower({ seconds: anExpression(({ text }) => text.length + 0.5), again: "refresh" });
    expect(tryAt(engine, call(), 0)).toBe(1.5);
  });

  const slow: CompiledQueue = { name: "slow", gapTicks: 30, atOnce: 0, most: 50 };
  test("a queue keeps a gap between two starts", () => {
    const { engine, call } = grower({}, { queue: "slow" }, [slow]);
    expect(call().patience).toBe("turn");
    expect([0, 10, 30, 31].map((tick) => tryAt(engine, call("ana", tick), tick))).toEqual([
      5,
      "waits 20",
      8,
      "waits 29",
    ]);
  });

  test("a queue lets so many run at once, and those that run be extended", () => {
    const { engine, call } = grower({}, { queue: "slow" }, [{ ...slow, gapTicks: 0, atOnce: 2 }]);
    const said = (
      [
        ["ana", 0],
        ["ben", 60],
        ["cleo", 70],
        ["ana", 80],
        ["cleo", 360],
        ["ben", 560],
      ] as const
    ).map(([who, tick]) => tryAt(engine, call(who, tick), tick));
    expect(said).toEqual([5, 5, "waits 230", 8, 5, 5]);
  });
});
