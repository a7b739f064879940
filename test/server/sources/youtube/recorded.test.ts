/** Source youtube, recorded: what was before its line is known again when the recording is played, however old it is. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { createIngest } from "../../../../server/ingest/ingest.ts";
import { createRecorder } from "../../../../server/ingest/recorder.ts";
import recording from "../../../../server/sources/recording.ts";
import youtube from "../../../../server/sources/youtube.ts";
import type { LiveEvent } from "../../../../shared/events/live-event.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { someSettings } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import { fakeVideoId, startFakeYoutube } from "./fake-youtube.ts";
import { aLiveVideo, settings, startMs, superChat } from "./rig.ts";

const hour = 3_600_000;
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** Which gifts are marked as replays. */
const marked = (events: readonly LiveEvent[]) =>
  events.flatMap((event) => (event.type === "gift" ? [event.replay] : []));

/** Records a line whose first page holds Super Chats of these ages, ms; gives the file's text and how the gifts were marked. */
async function record(agesMs: readonly number[]) {
  const server = await startFakeYoutube();
  const clock = createManualClock(startMs);
  const ingest = createIngest({ clock, random: () => 0.5 });
  cleanups.push(server.stop, ingest.stop);
  server.nowMs = startMs;
  server.send(aLiveVideo({ concurrentViewers: "12" }));
  for (const [index, ageMs] of agesMs.entries()) server.send(superChat(`m${index}`, "1", startMs - ageMs));
  let text = "";
  const header = { recording: 1, source: "youtube", user: fakeVideoId, startedAt: clock.now() } as const;
  const recorder = createRecorder(header, clock.now, (line) => {
    text += line;
  });
  ingest.start(youtube, settings(server.url), recorder);
  await until(() => ingest.status()[0]!.counters.giftUnits === agesMs.length);
  return { text, heard: marked(ingest.drain(99)) };
}

it.each([
  { ages: [0, 60_000, 20 * hour, 30 * hour, 300 * hour], marks: [false, true, true, true, true] },
  { ages: [60_000, 20 * hour], marks: [true, true] },
])("is played with the marks that it was heard with, $marks", async ({ ages, marks }) => {
  const { text, heard } = await record(ages);
  expect(heard).toEqual(marks);
  const folder = mkdtempSync(join(tmpdir(), "uproar-youtube-"));
  cleanups.push(() => rmSync(folder, { recursive: true }));
  const file = join(folder, "show.ndjson");
  writeFileSync(file, text);
  const clock = createManualClock(startMs + 2000 * hour);
  const ingest = createIngest({ clock, random: () => 0.5 });
  cleanups.push(ingest.stop);
  ingest.start(recording, someSettings({ user: file }));
  await until(() => {
    clock.advance(500);
    return ingest.status()[0]!.state === "ended";
  });
  expect(marked(ingest.drain(99))).toEqual(heard);
});
