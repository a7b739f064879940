/** Shapes drawn on 2D canvases: rounded boxes, outlined text, stars, crowns. Units are design units; no state. */
import type { StagedPart } from "../../../shared/game/view.ts";
import { darker, displayFont, look, textFont, withAlpha } from "../look.ts";

type Context = CanvasRenderingContext2D;

/** What `traceShape` needs of an entity or of a compound's part. */
export type Outlined = Pick<StagedPart, "shape" | "a" | "b" | "corners">;

/** Makes a circle, a box (with round corners) or a polygon around (0, 0) the path; a circle is drawn smaller by `inset`. */
export function traceShape(c: Context, { shape, a, b, corners }: Outlined, inset = 0): void {
  c.beginPath();
  if (shape === "circle") c.arc(0, 0, Math.max(0, a - inset), 0, Math.PI * 2);
  else if (shape === "box") c.roundRect(-a / 2, -b / 2, a, b, Math.min(18, a / 3, b / 3));
  else for (let i = 0; i + 1 < corners.length; i += 2) c.lineTo(corners[i]!, corners[i + 1]!);
  c.closePath();
}

/** Distance from (0, 0) to the farthest point of a compound. */
export function reachOf(parts: readonly StagedPart[]): number {
  return parts.reduce((most, { shape, x, y, a, b, corners }) => {
    let reach = shape === "circle" ? a : Math.hypot(a, b) / 2;
    for (let i = 0; i + 1 < corners.length; i += 2) reach = Math.max(reach, Math.hypot(corners[i]!, corners[i + 1]!));
    return Math.max(most, Math.hypot(x, y) + reach);
  }, 1);
}

/** Fills a box with round corners. */
export function fillRound(c: Context, x: number, y: number, width: number, height: number, radius: number): void {
  c.beginPath();
  c.roundRect(x, y, width, height, Math.min(radius, width / 2, height / 2));
  c.fill();
}

/** A disc. */
export function fillDisc(c: Context, x: number, y: number, radius: number, color: string | CanvasGradient): void {
  c.fillStyle = color;
  c.beginPath();
  c.arc(x, y, Math.max(0, radius), 0, Math.PI * 2);
  c.fill();
}

/** A ring whose line lies in the middle of `radius`. */
export function strokeRing(c: Context, radius: number, thickness: number, color: string | CanvasGradient): void {
  c.strokeStyle = color;
  c.lineWidth = thickness;
  c.beginPath();
  c.arc(0, 0, radius, 0, Math.PI * 2);
  c.stroke();
}

/** Text with an ink outline of `outline` units outside its letters. */
export function outlinedText(c: Context, text: string, x: number, y: number, fill: string, outline: number): void {
  c.lineJoin = "round";
  c.miterLimit = 2;
  c.strokeStyle = look.ink;
  c.lineWidth = outline * 2;
  c.strokeText(text, x, y);
  c.fillStyle = fill;
  c.fillText(text, x, y);
}

/** Baseline offset that puts capitals of the present font in the middle of a line. */
export function capMiddle(c: Context, text: string): number {
  const measured = c.measureText(text);
  return (measured.actualBoundingBoxAscent - measured.actualBoundingBoxDescent) / 2;
}

/** Radius at which faces and wear are drawn once; bodies scale the picture. */
export const faceRadius = 52;
/** Half the side of a face's picture: room for the outline. */
export const faceReach = faceRadius + 6;

/** The plain body under a face: ink outline, hue ring, darker disc. */
export function drawBall(c: Context, hue: string): void {
  const ink = look.outlineUnits;
  fillDisc(c, 0, 0, faceRadius + 2, look.ink);
  fillDisc(c, 0, 0, faceRadius + 2 - ink, hue);
  fillDisc(c, 0, 0, faceRadius - 14, darker(hue, 0.3));
}

/** Highlight at the upper left, over whatever the face is. */
export function drawHighlight(c: Context): void {
  c.strokeStyle = "rgba(255, 255, 255, 0.62)";
  c.lineWidth = 6;
  c.lineCap = "round";
  c.beginPath();
  c.arc(0, 0, faceRadius - 13, Math.PI * 1.08, Math.PI * 1.42);
  c.stroke();
}

/** Initials in the middle of a body. */
export function drawInitials(c: Context, text: string): void {
  const length = Array.from(text).length;
  c.font = displayFont(length > 1 ? 42 : 50);
  c.textAlign = "center";
  c.textBaseline = "alphabetic";
  const width = c.measureText(text).width;
  const fit = Math.min(1, (faceRadius * 1.45) / Math.max(1, width));
  c.save();
  c.scale(fit, fit);
  outlinedText(c, text, 0, capMiddle(c, text), look.paper, 5);
  c.restore();
}

