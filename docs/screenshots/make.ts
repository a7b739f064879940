/**
 * Makes the pictures of each game from a running show with its simulated audience: `npm run screenshots`, or with the ids of some
 * games. Needs a Chromium; without a graphics card it takes some minutes for each game.
 */
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser, Page } from "playwright-core";
import { startBrowser } from "../../test/client/browser.ts";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));
const seed = "11";
const ticksPerSecond = 60;
/** Most bytes of a picture, and the qualities that are tried until it has no more. */
const mostBytes = 200_000;
const qualities = [88, 80, 72, 64, 55];
/** Software drawing can take very long over one picture. */
const patience = { timeout: 300_000, polling: 200 };
/** Few frames a second leave a machine without a graphics card time to answer. */
const slow = "sound=off&fps=6";
/** Seconds into play at which a game is in full swing. */
const swingSeconds: Readonly<Record<string, number>> = { "last-ball": 25, "marble-dash": 22, "core-clash": 60 };
/** Seconds into the results until everybody stands on the podium with the crown on. */
const podiumSeconds = 3.6;
/** Ticks after which a page of another size has settled. */
const settledTicks = 120;

const portrait = { width: 1080, height: 1920 };
const landscape = { width: 1920, height: 1080 };
const phone = { width: 390, height: 844 };

/** A show of a game, from its start until it is stopped. */
interface Running {
  /** Address of its stage, with its token. */
  readonly stage: string;
  stop(): Promise<void>;
}

async function startShow(game: string): Promise<Running> {
  const folder = mkdtempSync(join(tmpdir(), "uproar-screenshots-"));
  const args = [path("../../server/cli/uproar.js"), "--game", game, "--port", "0", "--data", folder, "--seed", seed];
  const show = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "inherit"] });
  const closed = new Promise<void>((resolve) => {
    show.on("close", () => resolve());
  });
  const stage = await new Promise<string>((resolve, reject) => {
    let text = "";
    show.stdout.on("data", (chunk: Buffer) => {
      text += chunk.toString();
      const address = /http:\S+\/stage\?token=\S+/.exec(text)?.[0];
      if (address) resolve(address);
    });
    show.on("close", () => reject(new Error(`the show of ${game} ended before it had begun:\n${text}`)));
  });
  return {
    stage,
    async stop() {
      show.kill("SIGTERM");
      await closed;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Waits until a page shows a phase, and then for so long, by the show's own ticks. */
async function waitFor(page: Page, phases: readonly string[], seconds: number): Promise<void> {
  const start = await page.waitForFunction(
    (wanted) => (window.uproar && wanted.includes(window.uproar.phase) ? window.uproar.tick : undefined),
    phases,
    patience,
  );
  await waitForTick(page, Number(await start.jsonValue()) + seconds * ticksPerSecond);
}

async function waitForTick(page: Page, tick: number): Promise<void> {
  await page.waitForFunction((wanted) => (window.uproar?.tick ?? 0) >= wanted, tick, patience);
}

async function resize(page: Page, size: { width: number; height: number }): Promise<void> {
  await page.setViewportSize(size);
  await waitForTick(page, (await page.evaluate(() => window.uproar?.tick ?? 0)) + settledTicks);
}

/** Playwright's own screenshot waits for frames that software drawing does not deliver in time. */
async function shoot(page: Page, name: string): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  for (const quality of qualities) {
    const { data } = await devtools.send("Page.captureScreenshot", { format: "jpeg", quality });
    const bytes = Buffer.from(data, "base64");
    if (bytes.length > mostBytes && quality !== qualities.at(-1)) continue;
    writeFileSync(path(`./${name}.jpg`), bytes);
    console.log(`${name}.jpg, ${Math.round(bytes.length / 1000)} kB`);
    break;
  }
  await devtools.detach();
}

async function openStage(browser: Browser, address: string, viewport: typeof phone, scale: number): Promise<Page> {
  const page = await browser.newPage({ viewport, deviceScaleFactor: scale });
  await page.goto(`${address}&${slow}`);
  return page;
}

/** All pictures of a game. One page at a time: a second one would make both too slow for the podium's few seconds. */
async function photograph(browser: Browser, game: string): Promise<void> {
  const show = await startShow(game);
  const large = await openStage(browser, show.stage, portrait, 1);
  await waitFor(large, ["play"], swingSeconds[game] ?? 25);
  await shoot(large, `${game}-portrait`);
  await waitFor(large, ["results"], podiumSeconds);
  await shoot(large, `${game}-podium`);
  await resize(large, landscape);
  await waitFor(large, ["play"], swingSeconds[game] ?? 25);
  await shoot(large, `${game}-landscape`);
  await large.close();
  const small = await openStage(browser, `${show.stage}&phone=1`, phone, 2);
  // On a slow machine the round may be nearly over by now: then it is the next one.
  await waitFor(small, ["lobby"], 0);
  await waitFor(small, ["play"], swingSeconds[game] ?? 25);
  await shoot(small, `${game}-phone`);
  await waitFor(small, ["results"], podiumSeconds);
  await shoot(small, `${game}-phone-podium`);
  await small.close();
  await show.stop();
}

const known = readdirSync(path("../../shared/games")).filter((id) =>
  existsSync(path(`../../shared/games/${id}/view.ts`)),
);
const wanted = process.argv.slice(2);
const unknown = wanted.find((id) => !known.includes(id));
if (unknown !== undefined) throw new Error(`there is no game ${unknown} with a view; there are ${known.join(", ")}`);
const browser = await startBrowser();
for (const game of wanted.length > 0 ? wanted : known) await photograph(browser, game);
await browser.close();
