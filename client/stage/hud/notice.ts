/** The notice: one plain line when the stage has lost its room or its address is not valid. */
import { capMiddle, fillRound } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { look, textFont } from "../look.ts";
import { fitText } from "../text.ts";
import type { HudParts } from "./panel.ts";

const height = 68;
/** A short gap in the line is nobody's business. */
const patienceSeconds = 1.2;

export interface Notice {
  /** `problem` is "" when all is well. */
  update(problem: string, seconds: number): void;
  text(): string;
}

/** Creates the notice, hidden. */
export function createNotice({ pictures, layer }: HudParts, layout: Layout): Notice {
  const width = Math.min(layout.safe.width, 880);
  const sheet = pictures.sheet(width, height);
  sheet.image.setPosition(layout.middle.x + (layout.middle.width - width) / 2, layout.middle.y + 8).setVisible(false);
  layer.add(sheet.image);
  let since = 0;
  let shown = "";
  return {
    update(problem, seconds) {
      since = problem === "" ? 0 : since + seconds;
      shown = since > patienceSeconds ? problem : "";
      sheet.image.setVisible(shown !== "");
      if (shown === "") return;
      sheet.redraw(shown, (c) => {
        c.font = textFont(30);
        const line = fitText(shown, width - 110, (text) => c.measureText(text).width);
        const pill = c.measureText(line).width + 96;
        const left = (width - pill) / 2;
        c.fillStyle = look.ink;
        fillRound(c, left, 0, pill, height, height / 2);
        c.fillStyle = look.rim[0];
        c.beginPath();
        c.arc(left + 38, height / 2, 10, 0, Math.PI * 2);
        c.fill();
        c.fillStyle = look.paper;
        c.fillText(line, left + 64, height / 2 + capMiddle(c, "Hx"));
      });
    },
    text: () => shown,
  };
}
