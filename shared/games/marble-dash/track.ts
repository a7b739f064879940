/** Track: puts modules together by chance from the show's seed, builds them, and knows where what is. */
import type { Random } from "../../world/random.ts";
import type { Entity, World } from "../../world/world.ts";
import { type Module, type ModuleName, type ModuleRole, modules } from "./modules.ts";
import { leftX, middleX, mirrored, type Piece, type PieceKind, rightX, spawnPiece } from "./pieces.ts";
import { plateHits } from "./plates.ts";

/** Height of a screen, in world units. */
export const screenHeight = 1920;
/** Floor of the hopper, which is the starting gate, and where the first module may begin. */
export const gateY = 1540;
const firstModuleY = gateY + 150;
/** Free way between two modules; a checkpoint lies in its middle. */
const jointHeight = 170;
/** Least way between two checkpoints. */
const checkpointGap = 1500;
/** From the end of the last module to the finish, and from there to the floor of the basin. */
const finishBelow = 260;
const basinDepth = 760;
/** Longest track, in screens, and the height of a world that holds it with hopper and basin. */
export const maxScreens = 9;
export const worldHeight = 22_000;

/** How rough a track is: how many stretches can burst marbles, and what points count. */
export const tracks = {
  easy: { hazards: 0, factor: 1 },
  normal: { hazards: 1, factor: 1 },
  hard: { hazards: 3, factor: 2 },
} as const;
export type TrackKind = keyof typeof tracks;

/** A module in its place. */
export interface Section {
  readonly module: ModuleName;
  readonly topY: number;
  readonly bottomY: number;
  readonly mirrored: boolean;
}

/** A track as it was planned: nothing of it stands yet. */
export interface TrackPlan {
  readonly kind: TrackKind;
  readonly sections: readonly Section[];
  /** Heights of the checkpoints, from the top. */
  readonly checkpoints: readonly number[];
  readonly finishY: number;
  readonly floorY: number;
}

/** A moving or answering piece that stands. */
export interface Machine {
  readonly entity: Entity;
  readonly piece: Piece;
  /** Its turn or the point of its way, radians. */
  angle: number;
}

/** A gate in a shelf; open until a tick. */
export interface Door {
  readonly entity: Entity;
  /** Doors of one module open together. */
  readonly section: number;
  openUntil: number;
}

/** A plate that breaks when it has been hit often enough, or some time after the first touch. */
export interface Plate {
  readonly entity: Entity;
  /** Hits it still bears. */
  hitsLeft: number;
  /** Tick at which it breaks by itself, 0 before the first touch. */
  breaksAt: number;
}

/** A track that stands. */
export interface Track extends TrackPlan {
  /** Everything that goes when the next track comes. */
  readonly standing: Entity[];
  readonly gate: Entity[];
  readonly machines: Machine[];
  readonly doors: Door[];
  readonly plates: Plate[];
}

export interface TrackWishes {
  readonly kind: TrackKind;
  readonly screens: number;
  /** Modules that may be used; finale and honour stand apart. */
  readonly allowed: readonly ModuleName[];
  /** Whether a viewer's module is in it. */
  readonly honour: boolean;
}

/** Plans a track: about as long as asked, with a gate in every third module and hazards as its kind says. */
export function planTrack(wishes: TrackWishes, random: Random): TrackPlan {
  const length = wishes.screens * screenHeight;
  const names = chooseModules(wishes, length, random);
  const sections: Section[] = [];
  const checkpoints: number[] = [];
  let y = firstModuleY;
  for (const name of names) {
    const bottomY = y + modules[name].height;
    sections.push({ module: name, topY: y, bottomY, mirrored: random.next() < 0.5 });
    if (bottomY - (checkpoints.at(-1) ?? firstModuleY - 600) > checkpointGap) {
      checkpoints.push(bottomY + jointHeight / 2);
    }
    y = bottomY + jointHeight;
  }
  const finishY = y - jointHeight + finishBelow;
  // One right before the finish would say nothing.
  const useful = checkpoints.filter((at) => finishY - at > 700);
  return { kind: wishes.kind, sections, checkpoints: useful, finishY, floorY: finishY + basinDepth };
}

/** Which modules come, from the top. */
function chooseModules({ kind, allowed, honour }: TrackWishes, length: number, random: Random): ModuleName[] {
  const fits = (name: ModuleName, role: ModuleRole) => (modules[name] as Module).role === role;
  const of = (role: ModuleRole) => allowed.filter((name) => fits(name, role));
  const names: ModuleName[] = [];
  let rest = length - modules.finale.height - jointHeight - (honour ? modules.carousel.height + jointHeight : 0);
  const add = (name: ModuleName) => {
    names.push(name);
    rest -= modules[name].height + jointHeight;
  };
  const stretches = of("stretch");
  const gates = of("gate");
  // Too few are allowed for a track of that kind: pegs are always there.
  const pool: readonly ModuleName[] = stretches.length > 0 ? stretches : ["pegs"];
  while (rest > 400) {
    const wantsGate = names.length % 3 === 2 && gates.length > 0;
    add(pick(wantsGate ? gates : pool, names, random));
  }
  if (honour) names.splice(Math.ceil(names.length / 2), 0, "carousel");
  placeHazards(names, of("hazard"), tracks[kind].hazards, random);
  return [...names, "finale"];
}

