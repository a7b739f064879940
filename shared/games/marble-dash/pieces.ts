/** Pieces: everything a track is built of, as plain data, and how one becomes a body in the world. */
import type { Entity, EntitySpec, World } from "../../world/world.ts";

/** Inner edges of the track: what a phone's own interface leaves free. */
export const leftX = 40;
export const rightX = 930;
export const middleX = (leftX + rightX) / 2;
/** Half the width between the walls. */
export const halfWidth = (rightX - leftX) / 2;
/** Thickness of shelves and bars; a marble's radius is larger than the longest way of a tick, so none can skip one. */
export const shelfThickness = 56;

/** Layers of the world: what stands, marbles, and marbles that pass through each other. */
export const layers = { track: 1, marble: 2, ghost: 4 } as const;

export type PieceKind =
  | "wall"
  | "gate"
  | "peg"
  | "nub"
  | "bumper"
  | "shelf"
  | "belt"
  | "spinner"
  | "cross"
  | "seesaw"
  | "plate"
  | "door"
  | "saw"
  | "pad"
  | "orb"
  | "patron";

/** One piece. Lengths in world units from the middle and the top of its module, or in the world once it has been placed. */
export interface Piece {
  readonly kind: PieceKind;
  readonly x: number;
  readonly y: number;
  readonly angle?: number;
  /** Of round ones. */
  readonly radius?: number;
  /** Of boxes. */
  readonly width?: number;
  readonly height?: number;
  /** Of polygons, around their centre of mass, clockwise. */
  readonly corners?: readonly { readonly x: number; readonly y: number }[];
  /** Radians it turns in a tick, clockwise. */
  readonly turn?: number;
  /** Units a tick at which a belt carries, or a pad throws, along its own x axis. */
  readonly speed?: number;
  /** Moves to and fro beside its place: so far, in so many ticks. */
  readonly sway?: { readonly reach: number; readonly ticks: number };
  /** Circles a point at this distance, beginning at this angle. */
  readonly orbit?: { readonly reach: number; readonly from: number };
}

export const peg = (x: number, y: number, radius = 25): Piece => ({ kind: "peg", x, y, radius });
export const bumper = (x: number, y: number, radius = 54): Piece => ({ kind: "bumper", x, y, radius });
export const saw = (x: number, y: number, sway?: Piece["sway"]): Piece => ({
  kind: "saw",
  x,
  y,
  radius: 48,
  ...(sway && { sway }),
});

/** A steep bump on the wall at one side (-1 left, 1 right): no marble rests on it. */
export function nub(side: -1 | 1, y: number): Piece {
  const corners = [
    { x: -26, y: -84 },
    { x: 52, y: 0 },
    { x: -26, y: 84 },
  ];
  const turned = side < 0 ? corners : corners.map((corner) => ({ x: -corner.x, y: corner.y })).reverse();
  return { kind: "nub", x: side * (halfWidth - 26), y, corners: turned };
}

/** A bar between two points, along its middle line. */
export function shelf(x0: number, y0: number, x1: number, y1: number): Piece {
  return { kind: "shelf", ...between(x0, y0, x1, y1), height: shelfThickness };
}

/** A shelf whose surface moves towards its second point. */
export function belt(x0: number, y0: number, x1: number, y1: number, speed: number): Piece {
  return { kind: "belt", ...between(x0, y0, x1, y1), height: shelfThickness, speed };
}

/** A part of a shelf that opens. */
export function door(x0: number, y0: number, x1: number, y1: number): Piece {
  return { kind: "door", ...between(x0, y0, x1, y1), height: shelfThickness };
}

export const spinner = (x: number, y: number, width: number, turn: number): Piece => ({
  ...{ kind: "spinner", x, y, width, height: 46, turn },
});
export const cross = (x: number, y: number, width: number, turn: number): Piece => ({
  ...{ kind: "cross", x, y, width, height: 46, turn },
});
export const seesaw = (x: number, y: number, width: number): Piece => ({
  ...{ kind: "seesaw", x, y, width, height: 44 },
});
export const plate = (x: number, y: number, width: number): Piece => ({ kind: "plate", x, y, width, height: 60 });
/** A strip that throws what passes: down the track for an angle of a quarter turn. */
export const pad = (x: number, y: number, angle: number, speed: number): Piece => ({
  ...{ kind: "pad", x, y, angle, width: 150, height: 150, speed },
});

