/**
 * /api/ingest: other programs feed the show with events, by POST or over a WebSocket, with the ingest token. What an event is and what
 * becomes of it is said by server/sources/ingest/wire-event.ts and server/sources/ingest.ts.
 */
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import express, { type ErrorRequestHandler, type RequestHandler, Router } from "express";
import { type RawData, WebSocket, WebSocketServer } from "ws";
import type { Clock } from "../clock.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { IngestReply } from "../sources/ingest.ts";
import { type AcceptsCaller, isSame } from "../trust.ts";
import { bearer, bearerOf } from "./guard.ts";

/** Where programs send to. */
export const ingestPath = "/api/ingest";
/** Largest body taken. */
const maxBody = "1mb";
/** Largest message taken from a line, bytes. */
const maxMessageBytes = 256 * 1024;
const maxLines = 20;
/** A ping in this distance; a line that leaves one unanswered until the next is dead, ms. */
const pingEveryMs = 20_000;
/** Time a line gets to close politely, ms. */
const closeWithinMs = 500;
/** Answers that a line may leave unread before it is cut, bytes. */
const maxUnreadBytes = 1024 * 1024;
/** Asked of a program that is too early or too late, seconds. */
const retryAfterSeconds = 1;

const stopping = "Uproar is not ready; send it again.";

export interface IngestApiParts {
  ingest: Pick<Ingest, "receive">;
  /** Starts the source that takes what is sent; called when the first program sends and no such source runs. */
  startSource(): void;
  token: string;
  accepts: AcceptsCaller;
  clock: Clock;
  /** False until the show runs, and while it stops: then nothing is taken. */
  isReady(): boolean;
  /** Resolves when all that was taken so far is safe on disk; false when the disk refuses for now. */
  whenSafe(): Promise<boolean>;
}

/** What a program is told; `unsaved` when the disk has not taken its events yet: sent again after a restart, they count once all the same. */
type Answer = IngestReply & { readonly unsaved?: true };

export interface IngestApiCounters {
  /** Lines open now. */
  lines: number;
  /** Messages and bodies taken, ever. */
  messages: number;
  /** Lines and requests refused for their token, origin or number, ever. */
  refused: number;
}

export interface IngestApi {
  /** For `ingestPath`. */
  readonly router: Router;
  /** Answers a request to `ingestPath` that asks for a WebSocket. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  counters(): IngestApiCounters;
  /** Closes all lines (1001). */
  stop(): Promise<void>;
}

/** Creates the API. */
export function createIngestApi(parts: IngestApiParts): IngestApi {
  const counters = { messages: 0, refused: 0 };
  const deliver = (message: unknown): IngestReply => {
    counters.messages++;
    const reply = parts.ingest.receive(message);
    if (reply !== undefined) return reply as IngestReply;
    parts.startSource();
    return (parts.ingest.receive(message) as IngestReply | undefined) ?? { error: stopping };
  };
  /** Takes a message's text; undefined stands for one that is no text. */
  const take = (text: string | undefined): IngestReply => {
    const message = parsed(text);
    const reply = deliver(message);
    return message === undefined ? { error: "This is no JSON: send an event, or a list of events." } : reply;
  };
  /** Answers once what was taken is safe, so that a program that has an answer need not send again, whatever happens. */
  const answer = async (text: string | undefined): Promise<Answer> => {
    const reply = take(text);
    if ("error" in reply || (await parts.whenSafe())) return reply;
    return { ...reply, unsaved: true };
  };
  const lines = createLines(parts, { answer, refuse: () => void take(undefined) });

  return {
    router: createRouter(parts, answer, () => counters.refused++),
    upgrade(request, socket, head) {
      const refusal = refusalOf(parts, request, lines.count());
      if (!refusal) {
        lines.open(request, socket, head);
        return;
      }
      counters.refused++;
      refuse(socket, refusal);
    },
    counters: () => ({ lines: lines.count(), ...counters }),
    stop: lines.stop,
  };
}

/** The text's JSON; undefined when it is none (which no JSON is). */
function parsed(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}

function createRouter(parts: IngestApiParts, answer: (text: string) => Promise<Answer>, refused: () => void): Router {
  const router = Router();
  const countRefusals: RequestHandler = (_request, response, next) => {
    response.once("finish", () => {
      if (response.statusCode === 401) refused();
    });
    next();
  };
  const whenReady: RequestHandler = (_request, response, next) => {
    if (parts.isReady()) next();
    else response.status(503).set("Retry-After", String(retryAfterSeconds)).json({ error: stopping });
  };
  router.use(countRefusals, bearer(parts.token, "ingest"));
  // Whatever type it is sent as: it is JSON, or refused.
  router.post("/", express.text({ type: () => true, limit: maxBody }), whenReady, async (request, response) => {
    const reply = await answer(typeof request.body === "string" ? request.body : "");
    response.status("error" in reply ? 400 : 202).json(reply);
  });
  router.use((_request, response) => {
    response
      .status(405)
      .set("Allow", "POST")
      .json({ error: `POST events to ${ingestPath}, or open a WebSocket there.` });
  });
  router.use(((error: Error & { type?: string }, _request, response, next) => {
    if (error.type !== "entity.too.large") next(error);
    else response.status(413).json({ error: `A body holds at most ${maxBody}; send fewer events at once.` });
  }) satisfies ErrorRequestHandler);
  return router;
}

