/**
 * TikTok's Webcast and its sign server played by a test, for the real package tiktok-live-connector (protocols 2.1 and 14.1): one HTTP
 * server that signs, and that serves the line for which it signed. What it sends is encoded by the package's own messages.
 */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { gzipSync } from "node:zlib";
import * as connector from "tiktok-live-connector";
import { type RawData, type WebSocket, WebSocketServer } from "ws";
import type { FakeServer } from "../conformance.ts";

type Fields = Readonly<Record<string, unknown>>;

/** A message type of the package. */
interface Codec {
  encode(message: object): { finish(): Uint8Array };
  decode(bytes: Uint8Array): Record<string, unknown>;
}

const codecs = connector as unknown as Readonly<Record<string, Codec | undefined>>;

/** Types of the fields that hold messages, by field. The same name has one type wherever it holds one in what tests send. */
const typeOfField: Readonly<Record<string, string>> = {
  common: "CommonMessageData",
  displayText: "MessageCommonText",
  user: "User",
  toUser: "User",
  operator: "User",
  avatarThumb: "ImageModel",
  avatarMedium: "ImageModel",
  avatarLarge: "ImageModel",
  image: "ImageModel",
  icon: "ImageModel",
  followInfo: "FollowInfo",
  fansClub: "FansClubMember",
  data: "FansClubData",
  userAttr: "UserAttr",
  userIdentity: "UserIdentity",
  badgeList: "BadgeStruct",
  privilegeLogExtra: "PrivilegeLogExtra",
  gift: "Gift",
  monitorInfo: "GiftMonitorInfo",
  ranks: "Contributor",
  chatMessage: "WebcastChatMessage",
  battleSettings: "BattleSetting",
  anchorsInfo: "BattleUserInfoWrapper",
  userArmies: "BattleUserArmy",
  envelopeInfo: "MessageRedEnvelopInfo",
  emoteList: "EmoteModel",
  messages: "BaseProtoMessage",
};

/** Fields whose type depends on the message that they stand in. */
const typeInMessage: Readonly<Record<string, string>> = {
  "WebcastCaptionMessage.content": "CaptionContent",
  "WebcastBarrageMessage.content": "MessageCommonText",
  "WebcastLinkMicArmies.armies": "BattleUserArmies",
  "BattleUserInfoWrapper.value": "BattleUserInfo",
  "BattleUserInfo.user": "BattleBaseUserInfo",
};

/** Fields that are a map from a key to a message. */
const maps: ReadonlySet<string> = new Set(["WebcastLinkMicArmies.armies"]);

/** Encodes a message of `type` from its fields; those not given are as they are in an empty message. */
export function encode(type: string, fields: Fields): Buffer {
  return Buffer.from(codecOf(type).encode(complete(type, fields)).finish());
}

function codecOf(type: string): Codec {
  const codec = codecs[type];
  if (!codec?.encode) throw new Error(`The package has no message ${type}.`);
  return codec;
}

/** The package encodes only messages that have all their fields. */
function complete(type: string, fields: Fields): Record<string, unknown> {
  const message = codecOf(type).decode(new Uint8Array());
  for (const [name, value] of Object.entries(fields)) {
    if (value === null || value === undefined) continue;
    const inner = typeof value === "object" ? (typeInMessage[`${type}.${name}`] ?? typeOfField[name]) : undefined;
    message[name] = completeField(`${type}.${name}`, inner, message[name], value);
  }
  return message;
}

function completeField(place: string, inner: string | undefined, empty: unknown, value: unknown): unknown {
  if (inner === undefined || value instanceof Uint8Array) {
    // 64-bit numbers are text to the package.
    return typeof empty === "string" && typeof value === "number" ? String(value) : value;
  }
  if (Array.isArray(value)) return value.map((item: Fields) => complete(inner, item));
  if (!maps.has(place)) return complete(inner, value as Fields);
  return Object.fromEntries(
    Object.entries(value as Fields).map(([key, item]) => [key, complete(inner, item as Fields)]),
  );
}

/** One message in a frame: what it is called on the wire, and its fields or, for a broken one, its bytes. */
export interface WireMessage {
  method: string;
  data?: Fields;
  base64?: string;
}

/** A frame with messages as the wire has it, compressed when asked for. */
export function messageFrame(messages: readonly WireMessage[], compressed: boolean = false): Buffer {
  const payload = encode("ProtoMessageFetchResult", {
    needAck: true,
    internalExt: "internal-1",
    cursor: "cursor-2",
    messages: messages.map(({ method, data, base64 }) => ({
      method,
      msgId: "1",
      payload: base64 === undefined ? payloadOf(method, data ?? {}) : Buffer.from(base64, "base64"),
    })),
  });
  return pushFrame("msg", compressed ? gzipSync(payload) : payload);
}

/** Unknown messages have no fields that the package could encode. */
function payloadOf(method: string, data: Fields): Buffer {
  return codecs[method]?.encode ? encode(method, data) : Buffer.from([8, 1]);
}

/** A frame of any kind, around a payload that may be nonsense. */
export function pushFrame(payloadType: string, payload: Uint8Array): Buffer {
  return encode("WebcastPushFrame", { logId: "77", payloadEncoding: "pb", payloadType, payload: Buffer.from(payload) });
}

/** A message as text, with digits kept that a number would lose; undefined when the text is none. */
function readMessage(text: string): WireMessage | undefined {
  try {
    const message: unknown = JSON.parse(text, (_key, value, context?: { source: string }) =>
      typeof value === "number" && !Number.isSafeInteger(value) && context ? context.source : value,
    );
    return typeof message === "object" && message !== null && "method" in message
      ? (message as WireMessage)
      : undefined;
  } catch {
    return undefined;
  }
}

