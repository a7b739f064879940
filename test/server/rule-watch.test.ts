/** Watching files as editors really write them; time by hand. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type FileWatch, watchFiles } from "../../server/rule-watch.ts";
import { createManualClock, type ManualClock } from "../support/manual-clock.ts";

let folder: string;
let clock: ManualClock;
let changes: number;
let watch: FileWatch;
const file = (name = "rules.yaml") => join(folder, name);
/** Changes told within a time. */
const changesIn = (ms: number) => {
  const before = changes;
  clock.advance(ms);
  return changes - before;
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "uproar-watch-"));
  clock = createManualClock();
  changes = 0;
  writeFileSync(file(), "one");
  watch = watchFiles(clock, () => changes++);
  watch.watch([file()]);
  clock.advance(2000);
});
afterEach(() => {
  watch.stop();
  rmSync(folder, { recursive: true, force: true });
});

test("what it is given counts as changed once, and then nothing does", () => {
  expect(changes).toBe(1);
  expect(changesIn(60_000)).toBe(0);
});

test.each<[string, () => void]>([
  ["written in place", () => writeFileSync(file(), "two")],
  ["written with the same length", () => writeFileSync(file(), "owe")],
  [
    "replaced by a file that was written beside it",
    () => {
      writeFileSync(file(".rules.swp"), "two");
      renameSync(file(".rules.swp"), file());
    },
  ],
  [
    "replaced by one of the same size and time",
    () => {
      const atSeconds = 1_700_000_000;
      utimesSync(file(), atSeconds, atSeconds);
      clock.advance(5000);
      writeFileSync(file("other"), "owe");
      utimesSync(file("other"), atSeconds, atSeconds);
      renameSync(file("other"), file());
    },
  ],
  [
    "deleted and written again",
    () => {
      rmSync(file());
      clock.advance(1000);
      writeFileSync(file(), "two");
    },
  ],
  [
    "moved away and made anew, as with a backup",
    () => {
      renameSync(file(), file("rules.yaml~"));
      writeFileSync(file(), "two");
    },
  ],
])("a file %s is told once, within two looks", (_how, write) => {
  write();
  const before = changes;
  clock.advance(1000);
  expect(changes - before).toBe(1);
  expect(changesIn(10_000)).toBe(0);
});

test("a file that is still being written is left alone until it rests", () => {
  for (let part = 0; part < 8; part++) {
    writeFileSync(file(), "more ".repeat(part + 2));
    expect(changesIn(500)).toBe(0);
  }
  expect(changesIn(500)).toBe(1);
});

test("a file that is gone for a moment is no change, one that stays away is", () => {
  renameSync(file(), file("away"));
  expect(changesIn(2500)).toBe(0);
  renameSync(file("away"), file());
  expect(changesIn(10_000)).toBe(0);
  rmSync(file());
  expect(changesIn(2500)).toBe(0);
  expect(changesIn(1500)).toBe(1);
  expect(changesIn(10_000)).toBe(0);
  writeFileSync(file(), "back");
  expect(changesIn(1000)).toBe(1);
});

test("a file that was not there when it was first watched is told when it comes", () => {
  watch.watch([file(), file("base.yaml")]);
  expect(changesIn(1000)).toBe(1);
  writeFileSync(file("base.yaml"), "base");
  expect(changesIn(1000)).toBe(1);
  watch.watch([file()]);
  writeFileSync(file("base.yaml"), "nobody's any more");
  expect(changesIn(10_000)).toBe(0);
});

test("a link is watched through", () => {
  mkdirSync(file("notes"));
  writeFileSync(file("notes/a.yaml"), "a");
  writeFileSync(file("notes/b.yaml"), "b");
  symlinkSync(file("notes/a.yaml"), file("link"));
  watch.watch([file("link")]);
  clock.advance(1000);
  writeFileSync(file("notes/a.yaml"), "aa");
  expect(changesIn(1000)).toBe(1);
  rmSync(file("link"));
  symlinkSync(file("notes/b.yaml"), file("link"));
  expect(changesIn(1000)).toBe(1);
});

test("a path below something that is no folder is a file that is not there", () => {
  watch.watch([join(file(), "below.yaml")]);
  expect(changesIn(1000)).toBe(1);
  expect(changesIn(10_000)).toBe(0);
});

test("what throws in a change does not end the watching, and the end leaves nothing planned", () => {
  watch.stop();
  let isBroken = true;
  watch = watchFiles(clock, () => {
    changes++;
    if (isBroken) throw new Error("no");
  });
  watch.watch([file()]);
  expect(() => clock.advance(1000)).toThrow("no");
  isBroken = false;
  writeFileSync(file(), "two");
  expect(changesIn(1500)).toBe(1);
  watch.stop();
  expect(clock.pending()).toBe(0);
});
