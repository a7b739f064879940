/** Bodies that could have a name: put together every frame from the picture and the state, in objects that are kept. */
import type { StagedEntity } from "../../shared/game/view.ts";
import type { ShowState } from "../../shared/protocol/state.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import type { NamedBody } from "./kit/names.ts";
import type { Box } from "./layout.ts";

type Kept = { -readonly [Key in keyof NamedBody]: NamedBody[Key] };

export interface NamedBodies {
  /** Those that are at least partly in what is `seen`. Valid until the next call. */
  read(actors: ReadonlyMap<number, StagedEntity>, state: ShowState, tick: number, seen: Box): readonly NamedBody[];
}

/** Whether some of a round body is in the box. */
function isSeen({ x, y, a }: StagedEntity, seen: Box): boolean {
  return x > seen.x - a && x < seen.x + seen.width + a && y > seen.y - a && y < seen.y + seen.height + a;
}

/** Creates the list. */
export function createNamedBodies(): NamedBodies {
  const kept = new Map<number, Kept>();
  const list: Kept[] = [];
  const rankOf = (state: ShowState, viewer: string) => {
    for (let i = 0; i < Math.min(3, state.roundBoard.length); i++) if (state.roundBoard[i]?.viewer === viewer) return i;
    return -1;
  };
  const fresh = (id: number, key: string): Kept => {
    const place = { id, key, x: 0, y: 0, radius: 0, vx: 0, vy: 0 };
    const who = { name: "", bot: false, test: false };
    const body = { ...place, ...who, leader: false, rank: -1, idleSeconds: 0 };
    kept.set(id, body);
    return body;
  };
  return {
    read(actors, state, tick, seen) {
      list.length = 0;
      for (const actor of actors.values()) {
        if (actor.viewer === "" || actor.shape !== "circle" || !isSeen(actor, seen)) continue;
        const body = kept.get(actor.id) ?? fresh(actor.id, actor.viewer);
        const viewer = state.viewers.get(actor.viewer);
        body.x = actor.x;
        body.y = actor.y;
        body.radius = actor.a;
        body.vx = actor.vx;
        body.vy = actor.vy;
        body.name = viewer?.name ?? body.name;
        body.bot = viewer?.bot ?? body.bot;
        body.test = viewer?.test ?? body.test;
        body.leader = state.leader === actor.viewer;
        body.rank = rankOf(state, actor.viewer);
        body.idleSeconds = Math.max(0, tick - (viewer?.lastActTick ?? 0)) / ticksPerSecond;
        list.push(body);
      }
      if (kept.size > list.length) for (const id of kept.keys()) if (!actors.has(id)) kept.delete(id);
      return list;
    },
  };
}
