/** The race: what begins in each phase, who leads, who finishes, when it is cut, and who scores. */
import { ticksOf } from "../../game/phases.ts";
import { radiusFor } from "./marbles.ts";
import type { ModuleName } from "./modules.ts";
import { modules } from "./modules.ts";
import { hasReturn, isRacing, type MarbleDash, type Runners, type Show } from "./state.ts";
import { buildTrack, clearTrack, gateY, planTrack, type TrackKind, tracks } from "./track.ts";

/** Which finisher starts the clock that cuts the race. */
const cutPlace = 3;
/** How long the race goes on when nobody runs any more. */
const afterLastTicks = ticksOf(2.5);
/** Finishes nearer than this are a photo finish. */
const photoTicks = 15;
/** A new leader is called out once in so long, when they have led for a moment. */
const tellLeadTicks = ticksOf(5);
const leadHoldsTicks = 20;
/** Kinds of track in a show whose races differ. */
const inTurn: readonly TrackKind[] = ["normal", "easy", "hard"];
const seedSkips = 24;
/** Ticks between two looks at the order. */
const orderTicks = 4;
/** How much faster machines run in sudden death. */
const suddenTempo = 1.6;

/** Puts the next track in place of the last. */
export function newRace(game: MarbleDash, show: Show): void {
  const { world, options } = show;
  if (game.track) clearTrack(world, game.track);
  for (const { entity } of game.rails) world.remove(entity);
  Object.assign(game, { patron: game.nextPatron, nextPatron: "", gust: undefined, nextGustTick: 0, openUntil: 0 });
  Object.assign(game, { openSection: -1, tempo: 1, packY: gateY, leader: "", leadTick: 0, leadChanges: 0 });
  Object.assign(game, { toldLeadTick: 0, cutTick: 0, podium: [] });
  game.winningTeam = 0;
  game.teamPoints.fill(0);
  game.rails.length = 0;
  game.order.length = 0;
  game.finished.length = 0;
  const { random } = world;
  // The first numbers of seeds that are near each other are near each other, too.
  if (show.phase.round === 1) for (let i = 0; i < seedSkips; i++) random.next();
  const kind = options.track === "mixed" ? inTurn[(show.phase.round - 1) % inTurn.length]! : options.track;
  const screens = options.screens === 0 ? 7 + random.index(2) : Math.max(4, options.screens);
  const allowed = options.modules.length > 0 ? options.modules : (Object.keys(modules) as ModuleName[]);
  const plan = planTrack({ kind, screens, allowed, honour: game.patron !== "" }, random);
  game.track = buildTrack(world, plan, random, game.patron);
  game.cameraY = hopperY;
}

/** Where the camera looks while marbles gather: the gate at the lower edge of what no phone covers. */
export const hopperY = gateY - 520;

/** Eases the size of marbles to how many there are, while people gather. */
export function fitSizes(game: MarbleDash, show: Show): void {
  const wanted = radiusFor(show.players.active.length);
  if (wanted !== game.radius && show.world.tick % 6 === 0) game.radius += wanted > game.radius ? 1 : -1;
  for (const { body } of show.players.active) if (body) show.world.setRadius(body, game.radius);
}

/** Shakes the hopper, so that who came first has no better place than who came last. */
export function shakeHopper(show: Show): void {
  const { world, phase, players } = show;
  const since = world.tick - phase.startTick;
  if (since % 45 !== 5 || phase.endTick - world.tick < 60) return;
  for (const { body } of players.active) {
    if (body) world.setVelocity(body, world.random.between(-8, 8), -world.random.between(4, 15));
  }
  show.effect("shake", { x: world.width / 2, y: gateY, power: 1 });
}

/** Opens the gate of the hopper. */
export function startRace(game: MarbleDash, show: Show): void {
  const { track } = game;
  for (const entity of track?.gate ?? []) {
    show.effect("gateDrop", { x: entity.x, y: entity.y });
    show.world.remove(entity);
    track?.standing.splice(track.standing.indexOf(entity), 1);
  }
  for (const player of show.players.active) {
    player.progressTick = show.world.tick;
    player.bestY = player.body?.y ?? 0;
  }
  show.effect("start", { x: show.world.width / 2, y: gateY, power: 1 });
}

/** Sudden death: every gate open, everything faster. */
export function startSudden(game: MarbleDash, show: Show): void {
  game.tempo = suddenTempo;
  show.effect("suddenDeath", { x: show.world.width / 2, y: game.cameraY, power: 1 });
  show.feed(undefined, "Sudden death: all gates open", "power");
}

/** Sorts who runs, finds the pack and the leader. */
export function rank(game: MarbleDash, show: Show): void {
  if (show.world.tick % orderTicks !== 0) return;
  const { order } = game;
  order.length = 0;
  for (const player of show.players.active) if (player.body && player.place === 0) order.push(player);
  order.sort((a, b) => b.body!.y - a.body!.y || (a.key < b.key ? -1 : 1));
  const third = order[Math.min(2, order.length - 1)];
  if (third) game.packY = third.body!.y;
  lead(game, game.finished[0] ?? order[0]?.key ?? "", show);
}

/** Who has no marble any more runs no more. */
export function leaveOrder({ order }: MarbleDash, player: Runners): void {
  const at = order.indexOf(player);
  if (at >= 0) order.splice(at, 1);
}

