/** Modules: the stretches a track is put together from. Each is data: its height, when it may appear, and its pieces. */
import type { Random } from "../../world/random.ts";
import {
  belt,
  bumper,
  cross,
  door,
  halfWidth,
  nub,
  type Piece,
  pad,
  peg,
  plate,
  saw,
  seesaw,
  shelf,
  spinner,
} from "./pieces.ts";

/** What a module is for. */
export type ModuleRole =
  /** Fills the track. */
  | "stretch"
  /** Has a shortcut gate. */
  | "gate"
  /** Can burst marbles. */
  | "hazard"
  /** The last one before the finish. */
  | "finale"
  /** Built in honour of a viewer. */
  | "honour";

export interface Module {
  readonly title: string;
  readonly role: ModuleRole;
  /** Units from its top to its bottom. */
  readonly height: number;
  /** How often it comes, compared with others of its role. */
  readonly weight: number;
  /** Its pieces; chance only from `random`, which also decides whether it is mirrored. */
  pieces(random: Random): readonly Piece[];
}

const w = halfWidth;
const down = Math.PI / 2;

/** Rows of four pegs, and of three between bumps at the walls, in turns. */
function pegRows(rows: number, top: number, step: number): Piece[] {
  const pieces: Piece[] = [];
  for (let row = 0; row < rows; row++) {
    const y = top + row * step;
    if (row % 2 === 0) for (const x of [-267, -89, 89, 267]) pieces.push(peg(x, y));
    else {
      pieces.push(nub(-1, y), nub(1, y));
      for (const x of [-178, 0, 178]) pieces.push(peg(x, y));
    }
  }
  return pieces;
}