/** A picture in the middle of a body, cut to a circle and to the square of its middle. */
export function drawAvatar(c: Context, image: CanvasImageSource & { width: number; height: number }): void {
  const radius = faceRadius - 12;
  const side = Math.min(image.width, image.height);
  c.save();
  c.beginPath();
  c.arc(0, 0, radius, 0, Math.PI * 2);
  c.clip();
  c.drawImage(
    image,
    (image.width - side) / 2,
    (image.height - side) / 2,
    side,
    side,
    -radius,
    -radius,
    radius * 2,
    radius * 2,
  );
  c.restore();
  strokeRing(c, radius, 3, withAlpha(look.ink, 0.6));
}

/** A crown whose foot stands on y = 0. */
export function drawCrown(c: Context): void {
  c.beginPath();
  c.moveTo(-36, 0);
  c.lineTo(-40, -38);
  c.lineTo(-19, -20);
  c.lineTo(0, -48);
  c.lineTo(19, -20);
  c.lineTo(40, -38);
  c.lineTo(36, 0);
  c.closePath();
  c.lineJoin = "round";
  c.lineWidth = look.outlineUnits * 2;
  c.strokeStyle = look.ink;
  c.stroke();
  c.fillStyle = look.gold;
  c.fill();
  c.fillStyle = look.rim[0];
  c.fillRect(-34, -9, 68, 7);
  fillDisc(c, 0, -17, 4.5, look.bad);
}

/** A heart of about `size` units, centred. */
export function drawHeart(c: Context, x: number, y: number, size: number): void {
  const s = size / 32;
  c.beginPath();
  c.moveTo(x, y + 14 * s);
  c.bezierCurveTo(x - 30 * s, y - 6 * s, x - 14 * s, y - 24 * s, x, y - 8 * s);
  c.bezierCurveTo(x + 14 * s, y - 24 * s, x + 30 * s, y - 6 * s, x, y + 14 * s);
  c.fill();
}

/** A bolt of lightning of about `size` units, centred. */
export function drawBolt(c: Context, x: number, y: number, size: number): void {
  const s = size / 32;
  c.beginPath();
  for (const [dx, dy] of [
    [3, -16],
    [-10, 3],
    [-1, 3],
    [-4, 16],
    [10, -4],
    [1, -4],
  ] as const)
    c.lineTo(x + dx * s, y + dy * s);
  c.closePath();
  c.fill();
}

/** A ring of triangles that point outwards from `radius`, length `reach`. */
export function drawSpikes(c: Context, radius: number, reach: number, count: number): void {
  c.lineJoin = "round";
  for (let i = 0; i < count; i++) {
    c.save();
    c.rotate((i / count) * Math.PI * 2);
    c.beginPath();
    c.moveTo(-radius * 0.17, -radius);
    c.lineTo(0, -radius - reach);
    c.lineTo(radius * 0.17, -radius);
    c.closePath();
    c.lineWidth = look.outlineUnits * 1.6;
    c.strokeStyle = look.ink;
    c.stroke();
    c.fillStyle = look.paper;
    c.fill();
    c.restore();
  }
}

/** A six-armed snow star. */
export function drawSnowStar(c: Context, radius: number): void {
  c.strokeStyle = "rgba(255, 255, 255, 0.9)";
  c.lineWidth = radius * 0.2;
  c.lineCap = "round";
  for (let i = 0; i < 6; i++) {
    c.save();
    c.rotate((i / 6) * Math.PI * 2);
    c.beginPath();
    c.moveTo(0, 0);
    c.lineTo(0, -radius);
    c.moveTo(-radius * 0.22, -radius * 0.82);
    c.lineTo(0, -radius * 0.6);
    c.lineTo(radius * 0.22, -radius * 0.82);
    c.stroke();
    c.restore();
  }
}

/** A small chip with a word ("BOT"), centred on the origin; returns its width. */
export function drawChip(c: Context, text: string, color: string, size: number): number {
  c.font = textFont(size);
  c.textAlign = "center";
  c.textBaseline = "alphabetic";
  const width = c.measureText(text).width + size * 0.9;
  const height = size * 1.45;
  c.fillStyle = look.ink;
  fillRound(c, -width / 2 - 3, -height / 2 - 3, width + 6, height + 6, 9);
  c.fillStyle = color;
  fillRound(c, -width / 2, -height / 2, width, height, 7);
  c.fillStyle = look.ink;
  c.fillText(text, 0, capMiddle(c, text));
  return width;
}
