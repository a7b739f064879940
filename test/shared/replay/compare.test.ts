/** Comparing: the tick, the body and the field that differ first are named, or the part that does. */
import { describe, expect, test } from "vitest";
import {
  type Difference,
  differenceAt,
  differenceSentence,
  type ReplayedNow,
  showTime,
} from "../../../shared/replay/compare.ts";
import type { PhaseTrace, ShowTrace } from "../../../shared/replay/show-file.ts";
import type { OutlineRow } from "../../../shared/sim/simulation.ts";

const ball: OutlineRow = [1, "ball", "tiktok:ana", 10, 20, 0, 1, 1, 30];
const wall: OutlineRow = [2, "wall", "", 0, 0, 0, 0, 0, 0];
const play: PhaseTrace = { tick: 119, phase: "play", round: 1, random: [1, 2, 3, 4] };
const same: ShowTrace = {
  prints: [5, 6, 7],
  outline: [ball, wall],
  phases: [play],
  hashes: { crowd: "c", game: "g" },
  hash: "h",
};

/** The difference between a record and a run, at tick 120. All agreed until 117, all parts until 60. */
function between(record: Partial<ShowTrace>, run: Partial<ShowTrace>): Difference | undefined {
  const now = { ...same, ...run };
  const replayed: ReplayedNow = {
    prints: now.prints,
    outline: () => now.outline,
    hashes: () => now.hashes!,
    hash: () => now.hash!,
    phases: now.phases!,
  };
  return differenceAt({ ...same, ...record }, 120, replayed, { printsTick: 117, hashesTick: 60 });
}

test("nothing differs when all agrees, or was not recorded", () => {
  expect(between({}, {})).toBeUndefined();
  expect(between({ hashes: undefined, hash: undefined }, { hash: "other" })).toBeUndefined();
  // A run that began in the middle of the trace, and a trace of a show that went on in the middle.
  expect(between({}, { prints: [7] })).toBeUndefined();
  expect(between({ prints: [7] }, {})).toBeUndefined();
});

describe.each<[what: string, record: Partial<ShowTrace>, run: Partial<ShowTrace>, says: string]>([
  [
    "a body, exactly",
    {},
    { prints: [5, 0, 0], outline: [[1, "ball", "tiktok:ana", 10, 21, 0, 1, 1, 30], wall] },
    "Differs first at tick 119 (0:01): body 1 (ball of tiktok:ana), y: recorded 20, now 21.",
  ],
  [
    "several bodies",
    {},
    {
      prints: [0, 0, 0],
      outline: [
        [1, "ball", "tiktok:ana", 11, 20, 0, 1, 1, 30],
        [2, "wall", "", 1, 0, 0, 0, 0, 0],
      ],
    },
    "Differs first at tick 118 (0:01): body 1 (ball of tiktok:ana), x: recorded 10, now 11 (and 1 other body).",
  ],
  [
    "a body that is not there any more",
    {},
    { prints: [5, 6, 0], outline: [ball] },
    "Differs first at tick 120 (0:02): body 2 (wall), presence: recorded there, now not there.",
  ],
  [
    "a body that was not there",
    { outline: [ball] },
    { prints: [5, 6, 0] },
    "Differs first at tick 120 (0:02): body 2 (wall), presence: recorded not there, now there.",
  ],
  [
    "a phase",
    {},
    { phases: [{ ...play, round: 2 }] },
    'Differs at tick 119 (0:01), or at one since tick 117 (0:01), which agrees: the record has "play" of round 1 at tick 119 with chance 1 2 3 4, now it is "play" of round 2 at tick 119 with chance 1 2 3 4.',
  ],
  [
    "a phase that does not begin",
    {},
    { prints: [5, 0, 0], phases: [] },
    'Differs first at tick 119 (0:01): the record has "play" of round 1 at tick 119 with chance 1 2 3 4, now it is no phase that begins.',
  ],
  [
    "a part while all bodies agree",
    {},
    { hashes: { crowd: "c", game: "x" }, hash: "y" },
    "Differs at tick 120 (0:02), or at one since tick 60 (0:01), which agrees: the game's own state (hash of game: recorded g, now x), and no body.",
  ],
  [
    "the whole, of parts that an older record has no hash of",
    { hashes: undefined },
    { hash: "y" },
    "Differs at tick 120 (0:02), or at one since tick 60 (0:01), which agrees: the whole (hash of whole: recorded h, now y), and no body.",
  ],
  [
    "only a fingerprint",
    { hashes: undefined, hash: undefined },
    { prints: [5, 6, 0] },
    "Differs first at tick 120 (0:02): chance or the phase, and no body so far.",
  ],
])("%s", (_, record, run, says) => {
  test("is named", () => {
    expect(differenceSentence(between(record, run)!)).toBe(says);
  });
});

test.each([
  [0, "0:00"],
  [59, "0:00"],
  [3599, "0:59"],
  [60 * 3599, "59:59"],
  [60 * 3661, "1:01:01"],
])("tick %i is %s", (tick, time) => {
  expect(showTime(tick)).toBe(time);
});
