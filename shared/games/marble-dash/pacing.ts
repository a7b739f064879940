/** Pacing: keeps the pack together for the eye, frees who is stuck, and stops who goes back through a one-way checkpoint. */
import { ticksOf } from "../../game/phases.ts";
import { makeGhost } from "./marbles.ts";
import { leftX, rightX } from "./pieces.ts";
import type { MarbleDash, Runners, Show } from "./state.ts";
import { gateY, jointAbove } from "./track.ts";

/** Units per tick per tick, downwards: with the drag of a marble, none falls faster than half of what the world allows. */
export const gravity = 0.2;

/** Behind the pack by so much, a marble begins to fall faster; `full` further it does so with all its strength. */
const behind = { from: 250, full: 900, most: 1.3 };
/** The same for who is ahead of the pack: it falls slower. */
const ahead = { from: 200, full: 700, most: 0.35 };
/** How much harder everybody falls in sudden death. */
const suddenPull = 0.45;
/** Without progress of so many units for so long, a marble is nudged; then again, each time after half as long. */
const progressUnits = 40;
const stuckTicks = ticksOf(4);
/** Nudges after which a marble passes through others, and after which it is put back on the last free stretch. */
const ghostAfter = 2;
const liftAfter = 5;

/** The comeback rule, the same for everybody: the further behind the pack, the faster a marble falls, and the other way round. */
export function catchUp(game: MarbleDash, player: Runners, show: Show): void {
  const { body } = player;
  if (!body || player.place > 0) return;
  const { catchUp: strength } = show.options;
  const gap = game.packY - body.y;
  const { from, full, most } = gap > 0 ? behind : ahead;
  const share = Math.min(1, Math.max(0, (Math.abs(gap) - from) / full)) * most * strength;
  if (share > 0) show.world.accelerate(body, 0, gravity * (gap > 0 ? share : -share));
}

/** Falls that options make faster or slower, and sudden death harder for everybody. */
export function pullMore(player: Runners, show: Show): void {
  const { body } = player;
  const more = show.options.gravity - 1 + (show.phase.name === "sudden" ? suddenPull : 0);
  if (body && more !== 0) show.world.accelerate(body, 0, gravity * more);
}

/** Notes progress, and frees who makes none. */
export function watchProgress(game: MarbleDash, player: Runners, show: Show): void {
  const { body } = player;
  if (!body || player.place > 0) return;
  const { tick, random } = show.world;
  if (body.y > player.bestY + progressUnits) {
    player.bestY = body.y;
    player.progressTick = tick;
    player.nudges = 0;
    return;
  }
  if (tick - player.progressTick < (player.nudges === 0 ? stuckTicks : stuckTicks / 2)) return;
  player.progressTick = tick;
  player.nudges++;
  if (player.nudges >= liftAfter && game.track) {
    show.world.setPosition(body, random.between(leftX + 80, rightX - 80), jointAbove(game.track, body.y));
    player.nudges = 0;
  }
  if (player.nudges >= ghostAfter) makeGhost(player, tick + ticksOf(1.5), show);
  show.world.setVelocity(body, random.between(-9, 9), -8 - player.nudges);
  show.effect("nudge", { on: body });
}

/** Checkpoints are one-way: whoever has passed one does not get back above it. */
export function holdCheckpoint(game: MarbleDash, player: Runners, show: Show): void {
  const { body } = player;
  if (!body || !game.track || player.place > 0) return;
  for (const at of game.track.checkpoints) {
    if (at <= player.checkpointY || body.y - body.radius < at) continue;
    player.checkpointY = at;
    if (player.key === game.leader) show.effect("checkpoint", { x: body.x, y: at, viewer: player.key });
  }
  const top = player.checkpointY + body.radius;
  if (player.checkpointY > gateY && body.y < top && body.vy < 0) show.world.setVelocity(body, body.vx, -body.vy * 0.4);
}
