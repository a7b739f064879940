/**
 * Source "youtube": the live chat of a YouTube broadcast through the official Data API (protocols 8). It is asked, not listened to, so
 * events come some seconds late, and each question costs of the key's units: see server/sources/youtube/pace.ts.
 */

import type { Clock } from "../clock.ts";
import { addressIn } from "../ingest/address.ts";
import { maxClockOffsetMs } from "../ingest/backlog.ts";
import { asCount, asFields, asNumber, asText, type Fields } from "../ingest/fields.ts";
import { youtubePictureHosts } from "../ingest/picture-hosts.ts";
import { textOf } from "../ingest/socket-line.ts";
import {
  type Connection,
  defineSource,
  type Ear,
  type Frame,
  type RunMemory,
  type SourceListener,
  type SourceSettings,
} from "../ingest/source.ts";
import { type Ask, createAsk } from "./youtube/ask.ts";
import { broadcastsIn, findBroadcast, liveAmong, type Place, readPlace } from "./youtube/broadcast.ts";
import { itemsOf, parseAnswer, readYoutubeItem } from "./youtube/fields.ts";
import { followChat, type Heard } from "./youtube/line.ts";
import { createUnitMeter, defaultDailyUnits } from "./youtube/pace.ts";

const serviceUrl = "https://www.googleapis.com/youtube/v3";
/** Longer than the longest pause between two pages with all that can go wrong on the way, ms. */
const silenceMs = 180_000;

/** Where to ask, with which key, and for whom. */
interface Access {
  base: URL;
  apiKey: string;
  place: Place;
  dailyUnits: number;
}

/** What the settings give; a sentence for the streamer when they lack something. */
function accessOf(settings: SourceSettings): Access | string {
  if (settings.user.trim() === "") {
    return "YouTube needs to know the broadcast: add --user with its address, its video id, or your channel's @handle.";
  }
  const place = readPlace(settings.user);
  if (!place) return `--user names no video or channel of YouTube. You wrote ${settings.user.slice(0, 100)}.`;
  const { YOUTUBE_API_KEY: apiKey = "", YOUTUBE_DAILY_UNITS } = settings.env;
  const base = addressIn(settings.env, "YOUTUBE_API_URL", serviceUrl, "http");
  if (typeof base === "string") return base;
  if (apiKey === "" && base.hostname === new URL(serviceUrl).hostname) {
    return "YouTube needs a key: put YOUTUBE_API_KEY=... into the environment or .env (get one at https://console.cloud.google.com, with the YouTube Data API v3 enabled).";
  }
  const units = YOUTUBE_DAILY_UNITS || String(defaultDailyUnits);
  if (!/^[1-9]\d{2,8}$/.test(units)) {
    return `YOUTUBE_DAILY_UNITS must be a whole number of at least 100: the units a day that the key may use. You wrote ${units}.`;
  }
  return { base, apiKey, place, dailyUnits: Number(units) };
}

/** Opens one line: finds the broadcast, then follows its chat. */
function connect(
  settings: SourceSettings,
  listener: SourceListener,
  clock: Clock,
  memory: RunMemory = new Map(),
): Connection {
  const access = accessOf(settings);
  if (typeof access === "string") {
    listener.closed({ class: "config", detail: access });
    return { stop: async () => undefined };
  }
  const stopping = new AbortController();
  const ended = follow(access, listener, clock, memory, stopping.signal);
  return {
    async stop() {
      stopping.abort();
      await ended;
    },
  };
}

async function follow(
  access: Access,
  listener: SourceListener,
  clock: Clock,
  memory: RunMemory,
  stopping: AbortSignal,
): Promise<void> {
  const meter = createUnitMeter(access.dailyUnits, clock, memory);
  const plain = createAsk({ ...access, clock, stopping });
  const ask: Ask = (path, query) => {
    meter.asked(path);
    return plain(path, query);
  };
  const found = await findBroadcast(access.place, ask, clock.now());
  if (found?.kind === "none") listener.closed(found.ending);
  if (found?.kind !== "found") return;
  listener.opened();
  const ear = createEar(listener);
  for (const frame of [openingFrame(clock.now(), found.answer.sentAtMs), found.answer.text]) {
    listener.frame(frame);
    ear.hear(frame);
  }
  const { id: videoId, chatId } = found.broadcast;
  const ending = await followChat({ ask, listener, hear: ear.hear, clock, stopping, videoId, chatId, meter, memory });
  if (ending) listener.closed(ending);
}

const openingKind = "uproar#lineOpened";

