/** `?phone=1`: a neutral live app's interface drawn over the stage, to see what a viewer's phone would cover. */
import { fillDisc, fillRound } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { textFont } from "../look.ts";
import type { HudParts } from "./panel.ts";

const glass = "rgba(0, 0, 0, 0.42)";
const words = "rgba(255, 255, 255, 0.85)";
const comments = [
  ["ana", "dash!"],
  ["deniz", "this is so good"],
  ["mo", "@sam_plays coming for you"],
  ["lee", "guard"],
  ["priya", "hello from Pune"],
] as const;

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
  fillRound(c, 30, 84, 400, 96, 48);
  fillDisc(c, 80, 132, 38, "#8d88a8");
  c.font = textFont(30);
  c.fillStyle = words;
  c.fillText("your name", 132, 126);
  c.font = textFont(24);
  c.fillText("1.2K", 132, 160);
  c.fillStyle = glass;
  fillRound(c, 792, 96, 150, 72, 36);
  fillDisc(c, 1016, 132, 36, glass);
  c.fillStyle = words;
  c.font = textFont(30);
  c.fillText("845", 836, 143);
  c.fillText("×", 1007, 143);
}

function drawComments(c: CanvasRenderingContext2D): void {
  comments.forEach(([name, text], index) => {
    const y = 1530 + index * 62;
    fillDisc(c, 62, y, 22, "#8d88a8");
    c.font = textFont(28);
    c.fillStyle = "rgba(255, 255, 255, 0.6)";
    c.fillText(name, 98, y + 10);
    const width = c.measureText(name).width;
    c.fillStyle = words;
    c.fillText(text, 112 + width, y + 10);
  });
  c.fillStyle = glass;
  fillRound(c, 30, 1826, 600, 72, 36);
  c.font = textFont(28);
  c.fillStyle = "rgba(255, 255, 255, 0.6)";
  c.fillText("Add comment...", 66, 1872);
}

function drawButtons(c: CanvasRenderingContext2D): void {
  for (let i = 0; i < 4; i++) fillDisc(c, 690 + i * 102, 1862, 38, glass);
  for (let i = 0; i < 3; i++) fillDisc(c, 1012, 1420 + i * 120, 44, glass);
}
