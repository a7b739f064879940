/** The clock at the top: time left in the phase, large, beating when it runs out; smaller below the score of teams when there is one. */
import { ticksPerSecond } from "../../../shared/world/world.ts";
import { capMiddle, outlinedText } from "../kit/shapes.ts";
import type { Box } from "../layout.ts";
import { clockSize, displayFont, look, textFont } from "../look.ts";
import type { HudParts, Panel } from "./panel.ts";
import { drawScore, scoreText, type TeamRow } from "./score.ts";

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
  const middle = { x: box.width / 2, y: box.height / 2 + 20 };

  return {
    update({ phaseEndTick, score }, { tick, phase }) {
      const seconds = (phaseEndTick - tick) / ticksPerSecond;
      // The countdown has its own large number in the middle.
      const left = phase === "countdown" ? "" : clockText(seconds);
      const hurry = (phase === "play" || phase === "sudden") && seconds < hurrySeconds;
      const color = phase === "sudden" || hurry ? look.bad : look.paper;
      const teams = phase === "lobby" ? [] : [...score];
      text = [scoreText(teams), left].filter((part) => part !== "").join(" ");
      const label = labels[phase] ?? "";
      sheet.redraw(`${text}|${color}|${label}|${phase}|${teams.map(({ team }) => team).join()}`, (c) => {
        c.translate(middle.x, middle.y);
        c.textAlign = "center";
        if (teams.length > 0) drawScored(c, teams, left, color);
        else drawClock(c, left, color, label, phase === "lobby" || phase === "results" ? 104 : clockSize);
      });
      const beat = hurry && !reducedMotion ? Math.max(0, 1 - (1 - (seconds % 1)) * 3) * 0.07 : 0;
      sheet.image.setScale(base * (1 + beat));
    },
    text: () => text,
  };

  function drawClock(c: CanvasRenderingContext2D, left: string, color: string, label: string, size: number): void {
    c.font = displayFont(size);
    const lift = label ? -14 : 0;
    if (left) outlinedText(c, left, 0, capMiddle(c, "0") + lift, color, 9);
    c.font = textFont(28);
    if (label) outlinedText(c, label, 0, box.height / 2 + 8, color === look.bad ? color : look.paper, 4);
  }
  function drawScored(c: CanvasRenderingContext2D, teams: readonly TeamRow[], left: string, color: string): void {
    c.save();
    c.translate(0, -25);
    drawScore(c, teams, box.width - 20);
    c.restore();
    c.textAlign = "center";
    c.font = displayFont(66);
    if (left) outlinedText(c, left, 0, 60 + capMiddle(c, "0"), color, 6);
  }
}
