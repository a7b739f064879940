/** The live rules of several games: which are meant, and what is told of all of them. */
import { expect, test } from "vitest";
import type { LiveRules, RulesNews, RulesStatus } from "../../server/live-rules.ts";
import { createShowRules } from "../../server/show-rules.ts";

function aKeeper(file: string, trouble = "") {
  const listeners = new Set<(news: RulesNews) => void>();
  let isStopped = false;
  const status = { file, trouble, problems: [] } as unknown as RulesStatus;
  const live = {
    status: () => status,
    listen(listener: (news: RulesNews) => void) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    counters: () => ({ reloads: 2, failures: 1 }),
    stop: async () => {
      isStopped = true;
    },
  } as unknown as LiveRules;
  return { live, listeners, isStopped: () => isStopped };
}

test("rules are found by their game, without one those of the game that plays; trouble and counts are of all", async () => {
  const [a, b] = [aKeeper("a.yaml"), aKeeper("b.yaml", "b.yaml has 1 error.")];
  let playing = "a";
  const rules = createShowRules(
    new Map([
      ["a", a.live],
      ["b", b.live],
    ]),
    () => playing,
  );
  expect([rules.of("b"), rules.of(""), rules.of("c")]).toEqual([b.live, a.live, undefined]);
  expect(rules.status()).toMatchObject({ file: "a.yaml", trouble: "b.yaml has 1 error." });
  playing = "b";
  expect([rules.of(""), rules.status().file]).toEqual([b.live, "b.yaml"]);
  expect([...rules.problems().keys()]).toEqual(["a.yaml", "b.yaml"]);
  expect(rules.counters()).toEqual({ reloads: 4, failures: 2 });
  const end = rules.listen(() => undefined);
  expect([a.listeners.size, b.listeners.size]).toEqual([1, 1]);
  end();
  expect([a.listeners.size, b.listeners.size]).toEqual([0, 0]);
  await rules.stop();
  expect([a.isStopped(), b.isStopped()]).toEqual([true, true]);
});
