/** The room's meter: what everyone's likes are filling, how much is missing. */
import { capMiddle, drawHeart, fillRound, outlinedText } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { feedSize, look, panelFill, textFont } from "../look.ts";
import type { HudParts, Panel } from "./panel.ts";

/** Width of a step of the fill, in units: finer ones would redraw for nothing. */
const fillStep = 4;
const barHeight = 56;

/** Creates the meter. */
export function createMeterPanel({ pictures, layer }: HudParts, { meter: box, wide }: Layout): Panel {
  const sheet = pictures.sheet(box.width, box.height);
  layer.add(sheet.image.setPosition(box.x, box.y));
  const barWidth = box.width - 12;
  let text = "";
  let share = 0;
  let flash = 0;
  return {
    update({ meters }, { seconds }) {
      const meter = meters[0];
      sheet.image.setVisible(meter !== undefined);
      text = "";
      if (!meter) return;
      const wanted = Math.min(1, meter.value / Math.max(1, meter.max));
      // It fills with ease and empties at once, with a flash: the moment it was filled for.
      if (wanted < share - 0.2) flash = 1;
      share = wanted < share - 0.2 ? wanted : share + (wanted - share) * Math.min(1, seconds * 7);
      flash = Math.max(0, flash - seconds * 1.6);
      const missing = Math.max(0, meter.max - meter.value);
      text = `${meter.title.toUpperCase()} ${missing > 0 ? `in ${missing}` : "ready"}`;
      const filled = Math.round((share * barWidth) / fillStep) * fillStep;
      const glow = Math.round(flash * 5) / 5;
      const count = `${meter.value} / ${meter.max}`;
      sheet.redraw(`${text}|${count}|${filled}|${glow}`, (c) => {
        const top = box.height - barHeight;
        c.fillStyle = panelFill;
        fillRound(c, 0, top, box.width, barHeight, 28);
        const gradient = c.createLinearGradient(6, top, 6 + barWidth * 0.6, top + barHeight);
        gradient.addColorStop(0, look.rim[0]);
        gradient.addColorStop(1, look.rim[1]);
        c.fillStyle = gradient;
        c.save();
        c.beginPath();
        c.roundRect(6, top + 6, barWidth, barHeight - 12, 22);
        c.clip();
        if (filled > 0) fillRound(c, 6, top + 6, Math.max(44, filled), barHeight - 12, 22);
        c.fillStyle = `rgba(255, 247, 232, ${glow * 0.8})`;
        c.fillRect(0, top, box.width, barHeight);
        c.restore();
        const middle = top + barHeight / 2;
        c.fillStyle = look.paper;
        drawHeart(c, 38, middle + 1, 36);
        c.font = textFont(feedSize + 1);
        const baseline = middle + capMiddle(c, "Hx");
        outlinedText(c, text, 78, baseline, look.paper, 4);
        c.textAlign = "right";
        // Beside the bar on a wide page there is no room for both.
        if (wide) outlinedText(c, count, box.width - 8, top - 14, look.paper, 3);
        else outlinedText(c, count, box.width - 24, baseline, look.paper, 4);
      });
    },
    text: () => text,
  };
}
