/**
 * TikTool's direct mode (protocols 1.1): this program opens TikTok's own line and hands its frames to the service, which sends them
 * back as text. In order: 1. ask whether there is a broadcast; 2. ask how to reach it; 3. open the decoder; 4. open TikTok's line,
 * enter the room and keep its heart beating.
 */
import { type RawData, WebSocket } from "ws";
import type { Clock } from "../clock.ts";
import { asFields, asId, asText, type Fields } from "./fields.ts";
import { classifyRefusal } from "./refusal.ts";
import type { Ending, LineEar } from "./socket-line.ts";
import type { Connection, SourceListener } from "./source.ts";
import { cut } from "./tiktok-fields.ts";
import { TiktoolRefusal, type TiktoolRest } from "./tiktool-rest.ts";

const heartbeatEveryMs = 10_000;
const handshakeMs = 15_000;
/** Largest message from either side, bytes. */
const maxMessageBytes = 4 * 1024 * 1024;
/** Most that may wait to be decoded, bytes; a decoder that is further behind is of no use. */
const maxWaitingBytes = 4 * 1024 * 1024;
/** The decoder says that it is ready; one that does not say so within this is taken at its open line, ms. */
const readyWithinMs = 3000;

/** How to reach a broadcast on TikTok's own servers. */
export interface DirectRoom {
  roomId: string;
  url: URL;
  headers: Readonly<Record<string, string>>;
  enterFrame: Uint8Array;
  heartbeatFrame: Uint8Array;
}

/** Asks the service for the broadcast of `handle`. Throws a TiktoolRefusal when there is none, or no way to it. */
export async function askDirectRoom(rest: TiktoolRest, handle: string): Promise<DirectRoom> {
  const status = asFields(await rest.post("/webcast/live_status", { unique_id: handle }));
  const roomId = cut(asId(status?.room_id), 128);
  if (status?.is_live !== true || roomId === "") throw new TiktoolRefusal({ class: "notLive", detail: "not live" });
  const credentials = { unique_id: handle, room_id: roomId };
  const way = asFields(await rest.post("/webcast/ws_credentials", credentials)) ?? {};
  const address = asText(way.ws_url);
  const frames = asFields(way.binary_frames);
  const enterFrame = Buffer.from(asText(frames?.im_enter_room_b64), "base64");
  const heartbeatFrame = Buffer.from(asText(frames?.heartbeat_b64), "base64");
  if (
    !URL.canParse(address) ||
    !/^wss?:$/.test(new URL(address).protocol) ||
    enterFrame.length * heartbeatFrame.length === 0
  ) {
    throw new TiktoolRefusal({ class: "network", detail: "TikTool gave no way to TikTok's own line" });
  }
  return { roomId, url: new URL(address), headers: headersOf(way), enterFrame, heartbeatFrame };
}

function headersOf(way: Fields): Record<string, string> {
  const pairs = Object.entries(asFields(way.cookies) ?? {}).map(([name, value]) => `${name}=${asText(value)}`);
  const cookie = asText(way.cookies) || pairs.join("; ");
  const agent = asText(way.user_agent);
  return { ...(cookie === "" ? {} : { cookie }), ...(agent === "" ? {} : { "user-agent": agent }) };
}

export interface DirectOptions {
  room: DirectRoom;
  /** The service's decoder, with its credential. */
  decoder: URL;
  listener: SourceListener;
  clock: Clock;
  /** Makes the line's ear. Its `listener.closed` gives the line up. */
  listen(listener: SourceListener): LineEar;
}

/** Opens both lines; they end together. What the decoder sends is what is heard and recorded. */
export function openDirectLine(options: DirectOptions): Connection {
  const line = new DirectLine(options);
  return { stop: () => line.stop() };
}

class DirectLine {
  readonly #options: DirectOptions;
  readonly #ear: LineEar;
  readonly #decoder: WebSocket;
  #tiktok: WebSocket | undefined;
  #cancelReady: (() => void) | undefined;
  #cancelBeat: (() => void) | undefined;
  #over = false;

