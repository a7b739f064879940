/** The lobby's card: how to join, and how many are in. */
import { capMiddle, fillRound, outlinedText } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { displayFont, look, panelFill, textFont } from "../look.ts";
import type { HudParts, Panel } from "./panel.ts";

const width = 640;
const height = 88;

/** Creates the card: one line over the top of the arena, where it hides the fewest faces. `hint` is the game's line. */
export function createLobbyCard({ pictures, layer, reducedMotion }: HudParts, layout: Layout, hint: string): Panel {
  const sheet = pictures.sheet(width, height);
  const { middle } = layout;
  sheet.image.setOrigin(0.5).setPosition(middle.x + middle.width / 2, middle.y + height / 2 - 12);
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
        c.font = textFont(34);
        const countWidth = c.measureText(count).width;
        c.font = displayFont(50);
        const room = width - countWidth - 92;
        const fit = Math.min(1, room / c.measureText(hint).width);
        c.font = displayFont(50 * fit);
        const used = c.measureText(hint).width + 26 + countWidth;
        const left = (width - used) / 2;
        outlinedText(c, hint, left, height / 2 + capMiddle(c, "H"), look.gold, 5);
        c.font = textFont(34);
        c.textAlign = "right";
        c.fillStyle = look.paper;
        c.fillText(count, left + used, height / 2 + capMiddle(c, "Hx"));
      });
      sheet.image.setScale(base * (reducedMotion ? 1 : 1 + 0.018 * Math.sin(clock * 2.4)));
    },
    text: () => text,
  };
}
