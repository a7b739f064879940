/** Panel at the top left: the game's title and how many are left, or what to do. */
import type { Box } from "../layout.ts";
import { displayFont, look, textFont, titleColor } from "../look.ts";
import { breakInTwo, cleanText, fitText } from "../text.ts";
import { drawPanel, type HudParts, type Panel } from "./panel.ts";

const padding = 22;
/** Headline sizes: as it is wished, the least on one line, the most on two, and the least at all. */
const wishedSize = 54;
const oneLineSize = 44;
const twoLineSize = 42;
const leastSize = 34;

/** A headline's lines and their size, in units. */
export interface Headline {
  readonly lines: readonly string[];
  readonly size: number;
}

/** Fits a headline into `room` units: smaller, then on two lines, then cut, never under 34 units. `measure` gives a text's width at size 1. */
export function fitHeadline(text: string, room: number, measure: (text: string) => number): Headline {
  const sizeOf = (lines: readonly string[]) => Math.floor(room / Math.max(...lines.map(measure), 1e-6));
  const single = Math.min(wishedSize, sizeOf([text]));
  const halves = breakInTwo(text, measure);
  if (single >= oneLineSize || (halves.length === 1 && single >= leastSize)) return { lines: [text], size: single };
  const size = Math.max(leastSize, Math.min(twoLineSize, sizeOf(halves)));
  return { lines: halves.map((line) => fitText(line, room / size, measure)), size };
}

/** Creates the panel. */
export function createTitlePanel({ pictures, layer }: HudParts, box: Box): Panel {
  const sheet = pictures.sheet(box.width, box.height);
  layer.add(sheet.image.setPosition(box.x, box.y));
  const room = box.width - padding * 2;
  let text = "";

  const draw = (c: CanvasRenderingContext2D, title: string, headline: string) => {
    drawPanel(c, box.width, box.height);
    c.fillStyle = titleColor;
    c.font = textFont(31);
    const shrunk = Math.min(31, Math.max(28, Math.floor((31 * room) / c.measureText(title).width)));
    c.font = textFont(shrunk);
    const shown = fitText(title, room, (part) => c.measureText(part).width);
    c.font = displayFont(100);
    const { lines, size } = fitHeadline(headline, room, (part) => c.measureText(part).width / 100);
    const top = lines.length > 1 ? 42 : 54;
    c.font = textFont(shrunk);
    c.fillText(shown, padding, top);
    c.font = displayFont(size);
    c.fillStyle = look.paper;
    lines.forEach((line, index) => {
      c.fillText(line, padding, top + (lines.length > 1 ? 45 + index * 44 : 56));
    });
  };
  return {
    update({ title, headline }) {
      text = `${title} ${headline}`.trim();
      sheet.image.setVisible(text !== "");
      sheet.redraw(`${title}\n${headline}`, (c) => draw(c, cleanText(title).toUpperCase(), cleanText(headline)));
    },
    text: () => text,
  };
}