/**
 * The frame by which also a recording knows when its line was opened and the first answer sent, ms since 1970, 0 for not known: the
 * answers themselves do not tell.
 */
function openingFrame(openedAtMs: number, sentAtMs: number): string {
  return JSON.stringify({ kind: openingKind, openedAtMs, sentAtMs });
}

/** `sentAtMs` is the service's time when it gave the answer, ms since 1970; 0 or missing when that is not known. */
interface ChatEar {
  hear(frame: Frame, sentAtMs?: number): Heard;
}

/**
 * Hears answers in order: of a video, which tells of the broadcast, and of the chat's pages. The first page is history: ingest tells by
 * its dates what was before the line, but for what is older than it compares; that is from before `replayBeforeMs` (since 1970).
 */
function createEar(listener: SourceListener): ChatEar {
  let replayBeforeMs = 0;
  /** The service's time of the answer that comes next, where the line's opening told it. */
  let nextSentAtMs = 0;
  let roomId: string | undefined;
  let firstPage = true;
  let ended = false;

  const goLive = (id: string): void => {
    roomId = id;
    listener.live(id);
  };
  const endShow = (reason: string): void => {
    if (ended) return;
    ended = true;
    listener.event({ id: "", roomId: roomId ?? "", ts: 0, replay: false, test: false, type: "streamEnd", reason });
  };
  // Told with the service's time before the first page, the viewers let ingest know how old the history is.
  const hearVideos = (answer: Fields, ts: number): void => {
    const all = broadcastsIn(answer);
    const live = liveAmong(all);
    if (roomId === undefined && live) goLive(live.id);
    const broadcast = all.find(({ id }) => id === roomId);
    if (!broadcast) {
      listener.ignored("control");
      return;
    }
    const { viewers: count, over } = broadcast;
    const base = { id: "", roomId: broadcast.id, ts, replay: false, test: false };
    if (count !== undefined) listener.event({ ...base, type: "viewers", count, total: 0 });
    if (over) endShow("the broadcast is over");
  };
  const hearItems = (items: readonly unknown[]): boolean => {
    let over = false;
    for (const item of items) {
      const said = readYoutubeItem(item, roomId ?? "", firstPage ? replayBeforeMs : 0);
      if (said === "ended") over = true;
      else if (typeof said === "string") listener.ignored(said);
      else for (const event of said) listener.event(event);
    }
    return over;
  };
  return {
    hear(frame, sentAtMs = 0) {
      const answer = readAnswer(frame);
      if (answer?.kind === openingKind) {
        replayBeforeMs = asCount(answer.openedAtMs) - maxClockOffsetMs;
        nextSentAtMs = asCount(answer.sentAtMs);
        return unreadable;
      }
      const ts = sentAtMs || nextSentAtMs;
      nextSentAtMs = 0;
      if (answer && asText(answer.kind).endsWith("videoListResponse")) {
        hearVideos(answer, ts);
        return unreadable;
      }
      const items = answer && itemsOf(answer);
      if (!items) {
        listener.ignored("broken");
        return unreadable;
      }
      if (roomId === undefined) goLive("");
      const over = hearItems(items);
      firstPage = false;
      if (over) endShow("the chat is over");
      else if (asText(answer.offlineAt) !== "") endShow("the broadcast went offline");
      const { nextPageToken, pollingIntervalMillis } = answer;
      return { readable: true, nextPageToken: asText(nextPageToken), askedMs: asNumber(pollingIntervalMillis) };
    },
  };
}

/** What the line learns from an answer that is no page of the chat. */
const unreadable: Heard = { readable: false, nextPageToken: "", askedMs: Number.NaN };

function readAnswer(frame: Frame): Fields | undefined {
  try {
    return asFields(parseAnswer(textOf(frame) ?? ""));
  } catch {
    return undefined;
  }
}

/** Hears the answers of one line in order. */
function listen(_settings: SourceSettings, listener: SourceListener): Ear {
  return createEar(listener);
}

export default defineSource({
  id: "youtube",
  summary:
    "YouTube live chat through the official API (needs YOUTUBE_API_KEY; a free key lasts for about 4 hours a day)",
  platform: "youtube",
  silenceMs,
  avatarHosts: youtubePictureHosts,
  check(settings) {
    const access = accessOf(settings);
    return typeof access === "string" ? access : undefined;
  },
  target(settings) {
    const place = readPlace(settings.user);
    if (place?.kind === "video") return `video ${place.id}`;
    return place?.kind === "handle" ? `@${place.handle}` : settings.user;
  },
  listen,
  connect,
});
