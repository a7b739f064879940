/** Compare: where a replay differs from what was recorded, as exactly as the record can tell: tick, body and field, or part of the show. */
import type { OutlineRow } from "../sim/simulation.ts";
import { ticksPerSecond } from "../world/world.ts";
import type { PhaseTrace, ShowTrace } from "./show-file.ts";

/** Names of a row's numbers. */
const fields = ["id", "kind", "viewer", "x", "y", "angle", "vx", "vy", "radius"] as const;

/** What differs. */
export type DifferingThing =
  /** A field of a body; `others` counts the bodies that differ beside it. A body that only one of the two has differs in "presence". */
  | {
      readonly kind: "body";
      readonly id: number;
      readonly body: string;
      readonly viewer: string;
      readonly field: (typeof fields)[number] | "presence";
      readonly recorded: string | number;
      readonly now: string | number;
      readonly others: number;
    }
  /** Phase, round or chance at the beginning of a phase. */
  | { readonly kind: "phase"; readonly recorded: string; readonly now: string }
  /** A part of the show's hash, while all bodies agree. */
  | { readonly kind: "part"; readonly part: string; readonly recorded: string; readonly now: string };

/** Where a replay differs first. */
export interface Difference {
  /** The first tick known to differ. */
  readonly tick: number;
  /** The last tick before it that is known to agree; the tick before when `tick` is exact. */
  readonly agreedTick: number;
  /** Undefined while the record only says that something differs; a later trace may say what. */
  readonly thing: DifferingThing | undefined;
}

/** The replay, for the ticks that a trace tells of. */
export interface ReplayedNow {
  /** The replay's fingerprints of the last ticks, the last one that of the trace's tick. */
  readonly prints: readonly number[];
  outline(): readonly OutlineRow[];
  hashes(): Readonly<Record<string, string>>;
  hash(): string;
  /** Phases that began since the trace before. */
  readonly phases: readonly PhaseTrace[];
}

/** Ticks until which all agreed: in bodies, chance and phase; in everything. */
export interface Agreed {
  readonly printsTick: number;
  readonly hashesTick: number;
}

/** What differs at a trace, undefined when all that it tells agrees. */
export function differenceAt(trace: ShowTrace, tick: number, now: ReplayedNow, agreed: Agreed): Difference | undefined {
  const printTick = firstOtherPrint(trace, tick, now);
  const body = otherBody(trace.outline, now.outline());
  const phase = otherPhase(trace.phases ?? [], now.phases);
  const part = otherPart(trace, now);
  const thing = body ?? phase?.thing ?? part;
  if (printTick === undefined && !thing) return undefined;
  const ticks = [printTick ?? tick, phase?.tick ?? tick];
  const first = Math.min(...ticks);
  const isExact = first === printTick;
  if (isExact) return { tick: first, agreedTick: first - 1, thing };
  return { tick: first, agreedTick: Math.min(first - 1, body || phase ? agreed.printsTick : agreed.hashesTick), thing };
}

function firstOtherPrint({ prints }: ShowTrace, tick: number, now: ReplayedNow): number | undefined {
  // A show that has just gone on, or a replay that has just begun, knows fewer of them.
  const shared = Math.min(prints.length, now.prints.length);
  for (let back = shared; back > 0; back--) {
    if (prints.at(-back) !== now.prints.at(-back)) return tick - back + 1;
  }
  return undefined;
}

function otherBody(recorded: readonly OutlineRow[], now: readonly OutlineRow[]): DifferingThing | undefined {
  const nowById = new Map(now.map((row) => [row[0], row]));
  let first: Extract<DifferingThing, { kind: "body" }> | undefined;
  let count = 0;
  const found = (
    row: OutlineRow,
    field: (typeof fields)[number] | "presence",
    was: string | number,
    is: string | number,
  ) => {
    count++;
    first ??= { kind: "body", id: row[0], body: row[1], viewer: row[2], field, recorded: was, now: is, others: 0 };
  };
  for (const row of recorded) {
    const other = nowById.get(row[0]);
    nowById.delete(row[0]);
    if (!other) found(row, "presence", "there", "not there");
    else {
      const at = row.findIndex((value, index) => value !== other[index]);
      if (at >= 0) found(row, fields[at]!, row[at]!, other[at]!);
    }
  }
  for (const row of nowById.values()) found(row, "presence", "not there", "there");
  return first && { ...first, others: count - 1 };
}

