/** Makes a checked LiveEvent of what a source said: fills in what ingest knows, cleans text, checks by the schema. */
import { z } from "zod";
import { type LiveEvent, liveEventSchema, maxTextLength } from "../../shared/events/live-event.ts";
import { maxNameLength, type Viewer, viewerSchema } from "../../shared/events/viewer.ts";
import type { SourceEvent } from "./source.ts";
import { cleanText, cutText } from "./text.ts";

/** What ingest knows of an event and its source does not. */
export interface Stamp {
  id: string;
  source: string;
  roomId: string;
  receivedAt: number;
  replay: boolean;
  weakId: boolean;
}

/** Viewers remembered as checked, so that only a changed one costs a check again. */
const maxKnownViewers = 5000;

/**
 * Gives an event as a LiveEvent, undefined when it cannot be one. Gifts and likes come out with the numbers of a first frame
 * (`count` 1 and 0): counting puts the real ones in, and runs only for what passed this check.
 */
export type Normalise = (event: SourceEvent, stamp: Stamp) => LiveEvent | undefined;

/**
 * `liveEventSchema` taken apart: each type's own fields, with the viewer left to `viewerSchema`. A viewer's fields are two
 * thirds of an event's and seldom change, so checking them once per change makes the check cheap beside JSON.parse.
 */
const fieldsByType: ReadonlyMap<string, z.ZodType> = new Map<string, z.ZodType>(
  liveEventSchema.options.map((option): [string, z.ZodType] => {
    const { shape } = option;
    if (!("viewer" in shape)) return [shape.type.value, option];
    const viewer = shape.viewer === viewerSchema ? z.custom((given) => given !== undefined) : z.unknown().optional();
    return [shape.type.value, z.strictObject({ ...shape, viewer })];
  }),
);

interface KnownViewer {
  raw: Viewer;
  clean: Viewer;
}

/** Creates a normaliser; it remembers the viewers it has checked. */
export function createNormaliser(): Normalise {
  const known = new Map<string, KnownViewer>();
  const checkViewer = (raw: Viewer): Viewer | undefined => {
    const before = known.get(raw.id);
    if (before && isSameViewer(before.raw, raw)) return before.clean;
    const parsed = viewerSchema.safeParse(cleanViewer(raw));
    if (!parsed.success) return undefined;
    known.delete(raw.id);
    known.set(raw.id, { raw, clean: parsed.data });
    if (known.size > maxKnownViewers) known.delete(known.keys().next().value!);
    return parsed.data;
  };
  const check: Normalise = (event, stamp) => {
    const raw = "viewer" in event ? event.viewer : undefined;
    const viewer = raw && checkViewer(raw);
    if (raw && !viewer) return undefined;
    const parsed = fieldsByType.get(event.type)?.safeParse(draft(event, stamp, viewer));
    return parsed?.success ? (parsed.data as LiveEvent) : undefined;
  };
  return (event, stamp) => {
    try {
      return check(event, stamp);
    } catch {
      // A source without types can hand in anything; one bad event must not stop a show.
      return undefined;
    }
  };
}

function isSameViewer(a: Viewer, b: Viewer): boolean {
  return (
    a.platform === b.platform &&
    a.handle === b.handle &&
    a.name === b.name &&
    a.avatarUrl === b.avatarUrl &&
    a.roles.moderator === b.roles.moderator &&
    a.roles.subscriber === b.roles.subscriber &&
    a.roles.follower === b.roles.follower &&
    a.roles.owner === b.roles.owner &&
    a.levels.gifter === b.levels.gifter &&
    a.levels.team === b.levels.team
  );
}

/** What the schema of the event's type is to check. */
function draft(event: SourceEvent, stamp: Stamp, viewer: Viewer | undefined): object {
  const ts = Number.isFinite(event.ts) && event.ts > 0 ? event.ts : stamp.receivedAt;
  const base = { ...stamp, ts, test: event.test, type: event.type, ...(viewer && { viewer }) };
  switch (event.type) {
    case "gift":
      return {
        ...base,
        gift: { ...event.gift, name: cleanText(event.gift.name, 120) },
        count: 1,
        streakKey: "",
        streakTotal: 1,
      };
    case "like":
      return { ...base, count: 0, roomDelta: 0, roomTotal: wholeTotal(event.roomTotal) };
    case "chat":
    case "pin":
    case "intro":
    case "caption":
      return { ...event, ...base, text: cleanText(event.text, maxTextLength) };
    case "redeem": {
      const title = cleanText(event.title, 120);
      return { ...event, ...base, title, text: cleanText(event.text, maxTextLength) };
    }
    case "streamEnd":
      return { ...event, ...base, reason: cleanText(event.reason, 200) };
    default:
      return { ...event, ...base };
  }
}

/** The viewer with text fit to be kept; an address too long for a picture is left out, as none is better than a broken one. */
export function cleanViewer(viewer: Viewer): Viewer {
  const { avatarUrl, ...rest } = viewer;
  const clean = {
    ...rest,
    handle: cleanText(viewer.handle, maxNameLength),
    name: cleanText(viewer.name, maxNameLength),
  };
  return avatarUrl === undefined || avatarUrl.length > 2048 ? clean : { ...clean, avatarUrl };
}

/** The event with all its text cleaned, for events that arrive already normalised. */
export function cleanEvent(event: LiveEvent): LiveEvent {
  const clean = { ...event };
  if ("viewer" in clean && clean.viewer) clean.viewer = cleanViewer(clean.viewer);
  if ("text" in clean) clean.text = cleanText(clean.text, maxTextLength);
  if ("gift" in clean) clean.gift = { ...clean.gift, name: cleanText(clean.gift.name, 120) };
  if (clean.type === "redeem") clean.title = cleanText(clean.title, 120);
  if (clean.type === "streamEnd" || clean.type === "error") clean.reason = cutText(cleanText(clean.reason, 200), 200);
  return clean;
}

function wholeTotal(total: number): number {
  return Number.isSafeInteger(total) && total > 0 ? total : 0;
}
