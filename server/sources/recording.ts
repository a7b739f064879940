/**
 * Source "recording": plays a stream that `--record` wrote, through the very ears of the source that heard it. Dates are moved to now,
 * so that what was news then is news again.
 */

import { closeSync, createReadStream, existsSync, openSync, readSync } from "node:fs";
import { createInterface } from "node:readline";
import type { Clock } from "../clock.ts";
import { allPictureHosts } from "../ingest/picture-hosts.ts";
import { parseHeader, parseMoment, type RecordingHeader } from "../ingest/recorder.ts";
import {
  type Connection,
  defineSource,
  type Ear,
  type RunMemory,
  type SourceDefinition,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { moduleAt } from "../project.ts";

/** Longest first line that is looked at, bytes. */
const maxHeaderBytes = 4096;

/** The header of the file, or a sentence for the streamer that says what is wrong with it. */
function headerOf(file: string): RecordingHeader | string {
  if (file === "") return "A recording needs its file: add --source recording:FILE.";
  let text: string;
  try {
    const handle = openSync(file, "r");
    const bytes = Buffer.alloc(maxHeaderBytes);
    text = bytes.toString("utf8", 0, readSync(handle, bytes, 0, maxHeaderBytes, 0));
    closeSync(handle);
  } catch {
    return `The recording ${file} cannot be read; check its path.`;
  }
  const header = parseHeader(text.split("\n", 1)[0]!);
  if (!header) return `${file} is no recording; recordings are made with --record FILE.`;
  if (existsSync(sourceFile(header.source))) return header;
  return `${file} was recorded from "${header.source}", a source that this version does not have.`;
}

function sourceFile(id: string): URL {
  return moduleAt(`./${id}`, import.meta.url);
}

async function recordedSource(id: string): Promise<SourceDefinition> {
  return ((await import(sourceFile(id).href)) as { default: SourceDefinition }).default;
}

/** Plays the file from its beginning; the line is over with it. */
function connect(settings: SourceSettings, listener: SourceListener, clock: Clock): Connection {
  const player = new Player(settings, listener, clock);
  const played = player.play().catch((error: Error) => player.end("network", error.message));
  return {
    async stop() {
      player.stop();
      await played;
    },
  };
}

class Player {
  readonly #settings: SourceSettings;
  readonly #listener: SourceListener;
  readonly #clock: Clock;
  /** What the recorded run kept from line to line, kept again as its lines are played. */
  readonly #memory: RunMemory = new Map();
  #stopped = false;
  #wake: (() => void) | undefined;

  constructor(settings: SourceSettings, listener: SourceListener, clock: Clock) {
    this.#settings = settings;
    this.#listener = listener;
    this.#clock = clock;
  }

  stop(): void {
    this.#stopped = true;
    this.#wake?.();
  }

  end(reason: "finished" | "network" | "config", detail: string): void {
    if (!this.#stopped) this.#listener.closed({ class: reason, detail });
  }

  async play(): Promise<void> {
    const file = this.#settings.user;
    const header = headerOf(file);
    if (typeof header === "string") {
      this.end("config", header);
      return;
    }
    const source = await recordedSource(header.source);
    if (this.#stopped) return;
    const input = createReadStream(file);
    const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
    try {
      this.#listener.opened();
      await this.#playLines(lines, header, source);
    } finally {
      lines.close();
      input.destroy();
    }
    this.end("finished", file);
  }

  async #playLines(lines: AsyncIterable<string>, header: RecordingHeader, source: SourceDefinition): Promise<void> {
    const startMs = this.#clock.now();
    let atMs = 0;
    const listen = (): Ear => this.#listen(source, header, () => header.startedAt + atMs);
    let ear = listen();
    let isFirst = true;
    for await (const text of lines) {
      if (this.#stopped) return;
      const moment = isFirst ? undefined : parseMoment(text);
      if (moment) {
        atMs = Math.max(atMs, moment.at);
        await this.#until(startMs + atMs / this.#settings.speed);
        if (this.#stopped) return;
        this.#listener.alive();
        if ("line" in moment) ear = listen();
        else ear.hear("text" in moment ? moment.text : Buffer.from(moment.base64, "base64"));
      } else if (!isFirst && text !== "") this.#listener.ignored("broken");
      isFirst = false;
    }
  }

  /** An ear of the recorded source: its dates are moved to now, and an end it hears is only that of the recorded line. */
  #listen(source: SourceDefinition, header: RecordingHeader, thenMs: () => number): Ear {
    const listener = this.#listener;
    const moved: SourceListener = {
      ...listener,
      event: (event) =>
        listener.event(event.ts > 0 ? { ...event, ts: event.ts + this.#clock.now() - thenMs() } : event),
      closed: () => undefined,
    };
    return source.listen!({ ...this.#settings, user: header.user }, moved, this.#memory);
  }

  #until(dueMs: number): Promise<void> {
    const waitMs = dueMs - this.#clock.now();
    if (waitMs <= 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#clock.after(waitMs, resolve);
      this.#wake = () => {
        cancel();
        resolve();
      };
    });
  }
}

export default defineSource({
  id: "recording",
  summary: "A stream recorded with --record FILE, played at any speed: --source recording:FILE --speed 4",
  platform: "any",
  avatarHosts: allPictureHosts,
  // A recorded stream may have been silent for any time.
  silenceMs: Number.POSITIVE_INFINITY,
  // The broadcast's recorded end is not the file's, and must not play it again.
  staysOpen: true,
  actsAnew: true,
  check(settings) {
    const header = headerOf(settings.user);
    return typeof header === "string" ? header : undefined;
  },
  target: (settings) => settings.user,
  connect,
});
