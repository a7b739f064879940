/** The end card: what stays on the stage after a show was stopped in order, until another one runs. */
import { capMiddle, fillRound, outlinedText } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { displayFont, look, textFont, titleColor } from "../look.ts";
import type { HudParts } from "./panel.ts";

const width = 800;
const height = 236;
const title = "The show has ended";
const farewell = "See you next time";
const fadeSeconds = 0.8;

export interface EndCard {
  update(hasEnded: boolean, seconds: number): void;
  text(): string;
}

/** Creates the card, hidden. */
export function createEndCard({ pictures, layer }: HudParts, { middle }: Layout): EndCard {
  const sheet = pictures.sheet(width, height);
  sheet.image.setPosition(middle.x + (middle.width - width) / 2, middle.y + (middle.height - height) / 2);
  layer.add(sheet.image.setVisible(false));
  let shown = 0;
  return {
    update(hasEnded, seconds) {
      shown = hasEnded ? Math.min(1, shown + seconds / fadeSeconds) : 0;
      sheet.image.setVisible(shown > 0).setAlpha(shown * (2 - shown));
      if (shown === 0) return;
      sheet.redraw(title, (c) => {
        c.fillStyle = look.ink;
        fillRound(c, 0, 0, width, height, 56);
        c.fillStyle = titleColor;
        fillRound(c, width / 2 - 44, 30, 88, 8, 4);
        c.textAlign = "center";
        c.font = displayFont(80);
        outlinedText(c, title, width / 2, 104 + capMiddle(c, "H"), look.paper, 5);
        c.font = textFont(38);
        c.fillStyle = look.gold;
        c.fillText(farewell, width / 2, 178 + capMiddle(c, "Hx"));
      });
    },
    text: () => (shown > 0 ? title : ""),
  };
}
