/**
 * /api/events: what happened in the show and why, as server-sent events or as one JSON list. Words are made when they are sent, not in
 * the tick; a flood or a slow reader costs the show nothing. Mounted behind the operator's token.
 */
import { type Response, Router } from "express";
import { z } from "zod";
import { type LiveEvent, liveEventTypes } from "../../shared/events/live-event.ts";
import { isPaid } from "../../shared/rules/engine.ts";
import { explain, type RuleExplanation } from "../../shared/rules/explain.ts";
import type { Acted } from "../../shared/sim/acted.ts";
import type { Clock } from "../clock.ts";
import type { RulesNews } from "../live-rules.ts";
import { type EventLog, keptEvents, type LoggedEvent } from "../room/event-log.ts";
import type { ShowRules } from "../show-rules.ts";
import { summaryOf } from "./event-words.ts";

const maxReaders = 16;
/** What waits for a reader who does not read; more, and it is cut off. One go is half of it at most (100 bytes a rule). */
const maxUnreadBytes = 4 * 1024 * 1024;
/** Events are collected for so long and then sent together, ms. */
const flushMs = 100;
/** Most events told in one go, and as many gifts and subscriptions; of more, these wait for the next go, others are left out. */
const maxPerTurn = 50;
/** Most rules to be asked about in one go, all its events together: about 10 ms (measured: 1 µs a rule). */
const maxRulesPerTurn = 10_000;
/** Gifts, subscriptions and acts that wait to be told. */
const maxWaiting = keptEvents;
const keepAliveMs = 15_000;
const defaultLast = 50;

const querySchema = z.object({
  last: z.coerce
    .number()
    .int()
    .min(0)
    .max(2 * keptEvents)
    .default(defaultLast),
  type: z.enum([...liveEventTypes, "show"]).optional(),
  format: z.enum(["json", "sse"]).default("sse"),
});

export interface EventsApiParts {
  log: Pick<EventLog, "recent" | "listen">;
  rules: Pick<ShowRules, "listen">;
  clock: Clock;
}

export interface EventsCounters {
  /** Connected now. */
  readers: number;
  /** Turned away because there were too many; cut off because they did not read. */
  refused: number;
  cutOff: number;
  /** Events left out in a flood. */
  skipped: number;
  /** Events that could not be explained; a fault in the program. */
  errors: number;
}

export interface EventsApi {
  readonly router: Router;
  counters(): Readonly<EventsCounters>;
  /** Ends all lines. */
  stop(): void;
}

/** Creates the router for `/api/events`. */
export function createEventsApi(parts: EventsApiParts): EventsApi {
  const hub = new Hub(parts);
  const router = Router();
  router.get("/", async (request, response) => {
    const query = querySchema.safeParse(request.query);
    if (!query.success) {
      const problems = query.error.issues.map((issue) => `${issue.path.join(".")}: ${issue.message}`);
      response.status(400).json({ error: "These events cannot be given.", problems });
      return;
    }
    const { last, type, format } = query.data;
    const fits = (event: LiveEvent | undefined) => type === undefined || type === (event?.type ?? "show");
    if (format === "json") await hub.list(last, fits, response);
    else await hub.stream(last, fits, response);
  });
  return { router, counters: () => hub.counters, stop: () => hub.stop() };
}

type Fits = (event: LiveEvent | undefined) => boolean;

interface Reader {
  readonly response: Response;
  readonly fits: Fits;
  /** Entries up to this one are told as earlier ones. */
  readonly fromSeq: number;
  /** What came while the earlier ones are still being told; undefined after that. */
  held: string[] | undefined;
  heldBytes: number;
}

class Hub {
  readonly counters: EventsCounters = { readers: 0, refused: 0, cutOff: 0, skipped: 0, errors: 0 };
  readonly #parts: EventsApiParts;
  readonly #readers = new Set<Reader>();
  #pending: (LoggedEvent | Acted)[] = [];
  #pendingFree = 0;
  #skipped = 0;
  #cancelFlush: (() => void) | undefined;
  #rest: (() => void) | undefined;

