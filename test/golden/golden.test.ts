/** Golden shows come out as they were recorded: in this process, in another one, and not by accident. */
import { describe, expect, test } from "vitest";
import { differenceSentence } from "../../shared/replay/compare.ts";
import { uproar } from "../server/cli/uproar.ts";
import { goldenFile, hashEveryTicks, playGolden, readGolden, withInputs } from "./golden.ts";

describe.each(["last-ball"])("%s", async (name) => {
  const golden = await readGolden(name);
  const recorded = golden.entries.flatMap((entry) => {
    const isOurs = "trace" in entry && entry.tick % hashEveryTicks === 0;
    return isOurs && entry.trace.hash ? [entry.trace.hash] : [];
  });

  test("differs in nothing, and is a whole show", { timeout: 60_000 }, async () => {
    const { player, simulation, hashes } = await playGolden(golden);
    expect(player.difference && differenceSentence(player.difference)).toBeUndefined();
    expect(player.comparedTick).toBe(player.endTick);
    expect(hashes).toEqual(recorded);
    expect(new Set(hashes).size).toBe(hashes.length);
    expect(simulation.phase.round).toBeGreaterThan(1);
    expect(simulation.boards.show.length).toBeGreaterThan(0);
    expect(simulation.counters.errors).toBe(0);
    expect(simulation.counters.applied).toBeGreaterThan(100);
  });

  test("is the same in another process", { timeout: 60_000 }, async () => {
    const { code, stdout } = await uproar(["replay", goldenFile(name), "--every", String(hashEveryTicks)]).ended;
    expect([...stdout.matchAll(/^tick \d+ .* ([0-9a-f]{16}) {2}ok$/gm)].map(([, hash]) => hash)).toEqual(recorded);
    expect(code).toBe(0);
  });

  test("notices a change of rules that comes one tick later", { timeout: 60_000 }, async () => {
    const late = withInputs(golden, (inputs, tick) => [
      [tick, inputs.filter(({ type }) => type !== "rules")],
      [tick + 1, inputs.filter(({ type }) => type === "rules")],
    ]);
    const { player, hashes } = await playGolden(late);
    expect(player.difference).toBeDefined();
    expect(hashes.at(-1)).not.toBe(recorded.at(-1));
  });

  test("notices one comment that is missing, at the tick", { timeout: 60_000 }, async () => {
    let missingTick: number | undefined;
    const silent = withInputs(golden, (inputs, tick) => {
      const isFirst = inputs.some((input) => input.type === "event" && input.event.type === "chat");
      if (!isFirst || missingTick !== undefined) return [[tick, [...inputs]]];
      missingTick = tick;
      return [];
    });
    const { player, hashes } = await playGolden(silent);
    expect(player.difference?.tick).toBe(missingTick! + 1);
    expect(hashes.at(-1)).not.toBe(recorded.at(-1));
  });
});
