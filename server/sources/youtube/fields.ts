/** What YouTube's live chat says, as SourceEvents (protocols 8): reads the items of one answered page. Pure. */
import type { Viewer } from "../../../shared/events/viewer.ts";
import { asCount, asFields, asFlag, asId, asList, asNumber, asText, cut, type Fields } from "../../ingest/fields.ts";
import type { SourceEvent } from "../../ingest/source.ts";

/** Most items read of one page; the service sends 2000 at most. */
const maxItems = 5000;
/** Stands for the ISO code where an amount comes without one. */
const noCurrency = "unknown";

/** Kinds of messages that need no event. `giftMembershipReceivedEvent` repeats, per receiver, what `membershipGiftingEvent` told. */
const controlTypes = new Set([
  "giftMembershipReceivedEvent",
  "tombstone",
  "messageDeletedEvent",
  "messageRetractedEvent",
  "userBannedEvent",
  "pollEvent",
  "sponsorOnlyModeStartedEvent",
  "sponsorOnlyModeEndedEvent",
]);

/** What one item means: events, the end of the chat, or nothing. */
export type YoutubeItem = readonly SourceEvent[] | "ended" | "control" | "unknown" | "broken";

type Read = (details: Fields, base: Base, viewer: Viewer) => readonly SourceEvent[] | undefined;
interface Base {
  id: string;
  roomId: string;
  ts: number;
  replay: boolean;
  test: false;
}

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["textMessageEvent", readText],
  ["superChatEvent", (snippet, base, viewer) => readPaid(snippet.superChatDetails, "Super Chat", base, viewer)],
  [
    "superStickerEvent",
    (snippet, base, viewer) => readPaid(snippet.superStickerDetails, "Super Sticker", base, viewer),
  ],
  ["newSponsorEvent", readNewSponsor],
  ["memberMilestoneChatEvent", readMilestone],
  ["membershipGiftingEvent", readMembershipGifting],
  ["giftEvent", readJewels],
]);

/** Parses an answer. Ids written as numbers keep all their digits: they become text. Throws on what is no JSON. */
export function parseAnswer(text: string): unknown {
  // Seldom there, and found quicker than replaced. An unescaped quote cannot stand inside JSON text, so only real keys match.
  const hasLongNumber = /:\s?\d{16}/.test(text);
  return JSON.parse(hasLongNumber ? text.replace(/("\w+"\s*:\s*)(\d{16,})(?=\s*[,}])/g, '$1"$2"') : text);
}

/** The items of an answered page of the chat; undefined when it is none. */
export function itemsOf(page: Fields): readonly unknown[] | undefined {
  if (Array.isArray(page.items)) return asList(page.items, maxItems);
  // A page without messages may come without the list.
  return page.pollingIntervalMillis === undefined ? undefined : [];
}

/** Reads one item of the broadcast `roomId`. Those from before `replayBeforeMs` (since 1970; 0: none) are marked as replays. */
export function readYoutubeItem(item: unknown, roomId: string, replayBeforeMs: number): YoutubeItem {
  const message = asFields(item);
  const snippet = asFields(message?.snippet);
  const type = asText(snippet?.type);
  if (!message || !snippet || type === "") return "broken";
  if (type === "chatEndedEvent") return "ended";
  if (controlTypes.has(type)) return "control";
  const read = readers.get(type);
  if (!read) return "unknown";
  const viewer = readViewer(asFields(message.authorDetails) ?? {}, snippet);
  if (!viewer) return "broken";
  const ts = dateOf(snippet.publishedAt);
  const replay = ts > 0 && ts < replayBeforeMs;
  return read(snippet, { id: asId(message.id), roomId, ts, replay, test: false }, viewer) ?? "broken";
}

/** A date of the service as ms since 1970, 0 when it is none. */
export function dateOf(value: unknown): number {
  return Date.parse(asText(value)) || 0;
}

function readText(snippet: Fields, base: Base, viewer: Viewer): readonly SourceEvent[] | undefined {
  const text = asFields(snippet.textMessageDetails)?.messageText ?? snippet.displayMessage;
  return typeof text === "string" ? [{ ...base, type: "chat", viewer, text }] : undefined;
}

