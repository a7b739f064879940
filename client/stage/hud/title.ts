/** Panel at the top left: the game's title and how many are left. */
import type { Box } from "../layout.ts";
import { displayFont, look, textFont, titleColor } from "../look.ts";
import { drawPanel, type HudParts, type Panel } from "./panel.ts";

/** Creates the panel. */
export function createTitlePanel({ pictures, layer }: HudParts, box: Box): Panel {
  const sheet = pictures.sheet(box.width, box.height);
  layer.add(sheet.image.setPosition(box.x, box.y));
  let text = "";
  return {
    update({ title, headline }) {
      text = `${title} ${headline}`.trim();
      sheet.image.setVisible(text !== "");
      sheet.redraw(`${title}\n${headline}`, (c) => {
        drawPanel(c, box.width, box.height);
        const room = box.width - 52;
        const fitLine = (line: string, font: (size: number) => string, size: number) => {
          c.font = font(size);
          const width = c.measureText(line).width;
          if (width > room) c.font = font(Math.floor((size * room) / width));
        };
        c.fillStyle = titleColor;
        fitLine(title.toUpperCase(), textFont, 31);
        c.fillText(title.toUpperCase(), 28, 52);
        c.fillStyle = look.paper;
        fitLine(headline, displayFont, 54);
        c.fillText(headline, 28, 106);
      });
    },
    text: () => text,
  };
}
