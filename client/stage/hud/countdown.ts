/** The countdown: large numbers that jump in before a round, then "GO!". */
import { ticksPerSecond } from "../../../shared/world/world.ts";
import { capMiddle, outlinedText } from "../kit/shapes.ts";
import { popIn } from "../kit/wear.ts";
import type { Layout } from "../layout.ts";
import { displayFont, look } from "../look.ts";
import type { HudParts, HudTime, Panel } from "./panel.ts";

const goSeconds = 0.9;
const side = 640;

/** What the countdown says with so many seconds left, "" for nothing. `since` is seconds since play began, for "GO!". */
export function countdownText(phase: string, secondsLeft: number, since: number): string {
  if (phase === "countdown" && secondsLeft > 0 && secondsLeft <= 5) return String(Math.ceil(secondsLeft));
  if (phase === "play" && since >= 0 && since < goSeconds) return "GO!";
  return "";
}

/** Creates the countdown; `onBeat` is called with every new number and with "GO!". */
export function createCountdown(
  { pictures, layer, reducedMotion }: HudParts,
  layout: Layout,
  onBeat: (text: string) => void,
): Panel {
  const sheet = pictures.sheet(side, side * 0.6);
  const { middle } = layout;
  sheet.image.setOrigin(0.5).setPosition(middle.x + middle.width / 2, middle.y + middle.height / 2 - 8);
  layer.add(sheet.image);
  const base = sheet.image.scaleX;
  let text = "";
  let age = 0;
  const show = (next: string, { seconds }: HudTime) => {
    age = next === text ? age + seconds : 0;
    if (next !== text && next !== "") onBeat(next);
    text = next;
  };
  return {
    update({ phaseStartTick, phaseEndTick }, time) {
      const left = (phaseEndTick - time.tick) / ticksPerSecond;
      show(countdownText(time.phase, left, (time.tick - phaseStartTick) / ticksPerSecond), time);
      sheet.image.setVisible(text !== "");
      if (text === "") return;
      sheet.redraw(text, (c) => {
        c.translate(side / 2, side * 0.3);
        c.font = displayFont(text === "GO!" ? 250 : 310);
        c.textAlign = "center";
        outlinedText(c, text, 0, capMiddle(c, text), text === "GO!" ? look.good : look.paper, 15);
      });
      const fade = Math.max(0, Math.min(1, (0.95 - age) / 0.25));
      sheet.image.setScale(base * (reducedMotion ? 1 : popIn(age) * (1 + 0.06 * age))).setAlpha(fade);
    },
    text: () => text,
  };
}
