/** The game itself: ships sail and collect coins, pirates follow the richest of them and take some away. */
import { type SeaState, ShipState, ThingState } from "./state.ts";

/** Width and height of the sea; what leaves it on one side comes back on the other. */
export const seaSize = 1000;
const coinsAtLeast = 12;
export const coinsAtMost = 200;
export const piratesAtMost = 5;
const speed = 120;
const pirateSpeed = 90;
const turnPerSecond = 2.5;
/** So near a ship takes a coin, and a pirate a ship's. */
const reach = 24;

let number = 0;

/** A ship at a place of its own. */
export function addShip(sea: SeaState, key: string, name: string): void {
  const ship = new ShipState();
  Object.assign(ship, { name, x: Math.random() * seaSize, y: Math.random() * seaSize, angle: Math.random() * 6.28 });
  sea.ships.set(key, ship);
}

export function addCoins(sea: SeaState, count: number): void {
  for (let i = 0; i < count && sea.coins.size < coinsAtMost; i++) sea.coins.set(String(++number), somewhere());
}

export function addPirate(sea: SeaState): void {
  sea.pirates.set(String(++number), somewhere());
}

/** Whose ship has most coins, "" for nobody's. */
export function richestOf(sea: SeaState): string {
  let richest = "";
  for (const [key, { coins }] of sea.ships) if (coins > (sea.ships.get(richest)?.coins ?? 0)) richest = key;
  return richest;
}

/** One step of so many ms; `steering` is -1 to 1 by ship, others sail straight on. */
export function sail(sea: SeaState, steering: ReadonlyMap<string, number>, dtMs: number): void {
  const seconds = dtMs / 1000;
  for (const [key, ship] of sea.ships) {
    ship.angle += (steering.get(key) ?? 0) * turnPerSecond * seconds;
    ship.boostMs = Math.max(0, ship.boostMs - dtMs);
    const way = speed * seconds * (ship.boostMs > 0 ? 2 : 1);
    ship.x = within(ship.x + Math.cos(ship.angle) * way);
    ship.y = within(ship.y + Math.sin(ship.angle) * way);
    for (const [id, coin] of sea.coins) {
      if (!isNear(ship, coin)) continue;
      sea.coins.delete(id);
      ship.coins++;
    }
  }
  const prey = sea.ships.get(richestOf(sea));
  for (const [id, pirate] of sea.pirates) {
    if (!prey) continue;
    const angle = Math.atan2(prey.y - pirate.y, prey.x - pirate.x);
    pirate.x += Math.cos(angle) * pirateSpeed * seconds;
    pirate.y += Math.sin(angle) * pirateSpeed * seconds;
    if (!isNear(prey, pirate)) continue;
    prey.coins -= Math.min(prey.coins, 3);
    sea.pirates.delete(id);
  }
  addCoins(sea, coinsAtLeast - sea.coins.size);
}

function somewhere(): ThingState {
  return Object.assign(new ThingState(), { x: Math.random() * seaSize, y: Math.random() * seaSize });
}

function within(place: number): number {
  return (place + seaSize) % seaSize;
}

function isNear(a: ThingState, b: ThingState): boolean {
  return Math.hypot(a.x - b.x, a.y - b.y) < reach;
}
