/** A stage page in a real Chromium, joined to a fixture room: what the browser tests of the stage share. */
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, vi } from "vitest";
import { ensureClientBuilt } from "../../server/http/client-build.ts";
import { startBrowser } from "./browser.ts";
import { type Fixture, fixtureToken, type Scene, startFixture } from "./fixture-room.ts";

/** Drawing in software is slow: few pictures a second leave time for the rest. */
const slow = "fps=8&sound=off";
/** How often a condition is looked at. */
const lookMs = 250;
/** Long enough for a busy machine that draws in software and builds the pages first. */
const limitMs = 120_000;
/** Kept of a test's time to say what the page showed, when a condition never came. */
const lastWordsMs = 15_000;

let browser: Browser;
let deadlineMs = 0;
/** The room, the page that shows it, and the errors of the page, of the present test. */
export let fixture: Fixture;
export let page: Page;
export let troubles: string[] = [];

/** Builds the pages and starts a browser for the tests of a file, and ends what a test has started. Call once, before them. */
export function useStage(): void {
  vi.setConfig({ testTimeout: limitMs, hookTimeout: limitMs });
  beforeAll(async () => {
    await ensureClientBuilt();
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser?.close();
  });
  beforeEach(() => {
    troubles = [];
    deadlineMs = performance.now() + limitMs - lastWordsMs;
  });
  afterEach(async () => {
    await page?.close();
    await fixture?.stop();
  });
}

/** What is left of the test's time: a condition may take all of it, as slow as the machine may be. */
const patienceMs = () => Math.max(1, deadlineMs - performance.now());

/** Starts a room with a scene and opens its stage. */
export async function open(
  scene: Scene,
  query = "",
  size = { width: 540, height: 960 },
  token = fixtureToken,
): Promise<void> {
  fixture = await startFixture(scene);
  page = await browser.newPage({ viewport: size });
  page.setDefaultTimeout(patienceMs());
  page.on("pageerror", (error) => troubles.push(String(error)));
  await page.goto(`${fixture.url}/stage?token=${token}&${slow}&${query}`);
}

/** Starts another room where the last one was. */
export async function openAgain(scene: Scene, port: number): Promise<void> {
  fixture = await startFixture(scene, port);
}

/** Waits until the page's handle says so. The condition is written out in the page. */
export async function until(condition: string): Promise<void> {
  try {
    await page.waitForFunction(`window.uproar && (${condition})`, undefined, {
      timeout: patienceMs(),
      polling: lookMs,
    });
  } catch (cause) {
    const shown = await page.evaluate("JSON.stringify({ ...window.uproar })");
    throw new Error(`never came: ${condition}\nthe page showed ${shown}`, { cause });
  }
}

/** Waits until `check` passes: what the handle tells may be a frame ahead of what the browser shows. */
export async function untilPasses(check: () => Promise<void>): Promise<void> {
  await vi.waitFor(check, { timeout: patienceMs(), interval: lookMs });
}

/** Colours of the picture at places given as shares of its size, as "r,g,b,a". */
export async function pixels(places: readonly (readonly [number, number])[]): Promise<string[]> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setDefaultBackgroundColorOverride", { color: { r: 0, g: 0, b: 0, a: 0 } });
  const { data } = await session.send("Page.captureScreenshot", { format: "png" });
  return await page.evaluate(
    async ([picture, spots]) => {
      const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
      const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(image.width, image.height).getContext("2d")!;
      context.drawImage(image, 0, 0);
      return spots.map(([x, y]) =>
        Array.from(context.getImageData(Math.round(x * image.width), Math.round(y * image.height), 1, 1).data).join(
          ",",
        ),
      );
    },
    [data, places] as const,
  );
}
