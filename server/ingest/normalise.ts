/** Makes a checked LiveEvent of what a source said: fills in what ingest knows, cleans text, checks by the schema. */
import { type LiveEvent, liveEventSchema, maxTextLength } from "../../shared/events/live-event.ts";
import { maxNameLength, type Viewer } from "../../shared/events/viewer.ts";
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

/**
 * The event as a LiveEvent, undefined when it cannot be one. Gifts and likes come out with the numbers of a first frame
 * (`count` 1 and 0): counting puts the real ones in, and runs only for what passed this check.
 */
export function normalise(event: SourceEvent, stamp: Stamp): LiveEvent | undefined {
  const parsed = liveEventSchema.safeParse(draft(event, stamp));
  return parsed.success ? parsed.data : undefined;
}

function draft(event: SourceEvent, stamp: Stamp): unknown {
  const ts = Number.isFinite(event.ts) && event.ts > 0 ? event.ts : stamp.receivedAt;
  const base = { ...stamp, ts, test: event.test, type: event.type };
  switch (event.type) {
    case "gift":
      return {
        ...base,
        viewer: cleanViewer(event.viewer),
        gift: { ...event.gift, name: cleanText(event.gift.name, 120) },
        count: 1,
        streakKey: "",
        streakTotal: 1,
      };
    case "like":
      return {
        ...base,
        viewer: cleanViewer(event.viewer),
        count: 0,
        roomDelta: 0,
        roomTotal: wholeTotal(event.roomTotal),
      };
    case "chat":
    case "pin":
    case "intro":
    case "caption": {
      const viewer = "viewer" in event && event.viewer ? { viewer: cleanViewer(event.viewer) } : {};
      return { ...event, ...base, ...viewer, text: cleanText(event.text, maxTextLength) };
    }
    case "streamEnd":
      return { ...event, ...base, reason: cleanText(event.reason, 200) };
    default:
      return "viewer" in event && event.viewer
        ? { ...event, ...base, viewer: cleanViewer(event.viewer) }
        : { ...event, ...base };
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
  if (clean.type === "streamEnd") clean.reason = cutText(cleanText(clean.reason, 200), 200);
  return clean;
}

function wholeTotal(total: number): number {
  return Number.isSafeInteger(total) && total > 0 ? total : 0;
}
