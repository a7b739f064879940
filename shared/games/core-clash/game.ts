/** Core Clash: two teams push a heavy core over each other's line with everything their viewers do. */
import { defineGame } from "../../game/define.ts";
import type { PhaseName } from "../../game/phases.ts";
import * as actions from "./actions.ts";
import { keepEven, playBot } from "./bots.ts";
import { admits, keepSides, spawnCannon, turnCannons, unloadCannon } from "./cannons.ts";
import { answerContacts, dropBumpers, moveDefences, resetDefences } from "./defences.ts";
import { judgeCore, judgeTime } from "./goals.ts";
import { isDeserted, keepUp, keptUp } from "./idle.ts";
import { buildLane, depthOf, placeCore, rollCore } from "./lane.ts";
import { createMachine, machineTeam, runMachine } from "./machine.ts";
import { type CoreClashOptions, coreClashOptions, phases } from "./options.ts";
import { movePowers, renewTitans, restPowers } from "./powers.ts";
import { comebackFactor, lastFactor, resetPushes, weighCrowd } from "./pushes.ts";
import { awardsOf, findLeader, finish } from "./results.ts";
import { fireAll, landShots, recallShots } from "./shots.ts";
import {
  bothTeams,
  type CoreClash,
  createTeam,
  type Fields,
  freshFields,
  isClash,
  isPlaying,
  noLikes,
  type Show,
  teamNames,
} from "./state.ts";

export default defineGame<CoreClash, CoreClashOptions, Fields>({
  id: "core-clash",
  title: "Core Clash",
  summary: "Two teams push a heavy core over each other's line; every comment, like and gift is a push.",
  world: { width: 1080, height: 1920, gravity: 0, maxEntities: 160 },
  options: coreClashOptions,
  phases,
  actions,
  boards: {
    round: "Pushes: every shot by its weight.",
    show: "Points: for matches won, most pushes, best saves and most free pushes.",
  },
  bank: {
    summary:
      "Gifts that find no moment, such as a third titan, wait and act as soon as they can, in the next match at the latest.",
  },
  players: {
    fields: freshFields,
    renew: (player) =>
      void Object.assign(player, {
        ...freshFields(),
        aim: player.aim,
        subscriber: player.subscriber,
        repairedRound: player.repairedRound,
      }),
    most: ({ cannons }) => cannons * 2,
    // A match of nobody is one to keep the core up.
    least: 0,
    admits: (_game, player, show) => admits(player, show),
    body: (_game, player, show) => spawnCannon(player, show),
    left: (game, player) => unloadCannon(game, player),
    turns: "acts",
    bots: { fillTo: ({ bots }) => bots.fillTo, step: playBot },
    teams: { names: teamNames.slice(1), active: ({ mode }) => (mode === "coop" ? 1 : 2) },
  },
  create,
  newRound,
  enterPhase,
  step,
  afterStep,
  hud: (game, show) => ({
    headline: headline(game, show),
    leader: game.leader,
    // The teams stand on it.
    podium: [],
    score: game.idle ? [] : bothTeams(game).map(({ team, goals }) => ({ team, value: goals })),
    awards: show.phase.name === "results" ? awardsOf(game, show) : [],
  }),
  props,
});

function create(show: Show): CoreClash {
  buildLane(show);
  return {
    core: undefined,
    teams: [undefined, createTeam(1), createTeam(2)],
    shots: [],
    kickOffTick: 0,
    weight: 1,
    rate: 0,
    pushed: 0,
    freePushes: 0,
    danger: undefined,
    idle: false,
    called: false,
    record: 0,
    likes: noLikes(),
    likesSecond: 0,
    bannered: new Set(),
    decided: false,
    endTick: 0,
    winner: 0,
    leader: "",
    honours: { mostPushes: "", bestSave: "", topFree: "" },
    machine: createMachine(),
  };
}