  constructor(options: DirectOptions) {
    this.#options = options;
    this.#ear = options.listen({ ...options.listener, closed: (ending) => this.#end(ending) });
    this.#decoder = open(options.decoder, {});
    this.#decoder.on("open", () => {
      if (!this.#over) this.#cancelReady = options.clock.after(readyWithinMs, () => this.#openTiktok());
    });
    this.#decoder.on("message", (data, isBinary) => this.#hear(isBinary ? undefined : data.toString()));
    this.#decoder.on("unexpected-response", (_request, response) => {
      response.destroy();
      this.#end(classifyRefusal(response.statusCode ?? 0, response.headers, "", options.clock.now()));
    });
    this.#decoder.on("error", (error) => this.#end({ class: "network", detail: `the decoder: ${error.message}` }));
    this.#decoder.on("close", (code, reason) => this.#end(this.#ear.meaningOf(code, reason.toString())));
  }

  async stop(): Promise<void> {
    this.#close();
    await Promise.all([closed(this.#decoder), this.#tiktok && closed(this.#tiktok)]);
  }

  #openTiktok(): void {
    this.#cancelReady?.();
    if (this.#over || this.#tiktok) return;
    const { room, listener } = this.#options;
    let socket: WebSocket;
    try {
      socket = open(room.url, room.headers);
    } catch (error) {
      // An address or header that cannot be.
      this.#endTiktok(`TikTok's line: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    this.#tiktok = socket;
    socket.on("open", () => {
      if (this.#over) return;
      listener.opened();
      this.#tell(JSON.stringify({ event: "roomInfo", roomId: room.roomId }));
      socket.send(room.enterFrame);
      this.#beat();
    });
    socket.on("message", (data, isBinary) => {
      if (isBinary) this.#decode(data);
    });
    socket.on("unexpected-response", (_request, response) => {
      response.destroy();
      this.#endTiktok(`TikTok refused its line with HTTP ${response.statusCode}`);
    });
    socket.on("error", (error) => this.#endTiktok(`TikTok's line: ${error.message}`));
    socket.on("close", (code) => this.#endTiktok(`TikTok closed its line, code ${code}`));
  }

  #beat(): void {
    this.#cancelBeat = this.#options.clock.after(heartbeatEveryMs, () => {
      this.#tiktok?.send(this.#options.room.heartbeatFrame, () => undefined);
      this.#beat();
    });
  }

  #decode(data: RawData): void {
    if (this.#over) return;
    if (this.#decoder.bufferedAmount > maxWaitingBytes) {
      this.#end({ class: "network", detail: "the decoder does not keep up" });
      return;
    }
    // An error of sending is followed by the decoder's close.
    this.#decoder.send(Array.isArray(data) ? Buffer.concat(data) : data, { binary: true }, () => undefined);
  }

  /** Takes what the decoder sent; undefined for bytes, which it never sends. */
  #hear(text: string | undefined): void {
    if (this.#over) return;
    if (text === undefined) this.#options.listener.ignored("broken");
    else if (!this.#tiktok && isReady(text)) this.#openTiktok();
    else this.#tell(text);
  }

  #tell(text: string): void {
    this.#options.listener.alive();
    this.#options.listener.frame(text);
    this.#ear.hear(text);
  }

  /** Ends as the ear understands a broken line: after the broadcast's end it is nothing else. */
  #endTiktok(detail: string): void {
    if (!this.#over) this.#end({ ...this.#ear.meaningOf(1006, detail), detail });
  }

  #end(ending: Ending): void {
    if (this.#over) return;
    this.#close();
    this.#options.listener.closed(ending);
  }

  #close(): void {
    this.#over = true;
    this.#cancelReady?.();
    this.#cancelBeat?.();
    this.#decoder.terminate();
    this.#tiktok?.terminate();
  }
}

function open(url: URL, headers: Readonly<Record<string, string>>): WebSocket {
  return new WebSocket(url, {
    headers,
    maxPayload: maxMessageBytes,
    handshakeTimeout: handshakeMs,
    perMessageDeflate: false,
    followRedirects: false,
  });
}

function isReady(text: string): boolean {
  try {
    return asFields(JSON.parse(text))?.ready === true;
  } catch {
    return false;
  }
}

function closed(socket: WebSocket): Promise<void> {
  if (socket.readyState === WebSocket.CLOSED) return Promise.resolve();
  return new Promise((resolve) => socket.once("close", () => resolve()));
}
