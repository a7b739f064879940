/** What Twitch's chat and its EventSub have in common: viewers, bits, and who counts what (protocols 7). */
import type { Viewer } from "../../../shared/events/viewer.ts";
import type { SourceEvent } from "../../ingest/source.ts";
import type { Bombs } from "./bombs.ts";

/** What both the chat and EventSub can tell of. */
export type TwitchKind = "chat" | "bits" | "subscriptions" | "raids";

/**
 * Ids of EventSub's newest messages that a broadcast began or ended, the latest last. Such a message can be delivered again when the
 * next broadcast is on already, also on another line, so they are to be kept from line to line.
 */
export type Marks = Set<string>;

/** What outlives a line. */
export interface TwitchKept {
  bombs: Bombs;
  marks: Marks;
}

/** What is known of the line that a message came on. */
export interface TwitchContext {
  /** Login of the channel, in small letters; "" until it is known. */
  channel: string;
  /** The broadcast; the channel's id where only the chat is heard, as it names no broadcast. */
  roomId: string;
  /**
   * What EventSub counts; the chat counts the rest. Settled by what Twitch granted, before the chat is opened, so that nothing is
   * counted by both. Bits that EventSub is not granted are counted by whoever tells of chat, as messages say their bits.
   */
  subscribed: ReadonlySet<TwitchKind>;
  /** What EventSub was granted a part of only: the chat counts all of it, and what EventSub still tells of it adds nothing. */
  partial: ReadonlySet<TwitchKind>;
  bombs: Bombs;
  marks: Marks;
  /** Date of EventSub's newest message, ms since 1970, 0 before the first. */
  newestMs: number;
}

/** Nothing yet of what outlives a line. */
export function createTwitchKept(): TwitchKept {
  return { bombs: new Map(), marks: new Set() };
}

/** A context in which nothing is known yet but what was kept from earlier lines. */
export function createTwitchContext(channel: string, { bombs, marks }: TwitchKept = createTwitchKept()): TwitchContext {
  return { channel, roomId: "", subscribed: new Set(), partial: new Set(), bombs, marks, newestMs: 0 };
}

/** What all events of one message share. */
export interface TwitchBase {
  id: string;
  roomId: string;
  ts: number;
  replay: boolean;
  test: false;
}

const noRoles: Viewer["roles"] = { moderator: false, subscriber: false, follower: false, owner: false };

/** A viewer by the stable account id; undefined without one. */
export function twitchViewer(
  id: string,
  handle: string,
  name: string,
  roles: Partial<Viewer["roles"]> = {},
): Viewer | undefined {
  if (id === "" || id.length > 128) return undefined;
  return {
    platform: "twitch",
    id,
    handle,
    name: name || handle,
    roles: { ...noRoles, ...roles },
    levels: { gifter: 0, team: 0 },
  };
}

/** Whoever does not want to be named: all of them are one viewer. */
export function anonymousViewer(): Viewer {
  return twitchViewer("anonymous", "", "Anonymous")!;
}

/** Roles by the names of badges. */
export function rolesOf(badges: ReadonlySet<string>): Partial<Viewer["roles"]> {
  return {
    owner: badges.has("broadcaster"),
    moderator: badges.has("moderator") || badges.has("lead_moderator"),
    subscriber: badges.has("subscriber") || badges.has("founder"),
  };
}

/** Bits as a gift: each is a unit of its own. `base.id` must be the gift's own. */
export function bitsEvent(base: TwitchBase, viewer: Viewer, bits: number): SourceEvent {
  return {
    ...base,
    type: "gift",
    viewer,
    gift: { id: "bits", name: "Bits", unitValue: 1, currency: "bit" },
    total: bits,
    end: true,
    streakable: false,
    groupId: "",
    transactionId: "",
  };
}

/** Id of what a chat message's bits add beside its text. */
export function bitsIdOf(messageId: string): string {
  return messageId === "" ? "" : `${messageId}/bits`;
}
