/** Bodies: what is in the world at a tick of the picture, as plain values, for pages and programs that draw or count by themselves. */
import type { EntityId } from "../../shared/world/world.ts";
import type { Show } from "./show.ts";

/** One body, between two frames of the room. Lengths in world units, speeds in units per tick, angles in radians clockwise. */
export interface ShownBody {
  readonly id: EntityId;
  readonly kind: string;
  /** "circle" (radius `a`), "box" (`a` wide, `b` high), "polygon" (`corners` around its centre: x0, y0, x1, y1, ...) or "compound". */
  readonly shape: string;
  readonly a: number;
  readonly b: number;
  readonly corners: readonly number[];
  /** Key of the viewer whose body it is, "" for none, and their name. */
  readonly viewer: string;
  readonly name: string;
  readonly x: number;
  readonly y: number;
  readonly angle: number;
  readonly vx: number;
  readonly vy: number;
  /** What it wears by the name a game gave it ("shield"); what it does not is missing. */
  readonly wear: Readonly<Record<string, number>>;
}

/** All bodies at a tick, oldest first; `show.now(performance.now())` is the tick to draw. Empty while nothing has arrived. */
export function bodiesAt({ state, motion }: Pick<Show, "state" | "motion">, tick: number): ShownBody[] {
  const bodies: ShownBody[] = [];
  if (!state) return bodies;
  motion.each(tick, (id, { x, y, angle, vx, vy }) => {
    const looks = state.entities.get(String(id));
    // Poses and looks travel apart: until both are here there is nothing to draw.
    if (!looks) return;
    const { kind, shape, a, b, viewer } = looks;
    const name = state.viewers.get(viewer)?.name ?? "";
    const wear = Object.fromEntries(looks.wear.entries());
    bodies.push({ id, kind, shape, a, b, corners: [...looks.corners], viewer, name, x, y, angle, vx, vy, wear });
  });
  motion.forget(tick - 1);
  return bodies;
}
