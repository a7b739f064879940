/** How often YouTube's chat is asked: never more often than the service says, and seldom enough for a day's units to last (protocols 8). */
import type { Clock } from "../../clock.ts";
import type { RunMemory } from "../../ingest/source.ts";
import { untilPacificMidnightMs } from "./refusal.ts";

/** What a key may use in a day unless its owner asked for more, units (protocols 8). */
export const defaultDailyUnits = 10_000;
/** Price of one page of the chat, units; the service does not tell, others measured it (protocols 8). */
export const pageUnits = 5;
/** Price of a question about videos, channels or playlists, units. */
const lookupUnits = 1;

/** The show that a day's units should last for, ms. */
const showMs = 4 * 3_600_000;
/** A show that has gone on for longer is taken to go on for this, ms. */
const overtimeMs = 3_600_000;
/** Pause that thrift makes at most, ms: a game that waits longer for its viewers is none. */
const thriftMs = 20_000;
/** What is asked to wait lies between these, ms; without a word of the service the middle one. */
const shortestMs = 1000;
const usualMs = 5000;
const longestMs = 60_000;

export interface PaceQuestion {
  /** What the service asks to wait, ms; NaN when it says nothing. */
  askedMs: number;
  /** Units of today that are left. */
  unitsLeft: number;
  /** How long this line has been open, ms. */
  openForMs: number;
}

/** Wait before the next page, ms. With 10,000 units it is 7.2 s at first, and a show of 4 hours uses them up. */
export function pageWaitMs({ askedMs, unitsLeft, openForMs }: PaceQuestion): number {
  const serviceMs = Math.min(longestMs, Math.max(shortestMs, Number.isNaN(askedMs) ? usualMs : askedMs));
  const leftMs = Math.max(overtimeMs, showMs - openForMs);
  const pagesLeft = Math.max(1, unitsLeft / pageUnits);
  return Math.max(serviceMs, Math.min(thriftMs, leftMs / pagesLeft));
}

/** Counts the units of a day that this run has used; what other programs use with the same key it cannot know. */
export interface UnitMeter {
  /** A question is about to be asked. */
  asked(path: string): void;
  /** Units of today that are left. */
  left(): number;
}

/** What the meter keeps from line to line. */
interface Used {
  units: number;
  /** When the day is over, ms since 1970. */
  untilMs: number;
}

/** Creates the meter of a run. */
export function createUnitMeter(dailyUnits: number, clock: Clock, memory: RunMemory): UnitMeter {
  const today = (): Used => {
    const nowMs = clock.now();
    const known = memory.get("units") as Used | undefined;
    if (known && nowMs < known.untilMs) return known;
    const fresh = { units: 0, untilMs: nowMs + untilPacificMidnightMs(nowMs) };
    memory.set("units", fresh);
    return fresh;
  };
  return {
    asked(path) {
      today().units += path === "/liveChat/messages" ? pageUnits : lookupUnits;
    },
    left: () => dailyUnits - today().units,
  };
}
