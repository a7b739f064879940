/** Banners: one ribbon across the arena for a moment of the round ("SUDDEN DEATH"). Others wait their turn, at most three. */
import type { BannerTone } from "../../../shared/game/view.ts";
import { capMiddle, fillRound, outlinedText } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { displayFont, look } from "../look.ts";
import type { HudParts } from "./panel.ts";

const height = 132;
const maxWaiting = 3;

export interface Banners {
  show(text: string, tone: BannerTone, seconds: number): void;
  /** Takes everything away: what it told of is over. */
  clear(): void;
  update(seconds: number): void;
  text(): string;
}

const tones: Record<BannerTone, readonly [string, string]> = {
  plain: ["#9b7bff", "#4de1ff"],
  good: ["#b8f34a", "#3df2b0"],
  bad: look.rim,
  gold: ["#ffd23f", "#ff8f3f"],
};

/** Creates the banners. */
export function createBanners({ pictures, layer, reducedMotion }: HudParts, layout: Layout): Banners {
  const width = Math.min(layout.middle.width, 890);
  const sheet = pictures.sheet(width, height);
  const x = layout.middle.x + layout.middle.width / 2;
  sheet.image
    .setOrigin(0.5)
    .setPosition(x, layout.middle.y + layout.middle.height * 0.24)
    .setVisible(false);
  layer.add(sheet.image);
  const base = sheet.image.scaleX;
  const waiting: { text: string; tone: BannerTone; seconds: number }[] = [];
  let shown = { text: "", tone: "plain" as BannerTone, seconds: 0 };
  let age = 0;

  const draw = ({ text, tone }: { text: string; tone: BannerTone }) =>
    sheet.redraw(`${tone}:${text}`, (c) => {
      c.fillStyle = look.ink;
      fillRound(c, 0, 0, width, height, 36);
      const gradient = c.createLinearGradient(0, 0, width, height);
      gradient.addColorStop(0, tones[tone][0]);
      gradient.addColorStop(1, tones[tone][1]);
      c.fillStyle = gradient;
      fillRound(c, 8, 8, width - 16, height - 16, 29);
      c.textAlign = "center";
      c.font = displayFont(78);
      const fit = Math.min(1, (width - 90) / c.measureText(text).width);
      c.font = displayFont(78 * fit);
      outlinedText(c, text, width / 2, height / 2 + capMiddle(c, "H"), look.paper, 8);
    });
  const next = () => {
    shown = waiting.shift() ?? { text: "", tone: "plain", seconds: 0 };
    age = 0;
    sheet.image.setVisible(shown.text !== "");
    if (shown.text !== "") draw(shown);
  };
  return {
    show(text, tone, seconds) {
      if (text === shown.text || waiting.some((other) => other.text === text) || waiting.length >= maxWaiting) return;
      waiting.push({ text, tone, seconds });
      if (shown.text === "") next();
    },
    clear() {
      waiting.length = 0;
      next();
    },
    update(seconds) {
      if (shown.text === "") return;
      age += seconds;
      if (age >= shown.seconds) {
        next();
        return;
      }
      const rise = Math.min(1, age / 0.3);
      const fall = Math.min(1, (shown.seconds - age) / 0.25);
      // In from the left with an overshoot, out to the right.
      const back = 1 + 2.2 * (rise - 1) ** 3 + 1.2 * (rise - 1) ** 2;
      if (!reducedMotion) sheet.image.setX(x - (1 - back) * 420 + (1 - fall) ** 2 * 260);
      sheet.image.setScale(base).setAlpha(Math.min(rise * 2, fall, 1));
    },
    text: () => shown.text,
  };
}
