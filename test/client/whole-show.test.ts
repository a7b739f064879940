/** The whole way in one test: the real server, its simulated audience, the real page in a real Chromium, and a process that dies. */
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { aFolder, type RunningCommand, uproar } from "../server/cli/uproar.ts";
import { startBrowser } from "./browser.ts";

const folder = aFolder();
const env = { UPROAR_STAGE_TOKEN: "stage-token-for-tests", UPROAR_OPERATOR_TOKEN: "operator-token-for-tests" };
/** A slow machine draws slowly; nothing here is about speed. */
const patience = { timeout: 60_000, polling: 100 };
let show: RunningCommand;
let base: string;
let browser: Browser;
let page: Page;

async function start(port: string): Promise<void> {
  show = uproar(["--port", port, "--data", folder.path, "--seed", "3"], { env });
  const [, address] = await show.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage/);
  base = address!;
}

/** Sends an event by hand, as the operator does. */
async function send(body: object): Promise<void> {
  const headers = { authorization: `Bearer ${env.UPROAR_OPERATOR_TOKEN}`, "content-type": "application/json" };
  const { status } = await fetch(`${base}/api/test-event`, { method: "POST", headers, body: JSON.stringify(body) });
  expect(status).toBe(202);
}

async function snapshot(): Promise<{ show: string; tick: number }> {
  const headers = { authorization: `Bearer ${env.UPROAR_OPERATOR_TOKEN}` };
  return (await (await fetch(`${base}/api/snapshot`, { headers })).json()) as { show: string; tick: number };
}

beforeAll(async () => {
  await start("0");
  browser = await startBrowser();
  page = await browser.newPage({ viewport: { width: 360, height: 640 } });
  await page.goto(`${base}/stage?token=${env.UPROAR_STAGE_TOKEN}&fps=10&sound=off`);
}, 120_000);
afterAll(async () => {
  await browser?.close();
  show.process.kill("SIGKILL");
  await show.ended;
  folder.remove();
});

test("the audience's balls roll in by themselves", { timeout: 90_000 }, async () => {
  await page.waitForFunction(() => window.uproar?.connected && window.uproar.entities > 15, undefined, patience);
  expect(await page.evaluate(() => window.uproar!.hud.title)).toContain("Last Ball");
});

test("a comment and a gift by hand are seen", { timeout: 90_000 }, async () => {
  await send({ type: "chat", viewer: { handle: "zoe", name: "Zoë By Hand" } });
  await page.waitForFunction(() => window.uproar!.names.some((name) => name.startsWith("Zoë By")), undefined, patience);
  await send({ type: "gift", viewer: { handle: "zoe", name: "Zoë By Hand" }, gift: { unitValue: 1 }, count: 3 });
  await page.waitForFunction(
    () => /Zoë/.test(`${window.uproar!.hud.feed} ${window.uproar!.hud.ready}`),
    undefined,
    patience,
  );
});

test("the stage comes back by itself after the process was killed and started again, in the same show", {
  timeout: 120_000,
}, async () => {
  const { port } = new URL(base);
  const before = await snapshot();
  show.process.kill("SIGKILL");
  await show.ended;
  await page.waitForFunction(() => !window.uproar!.connected && window.uproar!.hud.notice !== "", undefined, patience);
  await start(port);
  await page.waitForFunction(() => window.uproar!.connected && window.uproar!.hud.notice === "", undefined, patience);
  await send({ type: "chat", viewer: { handle: "anew", name: "Anew" } });
  await page.waitForFunction(() => window.uproar!.names.includes("Anew"), undefined, patience);
  const after = await snapshot();
  expect(after.show).toBe(before.show);
  // Of what was last, about a second at most is gone.
  expect(after.tick).toBeGreaterThan(before.tick - 60);
});
