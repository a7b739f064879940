/** A Colyseus server with an arena of its own that takes live events, as a process that tests kill. Takes: data folder, file of what acted. */
import { appendFileSync } from "node:fs";
import { createServer } from "node:http";
import { matchMaker, Room, Server } from "@colyseus/core";
import { schema, t } from "@colyseus/schema";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { z } from "zod";
import { type LiveEvents, liveEvents } from "../../../server/plugin/live-events.ts";
import { type Act, actionsFor } from "../../../shared/game/define.ts";

const [, , data = "", actedFile = ""] = process.argv;

const ArenaState = schema({ boosts: t.uint32().default(0), enemies: t.uint32().default(0) }, "ArenaState");

class ArenaRoom extends Room<{ state: InstanceType<typeof ArenaState> }> {
  override autoDispose = false;
  override state = new ArenaState();
  live: LiveEvents | undefined;
  busyMs = 0;

  override async onCreate(): Promise<void> {
    this.live = await liveEvents(this, { sources: ["tiktool:arena"], rules, actions, data });
    this.setFixedTimestep(({ dtMs }) => {
      this.busyMs = Math.max(0, this.busyMs - dtMs);
      this.live?.update(dtMs);
    }, 30);
  }

  /** Written at once, as a room does that keeps its own state: this outlives a kill. */
  note(action: string, { eventIds: ids, paid }: Act): undefined {
    if (!paid) return;
    appendFileSync(actedFile, ids.map((id) => `${id} ${action} ${this.live?.mayHaveActed(id) ?? false}\n`).join(""));
    return undefined;
  }
}

const defineAction = actionsFor<ArenaRoom>();
const actions = {
  boost: defineAction({
    title: "BOOST",
    summary: "Acts at once.",
    params: z.object({}),
    apply(room, _params, act) {
      room.state.boosts++;
      return room.note("boost", act);
    },
  }),
  spawnEnemy: defineAction({
    title: "ENEMY",
    summary: "One every half a second.",
    params: z.object({}),
    apply(room, _params, act) {
      if (room.busyMs > 0) return { later: 10, why: "an enemy is coming" };
      room.busyMs = 500;
      room.state.enemies++;
      return room.note("spawnEnemy", act);
    },
  }),
};
const rules = `game: arena
rules:
  - { id: hi, on: chat, do: boost }
  - { id: small, on: gift, value: { to: 9 }, do: boost }
  - { id: large, on: gift, value: { from: 10 }, do: [boost, spawnEnemy] }
`;

const server = new Server({ greet: false, transport: new WebSocketTransport({ server: createServer() }) });
server.define("arena", ArenaRoom);
await server.listen(0, "127.0.0.1");
await matchMaker.createRoom("arena", {});
console.log("ready");
