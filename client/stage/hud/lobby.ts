/** The lobby's card: how to join, and how many are in. */
import { capMiddle, fillRound, outlinedText } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { displayFont, look, panelFill, textFont } from "../look.ts";
import type { HudParts, Panel } from "./panel.ts";

const width = 560;
const height = 150;

/** Creates the card, at the top of the arena where it hides the fewest faces. `hint` is the game's line. */
export function createLobbyCard({ pictures, layer, reducedMotion }: HudParts, layout: Layout, hint: string): Panel {
  const sheet = pictures.sheet(width, height);
  const { middle } = layout;
  sheet.image.setOrigin(0.5).setPosition(middle.x + middle.width / 2, middle.y + height / 2 + 8);
  layer.add(sheet.image.setAlpha(0));
  const base = sheet.image.scaleX;
  let text = "";
  let alpha = 0;
  return {
    update({ entities, viewers }, { phase, seconds, clock }) {
      const wanted = phase === "lobby" ? 1 : 0;
      alpha += (wanted - alpha) * Math.min(1, seconds * 7);
      sheet.image.setAlpha(alpha).setVisible(alpha > 0.02);
      text = "";
      if (alpha <= 0.02) return;
      let people = 0;
      let bots = 0;
      for (const entity of entities.values()) {
        if (entity.viewer === "") continue;
        if (viewers.get(entity.viewer)?.bot) bots++;
        else people++;
      }
      const count = `${people} in${bots > 0 ? `, ${bots} bot${bots > 1 ? "s" : ""}` : ""}`;
      text = `${hint} ${count}`;
      sheet.redraw(text, (c) => {
        c.fillStyle = panelFill;
        fillRound(c, 0, 0, width, height, 40);
        c.textAlign = "center";
        c.font = displayFont(62);
        const fit = Math.min(1, (width - 56) / c.measureText(hint).width);
        c.font = displayFont(62 * fit);
        outlinedText(c, hint, width / 2, 54 + capMiddle(c, "H"), look.gold, 6);
        c.font = textFont(36);
        c.fillStyle = look.paper;
        c.fillText(count, width / 2, 112 + capMiddle(c, "Hx"));
      });
      sheet.image.setScale(base * (reducedMotion ? 1 : 1 + 0.018 * Math.sin(clock * 2.4)));
    },
    text: () => text,
  };
}
