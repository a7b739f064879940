/** The clock at the top: time left in the phase, large, beating when it runs out. */
import { ticksPerSecond } from "../../../shared/world/world.ts";
import { capMiddle, outlinedText } from "../kit/shapes.ts";
import type { Box } from "../layout.ts";
import { clockSize, displayFont, look, textFont } from "../look.ts";
import type { HudParts, Panel } from "./panel.ts";

/** Seconds under which it beats. */
const hurrySeconds = 10;

/** "0:42" for 42 s; whole seconds rounded up, never negative. */
export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.ceil(seconds));
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, "0")}`;
}

const labels: Readonly<Record<string, string>> = { lobby: "NEXT ROUND", results: "NEXT LOBBY", sudden: "SUDDEN DEATH" };

/** Creates the clock. */
export function createClockPanel({ pictures, layer, reducedMotion }: HudParts, box: Box): Panel {
  const sheet = pictures.sheet(box.width, box.height + 40);
  sheet.image.setOrigin(0.5, 0.5).setPosition(box.x + box.width / 2, box.y + box.height / 2);
  layer.add(sheet.image);
  const base = sheet.image.scaleX;
  let text = "";
  return {
    update({ phaseEndTick }, { tick, phase }) {
      const seconds = (phaseEndTick - tick) / ticksPerSecond;
      // The countdown has its own large number in the middle.
      text = phase === "countdown" ? "" : clockText(seconds);
      const hurry = (phase === "play" || phase === "sudden") && seconds < hurrySeconds;
      const color = phase === "sudden" || hurry ? look.bad : look.paper;
      const label = labels[phase] ?? "";
      const size = phase === "lobby" || phase === "results" ? 104 : clockSize;
      sheet.redraw(`${text}|${color}|${label}|${size}`, (c) => {
        c.translate(box.width / 2, box.height / 2 + 20);
        c.textAlign = "center";
        c.font = displayFont(size);
        const lift = label ? -14 : 0;
        if (text) outlinedText(c, text, 0, capMiddle(c, "0") + lift, color, 9);
        c.font = textFont(28);
        if (label) outlinedText(c, label, 0, box.height / 2 + 8, phase === "sudden" ? look.bad : look.paper, 4);
      });
      const beat = hurry && !reducedMotion ? Math.max(0, 1 - (1 - (seconds % 1)) * 3) * 0.07 : 0;
      sheet.image.setScale(base * (1 + beat));
    },
    text: () => text,
  };
}
