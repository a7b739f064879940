/** The rig of youtube's own tests: the source at work on a fake, time that moves by hand, and messages of a chat. */
import { createIngest, type Ingest } from "../../../../server/ingest/ingest.ts";
import type { SourceSettings } from "../../../../server/ingest/source.ts";
import youtube from "../../../../server/sources/youtube.ts";
import type { LiveEvent } from "../../../../shared/events/live-event.ts";
import { createManualClock, type ManualClock } from "../../../support/manual-clock.ts";
import { someSettings } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import { aVideo, aVideoList, type FakeYoutube, fakeVideoId, startFakeYoutube } from "./fake-youtube.ts";

/** Where thrift is not what a test is about. */
const plenty = "100000000";
/** Settings that lead to the fake; the units last for ever unless a test gives others. */
export const settings = (
  YOUTUBE_API_URL?: string,
  user: string = fakeVideoId,
  env: SourceSettings["env"] = { YOUTUBE_DAILY_UNITS: plenty },
): SourceSettings => someSettings({ user, env: { YOUTUBE_API_URL, ...env } });
const at = (atMs: number | undefined) => (atMs === undefined ? {} : { publishedAt: new Date(atMs).toISOString() });
/** One message of the chat. `atMs` is when it was written; without it the message has no date. */
export const anItem = (id: string, type: string, channelId: string, details: object, atMs?: number): string =>
  JSON.stringify({ id, snippet: { type, ...at(atMs), ...details }, authorDetails: { channelId, displayName: "Ana" } });
/** A written message, without an id. */
export const chat = (channelId: string, messageText: string, atMs?: number): string =>
  anItem("", "textMessageEvent", channelId, { textMessageDetails: { messageText } }, atMs);
/** Five dollars. */
export const superChat = (id: string, channelId: string, atMs?: number): string =>
  anItem(id, "superChatEvent", channelId, { superChatDetails: { amountMicros: "5000000", currency: "USD" } }, atMs);
/** A gift of Jewels, as far as its combo is. */
export const jewels = (id: string, channelId: string, comboCount: number, atMs?: number): string =>
  anItem(id, "giftEvent", channelId, { giftDetails: { giftName: "Rose", jewelsAmount: 10, comboCount } }, atMs);
/** A message of a kind that nobody knows. */
export const unknown = anItem("", "somethingNewEvent", "1", {});
/** An answer that tells of the broadcast as live, with more details if need be. */
export const aLiveVideo = (details: object = {}): string =>
  aVideoList(aVideo(fakeVideoId, { activeLiveChatId: "LC1", actualStartTime: "2027-01-15T07:00:00Z", ...details }));
/** Where the clock begins: just after what the fixtures tell of. */
export const startMs = 1_800_000_010_000;
/** The source at work on a fake. */
export interface Rig {
  server: FakeYoutube;
  clock: ManualClock;
  ingest: Ingest;
  status: () => ReturnType<Ingest["status"]>[number];
  /** Waits, and lets time pass. */
  settled(condition: () => boolean): Promise<void>;
  /** Resolves when `pages` more pages were answered. */
  pages(pages: number): Promise<LiveEvent[]>;
  asked(path: string): FakeYoutube["asked"];
  cleanUp(): Promise<void>;
}

/** Starts the source; `prepare` tells the fake beforehand what to answer. `cleanUp` ends both. */
export async function startYoutube(
  prepare: (server: FakeYoutube) => void = () => undefined,
  given = settings,
): Promise<Rig> {
  const server = await startFakeYoutube();
  prepare(server);
  const clock = createManualClock(startMs);
  const ingest = createIngest({ clock, random: () => 0.5 });
  ingest.start(youtube, given(server.url));
  const settled = (condition: () => boolean): Promise<void> =>
    until(() => {
      if (condition()) return true;
      clock.advance(250);
      return false;
    });
  const asked = (path: string) => server.asked.filter((one) => one.path === path);
  return {
    server,
    clock,
    ingest,
    status: () => ingest.status()[0]!,
    settled,
    asked,
    async cleanUp() {
      await ingest.stop();
      await server.stop();
    },
    async pages(pages) {
      const before = asked("/liveChat/messages").length;
      // The one after it is only asked for when the last was heard.
      await settled(() => asked("/liveChat/messages").length > before + pages);
      return ingest.drain(10_000);
    },
  };
}

/** The source's state once it has settled into one that waits or fails. */
export async function ending(rig: Rig): Promise<{ state: string; detail: string; retryInMs: number | undefined }> {
  await until(() => rig.status().state !== "connecting" || rig.status().retryAtMs !== undefined);
  const { state, detail, retryAtMs } = rig.status();
  return { state, detail, retryInMs: retryAtMs === undefined ? undefined : retryAtMs - rig.clock.now() };
}

/** Units that these events add. */
export const units = (events: readonly LiveEvent[]): number =>
  events.reduce((sum, event) => (event.type === "gift" ? sum + event.count : sum), 0);
