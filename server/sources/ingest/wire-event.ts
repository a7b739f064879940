/**
 * Uproar's own event format as other programs write it: a LiveEvent of which only what matters must be there (protocols 15). Gifts carry
 * the running total of their combo, so that no program needs to count.
 */
import { z } from "zod";
import { type LiveEventType, maxGiftCount } from "../../../shared/events/live-event.ts";
import type { Viewer } from "../../../shared/events/viewer.ts";
import { hashText } from "../../ingest/dedupe.ts";
import { asFields } from "../../ingest/fields.ts";
import type { SourceEvent, SourceGift } from "../../ingest/source.ts";
import { cutText } from "../../ingest/text.ts";

/** A LiveEvent of type `error`: trouble of the program that sends, or of what it listens to. */
export interface WireTrouble {
  readonly type: "error";
  readonly id: string;
  readonly reason: string;
}

/** What one event of a program means, or why it means nothing. */
export type WireReading =
  | { readonly event: SourceEvent | WireTrouble }
  /** `kind`: "broken" is no event at all, "unknown" has a type that nobody knows, "refused" is an event with a fault in it. */
  | { readonly kind: "broken" | "unknown" | "refused"; readonly reason: string };

/** Platform of a test's viewers: what they do never touches what is remembered of real ones. */
const testPlatform = "test";
/** Longer names of combos are kept as their hash; see `groupId` in counting.ts. */
const maxGroupLength = 100;
const maxReasons = 3;
const maxReasonLength = 300;

const text = z.string();
const whole = z.number().int().min(0);
/** What is counted. Counting would cut a larger number, and whoever sends it would take it for counted. */
const counted = whole.max(maxGiftCount, {
  message: `is more than ${maxGiftCount}, the most in one: send the rest as another`,
});
const units = counted.min(1);

/** Text cut to `max` UTF-16 units. */
function short(max: number) {
  return text.transform((value) => cutText(value, max));
}

/** An id as text; a number is taken while it has all its digits. */
function idOf(max: number) {
  return z.unknown().transform((value, context) => {
    if (typeof value === "string" && value.length <= max) return value;
    if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
    const message =
      value === undefined
        ? "is missing"
        : typeof value === "number"
          ? "is a number too large to keep all its digits: send it as text"
          : `must be text of at most ${max} characters`;
    context.addIssue({ code: "custom", message, input: value });
    return z.NEVER;
  });
}

function keyOf(max: number) {
  return idOf(max).refine((id) => id !== "", { message: "must not be empty" });
}

