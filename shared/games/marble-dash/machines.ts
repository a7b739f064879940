/** Machines: what moves, carries and throws on a track, the same for every marble. */
import type { Entity, World } from "../../world/world.ts";
import { shelfThickness } from "./pieces.ts";
import type { Machine, Track } from "./track.ts";

/** How near a marble must be to a belt's surface to be carried, in units. */
const belowMarble = 9;
/** A belt's pull, and a pad's throw, in units per tick per tick; and the speed up to which a pad throws. */
const beltPull = 0.5;
const padThrow = 1.1;
const padSpeed = 15;
/** What rights a see-saw: a torque for each radian it hangs, and for each radian a tick it turns, by its inertia. */
const levelling = 0.0016;
const slowing = 0.05;

/** Moves everything that moves by itself. `tempo` 1 is normal. Call before physics. */
export function moveMachines(track: Track, world: World, tempo: number): void {
  for (const machine of track.machines) {
    const { entity, piece } = machine;
    if (piece.orbit) {
      machine.angle = turned(machine.angle, (piece.turn ?? 0) * tempo);
      const { reach } = piece.orbit;
      world.setPosition(entity, piece.x + Math.cos(machine.angle) * reach, piece.y + Math.sin(machine.angle) * reach);
    } else if (piece.sway) {
      machine.angle = turned(machine.angle, ((Math.PI * 2) / piece.sway.ticks) * tempo);
      world.setPosition(entity, piece.x + Math.sin(machine.angle) * piece.sway.reach, piece.y);
    } else if (piece.turn !== undefined) {
      machine.angle = turned(machine.angle, piece.turn * tempo);
      world.setAngle(entity, machine.angle);
    } else if (piece.kind === "seesaw") level(machine, world);
  }
}

/** An angle some way on, kept within one turn so that it stays exact for hours. */
function turned(angle: number, by: number): number {
  const next = angle + by;
  if (next > Math.PI * 2) return next - Math.PI * 2;
  return next < 0 ? next + Math.PI * 2 : next;
}

/** Brings a see-saw slowly back to level. */
function level({ entity }: Machine, world: World): void {
  const inertia = (entity.mass * entity.radius * entity.radius) / 3;
  world.applyTorque(entity, -inertia * (levelling * Math.sin(entity.angle * 2) + slowing * entity.spin));
}

/** Belts carry and pads throw a marble that is on them. Call before physics, for each marble. */
export function carry(track: Track, marble: Entity, world: World, tempo: number): void {
  for (const { entity, piece } of track.machines) {
    if (piece.kind !== "belt" && piece.kind !== "pad") continue;
    const dx = marble.x - entity.x;
    const dy = marble.y - entity.y;
    if (dy > 260 || dy < -260) continue;
    const cos = Math.cos(entity.angle);
    const sin = Math.sin(entity.angle);
    const along = dx * cos + dy * sin;
    const across = dy * cos - dx * sin;
    const half = (piece.width ?? 0) / 2;
    if (along > half || along < -half) continue;
    const pace = marble.vx * cos + marble.vy * sin;
    if (piece.kind === "pad") {
      if (Math.abs(across) < half && pace < padSpeed * tempo) world.accelerate(marble, cos * padThrow, sin * padThrow);
      continue;
    }
    const onTop = dy < 0 && Math.abs(across) < shelfThickness / 2 + marble.radius + belowMarble;
    const missing = (piece.speed ?? 0) * tempo - pace;
    if (!onTop) continue;
    const pull = Math.max(-beltPull, Math.min(beltPull, missing));
    world.accelerate(marble, cos * pull, sin * pull);
  }
}
