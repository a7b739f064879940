/** Marble Dash: everybody is a marble on a track of many screens; who is first at the bottom wins. */
import { defineGame, type Hud } from "../../game/define.ts";
import type { PhaseName } from "../../game/phases.ts";
import * as actions from "./actions.ts";
import { answerContacts } from "./answers.ts";
import { stepBot } from "./bots.ts";
import { moveCamera } from "./camera.ts";
import { tendGates } from "./gates.ts";
import { carry, moveMachines } from "./machines.ts";
import { admits, bringBack, dress, makeBody, wearOff } from "./marbles.ts";
import { moduleNames } from "./modules.ts";
import { type MarbleDashOptions, marbleDashOptions, phases } from "./options.ts";
import { catchUp, gravity, holdCheckpoint, pullMore, watchProgress } from "./pacing.ts";
import { blow, drive, ride } from "./powers.ts";
import {
  endRace,
  fitSizes,
  judge,
  leaveOrder,
  newRace,
  rank,
  shakeHopper,
  startRace,
  startSudden,
  watchFinish,
} from "./race.ts";
import {
  createRecord,
  createRunner,
  freshRace,
  hasReturn,
  isRacing,
  type MarbleDash,
  type Runner,
  type Show,
} from "./state.ts";
import { gateY, tracks, worldHeight } from "./track.ts";

const teamNames = ["Cyan", "Pink", "Lime", "Gold"] as const;
/** World units in what viewers are told is a metre. */
const unitsPerMetre = 20;

export default defineGame<MarbleDash, MarbleDashOptions, Runner>({
  id: "marble-dash",
  title: "Marble Dash",
  summary: "Everybody is a marble on a track of many screens; who is first at the bottom wins.",
  world: { width: 1080, height: worldHeight, gravity, maxEntities: 420 },
  layout: { view: { width: 1080, height: 1920 } },
  options: marbleDashOptions,
  phases,
  actions,
  boards: {
    round:
      "Points of the race: 10, 7, 5, 3, 2 for the first five, 1 for everybody else who finishes; double on a hard track.",
    show: "Points of all races, and races won.",
  },
  bank: { gapTicks: 20, summary: "A gift that comes between races waits and acts in the next one." },
  players: {
    fields: createRunner,
    renew: (player) => void Object.assign(player, freshRace(), { ticket: false }),
    most: ({ maxMarbles }) => maxMarbles,
    admits,
    body: makeBody,
    left: leaveOrder,
    bots: { fillTo: ({ bots }) => bots.fillTo, step: stepBot },
    teams: { names: teamNames, active: ({ teams }) => teams },
  },
  create: createRecord,
  newRound: newRace,
  enterPhase(game, phase: PhaseName, show) {
    if (phase === "play") startRace(game, show);
    if (phase === "sudden") startSudden(game, show);
    if (phase === "results") endRace(game, show);
  },
  step,
  afterStep,
  camera: ({ cameraY }, { world }) => ({ x: world.width / 2, y: cameraY }),
  hud,
  props,
  needs: ({ patron, nextPatron }, viewer) => viewer === patron || viewer === nextPatron,
});

function step(game: MarbleDash, show: Show): void {
  const { world, players } = show;
  const { track } = game;
  if (track) moveMachines(track, world, game.tempo);
  if (!isRacing(show)) {
    if (show.phase.name !== "results") fitSizes(game, show);
    if (show.phase.name === "countdown") shakeHopper(show);
  } else {
    bringBack(game, show);
    tendGates(game, show);
    blow(game, show);
  }
  for (const player of players.active) {
    wearOff(player, show);
    if (!isRacing(show) || !player.body || player.place > 0) continue;
    catchUp(game, player, show);
    pullMore(player, show);
    drive(player, show);
    ride(game, player, show);
    if (track) carry(track, player.body, world, game.tempo);
  }
}

function afterStep(game: MarbleDash, show: Show): void {
  answerContacts(game, show);
  if (isRacing(show)) {
    for (const player of show.players.active) {
      holdCheckpoint(game, player, show);
      watchProgress(game, player, show);
    }
    watchFinish(game, show);
    rank(game, show);
    judge(game, show);
  }
  moveCamera(game, show);
  for (const player of show.players.active) dress(game, player, show);
}

function props({ track, gust }: MarbleDash, { world }: Show): Record<string, number> {
  const numbers: Record<string, number> = {
    gateY,
    finishY: track?.finishY ?? 0,
    floorY: track?.floorY ?? 0,
    wind: gust && gust.untilTick > world.tick ? gust.push : 0,
  };
  for (const [index, y] of (track?.checkpoints ?? []).entries()) numbers[`checkpoint${index + 1}`] = y;
  // Which module is where, for the signs: its number among all modules, from 1.
  for (const [index, { module, topY }] of (track?.sections ?? []).entries()) {
    numbers[`module${index + 1}`] = moduleNames.indexOf(module) + 1;
    numbers[`moduleY${index + 1}`] = topY;
  }
  return numbers;
}

function hud(game: MarbleDash, show: Show): Hud {
  const { leader, podium } = game;
  const score = show.players.teams === 0 ? undefined : teamScore(game, show);
  return { headline: headline(game, show), leader, podium, ...(score && { score }) };
}

/** Points of the race by team, best on top of nobody: in the teams' own order. */
function teamScore(game: MarbleDash, show: Show) {
  return game.teamPoints.slice(0, show.players.teams).map((value, index) => ({ team: index + 1, value }));
}

function headline(game: MarbleDash, show: Show): string {
  const { track, finished, packY } = game;
  const hard = track && tracks[track.kind].factor > 1 ? "HARD TRACK x2" : "";
  switch (show.phase.name) {
    case "lobby":
      return hard || "Comment to join";
    case "countdown":
      return hard || `${show.players.active.length} marbles`;
    case "results":
      return game.podium.length > 0 ? winnerLine(game, show) : "No winner";
    default: {
      if (finished.length > 0) return `${finished.length} at the finish`;
      if (someoneMayReturn(show)) return "Burst? Comment!";
      const left = Math.max(0, Math.round(((track?.finishY ?? 0) - packY) / unitsPerMetre));
      return `${left} m to go`;
    }
  }
}

/** Whether a comment would bring somebody back now. */
function someoneMayReturn(show: Show): boolean {
  for (const player of show.players.all.values()) {
    if (player.outTick > 0 && !player.bot && hasReturn(player, show)) return true;
  }
  return false;
}

function winnerLine(game: MarbleDash, show: Show): string {
  const winner = show.players.get(game.podium[0] ?? "");
  return winner && winner.team > 0 ? `${show.players.teamName(game.winningTeam)} wins` : "Winner";
}
