/** The board at the top right: best viewers of the round, or of the show while none has scored. */
import { capMiddle, outlinedText } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { displayFont, feedSize, look, textFont, titleColor } from "../look.ts";
import { drawDot, drawName, drawPanel, type HudParts, type Panel } from "./panel.ts";

/** Creates the board. */
export function createBoardPanel({ pictures, layer, hueOf }: HudParts, { board: box, wide }: Layout): Panel {
  const sheet = pictures.sheet(box.width, box.height);
  layer.add(sheet.image.setPosition(box.x, box.y));
  const heading = wide ? 52 : 0;
  const rowHeight = (box.height - 24 - heading) / box.rows;
  let text = "";
  return {
    update({ roundBoard, showBoard }) {
      const ofRound = roundBoard.length > 0;
      const rows = (ofRound ? roundBoard : showBoard).slice(0, box.rows);
      text = rows.map((row) => `${row.name} ${row.score}`).join(", ");
      sheet.image.setVisible(rows.length > 0);
      sheet.redraw(`${ofRound}|${rows.map((row) => `${row.viewer} ${row.name} ${row.score}`).join("\n")}`, (c) => {
        drawPanel(c, box.width, 24 + heading + rowHeight * rows.length);
        c.fillStyle = titleColor;
        c.font = textFont(28);
        if (wide) c.fillText(ofRound ? "THIS ROUND" : "THIS SHOW", 28, 46);
        rows.forEach((row, index) => {
          const middle = 12 + heading + rowHeight * (index + 0.5);
          c.font = displayFont(33);
          const score = String(row.score);
          const scoreWidth = c.measureText(score).width;
          const baseline = middle + capMiddle(c, "0");
          c.textAlign = "right";
          outlinedText(c, score, box.width - 22, baseline, look.good, 3);
          c.textAlign = "left";
          outlinedText(c, String(index + 1), 20, baseline, index === 0 ? look.gold : look.paper, 3);
          drawDot(c, 64, middle, 16, hueOf(row.viewer));
          c.fillStyle = look.paper;
          c.font = textFont(feedSize);
          drawName(c, row.name, 90, middle + capMiddle(c, "Hx"), box.width - 90 - scoreWidth - 34);
        });
      });
    },
    text: () => text,
  };
}