/** Everything in its place; what was paid for and has not been fired yet stays loaded. */
function newRound(game: CoreClash, show: Show): void {
  recallShots(game, show);
  for (const team of bothTeams(game)) {
    team.goals = 0;
    team.charge = 0;
  }
  resetPushes(game);
  resetDefences(game, show);
  game.danger = undefined;
  game.idle = false;
  game.called = false;
  game.decided = false;
  game.winner = 0;
  game.leader = "";
  game.honours = { mostPushes: "", bestSave: "", topFree: "" };
  game.kickOffTick = show.world.tick;
  placeCore(game, show);
}

function enterPhase(game: CoreClash, phase: PhaseName, show: Show): void {
  if (phase === "play") {
    recallShots(game, show);
    for (const team of bothTeams(game)) team.charge = 0;
    game.idle = isDeserted(show);
    if (game.idle) dropBumpers(game, show);
    placeCore(game, show);
    game.kickOffTick = show.world.tick;
    renewTitans(game, show);
    show.effect("roundStart", { x: show.world.width / 2, y: show.world.height / 2, power: 1 });
  }
  if (phase === "sudden") {
    show.effect("suddenDeath", { x: show.world.width / 2, y: show.world.height / 2, power: 1 });
    show.feed(undefined, "Sudden death: the next goal wins", "power");
  }
  if (phase !== "results") return;
  recallShots(game, show);
  restPowers(game, show);
  if (!game.idle) finish(game, show);
}

function step(game: CoreClash, show: Show): void {
  keepSides(show);
  if (isPlaying(show)) keepEven(show);
  weighCrowd(game, show);
  runMachine(game, show);
  keepUp(game, show);
  rollCore(game, show);
  moveDefences(game, show);
  movePowers(game, show);
  fireAll(game, show);
}

function afterStep(game: CoreClash, show: Show): void {
  answerContacts(game, show);
  landShots(game, show);
  judgeCore(game, show);
  judgeTime(game, show);
  findLeader(game, show);
  turnCannons(game, show);
}

function headline(game: CoreClash, show: Show): string {
  if (game.idle && show.phase.name !== "lobby") {
    const { now, best } = keptUp(game, show);
    if (show.phase.name === "results") return `Record ${best} s`;
    return now < best ? `Up ${now} s, best ${best}` : `Up ${now} s`;
  }
  switch (show.phase.name) {
    case "lobby":
      return show.options.mode === "coop" ? "Together" : "Cyan or Pink?";
    case "countdown":
      return "Get ready";
    case "results":
      return game.winner === 0 ? "A draw" : `${teamNames[game.winner]} wins`;
    case "sudden":
      return "Golden goal";
    default: {
      const [one, two] = bothTeams(game);
      if (one.goals === two.goals) return "All even";
      return `${teamNames[one.goals > two.goals ? 1 : 2]} leads`;
    }
  }
}

/** Numbers the view needs beyond the bodies. */
function props(game: CoreClash, show: Show): Readonly<Record<string, number>> {
  const { tick } = show.world;
  const [one, two] = bothTeams(game);
  const clash = isClash(game, show);
  return {
    coreDepth: game.core ? Math.round(depthOf(1, game.core.y)) : 0,
    goals1: one.goals,
    goals2: two.goals,
    goalsToWin: show.options.goalsToWin,
    pushes1: Math.round(one.pushes),
    pushes2: Math.round(two.pushes),
    charge1: Math.round(one.charge),
    charge2: Math.round(two.charge),
    wind1: one.windUntil > tick ? one.windUntil : 0,
    wind2: two.windUntil > tick ? two.windUntil : 0,
    titan1: one.titan && !one.titan.entity ? one.titan.startTick : 0,
    titan2: two.titan && !two.titan.entity ? two.titan.startTick : 0,
    comeback1: clash ? comebackFactor(game, 1, show) : 1,
    comeback2: clash ? comebackFactor(game, 2, show) : 1,
    rush: clash ? lastFactor(show) : 1,
    weight: Math.round(game.weight * 10) / 10,
    danger: game.danger?.team ?? 0,
    idle: game.idle ? 1 : 0,
    machine: machineTeam(game, show),
    winner: game.winner,
  };
}
