/** The stage's tokens: colours, fonts and sizes. Nothing else in client/stage names a colour. */
import type { Look } from "../../shared/game/view.ts";

/** Fonts of the system for the scripts Nunito has no letters for. */
const anyScript =
  '"Noto Sans", "Segoe UI", "Helvetica Neue", "Hiragino Sans", "Yu Gothic", "Microsoft YaHei", "Malgun Gothic", "Noto Sans CJK SC", "Noto Sans Arabic", "Segoe UI Emoji", "Apple Color Emoji", "Noto Color Emoji", sans-serif';

/** The one look of the stage. */
export const look: Look = {
  ground: ["#1c1846", "#0f0d26"],
  surface: ["#332b78", "#2a2463"],
  ink: "#0b0920",
  paper: "#fff7e8",
  hues: ["#4de1ff", "#b8f34a", "#ffd23f", "#ff5c8a", "#9b7bff", "#3df2b0", "#ff8f3f", "#ff7af0", "#7aa8ff"],
  teams: ["#4de1ff", "#ff5c8a", "#b8f34a", "#ffd23f"],
  rim: ["#ffb84d", "#ff5c8a"],
  good: "#b8f34a",
  bad: "#ff5c8a",
  gold: "#ffd23f",
  displayFont: `"Lilita One", "Nunito", ${anyScript}`,
  textFont: `"Nunito", ${anyScript}`,
  outlineUnits: 8,
};

/** A panel behind text: ink, most of it opaque. */
export const panelFill = "rgba(11, 9, 32, 0.78)";
/** Fill of a meter that rules fill, from left to right; that of likes has the rim's colours. */
export const powerFill = ["#9b7bff", "#4de1ff"] as const;
/** Shadow of bodies and structure on the ground. */
export const shadowFill = "rgba(11, 9, 32, 0.38)";
/** Titles of panels. */
export const titleColor = "#9b7bff";
/** Smallest sizes of text, in units: names on the stage, lines of the feed, scores and the clock. */
export const nameSize = 30;
export const feedSize = 29;
export const clockSize = 138;

/** A canvas font of the display type (one weight). */
export const displayFont = (size: number): string => `${size}px ${look.displayFont}`;
/** A canvas font of the text type. */
export const textFont = (size: number): string => `800 ${size}px ${look.textFont}`;

/** A "#rrggbb" colour as Phaser's number. */
export const colorNumber = (css: string): number => Number.parseInt(css.slice(1), 16);

/** A "#rrggbb" colour with an opacity, for canvases. */
export function withAlpha(css: string, alpha: number): string {
  const value = colorNumber(css);
  return `rgba(${value >> 16}, ${(value >> 8) & 255}, ${value & 255}, ${alpha})`;
}

/** A "#rrggbb" colour mixed with ink: 0 the colour, 1 ink. */
export function darker(css: string, share: number): string {
  const from = colorNumber(css);
  const to = colorNumber(look.ink);
  const mix = (shift: number) => {
    const a = (from >> shift) & 255;
    const b = (to >> shift) & 255;
    return Math.round(a + (b - a) * share);
  };
  return `#${((mix(16) << 16) | (mix(8) << 8) | mix(0)).toString(16).padStart(6, "0")}`;
}
