/** The machine: who plays where nobody does. It pushes as hard as the viewers do on average, in waves that can be seen coming. */
import { ticksOf } from "../../game/phases.ts";
import { raisePaddle } from "./defences.ts";
import { otherTeam } from "./lane.ts";
import { blow, callTitan } from "./powers.ts";
import { countForTeam } from "./pushes.ts";
import { type CoreClash, isClash, type Machine, type Show, type TeamNumber } from "./state.ts";

/** Pushes a second when viewers are silent. */
const leastRate = 0.4;
/** Its share of the viewers' pushes in the smallest room, and the room from which on it has all: large ones have more powers. */
const smallRoomShare = 0.5;
const fullRoom = 30;
/** Length of a wave, and how strong waves are. */
const waveSeconds = { from: 4, to: 9 } as const;
const waves = [0.2, 0.6, 1, 1.5, 2] as const;

/** How long it takes to answer a wind or a titan with one of its own, and how strong those are. */
const answerTicks = ticksOf(4);
const windPower = 0.012;
const windTicks = ticksOf(5);
/** From one of its paddles to the next, and how long one stands. */
const blockEveryTicks = ticksOf(12);
const blockTicks = ticksOf(1.5);
/** Who its powers are of: nobody. */
const nobody = { key: "" } as const;

/** A machine that has done nothing yet. */
export function createMachine(): Machine {
  const never = { nextBlockTick: 0, heardWind: 0, heardTitan: 0, windTick: 0, titanTick: 0 };
  return { energy: 0, waveUntil: 0, wave: 1, ...never };
}

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
  useMachinePowers(game, team, show);
  // Half of the smoothed rate is its own.
  const rate = Math.max(leastRate, game.rate / 2);
  const share = smallRoomShare + (1 - smallRoomShare) * Math.min(1, show.players.all.size / fullRoom);
  machine.energy += (rate * share * machine.wave * options.coopStrength) / ticksOf(1);
  const whole = Math.floor(machine.energy);
  if (whole < 1) return;
  machine.energy -= whole;
  countForTeam(game, team, whole, show);
  game.teams[team].charge += whole;
}

/** It blocks when its line is in danger, and answers each wind and titan of the viewers a little later. */
function useMachinePowers(game: CoreClash, team: TeamNumber, show: Show): void {
  const { machine } = game;
  const { tick } = show.world;
  const viewers = game.teams[otherTeam(team)];
  if (game.danger?.team === team && tick >= machine.nextBlockTick) {
    machine.nextBlockTick = tick + blockEveryTicks;
    raisePaddle(game, nobody, team, blockTicks, show);
  }
  if (viewers.windUntil > tick && machine.heardWind !== viewers.windUntil) {
    machine.heardWind = viewers.windUntil;
    machine.windTick = tick + answerTicks;
  }
  if (viewers.titan && machine.heardTitan !== viewers.titan.startTick) {
    machine.heardTitan = viewers.titan.startTick;
    machine.titanTick = tick + answerTicks;
  }
  if (tick === machine.windTick) {
    blow(game, team, windPower, windTicks, show);
    show.effect("wind", { power: 1, text: String(team) });
  }
  if (tick === machine.titanTick && !game.teams[team].titan) callTitan(game, nobody, team, 1, show);
}
