/** The rounds of Last Ball: who starts, how the pace is kept, when a round is decided, and who scores. */
import { fullRadius, resetArena, startSudden } from "./arena.ts";
import { baseRadiusFor, removeBall } from "./balls.ts";
import { standUp } from "./bench.ts";
import { fillNow } from "./bots.ts";
import { canReturn, playShare, putIn, wantedBalls } from "./enrol.ts";
import { lastToTouch } from "./falls.ts";
import { freshRound, isFighting, type LastBall, type Player, type Show, scoring, ticksOf } from "./state.ts";
import { areFoes, ballsToGo, evenTeams, largestTeam, pickEvenly, sidesLeft, teamNames, teamSizes } from "./teams.ts";

/** How long one ball waits for others to return before it has won. */
const holdTicks = ticksOf(4);
/** How long the rim stays closed at the start of play, and how much longer for the smallest rooms. */
const rimClosedTicks = ticksOf(4);
const rimClosedLongerTicks = ticksOf(5);
/** Rooms of fewer balls than this get a calmer beginning, or a duel would be over in seconds. */
const calmBelow = 6;

/** Rounds a silent viewer stays enrolled. */
const roundsKept = 2;

/** Called at the start of each phase, and once at the start of the show. */
export function enterPhase(game: LastBall, phase: string, show: Show): void {
  if (game.round !== show.phase.round) prepareRound(game, show);
  if (phase === "countdown") evenTeams(game, show);
  if (phase === "play") startPlay(game, show);
  if (phase === "sudden") {
    startSudden(game, show);
    show.effect("suddenDeath", { x: show.world.width / 2, y: show.world.height / 2, power: 1 });
    show.feed(undefined, "Sudden death: hits x2", "power");
  }
  if (phase === "results") finish(game, show);
}

/** Clears the platform and seats the players of the new round. */
function prepareRound(game: LastBall, show: Show): void {
  game.round = show.phase.round;
  for (const player of [...game.alive]) removeBall(game, player, show);
  game.meteors.length = 0;
  game.outs.length = 0;
  game.falling.length = 0;
  game.podium = [];
  game.winner = "";
  game.leader = "";
  game.decided = false;
  game.holdUntil = 0;
  game.contactCount = 0;
  game.peak = 0;
  game.heat = 1;
  resetArena(game, show);
  const starters = chooseStarters(game, show);
  game.baseRadius = baseRadiusFor(starters.length);
  for (const player of starters) putIn(game, player, show);
}

/** Who acted within the last rounds; those who had to wait come first, then who acted last. */
function chooseStarters(game: LastBall, show: Show): Player[] {
  const people: Player[] = [];
  for (const player of game.players.values()) {
    standUp(player, show);
    Object.assign(player, freshRound(show.options.lives - 1, show.options.health));
    const member = show.crowd.get(player.key);
    if (player.bot || !member || game.round - player.actedRound > roundsKept) game.players.delete(player.key);
    else people.push(player);
  }
  const acted = (player: Player) => show.crowd.get(player.key)?.lastActTick ?? 0;
  const waited = (player: Player) => (player.playedRound < game.round - 1 ? 1 : 0);
  people.sort((a, b) => waited(b) - waited(a) || acted(b) - acted(a) || (a.key < b.key ? -1 : 1));
  return pickEvenly(people, show.options.maxBalls, show);
}

function startPlay(game: LastBall, show: Show): void {
  fillNow(game, show);
  evenTeams(game, show);
  game.peak = game.alive.length;
  game.baseRadius = baseRadiusFor(game.alive.length);
  // Nobody starts protected longer than the others.
  for (const player of game.alive) player.shieldUntil = 0;
  game.rimOpensAtTick = show.world.tick + rimClosedTicks + Math.round(rimClosedLongerTicks * calmOf(game));
  game.lastOutTick = game.rimOpensAtTick;
  game.heat = 0.3;
  show.effect("roundStart", { x: show.world.width / 2, y: show.world.height / 2, power: 1 });
}

/** How calm a round begins: 0 in most rooms, 1 for two balls. */
function calmOf({ peak }: LastBall): number {
  return Math.min(1, Math.max(0, (calmBelow - peak) / (calmBelow - 2)));
}

/** Eases the size of balls to how many there are while people gather. */
export function fitSizes(game: LastBall): void {
  game.baseRadius += (baseRadiusFor(game.alive.length) - game.baseRadius) * 0.05;
}

/**
 * The director: sets how hard everybody's hits are, so that a round of 2 and one of 40 both last about as long. It is the same
 * for all balls. It compares how many are left with a curve from everybody to one.
 */
