/**
 * What Streamer.bot's events mean, as SourceEvents (protocols 6). It speaks for several platforms, and the shape of an event changed
 * from version to version, so each field is looked for in all the places it is known to have been in. Pure.
 */
import type { Viewer } from "../../../shared/events/viewer.ts";
import { asCount, asFields, asFlag, asId, asList, asNumber, asText, cut, type Fields } from "../../ingest/fields.ts";
import type { SourceEvent } from "../../ingest/source.ts";
import { readAmount, readCurrency } from "./money.ts";

/** An event without its envelope. */
export interface BotEvent {
  /** Where it comes from, as Streamer.bot writes it: "Twitch". */
  source: string;
  type: string;
  data: Fields;
  /** When, ms since 1970; 0 when that is not told. */
  ts: number;
}

type Read = (from: From) => readonly SourceEvent[] | undefined;

/** What a reader works with. */
interface From {
  data: Fields;
  /** The nested chat message, or the data itself. */
  message: Fields;
  platform: string;
  base: { id: string; roomId: ""; ts: number; replay: false; test: boolean };
}

const readers: ReadonlyMap<string, Read> = new Map<string, Read>([
  ["Twitch.ChatMessage", (from) => orNone(chatOf(from))],
  ["Twitch.Cheer", (from) => orNone([...bitsOf(from), ...chatOf(from)])],
  ["Twitch.Sub", (from) => subscribed(from, 1)],
  ["Twitch.ReSub", (from) => subscribed(from, monthsOf(from.data))],
  ["Twitch.GiftSub", readGiftSub],
  ["Twitch.GiftBomb", (from) => gifted(from, first(from.data, ["gifts", "total", "count"]))],
  ["Twitch.Follow", (from) => byViewer(from, "follow", (base) => ({ ...base, type: "follow" }))],
  ["Twitch.Raid", readRaid],
  ["Twitch.RewardRedemption", readRedemption],
  ["YouTube.Message", (from) => orNone(chatOf(from))],
  ["YouTube.SuperChat", (from) => readPaid(from, "Super Chat")],
  ["YouTube.SuperSticker", (from) => readPaid(from, "Super Sticker")],
  ["YouTube.NewSponsor", (from) => subscribed(from, 1)],
  ["YouTube.MemberMileStone", (from) => withChat(from, subscribed(from, monthsOf(from.data)))],
  ["YouTube.MembershipGift", (from) => gifted(from, first(from.data, ["count", "gifts"]))],
  ["YouTube.NewSubscriber", (from) => byViewer(from, "follow", (base) => ({ ...base, type: "follow" }))],
  ["YouTube.JewelsGifted", readJewels],
  ["Kick.ChatMessage", (from) => orNone(chatOf(from))],
  ["Kick.Follow", (from) => byViewer(from, "follow", (base) => ({ ...base, type: "follow" }))],
  ["Kick.Subscription", (from) => subscribed(from, 1)],
  ["Kick.Resubscription", (from) => subscribed(from, monthsOf(from.data))],
  ["Kick.GiftSubscription", (from) => gifted(from, 1)],
  [
    "Kick.MassGiftSubscription",
    (from) => gifted(from, from.data.count ?? asList(from.data.recipients, 100_000).length),
  ],
  ["Kick.KicksGifted", readKicks],
  ["Kick.RewardRedemption", readRedemption],
  ["StreamElements.Tip", readTip],
  ["Streamlabs.Donation", readTip],
]);

/** Events known to need none: `GiftMembershipReceived` repeats what `MembershipGift` told; what a user's action broadcasts is no act of a viewer. */
const controlNames = new Set(["YouTube.GiftMembershipReceived", "General.Custom"]);

/** Names of all events that are read here: "Twitch.ChatMessage". */
export const readNames: readonly string[] = [...readers.keys(), ...controlNames];

/** Reads one event. Never throws, whatever its data are. */
export function readBotEvent(event: BotEvent): readonly SourceEvent[] | "control" | "unknown" | "broken" {
  const name = `${event.source}.${event.type}`;
  if (controlNames.has(name)) return "control";
  const read = readers.get(name);
  if (!read) return "unknown";
  const { data, ts } = event;
  const message = asFields(data.message) ?? data;
  const platform = event.source.toLowerCase();
  const id = textOf([data.messageId, data.msgId, data.eventId, message.msgId, message.messageId, ownIdOf(name, data)]);
  const test = asFlag(data.isTest ?? message.isTest);
  // Tests repeat their ids, and each one is meant to be seen.
  const base = { id: id === "" || test ? "" : `${platform}:${id}`, roomId: "", ts, replay: false, test } as const;
  if (isElsewhere(name, data)) return "control";
  return read({ data, message, platform, base }) ?? "broken";
}