/** What the sign server was asked. */
export interface SignQuestion {
  path: string;
  query: URLSearchParams;
  headers: IncomingMessage["headers"];
}

/** How the servers behave; to be changed by a test before the source asks. */
export interface Behaviour {
  /** The streamer's room, and where lines that are opened lead. */
  roomId: string;
  /** What the sign server says of the room: live, over, or that it knows none. */
  room: "live" | "over" | "unknown";
  /** A refusal in place of every answer. */
  refusal?: { status: number; headers?: Record<string, string>; body: string } | undefined;
  /** Cursor in the signature. */
  cursor: string;
  /** Messages in the signature, which were before the connection. */
  backlog: readonly WireMessage[];
  /** Status by which the line is refused. */
  lineStatus?: number | undefined;
  /** Signs never, or never answers the opening of a line. */
  hangs?: "sign" | "line" | undefined;
}

export interface FakeWebcast extends FakeServer {
  behaviour: Behaviour;
  questions: SignQuestion[];
  /** Kinds of the frames that the source sent, with their payloads as text. */
  received: { kind: string; logId: string; payload: string }[];
  /** Codes by which the source closed its lines. */
  closes: number[];
  /** Openings of lines asked for, also those refused. */
  upgrades(): number;
  /** Sockets open now, of lines and of questions. */
  sockets(): number;
  /** Closes every line with a code and reason. */
  close(code: number, reason: string): void;
}

/** Starts both servers. Text that is sent is a message in JSON, else the bytes of it go onto the wire as they are. */
export async function startFakeWebcast(): Promise<FakeWebcast> {
  const behaviour: Behaviour = { roomId: "7400000000000000001", room: "live", cursor: "cursor-1", backlog: [] };
  const questions: SignQuestion[] = [];
  const received: FakeWebcast["received"] = [];
  const closes: number[] = [];
  const entered = new Set<WebSocket>();
  const sockets = new Set<Duplex>();
  let connects = 0;
  let upgrades = 0;
  const lines = new WebSocketServer({ noServer: true });
  const http = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://fake");
    questions.push({ path: pathname, query: searchParams, headers: request.headers });
    if (behaviour.hangs === "sign" && pathname.endsWith("/connect")) return;
    answer(behaviour, pathname, response, `ws://127.0.0.1:${(http.address() as AddressInfo).port}/ws`);
  });
  http.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  http.on("upgrade", (request, socket, head) => {
    upgrades++;
    if (behaviour.hangs === "line") {
      socket.on("end", () => socket.destroy()).resume();
      return;
    }
    if (behaviour.lineStatus !== undefined) {
      socket.end(`HTTP/1.1 ${behaviour.lineStatus} No\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    lines.handleUpgrade(request, socket, head, (line) => {
      connects++;
      line.on("error", () => undefined);
      line.on("close", (code) => {
        entered.delete(line);
        closes.push(code);
      });
      line.on("message", (data: RawData) => {
        const frame = codecOf("WebcastPushFrame").decode(data as Buffer);
        const kind = String(frame.payloadType);
        received.push({ kind, logId: String(frame.logId), payload: Buffer.from(frame.payload as Buffer).toString() });
        if (kind !== "im_enter_room") return;
        line.send(pushFrame("im_enter_room_resp", new Uint8Array()));
        entered.add(line);
      });
    });
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const drop = (): void => {
    for (const line of lines.clients) line.terminate();
  };
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}`,
    behaviour,
    questions,
    received,
    closes,
    lines: () => entered.size,
    connects: () => connects,
    upgrades: () => upgrades,
    sockets: () => sockets.size,
    send(frame) {
      const message = typeof frame === "string" ? readMessage(frame) : undefined;
      if (message?.method === enterRoom) behaviour.roomId = String(message.data?.roomId);
      const bytes = message ? messageFrame([message]) : Buffer.from(frame);
      for (const line of entered) if (message?.method !== enterRoom) line.send(bytes, { binary: true });
    },
    close(code, reason) {
      for (const line of entered) line.close(code, reason);
    },
    drop,
    async stop() {
      drop();
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => http.close(resolve));
    },
  };
}

/** Not a message of the wire: tells the fake which room the streamer is in, to which the next line leads. */
const enterRoom = "fake:room";

/** The frame for the suite by which the streamer is in a room. */
export function roomFrame(roomId: string): string {
  return JSON.stringify({ method: enterRoom, data: { roomId } });
}

/** The sign server's answers. */
function answer(behaviour: Behaviour, path: string, response: ServerResponse, pushServer: string): void {
  const { refusal, roomId, room, cursor, backlog } = behaviour;
  const json = { "content-type": "application/json" };
  if (refusal) {
    response.writeHead(refusal.status, { ...json, ...refusal.headers }).end(refusal.body);
  } else if (path.endsWith("/room_id")) {
    const found = { code: 200, ok: true, room_id: roomId, is_live: room === "live" };
    const told = room === "unknown" ? { code: 404, ok: false, message: "user_not_found" } : found;
    response.writeHead(told.code, json).end(JSON.stringify(told));
  } else {
    const messages = backlog.map(({ method, data }) => ({
      method,
      msgId: "1",
      payload: payloadOf(method, data ?? {}),
    }));
    const signature = { cursor, internalExt: "internal-0", pushServer, routeParams: { imprp: "1" }, messages };
    response
      .writeHead(200, {
        "content-type": "application/protobuf",
        "x-set-tt-cookie": "ttwid=fake; Path=/",
        "x-room-id": roomId,
      })
      .end(encode("ProtoMessageFetchResult", signature));
  }
}
