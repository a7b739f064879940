/** `?phone=1`: a neutral live app's interface drawn over the stage, to see what a viewer's phone would cover. */
import { fillDisc, fillRound } from "../kit/shapes.ts";
import type { Box, Layout } from "../layout.ts";
import { textFont } from "../look.ts";
import type { HudParts } from "./panel.ts";

const glass = "rgba(0, 0, 0, 0.42)";
const words = "rgba(255, 255, 255, 0.85)";
const spoken = [
  ["ana", "dash!"],
  ["deniz", "this is so good"],
  ["mo", "@sam_plays coming for you"],
  ["lee", "guard"],
  ["priya", "hello from Pune"],
] as const;

/** What the shell covers, in units of a tall page. */
export const phoneBoxes = {
  host: { x: 30, y: 84, width: 400, height: 96 },
  viewers: { x: 792, y: 96, width: 150, height: 72 },
  comments: { x: 40, y: 1508, width: 500, height: 292 },
  buttons: { x: 968, y: 1376, width: 88, height: 328 },
  input: { x: 30, y: 1826, width: 600, height: 72 },
  icons: { x: 652, y: 1824, width: 382, height: 76 },
} as const satisfies Record<string, Box>;

const fillPill = (c: CanvasRenderingContext2D, { x, y, width, height }: Box) =>
  fillRound(c, x, y, width, height, height / 2);

/** Draws the shell; nothing on a wide page. */
export function createPhoneShell({ pictures, layer }: HudParts, layout: Layout): void {
  if (layout.wide) return;
  const sheet = pictures.sheet(layout.width, layout.height);
  layer.add(sheet.image);
  sheet.redraw("shell", (c) => {
    drawTop(c);
    drawComments(c);
    drawButtons(c);
  });
}

function drawTop(c: CanvasRenderingContext2D): void {
  c.fillStyle = glass;
  fillPill(c, phoneBoxes.host);
  fillDisc(c, 80, 132, 38, "#8d88a8");
  c.font = textFont(30);
  c.fillStyle = words;
  c.fillText("your name", 132, 126);
  c.font = textFont(24);
  c.fillText("1.2K", 132, 160);
  c.fillStyle = glass;
  fillPill(c, phoneBoxes.viewers);
  fillDisc(c, 1016, 132, 36, glass);
  c.fillStyle = words;
  c.font = textFont(30);
  c.fillText("845", 836, 143);
  c.fillText("×", 1007, 143);
}

function drawComments(c: CanvasRenderingContext2D): void {
  const { comments } = phoneBoxes;
  spoken.forEach(([name, text], index) => {
    const y = comments.y + 22 + index * 62;
    fillDisc(c, comments.x + 22, y, 22, "#8d88a8");
    c.font = textFont(28);
    c.fillStyle = "rgba(255, 255, 255, 0.6)";
    c.fillText(name, 98, y + 10);
    const width = c.measureText(name).width;
    c.fillStyle = words;
    c.fillText(text, 112 + width, y + 10);
  });
  c.fillStyle = glass;
  fillPill(c, phoneBoxes.input);
  c.font = textFont(28);
  c.fillStyle = "rgba(255, 255, 255, 0.6)";
  c.fillText("Add comment...", 66, 1872);
}

function drawButtons(c: CanvasRenderingContext2D): void {
  const { buttons, icons } = phoneBoxes;
  for (let i = 0; i < 4; i++) fillDisc(c, icons.x + 38 + i * 102, icons.y + 38, 38, glass);
  for (let i = 0; i < 3; i++) fillDisc(c, buttons.x + 44, buttons.y + 44 + i * 120, 44, glass);
}
