/** Watches files by looking at them again and again: that works with every editor, also one that replaces a file, and on every drive. */
import { statSync } from "node:fs";
import type { Clock } from "./clock.ts";

/** Time between two looks, ms. A change counts once two looks in a row have seen it, so that no half-written file is read. */
const lookMs = 500;
/** A file that was there may be gone for so long before that counts, ms: some editors delete before they write. */
const goneMs = 3_000;

export interface FileWatch {
  /** Watches these paths from now on. One that is new among them counts as changed, as nobody saw it being read. */
  watch(paths: readonly string[]): void;
  stop(): void;
}

/** What a look sees of a file: changes when the file does, "" when it is not there; undefined before the first look. */
type Sight = string | undefined;

/** Starts to watch; `changed` is called when a file is new, different or gone. */
export function watchFiles(clock: Clock, changed: () => void): FileWatch {
  /** As of the last change that was told. */
  let known = new Map<string, Sight>();
  /** As of the look before. */
  let before = "";
  let sinceMs = 0;

  const look = () => {
    const seen = new Map([...known.keys()].map((path) => [path, sightOf(path)] as const));
    const isSame = [...seen].every(([path, sight]) => sight === known.get(path));
    const now = JSON.stringify([...seen]);
    if (now !== before) {
      before = now;
      sinceMs = clock.now();
    }
    if (isSame) return;
    const isGone = [...seen].some(([path, sight]) => sight === "" && known.get(path));
    if (clock.now() - sinceMs < (isGone ? goneMs : lookMs)) return;
    known = seen;
    changed();
  };

  let cancel = clock.after(lookMs, function again() {
    // Planned first: whatever a change leads to, the next look comes, unless it was the end of watching.
    cancel = clock.after(lookMs, again);
    look();
  });
  return {
    watch(paths) {
      known = new Map(paths.map((path) => [path, known.get(path)]));
    },
    stop: () => cancel(),
  };
}

function sightOf(path: string): string {
  try {
    const stats = statSync(path, { bigint: true, throwIfNoEntry: false });
    return stats ? `${stats.mtimeNs} ${stats.size} ${stats.ino}` : "";
  } catch {
    // A folder of the path is closed or is a file now: whatever it is, the file cannot be read.
    return "";
  }
}
