/**
 * Which broadcast of YouTube is meant by `--user`, and how it is found (protocols 8). A video costs one unit; a channel three
 * (its uploads, their newest 50, what these are), where a search would cost a hundred.
 */
import { asFields, asId, asList, asNumber, asText, type Fields } from "../../ingest/fields.ts";
import type { Ending } from "../../ingest/socket-line.ts";
import type { Answer, Ask } from "./ask.ts";
import { dateOf, parseAnswer } from "./fields.ts";

/** A channel is looked up this often while it is not live, ms: 2160 units in a day of waiting. */
const channelEveryMs = 120_000;
/** A broadcast that is on for this long without a chat has none, ms; one that just began may get it yet. */
const chatComesWithinMs = 300_000;

/** What `--user` names. */
export type Place =
  | { kind: "video"; id: string }
  | { kind: "channel"; id: string }
  | { kind: "handle"; handle: string };

/** Reads what `--user` names; undefined when it is nothing of YouTube. */
export function readPlace(user: string): Place | undefined {
  const given = user.trim();
  if (/^(https?:\/\/)?([\w-]+\.)*(youtube(-nocookie)?\.com|youtu\.be)(\/|$)/i.test(given)) return readAddress(given);
  if (given.includes("/")) return undefined;
  return readName(given);
}

function readName(name: string): Place | undefined {
  if (/^UC[\w-]{22}$/.test(name)) return { kind: "channel", id: name };
  if (/^[\w-]{11}$/.test(name)) return { kind: "video", id: name };
  const handle = name.replace(/^@+/, "");
  // Handles can be of any script.
  return /^[\p{L}\p{M}\p{N}_.·-]{3,60}$/u.test(handle) ? { kind: "handle", handle } : undefined;
}

