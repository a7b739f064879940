/** The feed: what viewers just did, newest bright, older ones fading. A row of pills on a tall page, a list on a wide one. */
import type * as Phaser from "phaser";
import { ticksPerSecond } from "../../../shared/world/world.ts";
import { capMiddle, drawChip, fillRound } from "../kit/shapes.ts";
import type { Layout } from "../layout.ts";
import { feedSize, look, panelFill, textFont } from "../look.ts";
import { cleanText, fitText } from "../text.ts";
import { drawDot, drawName, type HudParts, type HudTime, type Panel } from "./panel.ts";

const maxNameWidth = 190;
const maxWordsWidth = 330;
const height = 52;
const gap = 14;
/** A line leaves after this long. */
const lifeSeconds = 14;

interface Line {
  readonly image: Phaser.GameObjects.Image;
  readonly width: number;
  readonly text: string;
  readonly tick: number;
  x: number;
  y: number;
  alpha: number;
  fresh: boolean;
}

interface Row {
  readonly seq: number;
  readonly tick: number;
  readonly viewer: string;
  readonly name: string;
  readonly words: string;
  readonly tone: string;
  readonly test: boolean;
}

/** Creates the feed. */
export function createFeedPanel(parts: HudParts, layout: Layout): Panel {
  const box = layout.feed;
  const lines = new Map<number, Line>();

  const sync = (rows: Iterable<Row>) => {
    const seen = new Set<number>();
    for (const row of rows) {
      seen.add(row.seq);
      if (!lines.has(row.seq)) lines.set(row.seq, makeLine(row, parts, box.width));
    }
    for (const [seq, line] of lines) {
      if (seen.has(seq)) continue;
      line.image.destroy();
      lines.delete(seq);
    }
  };
  const settle = (line: Line, x: number, y: number, alpha: number, seconds: number) => {
    if (line.fresh) {
      line.x = parts.reducedMotion ? x : x + 60;
      line.y = y;
      line.fresh = false;
    }
    const ease = Math.min(1, seconds * 10);
    line.x += (x - line.x) * ease;
    line.y += (y - line.y) * ease;
    line.alpha += (alpha - line.alpha) * ease;
    line.image
      .setPosition(line.x, line.y)
      .setAlpha(line.alpha)
      .setVisible(line.alpha > 0.02);
  };
  const age = (line: Line, tick: number) => (tick - line.tick) / ticksPerSecond;
  const brightness = (place: number, old: number) =>
    Math.max(0, 1 - place * (layout.wide ? 0.13 : 0.28)) * Math.max(0, Math.min(1, (lifeSeconds - old) / 2));
  const inColumn = (newestFirst: readonly Line[], { tick, seconds }: HudTime) =>
    newestFirst.forEach((line, place) => {
      const y = box.y + height / 2 + place * (height + gap);
      settle(line, box.x + line.width / 2, y, place < box.rows ? brightness(place, age(line, tick)) : 0, seconds);
    });
  const inRow = (newestFirst: readonly Line[], { tick, seconds, reserved }: HudTime) => {
    // The newest is at the right end of what fits, the older ones to its left.
    let used = 0;
    let fits = 0;
    for (const line of newestFirst) {
      if (fits >= box.rows || used + line.width > box.width - reserved || age(line, tick) > lifeSeconds) break;
      used += line.width + gap;
      fits++;
    }
    let right = box.x + reserved + used - gap;
    newestFirst.forEach((line, place) => {
      if (place >= fits) {
        settle(line, Math.max(box.x + line.width / 2, line.x), box.y + height / 2, 0, seconds * 2);
        return;
      }
      settle(line, right - line.width / 2, box.y + height / 2, brightness(place, age(line, tick)), seconds);
      right -= line.width + gap;
    });
  };
  return {
    update({ feed }, time) {
      sync(feed);
      const newestFirst = [...lines].sort(([a], [b]) => b - a).map(([, line]) => line);
      if (box.vertical) inColumn(newestFirst, time);
      else inRow(newestFirst, time);
    },
    text: () => [...lines.values()].map((line) => line.text).join(", "),
  };
}

/** Draws a line, unseen yet, for a column of so many units. */
function makeLine(row: Row, { pictures, layer, hueOf, measure }: HudParts, columnWidth: number): Line {
  measure.font = textFont(feedSize);
  const width = (text: string) => measure.measureText(text).width;
  const name = fitText(cleanText(row.name), maxNameWidth, width);
  const hue = row.viewer ? hueOf(row.viewer) : look.paper;
  const toneColor = row.tone === "bad" ? look.bad : row.tone === "good" ? look.good : hue;
  const nameWidth = name ? width(name) + 10 : 0;
  const testWidth = row.test ? 78 : 0;
  const dotWidth = row.viewer ? 44 : 12;
  const edges = 12 + dotWidth + nameWidth + testWidth + 22;
  // A line never leaves its column; one without a name has that room too.
  const wordsRoom = Math.min(name ? maxWordsWidth : maxWordsWidth + maxNameWidth, columnWidth - edges);
  const words = fitText(cleanText(row.words), wordsRoom, width);
  const total = Math.ceil(edges + width(words));
  const image = pictures.image(`feed:${row.tone}:${row.test}:${row.viewer}:${name}:${words}`, total, height, (c) => {
    c.translate(-total / 2, 0);
    c.fillStyle = panelFill;
    fillRound(c, 0, -height / 2, total, height, height / 2);
    if (row.viewer) drawDot(c, 30, 0, 17, hue);
    c.font = textFont(feedSize);
    const baseline = capMiddle(c, "Hx");
    c.fillStyle = look.paper;
    if (name) drawName(c, name, 12 + dotWidth, baseline, maxNameWidth);
    c.fillStyle = toneColor;
    c.fillText(words, 12 + dotWidth + nameWidth, baseline);
    c.translate(total - testWidth / 2 - 12, 0);
    if (row.test) drawChip(c, "TEST", look.rim[0], 19);
  });
  layer.add(image.setAlpha(0));
  return { image, width: total, text: `${name} ${words}`, tick: row.tick, x: 0, y: 0, alpha: 0, fresh: true };
}
