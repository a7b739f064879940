/** Live events in real Colyseus rooms over real sockets: the simulated audience's wire with every fault, players who see it, and rooms that come and go. */
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { matchMaker, Room, Server } from "@colyseus/core";
import { schema, t } from "@colyseus/schema";
import { Client } from "@colyseus/sdk";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { z } from "zod";
import { type LiveEvents, type LiveEventsOptions, liveEvents } from "../../../server/plugin/live-events.ts";
import { parseFaults } from "../../../server/simulator/faults.ts";
import { loadScenario } from "../../../server/simulator/scenario.ts";
import { type Simulator, startSimulator } from "../../../server/simulator/simulator.ts";
import { actionsFor } from "../../../shared/game/define.ts";
import { ledgerProblems, readLedger } from "../../chaos/checks.ts";
import { aGift } from "../../support/events.ts";

const YardState = schema({ boosts: t.uint32().default(0), units: t.uint32().default(0) }, "YardState");
type YardState = InstanceType<typeof YardState>;

class YardRoom extends Room<{ state: YardState }> {
  override autoDispose = false;
  override state = new YardState();
  live: LiveEvents | undefined;
  ownDisposals = 0;

  override async onCreate(options: Partial<LiveEventsOptions<YardRoom>>): Promise<void> {
    this.live = await liveEvents(this, { rules, actions, sources: ["tiktool:yard"], log: () => undefined, ...options });
    this.setFixedTimestep(({ dtMs }) => this.live?.update(dtMs), 30);
  }

  override onDispose(): void {
    this.ownDisposals++;
  }
}

const actions = {
  boost: actionsFor<YardRoom>()({
    title: "BOOST",
    summary: "Counts.",
    params: z.object({}),
    apply({ state }, _params, { count }) {
      state.boosts++;
      state.units += count;
      return undefined;
    },
  }),
};
const rules = "game: yard\nallow: [COMPLIANCE_PAY_TO_PLAY]\nrules:\n  - { on: gift, do: boost }\n";

let folder: string;
let server: Server;
let url: string;
let simulator: Simulator | undefined;
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "uproar-yard-"));
  const http = createServer();
  server = new Server({ greet: false, gracefullyShutdown: false, transport: new WebSocketTransport({ server: http }) });
  server.define("yard", YardRoom);
  await server.listen(0, "127.0.0.1");
  url = `ws://127.0.0.1:${(http.address() as AddressInfo).port}`;
});
afterEach(async () => {
  await server.gracefullyShutdown(false);
  await simulator?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function aRoom(options: Partial<LiveEventsOptions<YardRoom>>): Promise<YardRoom> {
  const { roomId } = await matchMaker.createRoom("yard", options);
  return matchMaker.getLocalRoomById(roomId) as YardRoom;
}

test("a room counts what was sent whatever goes wrong on the wire, and its players see it", {
  timeout: 120_000,
}, async () => {
  const faults = parseFaults("all");
  simulator = await startSimulator({ scenario: loadScenario("storm"), seed: 5, faults, lineMs: 2500 });
  const data = join(folder, "data");
  const room = await aRoom({ data, env: { TIKTOOL_URL: simulator.url } });
  const player = await new Client(url).join<YardState>("yard");
  await vi.waitFor(() => expect(room.state.units).toBeGreaterThan(150), { timeout: 60_000, interval: 50 });
  const { isSettled } = simulator;
  simulator.finish();
  await vi.waitFor(() => expect(isSettled()).toBe(true), { timeout: 30_000, interval: 50 });
  // Ends the live events too, which play what was accepted.
  await room.disconnect();
  expect(room.ownDisposals).toBe(1);
  expect(player.state.boosts).toBeGreaterThan(20);
  const { gifts } = simulator.sent();
  const ledger = await readLedger(data);
  expect(ledgerProblems(gifts, ledger)).toEqual([]);
  const { applied, banked } = ledger.totals;
  expect([applied.count, banked.count]).toEqual([gifts.units, 0]);
  expect(room.state.units).toBe(gifts.units);
});

test("rooms with folders of their own do not disturb each other; a second on one folder is not made", async () => {
  const one = await aRoom({ data: join(folder, "one"), sources: ["ingest"] });
  const two = await aRoom({ data: join(folder, "two"), sources: ["ingest"] });
  await expect(aRoom({ data: join(folder, "one"), sources: ["ingest"] })).rejects.toThrow(/in use by the room yard/);
  one.live!.offer(aGift(1, "ana", 1, { id: "g1" }));
  two.live!.offer(aGift(1, "ana", 1, { id: "g2" }));
  await vi.waitFor(() => expect([one.state.units, two.state.units]).toEqual([1, 1]), 10_000);
  expect((await one.live!.ledgerRows()).rows.map(({ id }) => id)).toEqual(["g1"]);
  await one.disconnect();
  // Its folder is free again.
  const three = await aRoom({ data: join(folder, "one"), sources: ["ingest"] });
  expect((await three.live!.ledgerRows()).rows).toHaveLength(1);
});

test("a room that cannot be made after all leaves its folder", async () => {
  class BrokenRoom extends YardRoom {
    override async onCreate(options: Partial<LiveEventsOptions<YardRoom>>): Promise<void> {
      await super.onCreate(options);
      throw new Error("no map");
    }
  }
  server.define("broken", BrokenRoom);
  const options = { data: join(folder, "one"), sources: ["ingest"], game: "yard" };
  await expect(matchMaker.createRoom("broken", options)).rejects.toThrow("no map");
  expect((await aRoom(options)).live!.status().trouble).toBe("");
});
