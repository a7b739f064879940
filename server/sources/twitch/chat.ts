/** Translation of Twitch's chat (protocols 7): what one IRC message means. Pure but for the bombs it counts; never throws. */
import { maxTextLength } from "../../../shared/events/live-event.ts";
import type { Viewer } from "../../../shared/events/viewer.ts";
import { asCount, cut, milliseconds, reasonOf } from "../../ingest/fields.ts";
import type { SourceEvent } from "../../ingest/source.ts";
import type { Translation } from "../../ingest/translation.ts";
import { countAnnounced, countGifted } from "./bombs.ts";
import {
  anonymousViewer,
  bitsEvent,
  bitsIdOf,
  rolesOf,
  type TwitchBase,
  type TwitchContext,
  type TwitchKind,
  twitchViewer,
} from "./fields.ts";
import type { IrcMessage } from "./irc.ts";

const control: Translation = { kind: "ignored", reason: "control" };
const unknown: Translation = { kind: "ignored", reason: "unknown" };
const broken: Translation = { kind: "ignored", reason: "broken" };

const controlCommands = new Set(
  "PING PONG JOIN PART MODE NAMES CLEARCHAT CLEARMSG USERSTATE GLOBALUSERSTATE HOSTTARGET WHISPER ERROR".split(" "),
);

/** Notices of viewers that need no event; those about subscriptions tell what will be paid later or was counted before. */
const controlNotices = new Set(
  [
    "giftpaidupgrade anongiftpaidupgrade primepaidupgrade standardpayforward communitypayforward extendsub rewardgift",
    "primecommunitygiftreceived unraid ritual viewermilestone bitsbadgetier charitydonation sharedchatnotice",
  ].flatMap((names) => names.split(" ")),
);

/** Notices of the server after which there is no chat to hear. */
const closedChannels = new Set(["msg_channel_suspended", "tos_ban", "invalid_user", "msg_room_not_found"]);

/** Accounts under which Twitch shows whoever cheers or gives without a name. */
const anonymousLogins = new Set(["ananonymouscheerer", "ananonymousgifter"]);

/** What a message means in the chat of `context.channel`. */
export function readChatMessage(message: IrcMessage, context: TwitchContext): Translation {
  const { command, params, tags } = message;
  if (controlCommands.has(command) || /^\d/.test(command)) return control;
  if (command === "RECONNECT") return ending("refresh", "Twitch's chat asks for it");
  if (command === "CAP") return params[1] === "NAK" ? ending("network", "Twitch's chat gives no tags") : control;
  if (command === "NOTICE") return readServerNotice(message, context);
  const isRoom = command === "ROOMSTATE";
  if (!isRoom && command !== "PRIVMSG" && command !== "USERNOTICE") return unknown;
  const channel = params[0] ?? "";
  if (!channel.startsWith("#")) return broken;
  if (channel !== `#${context.channel}` && context.channel !== "") return control;
  if (isRoom) return { kind: "room", roomId: cut(tags.get("room-id") ?? "", 128) };
  // Said in the chat of another channel with which this one shares its own.
  const origin = tags.get("source-room-id") ?? "";
  if (origin !== "" && origin !== tags.get("room-id")) return control;
  return command === "PRIVMSG" ? readSaid(message, context) : readNotice(message, context);
}

function ending(why: "refresh" | "network" | "config", detail: string): Translation {
  return { kind: "ending", ending: { class: why, detail } };
}

function readServerNotice({ tags, params }: IrcMessage, context: TwitchContext): Translation {
  const said = reasonOf(params.at(-1));
  if (closedChannels.has(tags.get("msg-id") ?? "")) {
    return ending("config", `Twitch says that the channel ${context.channel} does not exist or is suspended`);
  }
  if (/^(login (authentication failed|unsuccessful)|improperly formatted auth|invalid nick)/i.test(said)) {
    return ending("network", `Twitch's chat does not let us in: ${said}`);
  }
  return control;
}

function readSaid(message: IrcMessage, context: TwitchContext): Translation {
  const text = message.params[1];
  const viewer = viewerOf(message);
  if (text === undefined || !viewer) return broken;
  const base = baseOf(message, context);
  const events: SourceEvent[] = [];
  const bits = asCount(message.tags.get("bits"));
  const counts = countsOf(context);
  if (counts("chat") && text.trim() !== "") {
    events.push({ ...base, type: "chat", viewer, text: cut(withoutAction(text), maxTextLength) });
  }
  if (bits > 0 && counts("bits")) events.push(bitsEvent({ ...base, id: bitsIdOf(base.id) }, viewer, bits));
  return events.length === 0 ? control : { kind: "events", events };
}

