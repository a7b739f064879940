/** The room over a real WebSocket: a stage sees the show, and can change nothing. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { matchMaker, Server } from "@colyseus/core";
import { Client, type Room } from "@colyseus/sdk";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../../server/clock.ts";
import { createIngest } from "../../../server/ingest/ingest.ts";
import { createRuleShelf } from "../../../server/room/rule-shelf.ts";
import { createShow, type Show } from "../../../server/room/show.ts";
import { type RoomCounters, showRoomOf } from "../../../server/room/show-room.ts";
import { acceptsCallersOf } from "../../../server/trust.ts";
import { effectsMessage, endedMessage, posesMessage, showRoomName } from "../../../shared/protocol/messages.ts";
import { createPoseDecoder } from "../../../shared/protocol/poses.ts";
import type { ShowState } from "../../../shared/protocol/state.ts";
import { createSimulation } from "../../../shared/sim/simulation.ts";
import { aChat, aGift } from "../../support/events.ts";
import { anInstantWriter, type InstantWriter } from "../../support/instant-writer.ts";
import { tinyGame, tinyRules } from "../../support/tiny-game.ts";

const rules = tinyRules("  - { on: chat, do: wave }\n  - { on: gift, do: jump }\n", "options: { playSeconds: 600 }\n");
let server: Server;
let show: Show;
let counters: RoomCounters;
let url: string;
let writer: InstantWriter;

beforeEach(async () => {
  writer = anInstantWriter();
  counters = { stages: 0, patches: 0, ignoredMessages: 0, errors: 0, lastError: "" };
  show = createShow({
    id: "show-1",
    simulation: createSimulation({ playlist: [{ game: tinyGame, rules }], seed: 1 }),
    ingest: createIngest({ clock: systemClock }),
    writer,
    shelf: createRuleShelf([]),
    clock: systemClock,
  });
  const http = createServer();
  server = new Server({ greet: false, transport: new WebSocketTransport({ server: http }), gracefullyShutdown: false });
  server.define(
    showRoomName,
    showRoomOf({
      show,
      avatarAddress: () => "",
      tokens: ["stage-token"],
      accepts: acceptsCallersOf("127.0.0.1"),
      counters,
    }),
  );
  await server.listen(0, "127.0.0.1");
  await matchMaker.createRoom(showRoomName, {});
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await server.gracefullyShutdown(false);
});

/** Joins as a stage does. */
async function aStage(token = "stage-token") {
  const client = new Client(url);
  client.auth.token = token;
  const room: Room<unknown, ShowState> = await client.join(showRoomName);
  const decoder = createPoseDecoder();
  const effects: unknown[] = [];
  let frames = 0;
  room.onMessage(posesMessage, (bytes: Uint8Array) => {
    decoder.read(bytes);
    frames++;
  });
  room.onMessage(effectsMessage, (batch: unknown[]) => effects.push(...batch));
  let hasEnded = false;
  room.onMessage(endedMessage, () => {
    hasEnded = true;
  });
  return { room, decoder, effects, frames: () => frames, hasEnded: () => hasEnded };
}

const until = (check: () => void) => vi.waitFor(check, { timeout: 5000, interval: 10 });

