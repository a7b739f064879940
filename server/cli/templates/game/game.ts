/** My Game: balls collect coins; who has most when the time is up wins. The declaration says it all: everything without a line here has a default. */
import { defineGame, type Entity, type Player, phaseOptions, type ShowContext, z } from "uproar/game";
import * as actions from "./actions.ts";

const phases = {
  lobby: { seconds: 15, max: 120, summary: "Balls gather." },
  countdown: { seconds: 3, max: 10, summary: "Everybody gets ready." },
  play: { seconds: 60, min: 20, max: 300, summary: "Coins fall; whoever touches one has it." },
  results: { seconds: 8, max: 30, summary: "Podium." },
};

/** What a streamer may tune in rules.yaml. */
const options = z.strictObject({
  ...phaseOptions(phases),
  maxBalls: z.int().min(2).max(60).default(40).meta({ description: "Most balls at once; others play the next round." }),
  coins: z.int().min(1).max(40).default(8).meta({ description: "Coins that lie about at any time." }),
});
export type Options = z.infer<typeof options>;

/** What the game keeps of each player, besides what the engine keeps of everybody. */
export interface Collector {
  /** Coins of this round. */
  coins: number;
  /** Tick at which they are no giant any more; 0 when they are none. */
  giantUntil: number;
}

/** What the game keeps besides. Plain data: it is saved, and goes on after a crash. */
export interface Coins {
  coins: Entity[];
}

export type Show = ShowContext<Options, Collector>;
export type Ball = Player<Collector>;

/** The floor, in world units: below the stage's panels, and clear of what live apps draw over a picture. */
export const floor = { left: 40, right: 930, top: 580, bottom: 1480 };
export const ballRadius = 44;
const coinRadius = 26;
/** Thick enough that nothing gets through at any speed. */
const wall = 80;
/** More coins would only be a carpet. */
export const mostCoins = 60;

export default defineGame<Coins, Options, Collector>({
  id: "my-game",
  title: "My Game",
  summary: "Balls collect coins; who has most when the time is up wins.",
  world: { width: 1080, height: 1920, gravity: 0, maxEntities: 160 },
  phases,
  options,
  actions,
  boards: { round: "Coins of the round.", show: "Coins of all rounds, and rounds won." },
  bank: { summary: "A gift sent between rounds acts when the next one begins." },
  players: {
    fields: () => ({ coins: 0, giantUntil: 0 }),
    renew: (ball) => void Object.assign(ball, { coins: 0, giantUntil: 0 }),
    most: ({ maxBalls }) => maxBalls,
    body: makeBall,
    bots: { fillTo: () => 5, step: playBot },
  },
  create,
  newRound(game, show) {
    for (const coin of game.coins) show.world.remove(coin);
    game.coins = [];
  },
  step,
  afterStep,
  enterPhase(_game, phase, { boards }) {
    const [best] = boards.round;
    if (phase === "results" && best) boards.win(best.viewer);
  },
});

/** Builds what stands in every round: four walls. */
function create({ world }: Show): Coins {
  const { left, right, top, bottom } = floor;
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  const [width, height] = [right - left + 2 * wall, bottom - top + 2 * wall];
  const build = (x: number, y: number, width: number, height: number) =>
    world.spawn({ kind: "wall", shape: { type: "box", width, height }, x, y, motion: "fixed", restitution: 1 });
  build(x, top - wall / 2, width, wall);
  build(x, bottom + wall / 2, width, wall);
  build(left - wall / 2, y, wall, height);
  build(right + wall / 2, y, wall, height);
  return { coins: [] };
}

function makeBall(_game: Coins, { key }: Ball, { world }: Show): Entity | undefined {
  const { x, y } = somewhere(world, ballRadius);
  return world.spawn({
    kind: "ball",
    shape: { type: "circle", radius: ballRadius },
    x,
    y,
    frictionAir: 0.02,
    viewer: key,
  });
}

/** Every tick, before the physics: coins are laid, and giants shrink when their time is up. */
function step(game: Coins, { phase, world, players, options }: Show): void {
  if (phase.name !== "play") return;
  while (game.coins.length < options.coins) if (!layCoin(game, world)) break;
  for (const ball of players.active) {
    if (ball.giantUntil === 0 || world.tick < ball.giantUntil) continue;
    ball.giantUntil = 0;
    if (ball.body) world.setRadius(ball.body, ballRadius);
  }
}

/** Every tick, after the physics: whoever touched a coin has it. */
function afterStep(game: Coins, show: Show): void {
  const { world, players, boards } = show;
  for (const { a, b } of world.contacts) {
    const coin = [a, b].find(({ kind, alive }) => kind === "coin" && alive);
    const ball = players.of(coin === a ? b : a);
    if (!coin || !ball) continue;
    game.coins = game.coins.filter((other) => other !== coin);
    world.remove(coin);
    ball.coins++;
    boards.add(ball.key, 1);
    show.effect("coin", { x: coin.x, y: coin.y });
  }
}

/** Lays a coin somewhere; false when there are enough. */
export function layCoin(game: Coins, world: Show["world"]): boolean {
  if (game.coins.length >= mostCoins) return false;
  const { x, y } = somewhere(world, coinRadius);
  const shape = { type: "circle", radius: coinRadius } as const;
  const coin = world.spawn({ kind: "coin", shape, x, y, motion: "fixed", sensor: true });
  if (coin) game.coins.push(coin);
  return coin !== undefined;
}

/** The coin that is nearest to a body. */
export function nearestCoin({ coins }: Coins, { x, y }: Entity): Entity | undefined {
  const far = (coin: Entity) => Math.hypot(coin.x - x, coin.y - y);
  return [...coins].sort((a, b) => far(a) - far(b))[0];
}

/** Now and then a bot goes for the nearest coin, slower than people do. */
function playBot(game: Coins, { body }: Ball, { world }: Show): void {
  if (!body || world.random.next() > 1 / 90) return;
  const coin = nearestCoin(game, body);
  if (coin) push(world, body, coin.x - body.x, coin.y - body.y, 8);
}

/** Sends a body off in a direction with a speed. */
export function push(world: Show["world"], body: Entity, x: number, y: number, speed: number): void {
  const length = Math.hypot(x, y) || 1;
  world.setVelocity(body, (x / length) * speed, (y / length) * speed);
}

/** A place on the floor. Chance is the world's: the same seed plays the same show. */
function somewhere({ random }: Show["world"], margin: number): { x: number; y: number } {
  const { left, right, top, bottom } = floor;
  return { x: random.between(left + margin, right - margin), y: random.between(top + margin, bottom - margin) };
}
