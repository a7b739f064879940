/**
 * Room entry: tells what a new line hears once it is known which broadcast it leads into. The one before may be over, and what belongs
 * to the next would else be counted in the old room and, when the provider names the new one, again.
 */
import type { Clock } from "../clock.ts";
import type { RunMemory, SourceEvent, SourceListener } from "./source.ts";

/** Longest that a line's first events wait for its room, ms; after that it leads where the line before it led. */
export const entryWithinMs = 5000;
/** Events that wait at most; with one more the line leads where the one before it led. */
export const maxWaiting = 1000;

/** Where the run's memory has the room of the lines before. */
const memoryKey = "room";

export interface RoomEntryOptions {
  listener: Pick<SourceListener, "live" | "event">;
  /** The run's: nothing waits before the run has known a room. Missing where nothing is known of earlier lines. */
  memory: RunMemory | undefined;
  /** Missing where frames come without a line, as from a recording: then the events' own dates tell how long they waited. */
  clock?: Clock;
}

/** The entry of one line. */
export class RoomEntry {
  readonly #options: RoomEntryOptions;
  #roomId = "";
  #isLive = false;
  #waiting: SourceEvent[] = [];
  #firstTs = 0;
  #cancelWait: (() => void) | undefined;

  constructor(options: RoomEntryOptions) {
    this.#options = options;
  }

  /** The room, "" while it is unknown. */
  get roomId(): string {
    return this.#roomId;
  }

  /** The provider says that the line is in a room: "" when it does not say in which. */
  enter(roomId: string): void {
    if (roomId === "" && this.#mustWait()) this.#wait();
    else this.#goLive(roomId);
  }

  /** Tells an event. One that names its room (`roomId`) is told at once, and what waited before it. */
  tell(event: SourceEvent): void {
    if (!this.#isLive && event.roomId === "" && this.#mustWait()) {
      this.#waiting.push(event);
      this.#wait();
      if (event.type === "streamEnd" || this.#waiting.length > maxWaiting || this.#waitedBy(event.ts)) this.#goLive("");
      return;
    }
    if (!this.#isLive || (this.#roomId === "" && event.roomId !== "")) this.#goLive(event.roomId);
    this.#options.listener.event(event);
  }

  /** The line is over, or nearly: tells what still waits. */
  settle(): void {
    if (this.#waiting.length > 0) this.#goLive("");
    this.#cancelWait?.();
  }

  /** Nobody listens any more: frees the timer. */
  stop(): void {
    this.#waiting = [];
    this.#cancelWait?.();
  }

  #mustWait(): boolean {
    const { memory } = this.#options;
    return !this.#isLive && (memory === undefined || memory.has(memoryKey));
  }

  #wait(): void {
    this.#cancelWait ??= this.#options.clock?.after(entryWithinMs, () => this.#goLive(""));
  }

  #waitedBy(ts: number): boolean {
    if (this.#options.clock || ts <= 0) return false;
    this.#firstTs ||= ts;
    return ts - this.#firstTs > entryWithinMs;
  }

  #goLive(roomId: string): void {
    const { listener, memory } = this.#options;
    this.#cancelWait?.();
    this.#roomId = roomId || this.#roomId;
    this.#isLive = true;
    if (this.#roomId !== "") memory?.set(memoryKey, this.#roomId);
    listener.live(this.#roomId);
    const waited = this.#waiting;
    this.#waiting = [];
    for (const event of waited) listener.event(event);
  }
}
