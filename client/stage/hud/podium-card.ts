/** The podium's card: steps for viewers or teams, the title above them, and honours below. Drawing only; podium.ts puts faces on it. */
import { capMiddle, fillRound, outlinedText } from "../kit/shapes.ts";
import { displayFont, look, textFont, titleColor } from "../look.ts";
import { fitText } from "../text.ts";
import { drawName } from "./panel.ts";

type Context = CanvasRenderingContext2D;

export const cardWidth = 820;
const plainHeight = 800;
/** Height of a row of honours, where the first one begins, and the most of them: a card of a badge has room below three. */
const rowHeight = 52;
const firstRow = 682;
export const maxAwards = 3;
/** Where a row's face is: middle and radius. */
export const awardFace = { x: 364, radius: 22 };

/** Somebody, or a team, on a step. */
export interface Figure {
  /** Of a viewer, "" for a team. */
  readonly key: string;
  readonly name: string;
  readonly avatar: string;
  /** "+7" for a viewer, "" when points of some are not known; a team's goals. */
  readonly score: string;
  /** Number of a team, 0 for a viewer. */
  readonly team: number;
}

/** An honour as it is read. */
export interface Honour {
  readonly title: string;
  readonly key: string;
  readonly name: string;
  readonly avatar: string;
  readonly value: string;
}

export interface Step {
  readonly x: number;
  readonly top: number;
  readonly face: number;
  /** Seconds until the face comes. */
  readonly delay: number;
  readonly color: string;
  /** Wears the crown. */
  readonly isFirst: boolean;
}

/** All that a card says. */
export interface Podium {
  readonly title: string;
  readonly figures: readonly Figure[];
  readonly honours: readonly Honour[];
  /** The best two are equal. */
  readonly isDraw: boolean;
}

const middle = cardWidth / 2;
/** First, second, third. */
const places: readonly Step[] = [
  { x: middle, top: 424, face: 104, delay: 0.9, color: "#ffd23f", isFirst: true },
  { x: middle - 262, top: 500, face: 80, delay: 0.55, color: "#c9d4ff", isFirst: false },
  { x: middle + 262, top: 536, face: 80, delay: 0.25, color: "#ff8f3f", isFirst: false },
];
const equals: readonly Step[] = [-150, 150].map((dx) => ({
  ...{ x: middle + dx, top: 440, face: 96, delay: 0.5, color: "#ffd23f", isFirst: false },
}));

/** Second and first beside each other: two on steps for three would stand lopsided. */
const pair: readonly Step[] = places.slice(0, 2).map((step) => ({ ...step, x: step.x + 131 }));

/** The steps of a podium, one for each figure. */
export function stepsOf({ figures, isDraw }: Podium): readonly Step[] {
  if (figures.length === 2) return isDraw ? equals : pair;
  return places.slice(0, figures.length);
}

/** Height of a card with so many honours. */
export const cardHeight = (honours: number): number =>
  honours === 0 ? plainHeight : firstRow + honours * rowHeight + 14;
const floorOf = (honours: number) => (honours === 0 ? plainHeight - 24 : firstRow - 18);

/** Middle of a row of honours. */
export const awardMiddle = (row: number): number => firstRow + (row + 0.5) * rowHeight;

/** Draws a card from its top left corner. */
export function drawPodium(c: Context, podium: Podium): void {
  const { title, figures, honours } = podium;
  c.fillStyle = "rgba(11, 9, 32, 0.8)";
  fillRound(c, 0, 0, cardWidth, cardHeight(honours.length), 56);
  stepsOf(podium).forEach((step, place) => {
    drawStep(c, step, place, figures[place]!, honours.length);
  });
  honours.forEach((honour, row) => {
    drawHonour(c, honour, awardMiddle(row));
  });
  c.textAlign = "center";
  c.font = displayFont(76);
  const fit = Math.min(1, (cardWidth - 80) / c.measureText(title).width);
  c.font = displayFont(76 * fit);
  outlinedText(c, title, middle, 96, look.gold, 8);
}

function drawStep(c: Context, step: Step, place: number, { name, score, team }: Figure, honours: number): void {
  const half = 122;
  const floor = floorOf(honours);
  c.fillStyle = look.ink;
  fillRound(c, step.x - half - 8, step.top - 8, half * 2 + 16, floor - step.top + 16, 26);
  const shade = c.createLinearGradient(0, step.top, 0, floor);
  shade.addColorStop(0, look.surface[0]);
  shade.addColorStop(1, look.surface[1]);
  c.fillStyle = shade;
  fillRound(c, step.x - half, step.top, half * 2, floor - step.top, 20);
  c.fillStyle = step.color;
  fillRound(c, step.x - half, step.top, half * 2, 16, 8);
  const size = step.face > 80 ? 38 : 34;
  c.font = textFont(size);
  // A long name is drawn smaller before it is cut, down to the floor for names.
  c.font = textFont(Math.max(30, Math.min(size, (size * (half * 2 - 24)) / Math.max(1, c.measureText(name).width))));
  c.fillStyle = look.paper;
  const nameWidth = Math.min(half * 2 - 24, c.measureText(name).width);
  drawName(c, name, step.x - nameWidth / 2, step.top + (honours === 0 ? 64 : 54), half * 2 - 22);
  c.textAlign = "center";
  if (team > 0) {
    c.font = displayFont(96);
    outlinedText(c, score, step.x, (step.top + 76 + floor) / 2 + capMiddle(c, "0"), look.good, 7);
    return;
  }
  // With honours below, the steps are too low for a number: who is higher says it.
  if (honours === 0) {
    c.font = displayFont(step.isFirst ? 92 : 66);
    outlinedText(c, String(place + 1), step.x, step.top + (step.isFirst ? 178 : 140), step.color, 6);
  }
  c.font = displayFont(42);
  if (score) outlinedText(c, score, step.x, floor - (honours === 0 ? 24 : 16), look.good, 4);
}

function drawHonour(c: Context, { title, name, value }: Honour, y: number): void {
  const width = (text: string) => c.measureText(text).width;
  c.textAlign = "left";
  c.font = textFont(31);
  c.fillStyle = titleColor;
  c.fillText(fitText(title, awardFace.x - awardFace.radius - 56, width), 36, y + capMiddle(c, "Hx"));
  c.font = displayFont(38);
  const shown = fitText(value, 170, width);
  const valueWidth = width(shown);
  c.textAlign = "right";
  outlinedText(c, shown, cardWidth - 36, y + capMiddle(c, "0"), look.good, 4);
  c.font = textFont(32);
  c.fillStyle = look.paper;
  const left = awardFace.x + awardFace.radius + 14;
  drawName(c, name, left, y + capMiddle(c, "Hx"), cardWidth - 36 - valueWidth - 20 - left);
}
