/** Sources tiktool and euler: what the provider said is wrong explains a close that follows at once, and no other. */
import { afterEach, describe, expect, it } from "vitest";
import euler from "../../../server/sources/euler.ts";
import tiktool from "../../../server/sources/tiktool.ts";
import { until } from "../../support/until.ts";
import { type LineRig, startLineRig } from "./line-rig.ts";

const viewer = { userId: "9" };
const wires = [
  {
    source: "tiktool",
    start: () => startLineRig(tiktool, (TIKTOOL_URL) => ({ TIKTOOL_URL }), { event: "somethingNew", data: {} }),
    room: { event: "roomInfo", roomId: "7" },
    trouble: { event: "error", data: { error: "Daily limit reached" } },
    chat: { event: "chat", data: { comment: "hi", user: viewer } },
    means: "quotaUsedUp",
  },
  {
    source: "euler",
    start: () => startLineRig(euler, (EULER_WS_URL) => ({ EULER_WS_URL }), { type: "WebcastSomethingNew", data: {} }),
    room: { type: "roomInfo", data: { id_str: "7" } },
    trouble: { type: "error", data: { message: "Daily limit reached" } },
    chat: { type: "WebcastChatMessage", data: { comment: "hi", user: viewer } },
    means: "reconnecting",
  },
];

describe.each(wires)("$source", ({ start, room, trouble, chat, means }) => {
  let rig: LineRig | undefined;
  afterEach(async () => {
    await rig?.cleanUp();
    rig = undefined;
  });

  it("explains a close without words within ten seconds", async () => {
    rig = await start();
    await rig.tell(room, trouble);
    rig.clock.advance(10_000);
    await rig.cut();
    expect(rig.status()).toMatchObject({ state: means, detail: expect.stringContaining("Daily limit reached") });
  });

  it.each([
    ["later", (given: LineRig) => given.clock.advance(10_001)],
    ["after an event", (given: LineRig) => given.tell(chat)],
  ])("explains none that comes %s", async (_when, pass) => {
    rig = await start();
    await rig.tell(room, trouble);
    await pass(rig);
    await rig.cut();
    await until(() => rig!.status().retryAtMs !== undefined);
    expect(rig.status().state).toBe("reconnecting");
    expect(rig.status().detail).not.toContain("Daily limit");
  });
});
