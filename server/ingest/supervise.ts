/**
 * Supervision of a live source, once for all of them. In order: 1. connect; 2. watch for silence; 3. when the line is over, decide by
 * its CloseClass (policy.ts) when to try again; 4. forget earlier failures only after a stable time. There is never more than one
 * line, one pending attempt and one watch timer, and `stop` leaves none of them.
 */
import type { Clock } from "../clock.ts";
import { explainClose, retryPolicy } from "./policy.ts";
import type {
  CloseClass,
  Connection,
  Frame,
  Receipt,
  RunMemory,
  SourceDefinition,
  SourceEvent,
  SourceSettings,
  SourceState,
} from "./source.ts";

/** A line live for this long is stable: earlier failures are forgotten, ms. */
export const stableAfterMs = 30_000;
/**
 * A line open for this long is forgiven the refreshes before it, ms. Plans allow for lines of 5 minutes or longer (protocols 1.2): such a
 * line is asked for a fresh one as agreed, and a shorter one is trouble, whatever it brought.
 */
export const refreshForgivenAfterMs = 4 * 60_000;
/** An event also proves a line stable, but not one that comes just after opening: accept-then-close loops send some (protocols 1.3). */
export const stableByEventMs = 5000;
/** How long a line may stay open after the broadcast said it ended, for late gift frames, ms. */
export const lingerMs = 10_000;
const defaultSilenceMs = 60_000;

/** States that say why the next attempt waits: no longer true once it is made. */
const waitsForTrouble: ReadonlySet<SourceState> = new Set(["rateLimited", "quotaUsedUp", "wrongKey", "evicted"]);

/** What the supervisor tells its owner. */
export interface SupervisorListener {
  /** The broadcast is live in this room, on a line opened at `connectedAtMs`. */
  live(roomId: string, connectedAtMs: number): void;
  frame(frame: Frame): void;
  event(event: SourceEvent): Receipt;
  ignored(reason: "control" | "unknown" | "broken"): void;
  /** What the provider says is wrong. */
  trouble(detail: string): void;
  opened(): void;
  /** A line, or the attempt at one, is over; `trouble` is what to tell of it, "" when it comes back by itself or was told before. */
  lost(trouble: string): void;
  /** The broadcast is over (not just the line). */
  over(reason: string): void;
}

export interface SupervisorStatus {
  state: SourceState;
  detail: string;
  /** Since when it is in this state, ms since 1970. */
  sinceMs: number;
  /** When it tries again, ms since 1970; undefined when it does not wait. */
  retryAtMs: number | undefined;
  connects: number;
  /** Connects after the first. */
  reconnects: number;
  /** Lines given up because nothing came any more. */
  silences: number;
}

export interface Supervisor {
  /** Connects for the first time, or fails at once when the settings lack something. Call it once. */
  start(): void;
  /** The source said that the broadcast is over; the line may stay a little for what comes late. */
  streamEnded(reason: string): void;
  status(): SupervisorStatus;
  /** Hands a message to the line of a source that programs push to; undefined when there is no such line. */
  receive(message: unknown): unknown;
  /** Ends everything; nothing is reported any more. */
  stop(): Promise<void>;
}

export interface SupervisorOptions {
  source: SourceDefinition;
  settings: SourceSettings;
  clock: Clock;
  /** Gives numbers in [0, 1). */
  random: () => number;
  listener: SupervisorListener;
}

/** Creates the supervision of one source; nothing happens before `start`. */
export function createSupervisor(options: SupervisorOptions): Supervisor {
  return new SourceSupervisor(options);
}

function waitingOnOpenLine(target: string): string {
  return `Connected; waiting for ${target} to go live.`;
}

/** Whether a line's end is worth an error event: not when it comes back by itself at once, nor again for every try. */
function isTrouble(why: CloseClass, tries: number): boolean {
  return why !== "notLive" && why !== "ended" && why !== "finished" && why !== "refresh" && tries === 1;
}

/** One connection and what is known of it. Once replaced, nothing it reports is listened to. */
interface Line {
  connection: Connection | undefined;
  openedAtMs: number | undefined;
  liveSinceMs: number | undefined;
  lastAliveMs: number;
  over: boolean;
}

