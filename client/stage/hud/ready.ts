/** The ready list: paid acts that wait for their moment, so that nobody thinks theirs was lost. A list, or one pill that takes turns. */
import type { ReadyState } from "../../../shared/protocol/state.ts";
import { capMiddle, fillRound } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { feedSize, look, panelFill, textFont, titleColor } from "../look.ts";
import { drawDot, drawName, drawPanel, type HudParts, type Panel } from "./panel.ts";

const rowHeight = 44;
const headHeight = 50;
/** How long the pill shows each row. */
const turnSeconds = 2.6;

const says = (row: ReadyState) => (row.count > 1 ? `${row.title} ×${row.count}` : row.title);

/** The ready list; `reserved` is the width it takes of the feed's row, 0 for none. */
export interface ReadyPanel extends Panel {
  readonly reserved: number;
}

/** Creates the list. */
export function createReadyPanel(parts: HudParts, layout: Layout): ReadyPanel {
  return layout.wide ? createList(parts, layout) : createPill(parts, layout);
}

function createList({ pictures, layer, hueOf }: HudParts, { ready: box }: Layout): ReadyPanel {
  const sheet = pictures.sheet(box.width, headHeight + rowHeight * box.rows + 16);
  layer.add(sheet.image.setPosition(box.x, box.y));
  let text = "";
  return {
    reserved: 0,
    update({ ready }) {
      const rows = ready.slice(0, box.rows);
      sheet.image.setVisible(rows.length > 0);
      text = rows.map((row) => `${row.name} ${says(row)}`).join(", ");
      sheet.redraw(text, (c) => {
        drawPanel(c, box.width, headHeight + rowHeight * rows.length + 16);
        c.font = textFont(28);
        c.fillStyle = titleColor;
        c.fillText("READY", 28, 44);
        rows.forEach((row, index) => {
          const middle = headHeight + rowHeight * (index + 0.5);
          drawDot(c, 42, middle, 14, hueOf(row.viewer));
          c.font = textFont(feedSize);
          const baseline = middle + capMiddle(c, "Hx");
          const room = box.width - 68 - 36;
          const power = Math.min(room * 0.6, c.measureText(says(row)).width);
          c.fillStyle = look.paper;
          const used = drawName(c, row.name, 68, baseline, room - power);
          c.fillStyle = hueOf(row.viewer);
          drawName(c, says(row), 68 + used + 12, baseline, room - used);
        });
      });
    },
    text: () => text,
  };
}

function createPill({ pictures, layer, hueOf }: HudParts, { ready: box }: Layout): ReadyPanel {
  const sheet = pictures.sheet(box.width, box.height);
  layer.add(sheet.image.setPosition(box.x, box.y));
  let text = "";
  let reserved = 0;
  return {
    get reserved() {
      return reserved;
    },
    update({ ready }, { clock }) {
      const row = ready[Math.floor(clock / turnSeconds) % Math.max(1, ready.length)];
      sheet.image.setVisible(row !== undefined);
      text = ready.map((each) => `${each.name} ${says(each)}`).join(", ");
      if (!row) reserved = 0;
      if (!row) return;
      const more = ready.length > 1 ? ` +${ready.length - 1}` : "";
      sheet.redraw(`${row.viewer}|${row.name}|${says(row)}|${more}`, (c) => {
        const font = textFont(feedSize);
        c.font = font;
        const power = `${says(row)}${more}`;
        const powerWidth = Math.min(200, c.measureText(power).width);
        const nameRoom = box.width - 58 - powerWidth - 46;
        const nameWidth = Math.min(nameRoom, c.measureText(row.name).width);
        const width = 58 + nameWidth + 10 + powerWidth + 24;
        reserved = width + 14;
        c.fillStyle = panelFill;
        fillRound(c, 0, 0, width, box.height, box.height / 2);
        c.strokeStyle = look.gold;
        c.lineWidth = 3;
        c.beginPath();
        c.roundRect(2, 2, width - 4, box.height - 4, box.height / 2);
        c.stroke();
        drawDot(c, 32, box.height / 2, 17, hueOf(row.viewer));
        const baseline = box.height / 2 + capMiddle(c, "Hx");
        c.fillStyle = look.paper;
        const used = drawName(c, row.name, 58, baseline, nameRoom);
        c.fillStyle = look.gold;
        drawName(c, power, 58 + used + 10, baseline, powerWidth + 2);
      });
    },
    text: () => text,
  };
}
