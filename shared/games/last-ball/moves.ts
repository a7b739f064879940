/** The free moves of a ball: dash, guard, and naming a target. */
import { ticksOf } from "../../game/phases.ts";
import type { Player, Show } from "./state.ts";
import { areFoes } from "./teams.ts";

/** How long a dash goes on by itself. */
const dashTicks = 22;
const dashLimit = 17;

/** Throws a ball along its heading: at its aim, or where it rolls. Returns why not, or "". */
export function dash(player: Player, speed: number, show: Show): string {
  const { body, aim } = player;
  const { tick } = show.world;
  if (!body) return "no ball";
  if (player.frozenUntil > tick) return "frozen";
  if (player.guardUntil > tick) return "guarding";
  if (aim?.body) player.heading = Math.atan2(aim.body.y - body.y, aim.body.x - body.x);
  const along = body.vx * Math.cos(player.heading) + body.vy * Math.sin(player.heading);
  const added = Math.max(0, Math.min(speed, dashLimit - along));
  show.world.accelerate(body, Math.cos(player.heading) * added, Math.sin(player.heading) * added);
  player.stunUntil = 0;
  player.dashUntil = tick + dashTicks;
  show.effect("dash", { on: body, viewer: player.key, power: Math.min(1, speed / dashLimit) });
  return "";
}

/** Doubles a ball's mass for some seconds; it cannot dash meanwhile. */
export function guard(player: Player, seconds: number, show: Show): void {
  player.guardUntil = Math.max(player.guardUntil, show.world.tick + ticksOf(seconds));
  show.effect("guard", { on: player.body, viewer: player.key });
}

/** Finds the ball a comment names, no team mate: "@name", a whole name, or its first word. */
export function findTarget(player: Player, text: string, show: Show): Player | undefined {
  const words = text.trim().split(/\s+/, 4);
  const at = words.findIndex((word) => word.startsWith("@"));
  const named = at >= 0 ? [words.slice(at).join(" "), words[at]!] : [text.trim(), words.slice(1).join(" "), words[0]!];
  for (const name of named) {
    const member = name ? show.crowd.find(name) : undefined;
    const found = member && show.players.get(member.key);
    if (found && areFoes(player, found)) return found;
  }
  return undefined;
}

/** The ball whose viewer is called exactly so, among those on the platform. */
export function ballNamed(text: string, show: Show): Player | undefined {
  const name = text.trim().toLowerCase();
  if (!name) return undefined;
  return show.players.active.find((player) => {
    const viewer = show.crowd.get(player.key)?.viewer;
    return viewer?.name.toLowerCase() === name || viewer?.handle.toLowerCase() === name;
  });
}