const webAddress = text.transform((url) => (url.length <= 2048 && /^https?:\/\//.test(url) ? url : undefined));

const viewer = z
  .strictObject({
    platform: text.min(1).max(32),
    id: keyOf(128),
    handle: text.default(""),
    name: text.optional(),
    avatarUrl: webAddress.optional(),
    roles: z
      .strictObject({
        moderator: z.boolean().default(false),
        subscriber: z.boolean().default(false),
        follower: z.boolean().default(false),
        owner: z.boolean().default(false),
      })
      .prefault({}),
    levels: z.strictObject({ gifter: whole.default(0), team: whole.default(0) }).prefault({}),
  })
  .transform(({ name, avatarUrl, ...rest }): Viewer => {
    const shown = name || rest.handle || rest.id;
    return { ...rest, name: shown, ...(avatarUrl === undefined ? {} : { avatarUrl }) };
  });

const base = {
  /** Unique among all that programs ever send; an event without one cannot be known again. */
  id: idOf(1000).default(""),
  roomId: idOf(128).default(""),
  /** ms since 1970; 0 is now. */
  ts: z.number().default(0),
  replay: z.boolean().default(false),
  test: z.boolean().default(false),
};
const byViewer = { ...base, viewer };
const maybeByViewer = { ...base, viewer: viewer.optional() };
const scores = z
  .array(z.number().int())
  .default([])
  .transform((list) => list.slice(0, 16));
const gift = z.strictObject({
  id: keyOf(64),
  name: text.default(""),
  unitValue: z.number().min(0),
  currency: text.min(1).max(16),
});
const giftBase = { ...byViewer, gift, streakKey: idOf(1000).default("") };

/** A single gift, or a step of a combo: then the running total says what is new, and `count` is not looked at. */
const wireGift = z
  .strictObject({
    ...giftBase,
    type: z.literal("gift"),
    count: units.optional(),
    streakTotal: units.optional(),
    streakEnd: z.boolean().optional(),
  })
  .transform(({ count, streakKey, streakTotal, streakEnd, ...event }, context): SourceGift => {
    const streakable = streakKey !== "" || streakEnd !== undefined;
    const total = streakable ? streakTotal : (count ?? (streakTotal === undefined ? 1 : undefined));
    if (total !== undefined) return giftFrame(event, streakKey, { total, end: streakEnd ?? false, streakable });
    const message = streakable
      ? "is missing: a step of a combo says how many it is so far"
      : 'needs "streakKey", the name of the combo';
    context.addIssue({ code: "custom", message, path: ["streakTotal"], input: streakTotal });
    return z.NEVER;
  });

const wireGiftEnd = z
  .strictObject({
    ...giftBase,
    type: z.literal("giftStreakEnd"),
    streakTotal: units,
    inferred: z.unknown().optional(),
  })
  .transform(({ streakKey, streakTotal, inferred: _ours, ...event }): SourceGift => {
    return giftFrame({ ...event, type: "gift" }, streakKey, { total: streakTotal, end: true, streakable: true });
  });

const schemas = {
  chat: z.strictObject({ ...byViewer, type: z.literal("chat"), text }),
  gift: wireGift,
  giftStreakEnd: wireGiftEnd,
  like: z
    .strictObject({
      ...byViewer,
      type: z.literal("like"),
      count: counted,
      roomTotal: whole.default(0),
      roomDelta: z.unknown().optional(),
    })
    .transform(({ roomDelta: _ours, ...event }) => event),
  join: z.strictObject({ ...byViewer, type: z.literal("join") }),
  follow: z.strictObject({ ...byViewer, type: z.literal("follow") }),
  share: z.strictObject({ ...byViewer, type: z.literal("share") }),
  subscribe: z.strictObject({
    ...byViewer,
    type: z.literal("subscribe"),
    months: whole.default(0),
    tier: short(32).default(""),
    giftCount: whole.default(0),
  }),
  emote: z.strictObject({
    ...byViewer,
    type: z.literal("emote"),
    emoteId: idOf(128),
    url: webAddress.default("").transform((url) => url ?? ""),
  }),
  viewers: z.strictObject({ ...base, type: z.literal("viewers"), count: whole, total: whole.default(0) }),
  battle: z.strictObject({
    ...base,
    type: z.literal("battle"),
    battleId: idOf(128).default(""),
    phase: z.enum(["preparing", "starting", "active", "ended"]),
    scores,
  }),
  battleScores: z.strictObject({
    ...base,
    type: z.literal("battleScores"),
    battleId: idOf(128).default(""),
    scores,
  }),
  pin: z.strictObject({ ...maybeByViewer, type: z.literal("pin"), text, pinned: z.boolean().default(true) }),
  caption: z.strictObject({
    ...base,
    type: z.literal("caption"),
    text,
    final: z.boolean().default(true),
    language: short(16).default(""),
  }),
  envelope: z.strictObject({
    ...maybeByViewer,
    type: z.literal("envelope"),
    value: whole.default(0),
    people: whole.default(0),
  }),
  intro: z.strictObject({ ...maybeByViewer, type: z.literal("intro"), text }),
  raid: z.strictObject({ ...byViewer, type: z.literal("raid"), viewers: whole.default(0) }),
  redeem: z.strictObject({
    ...byViewer,
    type: z.literal("redeem"),
    rewardId: idOf(128),
    title: text.default(""),
    cost: whole.default(0),
    text: text.default(""),
  }),
  streamStart: z.strictObject({ ...base, type: z.literal("streamStart") }),
  streamEnd: z.strictObject({ ...base, type: z.literal("streamEnd"), reason: text.default("") }),
  error: z.strictObject({ ...base, type: z.literal("error"), reason: text }),
} satisfies Record<LiveEventType, z.ZodType<SourceEvent | WireTrouble>>;

const schemaByType: ReadonlyMap<unknown, z.ZodType<SourceEvent | WireTrouble>> = new Map(Object.entries(schemas));

/**
 * Reads one event. Fields that ingest fills in itself (`source`, `receivedAt`, `weakId`, `roomDelta`, `inferred`) may be there and mean
 * nothing, so that a LiveEvent as Uproar writes it can be sent as it is. Never throws.
 */
export function readWireEvent(given: unknown): WireReading {
  const fields = asFields(given);
  if (!fields) return { kind: "broken", reason: 'An event is a JSON object such as {"type":"chat",...}.' };
  const schema = schemaByType.get(fields.type);
  if (!schema) {
    if (typeof fields.type !== "string") return { kind: "broken", reason: "type: must name the kind of event." };
    const known = Object.keys(schemas).join(", ");
    return { kind: "unknown", reason: `type: there is no "${cutText(fields.type, 40)}"; there are ${known}.` };
  }
  const { source: _source, receivedAt: _receivedAt, weakId: _weakId, ...rest } = fields;
  const parsed = schema.safeParse(rest);
  return parsed.success ? { event: apart(parsed.data) } : { kind: "refused", reason: reasonOf(parsed.error) };
}

/** A test's viewer is nobody real: who really follows or gives later counts as if there had been no test. */
function apart(event: SourceEvent | WireTrouble): SourceEvent | WireTrouble {
  if (event.type === "error" || !event.test || !("viewer" in event) || !event.viewer) return event;
  return { ...event, viewer: { ...event.viewer, platform: testPlatform } };
}

type GiftFacts = Omit<SourceGift, "total" | "end" | "streakable" | "groupId" | "transactionId">;

function giftFrame(
  event: GiftFacts,
  streakKey: string,
  step: Pick<SourceGift, "total" | "end" | "streakable">,
): SourceGift {
  const groupId = streakKey.length > maxGroupLength ? `#${hashText(streakKey)}` : streakKey;
  return { ...event, ...step, groupId, transactionId: "" };
}

function reasonOf(error: z.ZodError): string {
  const reasons = error.issues.slice(0, maxReasons).map(({ path, message }) => {
    const where = path.join(".");
    const what = message.endsWith("received undefined") ? "is missing" : message;
    return where === "" ? what : `${where}: ${what}`;
  });
  return cutText(`${reasons.join("; ")}.`, maxReasonLength);
}
