/** The room of docs/plugin.md, word for word but for where Uproar is. */
import { Room } from "@colyseus/core";
import { type LiveEvents, liveEvents } from "../../server/index.ts";
import { actionsFor, z } from "../../shared/sdk/index.ts";

const defineAction = actionsFor<ArenaRoom>();

const spawnEnemy = defineAction({
  title: "ENEMY",
  summary: "Lets an enemy in.",
  params: z.object({ size: z.number().min(1).max(5).default(1) }),
  apply(room, { size }, act) {
    if (room.enemies.length >= 10) return { later: 60, why: "ten enemies are here" };
    room.enemies.push({ size, sentBy: act.by?.viewer.name ?? "" });
    return undefined;
  },
});

const rules = `game: arena
rules:
  - { id: enemy, on: chat, command: enemy, cooldown: { viewer: 30s }, do: spawnEnemy }
  - { id: gift, on: gift, do: { spawnEnemy: { size: "min(5, diamonds)" } } }
`;

export class ArenaRoom extends Room {
  override autoDispose = false;
  readonly enemies: { size: number; sentBy: string }[] = [];
  live: LiveEvents | undefined;

  override async onCreate(): Promise<void> {
    this.live = await liveEvents(this, {
      sources: ["ingest"],
      rules,
      actions: { spawnEnemy },
    });
    this.setFixedTimestep(({ dtMs }) => {
      this.live?.update(dtMs);
      this.move(dtMs);
    }, 30);
  }

  /** What the room did before. */
  move(_dtMs: number): void {}
}