  constructor(parts: EventsApiParts) {
    this.#parts = parts;
  }

  async list(last: number, fits: Fits, response: Response): Promise<void> {
    response.type("json").write("[");
    let isFirst = true;
    await this.#tellEarlier(last, fits, response, (text) => {
      const separator = isFirst ? "" : ",";
      isFirst = false;
      return `${separator}\n${text}`;
    });
    response.end("\n]\n");
  }

  async stream(last: number, fits: Fits, response: Response): Promise<void> {
    if (this.#readers.size >= maxReaders) {
      this.counters.refused++;
      const error = `${maxReaders} programs read the events already. Close one of them, or ask with ?format=json.`;
      response.status(503).json({ error });
      return;
    }
    response.set({ "Content-Type": "text/event-stream", "Cache-Control": "no-store", "X-Accel-Buffering": "no" });
    response.flushHeaders();
    const fromSeq = this.#parts.log.recent(1, () => true)[0]?.seq ?? 0;
    const reader: Reader = { response, fits, fromSeq, held: [], heldBytes: 0 };
    this.#add(reader);
    response.on("close", () => this.#remove(reader));
    await this.#tellEarlier(last, fits, response, messageOf);
    const { held } = reader;
    reader.held = undefined;
    reader.heldBytes = 0;
    for (const text of held ?? []) this.#write(reader, text);
  }

  stop(): void {
    for (const { response } of this.#readers) response.end();
    for (const reader of this.#readers) this.#remove(reader);
  }

  /** Writes what the log holds, a few at a time, as fast as the other side reads. */
  async #tellEarlier(last: number, fits: Fits, response: Response, framed: (text: string) => string): Promise<void> {
    const entries = last === 0 ? [] : this.#parts.log.recent(last, fits);
    for (let from = 0; from < entries.length && !response.destroyed; ) {
      const budget = new Budget();
      let text = "";
      while (from < entries.length && budget.takes(entries[from]!)) text += framed(this.#textOf(entries[from++]!));
      const hasRoom = response.write(text);
      await new Promise<void>((resume) => {
        if (hasRoom) setImmediate(resume);
        else response.once("drain", resume).once("close", resume);
      });
    }
  }

  #add(reader: Reader): void {
    this.#readers.add(reader);
    this.counters.readers = this.#readers.size;
    if (this.#rest) return;
    const { log, rules, clock } = this.#parts;
    const endLog = log.listen({ decided: (entry) => this.#note(entry), acted: (act) => this.#note(act) });
    const endRules = rules.listen((news) => this.#send(messageOf(JSON.stringify(wordsOf(news, clock)), "rules")));
    let cancelKeepAlive = clock.after(keepAliveMs, function again(this: void) {
      cancelKeepAlive = clock.after(keepAliveMs, again);
      keepAlive();
    });
    const keepAlive = () => this.#send(": still here\n\n");
    this.#rest = () => {
      endLog();
      endRules();
      cancelKeepAlive();
    };
  }

  #remove(reader: Reader): void {
    if (!this.#readers.delete(reader)) return;
    this.counters.readers = this.#readers.size;
    if (this.#readers.size > 0) return;
    this.#rest?.();
    this.#rest = undefined;
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    this.#forget();
  }

  /** In the tick: takes note and nothing else. */
  #note(item: LoggedEvent | Acted): void {
    if ("seq" in item && ![...this.#readers].some(({ fits }) => fits(item.event))) return;
    const isOfFree = isFree(item);
    if (isOfFree ? this.#pendingFree >= maxPerTurn : this.#pending.length - this.#pendingFree >= maxWaiting) {
      this.#skipped++;
      return;
    }
    if (isOfFree) this.#pendingFree++;
    this.#pending.push(item);
    this.#plan();
  }

  #plan(): void {
    this.#cancelFlush ??= this.#parts.clock.after(flushMs, () => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush = undefined;
    const pending = this.#pending;
    let skipped = this.#skipped;
    this.#forget();
    const [paid, free] = [new Budget(), new Budget()];
    for (const item of pending) {
      if (!("seq" in item)) this.#send(messageOf(JSON.stringify(actsOf(item)), "acts"));
      else if ((isFree(item) ? free : paid).takes(item)) this.#tell(item);
      else if (isFree(item)) skipped++;
      else this.#pending.push(item);
    }
    if (this.#pending.length > 0) this.#plan();
    if (skipped === 0) return;
    this.counters.skipped += skipped;
    this.#send(messageOf(JSON.stringify({ count: skipped }), "skipped"));
  }

  #tell(entry: LoggedEvent): void {
    const takers = [...this.#readers].filter(({ fits, fromSeq }) => entry.seq > fromSeq && fits(entry.event));
    if (takers.length === 0) return;
    const text = messageOf(this.#textOf(entry));
    for (const reader of takers) this.#write(reader, text);
  }

  #forget(): void {
    this.#pending = [];
    this.#pendingFree = 0;
    this.#skipped = 0;
  }

  #send(text: string): void {
    for (const reader of [...this.#readers]) this.#write(reader, text);
  }

  #write(reader: Reader, text: string): void {
    // It may have been cut off a moment ago.
    if (!this.#readers.has(reader)) return;
    const { response, held } = reader;
    if (held) {
      held.push(text);
      reader.heldBytes += text.length;
    } else response.write(text);
    if (reader.heldBytes + response.writableLength <= maxUnreadBytes) return;
    this.counters.cutOff++;
    this.#remove(reader);
    response.destroy();
  }

  /** An event with all that is known of it, as JSON. */
  #textOf({ atMs, tick, event, traces, rules, acts }: LoggedEvent): string {
    const viewer = event && "viewer" in event ? event.viewer : undefined;
    let explanations: readonly RuleExplanation[] = [];
    try {
      explanations = explain(event, traces, rules);
    } catch {
      // A fault here must not reach the show, for which nothing depends on it.
      this.counters.errors++;
    }
    return JSON.stringify({
      ...(event && { id: event.id }),
      at: atMs,
      tick,
      type: event?.type ?? "show",
      ...(viewer && { viewer: { platform: viewer.platform, id: viewer.id, handle: viewer.handle, name: viewer.name } }),
      summary: summaryOf(event),
      ...(event && { event }),
      explanations,
      acts,
    });
  }
}

/** How much may be told in one go: a rule file of a thousand rules makes each event dear. */
class Budget {
  #events = 0;
  #rules = 0;

  /** Whether this event fits in; the first always does. */
  takes({ rules }: LoggedEvent): boolean {
    if (this.#events > 0 && (this.#events >= maxPerTurn || this.#rules + rules.rules.length > maxRulesPerTurn))
      return false;
    this.#events++;
    this.#rules += rules.rules.length;
    return true;
  }
}

/** Events that nobody paid for. */
function isFree(item: LoggedEvent | Acted): boolean {
  return "seq" in item && !(item.event && isPaid(item.event));
}

/** What was done later, with the ids of the events behind it. */
function actsOf(act: Acted) {
  return { ids: act.eventIds, tick: act.tick, acts: [act] };
}

function wordsOf({ ok, status, changes }: RulesNews, clock: Clock) {
  const { file, rules, loadedAt, problems, trouble } = status;
  return {
    at: clock.now(),
    ok,
    game: rules.game,
    file,
    rules: rules.rules.length,
    loadedAt,
    problems,
    trouble,
    ...(changes && { changes }),
  };
}

/** A server-sent event; JSON has no line feeds of its own. */
function messageOf(json: string, name = ""): string {
  return `${name ? `event: ${name}\n` : ""}data: ${json}\n\n`;
}
