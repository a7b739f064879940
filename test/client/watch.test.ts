/** A recorded show in a real Chromium: the command plays it, and the page holds it, makes it faster and takes it to other times. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { WatchStatus } from "../../server/watch/watched-show.ts";
import { aPlayedShow, linesOf } from "../server/cli/a-recorded-show.ts";
import { aFolder, type RunningCommand, uproar } from "../server/cli/uproar.ts";
import { startBrowser } from "./browser.ts";

const folder = aFolder();
const token = "operator-token-for-tests";
const env = { UPROAR_STAGE_TOKEN: "stage-token-for-tests", UPROAR_OPERATOR_TOKEN: token };
/** A slow machine draws slowly; nothing here is about speed. */
const patience = { timeout: 90_000, interval: 200 };
vi.setConfig({ testTimeout: 120_000, hookTimeout: 180_000 });
let command: RunningCommand;
let base: string;
let browser: Browser;
let page: Page;
const troubles: string[] = [];

beforeAll(async () => {
  const file = join(folder.path, "show.gz");
  const act = { type: "act", act: "endRound" } as const;
  const show = await aPlayedShow({ ticks: 3600, more: new Map([[1200, [act]]]) });
  writeFileSync(file, gzipSync(`${linesOf(show).join("\n")}\n`));
  command = uproar(["replay", file, "--watch", "--port", "0", "--data", join(folder.path, "none")], { env });
  const [, address] = await command.prints(/(http:\/\/127\.0\.0\.1:\d+)\/\?token=operator-token-for-tests/);
  base = address!;
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 640, height: 560 } });
  page.on("pageerror", (error) => troubles.push(String(error)));
  await page.goto(`${base}/?token=${token}&fps=4&res=240`);
});
afterAll(async () => {
  await browser?.close();
  command?.process.kill("SIGKILL");
  await command?.ended;
  folder.remove();
});

async function status(): Promise<WatchStatus> {
  const response = await fetch(`${base}/api/watch`, { headers: { authorization: `Bearer ${token}` } });
  return (await response.json()) as WatchStatus;
}

/** What the stage in the page shows. */
const stage = () => page.frames()[1]!.evaluate(() => ({ ...window.uproar!, hud: { ...window.uproar!.hud } }));
const text = (id: string) => page.locator(`#${id}`).textContent();
const until = (check: () => Promise<void>) => vi.waitFor(check, patience);

test("the stage plays, and the timeline shows rounds and phases", async () => {
  await until(async () => {
    const { connected, entities } = await stage();
    expect([connected, entities > 15]).toEqual([true, true]);
  });
  expect(await text("end")).toBe("1:00");
  expect(await page.locator("#rounds span").allTextContents()).toEqual(["Round 1", "Round 2"]);
  const phases = await page.locator("#phases i").evaluateAll((all) => all.map((one) => one.dataset.phase));
  expect(phases.slice(0, 4)).toEqual(["lobby", "countdown", "play", "results"]);
  expect(await page.locator("#difference").isVisible()).toBe(false);
});

test("space holds it, the arrows go on and back, and the stage follows", async () => {
  await page.keyboard.press("Space");
  await until(async () => expect((await status()).paused).toBe(true));
  await until(async () => expect(await page.locator("#play").getAttribute("aria-label")).toBe("Play"));
  await page.locator("#time").fill("3000");
  await until(async () => expect(await status()).toMatchObject({ tick: 3000, paused: true }));
  await until(async () => expect(await text("phase")).toMatch(/^Round 2, /));
  await page.keyboard.press("ArrowLeft");
  await until(async () => expect((await status()).tick).toBe(2700));
  await page.keyboard.press("ArrowRight");
  await until(async () => expect((await status()).tick).toBe(3000));
  await page.locator("#time").fill("600");
  await until(async () => expect((await status()).tick).toBe(600));
  await until(async () => expect(await text("now")).toBe("0:10"));
  await until(async () => expect((await stage()).tick).toBeLessThanOrEqual(600));
  await until(async () => expect((await stage()).tick).toBeGreaterThan(590));
});

test("speed by the keys, up to the highest and no further, and it plays on from there", async () => {
  for (let press = 0; press < 6; press++) {
    await page.keyboard.press(">");
    await until(async () => expect(await text("speed")).toBe(`${[2, 4, 8, 16, 16, 16][press]}×`));
  }
  expect(await page.locator("#faster").isDisabled()).toBe(true);
  await page.keyboard.press("<");
  await until(async () => expect((await status()).speed).toBe(8));
  await page.locator("#play").click();
  await until(async () => expect((await stage()).tick).toBeGreaterThan(900));
});

test("at the end it stands still and says so, and begins again when told to play", async () => {
  await page.locator("#time").fill("3590");
  await until(async () => expect(await status()).toMatchObject({ tick: 3600, ended: true, paused: true }));
  await until(async () => expect(await text("sign")).toBe("The end of the record"));
  await page.locator("#play").click();
  await until(async () => expect(await status()).toMatchObject({ ended: false, paused: false }));
  expect(troubles).toEqual([]);
});

test("a stage token opens the stage and no controls; the command ends when it is asked to", async () => {
  const html = await (await fetch(`${base}/?token=${env.UPROAR_STAGE_TOKEN}`)).text();
  expect(html).toContain("Open the address that Uproar printed");
  const refused = await fetch(`${base}/api/control`, {
    method: "POST",
    headers: { authorization: `Bearer ${env.UPROAR_STAGE_TOKEN}`, "content-type": "application/json" },
    body: '{"act":"pause"}',
  });
  expect(refused.status).toBe(401);
  command.process.kill("SIGINT");
  expect(await command.ended).toMatchObject({ code: 0, stderr: "" });
});
