/** Gauge: a bar in the world that fills, for lives, charges and time left. */

import type * as Phaser from "phaser";
import type { Gauge, GaugeOptions } from "../../../shared/game/view.ts";
import { look, panelFill, textFont } from "../look.ts";
import type { Pictures } from "../picture.ts";
import { capMiddle, fillRound, outlinedText } from "./shapes.ts";

/** Share of the way to its value that a gauge goes in a second, times ten: quick, and no jump. */
const pace = 9;
const minSide = 8;

/** Creates a gauge, full. */
export function createGauge(
  scene: Phaser.Scene,
  pictures: Pictures,
  reducedMotion: boolean,
  { width: wishedWidth, height: wishedHeight = 28, color = look.good, label = "" }: GaugeOptions,
): Gauge {
  const width = Math.max(minSide * 2, wishedWidth);
  const height = Math.max(minSide, wishedHeight);
  const edge = Math.max(2, Math.min(6, height / 5));
  const inner = { width: width - edge * 2, height: height - edge * 2 };
  const back = pictures.image(`gauge:${width}:${height}`, width, height, (c) => {
    c.fillStyle = look.ink;
    fillRound(c, -width / 2, -height / 2, width, height, height / 2);
    c.fillStyle = panelFill;
    fillRound(c, -inner.width / 2, -inner.height / 2, inner.width, inner.height, inner.height / 2);
  });
  const fill = pictures.image(`gauge-fill:${width}:${height}:${color}`, inner.width, inner.height, (c) => {
    c.fillStyle = color;
    fillRound(c, -inner.width / 2, -inner.height / 2, inner.width, inner.height, inner.height / 2);
    c.fillStyle = "rgba(255, 255, 255, 0.28)";
    fillRound(c, -inner.width / 2 + edge, -inner.height / 2 + 2, inner.width - edge * 2, inner.height * 0.3, edge);
  });
  const root = scene.make.container({}, false);
  root.add([back, fill]);
  if (label) root.add(labelImage(pictures, label, width, height));
  let shown = 1;
  return {
    root,
    show(value, time) {
      const wanted = Math.max(0, Math.min(1, Number.isFinite(value) ? value : 0));
      shown += (wanted - shown) * (time && !reducedMotion ? Math.min(1, time.seconds * pace) : 1);
      fill.setCrop(0, 0, fill.width * shown, fill.height).setVisible(shown > 0.005);
    },
    destroy: () => root.destroy(),
  };
}

function labelImage(pictures: Pictures, label: string, width: number, height: number): Phaser.GameObjects.Image {
  const size = Math.max(22, height * 0.72);
  return pictures.image(`gauge-label:${width}:${height}:${label}`, width, size * 1.6, (c) => {
    c.font = textFont(size);
    c.textAlign = "center";
    const fit = Math.min(1, (width - height) / Math.max(1, c.measureText(label).width));
    c.font = textFont(size * fit);
    outlinedText(c, label, 0, capMiddle(c, "Hx"), look.paper, 4);
  });
}
