/** The score of teams above a smaller clock: a tile in each team's colour with its number of studs, so that colour is not all that tells. */
import { capMiddle, fillDisc, fillRound, outlinedText } from "../kit/shapes.ts";
import { displayFont, look } from "../look.ts";

type Context = CanvasRenderingContext2D;

/** A team's row of the state. */
export interface TeamRow {
  readonly team: number;
  readonly name: string;
  readonly value: number;
}

/** Height of a tile, in units. */
const tileHeight = 104;
/** Room between two tiles, for the colon. */
const between = 40;
const widest = 132;

/** Colour of a team by its number, from 1. */
export const teamColor = (team: number): string =>
  look.teams[Math.max(0, team - 1) % look.teams.length] ?? look.teams[0]!;

/** "2 : 1", as it is read. */
export const scoreText = (rows: readonly TeamRow[]): string => rows.map(({ value }) => value).join(" : ");

/** Draws the tiles side by side, centred on the origin, within so many units. */
export function drawScore(c: Context, rows: readonly TeamRow[], room: number): void {
  const width = Math.min(widest, (room - between * (rows.length - 1)) / rows.length);
  const total = width * rows.length + between * (rows.length - 1);
  rows.forEach((row, index) => {
    const left = -total / 2 + index * (width + between);
    drawTile(c, row, left, width);
    if (index === 0) return;
    c.font = displayFont(72);
    c.textAlign = "center";
    outlinedText(c, ":", left - between / 2, capMiddle(c, ":"), look.paper, 6);
  });
}

function drawTile(c: Context, { team, value }: TeamRow, left: number, width: number): void {
  c.fillStyle = look.ink;
  fillRound(c, left, -tileHeight / 2, width, tileHeight, 30);
  c.fillStyle = teamColor(team);
  fillRound(c, left + 7, -tileHeight / 2 + 7, width - 14, tileHeight - 14, 24);
  const middle = left + width / 2;
  for (let stud = 0; stud < team; stud++)
    fillDisc(c, middle + (stud - (team - 1) / 2) * 20, tileHeight / 2 - 18, 6, look.ink);
  const text = String(value);
  c.font = displayFont(76);
  c.textAlign = "center";
  const fit = Math.min(1, (width - 30) / c.measureText(text).width);
  c.font = displayFont(76 * fit);
  outlinedText(c, text, middle, capMiddle(c, "0") - 10, look.paper, 7);
}