/** What "id" alone names is known of a redemption only: of others it may be a user's or a gift kind's, which come again. */
function ownIdOf(name: string, data: Fields): unknown {
  return name === "Twitch.RewardRedemption" ? data.id : undefined;
}

/**
 * A gift sub that a gift bomb told of already, or something paid to another channel with which this one shares its chat: adds nothing.
 */
function isElsewhere(name: string, data: Fields): boolean {
  if (name === "Twitch.GiftSub" && asFlag(data.fromSubBomb ?? data.fromCommunitySubGift)) return true;
  return name !== "Twitch.ChatMessage" && asFlag(data.isFromSharedChatGuest);
}

/** What is written. A message of another kind that has none gives none. */
function chatOf(from: From): readonly SourceEvent[] {
  const { data, message } = from;
  const text = [message.message, data.text, data.message].find((one) => typeof one === "string") as string | undefined;
  const viewer = readViewer(from);
  return text !== undefined && text !== "" && viewer ? [{ ...from.base, type: "chat", viewer, text }] : [];
}

/** Bits. The message that they came with can be told as chat too, with its bits: only Cheer counts them. */
function bitsOf(from: From): readonly SourceEvent[] {
  const bits = asNumber(from.data.bits ?? from.message.bits);
  const viewer = readViewer(from);
  if (!(bits > 0) || !viewer) return [];
  const gift = { id: "bits", name: "Bits", unitValue: 1, currency: "bit" };
  return [{ ...told(from, "bits"), type: "gift", viewer, gift, ...single, total: bits }];
}

/** One gift that is no combo. */
const single = { total: 1, end: false, streakable: false, groupId: "", transactionId: "" } as const;

function orNone(events: readonly SourceEvent[]): readonly SourceEvent[] | undefined {
  return events.length === 0 ? undefined : events;
}

function withChat(from: From, events: readonly SourceEvent[] | undefined): readonly SourceEvent[] | undefined {
  return events && [...events, ...chatOf(from)];
}

/** One's own subscription. */
function subscribed(from: From, months: number): readonly SourceEvent[] | undefined {
  const tier = tierOf(from.data);
  return byViewer(from, "sub", (base) => ({ ...base, type: "subscribe", months, tier, giftCount: 0 }));
}

/** Subscriptions bought for others; they were paid, so it is one at least. */
function gifted(from: From, count: unknown): readonly SourceEvent[] | undefined {
  const giftCount = Math.max(1, asCount(count, 100_000));
  const tier = tierOf(from.data);
  return byViewer(from, "gifted", (base) => ({ ...base, type: "subscribe", months: 0, tier, giftCount }));
}

function readGiftSub(from: From): readonly SourceEvent[] | undefined {
  return gifted(from, 1);
}

function readRaid(from: From): readonly SourceEvent[] | undefined {
  const viewers = asCount(first(from.data, ["viewers", "viewerCount"]));
  return byViewer(from, "raid", (base) => ({ ...base, type: "raid", viewers }));
}

function readRedemption(from: From): readonly SourceEvent[] | undefined {
  const reward = asFields(from.data.reward);
  if (!reward) return undefined;
  const text = textOf([from.data.user_input, from.data.userInput, from.data.rawInput]);
  return byViewer(from, "redeem", (base) => ({
    ...base,
    type: "redeem",
    rewardId: cut(asId(reward.id), 128),
    title: asText(reward.title),
    cost: asCount(reward.cost),
    text,
  }));
}

/** A Super Chat or Super Sticker: one unit whose price is the amount. */
function readPaid(from: From, name: string): readonly SourceEvent[] | undefined {
  const { data } = from;
  const micros = asNumber(first(data, ["microAmount", "amountMicros"]));
  const currency = readCurrency(first(data, ["currencyCode", "currency"]), data.amount);
  const unitValue = micros > 0 ? micros / 1e6 : readAmount(data.amount, currency);
  const gift = { id: name.toLowerCase().replace(" ", ""), name, unitValue, currency };
  return withChat(
    from,
    byViewer(from, "paid", (base) => ({ ...base, type: "gift", gift, ...single })),
  );
}

/**
 * Jewels: a combo is told again with a growing count, under the id of its message. Without an id nothing tells one combo from the
 * next, so each event is taken for the one unit that it announces.
 */
function readJewels(from: From): readonly SourceEvent[] | undefined {
  const details = asFields(from.data.gift) ?? from.data;
  const name = textOf([details.name, details.giftName]) || "Jewels";
  const unitValue = readAmount(first(details, ["jewelsAmount", "jewels"]));
  const gift = { id: cut(name, 64), name, unitValue, currency: "jewel" };
  const { id } = from.base;
  const total = asNumber(details.comboCount ?? 1);
  const combo = id === "" ? single : { total, end: false, streakable: true, groupId: id, transactionId: "" };
  return byViewer(from, `jewels/${total}`, (base) => ({ ...base, type: "gift", gift, ...combo }));
}

