/** Icons of powers: pale signs on a coloured disc, drawn by name on a 2D canvas of 100 units around the middle. */
import type { IconName } from "../../../shared/game/view.ts";
import { look } from "../look.ts";
import { drawBolt, drawHeart, drawSnowStar, fillDisc, fillRound } from "./shapes.ts";

type Context = CanvasRenderingContext2D;
type Corner = readonly [number, number];

function area(c: Context, corners: readonly Corner[]): void {
  c.beginPath();
  for (const [x, y] of corners) c.lineTo(x, y);
  c.closePath();
  c.fill();
}

function line(c: Context, width: number, corners: readonly Corner[]): void {
  c.lineWidth = width;
  c.beginPath();
  for (const [x, y] of corners) c.lineTo(x, y);
  c.stroke();
}

function arc(c: Context, width: number, x: number, y: number, radius: number, from: number, to: number): void {
  c.lineWidth = width;
  c.beginPath();
  c.arc(x, y, radius, from, to);
  c.stroke();
}

/** Points outwards at `reach`, and between them at `waist`. */
function star(c: Context, points: number, reach: number, waist: number): void {
  const corners = Array.from({ length: points * 2 }, (_, index): Corner => {
    const angle = (index / points - 0.5) * Math.PI;
    const radius = index % 2 === 0 ? reach : waist;
    return [Math.cos(angle) * radius, Math.sin(angle) * radius];
  });
  area(c, corners);
}

const signs: Readonly<Record<IconName, (c: Context) => void>> = {
  bolt: (c) => drawBolt(c, 0, 0, 62),
  heart: (c) => drawHeart(c, 0, 3, 52),
  star: (c) => star(c, 5, 31, 13),
  spikes: (c) => star(c, 9, 33, 19),
  snow: (c) => drawSnowStar(c, 29),
  shield: (c) =>
    area(c, [
      [0, -30],
      [24, -21],
      [22, 6],
      [13, 20],
      [0, 31],
      [-13, 20],
      [-22, 6],
      [-24, -21],
    ]),
  magnet(c) {
    arc(c, 13, 0, 0, 18, 0, Math.PI);
    line(c, 13, [
      [-18, 0],
      [-18, -24],
    ]);
    line(c, 13, [
      [18, 0],
      [18, -24],
    ]);
  },
  flame(c) {
    c.beginPath();
    c.moveTo(2, -34);
    c.bezierCurveTo(8, -16, 26, -8, 22, 12);
    c.bezierCurveTo(19, 34, -19, 34, -22, 12);
    c.bezierCurveTo(-24, -2, -10, -8, -10, -22);
    c.bezierCurveTo(-2, -18, 2, -24, 2, -34);
    c.fill();
  },
  wind(c) {
    for (const [y, reach] of [
      [-14, 14],
      [2, 26],
      [18, 6],
    ] as const) {
      line(c, 8, [
        [-28, y],
        [reach - 8, y],
      ]);
      arc(c, 8, reach - 8, y - 7, 7, -Math.PI / 2, Math.PI / 2);
    }
  },
  wall(c) {
    for (const [x, y, width] of [
      [-28, -20, 26],
      [2, -20, 26],
      [-28, -4, 14],
      [-10, -4, 20],
      [14, -4, 14],
      [-28, 12, 26],
      [2, 12, 26],
    ] as const)
      fillRound(c, x, y, width, 12, 3);
  },
  rock: (c) =>
    area(c, [
      [-12, -28],
      [14, -25],
      [29, -4],
      [22, 20],
      [-4, 28],
      [-26, 16],
      [-29, -10],
    ]),
  crown: (c) =>
    area(c, [
      [-24, 20],
      [-29, -16],
      [-13, -3],
      [0, -25],
      [13, -3],
      [29, -16],
      [24, 20],
    ]),
  ghost(c) {
    c.beginPath();
    c.arc(0, -6, 22, Math.PI, 0);
    for (const [x, y] of [
      [22, 28],
      [11, 19],
      [0, 28],
      [-11, 19],
      [-22, 28],
    ] as const)
      c.lineTo(x, y);
    c.fill();
    for (const x of [-8, 8]) fillDisc(c, x, -6, 5, look.ink);
  },
  weight(c) {
    area(c, [
      [-17, -10],
      [17, -10],
      [28, 27],
      [-28, 27],
    ]);
    arc(c, 7, 0, -18, 9, 0, Math.PI * 2);
  },
  spring: (c) =>
    line(c, 7, [
      [-18, 28],
      [18, 20],
      [-18, 8],
      [18, 0],
      [-18, -12],
      [18, -20],
      [0, -28],
    ]),
  meteor(c) {
    fillDisc(c, -8, 10, 18, look.paper);
    for (const shift of [-12, 0, 12])
      line(c, 6, [
        [6 + shift * 0.6, -4 + shift * 0.6],
        [24 + shift * 0.4, -22 + shift * 0.4],
      ]);
  },
  clock(c) {
    arc(c, 8, 0, 0, 25, 0, Math.PI * 2);
    line(c, 8, [
      [0, -15],
      [0, 2],
      [11, 9],
    ]);
  },
  target(c) {
    arc(c, 7, 0, 0, 27, 0, Math.PI * 2);
    arc(c, 7, 0, 0, 14, 0, Math.PI * 2);
    fillDisc(c, 0, 0, 5, look.paper);
  },
  flag(c) {
    line(c, 7, [
      [-18, 30],
      [-18, -28],
    ]);
    area(c, [
      [-18, -30],
      [26, -16],
      [-18, 0],
    ]);
  },
  arrow: (c) =>
    area(c, [
      [0, -31],
      [27, -2],
      [11, -2],
      [11, 29],
      [-11, 29],
      [-11, -2],
      [-27, -2],
    ]),
  plus: (c) =>
    area(c, [
      [-9, -28],
      [9, -28],
      [9, -9],
      [28, -9],
      [28, 9],
      [9, 9],
      [9, 28],
      [-9, 28],
      [-9, 9],
      [-28, 9],
      [-28, -9],
      [-9, -9],
    ]),
};

/** Whether there is an icon of that name; a view in plain JavaScript may ask for any. */
export const isIcon = (name: string): name is IconName => Object.hasOwn(signs, name);

/** Draws an icon of 100 units around the origin. */
export function drawIcon(c: Context, name: IconName, color: string): void {
  fillDisc(c, 0, 0, 50, look.ink);
  fillDisc(c, 0, 0, 43, color);
  c.fillStyle = look.paper;
  c.strokeStyle = look.paper;
  c.lineJoin = "round";
  c.lineCap = "round";
  // A dark edge below the sign, so that it reads on any colour.
  c.shadowColor = look.ink;
  c.shadowBlur = 0;
  c.shadowOffsetY = 4;
  signs[name](c);
}