/** Whether the chat counts a kind, see `TwitchContext.subscribed`. */
function countsOf({ subscribed }: TwitchContext): (kind: TwitchKind) => boolean {
  return (kind) => !subscribed.has(kind) && !(kind === "bits" && subscribed.has("chat"));
}

/** What was said by "/me". */
function withoutAction(text: string): string {
  if (!text.startsWith("\u0001ACTION ")) return text;
  return text.slice("\u0001ACTION ".length, text.endsWith("\u0001") ? -1 : undefined);
}

/** Notices of viewers: subscriptions, raids, announcements. */
function readNotice(message: IrcMessage, context: TwitchContext): Translation {
  const { tags, params } = message;
  const name = tags.get("msg-id") ?? "";
  const viewer = viewerOf(message);
  if (name === "") return broken;
  if (controlNotices.has(name)) return control;
  const kind = kindOf(name);
  if (kind === undefined) return unknown;
  if (!viewer) return broken;
  if (!countsOf(context)(kind)) return control;
  const base = baseOf(message, context);
  if (kind === "raids")
    return one({ ...base, type: "raid", viewer, viewers: asCount(tags.get("msg-param-viewerCount")) });
  if (kind === "chat") return one({ ...base, type: "chat", viewer, text: cut(params[1] ?? "", maxTextLength) });
  const tier = cut(tags.get("msg-param-sub-plan") ?? "", 32);
  if (name === "sub" || name === "resub") {
    const months = asCount(tags.get("msg-param-cumulative-months") ?? tags.get("msg-param-months"), 1200);
    const roles = { ...viewer.roles, subscriber: true };
    return one({ ...base, type: "subscribe", viewer: { ...viewer, roles }, months, tier, giftCount: 0 });
  }
  const giftCount = giftsOf(message, context);
  return giftCount === 0 ? control : one({ ...base, type: "subscribe", viewer, months: 0, tier, giftCount });
}

function one(event: SourceEvent): Translation {
  return { kind: "events", events: [event] };
}

function kindOf(name: string): TwitchKind | undefined {
  if (name === "raid") return "raids";
  if (name === "announcement") return "chat";
  return /^(re)?sub$|^(anon)?sub(mystery)?gift$/.test(name) ? "subscriptions" : undefined;
}

/** How many given subscriptions a message adds, see twitch-bombs.ts. */
function giftsOf({ tags }: IrcMessage, { bombs }: TwitchContext): number {
  const originId = tags.get("msg-param-origin-id") ?? "";
  const isBomb = tags.get("msg-id")?.endsWith("submysterygift") ?? false;
  const size = isBomb ? Math.max(1, asCount(tags.get("msg-param-mass-gift-count"), 100_000)) : 1;
  const giftId = (tags.get("id") ?? "") || (tags.get("msg-param-recipient-id") ?? "");
  if (originId === "" || (!isBomb && giftId === "")) return size;
  return isBomb ? countAnnounced(bombs, originId, size) : countGifted(bombs, originId, giftId);
}

function baseOf({ tags }: IrcMessage, context: TwitchContext): TwitchBase {
  const ts = milliseconds(tags.get("tmi-sent-ts"));
  const roomId = context.roomId || cut(tags.get("room-id") ?? "", 128);
  return { id: tags.get("id") ?? "", roomId, ts, replay: false, test: false };
}

/** The viewer of a message; chat tells the login as sender, notices tell it in a tag. */
function viewerOf({ tags, sender, command }: IrcMessage): Viewer | undefined {
  const login = command === "PRIVMSG" ? sender : (tags.get("login") ?? "");
  if (anonymousLogins.has(login)) return anonymousViewer();
  const badges = new Set((tags.get("badges") ?? "").split(",", 32).map((badge) => badge.split("/", 1)[0]!));
  const roles = rolesOf(badges);
  return twitchViewer(tags.get("user-id") ?? "", login, tags.get("display-name") ?? "", {
    ...roles,
    moderator: roles.moderator === true || tags.get("mod") === "1",
    subscriber: roles.subscriber === true || tags.get("subscriber") === "1",
  });
}