function between(x0: number, y0: number, x1: number, y1: number): Pick<Piece, "x" | "y" | "angle" | "width"> {
  const width = Math.hypot(x1 - x0, y1 - y0);
  return { x: (x0 + x1) / 2, y: (y0 + y1) / 2, angle: Math.atan2(y1 - y0, x1 - x0), width };
}

/** The piece as in a mirror: left and right change places, turns change their sense. */
export function mirrored(piece: Piece): Piece {
  const { angle, turn, speed, sway, orbit, corners } = piece;
  return {
    ...piece,
    x: -piece.x,
    // A belt's own axis still points from left to right then, so what it carries goes the other way.
    ...(angle !== undefined && { angle: piece.kind === "pad" ? Math.PI - angle : -angle }),
    ...(turn !== undefined && { turn: -turn }),
    ...(speed !== undefined && { speed: piece.kind === "pad" ? speed : -speed }),
    ...(sway && { sway: { ...sway, reach: -sway.reach } }),
    ...(orbit && { orbit: { ...orbit, from: Math.PI - orbit.from } }),
    ...(corners && { corners: corners.map((corner) => ({ x: -corner.x, y: corner.y })).reverse() }),
  };
}

/** How each kind answers to hits. */
const materials: Readonly<Record<PieceKind, { restitution: number; friction: number }>> = {
  wall: { restitution: 0.25, friction: 0 },
  gate: { restitution: 0.2, friction: 0.02 },
  peg: { restitution: 0.55, friction: 0.01 },
  nub: { restitution: 0.3, friction: 0 },
  bumper: { restitution: 0.6, friction: 0 },
  shelf: { restitution: 0.2, friction: 0.01 },
  belt: { restitution: 0.1, friction: 0.02 },
  spinner: { restitution: 0.5, friction: 0.02 },
  cross: { restitution: 0.4, friction: 0.02 },
  seesaw: { restitution: 0.15, friction: 0.02 },
  plate: { restitution: 0.35, friction: 0.02 },
  door: { restitution: 0.2, friction: 0.01 },
  saw: { restitution: 0.6, friction: 0 },
  pad: { restitution: 0, friction: 0 },
  orb: { restitution: 0.8, friction: 0 },
  patron: { restitution: 0.6, friction: 0 },
};

/** Kinds that the game moves; what meets them is pushed. */
const moving: ReadonlySet<PieceKind> = new Set(["spinner", "cross", "saw", "orb"]);

/** Puts a placed piece into the world; undefined when the world is full. `viewer`: whose face it shows. */
export function spawnPiece(world: World, piece: Piece, viewer = ""): Entity | undefined {
  const spec: EntitySpec = {
    kind: piece.kind,
    shape: shapeOf(piece),
    x: piece.x,
    y: piece.y,
    angle: piece.angle ?? 0,
    motion: piece.kind === "seesaw" ? "dynamic" : moving.has(piece.kind) ? "kinematic" : "fixed",
    sensor: piece.kind === "pad",
    layer: layers.track,
    viewer,
    ...materials[piece.kind],
  };
  return world.spawn(spec);
}

function shapeOf(piece: Piece): EntitySpec["shape"] {
  if (piece.corners) return { type: "polygon", corners: piece.corners };
  if (piece.radius !== undefined) return { type: "circle", radius: piece.radius };
  const { width = 0, height = 0 } = piece;
  const bar = { type: "box", width, height } as const;
  if (piece.kind !== "cross") return bar;
  return {
    type: "compound",
    parts: [
      { shape: bar, x: 0, y: 0 },
      { shape: { type: "box", width: height, height: width }, x: 0, y: 0 },
    ],
  };
}
