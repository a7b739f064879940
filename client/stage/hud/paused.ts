/** The paused sign: a small pill at the clock while the operator holds the show. */
import { capMiddle, fillRound } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { look, textFont } from "../look.ts";
import type { HudParts, Panel } from "./panel.ts";

const width = 204;
const height = 58;
/** How far it reaches up into the clock, over the words below the time. */
const up = 26;
const word = "Paused";

/** Creates the sign, hidden. */
export function createPausedSign({ pictures, layer }: HudParts, { clock }: Layout): Panel {
  const sheet = pictures.sheet(width, height);
  sheet.image.setPosition(clock.x + (clock.width - width) / 2, clock.y + clock.height - up).setVisible(false);
  layer.add(sheet.image);
  let text = "";
  return {
    update({ paused }) {
      text = paused ? word : "";
      sheet.image.setVisible(paused);
      if (!paused) return;
      sheet.redraw(word, (c) => {
        c.fillStyle = look.ink;
        fillRound(c, 0, 0, width, height, height / 2);
        c.fillStyle = look.gold;
        for (const x of [34, 49]) fillRound(c, x, 17, 9, 24, 4);
        c.font = textFont(32);
        c.fillStyle = look.paper;
        c.fillText(word, 74, height / 2 + capMiddle(c, "Hx"));
      });
    },
    text: () => text,
  };
}
