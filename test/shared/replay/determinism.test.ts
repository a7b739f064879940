/**
 * Determinism as a property: whatever enters Last Ball, a show comes out the same in one process twice, in another process, and across a
 * crash. A failure prints the seed that gives it again.
 */
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { loadRules } from "../../../server/games.ts";
import { retraced, writeShowFile } from "../../../server/show-export.ts";
import game from "../../../shared/games/last-ball/game.ts";
import { differenceSentence } from "../../../shared/replay/compare.ts";
import { createPlayer, playKnown } from "../../../shared/replay/player.ts";
import type { ShowEntry } from "../../../shared/replay/show-file.ts";
import { compileRules } from "../../../shared/rules/compile.ts";
import { restoredFiles, type SavedRuleFiles, type ShowInput, savedFiles } from "../../../shared/sim/input.ts";
import { resumeSimulation, type Simulation } from "../../../shared/sim/simulation.ts";
import { type PlayedShow, partsOf, showRules } from "../../server/cli/a-recorded-show.ts";
import { aFolder, uproar } from "../../server/cli/uproar.ts";
import { aHead, anyEvent } from "./a-show.ts";

/** Long enough for rounds to begin, which is where a crash goes on from. */
const ticks = 2400;
const runs = 4;
/** Ticks between two hashes. */
const lookEveryTicks = 60;

const folder = aFolder();
afterAll(() => folder.remove());
const games = new Map([[game.id, game]]);
const shipped = savedFiles(loadRules("shared/games/last-ball/rules.yaml", game).rules.files);
const others: SavedRuleFiles = { main: "rules.yaml", texts: [["rules.yaml", showRules]] };

/** Half of what enters are events; now and then the operator ends a round, and once the rules may change. */
const anyShow: fc.Arbitrary<PlayedShow> = fc
  .record({
    seed: fc.integer({ min: 0, max: 0xffff_ffff }),
    batches: fc.array(
      fc.tuple(fc.integer({ min: 0, max: ticks - 1 }), fc.array(anyEvent, { minLength: 1, maxLength: 4 })),
      {
        minLength: 100,
        maxLength: 300,
        size: "max",
      },
    ),
    // Early ones, so that a round begins in each show; a phase that ends alone begins none.
    rounds: fc.uniqueArray(fc.integer({ min: 300, max: 1500 }), { minLength: 1, maxLength: 3 }),
    changeTick: fc.option(fc.integer({ min: 1, max: ticks - 1 })),
  })
  .map(({ seed, batches, rounds, changeTick }) => {
    const byTick = new Map<number, ShowInput[]>();
    const add = (tick: number, ...inputs: ShowInput[]) => byTick.set(tick, [...(byTick.get(tick) ?? []), ...inputs]);
    for (const [tick, events] of batches) add(tick, ...events.map((event) => ({ type: "event", event }) as const));
    for (const tick of rounds) {
      // Once to the results, once on to the next round.
      add(tick, { type: "act", act: "endRound" });
      add(tick + 30, { type: "act", act: "endRound" });
    }
    if (changeTick !== null) add(changeTick, { type: "rules", files: others });
    const sorted = [...byTick].sort(([a], [b]) => a - b).map(([tick, inputs]) => ({ tick, inputs }));
    const beginning = { rules: [shipped], carried: null };
    return { head: aHead({ seed, beginning }), entries: [...sorted, { end: ticks }] };
  });

test("the same inputs give the same show", { timeout: 180_000 }, async () => {
  let checkpoints = 0;
  let nr = 0;
  await fc.assert(
    fc.asyncProperty(anyShow, async ({ head, entries }) => {
      const traced: ShowEntry[] = [];
      for await (const entry of retraced(head, entries, games)) traced.push(entry);
      const again = playedAgain({ head, entries: traced });
      expect(again.differs).toBe("");
      for (const { saved, tick } of again.saves) {
        checkpoints++;
        expect(looksAfter(saved, tick, { head, entries }), `from tick ${tick}`).toEqual(again.looks.slice(tick));
      }
      const file = join(folder.path, `${nr++}.gz`);
      await writeShowFile(partsOf({ head, entries: traced }), file);
      const { code, stdout } = await uproar(["replay", file, "--every", "600"]).ended;
      const hashes = [...stdout.matchAll(/^tick \d+ .* ([0-9a-f]{16}) {2}ok$/gm)].map(([, hash]) => hash);
      expect(hashes).toEqual(
        again.looks.filter((_, index) => (index + 1) % 600 === 0).map((look) => look.split(" ")[1]),
      );
      expect(code).toBe(0);
    }),
    { numRuns: runs },
  );
  expect(checkpoints).toBeGreaterThanOrEqual(runs);
});

/** What the show is like after a tick: a fingerprint, and each second the hash. */
function lookOf(simulation: Simulation): string {
  const print = String(simulation.fingerprint());
  return simulation.world.tick % lookEveryTicks === 0 ? `${print} ${simulation.hash()}` : print;
}

/** The show run again, with a look after each tick and what a crash would go on from. */
function playedAgain({ head, entries }: PlayedShow) {
  const player = createPlayer({ games, head });
  const { simulation } = player;
  const looks: string[] = [];
  const saves: { tick: number; saved: string }[] = [];
  for (const entry of entries) {
    player.give(entry);
    for (const { checkpoint } of playKnown(player)) {
      looks.push(lookOf(simulation));
      if (checkpoint) saves.push({ tick: simulation.world.tick, saved: JSON.stringify(simulation.save()) });
    }
  }
  expect(player.comparedTick).toBe(ticks);
  expect(simulation.counters.lastError).toBe("");
  return { looks, saves, differs: player.difference ? differenceSentence(player.difference) : "" };
}

/** Looks after each tick of a show that goes on from what was saved at a tick. */
function looksAfter(saved: string, fromTick: number, { head, entries }: PlayedShow): string[] {
  const changes = entries.flatMap((entry) =>
    "inputs" in entry ? entry.inputs.flatMap((input) => (input.type === "rules" ? [input.files] : [])) : [],
  );
  const rules = [...head.beginning.rules, ...changes].map(compiled);
  const simulation = resumeSimulation({ games, saved: JSON.parse(saved), rulesOf: (number) => rules[number]! });
  expect(simulation.world.tick).toBe(fromTick);
  const inputs = new Map(entries.flatMap((entry) => ("inputs" in entry ? [[entry.tick, entry.inputs] as const] : [])));
  const looks: string[] = [];
  while (simulation.world.tick < ticks) {
    stepWith(simulation, inputs.get(simulation.world.tick) ?? []);
    looks.push(lookOf(simulation));
  }
  return looks;
}

function stepWith(simulation: Simulation, inputs: readonly ShowInput[]): void {
  const change = inputs.find((input) => input.type === "rules");
  simulation.step(
    inputs.flatMap((input) => (input.type === "event" ? [input.event] : [])),
    change && compiled(change.files),
    inputs.flatMap((input) => (input.type === "act" ? [input.act] : [])),
  );
}

function compiled(files: SavedRuleFiles) {
  const result = compileRules(restoredFiles(files), game);
  if (!result.ok) throw new Error("the rules of this test do not compile");
  return result.rules;
}
