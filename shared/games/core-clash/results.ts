/** Results of Core Clash: who is honoured, and who scores for the show. */
import type { Award } from "../../game/define.ts";
import { type CoreClash, type Player, type Show, teamNames } from "./state.ts";

/** Gives points and honours at the end of a match. */
export function finish(game: CoreClash, show: Show): void {
  const { points } = show.options;
  const pushers = [...show.players.all.values()].filter(({ pushes }) => pushes > 0);
  for (const player of pushers) if (player.team === game.winner) reward(player, points.win, true, show);
  const people = pushers.filter(({ bot }) => !bot);
  const most = bestBy(people, ({ pushes }) => pushes);
  const saver = bestBy(
    [...show.players.all.values()].filter(({ bot }) => !bot),
    ({ bestSave }) => bestSave,
  );
  const free = bestBy(people, ({ freePushes }) => freePushes);
  honour(most, points.mostPushes, "most pushes", show);
  honour(saver, points.bestSave, "best save", show);
  honour(free, points.topFree, "top free player", show);
  game.honours = { mostPushes: most?.key ?? "", bestSave: saver?.key ?? "", topFree: free?.key ?? "" };
  game.leader = most?.key ?? game.leader;
  if (game.winner === 0) {
    show.feed(undefined, "A draw", "plain");
    return;
  }
  show.effect("win", { x: show.world.width / 2, y: show.world.height / 2, power: 1, text: String(game.winner) });
  show.feed(undefined, `${teamNames[game.winner]} WINS`, "power");
}

/** Points for the show, and a match won. */
function reward({ key }: Player, points: number, won: boolean, show: Show): void {
  if (points > 0) show.boards.add(key, points);
  if (won) show.boards.win(key);
}

function honour(player: Player | undefined, points: number, what: string, show: Show): void {
  if (!player) return;
  reward(player, points, false, show);
  show.feed(show.crowd.get(player.key), what, "good");
}

/** The best of a list, the first of equals; undefined when nobody has anything. */
function bestBy(players: readonly Player[], worthOf: (player: Player) => number): Player | undefined {
  let best: Player | undefined;
  for (const player of players) if (worthOf(player) > (best ? worthOf(best) : 0)) best = player;
  return best;
}

/** The honours as the stage shows them. */
export function awardsOf(game: CoreClash, show: Show): Award[] {
  const { mostPushes, bestSave, topFree } = game.honours;
  const awards: Award[] = [];
  const add = (title: string, viewer: string, worthOf: (player: Player) => string) => {
    const player = show.players.get(viewer);
    if (player) awards.push({ title, viewer, value: worthOf(player) });
  };
  add("Most pushes", mostPushes, ({ pushes }) => String(pushes));
  add("Best save", bestSave, ({ saves }) => `${saves} saved`);
  add("Top free player", topFree, ({ freePushes }) => String(freePushes));
  return awards;
}

/** Who has pushed most in this round wears the crown. */
export function findLeader(game: CoreClash, show: Show): void {
  const leader = show.players.get(game.leader);
  let best = leader;
  for (const player of show.players.active) if (player.pushes > (best?.pushes ?? 0)) best = player;
  game.leader = best && best.pushes > 0 ? best.key : "";
}