function otherPhase(
  recorded: readonly PhaseTrace[],
  now: readonly PhaseTrace[],
): { tick: number; thing: DifferingThing } | undefined {
  const length = Math.max(recorded.length, now.length);
  for (let index = 0; index < length; index++) {
    const [was, is] = [recorded[index], now[index]];
    if (JSON.stringify(was) === JSON.stringify(is)) continue;
    const tick = Math.min(was?.tick ?? Number.POSITIVE_INFINITY, is?.tick ?? Number.POSITIVE_INFINITY);
    return { tick, thing: { kind: "phase", recorded: phaseWords(was), now: phaseWords(is) } };
  }
  return undefined;
}

function phaseWords(trace: PhaseTrace | undefined): string {
  if (!trace) return "no phase that begins";
  return `"${trace.phase}" of round ${trace.round} at tick ${trace.tick} with chance ${trace.random.join(" ")}`;
}

function otherPart({ hashes, hash }: ShowTrace, now: ReplayedNow): DifferingThing | undefined {
  if (hashes) {
    const nowHashes = now.hashes();
    for (const [part, recorded] of Object.entries(hashes)) {
      const is = nowHashes[part] ?? "nothing";
      if (is !== recorded) return { kind: "part", part, recorded, now: is };
    }
  }
  if (hash === undefined) return undefined;
  const is = now.hash();
  return is === hash ? undefined : { kind: "part", part: "whole", recorded: hash, now: is };
}

/** What each part of the hash holds, for people. */
const partWords: Readonly<Record<string, string>> = {
  bodies: "what bodies wear",
  waiting: "what waits in the bank",
  crowd: "who is known",
  boards: "the boards",
  random: "chance",
  rules: "the rules' cooldowns, meters and counts",
  facts: "who watches and which team is whose",
  game: "the game's own state",
  phase: "the phase",
  whole: "the whole",
};

/** The difference as one sentence that names tick, time in the show, body and field. */
export function differenceSentence({ tick, agreedTick, thing }: Difference): string {
  const isExact = agreedTick === tick - 1;
  const when = isExact
    ? `Differs first at tick ${tick} (${showTime(tick)})`
    : `Differs at tick ${tick} (${showTime(tick)}), or at one since tick ${agreedTick} (${showTime(agreedTick)}), which agrees`;
  return `${when}: ${thingWords(thing)}.`;
}

function thingWords(thing: DifferingThing | undefined): string {
  if (!thing) return "chance or the phase, and no body so far";
  const { recorded, now } = thing;
  if (thing.kind === "phase") return `the record has ${recorded}, now it is ${now}`;
  if (thing.kind === "part") {
    return `${partWords[thing.part] ?? thing.part} (hash of ${thing.part}: recorded ${recorded}, now ${now}), and no body`;
  }
  const { id, body, viewer, field, others } = thing;
  const whose = viewer === "" ? "" : ` of ${viewer}`;
  const rest = others === 0 ? "" : ` (and ${others} other ${others === 1 ? "body" : "bodies"})`;
  return `body ${id} (${body}${whose}), ${field}: recorded ${recorded}, now ${now}${rest}`;
}

/** A tick as time in the show: hours where there are some, minutes, seconds. */
export function showTime(tick: number): string {
  const seconds = Math.floor(tick / ticksPerSecond);
  const two = (value: number) => String(value).padStart(2, "0");
  const minutes = Math.floor(seconds / 60);
  const hours = Math.floor(minutes / 60);
  return hours > 0 ? `${hours}:${two(minutes % 60)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`;
}
