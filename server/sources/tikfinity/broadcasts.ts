/**
 * Which broadcast TikFinity tells of, also where it names none: each must be a room of its own, or the next one's likes and follows
 * would be taken for the last one's. Kept over a run, as the app can be started anew in mid-broadcast.
 */
import type { RunMemory } from "../../ingest/source.ts";

/** A `disconnected` that no `streamEnd` explains: within this the same broadcast goes on, as the app lost its own line to TikTok, ms. */
const resumeWithinMs = 60_000;

const memoryKey = "tikfinity";

/** How a broadcast ended: `certain` unless only the app's line did. */
interface End {
  readonly certain: boolean;
  readonly atMs: number;
}

/** The broadcasts of one run, one after the other. */
export class Broadcasts {
  #roomId = "";
  /** As the app named it, "" when it did not. */
  #given = "";
  #end: End | undefined;
  #serial = 0;

  /** Those of a run; new ones where there is no memory. */
  static of(memory: RunMemory | undefined): Broadcasts {
    const known = memory?.get(memoryKey);
    if (known instanceof Broadcasts) return known;
    const broadcasts = new Broadcasts();
    memory?.set(memoryKey, broadcasts);
    return broadcasts;
  }

  /** Whether the last one is over. */
  get isOver(): boolean {
    return this.#end !== undefined;
  }

  /** When the last one ended, ms since 1970. */
  get endedAtMs(): number | undefined {
    return this.#end?.atMs;
  }

  /**
   * A broadcast is live; `given` is the app's name for its room, "" for none. Gives the room to tell. The first is "", unknown, without
   * a name: so what an earlier run of the program counted of it goes on.
   */
  live(given: string, nowMs: number): string {
    const resumes = this.#end === undefined || (!this.#end.certain && nowMs - this.#end.atMs <= resumeWithinMs);
    const same = given === "" ? resumes : given === this.#given || (this.#given === "" && resumes);
    this.#end = undefined;
    if (!same) this.#roomId = given || this.#name(nowMs);
    else this.#roomId ||= given;
    if (!same || given !== "") this.#given = given;
    return this.#roomId;
  }

  /** The broadcast is over. Gives its room: one without a name gets one, so that the next can be another. */
  end(certain: boolean, nowMs: number): string {
    this.#end = { certain, atMs: nowMs };
    this.#roomId ||= this.#name(nowMs);
    return this.#roomId;
  }

  /** With the time in it: the next run of the program makes up others. */
  #name(nowMs: number): string {
    return `local-${++this.#serial}-${nowMs}`;
  }
}
