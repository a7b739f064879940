/** Sources tiktool and tikfinity through counting: ids that are not set, and gifts whose type is not told, lose no gift. */
import { afterEach, describe, expect, it } from "vitest";
import tikfinity from "../../../server/sources/tikfinity.ts";
import tiktool from "../../../server/sources/tiktool.ts";
import { type LineRig, startLineRig, unitsIn } from "./line-rig.ts";

const unknown = { event: "somethingNew", data: {} };
const wires = [
  {
    source: "tiktool",
    start: () => startLineRig(tiktool, (TIKTOOL_URL) => ({ TIKTOOL_URL }), unknown),
    live: { event: "roomInfo", roomId: "7" },
  },
  {
    source: "tikfinity",
    start: () => startLineRig(tikfinity, (TIKFINITY_URL) => ({ TIKFINITY_URL }), unknown),
    live: { event: "connected", data: { roomId: "7" } },
  },
];
const lion = (data: object) => ({
  event: "gift",
  data: {
    ...{ giftId: 7000, giftName: "Lion", diamondCount: 29_999, repeatCount: 1, repeatEnd: false },
    ...{ user: { userId: "9", uniqueId: "bo" }, ...data },
  },
});

describe.each(wires)("$source", ({ start, live }) => {
  let rig: LineRig;
  afterEach(() => rig.cleanUp());

  it("counts gifts of two viewers whose message ids are not set", async () => {
    rig = await start();
    const gifts = ["bo", "cy"].map((uniqueId) => lion({ msgId: "0", giftType: 2, user: { userId: "0", uniqueId } }));
    const events = await rig.tell(live, ...gifts);
    expect(unitsIn(events)).toBe(2);
    expect(events.flatMap((event) => (event.type === "gift" ? [event.viewer.id] : []))).toEqual(["bo", "cy"]);
  });

  it("counts dear gifts without a type one by one, and none that is sent again", async () => {
    rig = await start();
    await rig.tell(live);
    const units: number[] = [];
    for (const msgId of ["1", "2", "3", "3"]) {
      units.push(unitsIn(await rig.tell(lion({ msgId }))));
      rig.clock.advance(5000);
    }
    expect(units).toEqual([1, 1, 1, 0]);
  });

  it("counts them at once after one that names the type", async () => {
    rig = await start();
    const units = unitsIn(
      await rig.tell(live, lion({ msgId: "1", giftType: 2 }), lion({ msgId: "2" }), lion({ msgId: "3" })),
    );
    expect(units).toBe(3);
  });
});
