/** Source twitch: messages that a broadcast began or ended, when Twitch delivers them again; and what it takes away. */
import { expect, it } from "vitest";
import type { RunMemory } from "../../../../server/ingest/source.ts";
import twitch from "../../../../server/sources/twitch.ts";
import { someListener, someSettings } from "../../../support/source.ts";
import { notification, welcome } from "./fake-twitch.ts";

const online = (id: string, streamId: string) => notification(id, "stream.online", { id: streamId, type: "live" });
const offline = (id: string) => notification(id, "stream.offline", {});

/** Begins to hear a line; gives what hears it, and what it told so far. */
function start(memory?: RunMemory) {
  const told: string[] = [];
  const listener = someListener({
    live: (roomId) => told.push(`live ${roomId}`),
    closed: (ending) => told.push(`closed ${ending.class}`),
    event(event) {
      told.push(event.type);
      return "accepted";
    },
  });
  const ear = twitch.listen(someSettings({ user: "ana" }), listener, memory);
  ear.hear(welcome("s"));
  return { ear, told };
}

it("takes a mark that is delivered again for no new one, also when its line has moved", () => {
  const { ear, told } = start();
  for (const frame of [online("1", "100"), offline("2"), online("1", "100"), online("3", "101"), offline("2")])
    ear.hear(frame);
  ear.hear(welcome("s"));
  ear.hear(offline("2"));
  expect(told).toEqual(["live 100", "streamEnd", "live 101"]);
  ear.hear(offline("4"));
  expect(told.slice(3)).toEqual(["streamEnd"]);
});

it("knows marks of earlier lines of the run", () => {
  const memory: RunMemory = new Map();
  const first = start(memory);
  for (const frame of [online("1", "100"), offline("2")]) first.ear.hear(frame);
  const second = start(memory);
  for (const frame of [online("3", "101"), offline("2"), online("1", "100")]) second.ear.hear(frame);
  expect(second.told).toEqual(["live 101"]);
});

it("remembers the newest marks only, and takes those without an id as they come", () => {
  const memory: RunMemory = new Map();
  const { ear, told } = start(memory);
  for (let n = 0; n < 1000; n++) ear.hear(n % 2 === 0 ? online(`${n}`, `${n}`) : offline(`${n}`));
  for (const frame of [offline("999"), offline("901")]) ear.hear(frame);
  expect(told).toHaveLength(1000);
  ear.hear(offline("1"));
  for (let n = 0; n < 2; n++) ear.hear(offline(""));
  expect(told.slice(1000)).toEqual(["streamEnd", "streamEnd", "streamEnd"]);
});

it.each([
  ["authorization_revoked", "wrongKey"],
  ["user_removed", "config"],
  ["constructor", "refresh"],
  ["__proto__", "refresh"],
  ["", "refresh"],
])("gives a line up as Twitch takes a subscription away for %j", (status, why) => {
  const { ear, told } = start();
  ear.hear(
    JSON.stringify({
      metadata: { message_id: "r", message_type: "revocation" },
      payload: { subscription: { type: "channel.follow", status } },
    }),
  );
  expect(told).toEqual([`closed ${why}`]);
});
