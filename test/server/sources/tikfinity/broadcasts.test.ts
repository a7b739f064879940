/** Source tikfinity: one broadcast after another, also where the app names none, and one broadcast over several lines. */
import { afterEach, describe, expect, it } from "vitest";
import type { RunMemory } from "../../../../server/ingest/source.ts";
import tikfinity from "../../../../server/sources/tikfinity.ts";
import type { LiveEvent } from "../../../../shared/events/live-event.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { type LineRig, startLineRig, wordsOf } from "../line-rig.ts";

const viewer = { userId: "9", uniqueId: "bo" };
const connected = (roomId?: string) => ({ event: "connected", data: roomId === undefined ? {} : { roomId } });
const streamEnd = { event: "streamEnd", data: { action: 3 } };
const disconnected = { event: "disconnected", data: {} };
const join = { event: "member", data: { actionId: 1, ...viewer } };
const follow = { event: "follow", data: viewer };
let serial = 0;
const combo = (repeatCount: number) => ({
  event: "gift",
  data: { msgId: `m${++serial}`, ...viewer, giftId: 5655, giftType: 1, diamondCount: 1, repeatCount, groupId: "77" },
});
const like = (totalLikeCount: number) => ({ event: "like", data: { ...viewer, likeCount: 5, totalLikeCount } });
const grown = (events: readonly LiveEvent[]) =>
  events.flatMap((event) => (event.type === "like" ? [event.roomDelta] : []));

let rig: LineRig;
afterEach(() => rig.cleanUp());
async function start(): Promise<LineRig> {
  rig = await startLineRig(tikfinity, (TIKFINITY_URL) => ({ TIKFINITY_URL }), { event: "somethingNew", data: {} });
  return rig;
}
/** Lets time pass without the line falling silent. */
async function pass(ms: number): Promise<void> {
  for (let leftMs = ms; leftMs > 0; leftMs -= 30_000) {
    rig.clock.advance(Math.min(30_000, leftMs));
    await rig.tell();
  }
}

describe("the next broadcast is another room", () => {
  it("told by `connected` after streamEnd, without a room id: likes grow, follows and combos count anew", async () => {
    const { tell } = await start();
    await tell(connected(), like(50_000), follow, combo(3));
    expect((await tell(streamEnd)).at(-1)).toMatchObject({ type: "streamEnd" });
    const events = await tell(connected(), like(10), like(20), follow, combo(2));
    expect(wordsOf(events)).toEqual(["streamStart", "like", "like", "follow", 2]);
    expect(grown(events)).toEqual([0, 10]);
    await tell(streamEnd);
    expect(grown(await tell(connected(), like(5), like(6)))).toEqual([0, 1]);
  });

  it("told by someone entering, but not by who enters just after the end", async () => {
    const { tell, clock } = await start();
    await tell(connected(), combo(3), streamEnd);
    expect(wordsOf(await tell(join, combo(3), combo(4)))).toEqual(["join", 1]);
    clock.advance(10_001);
    expect(wordsOf(await tell(join, follow, combo(4)))).toEqual(["streamStart", "join", "follow", 4]);
  });

  it("told by a `connected` more than a minute after the app lost its line; before that the same goes on", async () => {
    const { tell } = await start();
    await tell(connected(), combo(3), disconnected);
    await pass(60_000);
    expect(wordsOf(await tell(connected(), combo(4)))).toEqual(["streamStart", 1]);
    await tell(disconnected);
    await pass(60_001);
    expect(wordsOf(await tell(connected(), combo(4)))).toEqual(["streamStart", 4]);
    await tell(disconnected, streamEnd);
    expect(wordsOf(await tell(connected(), combo(4)))).toEqual(["streamStart", 4]);
  });

  it("told by another room id; the same id means the same broadcast", async () => {
    const { tell, status } = await start();
    await tell(connected("7"), combo(3), streamEnd);
    expect(wordsOf(await tell(connected("7"), combo(4)))).toEqual(["streamStart", 1]);
    expect(wordsOf(await tell(connected("8"), combo(4)))).toEqual(["streamEnd", "streamStart", 4]);
    expect(status().roomId).toBe("8");
    expect(wordsOf(await tell(streamEnd, connected(), combo(4)))).toEqual(["streamEnd", "streamStart", 4]);
  });

  it("has a name of its own in its events; the first has none until it ends, to go on after a restart of the program", async () => {
    const { tell, clock } = await start();
    expect((await tell(connected(), join)).map(({ roomId }) => roomId)).toEqual(["", ""]);
    expect((await tell(streamEnd)).at(-1)!.roomId).toBe(`local-1-${clock.now()}`);
    const next = await tell(connected(), join);
    expect(new Set(next.map(({ roomId }) => roomId))).toEqual(new Set([`local-2-${clock.now()}`]));
  });
});

describe("a broadcast goes on over another line to the app", () => {
  it("keeps its counts, whether it was named late, or is the first or a later one", async () => {
    const { tell, cut, nextLine } = await start();
    const again = async (): Promise<void> => {
      await cut();
      await nextLine();
    };
    await tell(connected(), like(50_000), combo(3), follow);
    await again();
    expect(wordsOf(await tell(combo(4), follow))).toEqual([1]);
    await again();
    expect(wordsOf(await tell(connected("7"), combo(5), follow))).toEqual([1]);
    await tell(streamEnd, connected(), combo(2));
    await again();
    expect(wordsOf(await tell(connected(), combo(3)))).toEqual([1]);
    await again();
    expect(wordsOf(await tell(connected("8"), combo(4)))).toEqual([1]);
  });

  it("still knows that it is over", async () => {
    const { tell, cut, nextLine, status } = await start();
    await tell(connected(), combo(3), streamEnd);
    await cut();
    await nextLine();
    expect(wordsOf(await tell(combo(3), combo(4)))).toEqual([1]);
    expect(status().state).toBe("waitingForLive");
    expect(wordsOf(await tell(connected(), combo(4)))).toEqual(["streamStart", 4]);
  });
});

it("tells the same by the dates of its events where frames come without a line", async () => {
  await start();
  const rooms: string[] = [];
  const memory: RunMemory = new Map();
  const listener = someListener({ live: (roomId) => rooms.push(roomId) });
  const hear = (...messages: readonly object[]): void => {
    const ear = tikfinity.listen(someSettings(), listener, memory);
    for (const message of messages) ear.hear(JSON.stringify(message));
  };
  const chatAt = (createTime: number) => ({ event: "chat", data: { ...viewer, comment: "hi", createTime } });
  const atMs = 1_800_000_000_000;
  hear(chatAt(atMs), disconnected, connected(), chatAt(atMs + 1000));
  hear(chatAt(atMs + 2000), streamEnd, join, chatAt(atMs + 13_000), join);
  expect(rooms).toEqual(["", `local-1-${atMs}`, `local-1-${atMs}`, `local-1-${atMs}`, `local-2-${atMs + 13_000}`]);
});
