/** Sources tiktool and euler: what a new line hears before it names its room is counted in that room, and once. */
import { afterEach, describe, expect, it } from "vitest";
import { entryWithinMs } from "../../../server/ingest/room-entry.ts";
import euler from "../../../server/sources/euler.ts";
import tiktool from "../../../server/sources/tiktool.ts";
import { type LineRig, startLineRig, unitsIn, wordsOf } from "./line-rig.ts";

let serial = 0;
const wires = [
  {
    source: "tiktool",
    start: () => startLineRig(tiktool, (TIKTOOL_URL) => ({ TIKTOOL_URL }), { event: "somethingNew", data: {} }),
    room: (roomId: string) => ({ event: "roomInfo", roomId }),
    combo: (total: number, ownRoom: object = {}) => ({
      event: "gift",
      data: {
        ...{ msgId: `m${++serial}`, user: { userId: "9" }, giftId: 5655, giftType: 1, diamondCount: 1 },
        ...{ repeatCount: total, groupId: "77", ...ownRoom },
      },
    }),
    end: { event: "streamEnd", data: { reason: "3" } },
  },
  {
    source: "euler",
    start: () => startLineRig(euler, (EULER_WS_URL) => ({ EULER_WS_URL }), { type: "WebcastSomethingNew", data: {} }),
    room: (id_str: string) => (id_str === "" ? { type: "tiktok.connect" } : { type: "roomInfo", data: { id_str } }),
    combo: (total: number, ownRoom: object = {}) => ({
      type: "WebcastGiftMessage",
      data: {
        common: { msgId: `m${++serial}`, ...ownRoom },
        ...{ user: { userId: "9" }, giftId: 5655, giftDetails: { giftType: 1, diamondCount: 1 } },
        ...{ repeatCount: total, groupId: "77" },
      },
    }),
    end: { type: "WebcastControlMessage", data: { action: 3 } },
  },
];

describe.each(wires)("$source", ({ start, room, combo, end }) => {
  let rig: LineRig | undefined;
  afterEach(async () => {
    await rig?.cleanUp();
    rig = undefined;
  });
  /** A line that follows one which heard 3 units of a combo in room 7000. */
  async function secondLine(): Promise<LineRig> {
    rig = await start();
    expect(wordsOf(await rig.tell(room("7000"), combo(3)))).toEqual(["streamStart", 3]);
    await rig.cut();
    await rig.nextLine();
    rig.take();
    return rig;
  }

  it("counts the next broadcast's first gifts in its own room, and once", async () => {
    const { tell, status } = await secondLine();
    expect(await tell(room(""), combo(3))).toEqual([]);
    expect(wordsOf(await tell(room("7001")))).toEqual(["streamEnd", "streamStart", 3]);
    const more = await tell(combo(7));
    expect(wordsOf(more)).toEqual([4]);
    expect(more[0]).toMatchObject({ roomId: "7001" });
    expect(status().counters.giftUnits).toBe(3 + 7);
  });

  it("goes by a message's own room where nothing else names it", async () => {
    const { tell } = await secondLine();
    const events = await tell(combo(3), combo(7, { roomId: "7001" }));
    expect(wordsOf(events)).toEqual(["streamEnd", "streamStart", 3, 4]);
  });

  it("takes a line that names no room within five seconds for one into the room before", async () => {
    const { tell, clock, take, status } = await secondLine();
    expect(await tell(room(""), combo(3), combo(5))).toEqual([]);
    clock.advance(entryWithinMs - 1);
    expect([take(), status().state]).toEqual([[], "reconnecting"]);
    clock.advance(1);
    expect([wordsOf(take()), status().state]).toEqual([[2], "live"]);
    expect(wordsOf(await tell(combo(7)))).toEqual([2]);
  });

  it("tells what waits when the line breaks, or the broadcast ends", async () => {
    const { tell, cut, take, nextLine } = await secondLine();
    await tell(combo(5));
    await cut();
    expect(wordsOf(take())).toEqual([2]);
    await nextLine();
    take();
    expect(wordsOf(await tell(combo(6), end))).toEqual([1, "streamEnd"]);
  });

  it("waits for nothing on a run's first line, nor leaves a timer when it is stopped", async () => {
    rig = await start();
    expect(unitsIn(await rig.tell(combo(3)))).toBe(3);
    expect(unitsIn(await rig.tell(room("7000"), combo(7)))).toBe(4);
    await rig.cut();
    await rig.nextLine();
    await rig.tell(combo(8));
    await rig.cleanUp();
    expect(rig.pending()).toBe(0);
  });
});
