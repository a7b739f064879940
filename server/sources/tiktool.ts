/** Source "tiktool": TikTok LIVE through the TikTool WebSocket service (protocols 1). Its raw messages never leave this file. */

import type { Clock } from "../clock.ts";
import { asFields, asList, asText, cut, type Fields, reasonOf } from "../ingest/fields.ts";
import { LastWords } from "../ingest/last-words.ts";
import { tiktokPictureHosts } from "../ingest/picture-hosts.ts";
import { classifyRefusal, classOfReason } from "../ingest/refusal.ts";
import { RoomEntry } from "../ingest/room-entry.ts";
import { type Ending, type LineEar, lineTo, openSocketLine, textOf } from "../ingest/socket-line.ts";
import {
  type CloseClass,
  type Connection,
  defineSource,
  type Ear,
  type Frame,
  type RunMemory,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { parseMessage, readTiktokEvent, realId, type TiktokContext } from "../ingest/tiktok-fields.ts";
import type { Translation } from "../ingest/translation.ts";
import { accessOf, type Credential, handleOf, socketUrl, type TiktoolAccess } from "./tiktool/access.ts";
import { openCaptions } from "./tiktool/captions.ts";
import { askDirectRoom, openDirectLine } from "./tiktool/direct.ts";
import { createTiktoolRest, endingOf, TiktoolRefusal, type TiktoolRest } from "./tiktool/rest.ts";
import { renewApartMs, TiktoolToken } from "./tiktool/token.ts";

/** Messages that need no event: heartbeats, bookkeeping, and the captions service's status lines (protocols 1.4). */
const controlNames = new Set(["ping", "pong", "_journal", "connected", "status", "credits", "translation"]);

/** Translates one parsed message; a nudge (protocols 1.3) gives the line up. Pure; never throws, whatever the message is. */
export function translate(message: unknown, context: TiktokContext = { roomId: "", owner: "" }): Translation {
  const envelope = asFields(message);
  if (!envelope) return { kind: "ignored", reason: "broken" };
  const name = asText(envelope.event) || asText(envelope.type);
  const data = asFields(envelope.data) ?? envelope;
  if (envelope.event === undefined && /^(anon|demo|session)_limit$/.test(name)) {
    return { kind: "ending", ending: nudge(name, envelope) };
  }
  if (name === "roomInfo") return { kind: "room", roomId: cut(realId(envelope.roomId) || realId(data.roomId), 128) };
  // The decoder of direct mode tells both without the other's name (protocols 1.1).
  if (name === "" && envelope.ready === true) return { kind: "ignored", reason: "control" };
  if (name === "rate_limited")
    return { kind: "ending", ending: { class: "rateLimited", detail: reasonOf(data.error) } };
  if (name === "error" || (name === "" && typeof data.error === "string")) {
    return { kind: "trouble", detail: reasonOf(data.error ?? data.message) };
  }
  if (name === "credits_low") return { kind: "notice", detail: "The captions' credits are nearly used up." };
  if (controlNames.has(name)) return { kind: "ignored", reason: "control" };
  const event = readTiktokEvent(name, data, context);
  if (event === "unknown" && name === "") return { kind: "ignored", reason: "broken" };
  return typeof event === "string" ? { kind: "ignored", reason: event } : { kind: "events", events: [event] };
}

/** A limit told before closing; the line is of no use after it. */
function nudge(name: string, message: Fields): Ending {
  const detail = reasonOf(message.message) || name;
  const session = name === "session_limit" && !/daily|quota|per day|24 ?h/i.test(detail);
  return { class: session ? "refresh" : "quota", detail };
}

/** Codes that mean one thing, whatever the text says. */
const codeClasses: ReadonlyMap<number, CloseClass> = new Map<number, CloseClass>([
  [4000, "notLive"],
  [4001, "ended"],
  [4003, "wrongKey"],
  [4004, "config"],
  [4006, "refresh"],
  [4007, "network"],
  [4401, "wrongKey"],
  [4404, "notLive"],
]);

/** Class of a closed line by code and reason text; the provider's own tables contradict each other (protocols 1.3). */
export function classifyClose(code: number, reason: string): Ending {
  const detail = cut(reason, 200) || `code ${code}`;
  const known = codeClasses.get(code);
  if (known) return { class: known, detail };
  if (code === 4005) return { class: /limit|tier|upgrade/i.test(reason) ? "quota" : "ended", detail };
  const byReason = classOfReason(reason);
  if (code === 1008 || code === 4002 || code === 4429) return { class: byReason ?? "rateLimited", detail };
  return { class: byReason ?? "network", detail };
}

/**
 * Longest time without a line dialled, ms, though the service says that there is no broadcast: TikTok has been seen to call offline
 * who was live (protocols 12).
 */
const dialAtLeastEveryMs = 30 * 60_000;

/** What one run keeps from line to line. */
class TiktoolRun {
  readonly token: TiktoolToken;
  /** The last line ended because there is no broadcast. */
  offline = false;
  /** When a line last told by its close how things are, ms since 1970. */
  lineOverAtMs = Number.NEGATIVE_INFINITY;
  /** The plan has no room for a second line. */
  withoutCaptions = false;

  constructor(access: TiktoolAccess) {
    this.token = new TiktoolToken(access);
  }
}

function runOf(memory: RunMemory, access: TiktoolAccess): TiktoolRun {
  const known = memory.get("tiktool");
  if (known instanceof TiktoolRun) return known;
  const run = new TiktoolRun(access);
  memory.set("tiktool", run);
  return run;
}

/** Opens one line; everything it hears goes to the listener. */
function connect(
  settings: SourceSettings,
  listener: SourceListener,
  clock: Clock,
  memory: RunMemory = new Map(),
): Connection {
  return lineTo(accessOf(settings), listener, (access) => {
    return openLine({ settings, access, run: runOf(memory, access), memory, listener, clock });
  });
}

interface LineOptions {
  settings: SourceSettings;
  access: TiktoolAccess;
  run: TiktoolRun;
  memory: RunMemory;
  listener: SourceListener;
  clock: Clock;
}

/** Asks what must be known before a line can open, then opens it, and beside it the captions' line once the broadcast is live. */
function openLine(options: LineOptions): Connection {
  const { listener, clock, run } = options;
  const stopping = new AbortController();
  const rest = createTiktoolRest(options.access, clock, stopping.signal);
  let line: Connection | undefined;
  let captions: Connection | undefined;
  const closed = (ending: Ending): void => {
    if (stopping.signal.aborted) return;
    entry.settle();
    run.offline = ending.class === "notLive" || ending.class === "ended";
    void captions?.stop();
    if (ending.class === "evicted" && captions) {
      run.withoutCaptions = true;
      const advice = "maybe the captions, which take a second line of the plan and are left out from now on";
      listener.closed({ ...ending, detail: `${ending.detail}; ${advice}` });
    } else listener.closed(ending);
  };
  const live = (roomId: string): void => {
    listener.live(roomId);
    if (options.access.captions === "" || run.withoutCaptions || stopping.signal.aborted) return;
    captions ??= openCaptionsOf(options, rest, roomId);
  };
  const entry = new RoomEntry({ listener: { ...listener, live }, memory: options.memory, clock });
  const opening = openEvents(
    { ...options, listener: { ...listener, closed } },
    rest,
    entry,
    () => stopping.signal.aborted,
  )
    .then((opened) => {
      line = opened;
    })
    .catch((error: unknown) => closed(endingOf(error)));
  return {
    async stop() {
      stopping.abort();
      entry.stop();
      await opening;
      await Promise.all([line?.stop(), captions?.stop()]);
    },
  };
}

/** Opens the event line in the mode asked for; nothing once stopped. Throws a TiktoolRefusal. */
async function openEvents(
  options: LineOptions,
  rest: TiktoolRest,
  entry: RoomEntry,
  isStopped: () => boolean,
): Promise<Connection | undefined> {
  const { settings, access, run, listener, clock } = options;
  const words = new LastWords(() => clock.now());
  const listenToLine = (line: SourceListener): LineEar => createEar(settings, line, entry, words);
  if ((await modeOf(access, rest)) === "direct") {
    const room = await askDirectRoom(rest, access.handle);
    if (isStopped()) return undefined;
    const decoder = socketUrl(access, "/decode", access.apiKey === "" ? [] : [["apiKey", access.apiKey]]);
    return openDirectLine({ room, decoder, listener, clock, listen: listenToLine });
  }
  // Asking spares the plan's few connects.
  const mayAsk = run.offline && access.apiKey !== "" && clock.now() - run.lineOverAtMs < dialAtLeastEveryMs;
  if (mayAsk && (await isKnownOffline(rest, access.handle))) {
    throw new TiktoolRefusal({ class: "notLive", detail: "not live" });
  }
  const url = socketUrl(access, "", [["uniqueId", access.handle], ...(await credentialOf(access, run, rest, clock))]);
  if (isStopped()) return undefined;
  return openSocketLine({
    url,
    listener: {
      ...listener,
      closed(ending) {
        run.lineOverAtMs = clock.now();
        listener.closed(ending.class === "wrongKey" ? refusedKey(ending, options) : ending);
      },
    },
    listen: listenToLine,
    refused: (status, headers, body) => classifyRefusal(status, headers, body, clock.now()),
  });
}

/** Without an API key nothing can be asked or decoded; a service that gives no advice serves as ever. */
async function modeOf(access: TiktoolAccess, rest: TiktoolRest): Promise<"managed" | "direct"> {
  if (access.mode !== "auto") return access.mode;
  if (access.apiKey === "") return "managed";
  try {
    const advice = asFields(await rest.post("/webcast/connection_mode", { unique_id: access.handle }));
    return advice?.recommended_mode === "direct" ? "direct" : "managed";
  } catch {
    return "managed";
  }
}

/** Whether the service knows that there is no broadcast; false when it cannot tell. */
async function isKnownOffline(rest: TiktoolRest, handle: string): Promise<boolean> {
  try {
    const rooms = asList(await rest.get("/webcast/check_alive", { unique_id: handle }), 1);
    return asFields(rooms[0])?.alive === false;
  } catch {
    return false;
  }
}

/** What a line that opens now names itself with: the JWT where there is one to begin with. Throws a TiktoolRefusal. */
async function credentialOf(
  access: TiktoolAccess,
  run: TiktoolRun,
  rest: TiktoolRest,
  clock: Clock,
): Promise<Credential[]> {
  if (access.jwt !== "") return [["jwtKey", await run.token.take(rest, clock.now())]];
  return access.apiKey === "" ? [] : [["apiKey", access.apiKey]];
}

function openCaptionsOf(
  { settings, access, run, listener, clock }: LineOptions,
  rest: TiktoolRest,
  roomId: string,
): Connection {
  const context = { roomId, owner: handleOf(settings) };
  return openCaptions({
    address: async () => {
      const credential = await credentialOf(access, run, rest, clock);
      return socketUrl(access, "/captions", [
        ["uniqueId", access.handle],
        ...credential,
        ["language", access.captions],
      ]);
    },
    listener,
    clock,
    translate: (text) => readText(text, context)[0] ?? { kind: "ignored", reason: "control" },
    classifyClose,
  });
}

/** What the refusal of the event line's key means: a token can be renewed once, or be too old to go on with. */
function refusedKey(ending: Ending, { access, run, clock }: LineOptions): Ending {
  if (access.jwt === "") return ending;
  const nowMs = clock.now();
  if (run.token.renewable) {
    if (run.token.refused(nowMs)) return { class: "refresh", detail: `taking a new JWT: ${ending.detail}` };
    return { ...ending, retryAfterMs: Math.max(ending.retryAfterMs ?? 0, renewApartMs) };
  }
  if (!run.token.hasExpired(nowMs) && !/expired/i.test(ending.detail)) return ending;
  const advice = "make a new one, or set TIKTOOL_API_KEY as well, with which Uproar renews it by itself";
  return { ...ending, detail: `TIKTOOL_JWT_KEY has expired: ${advice}` };
}

function listen(settings: SourceSettings, listener: SourceListener, memory?: RunMemory): Ear {
  return createEar(settings, listener, new RoomEntry({ listener, memory }), new LastWords());
}

/** Hears one line's messages in order, and knows from them what the line's close means. */
function createEar(settings: SourceSettings, listener: SourceListener, entry: RoomEntry, words: LastWords): LineEar {
  const context: TiktokContext = {
    get roomId() {
      return entry.roomId;
    },
    owner: handleOf(settings),
    streakableGifts: new Map(),
  };
  let ended = false;
  const noticed = new Set<string>();
  const notice = (detail: string): void => {
    if (noticed.has(detail)) listener.ignored("control");
    else listener.trouble(detail);
    noticed.add(detail);
  };
  const take = (said: Translation): void => {
    if (said.kind === "room") {
      ended = false;
      entry.enter(said.roomId);
    } else if (said.kind === "ending") listener.closed(said.ending);
    else if (said.kind === "ignored") listener.ignored(said.reason);
    else if (said.kind === "notice") notice(said.detail);
    else if (said.kind === "trouble") {
      words.say(said.detail);
      listener.trouble(said.detail);
    } else {
      words.forget();
      for (const event of said.events) {
        if (event.type === "streamEnd") ended = true;
        entry.tell(event);
      }
    }
  };
  return {
    hear(frame: Frame): void {
      for (const said of readText(textOf(frame), context)) take(said);
    },
    meaningOf(code: number, reason: string): Ending {
      const ending = classifyClose(code, words.reasonOf(reason));
      return ended && ending.class === "network" ? { ...ending, class: "ended" } : ending;
    },
  };
}

/** What a frame's text means. The decoder of direct mode sends several messages in one. */
function readText(text: string | undefined, context: TiktokContext): readonly Translation[] {
  if (text === undefined) return [{ kind: "ignored", reason: "broken" }];
  try {
    const message = parseMessage(text);
    const events = asFields(message)?.events;
    return Array.isArray(events) ? events.map((event) => translate(event, context)) : [translate(message, context)];
  } catch {
    return [{ kind: "ignored", reason: "broken" }];
  }
}

export { parseMessage };

export default defineSource({
  id: "tiktool",
  summary: "TikTok LIVE through the TikTool service (needs TIKTOOL_API_KEY or TIKTOOL_JWT_KEY)",
  platform: "tiktok",
  avatarHosts: tiktokPictureHosts,
  check(settings) {
    const access = accessOf(settings);
    return typeof access === "string" ? access : undefined;
  },
  target: (settings) => `@${handleOf(settings)}`,
  listen,
  connect,
});
