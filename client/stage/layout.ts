/** Layout: where world and panels go on a page of any size. Pure. Units are those of the 1080x1920 (or 1920x1080) design. */
import type { WorldFrame } from "../../shared/game/view.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Box extends Size {
  readonly x: number;
  readonly y: number;
}

export interface Layout {
  readonly wide: boolean;
  /** Size of the design that is fitted into the page. */
  readonly width: number;
  readonly height: number;
  /** Part of the design a phone's live interface leaves free. */
  readonly safe: Box;
  /** View to design: design = view * scale + (x, y). A view is the part of the world that is seen, counted from its top left. */
  readonly view: { readonly x: number; readonly y: number; readonly scale: number };
  readonly title: Box;
  readonly clock: Box;
  readonly board: Box & { readonly rows: number };
  /** Where meters are: side by side on a tall page, below each other on a wide one; others than the first `most` are not shown. */
  readonly meter: Box & { readonly most: number };
  readonly feed: Box & { readonly rows: number; readonly vertical: boolean };
  readonly ready: Box & { readonly rows: number };
  /** Where banners, countdown and podium are centred. */
  readonly middle: Box;
  /** Numbers of `?debug=1`: clear of every panel and of what `?phone=1` draws. */
  readonly debug: Box;
}

/** What TikTok's interface covers of 1080x1920: host above, comments and gifts below, buttons at the right. */
export const safeInsets = { top: 220, bottom: 420, left: 40, right: 150 } as const;

/**
 * Lays out for a page of `width` x `height` pixels and a view of so many world units; `frame` is the part of the view that a wide page
 * fits between its panels.
 */
export function layOut(
  page: Size,
  view: Size,
  frame: WorldFrame = { x: 0, y: 0, width: view.width, height: view.height },
): Layout {
  return page.width > page.height ? wideLayout(frame) : tallLayout(view);
}

function tallLayout(view: Size): Layout {
  const { top, bottom, left, right } = safeInsets;
  const safe = { x: left, y: top, width: 1080 - left - right, height: 1920 - top - bottom };
  const end = safe.x + safe.width;
  const boardWidth = 280;
  const scale = Math.min(1080 / view.width, 1920 / view.height);
  return {
    wide: false,
    width: 1080,
    height: 1920,
    safe,
    view: { x: (1080 - view.width * scale) / 2, y: (1920 - view.height * scale) / 2, scale },
    title: { x: left, y: top + 6, width: 262, height: 150 },
    clock: { x: left + 262, y: top + 6, width: end - boardWidth - left - 262, height: 150 },
    board: { x: end - boardWidth, y: top + 6, width: boardWidth, height: 176, rows: 3 },
    meter: { x: left, y: 424, width: safe.width, height: 56, most: 3 },
    feed: { x: left, y: 496, width: safe.width, height: 52, rows: 4, vertical: false },
    // One pill at the left of the feed's row: everything else inside the safe zone is the game's.
    ready: { x: left, y: 496, width: 400, height: 52, rows: 1 },
    middle: { x: safe.x, y: 572, width: safe.width, height: 900 },
    // Between the comments, the buttons and the line to write in.
    debug: { x: 550, y: 1554, width: 406, height: 256 },
  };
}

function wideLayout(frame: WorldFrame): Layout {
  const column = { x: 440, y: 24, width: 1040, height: 1032 };
  const scale = Math.min(column.width / frame.width, column.height / frame.height);
  return {
    wide: true,
    width: 1920,
    height: 1080,
    safe: { x: 40, y: 24, width: 1840, height: 1032 },
    view: {
      x: column.x + (column.width - frame.width * scale) / 2 - frame.x * scale,
      y: column.y + (column.height - frame.height * scale) / 2 - frame.y * scale,
      scale,
    },
    title: { x: 40, y: 40, width: 380, height: 146 },
    clock: { x: 40, y: 204, width: 380, height: 160 },
    board: { x: 1500, y: 40, width: 380, height: 420, rows: 8 },
    meter: { x: 40, y: 384, width: 380, height: 120, most: 2 },
    feed: { x: 1500, y: 484, width: 380, height: 400, rows: 6, vertical: true },
    ready: { x: 40, y: 512, width: 380, height: 300, rows: 6 },
    middle: { x: 500, y: 40, width: 920, height: 1000 },
    debug: { x: 40, y: 836, width: 400, height: 220 },
  };
}

/** How the design is put on a page: scale, and the margin around it, in pixels. */
export function fitPage(page: Size, layout: Layout): { scale: number; x: number; y: number } {
  const scale = Math.min(page.width / layout.width, page.height / layout.height);
  return { scale, x: (page.width - layout.width * scale) / 2, y: (page.height - layout.height * scale) / 2 };
}

/** What a page of a layout shows of a view whose top left corner is the origin, in view units: all of the page, also beside the design. */
export function seenOf(page: Size, layout: Layout): Box {
  const fit = fitPage(page, layout);
  const scale = fit.scale * layout.view.scale;
  return {
    x: -(fit.x / fit.scale + layout.view.x) / layout.view.scale,
    y: -(fit.y / fit.scale + layout.view.y) / layout.view.scale,
    width: page.width / scale,
    height: page.height / scale,
  };
}

/** A box of the design in view units. */
export function inView({ view }: Layout, box: Box): Box {
  return {
    x: (box.x - view.x) / view.scale,
    y: (box.y - view.y) / view.scale,
    width: box.width / view.scale,
    height: box.height / view.scale,
  };
}

/** What of a tall page's safe zone lies below all panels. */
export function belowPanels({ safe, feed }: Layout): Box {
  const top = feed.y + feed.height + 6;
  return { ...safe, y: top, height: safe.y + safe.height - top };
}