interface Refusal {
  readonly status: 401 | 403 | 503;
  readonly words: string;
  readonly reason: string;
}

/** Why a line cannot be opened; undefined when it can. */
function refusalOf(parts: IngestApiParts, request: IncomingMessage, lines: number): Refusal | undefined {
  const { host, origin, authorization } = request.headers;
  if (!parts.accepts({ host, origin })) {
    return { status: 403, words: "Forbidden", reason: "Pages from another address get nothing from Uproar." };
  }
  const given = bearerOf(authorization) ?? new URL(request.url ?? "", "http://server").searchParams.get("token");
  if (!given || !isSame(parts.token, given)) {
    return { status: 401, words: "Unauthorized", reason: "This needs the ingest token." };
  }
  if (!parts.isReady()) return { status: 503, words: "Service Unavailable", reason: stopping };
  if (lines < maxLines) return undefined;
  return { status: 503, words: "Service Unavailable", reason: `There are ${maxLines} lines already; close one.` };
}

function refuse(socket: Duplex, { status, words, reason }: Refusal): void {
  const body = JSON.stringify({ error: reason });
  const head = [
    `HTTP/1.1 ${status} ${words}`,
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...(status === 401 ? ["WWW-Authenticate: Bearer"] : []),
    ...(status === 503 ? [`Retry-After: ${retryAfterSeconds}`] : []),
    "Connection: close",
  ];
  socket.on("error", () => socket.destroy());
  socket.end(`${head.join("\r\n")}\r\n\r\n${body}`, () => socket.destroy());
}

interface Lines {
  open(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  count(): number;
  stop(): Promise<void>;
}

interface Answers {
  /** The answer to a message's text; undefined stands for one that is no text. Answers come in the order of asking. */
  answer(text: string | undefined): Promise<Answer>;
  /** Counts a message that could not be read. */
  refuse(): void;
}

/** The open WebSockets: each message is an event or a list of them, and has one answer. */
function createLines({ clock, isReady }: IngestApiParts, { answer, refuse: refuseMessage }: Answers): Lines {
  const server = new WebSocketServer({ noServer: true, maxPayload: maxMessageBytes, perMessageDeflate: false });
  /** Whether each has answered since the last ping. */
  const lines = new Map<WebSocket, boolean>();
  let cancelPing: (() => void) | undefined;

  const planPing = (): void => {
    cancelPing = clock.after(pingEveryMs, () => {
      for (const [line, answered] of lines) {
        if (!answered) line.terminate();
        else {
          lines.set(line, false);
          line.ping();
        }
      }
      planPing();
    });
  };
  const over = (line: WebSocket): void => {
    lines.delete(line);
    if (lines.size > 0) return;
    cancelPing?.();
    cancelPing = undefined;
  };
  const serve = (line: WebSocket): void => {
    let last: Promise<void> = Promise.resolve();
    lines.set(line, true);
    if (lines.size === 1) planPing();
    line.on("pong", () => lines.set(line, true));
    line.on("message", (data, isBinary) => {
      lines.set(line, true);
      const reply = isReady() ? answer(isBinary ? undefined : textOf(data)) : Promise.resolve({ error: stopping });
      // One after the other, as the questions came.
      last = Promise.all([last, reply]).then(([, told]) => send(line, told));
    });
    line.on("error", (error) => {
      // The line is closed with 1009; the message still counts as a broken one.
      if ("code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH" && isReady()) refuseMessage();
    });
    line.on("close", () => over(line));
  };

  return {
    open: (request, socket, head) => server.handleUpgrade(request, socket, head, serve),
    count: () => lines.size,
    async stop() {
      await Promise.all([...lines.keys()].map((line) => closeLine(line, clock)));
    },
  };
}

function send(line: WebSocket, reply: Answer): void {
  if (line.readyState === WebSocket.OPEN) line.send(JSON.stringify(reply));
  if (line.bufferedAmount > maxUnreadBytes) line.terminate();
}

function textOf(data: RawData): string {
  return data.toString();
}

/** Tells the program that Uproar goes away; cuts the line when no answer comes. */
function closeLine(line: WebSocket, clock: Clock): Promise<void> {
  return new Promise((resolve) => {
    const cancel = clock.after(closeWithinMs, () => line.terminate());
    line.once("close", () => {
      cancel();
      resolve();
    });
    line.close(1001, "Uproar is stopping");
  });
}
