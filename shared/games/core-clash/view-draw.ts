/** Small drawings that the pieces of Core Clash share: discs, bars, the colours and marks of teams. */
import type { StagedEntity, StageKit } from "../../game/view.ts";

export type Context = CanvasRenderingContext2D;

/** Shadow of structure on the floor. */
export const shadowFill = "rgba(11, 9, 32, 0.38)";

/** Colour of a team, 1 or 2. */
export function teamColor({ look }: StageKit, team: number): string {
  return look.teams[team === 2 ? 1 : 0]!;
}

/** The team an entity belongs to: 2 for the one above, else 1. */
export function teamOfEntity(entity: StagedEntity): 1 | 2 {
  return entity.wears("team") === 2 ? 2 : 1;
}

export function disc(c: Context, radius: number, fill: string | CanvasGradient, x = 0, y = 0): void {
  c.fillStyle = fill;
  c.beginPath();
  c.arc(x, y, radius, 0, Math.PI * 2);
  c.fill();
}

export function ring(c: Context, radius: number, thickness: number, stroke: string): void {
  c.strokeStyle = stroke;
  c.lineWidth = thickness;
  c.beginPath();
  c.arc(0, 0, radius, 0, Math.PI * 2);
  c.stroke();
}

export function roundBox(
  c: Context,
  width: number,
  height: number,
  radius: number,
  fill: string | CanvasGradient,
): void {
  c.fillStyle = fill;
  c.beginPath();
  c.roundRect(-width / 2, -height / 2, width, height, radius);
  c.fill();
}

/** A line through these points, with round ends. */
export function line(c: Context, points: readonly (readonly [number, number])[], width: number, color: string): void {
  c.strokeStyle = color;
  c.lineWidth = width;
  c.lineCap = "round";
  c.lineJoin = "round";
  c.beginPath();
  for (const [x, y] of points) c.lineTo(x, y);
  c.stroke();
}

/** A chevron that points up (-y), or down for the team above. */
export function chevron(
  c: Context,
  x: number,
  y: number,
  size: number,
  team: number,
  width: number,
  color: string,
): void {
  const up = team === 1 ? -1 : 1;
  line(
    c,
    [
      [x - size, y - up * size * 0.55],
      [x, y + up * size * 0.55],
      [x + size, y - up * size * 0.55],
    ],
    width,
    color,
  );
}

/** The studs by which teams are told apart without their colour: one, or two. */
export function studs(c: Context, team: number, size: number, color: string, y = 0): void {
  for (let stud = 0; stud < team; stud++) disc(c, size, color, (stud - (team - 1) / 2) * size * 2.8, y);
}

/** A light upper left side, as of everything on this stage. */
export function shine(c: Context, radius: number, width: number): void {
  c.strokeStyle = "rgba(255, 255, 255, 0.55)";
  c.lineWidth = width;
  c.lineCap = "round";
  c.beginPath();
  c.arc(0, 0, radius, -2.6, -1.75);
  c.stroke();
}

/** A "#rrggbb" colour with an opacity. */
export function withAlpha(css: string, alpha: number): string {
  const value = Number.parseInt(css.slice(1), 16);
  return `rgba(${value >> 16}, ${(value >> 8) & 255}, ${value & 255}, ${alpha})`;
}

/** A "#rrggbb" colour mixed with another: 0 the first, 1 the second. */
export function mixed(from: string, to: string, share: number): string {
  const a = Number.parseInt(from.slice(1), 16);
  const b = Number.parseInt(to.slice(1), 16);
  const part = (shift: number) => {
    const one = (a >> shift) & 255;
    return Math.round(one + (((b >> shift) & 255) - one) * share);
  };
  return `#${((part(16) << 16) | (part(8) << 8) | part(0)).toString(16).padStart(6, "0")}`;
}

/** A "#rrggbb" colour as Phaser's number. */
export function colorNumber(css: string): number {
  return Number.parseInt(css.slice(1), 16);
}
