/** The machine: Pink in coop. It pushes as hard as the viewers do on average, in waves that can be seen coming. */
import { ticksOf } from "../../game/phases.ts";
import { countForTeam } from "./pushes.ts";
import { type CoreClash, isClash, type Show } from "./state.ts";

/** Pushes a second when viewers are silent. */
const leastRate = 0.8;
/** Length of a wave, and how strong waves are. */
const waveSeconds = { from: 4, to: 9 } as const;
const waves = [0.2, 0.6, 1, 1.5, 2] as const;

/** Before physics: the machine's part of the pushes goes into its charge. */
export function runMachine(game: CoreClash, show: Show): void {
  const { options, world } = show;
  if (options.mode !== "coop" || !isClash(game, show)) return;
  const { machine } = game;
  if (world.tick >= machine.waveUntil) {
    machine.wave = world.random.pick(waves);
    machine.waveUntil = world.tick + ticksOf(world.random.between(waveSeconds.from, waveSeconds.to));
  }
  // Half of the smoothed rate is its own.
  const rate = Math.max(leastRate, game.rate / 2);
  machine.energy += (rate * machine.wave * options.coopStrength) / 60;
  const whole = Math.floor(machine.energy);
  if (whole < 1) return;
  machine.energy -= whole;
  countForTeam(game, 2, whole, show);
  game.teams[2].charge += whole;
}
