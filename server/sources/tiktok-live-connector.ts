/**
 * Source "tiktok-live-connector": TikTok LIVE by the npm package of that name, which the streamer adds (protocols 2). The package finds
 * the room, has the line signed, and decodes; what it hands out never leaves this file. Nothing but types of it is needed to load this.
 */

import type { Clock } from "../clock.ts";
import { addressIn } from "../ingest/address.ts";
import { asFields, asNumber, asText, cut, type Fields, reasonOf } from "../ingest/fields.ts";
import { tiktokPictureHosts } from "../ingest/picture-hosts.ts";
import { RoomEntry } from "../ingest/room-entry.ts";
import { type Ending, lineTo, textOf } from "../ingest/socket-line.ts";
import {
  type Connection,
  defineSource,
  type Ear,
  type Frame,
  type RunMemory,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { realId } from "../ingest/tiktok-fields.ts";
import type { Translation } from "../ingest/translation.ts";
import { readWebcastMessage, type WebcastContext } from "../ingest/webcast-fields.ts";
import { costlyWaitMs, endingOf, type SignAnswer } from "./tiktok-live-connector/endings.ts";
import {
  type ConnectorConnection,
  type ConnectorPackage,
  installCommand,
  installedPackage,
  licenceNotice,
  loadConnector,
  packageName,
  packageProblem,
  type SignClient,
} from "./tiktok-live-connector/package.ts";

const serviceUrl = "https://api.eulerstream.com";

/** Largest frame of the line and largest answer of the sign server accepted, bytes; as openSocketLine has it. */
const maxMessageBytes = 4 * 1024 * 1024;
/** Time that the sign server has for an answer, ms. */
const signWithinMs = 15_000;

/** How a frame that could not be decoded is told of. */
const decodingFailed = "Websocket message decoding failed";

/** The wire's names of the messages that tell of something, by the names under which the package emits them (protocols 2.2). */
const methods: ReadonlyMap<string, string> = new Map([
  ["chat", "WebcastChatMessage"],
  ["gift", "WebcastGiftMessage"],
  ["like", "WebcastLikeMessage"],
  ["member", "WebcastMemberMessage"],
  // Follows and shares are social messages; which one it is, their text tells.
  ["social", "WebcastSocialMessage"],
  ["follow", "WebcastSocialMessage"],
  ["share", "WebcastSocialMessage"],
  ["subNotify", "WebcastSubNotifyMessage"],
  ["roomUser", "WebcastRoomUserSeqMessage"],
  ["linkMicBattle", "WebcastLinkMicBattle"],
  ["linkMicArmies", "WebcastLinkMicArmies"],
  ["roomPin", "WebcastRoomPinMessage"],
  ["captionMessage", "WebcastCaptionMessage"],
  ["envelope", "WebcastEnvelopeMessage"],
  ["emote", "WebcastEmoteChatMessage"],
  ["liveIntro", "WebcastLiveIntroMessage"],
  ["controlMessage", "WebcastControlMessage"],
  ["streamEnd", "WebcastControlMessage"],
]);

/**
 * The first of these names by the wire's. Not left to the package's own table, which lacks messages that it treats apart, such as
 * gifts; that table names the messages that need no event.
 */
const names: ReadonlyMap<string, string> = new Map([
  ...[...methods].reverse().map(([name, method]) => [method, name] as const),
  ["WebcastBarrageMessage", "barrage"],
]);

/** Messages that the package knows and that need no event. */
const controlNames: ReadonlySet<string> = new Set(
  `accessControl accessRecall boostCard bottomMessage capsule gameRankNotify giftBroadcast giftDynamicRestriction giftPanelUpdate
  giftPrompt goalUpdate guide hourlyRank imDelete inRoomBanner linkLayer linkMessage linkMicBattlePunishFinish linkMicBattleTask
  linkMicFanTicketMethod linkMicLayoutState linkMicMethod linkState liveGameIntro marqueeAnnouncement msgDetect notice
  oecLiveShopping partnershipDropsUpdate partnershipGameOffline partnershipPunish perception pollMessage questionNew rankText
  rankUpdate roomMessage roomNotify roomVerify speaker subPinEvent superFanBox superFanJoin system toast unauthorizedMember
  viewerPicksUpdate`.split(/\s+/),
);

/**
 * Translates what the package emits as `name`. Pure; never throws, whatever the data is. A gift to a guest of the streamer (`toUser`)
 * counts like any other: it was paid for in this room.
 */
export function translate(
  name: string,
  data: unknown,
  context: WebcastContext = { roomId: "", owner: "", sentAt: 0 },
): Translation {
  const fields = asFields(data) ?? {};
  if (name === "connected") return { kind: "room", roomId: cut(realId(fields.roomId), 128) };
  if (name === "disconnected") return { kind: "ending", ending: meaningOf(fields) };
  if (name === "error") {
    if (fields.info === decodingFailed) return { kind: "ignored", reason: "broken" };
    return { kind: "trouble", detail: reasonOf(fields.exception ?? fields.info) };
  }
  if (controlNames.has(name)) return { kind: "ignored", reason: "control" };
  if (name === "barrage" || name === "superFan") return readBarrage(fields, context);
  const type = methods.get(name);
  return readMessage(type ?? "", fields, context);
}

function readMessage(type: string, data: Fields, context: WebcastContext): Translation {
  const event = readWebcastMessage(type, data, context);
  return typeof event === "string" ? { kind: "ignored", reason: event } : { kind: "events", events: [event] };
}

function meaningOf({ code, reason }: Fields): Ending {
  return { class: "network", detail: reasonOf(reason) || `TikTok closed the line, code ${asNumber(code)}` };
}

/** A banner over the picture. One tells that a viewer became a super fan, which is TikTok's dearer subscription; superFanJoin is one entering. */
function readBarrage(data: Fields, context: WebcastContext): Translation {
  const keys = [data.content, data.commonBarrageContent].map((text) => asText(asFields(text)?.key).toLowerCase());
  const tells =
    keys.some((key) => key.includes("ttlive_superfan")) && !keys.some((key) => key.includes("superfanjoined"));
  if (!tells || !asFields(data.user)) return { kind: "ignored", reason: "control" };
  const subscription = { common: data.common, user: data.user };
  return readMessage("WebcastSubNotifyMessage", subscription, context);
}

/** What the settings ask for. */
interface Wanted {
  handle: string;
  /** "" when it must be looked up. */
  roomId: string;
  signUrl: string;
  /** Key of the sign server, "" for none. */
  key: string;
}

/** TikTok's handles are never only digits; that many are a room's id, for where look-ups are blocked. */
const roomIdPattern = /^\d{16,20}$/;

/** In lower case, as a handle in any other is not found (protocols 12). */
function userOf(settings: SourceSettings): string {
  return settings.user.trim().replace(/^@+/, "").toLowerCase();
}

/** What to connect to; a sentence for the streamer when that cannot be. */
function wantedOf(settings: SourceSettings): Wanted | string {
  const problem = packageProblem(installedPackage());
  if (problem !== undefined) return problem;
  const user = userOf(settings);
  if (user === "") return `${packageName} needs the streamer's name: add --user HANDLE (without @).`;
  const { SIGN_API_KEY, EULER_API_KEY } = settings.env;
  const signUrl = addressIn(settings.env, "SIGN_API_URL", serviceUrl, "http");
  if (typeof signUrl === "string") return signUrl;
  const isRoom = roomIdPattern.test(user);
  return {
    handle: isRoom ? "" : user,
    roomId: isRoom ? user : "",
    signUrl: signUrl.href.replace(/\/+$/, ""),
    key: SIGN_API_KEY?.trim() || EULER_API_KEY?.trim() || "",
  };
}

/**
 * A client of the sign server for one line. The package makes clients from state of its module, which is put back at once, so that two
 * lines never share an address, a key or a signal.
 */
function createSignClient(
  library: ConnectorPackage,
  wanted: Wanted,
  signal: AbortSignal,
  answered: (answer: SignAnswer) => void,
): SignClient {
  const { SignConfig } = library;
  const { basePath, apiKey, baseOptions, cachedInstance } = SignConfig;
  Object.assign(SignConfig, {
    basePath: wanted.signUrl,
    apiKey: wanted.key || undefined,
    baseOptions: {
      ...baseOptions,
      headers: { ...baseOptions?.headers, Connection: "close" },
      signal,
      timeout: signWithinMs,
      maxContentLength: maxMessageBytes,
    },
    cachedInstance: undefined,
  });
  const client = library.createEulerClient();
  Object.assign(SignConfig, { basePath, apiKey, baseOptions, cachedInstance });
  const ask = client.rooms.fetchWebcastURL.bind(client.rooms);
  // The package tells of a refusal without its headers, and stumbles over some; so the answer is read before it sees it.
  client.rooms.fetchWebcastURL = async (...question) => {
    const answer = await ask(...question);
    const body = answer.status === 200 ? "" : Buffer.from(answer.data).toString("utf8", 0, 4096);
    answered({ status: answer.status, headers: { ...answer.headers }, body });
    return answer;
  };
  return client;
}

/** Opens one line; everything it hears goes to the listener. */
function connect(
  settings: SourceSettings,
  listener: SourceListener,
  clock: Clock,
  memory: RunMemory = new Map(),
): Connection {
  return lineTo(wantedOf(settings), listener, (wanted) => openLine(wanted, { settings, listener, clock, memory }));
}

interface LineOptions {
  settings: SourceSettings;
  listener: SourceListener;
  clock: Clock;
  memory: RunMemory;
}

/**
 * One line, from the package's loading to its close. The package has timers of its own, all freed with the line: heartbeats with its
 * socket's close, the waits for an opening (20 s) and a closing (2 s) with that.
 */
function openLine(wanted: Wanted, { settings, listener, clock, memory }: LineOptions): Connection {
  const cancel = new AbortController();
  let connection: ConnectorConnection | undefined;
  let signed: SignAnswer | undefined;
  let over = false;
  const end = (ending: Ending): void => {
    if (over) return;
    over = true;
    entry.settle();
    listener.closed(ending);
  };
  // The package can hand out messages before it says in which room it is.
  const entry = new RoomEntry({ listener, memory, clock });
  const ear = createEar(settings, { ...listener, closed: end }, entry);
  const tell = (name: string, data: unknown): void => {
    if (over) return;
    listener.frame(frameOf(name, data));
    ear.take(name, data);
  };
  const open = async (): Promise<void> => {
    const library = await loadConnector();
    if (over) return;
    try {
      const answered = (answer: SignAnswer): void => {
        signed = answer;
      };
      const sign = createSignClient(library, wanted, cancel.signal, answered);
      connection = createConnection(library, wanted, sign, cancel.signal);
      hearFrom(library, connection, listener, tell, end);
      const { roomId, isOver } = await findRoom(wanted, connection, sign, answered);
      if (over) return;
      if (isOver) end({ class: "notLive", detail: "the room is closed" });
      else await connection.connect(roomId);
    } catch (error) {
      end(endingOf(library, error, signed, clock.now()));
    }
  };
  const opening = open().catch((error: unknown) => {
    end({ class: "config", detail: cut(`${packageName} cannot be loaded: ${String(error)}`, 200) });
  });
  return {
    async stop() {
      over = true;
      entry.stop();
      cancel.abort();
      await opening;
      await connection?.disconnect();
    },
  };
}

/** One connection of the package; each of its requests and its opening socket end with the signal. */
function createConnection(
  library: ConnectorPackage,
  wanted: Wanted,
  sign: SignClient,
  signal: AbortSignal,
): ConnectorConnection {
  return new library.TikTokLiveConnection(wanted.handle, {
    // What was before the connection would be told before it is known to be open; what the line itself repeats is dated.
    processInitialData: false,
    // Asked for by `saysOver`, which can do without an answer.
    fetchRoomInfoOnConnect: false,
    enableExtendedGiftInfo: false,
    eulerApiInstance: sign,
    // When to try again is the supervisor's to say.
    webClientOptions: { signal, retry: { limit: 0 } },
    wsClientOptions: { maxPayload: maxMessageBytes, signal },
  });
}

/** A room, and whether its broadcast is known to be over. */
interface Room {
  roomId: string;
  isOver: boolean;
}

/**
 * Finds the room at TikTok, before a signature is spent on it. A sign server other than the usual one is asked first, or believed
 * where the room is given: it may well stand where TikTok cannot be reached.
 */
async function findRoom(
  wanted: Wanted,
  connection: ConnectorConnection,
  sign: SignClient,
  answered: (answer: SignAnswer) => void,
): Promise<Room> {
  if (wanted.signUrl !== serviceUrl) {
    const told = wanted.roomId ? { roomId: wanted.roomId, isOver: false } : await askSignServer(wanted, sign, answered);
    if (told) return told;
  }
  const roomId = wanted.roomId || (await connection.fetchRoomId());
  return { roomId, isOver: await saysOver(connection, roomId) };
}

/** The room as the sign server knows it; undefined when it knows none. Throws when it refuses to be asked. */
async function askSignServer(
  wanted: Wanted,
  sign: SignClient,
  answered: (answer: SignAnswer) => void,
): Promise<Room | undefined> {
  const { status, headers, data } = await sign.anchors.retrieveRoomId(wanted.handle);
  if (status === 401 || status === 403 || status === 429) {
    answered({ status, headers: { ...headers }, body: typeof data === "string" ? data : JSON.stringify(data) });
    throw new Error("the sign server tells no room");
  }
  const room = asFields(data);
  const roomId = cut(realId(room?.room_id), 128);
  return roomId === "" ? undefined : { roomId, isOver: room?.is_live === false };
}

/** Whether TikTok says that the room's broadcast is over. False also when TikTok does not say. */
async function saysOver(connection: ConnectorConnection, roomId: string): Promise<boolean> {
  try {
    const info = asFields(await connection.fetchRoomInfo(roomId));
    return asNumber(asFields(info?.data)?.status) === 4;
  } catch {
    return false;
  }
}

/**
 * Hands everything that the package hears on. Taken from its socket frame by frame, as it emits no message that it does not know
 * or cannot decode, and none that stands behind the stream's end in the same frame.
 */
function hearFrom(
  library: ConnectorPackage,
  connection: ConnectorConnection,
  listener: SourceListener,
  tell: (name: string, data: unknown) => void,
  end: (ending: Ending) => void,
): void {
  const broken = (exception: string): void => tell("error", { info: decodingFailed, exception: cut(exception, 200) });
  connection.on("websocketConnected", (socket) => {
    listener.opened();
    socket.on("webSocketData", (bytes) => {
      listener.alive();
      // The package takes an empty frame for one that needs no answer.
      if (bytes.length === 0) broken("an empty frame");
    });
    socket.on("protoMessageFetchResult", ({ messages }) => {
      for (const { method, decodedData, decodeError } of messages) {
        if (decodeError) broken(decodeError.message);
        else tell(names.get(method) ?? library.WebcastEventMap[method] ?? method, decodedData?.data);
      }
    });
    socket.on("messageDecodingFailed", (error) => broken(error.message));
    socket.on("error", (error) => {
      // Too large a frame, or one that breaks the rules of WebSockets.
      if ("code" in error && asText(error.code).startsWith("WS_ERR_")) broken(error.message);
      end({ class: "network", detail: cut(error.message, 200) });
    });
  });
  connection.on("connected", ({ roomId }) => tell("connected", { roomId }));
  connection.on("disconnected", (close) => tell("disconnected", { code: close?.code, reason: close?.reason }));
}

/**
 * What was emitted as a line of JSON. Plain first, as a function asked about every field of a message takes longer than all the rest;
 * BigInts, which JSON lacks, are no part of what the package says that it gives.
 */
export function frameOf(emit: string, data: unknown): string {
  try {
    return JSON.stringify({ emit, data });
  } catch {
    return JSON.stringify({ emit, data }, (_key, value: unknown) =>
      typeof value === "bigint" ? String(value) : value,
    );
  }
}

/** An ear that also takes what was emitted as it is. */
interface ConnectorEar extends Ear {
  take(name: string, data: unknown): void;
}

function listen(settings: SourceSettings, listener: SourceListener, memory?: RunMemory): Ear {
  return createEar(settings, listener, new RoomEntry({ listener, memory }));
}

function createEar(settings: SourceSettings, listener: SourceListener, entry: RoomEntry): ConnectorEar {
  const user = userOf(settings);
  const owner = roomIdPattern.test(user) ? "" : user;
  const context: WebcastContext = {
    get roomId() {
      return entry.roomId;
    },
    owner,
    sentAt: 0,
    streakableGifts: new Map(),
  };
  const take = (name: string, data: unknown): void => {
    const said = translate(name, data, context);
    if (said.kind === "events") for (const event of said.events) entry.tell(event);
    else if (said.kind === "room") entry.enter(said.roomId);
    else if (said.kind === "ending") listener.closed(said.ending);
    else if (said.kind === "ignored") listener.ignored(said.reason);
    else listener.trouble(said.detail);
  };
  return {
    take,
    hear(frame: Frame): void {
      const message = asFields(readJson(textOf(frame)));
      const name = asText(message?.emit);
      if (name === "") listener.ignored("broken");
      else take(name, message?.data);
    },
  };
}

function readJson(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}

export default defineSource({
  id: packageName,
  summary: `TikTok LIVE without an account, through a package to add: ${installCommand} (SIGN_API_KEY allows more connections)`,
  platform: "tiktok",
  avatarHosts: tiktokPictureHosts,
  // Every attempt costs a signature, and few are free.
  retryWithinMs: costlyWaitMs,
  check(settings) {
    const wanted = wantedOf(settings);
    return typeof wanted === "string" ? wanted : undefined;
  },
  target(settings) {
    const user = userOf(settings);
    return roomIdPattern.test(user) ? `room ${user}` : `@${user}`;
  },
  notice() {
    const found = installedPackage();
    return found && licenceNotice(found);
  },
  listen,
  connect,
});
