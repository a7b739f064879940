/** Layout and options: everything that must be read lies in the safe zone, on pages of any size; a broken address changes nothing. */
import { expect, test } from "vitest";
import { createEffectQueue } from "../../../client/show/effects.ts";
import { clockText } from "../../../client/stage/hud/clock.ts";
import { countdownText } from "../../../client/stage/hud/countdown.ts";
import { phoneBoxes } from "../../../client/stage/hud/phone.ts";
import { isOwnAddress } from "../../../client/stage/kit/faces.ts";
import { type Box, belowPanels, fitPage, inView, layOut, seenOf } from "../../../client/stage/layout.ts";
import { readOptions } from "../../../client/stage/options.ts";

const world = { width: 1080, height: 1920 };
const inside = (inner: Box, outer: Box) =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height;
const apart = (a: Box, b: Box) =>
  a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;

test.each([
  [1080, 1920],
  [540, 960],
  [720, 1280],
  [1920, 1080],
  [1280, 720],
  [800, 800],
])("on a page of %i x %i all panels are in the safe zone and the design is on the page", (width, height) => {
  const layout = layOut({ width, height }, world, { x: 20, y: 552, width: 930, height: 916 });
  for (const box of [
    layout.title,
    layout.clock,
    layout.board,
    layout.meter,
    layout.feed,
    layout.ready,
    layout.middle,
  ]) {
    expect(inside(box, layout.safe)).toBe(true);
    if (box !== layout.middle) expect(apart(box, layout.debug)).toBe(true);
  }
  const fit = fitPage({ width, height }, layout);
  expect(fit.x).toBeGreaterThanOrEqual(0);
  expect(fit.y).toBeGreaterThanOrEqual(0);
  expect(layout.width * fit.scale + fit.x * 2).toBeCloseTo(width);
  expect(layout.height * fit.scale + fit.y * 2).toBeCloseTo(height);
});

test("the debug numbers of a tall page are clear of the phone's comments, buttons and line to write in", () => {
  const { debug } = layOut({ width: 540, height: 960 }, world);
  for (const covered of Object.values(phoneBoxes)) expect(apart(debug, covered)).toBe(true);
});

test("a tall page shows the world one to one; a wide one its frame, no smaller", () => {
  expect(layOut({ width: 1080, height: 1920 }, world).view).toEqual({ x: 0, y: 0, scale: 1 });
  const wide = layOut({ width: 1920, height: 1080 }, world, { x: 20, y: 552, width: 930, height: 916 }).view;
  expect(wide.scale).toBeGreaterThan(1);
  expect(485 * wide.scale + wide.x).toBeCloseTo(960, -1);
});

test.each([
  ["a phone's design", { width: 1080, height: 1920 }, world, { x: 0, y: 0, width: 1080, height: 1920 }],
  ["a small one", { width: 360, height: 640 }, world, { x: 0, y: 0, width: 1080, height: 1920 }],
  [
    "a long phone: more above and below",
    { width: 390, height: 844 },
    world,
    { y: -208.6, width: 1080, height: 2337.2 },
  ],
  ["a view twice as large", { width: 540, height: 960 }, { width: 2160, height: 3840 }, { width: 2160, height: 3840 }],
  ["a view half as large", { width: 540, height: 960 }, { width: 540, height: 960 }, { width: 540, height: 960 }],
  [
    "a broad view: more above and below",
    { width: 540, height: 960 },
    { width: 2160, height: 1920 },
    { y: -960, height: 3840 },
  ],
  [
    "a wide page: all of its height",
    { width: 1920, height: 1080 },
    world,
    { y: -44.65, height: 2009.3, width: 3572.1 },
  ],
] as const)("what is seen on %s", (_name, page, view, seen) => {
  const box = seenOf(page, layOut(page, view));
  for (const [side, length] of Object.entries(seen)) expect(box[side as keyof Box]).toBeCloseTo(length, 0);
  // The view's middle is the page's, but on a wide page the column's between the panels, which is there too.
  expect(box.x + box.width / 2).toBeCloseTo(view.width / 2);
  expect(box.y + box.height / 2).toBeCloseTo(view.height / 2);
});

test("names of a tall page keep clear of all its panels", () => {
  const layout = layOut({ width: 540, height: 960 }, world);
  const area = belowPanels(layout);
  expect(inside(area, layout.safe)).toBe(true);
  for (const box of [layout.title, layout.clock, layout.board, layout.meter, layout.feed, layout.ready]) {
    expect(apart(area, box)).toBe(true);
  }
  expect(area.y + area.height).toBe(1500);
});

test("the frame of a wide page counts from the view's top left, however large the world is", () => {
  const view = { width: 1080, height: 1920 };
  const layout = layOut({ width: 1920, height: 1080 }, view, { x: 40, y: 560, width: 890, height: 900 });
  const column = inView(layout, { x: 440, y: 24, width: 1040, height: 1032 });
  expect(column.y).toBeCloseTo(560);
  expect(column.height).toBeCloseTo(900);
  expect(column.x + column.width / 2).toBeCloseTo(40 + 890 / 2);
});

test("options are read, broken ones ignored", () => {
  const set = readOptions("?token=t&transparent=1&debug=1&motion=reduced&sound=off&res=720&fps=30&phone=1");
  expect(set).toEqual({
    token: "t",
    transparent: true,
    debug: true,
    reducedMotion: true,
    sound: false,
    res: 720,
    fps: 30,
    phone: true,
  });
  const plain = { transparent: false, debug: false, reducedMotion: false, sound: true, res: 0, fps: 0, phone: false };
  expect(readOptions("?res=banana&fps=-3&transparent=yes&motion=")).toEqual({ token: "", ...plain });
  expect(readOptions("", true).reducedMotion).toBe(true);
  expect(readOptions("?motion=full", true).reducedMotion).toBe(false);
});

test("an effect waits for its tick, keeps its order, and is dropped when far too late", () => {
  const queue = createEffectQueue();
  const anEffect = (tick: number) => {
    const about = { x: 0, y: 0, entity: 0, other: 0, power: 1, viewer: "", text: "", test: false };
    return { kind: "hit", tick, ...about };
  };
  const shown: number[] = [];
  queue.push([anEffect(10), anEffect(12), anEffect(20)]);
  queue.play(9, ({ tick }) => shown.push(tick));
  expect(shown).toEqual([]);
  queue.play(12.4, ({ tick }) => shown.push(tick));
  expect(shown).toEqual([10, 12]);
  queue.play(200, ({ tick }) => shown.push(tick));
  expect(shown).toEqual([10, 12]);
});

test("the clock rounds up and the countdown says what is left", () => {
  expect([0, 0.1, 41.2, 60, 125, -3].map(clockText)).toEqual(["0:00", "0:01", "0:42", "1:00", "2:05", "0:00"]);
  expect(countdownText("countdown", 2.3, 0)).toBe("3");
  expect(countdownText("play", 60, 0.3)).toBe("GO!");
  expect(countdownText("play", 60, 2)).toBe("");
  expect(countdownText("lobby", 2, 0)).toBe("");
});

test("only pictures of the page's own server are fetched", () => {
  const origin = "http://127.0.0.1:2567";
  expect(isOwnAddress("/avatars/abc", origin)).toBe(true);
  expect(isOwnAddress("https://elsewhere.example/a.png", origin)).toBe(false);
  expect(isOwnAddress("//elsewhere.example/a.png", origin)).toBe(false);
  expect(isOwnAddress("data:image/png;base64,AA", origin)).toBe(false);
});