function lead(game: MarbleDash, leader: string, show: Show): void {
  const { tick } = show.world;
  if (leader !== game.leader) {
    if (game.leader !== "" && leader !== "") game.leadChanges++;
    game.leader = leader;
    game.leadTick = tick;
    return;
  }
  const isNews = game.leadTick > game.toldLeadTick && tick - game.leadTick >= leadHoldsTicks;
  if (!isNews || tick - game.toldLeadTick < tellLeadTicks || game.finished.length > 0 || leader === "") return;
  game.toldLeadTick = tick;
  const player = show.players.get(leader);
  if (!player?.body || player.body.y < gateY + 300) return;
  show.effect("lead", { on: player.body, viewer: leader });
  show.feed(show.crowd.get(leader), "takes the lead");
}

/** Gives a place to who has crossed the line, and points with it. */
export function watchFinish(game: MarbleDash, show: Show): void {
  const { track } = game;
  if (!track) return;
  for (const player of show.players.active) {
    if (player.place > 0 || !player.body || player.body.y < track.finishY) continue;
    finishOne(game, player, track.kind, show);
  }
}

function finishOne(game: MarbleDash, player: Runners, kind: TrackKind, show: Show): void {
  const { tick } = show.world;
  const before = show.players.get(game.finished.at(-1) ?? "");
  game.finished.push(player.key);
  player.place = game.finished.length;
  player.finishTick = tick;
  const { places, finish } = show.options.points;
  const points = (places[player.place - 1] ?? finish) * tracks[kind].factor;
  give(game, player, points, show);
  const isPhoto = player.place > 1 && player.place <= cutPlace && tick - (before?.finishTick ?? 0) <= photoTicks;
  show.effect("finish", { on: player.body!, viewer: player.key, power: 1 / player.place, text: `${player.place}` });
  if (isPhoto) show.effect("photo", { on: player.body!, viewer: player.key, power: 1 });
  if (player.place <= 5) show.feed(show.crowd.get(player.key), `finishes ${ordinal(player.place)} +${points}`, "good");
  if (player.place === cutPlace) callLast(game, show);
}

/** The third has arrived: the clock shows from now on when the race is cut. */
function callLast(game: MarbleDash, show: Show): void {
  const { cutSeconds } = show.options;
  cutAt(game, show.world.tick + ticksOf(cutSeconds), show);
  show.effect("lastCall", { x: show.world.width / 2, y: game.cameraY, text: `${Math.round(cutSeconds)} s left` });
}

/** Cuts the race at a tick, unless it is cut earlier anyway; the phase lasts as long. */
function cutAt(game: MarbleDash, tick: number, show: Show): void {
  if (game.cutTick > 0 && game.cutTick <= tick) return;
  game.cutTick = tick;
  show.extendPhase(tick + 1 - show.phase.endTick);
}

function give(game: MarbleDash, player: Runners, points: number, show: Show): void {
  if (player.team > 0) game.teamPoints[player.team - 1]! += points;
  if (points > 0) show.boards.add(player.key, points);
}

function ordinal(place: number): string {
  return ["1st", "2nd", "3rd"][place - 1] ?? `${place}th`;
}

/** Ends the race: some time after the third, or when nobody runs and nobody will. */
export function judge(game: MarbleDash, show: Show): void {
  if (!isRacing(show)) return;
  const { tick } = show.world;
  if (!isOpen(game, show)) cutAt(game, tick + afterLastTicks, show);
  if (game.cutTick > 0 && tick >= game.cutTick) show.endPhase("results");
}

/** Whether somebody runs, or may come back to. */
function isOpen(game: MarbleDash, show: Show): boolean {
  if (show.players.active.some(({ place }) => place === 0)) return true;
  if (game.cutTick > 0) return false;
  for (const player of show.players.all.values()) if (player.outTick > 0 && hasReturn(player, show)) return true;
  return false;
}

/** Names the winner; the best on the way stand in for places that nobody has reached. */
export function endRace(game: MarbleDash, show: Show): void {
  const ran = [...show.players.all.values()].filter(({ playedRound }) => playedRound === show.phase.round);
  const onTheWay = ran.filter(({ place }) => place === 0).sort((a, b) => b.bestY - a.bestY || (a.key < b.key ? -1 : 1));
  game.podium = [...game.finished, ...onTheWay.map(({ key }) => key)].slice(0, 3);
  const winner = show.players.get(game.podium[0] ?? "");
  if (!winner) return;
  game.leader = winner.key;
  if (winner.place === 0) give(game, winner, show.options.points.places[0]!, show);
  game.winningTeam = bestTeam(game, winner);
  for (const player of ran) {
    const hasWon = game.winningTeam > 0 ? player.team === game.winningTeam : player === winner;
    if (hasWon) show.boards.win(player.key);
  }
  show.effect("win", { ...(winner.body && { on: winner.body }), viewer: winner.key, power: 1 });
  if (game.winningTeam > 0) show.feed(undefined, `${show.players.teamName(game.winningTeam)} WINS`, "power");
  else show.feed(show.crowd.get(winner.key), "WINS", "power");
}

/** The team with most points, that of the winner on a tie; 0 without teams. */
function bestTeam({ teamPoints }: MarbleDash, winner: Runners): number {
  if (winner.team === 0) return 0;
  const most = Math.max(...teamPoints);
  return teamPoints[winner.team - 1] === most ? winner.team : teamPoints.indexOf(most) + 1;
}