/** All modules by the name that the option `modules` uses. */
export const modules = {
  pegs: {
    title: "Peg field",
    role: "stretch",
    height: 1180,
    weight: 3,
    pieces: () => pegRows(6, 140, 180),
  },
  bumpers: {
    title: "Bumper yard",
    role: "stretch",
    height: 1000,
    weight: 2,
    pieces: (random) => {
      const shift = random.between(-30, 30);
      return [
        ...[bumper(-235, 140), bumper(0 + shift, 140), bumper(235, 140)],
        ...[bumper(-120 + shift, 400), bumper(140 + shift, 400), nub(-1, 400), nub(1, 400)],
        ...[bumper(-235, 660), bumper(0 - shift, 660), bumper(235, 660)],
        ...[peg(-130, 860), peg(130, 860), nub(-1, 860), nub(1, 860)],
      ];
    },
  },
  spinners: {
    title: "Spinners",
    role: "stretch",
    height: 1080,
    weight: 3,
    pieces: (random) => {
      const turn = random.between(0.03, 0.045);
      return [
        ...[spinner(-198, 180, 236, turn), spinner(198, 180, 236, -turn)],
        ...[spinner(0, 500, 260, turn), nub(-1, 500), nub(1, 500)],
        ...[spinner(-198, 820, 236, -turn), spinner(198, 820, 236, turn)],
      ];
    },
  },
  windmill: {
    title: "Windmill",
    role: "stretch",
    height: 980,
    weight: 2,
    pieces: (random) => [
      ...[peg(-300, 60), peg(300, 60), peg(-100, 60), peg(100, 60)],
      cross(0, 480, 520, random.between(0.018, 0.026)),
      ...[nub(-1, 250), nub(1, 250), nub(-1, 720), nub(1, 720)],
      ...[peg(-200, 860), peg(0, 860), peg(200, 860)],
    ],
  },
  zigzag: {
    title: "Zigzag",
    role: "stretch",
    height: 1240,
    weight: 2,
    pieces: () => [shelf(-w, 40, 160, 280), shelf(w, 440, -160, 680), shelf(-w, 840, 160, 1080)],
  },
  belts: {
    title: "Conveyors",
    role: "stretch",
    height: 1200,
    weight: 2,
    pieces: (random) => {
      const speed = random.between(6, 8);
      return [
        belt(-300, 190, 130, 230, speed),
        belt(w, 400, 20, 440, speed * 0.8),
        belt(-w, 640, 20, 680, speed),
        belt(300, 880, -130, 920, speed),
        peg(-300, 1060),
        peg(300, 1060),
      ];
    },
  },
  funnel: {
    title: "Funnel",
    role: "stretch",
    height: 1100,
    weight: 2,
    pieces: (random) => [
      shelf(-w, 80, -145, 330),
      shelf(w, 80, 145, 330),
      spinner(0, 620, 280, random.next() < 0.5 ? 0.035 : -0.035),
      ...[peg(-300, 560), peg(300, 560), nub(-1, 760), nub(1, 760)],
      ...[peg(-220, 900), peg(0, 900), peg(220, 900)],
    ],
  },
  plates: {
    title: "Break through",
    role: "stretch",
    height: 620,
    weight: 1,
    pieces: () => [
      ...[plate(-333, 300, 218), plate(-111, 300, 218), plate(111, 300, 218), plate(333, 300, 218)],
      ...[peg(-180, 500), peg(0, 500), peg(180, 500), nub(-1, 500), nub(1, 500)],
    ],
  },
  seesaws: {
    title: "See-saws",
    role: "stretch",
    height: 1060,
    weight: 2,
    pieces: () => [
      ...[seesaw(-195, 180, 270), seesaw(195, 180, 270)],
      ...[seesaw(0, 470, 320), nub(-1, 470), nub(1, 470)],
      ...[seesaw(-195, 760, 270), seesaw(195, 760, 270)],
      ...[peg(-100, 940), peg(100, 940)],
    ],
  },
  drop: {
    title: "Drop",
    role: "stretch",
    height: 900,
    weight: 1,
    pieces: (random) => [
      pad(random.between(-320, -220), 190, down, 5),
      pad(random.between(220, 320), 190, down, 5),
      ...[nub(-1, 460), nub(1, 460), peg(0, 420, 40)],
      pad(random.between(-160, 160), 700, down, 5),
    ],
  },
  trapdoor: {
    title: "Trapdoor",
    role: "gate",
    height: 1400,
    weight: 1,
    pieces: () => [
      // The upper shelf leads away from the lower one's end; its door is right above that end.
      ...[door(-w, 60, -130, 185), shelf(-130, 185, 150, 295)],
      shelf(w, 450, -130, 700),
      ...[peg(160, 820), peg(330, 900), peg(-20, 900), nub(-1, 940)],
      ...[peg(-267, 1080), peg(-89, 1080), peg(89, 1080), peg(267, 1080)],
      ...[peg(-178, 1260), peg(0, 1260), peg(178, 1260), nub(-1, 1260), nub(1, 1260)],
    ],
  },
  twinGates: {
    title: "Twin gates",
    role: "gate",
    height: 1320,
    weight: 1,
    pieces: () => [
      // A roof leads to both sides, and a basin back to its hole in the middle; the gate in the roof drops right through.
      ...[shelf(-130, 200, -250, 260), door(-130, 200, 0, 160), door(0, 160, 130, 200), shelf(130, 200, 250, 260)],
      ...[shelf(-w, 480, -150, 660), shelf(w, 480, 150, 660)],
      ...[spinner(0, 920, 260, 0.03), nub(-1, 920), nub(1, 920)],
      ...[peg(-240, 1160), peg(0, 1160), peg(240, 1160)],
    ],
  },
  saws: {
    title: "Saws",
    role: "hazard",
    height: 1020,
    weight: 2,
    pieces: () => [
      ...[peg(-300, 120), peg(-100, 120), peg(100, 120), peg(300, 120)],
      saw(0, 420, { reach: 210, ticks: 420 }),
      ...[peg(-210, 680), peg(0, 680), peg(210, 680), nub(-1, 680), nub(1, 680)],
      ...[peg(-300, 860), peg(-100, 860), peg(100, 860), peg(300, 860)],
    ],
  },
  sawMill: {
    title: "Saw mill",
    role: "hazard",
    height: 980,
    weight: 1,
    pieces: () => [
      // Each saw has a roof, so that only who bounces gets to it.
      ...[shelf(-310, 190, -222, 120), shelf(-222, 120, -134, 190), saw(-222, 430)],
      ...[shelf(134, 190, 222, 120), shelf(222, 120, 310, 190), saw(222, 430)],
      ...[bumper(0, 640), nub(-1, 640), nub(1, 640)],
      ...[peg(-267, 840), peg(-89, 840), peg(89, 840), peg(267, 840)],
    ],
  },
  carousel: {
    title: "Carousel",
    role: "honour",
    height: 1160,
    weight: 1,
    pieces: () => [
      ...[peg(-267, 90), peg(-89, 90), peg(89, 90), peg(267, 90)],
      { kind: "patron", x: 0, y: 560, radius: 104 },
      ...[0, 1, 2, 3].map(
        (nr): Piece => ({
          ...{ kind: "orb", x: 0, y: 560, radius: 30, turn: 0.016 },
          orbit: { reach: 262, from: (nr * Math.PI) / 2 },
        }),
      ),
      ...[pad(-350, 940, down, 6), pad(350, 940, down, 6), pad(0, 940, down, 6)],
    ],
  },
  finale: {
    title: "Home straight",
    role: "finale",
    height: 1560,
    weight: 1,
    pieces: () => [
      ...[shelf(-w, 80, -300, 170), shelf(w, 80, 300, 170)],
      ...[door(-210, 490, 0, 340), door(0, 340, 210, 490)],
      ...[peg(-267, 700), peg(-89, 700), peg(89, 700), peg(267, 700)],
      ...[nub(-1, 900), nub(1, 900), peg(-150, 900), peg(150, 900)],
      ...[pad(-290, 1160, down, 6), pad(0, 1160, down, 6), pad(290, 1160, down, 6)],
    ],
  },
} as const satisfies Readonly<Record<string, Module>>;

export type ModuleName = keyof typeof modules;

export const moduleNames = Object.keys(modules) as ModuleName[];