/** A Super Chat or Super Sticker: one unit whose price is the amount. */
function readPaid(given: unknown, name: string, base: Base, viewer: Viewer): readonly SourceEvent[] | undefined {
  const details = asFields(given);
  if (!details) return undefined;
  const units = asNumber(details.amountMicros) / 1e6;
  const currency = asText(details.currency).trim().toUpperCase();
  const gift = {
    id: name.toLowerCase().replace(" ", ""),
    name,
    unitValue: units > 0 && Number.isFinite(units) ? units : 0,
    currency: /^[A-Z]{3}$/.test(currency) ? currency : noCurrency,
  };
  const paid = { total: 1, end: false, streakable: false, groupId: "", transactionId: "" };
  return [{ ...base, type: "gift", viewer, gift, ...paid }, ...commentOf(details, base, viewer)];
}

/** What the viewer wrote with what they paid, as the chat message that it also is. */
function commentOf(details: Fields, base: Base, viewer: Viewer): readonly SourceEvent[] {
  const text = asText(details.userComment);
  if (text.trim() === "") return [];
  return [{ ...base, id: base.id === "" ? "" : `${base.id}/chat`, type: "chat", viewer, text }];
}

/** Somebody became a member, or moved up to a higher level after months that are not told. */
function readNewSponsor(snippet: Fields, base: Base, viewer: Viewer): readonly SourceEvent[] {
  const details = asFields(snippet.newSponsorDetails) ?? {};
  const months = asFlag(details.isUpgrade) ? 0 : 1;
  return [{ ...base, type: "subscribe", viewer, months, tier: levelOf(details.memberLevelName), giftCount: 0 }];
}

function readMilestone(snippet: Fields, base: Base, viewer: Viewer): readonly SourceEvent[] | undefined {
  const details = asFields(snippet.memberMilestoneChatDetails);
  if (!details) return undefined;
  const tier = levelOf(details.memberLevelName);
  const months = asCount(details.memberMonth, 1200);
  return [{ ...base, type: "subscribe", viewer, months, tier, giftCount: 0 }, ...commentOf(details, base, viewer)];
}

/** Memberships bought for others, told once with their number; it was paid, so it is one at least. */
function readMembershipGifting(snippet: Fields, base: Base, viewer: Viewer): readonly SourceEvent[] | undefined {
  const details = asFields(snippet.membershipGiftingDetails);
  if (!details) return undefined;
  const giftCount = Math.max(1, asCount(details.giftMembershipsCount, 100_000));
  const tier = levelOf(details.giftMembershipsLevelName);
  return [{ ...base, type: "subscribe", viewer, months: 0, tier, giftCount }];
}

/**
 * A gift of Jewels. Its combo is told by the same message again and again with a growing `comboCount`, "the number of times the gift
 * has been sent in a row", so the count is part of the event's id, and the message names the combo. `jewelsAmount` is "the value of the
 * gift", which is one unit's; no end is told. The guide and the API's description name its fields' place differently: both are read.
 */
function readJewels(snippet: Fields, base: Base, viewer: Viewer): readonly SourceEvent[] | undefined {
  const event = asFields(snippet.giftEventDetails);
  const details = asFields(event?.giftMetadata) ?? asFields(snippet.giftDetails) ?? event;
  if (!details) return undefined;
  const name = asText(details.giftName) || "Jewels";
  const value = asNumber(details.jewelsAmount);
  const total = asNumber(details.comboCount ?? 1);
  return [
    {
      ...base,
      id: base.id === "" ? "" : `${base.id}:${total}`,
      type: "gift",
      viewer,
      gift: { id: cut(name, 64), name, unitValue: value > 0 && Number.isFinite(value) ? value : 0, currency: "jewel" },
      total,
      end: false,
      streakable: true,
      groupId: base.id,
      transactionId: "",
    },
  ];
}

/** The name of a membership's level, as long as a tier can be. */
function levelOf(name: unknown): string {
  return cut(asText(name), 32);
}

/** Who wrote it. YouTube tells nothing of who follows; a name that begins with "@" is the handle. */
function readViewer(author: Fields, snippet: Fields): Viewer | undefined {
  const id = asId(author.channelId) || asId(snippet.authorChannelId);
  if (id === "" || id.length > 128) return undefined;
  const name = asText(author.displayName);
  const avatarUrl = asText(author.profileImageUrl);
  return {
    platform: "youtube",
    id,
    handle: name.startsWith("@") ? name.slice(1) : "",
    name,
    ...(/^https?:\/\//.test(avatarUrl) && avatarUrl.length <= 2048 ? { avatarUrl } : {}),
    roles: {
      moderator: asFlag(author.isChatModerator),
      subscriber: asFlag(author.isChatSponsor),
      follower: false,
      owner: asFlag(author.isChatOwner),
    },
    levels: { gifter: 0, team: 0 },
  };
}