/** A gift of Kicks: one unit that costs its amount (protocols 15). */
function readKicks(from: From): readonly SourceEvent[] | undefined {
  const details = asFields(from.data.kicks) ?? asFields(from.data.gift) ?? from.data;
  const name = asText(details.name) || "Kicks";
  const id = cut(textOf([details.gift_id, details.id]) || name, 64);
  const gift = { id, name, unitValue: readAmount(details.amount), currency: "kick" };
  return byViewer(from, "kicks", (base) => ({ ...base, type: "gift", gift, ...single }));
}

/** Money given through StreamElements or Streamlabs. They know a name only, which stands for the id. */
function readTip(from: From): readonly SourceEvent[] | undefined {
  const { data } = from;
  const currency = readCurrency(
    first(data, ["currency", "tipCurrency", "donationCurrency"]),
    first(data, ["formattedAmount", "donationFormattedAmount", "amount"]),
  );
  const unitValue = readAmount(first(data, ["amount", "tipAmount", "donationAmount"]), currency);
  const gift = { id: "tip", name: "Tip", unitValue, currency };
  return byViewer(from, "tip", (base) => ({ ...base, type: "gift", gift, ...single }));
}

/** Months of a subscription in whichever field has them. */
function monthsOf(data: Fields): number {
  return asCount(
    first(data, ["cumulativeMonths", "cumulative_months", "months", "duration", "monthsSubscribed"]),
    1200,
  );
}

/** Twitch's tiers as Twitch itself writes them ("prime", "1000"); those of others by their names. */
function tierOf(data: Fields): string {
  const tier = first(data, ["subTier", "sub_tier", "levelName", "tier"]);
  const isTwitch = data.subTier !== undefined || data.sub_tier !== undefined;
  const text = asId(tier).trim();
  if (!isTwitch) return cut(text, 32);
  if (text === "0" || /prime/i.test(text)) return "prime";
  const digit = /[1-3]/.exec(text)?.[0];
  return digit ? `${digit}000` : cut(text, 32);
}

/** The first of these fields that is there. */
function first(data: Fields, names: readonly string[]): unknown {
  const name = names.find((one) => data[one] !== undefined && data[one] !== null);
  return name === undefined ? undefined : data[name];
}

/** The first of these values that is an id or text. */
function textOf(values: readonly unknown[]): string {
  return values.map(asId).find((value) => value !== "") ?? "";
}

type Told = From["base"] & { viewer: Viewer };

/** The base of an event that is no chat message: two kinds of event told of one message must not be taken for the same. */
function told({ base }: From, what: string): From["base"] {
  return base.id === "" ? base : { ...base, id: `${base.id}/${what}` };
}

function byViewer(from: From, what: string, build: (base: Told) => SourceEvent): readonly SourceEvent[] | undefined {
  const viewer = readViewer(from);
  return viewer && [build({ ...told(from, what), viewer })];
}

/** The viewer of an event, in whichever place and spelling it has; one who stays anonymous is one for all. */
function readViewer({ data, message, platform }: From): Viewer | undefined {
  const user = asFields(data.user) ?? asFields(data.sender) ?? message;
  const anonymous = asFlag(data.isAnonymous ?? data.anonymous ?? message.isAnonymous);
  const given = textOf([user.name, user.displayName, user.display, user.userName, user.username]);
  const flat = textOf([data.displayName, data.user_name, data.from_broadcaster_user_name, data.userName]);
  const tipper = textOf([data.username, data.from, data.tipUsername, data.donationFrom, data.name]);
  const name = textOf([user.displayName, given, flat, tipper]) || (anonymous ? "Anonymous" : "");
  const handle = textOf([user.login, user.username, data.user_login, data.from_broadcaster_user_login, user.userName]);
  const ids = [user.id, user.userId, data.userId, data.user_id, data.from_broadcaster_user_id];
  const id = textOf(user === data ? ids.slice(1) : ids) || (anonymous ? "anonymous" : name.toLowerCase());
  if (id === "" || id.length > 128) return undefined;
  const avatarUrl = textOf([user.profileImageUrl, user.profilePicture, user.avatar, data.avatar, data.tipAvatar]);
  const role = asNumber(user.role ?? data.role);
  return {
    platform,
    id,
    handle: (handle || (name.startsWith("@") ? name : "")).replace(/^@/, ""),
    name,
    ...(/^https?:\/\//.test(avatarUrl) && avatarUrl.length <= 2048 ? { avatarUrl } : {}),
    roles: {
      moderator: role === 3 || asFlag(user.isModerator),
      subscriber: [user.subscriber, user.subscribed, user.isSubscribed, user.isSponsor].some(asFlag),
      follower: false,
      owner: role === 4 || asFlag(user.isOwner),
    },
    levels: { gifter: 0, team: 0 },
  };
}