export function direct(game: LastBall, show: Show): void {
  if (!isFighting(show)) return;
  if (show.phase.name === "sudden") {
    const share = (show.world.tick - show.phase.startTick) / Math.max(1, show.phase.endTick - show.phase.startTick);
    game.heat += (1.1 + share * 1.2 - game.heat) * 0.02;
    return;
  }
  const share = playShare(show);
  const wanted = wantedBalls(game, share);
  const ahead = (ballsToGo(game, show) - wanted) / Math.max(2.5, wanted);
  const calm = calmOf(game);
  const opening = Math.min(1, 0.3 - 0.15 * calm + share * (3 - 2 * calm));
  const late = Math.max(0, share - 0.8) * 2;
  // A lull of more than some seconds ends by harder hits, sooner late in the round.
  const lull = Math.max(0, (show.world.tick - game.lastOutTick) / ticksOf(1) - 9) * 0.12 * share * share * share;
  const goal = Math.min(2.6, Math.max(0.12, (1 + ahead * (ahead < 0 ? 2.4 : 1.5) + late) * opening + lull));
  game.heat += (goal - game.heat) * 0.02;
}

/** Ends the round when one ball or team is left, after giving those who may return a moment to do so. */
export function judge(game: LastBall, show: Show): void {
  if (!isFighting(show) || game.decided) return;
  if (sidesLeft(game, show) > 1) {
    game.holdUntil = 0;
    return;
  }
  if (game.holdUntil === 0 && someoneMayReturn(game, show)) game.holdUntil = show.world.tick + holdTicks;
  if (show.world.tick < game.holdUntil) return;
  game.decided = true;
  show.endPhase("results");
}

/** Whether somebody may still return to fight those who are left. */
function someoneMayReturn(game: LastBall, show: Show): boolean {
  const [standing] = game.alive;
  if (!standing) return false;
  for (const player of game.players.values()) if (areFoes(standing, player) && canReturn(player, show)) return true;
  return false;
}

/** Names the winner and gives the points. */
function finish(game: LastBall, show: Show): void {
  const winner = winnerOf(game, show);
  game.decided = true;
  game.winner = winner?.key ?? "";
  game.meteors.length = 0;
  game.podium = podiumOf(game, winner);
  if (game.arena.radius < fullRadius * 0.35) game.arena.radius = fullRadius * 0.35;
  game.arena.shrinkAtTick = 0;
  scoreKnockOuts(game, show);
  if (!winner) return;
  game.leader = winner.key;
  for (const player of winnersOf(game, winner)) {
    const kind = scoring(player, show);
    if (kind === "none") continue;
    show.boards.add(player.key, show.options.points.win, kind === "round");
    show.boards.win(player.key, kind === "round");
  }
  show.effect("win", { on: winner.entity, viewer: winner.key, power: 1 });
  const member = show.crowd.get(winner.key);
  if (winner.team > 0) show.feed(undefined, `${teamNames[winner.team]} WINS`, "power");
  else show.feed(member, "WINS", "power");
  if (winner.knockOuts === 0 && winner.team === 0 && game.peak > 1) {
    show.effect("badge", { on: winner.entity, viewer: winner.key, text: "Peaceful win" });
    show.feed(member, "won without a knock-out", "good");
  }
}

/** The last ball by the tie rule; with teams of the team with most balls left, if one has. */
function winnerOf(game: LastBall, show: Show): Player | undefined {
  const last = lastToTouch(game.alive);
  if (!last || last.team === 0) return last;
  const sizes = teamSizes(game.alive, show);
  const best = largestTeam(sizes);
  if (sizes[last.team] === sizes[best]) return last;
  return lastToTouch(game.alive.filter(({ team }) => team === best));
}

/** Who scores the win: the winner, or everybody who played this round in the winner's team. */
function winnersOf(game: LastBall, winner: Player): Player[] {
  if (winner.team === 0) return [winner];
  return [...game.players.values()].filter(
    ({ team, playedRound }) => team === winner.team && playedRound === game.round,
  );
}

/** The winner, then those still in by the tie rule, then who went out last; with teams the winner's mates first. */
function podiumOf(game: LastBall, winner: Player | undefined): string[] {
  const left = [...game.alive].sort((a, b) => b.contactOrder - a.contactOrder || b.knockOuts - a.knockOuts);
  const keys = new Set([...(winner ? [winner] : []), ...left].map(({ key }) => key));
  for (let i = game.outs.length - 1; i >= 0; i--) keys.add(game.outs[i]!);
  const isMate = (key: string) => (game.players.get(key)?.team === winner?.team ? 1 : 0);
  return [...keys].sort((a, b) => isMate(b) - isMate(a)).slice(0, 3);
}

function scoreKnockOuts(game: LastBall, show: Show): void {
  const points = show.options.points.topKnockOuts;
  const best = [...game.players.values()]
    .filter((player) => player.knockOuts > 0 && scoring(player, show) !== "none")
    .sort((a, b) => b.knockOuts - a.knockOuts || (a.key < b.key ? -1 : 1));
  best.slice(0, points.length).forEach((player, place) => {
    show.boards.add(player.key, points[place]!, scoring(player, show) === "round");
  });
}
