/** One source at work: supervisor to counting to whatever takes the events, with the stream's start and end told once each. */
import { type LiveEvent, liveEventSchema } from "../../shared/events/live-event.ts";
import type { Clock } from "../clock.ts";
import { type CountingCounters, type CountingOptions, createCounting } from "./counting.ts";
import type { CarriedCombo } from "./gifts.ts";
import { explainRetry } from "./policy.ts";
import type { Recorder } from "./recorder.ts";
import type { Receipt, SourceDefinition, SourceEvent, SourceSettings, SourceState } from "./source.ts";
import { createSupervisor, type Supervisor } from "./supervise.ts";
import { cleanText, cutText } from "./text.ts";

/** Numbers of one source since it was started. */
export interface SourceCounters extends CountingCounters {
  /** Messages of all kinds. */
  received: number;
  ignoredControl: number;
  ignoredUnknown: number;
  /** Times that it told of trouble. */
  troubles: number;
  connects: number;
  reconnects: number;
  silences: number;
}

/** A source as the streamer sees it. */
export interface SourceStatus {
  /** Its name in this show: the source's id, with whom it follows where two have the same. */
  id: string;
  platform: string;
  /** Whom it follows: "@streamer". */
  target: string;
  state: SourceState;
  /** One plain sentence: what the state means and what to do. */
  detail: string;
  /** Since when, ms since 1970. */
  sinceMs: number;
  /** When it tries again, ms since 1970. */
  retryAtMs?: number;
  /** The broadcast, "" when unknown. */
  roomId: string;
  counters: SourceCounters;
}

export interface RunOptions {
  /** Its name in this show. */
  name: string;
  /** Whose its events are said to be: a backup's are those of the source it stands by for. Default: its own name. */
  tellAs?: string | undefined;
  source: SourceDefinition;
  settings: SourceSettings;
  clock: Clock;
  random: () => number;
  takenBefore: ReadonlySet<string> | undefined;
  /** As for counting: those of the name that its events are told under. */
  combosBefore: readonly CarriedCombo[];
  recorder?: Recorder | undefined;
  out: (event: LiveEvent) => void;
}

export interface Run {
  readonly name: string;
  readonly source: SourceDefinition;
  readonly target: string;
  status(): SourceStatus;
  state(): SourceState;
  /** Closes combos that fell silent, ends waits that are over; call it about once a second. */
  idle(nowMs: number): void;
  /** Hands a message to a source that programs push to; undefined while its line is not open, or when it is no such source. */
  receive(message: unknown): unknown;
  /** Ends the line, then lets out what still waited. */
  stop(): Promise<void>;
}

/** Starts a source. */
export function startRun(options: RunOptions): Run {
  return new SourceRun(options);
}

class SourceRun implements Run {
  readonly name: string;
  readonly source: SourceDefinition;
  readonly target: string;
  readonly #options: RunOptions;
  readonly #counting;
  readonly #supervisor: Supervisor;
  readonly #received = { received: 0, ignoredControl: 0, ignoredUnknown: 0, broken: 0, troubles: 0 };
  #streaming = false;
  #marks = 0;

