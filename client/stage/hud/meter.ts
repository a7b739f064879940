/** The meters: what everyone's likes and the rules are filling, how much is missing. One has the whole place, several share it. */
import { capMiddle, drawBolt, drawHeart, fillRound, outlinedText } from "../kit/shapes.ts";
import type { Box, Layout } from "../layout.ts";
import { feedSize, look, panelFill, powerFill, textFont } from "../look.ts";
import { cleanText, fitText } from "../text.ts";
import type { HudParts, HudTime, Panel } from "./panel.ts";

/** Width of a step of the fill, in units: finer ones would redraw for nothing. */
const fillStep = 4;
const barHeight = 56;
const gap = 8;

/** A meter of the show's state. */
interface Shown {
  readonly title: string;
  readonly icon: string;
  readonly value: number;
  readonly max: number;
}

/** One meter in its place. */
interface Meter {
  update(shown: Shown | undefined, time: HudTime): void;
  text(): string;
}

/** Creates the meters. Their places are made when so many are first needed. */
export function createMeterPanel(parts: HudParts, { meter: box, wide }: Layout): Panel {
  const arrangements = new Map<number, readonly Meter[]>();
  let shown: readonly Meter[] = [];
  const arrangementOf = (count: number): readonly Meter[] => {
    const known = arrangements.get(count);
    if (known) return known;
    const made = Array.from({ length: count }, (_, index) =>
      createMeter(parts, placeOf(box, wide, count, index), wide, count),
    );
    arrangements.set(count, made);
    return made;
  };
  return {
    update({ meters }, time) {
      const count = Math.min(box.most, meters.length);
      const wanted = count === 0 ? [] : arrangementOf(count);
      if (wanted !== shown) for (const meter of shown) meter.update(undefined, time);
      shown = wanted;
      shown.forEach((meter, index) => {
        meter.update(meters[index], time);
      });
    },
    text: () => shown.map((meter) => meter.text()).join(" · "),
  };
}

function placeOf(box: Box, wide: boolean, count: number, index: number): Box {
  if (count === 1) return box;
  if (wide) return { x: box.x, y: box.y + index * (barHeight + gap), width: box.width, height: barHeight };
  const width = (box.width - gap * (count - 1)) / count;
  return { x: box.x + index * (width + gap), y: box.y, width, height: box.height };
}

function createMeter({ pictures, layer }: HudParts, box: Box, wide: boolean, count: number): Meter {
  const sheet = pictures.sheet(box.width, box.height);
  layer.add(sheet.image.setPosition(box.x, box.y));
  const barWidth = box.width - 12;
  let text = "";
  let share = 0;
  let flash = 0;
  return {
    update(shown, { seconds }) {
      sheet.image.setVisible(shown !== undefined);
      text = "";
      if (!shown) return;
      const { title, icon, value, max } = shown;
      const wanted = Math.min(1, value / Math.max(1, max));
      // It fills with ease and empties at once, with a flash: the moment it was filled for.
      if (wanted < share - 0.2) flash = 1;
      share = wanted < share - 0.2 ? wanted : share + (wanted - share) * Math.min(1, seconds * 7);
      flash = Math.max(0, flash - seconds * 1.6);
      const missing = Math.max(0, max - value);
      const name = cleanText(title).toUpperCase();
      text = `${name} ${missing > 0 ? `in ${missing}` : "ready"}`;
      const filled = Math.round((share * barWidth) / fillStep) * fillStep;
      const glow = Math.round(flash * 5) / 5;
      const told = `${value} / ${max}`;
      sheet.redraw(`${icon}|${text}|${told}|${filled}|${glow}`, (c) => {
        const top = box.height - barHeight;
        drawBar(c, { top, width: box.width, filled, glow, icon });
        const middle = top + barHeight / 2;
        c.fillStyle = look.paper;
        if (icon === "like") drawHeart(c, 38, middle + 1, 36);
        else drawBolt(c, 38, middle, 38);
        c.font = textFont(feedSize + 1);
        const baseline = middle + capMiddle(c, "Hx");
        // Beside the bar on a wide page, or where several share the place, there is no room for both.
        const line = count === 1 ? text : missing > 0 ? `${name} ${missing}` : text;
        const room = box.width - 78 - (count === 1 && !wide ? c.measureText(told).width + 48 : 20);
        const fitted = fitText(line, room, (part) => c.measureText(part).width);
        outlinedText(c, fitted, 78, baseline, look.paper, 4);
        if (count > 1) return;
        c.textAlign = "right";
        if (wide) outlinedText(c, told, box.width - 8, top - 14, look.paper, 3);
        else outlinedText(c, told, box.width - 24, baseline, look.paper, 4);
      });
    },
    text: () => text,
  };
}

interface Bar {
  readonly top: number;
  readonly width: number;
  readonly filled: number;
  readonly glow: number;
  readonly icon: string;
}

function drawBar(c: CanvasRenderingContext2D, { top, width, filled, glow, icon }: Bar): void {
  const barWidth = width - 12;
  c.fillStyle = panelFill;
  fillRound(c, 0, top, width, barHeight, 28);
  const gradient = c.createLinearGradient(6, top, 6 + barWidth * 0.6, top + barHeight);
  const [from, to] = icon === "like" ? look.rim : powerFill;
  gradient.addColorStop(0, from);
  gradient.addColorStop(1, to);
  c.fillStyle = gradient;
  c.save();
  c.beginPath();
  c.roundRect(6, top + 6, barWidth, barHeight - 12, 22);
  c.clip();
  if (filled > 0) fillRound(c, 6, top + 6, Math.max(44, filled), barHeight - 12, 22);
  c.fillStyle = `rgba(255, 247, 232, ${glow * 0.8})`;
  c.fillRect(0, top, width, barHeight);
  c.restore();
}
