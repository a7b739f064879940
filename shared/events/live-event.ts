/**
 * LiveEvent: the one vocabulary of what viewers do (protocols section 15). Sources translate into it, ingest counts it,
 * rules trigger on it. Gift and like numbers in it are already deltas: what THIS event adds.
 */
import { z } from "zod";
import { viewerSchema } from "./viewer.ts";

/** Longest comment kept, in UTF-16 units. */
export const maxTextLength = 500;
/** Most units one gift event can add; a provider's larger number is clamped and flagged (protocols 16.13). */
export const maxGiftCount = 100_000;

const base = {
  /** `source:messageId`; a message without id gets a hash of its content and `weakId`. */
  id: z.string().min(1).max(256),
  /** Name of the source in this show: "tiktool", "twitch", ...; what its backup delivers has the same. */
  source: z.string().min(1).max(64),
  /** The platform's room (broadcast) id, "" when unknown. */
  roomId: z.string().max(128),
  /** When it happened, by the platform's clock, ms since 1970. */
  ts: z.number().finite(),
  /** When it reached us, ms since 1970. */
  receivedAt: z.number().finite(),
  /** Delivered again from before we connected: counted and shown, but never acts. */
  replay: z.boolean().default(false),
  /** The id was made up from the content. */
  weakId: z.boolean().default(false),
  /** Made by hand: drawn as a test, kept out of boards and sums. */
  test: z.boolean().default(false),
};
const byViewer = { ...base, viewer: viewerSchema };
const count = z.number().int().min(0).max(maxGiftCount);
const text = z.string().max(maxTextLength);

/** One kind of gift and its price per unit. */
export const giftSchema = z.strictObject({
  id: z.string().min(1).max(64),
  name: z.string().max(120),
  /** Price of one unit in `currency`. */
  unitValue: z.number().min(0).finite(),
  /** "diamond", "bit", or an ISO code. */
  currency: z.string().min(1).max(16),
});

export const liveEventSchema = z.discriminatedUnion("type", [
  z.strictObject({ ...byViewer, type: z.literal("chat"), text }),
  z.strictObject({
    ...byViewer,
    type: z.literal("gift"),
    gift: giftSchema,
    /** Units this event adds; the sum over a streak is its largest running total (protocols 10.2). */
    count: count.min(1),
    /** Names the streak this belongs to, "" for a single gift. */
    streakKey: z.string().max(400),
    /** Running total of the streak after this event. */
    streakTotal: count,
  }),
  /** A combo closed, by its end frame or (`inferred`) by silence. Adds nothing. */
  z.strictObject({
    ...byViewer,
    type: z.literal("giftStreakEnd"),
    gift: giftSchema,
    streakKey: z.string().max(400),
    streakTotal: count,
    inferred: z.boolean(),
  }),
  z.strictObject({
    ...byViewer,
    type: z.literal("like"),
    /** Likes of this viewer in this message; credit them with it. */
    count,
    /** What the room's total grew by; room meters use this and never add `count` to it (protocols 10.3). */
    roomDelta: count,
    /** The room's cumulative counter as reported, 0 when missing. */
    roomTotal: z.number().int().min(0),
  }),
  z.strictObject({ ...byViewer, type: z.literal("join") }),
  z.strictObject({ ...byViewer, type: z.literal("follow") }),
  z.strictObject({ ...byViewer, type: z.literal("share") }),
  z.strictObject({
    ...byViewer,
    type: z.literal("subscribe"),
    months: z.number().int().min(0),
    tier: z.string().max(32),
    giftCount: z.number().int().min(0),
  }),
  z.strictObject({ ...byViewer, type: z.literal("emote"), emoteId: z.string().max(128), url: z.string().max(2048) }),
  z.strictObject({
    ...base,
    type: z.literal("viewers"),
    /** Watching now. */
    count: z.number().int().min(0),
    /** Ever in this broadcast, 0 when unknown. */
    total: z.number().int().min(0),
  }),
  z.strictObject({
    ...base,
    type: z.literal("battle"),
    battleId: z.string().max(128),
    phase: z.enum(["preparing", "starting", "active", "ended"]),
    scores: z.array(z.number().int()).max(16),
  }),
  z.strictObject({
    ...base,
    type: z.literal("battleScores"),
    battleId: z.string().max(128),
    scores: z.array(z.number().int()).max(16),
  }),
  z.strictObject({ ...base, viewer: viewerSchema.optional(), type: z.literal("pin"), text, pinned: z.boolean() }),
  z.strictObject({
    ...base,
    type: z.literal("caption"),
    text,
    final: z.boolean(),
    language: z.string().max(16),
  }),
  z.strictObject({
    ...base,
    viewer: viewerSchema.optional(),
    type: z.literal("envelope"),
    value: z.number().int().min(0),
    people: z.number().int().min(0),
  }),
  z.strictObject({ ...base, viewer: viewerSchema.optional(), type: z.literal("intro"), text }),
  /** Somebody brought their own audience over (Twitch). */
  z.strictObject({ ...byViewer, type: z.literal("raid"), viewers: z.number().int().min(0) }),
  /** A reward bought with what the platform gives for watching (Twitch channel points, Kick): not paid with money. */
  z.strictObject({
    ...byViewer,
    type: z.literal("redeem"),
    rewardId: z.string().max(128),
    title: z.string().max(120),
    cost: z.number().int().min(0),
    /** What the viewer wrote with it. */
    text,
  }),
  /** The source is connected to a broadcast that is live. */
  z.strictObject({ ...base, type: z.literal("streamStart") }),
  z.strictObject({ ...base, type: z.literal("streamEnd"), reason: z.string().max(200) }),
  /** The source is in trouble: what the provider said, or why its line is gone. Told once, not for every try to mend it. */
  z.strictObject({ ...base, type: z.literal("error"), reason: z.string().max(200) }),
]);

/** A viewer's act (or the stream's), normalised and counted. */
export type LiveEvent = z.infer<typeof liveEventSchema>;
/** What kinds of events there are. */
export type LiveEventType = LiveEvent["type"];
/** An event of one kind. */
export type LiveEventOf<T extends LiveEventType> = Extract<LiveEvent, { type: T }>;
export type Gift = z.infer<typeof giftSchema>;

/** Every event type, in the order of the schema. */
export const liveEventTypes = liveEventSchema.options.map((option) => option.shape.type.value) as LiveEventType[];