  constructor(options: RunOptions) {
    const { name, source, settings, clock, random, out, recorder } = options;
    this.name = name;
    this.source = source;
    this.target = source.target(settings);
    this.#options = options;
    this.#counting = createCounting({
      source: this.#tellAs(),
      out,
      tellsReplay: source.tellsReplay,
      ...beforeOf(options),
    });
    this.#supervisor = createSupervisor({
      source,
      settings,
      clock,
      random,
      listener: {
        live: (roomId, connectedAtMs) => this.#live(roomId, connectedAtMs),
        frame: (frame) => recorder?.frame(frame),
        opened: () => recorder?.line(true),
        lost: (trouble) => {
          recorder?.line(false);
          if (trouble !== "") this.#tell(trouble);
        },
        event: (event) => this.#event(event),
        ignored: (reason) => this.#ignored(reason),
        trouble: (detail) => {
          this.#received.received++;
          this.#tell(detail);
        },
        over: (reason) => this.#setStreaming(false, reason),
      },
    });
    this.#supervisor.start();
  }

  status(): SourceStatus {
    const { state, detail, sinceMs, retryAtMs } = this.#supervisor.status();
    return {
      id: this.name,
      platform: this.source.platform,
      target: this.target,
      state,
      detail: retryAtMs === undefined ? detail : `${detail} ${explainRetry(retryAtMs, this.#options.clock.now())}`,
      sinceMs,
      ...(retryAtMs === undefined ? {} : { retryAtMs }),
      roomId: this.#counting.roomId(),
      counters: this.#counters(),
    };
  }

  state(): SourceState {
    return this.#supervisor.status().state;
  }

  idle(nowMs: number): void {
    this.#counting.idle(nowMs);
  }

  receive(message: unknown): unknown {
    return this.#supervisor.receive(message);
  }

  async stop(): Promise<void> {
    await this.#supervisor.stop();
    this.#counting.settle();
  }

  #tellAs(): string {
    return this.#options.tellAs ?? this.name;
  }

  #counters(): SourceCounters {
    const { connects, reconnects, silences } = this.#supervisor.status();
    const counted = this.#counting.counters();
    const { broken, ...received } = this.#received;
    return { ...counted, broken: counted.broken + broken, ...received, connects, reconnects, silences };
  }

  #live(roomId: string, connectedAtMs: number): void {
    const known = this.#counting.roomId();
    if (this.#streaming && roomId !== "" && known !== "" && roomId !== known) {
      this.#setStreaming(false, "another broadcast began");
    }
    this.#counting.enterRoom(roomId, connectedAtMs);
    this.#setStreaming(true, "");
  }

  #event(event: SourceEvent): Receipt {
    this.#received.received++;
    if (event.type === "streamStart") this.#setStreaming(true, "");
    else if (event.type === "streamEnd") {
      this.#setStreaming(false, event.reason);
      this.#supervisor.streamEnded(event.reason);
    } else return this.#counting.count(event, this.#options.clock.now());
    return "accepted";
  }

  #ignored(reason: "control" | "unknown" | "broken"): void {
    this.#received.received++;
    if (reason === "broken") this.#received.broken++;
    else if (reason === "control") this.#received.ignoredControl++;
    else this.#received.ignoredUnknown++;
  }

  #tell(reason: string): void {
    this.#received.troubles++;
    this.#mark({ type: "error", reason: cutText(cleanText(reason, 200), 200) });
  }

  #setStreaming(on: boolean, reason: string): void {
    if (this.#streaming === on) return;
    this.#streaming = on;
    if (!on) this.#counting.settle();
    this.#mark(on ? { type: "streamStart" } : { type: "streamEnd", reason: cutText(cleanText(reason, 200), 200) });
  }

  /** Tells of the stream or the source itself; a line's own words can be of any length. */
  #mark(what: { type: "streamStart" } | { type: "streamEnd" | "error"; reason: string }): void {
    const nowMs = this.#options.clock.now();
    const source = this.#tellAs();
    const id = `${source}:${what.type} ${this.source.id} ${nowMs} ${this.#marks++}`;
    const roomId = this.#counting.roomId().slice(0, 128);
    const base = { id, source, roomId, ts: nowMs, receivedAt: nowMs };
    try {
      this.#options.out(liveEventSchema.parse({ ...base, ...what }));
    } catch {
      // Thrown on, it would come out in the handler of the source's socket and end the program, for want of a mark.
      this.#received.broken++;
    }
  }
}

/** What a run knows of earlier ones. One that acts anew knows nothing of them, and its ids tell when it began, so that they are no others'. */
function beforeOf({ source, clock, takenBefore, combosBefore }: RunOptions): Partial<CountingOptions> {
  if (source.actsAnew) return { playing: clock.now().toString(36) };
  return { takenBefore, combosBefore };
}
