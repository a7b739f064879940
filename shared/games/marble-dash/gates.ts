/** Shortcut gates: doors in shelves that open for everybody, by likes for a moment, in sudden death for good. */
import { ticksOf } from "../../game/phases.ts";
import { layers } from "./pieces.ts";
import type { MarbleDash, Show } from "./state.ts";
import type { Door } from "./track.ts";

/** A gate that the leader has passed by more is none that likes open. */
const passedUnits = 260;
/** Before it shuts, a gate shows it for so long. */
export const shutWarnTicks = ticksOf(1);

/** The section whose gate likes open now: the one that is open, else one by chance that most are still above; -1 for none. */
export function sectionToOpen(game: MarbleDash, show: Show): number {
  const { track } = game;
  if (!track) return -1;
  if (game.openUntil > show.world.tick) return game.openSection;
  const last = game.order.at(-1)?.body?.y ?? game.packY;
  const sections = [...new Set(track.doors.map(({ section }) => section))];
  const isAhead = (section: number, y: number) => track.sections[section]!.topY + passedUnits > y;
  const ahead = sections.filter((section) => isAhead(section, game.packY));
  // The next two, so that viewers see what they have opened; with none left, one that helps those behind.
  if (ahead.length > 0) return show.world.random.pick(ahead.slice(0, 2));
  const behind = sections.filter((section) => isAhead(section, last));
  return behind.length > 0 ? show.world.random.pick(behind) : -1;
}

/** Opens the gates of a section until a tick. */
export function openGates(game: MarbleDash, section: number, untilTick: number, show: Show): void {
  game.openUntil = untilTick;
  game.openSection = section;
  for (const door of game.track?.doors ?? []) {
    if (door.section === section) open(door, untilTick, show);
  }
}

function open(door: Door, untilTick: number, show: Show): void {
  const wasShut = door.openUntil === 0;
  door.openUntil = untilTick;
  door.entity.wear.set("open", untilTick);
  if (!wasShut) return;
  show.world.setLayer(door.entity, layers.track, 0);
  show.effect("gateOpen", { x: door.entity.x, y: door.entity.y, power: 1 });
}

/** Shuts gates whose time is over, once nobody is in them; in sudden death opens them all. */
export function tendGates(game: MarbleDash, show: Show): void {
  const { track } = game;
  if (!track) return;
  const { tick } = show.world;
  const isSudden = show.phase.name === "sudden";
  for (const door of track.doors) {
    if (isSudden) open(door, tick + shutWarnTicks * 2, show);
    if (door.openUntil === 0 || door.openUntil > tick || isBlocked(door, show)) continue;
    door.openUntil = 0;
    door.entity.wear.delete("open");
    show.world.setLayer(door.entity, layers.track, 0xffffffff);
    show.effect("gateShut", { x: door.entity.x, y: door.entity.y });
  }
}

/** Whether a marble is in the way of a door. */
function isBlocked({ entity }: Door, show: Show): boolean {
  return show.players.active.some(
    ({ body }) => body && Math.hypot(body.x - entity.x, body.y - entity.y) < entity.radius + body.radius + 20,
  );
}