describe("a stage", () => {
  test("sees bodies, phase and poses as they are in the world", async () => {
    const stage = await aStage();
    await until(() => expect(stage.frames()).toBeGreaterThan(5));
    const { room, decoder } = stage;
    expect(room.state.game).toBe("tiny");
    expect([...room.state.entities.values()].map(({ kind }) => kind).sort()).toEqual([
      ...Array(10).fill("ball"),
      "floor",
    ]);
    const ids: number[] = [];
    decoder.each((id) => ids.push(id));
    expect(ids.map(String)).toEqual([...room.state.entities.keys()]);
    expect(room.state.props.get("answer")).toBe(42);
  });

  test("that joins later sees the same world", async () => {
    const first = await aStage();
    await until(() => expect(first.frames()).toBeGreaterThan(10));
    const second = await aStage();
    await until(() => {
      expect(second.frames()).toBeGreaterThan(3);
      expect(second.decoder.tick).toBe(first.decoder.tick);
    });
    const poses = (decoder: typeof first.decoder) => {
      const list: number[][] = [];
      decoder.each((id, x, y, angle) => list.push([id, x, y, angle]));
      return list;
    };
    expect(poses(second.decoder)).toEqual(poses(first.decoder));
  });

  test("sees what viewers do, and the ledger gets its row", async () => {
    const { room } = await aStage();
    show.offer(aChat("hi", "ana"));
    show.offer(aGift(1, "ana"));
    await until(() => expect(room.state.ready?.[0]).toMatchObject({ name: "ana", title: "JUMP", count: 1 }));
    await until(() =>
      expect(writer.rows.at(-1)).toMatchObject({
        state: "applied",
        viewer: { id: "ana" },
        count: 1,
        value: 1,
        show: "show-1",
      }),
    );
    await until(() => expect(room.state.ready).toHaveLength(0));
  });

  test("cannot change anything, whatever it sends", async () => {
    const { room } = await aStage();
    const before = JSON.stringify(show.snapshot().boards);
    for (const [type, message] of [
      ["chat", { text: "jump" }],
      ["setPosition", [1, 2]],
      ["__proto__", {}],
    ] as const)
      room.send(type, message);
    room.sendBytes(posesMessage, new Uint8Array([1, 2, 3]));
    await until(() => expect(counters.ignoredMessages).toBe(4));
    expect(JSON.stringify(show.snapshot().boards)).toBe(before);
    expect(show.intake.counters.taken).toBe(0);
    expect(counters.errors).toBe(0);
  });

  test("is told when the show is stopped in order, and stands still while it pauses", async () => {
    const { room, hasEnded } = await aStage();
    room.reconnection.enabled = false;
    show.isPaused = true;
    await until(() => expect(room.state.paused).toBe(true));
    const { tick } = show.simulation.world;
    show.offer(aChat("jump"));
    const { patches } = counters;
    await until(() => expect(counters.patches).toBeGreaterThan(patches + 2));
    expect(show.simulation.world.tick).toBe(tick);
    show.isPaused = false;
    await until(() => expect(room.state.paused).toBe(false));
    expect(hasEnded()).toBe(false);
    await server.gracefullyShutdown(false);
    await until(() => expect(hasEnded()).toBe(true));
  });

  test("that sends a flood is cut off, and the show goes on", async () => {
    const { room } = await aStage();
    const other = await aStage();
    room.reconnection.enabled = false;
    const left = new Promise((resolve) => room.onLeave(resolve));
    for (let i = 0; i < 200; i++) room.send("x", i);
    await left;
    const { tick } = show.simulation.world;
    await until(() => expect(show.simulation.world.tick).toBeGreaterThan(tick + 5));
    await until(() => expect(counters.stages).toBe(1));
    expect(other.room.connection.isOpen).toBe(true);
  });
});

test.each(["", "wrong", "stage-token-and-more"])("the token %j gets no seat", async (token) => {
  await expect(aStage(token)).rejects.toThrow("no valid token");
});

test("a patch goes out with every third tick, and time in the show is time on the clock", async () => {
  await until(() => expect(counters.patches).toBeGreaterThan(2));
  const [startTick, startMs, startPatches] = [show.simulation.world.tick, Date.now(), counters.patches];
  await until(() => expect(counters.patches).toBeGreaterThan(startPatches + 20));
  const ticks = show.simulation.world.tick - startTick;
  expect(Math.abs(ticks / 3 - (counters.patches - startPatches))).toBeLessThan(2);
  // A busy machine may skip ticks, and counts them: ran + skipped is what the clock says.
  const due = ((Date.now() - startMs) * 60) / 1000;
  expect(Math.abs(ticks + show.ticksSkipped - due)).toBeLessThan(30);
});