/** Puts hazards in place of stretches: never the first, never two in a row. */
function placeHazards(names: ModuleName[], hazards: readonly ModuleName[], count: number, random: Random): void {
  if (hazards.length === 0) return;
  const isHazard = (at: number) => names[at] !== undefined && modules[names[at]].role === "hazard";
  for (let placed = 0; placed < count; placed++) {
    const places: number[] = [];
    names.forEach((name, at) => {
      const isFree = modules[name].role === "stretch" && at > 0 && !isHazard(at - 1) && !isHazard(at + 1);
      if (isFree) places.push(at);
    });
    if (places.length === 0) return;
    names[random.pick(places)] = random.pick(hazards);
  }
}

/** One of the names by weight, not one of the last two where there is a choice. */
function pick(names: readonly ModuleName[], before: readonly ModuleName[], random: Random): ModuleName {
  const fresh = names.filter((name) => !before.slice(-2).includes(name));
  const choice = fresh.length > 0 ? fresh : names;
  let left = random.next() * choice.reduce((sum, name) => sum + modules[name].weight, 0);
  for (const name of choice) {
    left -= modules[name].weight;
    if (left < 0) return name;
  }
  return choice.at(-1)!;
}

/** All pieces of a section, in the world. */
function piecesOf(section: Section, random: Random): Piece[] {
  const module: Module = modules[section.module];
  return module.pieces(random).map((piece) => {
    const turned = section.mirrored ? mirrored(piece) : piece;
    return { ...turned, x: middleX + turned.x, y: section.topY + turned.y };
  });
}

/** Builds a planned track. `patron`: the viewer whose module is in it, "" for none. */
export function buildTrack(world: World, plan: TrackPlan, random: Random, patron: string): Track {
  const track: Track = { ...plan, standing: [], gate: [], machines: [], doors: [], plates: [] };
  const put = (piece: Piece, viewer = "") => {
    const entity = spawnPiece(world, piece, viewer);
    if (entity) track.standing.push(entity);
    return entity;
  };
  buildWalls(plan.floorY, put);
  for (const side of [-1, 0, 1]) {
    const entity = put({ kind: "gate", x: middleX + side * 298, y: gateY, width: 298, height: 84 });
    if (entity) track.gate.push(entity);
  }
  plan.sections.forEach((section, index) => {
    for (const piece of piecesOf(section, random)) {
      const entity = put(piece, piece.kind === "patron" ? patron : "");
      if (entity) register(track, piece, entity, index);
      if (entity && piece.kind === "seesaw") world.join({ type: "pin", a: entity, bx: piece.x, by: piece.y });
    }
  });
  return track;
}

/** Walls in pieces of a screen and a half, 160 thick, and the floor of the basin. */
function buildWalls(floorY: number, put: (piece: Piece) => unknown): void {
  const height = screenHeight * 1.5;
  for (let top = -800; top < floorY + 200; top += height) {
    for (const x of [leftX - 80, rightX + 80]) {
      put({ kind: "wall", x, y: top + height / 2, width: 160, height: height + 4 });
    }
  }
  put({ kind: "wall", x: middleX, y: floorY + 80, width: rightX - leftX + 200, height: 160 });
}

const machineKinds: ReadonlySet<PieceKind> = new Set(["spinner", "cross", "seesaw", "belt", "pad", "saw", "orb"]);

function register(track: Track, piece: Piece, entity: Entity, section: number): void {
  if (piece.kind === "door") track.doors.push({ entity, section, openUntil: 0 });
  if (piece.kind === "plate") track.plates.push({ entity, hitsLeft: plateHits, breaksAt: 0 });
  if (machineKinds.has(piece.kind)) {
    if (piece.kind === "belt") entity.wear.set("speed", piece.speed ?? 0);
    track.machines.push({ entity, piece, angle: piece.orbit?.from ?? piece.angle ?? 0 });
  }
}

/** Takes a track out of the world. */
export function clearTrack(world: World, track: Track): void {
  for (const entity of track.standing) world.remove(entity);
}

/** Height of the last free stretch between modules at or above a height; the one below the gate when there is none. */
export function jointAbove(track: TrackPlan, y: number): number {
  let found = gateY + 90;
  for (const { bottomY } of track.sections) if (bottomY + jointHeight / 2 <= y) found = bottomY + jointHeight / 2;
  return found;
}

/** Height of the first free stretch at or below a height, undefined when there is none before the last module. */
export function jointBelow(track: TrackPlan, y: number): number | undefined {
  return track.sections
    .map(({ bottomY }) => bottomY + jointHeight / 2)
    .find((at, index) => at >= y && index < track.sections.length - 1);
}

/** Height of the last checkpoint above a height; the start when there is none. */
export function checkpointAbove(track: TrackPlan, y: number): number {
  let found = gateY;
  for (const at of track.checkpoints) if (at <= y) found = at;
  return found;
}
