/** What all panels share: what they are made with, and drawing of panels, names and dots. */
import type * as Phaser from "phaser";
import type { ShowState } from "../../../shared/protocol/state.ts";
import { fillDisc, fillRound } from "../kit/shapes.ts";
import { look, panelFill } from "../look.ts";
import type { Pictures } from "../picture.ts";
import { cleanText, directionOf, fitText } from "../text.ts";

/** What a panel is made with. */
export interface HudParts {
  readonly pictures: Pictures;
  readonly layer: Phaser.GameObjects.Container;
  readonly reducedMotion: boolean;
  hueOf(viewer: string): string;
  /** Measuring context, for widths before a picture exists. */
  readonly measure: CanvasRenderingContext2D;
}

/** The moment a panel shows. */
export interface HudTime {
  readonly tick: number;
  readonly seconds: number;
  readonly clock: number;
  /** Phase as the picture shows it. */
  readonly phase: string;
  /** Units at the left of the feed's row that are taken. */
  readonly reserved: number;
}

/** One panel. */
export interface Panel {
  /** Called every frame; redraws only what changed. */
  update(state: ShowState, time: HudTime): void;
  /** What it says now, for tests and the debug handle. */
  text(): string;
}

/** Fills a panel of this size from the origin. */
export function drawPanel(c: CanvasRenderingContext2D, width: number, height: number, radius = 32): void {
  c.fillStyle = panelFill;
  fillRound(c, 0, 0, width, height, radius);
}

/** Draws a name (any script) from `x`, cut to `maxWidth`, in the present font; returns its width. */
export function drawName(c: CanvasRenderingContext2D, name: string, x: number, y: number, maxWidth: number): number {
  const shown = fitText(cleanText(name), maxWidth, (text) => c.measureText(text).width);
  c.textAlign = "left";
  c.direction = directionOf(shown);
  c.fillText(shown, x, y);
  c.direction = "ltr";
  return c.measureText(shown).width;
}

/** A viewer's coloured dot. */
export function drawDot(c: CanvasRenderingContext2D, x: number, y: number, radius: number, hue: string): void {
  fillDisc(c, x, y, radius, look.ink);
  fillDisc(c, x, y, radius - 2, hue);
}