function readAddress(given: string): Place | undefined {
  const address = /^https?:/i.test(given) ? given : `https://${given}`;
  if (!URL.canParse(address)) return undefined;
  const url = new URL(address);
  const [first = "", second = ""] = url.pathname.split("/").filter((part) => part !== "");
  if (first.startsWith("@")) return readName(decoded(first));
  if (first === "channel") return /^UC[\w-]{22}$/.test(second) ? { kind: "channel", id: second } : undefined;
  const id = url.hostname.endsWith("youtu.be") ? first : first === "watch" ? url.searchParams.get("v") : second;
  return id && /^[\w-]{11}$/.test(id) ? { kind: "video", id } : undefined;
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** What is known of one video that is or was broadcast live. */
export interface Broadcast {
  /** The video's id, which is the room's. */
  id: string;
  /** "" when it has none, or none any more. */
  chatId: string;
  /** Announced, not begun. */
  upcoming: boolean;
  /** Since when it is on, ms since 1970; 0: not yet. */
  startedAtMs: number;
  over: boolean;
  /** Watching now; undefined when that is not told. */
  viewers: number | undefined;
}

/** The live broadcasts, past and future ones too, in a parsed answer about videos. */
export function broadcastsIn(answer: Fields): Broadcast[] {
  return asList(answer.items, 50).flatMap((item) => {
    const video = asFields(item);
    const details = asFields(video?.liveStreamingDetails);
    if (!video || !details) return [];
    const viewers = asNumber(details.concurrentViewers);
    const upcoming = asText(asFields(video.snippet)?.liveBroadcastContent) === "upcoming";
    return {
      id: asId(video.id).slice(0, 128),
      chatId: asText(details.activeLiveChatId),
      upcoming,
      startedAtMs: dateOf(details.actualStartTime),
      over: asText(details.actualEndTime) !== "",
      viewers: Number.isSafeInteger(viewers) && viewers >= 0 ? viewers : undefined,
    };
  });
}

/** The one of several that is on and has a chat: the one that began last. */
export function liveAmong(broadcasts: readonly Broadcast[]): Broadcast | undefined {
  return broadcasts
    .filter(({ chatId, upcoming, over }) => chatId !== "" && !upcoming && !over)
    .sort((a, b) => b.startedAtMs - a.startedAtMs)[0];
}

/** What a search came to: the broadcast with the answer that told of it, or why there is none. */
export type Found =
  | { kind: "found"; broadcast: Broadcast; answer: Answer & { kind: "text" } }
  | { kind: "none"; ending: Ending };

/** Looks for the broadcast. `nowMs` is ms since 1970. Undefined when nobody waits for it any more. */
export async function findBroadcast(place: Place, ask: Ask, nowMs: number): Promise<Found | undefined> {
  if (place.kind === "video") return findVideos([place.id], ask, (answer) => whyNoVideo(answer, place.id, nowMs));
  const ids = await newestOf(place, ask);
  if (ids === undefined || !Array.isArray(ids)) return ids && { kind: "none", ending: waiting(ids) };
  if (ids.length === 0) return { kind: "none", ending: waiting() };
  return findVideos(ids, ask, () => waiting());
}

/** A channel that is not live is asked for again in a while. */
function waiting(ending: Ending = { class: "notLive", detail: "no broadcast of the channel is on" }): Ending {
  return ending.class === "notLive" ? { ...ending, retryAfterMs: channelEveryMs } : ending;
}

async function findVideos(
  ids: readonly string[],
  ask: Ask,
  whyNone: (answer: Fields) => Ending,
): Promise<Found | undefined> {
  const answer = await ask("/videos", {
    part: "snippet,liveStreamingDetails",
    fields: "kind,items(id,snippet/liveBroadcastContent,liveStreamingDetails)",
    id: ids.join(","),
  });
  if (answer.kind === "stopped") return undefined;
  const fields = fieldsOf(answer);
  if (!fields) return { kind: "none", ending: whyNot(answer) };
  const broadcast = liveAmong(broadcastsIn(fields));
  if (broadcast && answer.kind === "text") return { kind: "found", broadcast, answer };
  return { kind: "none", ending: whyNone(fields) };
}

/** Ids of the channel's newest videos, why they cannot be had, or undefined when nobody waits any more. */
async function newestOf(place: Exclude<Place, { kind: "video" }>, ask: Ask): Promise<string[] | Ending | undefined> {
  const which: Record<string, string> = place.kind === "channel" ? { id: place.id } : { forHandle: place.handle };
  const channels = await ask("/channels", { part: "contentDetails", ...which });
  if (channels.kind === "stopped") return undefined;
  const channel = fieldsOf(channels);
  if (!channel) return whyNot(channels);
  const details = asFields(asFields(asList(channel.items, 1)[0])?.contentDetails);
  const playlistId = asId(asFields(details?.relatedPlaylists)?.uploads);
  if (playlistId === "") return { class: "config", detail: "YouTube knows no channel of this name" };
  const uploads = await ask("/playlistItems", { part: "contentDetails", maxResults: "50", playlistId });
  if (uploads.kind === "stopped") return undefined;
  const list = fieldsOf(uploads);
  if (!list) return whyNot(uploads);
  const ids = asList(list.items, 50).map((item) => asId(asFields(asFields(item)?.contentDetails)?.videoId));
  return ids.filter((id) => id !== "");
}

function whyNoVideo(answer: Fields, id: string, nowMs: number): Ending {
  if (asList(answer.items, 1).length === 0) {
    const detail = `YouTube has no video ${id}, or it is private; for a channel of this name write youtube.com/@${id}`;
    return { class: "config", detail };
  }
  const broadcast = broadcastsIn(answer)[0];
  if (!broadcast) return { class: "config", detail: `the video ${id} is no live broadcast` };
  if (broadcast.over) {
    const detail = `the broadcast ${id} is over; give the next one's address, or your channel, whose broadcasts are found by themselves`;
    return { class: "config", detail };
  }
  const onForMs = broadcast.startedAtMs > 0 ? nowMs - broadcast.startedAtMs : 0;
  if (onForMs < chatComesWithinMs) return { class: "notLive", detail: "the broadcast has not begun" };
  return { class: "config", detail: "the live chat of this broadcast is switched off; switch it on in YouTube Studio" };
}

/** The object that an answer holds. */
function fieldsOf(answer: Answer): Fields | undefined {
  if (answer.kind !== "text") return undefined;
  try {
    return asFields(parseAnswer(answer.text));
  } catch {
    return undefined;
  }
}

function whyNot(answer: Answer): Ending {
  if (answer.kind === "refused") return answer.ending;
  return { class: "network", detail: "YouTube's answer cannot be understood" };
}
