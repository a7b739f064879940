/** Moves: what words do, free for everybody. */
import type { Lane, Runners, Show } from "./state.ts";

/** Pushes a marble aside. */
export function steer(player: Runners, lane: Lane, power: number, show: Show): void {
  const { body } = player;
  player.lane = lane;
  if (!body) return;
  show.world.accelerate(body, lane * power, 0);
  show.effect("steer", { on: body, viewer: player.key, power: lane });
}

/** Throws a marble up, and a little to the side it went to last. */
export function hop(player: Runners, power: number, show: Show): void {
  const { body } = player;
  if (!body) return;
  show.world.setVelocity(body, body.vx + player.lane * 2, Math.min(body.vy, 0) - power);
  show.effect("hop", { on: body, viewer: player.key, power: 1 });
}
