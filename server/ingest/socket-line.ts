/** One WebSocket line to a provider: limits on what comes in, pings, a polite close. What messages and closes mean is its source's. */
import type { IncomingMessage } from "node:http";
import { type RawData, WebSocket } from "ws";
import type { Connection, Ear, Frame, SourceListener } from "./source.ts";

/** Largest message accepted, bytes: single ones are below 20 kB, bundles below 1 MB; a larger one counts as broken and costs the line. */
const maxMessageBytes = 4 * 1024 * 1024;
/** Most that may wait to be sent, bytes. */
const maxUnsentBytes = 4 * 1024 * 1024;
const handshakeMs = 15_000;
/** A ping in this distance; a line that leaves one unanswered until the next is dead. */
const pingEveryMs = 20_000;
/** Time a line gets to close politely before it is cut, ms. */
const closeWithinMs = 500;
/** Most of a refused upgrade's answer that is read for its reason, bytes. */
const maxReasonBytes = 4096;

/** Why a line is over, as the supervisor takes it. */
export type Ending = Parameters<SourceListener["closed"]>[0];

/** Understands a line's frames, and from them and code and reason text what its close means. */
export interface LineEar extends Ear {
  /**
   * Told once, when the line is open, for protocols in which the client speaks: `send` sends one message, and nothing once the line
   * is over. It ends a line whose other side takes too little of it.
   */
  opened?(send: (message: Frame) => void): void;
  meaningOf(code: number, reason: string): Ending;
}

export interface SocketLineOptions {
  url: URL;
  /** Told of opening, signs of life, messages too large and, once, of the end. */
  listener: SourceListener;
  /** Makes the line's ear. Its `listener.closed` gives the line up, after which nothing is heard any more. */
  listen(listener: SourceListener): LineEar;
  /** Why the server answered the upgrade with `status`; `body` is its beginning. */
  refused(status: number, headers: IncomingMessage["headers"], body: string): Ending;
  /** Whether an answered ping counts as a sign of life: true where silence is normal. Default false. */
  pongIsLife?: boolean;
}

/** A frame's text; undefined for bytes. */
export function textOf(frame: Frame): string | undefined {
  return typeof frame === "string" ? frame : undefined;
}

/**
 * Opens a line to where a source's settings say (an address, or what else it needs to know), or, where they give only the sentence
 * that says what is wrong with them, ends at once with it.
 */
export function lineTo<T extends object>(
  where: T | string,
  listener: SourceListener,
  open: (where: T) => Connection,
): Connection {
  if (typeof where !== "string") return open(where);
  listener.closed({ class: "config", detail: where });
  return { stop: async () => undefined };
}

/** Opens a line. */
export function openSocketLine(options: SocketLineOptions): Connection {
  const { listener } = options;
  const socket = new WebSocket(options.url, {
    maxPayload: maxMessageBytes,
    handshakeTimeout: handshakeMs,
    perMessageDeflate: false,
    followRedirects: false,
  });
  const ear = options.listen({ ...listener, closed: (ending) => end(ending) });
  let over = false;
  let answered = true;
  const end = (ending: Ending): void => {
    if (over) return;
    over = true;
    clearInterval(pinging);
    socket.terminate();
    listener.closed(ending);
  };
  const pinging = setInterval(() => {
    if (socket.readyState !== WebSocket.OPEN) return;
    if (!answered) end({ class: "network", detail: "no answer to pings" });
    else socket.ping();
    answered = false;
  }, pingEveryMs);

  socket.on("open", () => {
    if (over) return;
    listener.opened();
    ear.opened?.((message) => {
      if (socket.readyState !== WebSocket.OPEN) return;
      if (socket.bufferedAmount > maxUnsentBytes) end({ class: "network", detail: "the other side takes too little" });
      else socket.send(message);
    });
  });
  socket.on("pong", () => {
    answered = true;
    if (!over && options.pongIsLife) listener.alive();
  });
  socket.on("message", (data, isBinary) => {
    if (over) return;
    answered = true;
    listener.alive();
    const frame = isBinary ? bytesOf(data) : data.toString();
    listener.frame(frame);
    ear.hear(frame);
  });
  socket.on("unexpected-response", async (_request, response) => {
    const body = await readBody(response);
    end(options.refused(response.statusCode ?? 0, response.headers, body));
  });
  socket.on("error", (error) => {
    if (over) return;
    if ("code" in error && error.code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH") listener.ignored("broken");
    end({ class: "network", detail: error.message });
  });
  socket.on("close", (code, reason) => end(ear.meaningOf(code, reason.toString())));

  return {
    async stop() {
      over = true;
      clearInterval(pinging);
      await closeSocket(socket);
    },
  };
}

function bytesOf(data: RawData): Uint8Array {
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data as Buffer);
}

/** The beginning of a refused upgrade's body; "" when it does not come. */
async function readBody(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk as Buffer);
      size += (chunk as Buffer).length;
      if (size >= maxReasonBytes) break;
    }
  } catch {
    // The status alone tells enough.
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** Closes politely, as the provider counts open lines; cuts the line when no answer comes. */
export function closeSocket(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => {
    const cutter = setTimeout(() => socket.terminate(), closeWithinMs);
    socket.once("close", () => {
      clearTimeout(cutter);
      resolve();
    });
    socket.close(1000);
  });
}