class SourceSupervisor implements Supervisor {
  readonly #options: SupervisorOptions;
  readonly #target: string;
  readonly #silenceMs: number;
  readonly #closing = new Set<Promise<void>>();
  readonly #memory: RunMemory = new Map();
  #line: Line | undefined;
  #cancelRetry: (() => void) | undefined;
  #cancelWatch: (() => void) | undefined;
  #cancelLinger: (() => void) | undefined;
  /** How often in a row lines ended in each way. */
  readonly #tries = new Map<CloseClass, number>();
  #everLive = false;
  #stopped = false;
  #status: SupervisorStatus;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    this.#target = options.source.target(options.settings);
    this.#silenceMs = options.source.silenceMs ?? defaultSilenceMs;
    this.#status = {
      state: "connecting",
      detail: `Connecting to ${this.#target}.`,
      sinceMs: options.clock.now(),
      retryAtMs: undefined,
      connects: 0,
      reconnects: 0,
      silences: 0,
    };
  }

  start(): void {
    const { source, settings } = this.#options;
    const missing = source.check(settings);
    if (missing === undefined) this.#connect();
    else this.#enter("failed", missing);
  }

  status(): SupervisorStatus {
    return { ...this.#status };
  }

  streamEnded(reason: string): void {
    const line = this.#line;
    if (!line || this.#cancelLinger) return;
    if (this.#options.source.staysOpen) {
      line.liveSinceMs = undefined;
      this.#enter("waitingForLive", waitingOnOpenLine(this.#target));
      return;
    }
    this.#enter("ended", explainClose("ended", this.#target, reason));
    this.#cancelLinger = this.#options.clock.after(lingerMs, () =>
      this.#closed(line, { class: "ended", detail: reason }),
    );
  }

  receive(message: unknown): unknown {
    return this.#line?.connection?.receive?.(message);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#status.retryAtMs = undefined;
    this.#endLine();
    await Promise.all(this.#closing);
  }

  #connect(): void {
    const { source, settings, clock, listener } = this.#options;
    const line: Line = {
      connection: undefined,
      openedAtMs: undefined,
      liveSinceMs: undefined,
      lastAliveMs: clock.now(),
      over: false,
    };
    this.#line = line;
    if (this.#status.connects++ > 0) this.#status.reconnects++;
    if (waitsForTrouble.has(this.#status.state)) {
      this.#enter(this.#everLive ? "reconnecting" : "connecting", `Connecting to ${this.#target} again.`);
    }
    this.#watch(line);
    const guard = (act: () => void) => {
      if (!line.over) act();
    };
    try {
      line.connection = source.connect(
        settings,
        {
          opened: () => guard(() => this.#opened(line)),
          live: (roomId) => guard(() => this.#live(line, roomId)),
          alive: () => {
            line.lastAliveMs = clock.now();
          },
          frame: (frame) => guard(() => listener.frame(frame)),
          event: (event) => (line.over ? "unheard" : this.#event(line, event)),
          ignored: (reason) => guard(() => listener.ignored(reason)),
          trouble: (detail) => guard(() => listener.trouble(detail)),
          closed: (why) => guard(() => this.#closed(line, why)),
        },
        clock,
        this.#memory,
      );
      // It may already have reported its end while connecting.
      if (line.over) this.#release(line);
    } catch (error) {
      this.#closed(line, { class: "network", detail: error instanceof Error ? error.message : String(error) });
    }
  }

  #opened(line: Line): void {
    line.openedAtMs = this.#options.clock.now();
    line.lastAliveMs = line.openedAtMs;
    this.#options.listener.opened();
    if (this.#options.source.staysOpen) this.#enter("waitingForLive", waitingOnOpenLine(this.#target));
    else if (this.#status.state === "connecting" || this.#status.state === "reconnecting") {
      this.#enter(this.#status.state, `Connected; waiting to hear of ${this.#target}'s broadcast.`);
    }
  }

  #live(line: Line, roomId: string): void {
    const nowMs = this.#options.clock.now();
    line.openedAtMs ??= nowMs;
    line.liveSinceMs ??= nowMs;
    line.lastAliveMs = nowMs;
    this.#everLive = true;
    this.#cancelLinger?.();
    this.#cancelLinger = undefined;
    this.#enter("live", `Receiving the broadcast of ${this.#target}.`);
    this.#options.listener.live(roomId, line.openedAtMs);
  }

  #event(line: Line, event: SourceEvent): Receipt {
    const nowMs = this.#options.clock.now();
    line.lastAliveMs = nowMs;
    if (line.openedAtMs !== undefined && nowMs - line.openedAtMs >= stableByEventMs) this.#forgive();
    return this.#options.listener.event(event);
  }

  #closed(line: Line, why: { class: CloseClass; detail: string; retryAfterMs?: number }): void {
    if (line.over || this.#stopped) return;
    const { clock, random, listener } = this.#options;
    const hasBeen = (sinceMs: number | undefined, ms: number) => sinceMs !== undefined && clock.now() - sinceMs >= ms;
    if (hasBeen(line.liveSinceMs, stableAfterMs)) this.#forgive();
    if (hasBeen(line.openedAtMs, refreshForgivenAfterMs)) this.#tries.delete("refresh");
    // After the broadcast's end the line's own end means nothing else, unless it says that the key or plan is the trouble.
    const told = this.#cancelLinger !== undefined && (why.class === "network" || why.class === "notLive");
    const reason = told ? "ended" : why.class;
    this.#endLine();
    const tries = (this.#tries.get(reason) ?? 0) + 1;
    this.#tries.set(reason, tries);
    const { state, delayMs } = retryPolicy({
      class: reason,
      tries,
      retryAfterMs: why.retryAfterMs,
      wasLive: this.#everLive,
      random: random(),
      withinMs: this.#options.source.retryWithinMs,
    });
    const explained = explainClose(reason, this.#target, why.detail);
    this.#enter(state, explained);
    listener.lost(isTrouble(reason, tries) ? explained : "");
    if (reason === "ended" || reason === "finished" || reason === "notLive") listener.over(why.detail);
    if (delayMs !== undefined) this.#retryAfter(delayMs);
  }

  /** Forgets how lines ended before, but for refreshes: those would come back at once, over and over. */
  #forgive(): void {
    for (const why of this.#tries.keys()) if (why !== "refresh") this.#tries.delete(why);
  }

  /** Plans the one next attempt. */
  #retryAfter(delayMs: number): void {
    const { clock } = this.#options;
    this.#cancelRetry?.();
    this.#status.retryAtMs = clock.now() + delayMs;
    this.#cancelRetry = clock.after(delayMs, () => {
      this.#cancelRetry = undefined;
      this.#status.retryAtMs = undefined;
      this.#connect();
    });
  }

  /** Gives the line up after `silenceMs` without a sign of life. One timer, not one per message. */
  #watch(line: Line): void {
    const { clock } = this.#options;
    if (this.#silenceMs === Number.POSITIVE_INFINITY) return;
    const leftMs = line.lastAliveMs + this.#silenceMs - clock.now();
    this.#cancelWatch = clock.after(Math.max(1, leftMs), () => {
      if (clock.now() - line.lastAliveMs < this.#silenceMs) {
        this.#watch(line);
        return;
      }
      this.#status.silences++;
      const seconds = Math.round(this.#silenceMs / 1000);
      this.#closed(line, { class: "network", detail: `nothing arrived for ${seconds} s` });
    });
  }

  #endLine(): void {
    this.#cancelWatch?.();
    this.#cancelLinger?.();
    this.#cancelWatch = undefined;
    this.#cancelLinger = undefined;
    if (this.#line) this.#release(this.#line);
    this.#line = undefined;
  }

  /** Frees a line's connection, also one that ended by itself. */
  #release(line: Line): void {
    line.over = true;
    if (!line.connection) return;
    const done: Promise<void> = line.connection
      .stop()
      .catch(() => undefined)
      .finally(() => this.#closing.delete(done));
    this.#closing.add(done);
  }

  #enter(state: SourceState, detail: string): void {
    if (this.#status.state !== state) this.#status.sinceMs = this.#options.clock.now();
    this.#status.state = state;
    this.#status.detail = detail;
  }
}
