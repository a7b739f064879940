/** TikTool with Euler Stream standing by, over real sockets: the same broadcast in two protocols, each gift once over the switch. */
import { afterEach, expect, it } from "vitest";
import { createIngest } from "../../../server/ingest/ingest.ts";
import euler from "../../../server/sources/euler.ts";
import tiktool from "../../../server/sources/tiktool.ts";
import type { LiveEvent } from "../../../shared/events/live-event.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { someSettings } from "../../support/source.ts";
import { until } from "../../support/until.ts";
import { startFakeSocketServer } from "./conformance.ts";

const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

const roomId = "7400000000000000001";

/** A gift frame of the platform. */
interface Frame {
  msgId: string;
  groupId: string;
  total: number;
  end: boolean;
}

/** The two providers' words for the same things. */
const inTiktool = {
  room: () => JSON.stringify({ event: "roomInfo", roomId }),
  chat: (text: string, ts: number) =>
    JSON.stringify({ event: "chat", data: { comment: text, timestamp: ts, msgId: `c${text}`, user: { userId: "9" } } }),
  gift: ({ msgId, groupId, total, end }: Frame, ts: number) => {
    const gift = { giftId: 5655, giftName: "Rose", diamondCount: 1, giftType: groupId === "" ? 2 : 1 };
    const data = { ...gift, groupId, repeatCount: total, repeatEnd: end, timestamp: ts, msgId, user: { userId: "9" } };
    return JSON.stringify({ event: "gift", data });
  },
};
const bundle = (type: string, data: object) => JSON.stringify({ messages: [{ type, data }] });
const inEuler = {
  room: () => bundle("roomInfo", { id_str: roomId, status: 2 }),
  chat: (text: string, ts: number) =>
    bundle("WebcastChatMessage", {
      common: { msgId: `c${text}`, createTime: String(ts) },
      user: { userId: "9" },
      comment: text,
    }),
  gift: ({ msgId, groupId, total, end }: Frame, ts: number) =>
    bundle("WebcastGiftMessage", {
      // Euler's own ids here, so that content and time must tell.
      common: { msgId: `e${msgId}`, createTime: String(ts) },
      user: { userId: "9" },
      giftId: 5655,
      giftDetails: { giftName: "Rose", diamondCount: 1, giftType: groupId === "" ? 2 : 1 },
      ...{ groupId, repeatCount: total, repeatEnd: end ? 1 : 0 },
    }),
};

it("plays from the first, goes on from the second, and comes back, without a gift lost or doubled", async () => {
  const [first, second] = [await startFakeSocketServer(), await startFakeSocketServer()];
  const clock = createManualClock(1_800_000_000_000);
  const ingest = createIngest({ clock, random: () => 0.5 });
  cleanups.push(first.stop, second.stop, ingest.stop);
  ingest.startPair(
    { source: tiktool, settings: someSettings({ user: "ana", env: { TIKTOOL_URL: first.url } }) },
    { source: euler, settings: someSettings({ user: "ana", env: { EULER_WS_URL: second.url } }) },
  );
  const state = (index: number) => ingest.status()[index]!;
  const heard: LiveEvent[] = [];
  const look = () => heard.push(...ingest.drain(1000));
  const pass = (ms: number) => {
    for (let left = ms; left > 0; left -= 500) {
      clock.advance(500);
      look();
    }
  };
  /** Waits until both members, or those that are connected, have heard one frame more each. */
  const tell = async (say: (words: typeof inTiktool) => string, to: readonly (0 | 1)[] = [0, 1]) => {
    const before = [0, 1].map((index) => state(index).counters.received);
    for (const index of to) [first, second][index]!.send(say([inTiktool, inEuler][index]!));
    await until(() => to.every((index) => state(index).counters.received > before[index]!));
    look();
  };
  await until(() => first.lines() === 1 && second.lines() === 1);
  first.send(inTiktool.room());
  second.send(inEuler.room());
  await until(() => state(0).state === "live" && state(1).state === "live");
  expect(state(1).detail).toContain("Stands by");

  const combo = (total: number, end = false): Frame => ({ msgId: `m${total}${end}`, groupId: "1795", total, end });
  const single = (nth: number): Frame => ({ msgId: `s${nth}`, groupId: "", total: 1, end: false });
  const at = () => clock.now();
  await tell((words) => words.gift(combo(3), at()));
  await tell((words) => words.gift(single(1), at()));
  await tell((words) => words.chat("both", at()));
  // The first falls away in the midst of the combo; before anybody knows, the second tells what follows.
  first.drop();
  await tell((words) => words.gift(combo(7), at()), [1]);
  await tell((words) => words.gift(single(2), at()), [1]);
  await tell((words) => words.chat("second only", at()), [1]);
  await until(() => state(0).state === "reconnecting");
  pass(1500);
  expect(state(1).detail).toContain("Receiving");
  await until(() => first.lines() === 1);
  first.send(inTiktool.room());
  await until(() => state(0).state === "live");
  expect(state(0).detail).toContain("Stands by: what euler does not deliver");
  // The first is back and sends its last messages again.
  for (const frame of [combo(3), combo(7), single(1), single(2)]) {
    await tell((words) => words.gift(frame, at() - 1500), [0]);
  }
  await tell((words) => words.gift(combo(9, true), at()));
  pass(20_000);

  const units = heard.reduce((sum, event) => sum + (event.type === "gift" ? event.count : 0), 0);
  expect(units).toBe(9 + 2);
  expect(heard.filter(({ type }) => type === "giftStreakEnd")).toMatchObject([{ streakTotal: 9 }]);
  expect(heard.flatMap((event) => (event.type === "chat" ? event.text : []))).toEqual(["both", "second only"]);
  expect(heard.flatMap(({ type }) => (type.startsWith("stream") ? type : []))).toEqual(["streamStart"]);
  expect(new Set(heard.map(({ source }) => source))).toEqual(new Set(["tiktool"]));
  expect(ingest.counters().failover).toMatchObject({ switches: 1, forgottenEarly: 0 });
});
