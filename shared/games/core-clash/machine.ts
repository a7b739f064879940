/** The machine: who plays where nobody does. It pushes as hard as the viewers do on average, in waves that can be seen coming. */
import { ticksOf } from "../../game/phases.ts";
import { countForTeam } from "./pushes.ts";
import { type CoreClash, isClash, type Show, type TeamNumber } from "./state.ts";

/** Pushes a second when viewers are silent. */
const leastRate = 0.8;
/** Length of a wave, and how strong waves are. */
const waveSeconds = { from: 4, to: 9 } as const;
const waves = [0.2, 0.6, 1, 1.5, 2] as const;

/** The team that the machine plays: Pink in coop, else one that nobody is in while others play; 0 for none. */
export function machineTeam(game: CoreClash, show: Show): TeamNumber | 0 {
  if (game.idle) return 0;
  if (show.options.mode === "coop") return 2;
  const [, one = 0, two = 0] = show.players.sizes();
  if (one > 0 && two === 0) return 2;
  return two > 0 && one === 0 ? 1 : 0;
}

/** Before physics: the machine's part of the pushes goes into its team's charge. */
export function runMachine(game: CoreClash, show: Show): void {
  const { options, world } = show;
  const team = isClash(game, show) ? machineTeam(game, show) : 0;
  if (team === 0) return;
  const { machine } = game;
  if (world.tick >= machine.waveUntil) {
    machine.wave = world.random.pick(waves);
    machine.waveUntil = world.tick + ticksOf(world.random.between(waveSeconds.from, waveSeconds.to));
  }
  // Half of the smoothed rate is its own.
  const rate = Math.max(leastRate, game.rate / 2);
  machine.energy += (rate * machine.wave * options.coopStrength) / ticksOf(1);
  const whole = Math.floor(machine.energy);
  if (whole < 1) return;
  machine.energy -= whole;
  countForTeam(game, team, whole, show);
  game.teams[team].charge += whole;
}
