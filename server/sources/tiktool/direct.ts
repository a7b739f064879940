/**
 * TikTool's direct mode (protocols 1.1): this program opens TikTok's own line and hands its frames to the service, which sends them
 * back as text. In order: 1. ask whether there is a broadcast; 2. ask how to reach it; 3. open the decoder; 4. open TikTok's line,
 * enter the room and keep its heart beating.
 */
import { once } from "node:events";
import { type RawData, WebSocket } from "ws";
import type { Clock } from "../../clock.ts";
import { asFields, asText, cut, type Fields } from "../../ingest/fields.ts";
import { classifyRefusal } from "../../ingest/refusal.ts";
import { type LineEar, openSocketLine, textOf } from "../../ingest/socket-line.ts";
import type { Connection, SourceListener } from "../../ingest/source.ts";
import { realId } from "../../ingest/tiktok-fields.ts";
import { TiktoolRefusal, type TiktoolRest } from "./rest.ts";

const heartbeatEveryMs = 10_000;
const handshakeMs = 15_000;
/** Largest message from TikTok, bytes. */
const maxMessageBytes = 4 * 1024 * 1024;
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
  const roomId = cut(realId(status?.room_id), 128);
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
export function openDirectLine({ room, decoder, listener, clock, listen }: DirectOptions): Connection {
  let tiktok: Connection | undefined;
  let cancelWait: (() => void) | undefined;
  const free = async (): Promise<void> => {
    cancelWait?.();
    await tiktok?.stop();
  };
  const createEar = (own: SourceListener): LineEar => {
    const ear = listen(own);
    let decode: (frame: Uint8Array) => void = () => undefined;
    const enterRoom = (): void => {
      cancelWait?.();
      tiktok ??= openTiktok(room, clock, {
        opened() {
          listener.opened();
          const text = JSON.stringify({ event: "roomInfo", roomId: room.roomId });
          own.frame(text);
          ear.hear(text);
        },
        frame: (frame) => decode(frame),
        // After the broadcast's end the end of its line is nothing else.
        closed: (detail) => own.closed({ ...ear.meaningOf(1006, detail), detail }),
      });
    };
    return {
      opened(send) {
        decode = send;
        cancelWait = clock.after(readyWithinMs, enterRoom);
      },
      hear(frame) {
        if (!tiktok && isReady(textOf(frame))) enterRoom();
        ear.hear(frame);
      },
      meaningOf: (code, reason) => ear.meaningOf(code, reason),
    };
  };
  const line = openSocketLine({
    url: decoder,
    listener: {
      ...listener,
      // The line to the broadcast is open when TikTok's is.
      opened: () => undefined,
      closed(ending) {
        void free();
        listener.closed(ending);
      },
    },
    listen: createEar,
    refused: (status, headers, body) => classifyRefusal(status, headers, body, clock.now()),
  });
  return {
    async stop() {
      await Promise.all([free(), line.stop()]);
    },
  };
}

interface TiktokListener {
  opened(): void;
  frame(frame: Uint8Array): void;
  /** Told once, not after `stop`, which it does not spare. */
  closed(detail: string): void;
}

/** TikTok's own line to a room. */
function openTiktok(room: DirectRoom, clock: Clock, listener: TiktokListener): Connection {
  let over = false;
  let cancelBeat: (() => void) | undefined;
  const end = (detail: string): void => {
    if (over) return;
    over = true;
    listener.closed(detail);
  };
  const socket = dial(room, end);
  const beat = (): void => {
    cancelBeat = clock.after(heartbeatEveryMs, () => {
      if (socket?.readyState === WebSocket.OPEN) socket.send(room.heartbeatFrame);
      beat();
    });
  };
  socket?.on("open", () => {
    if (over) return;
    listener.opened();
    socket.send(room.enterFrame);
    beat();
  });
  socket?.on("message", (data, isBinary) => {
    if (!over && isBinary) listener.frame(bytesOf(data));
  });
  return {
    async stop() {
      over = true;
      cancelBeat?.();
      // TikTok counts no lines: it need not be told.
      if (!socket || socket.readyState === WebSocket.CLOSED) return;
      const closed = once(socket, "close");
      socket.terminate();
      // Cutting a line that is not open yet is an error.
      await closed.catch(() => undefined);
    },
  };
}

/** Begins the line; undefined, after telling why, when the address or a header cannot be. */
function dial(room: DirectRoom, failed: (detail: string) => void): WebSocket | undefined {
  let socket: WebSocket;
  try {
    socket = new WebSocket(room.url, {
      headers: room.headers,
      maxPayload: maxMessageBytes,
      handshakeTimeout: handshakeMs,
      perMessageDeflate: false,
      followRedirects: false,
    });
  } catch (error) {
    failed(`TikTok's line: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  }
  socket.on("unexpected-response", (_request, response) => {
    response.destroy();
    failed(`TikTok refused its line with HTTP ${response.statusCode}`);
  });
  socket.on("error", (error) => failed(`TikTok's line: ${error.message}`));
  socket.on("close", (code) => failed(`TikTok closed its line, code ${code}`));
  return socket;
}

function bytesOf(data: RawData): Uint8Array {
  return Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data as Buffer);
}

function isReady(text: string | undefined): boolean {
  try {
    return text !== undefined && asFields(JSON.parse(text))?.ready === true;
  } catch {
    return false;
  }
}
