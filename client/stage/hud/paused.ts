/** The paused sign: a small pill over the arena while the operator holds the show. */
import { capMiddle, fillRound } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { look, panelFill, textFont } from "../look.ts";
import type { HudParts, Panel } from "./panel.ts";

const width = 232;
const height = 72;
/** Below the lobby's card. */
const down = 100;
const word = "Paused";

/** Creates the sign, hidden. */
export function createPausedSign({ pictures, layer }: HudParts, { middle }: Layout): Panel {
  const sheet = pictures.sheet(width, height);
  sheet.image.setPosition(middle.x + (middle.width - width) / 2, middle.y + down).setVisible(false);
  layer.add(sheet.image);
  let text = "";
  return {
    update({ paused }) {
      text = paused ? word : "";
      sheet.image.setVisible(paused);
      if (!paused) return;
      sheet.redraw(word, (c) => {
        c.fillStyle = panelFill;
        fillRound(c, 0, 0, width, height, height / 2);
        c.fillStyle = look.gold;
        for (const x of [40, 57]) fillRound(c, x, 22, 10, 28, 4);
        c.font = textFont(36);
        c.fillStyle = look.paper;
        c.fillText(word, 84, height / 2 + capMiddle(c, "Hx"));
      });
    },
    text: () => text,
  };
}
