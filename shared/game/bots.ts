/** Bots: labelled company for small rooms, shared by all games. They have names of their own and never enter the show's board. */
import type { Viewer } from "../events/viewer.ts";

/** Names of bots, in the order they join. */
export const botNames: readonly string[] = [
  "Bolt",
  "Pebble",
  "Nova",
  "Biscuit",
  "Turbo",
  "Mochi",
  "Comet",
  "Waffle",
  "Pixel",
  "Rocket",
  "Noodle",
  "Zigzag",
  "Pickle",
  "Sonic",
  "Maple",
  "Domino",
  "Bubbles",
  "Gizmo",
  "Sprout",
  "Tango",
  "Cosmo",
  "Dizzy",
  "Bongo",
  "Truffle",
];

/** The viewer of the bot with this number, from 0; the same number is always the same bot. */
export function botViewer(index: number): Viewer {
  const lap = Math.floor(index / botNames.length);
  const name = botNames[index % botNames.length]!;
  return {
    platform: "bot",
    id: String(index),
    handle: name.toLowerCase() + (lap > 0 ? lap + 1 : ""),
    name: lap > 0 ? `${name} ${lap + 1}` : name,
    roles: { moderator: false, subscriber: false, follower: false, owner: false },
    levels: { gifter: 0, team: 0 },
  };
}
