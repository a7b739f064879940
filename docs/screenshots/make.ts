/** Makes the README's pictures from a running show: `npm run screenshots`. Needs a Chromium, takes some minutes without a GPU. */
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Page } from "playwright-core";
import { startBrowser } from "../../test/client/browser.ts";

/** Where and when each picture is taken: phase of the round, seconds into it. */
const pictures = [
  { name: "last-ball-portrait", width: 1080, height: 1920, phase: "play", afterSeconds: 25 },
  { name: "last-ball-podium", width: 1080, height: 1920, phase: "results", afterSeconds: 4 },
  { name: "last-ball-landscape", width: 1920, height: 1080, phase: "play", afterSeconds: 25 },
];
const ticksPerSecond = 60;
/** Software drawing can take very long over one picture. */
const patience = { timeout: 300_000, polling: 200 };

const folder = mkdtempSync(join(tmpdir(), "uproar-screenshots-"));
const entry = fileURLToPath(new URL("../../server/cli/uproar.js", import.meta.url));
const show = spawn(process.execPath, [entry, "--port", "0", "--data", folder, "--seed", "11"]);
const stage = await new Promise<string>((resolve) => {
  let text = "";
  show.stdout.on("data", (chunk: Buffer) => {
    text += chunk.toString();
    const address = /http:\S+\/stage\?token=\S+/.exec(text)?.[0];
    if (address) resolve(address);
  });
});

/** Waits until the page has been in a phase for so long, by the show's own ticks. */
async function waitFor(page: Page, phase: string, afterSeconds: number): Promise<void> {
  await page.waitForFunction((wanted) => window.uproar?.phase !== wanted, phase, patience);
  const start = await page.waitForFunction(
    (wanted) => (window.uproar?.phase === wanted ? window.uproar.tick : undefined),
    phase,
    patience,
  );
  const tick = Number(await start.jsonValue()) + afterSeconds * ticksPerSecond;
  await page.waitForFunction((wanted) => (window.uproar?.tick ?? 0) >= wanted, tick, patience);
}

const browser = await startBrowser();
for (const { name, width, height, phase, afterSeconds } of pictures) {
  const page = await browser.newPage({ viewport: { width, height } });
  // Few frames a second leave a machine without a GPU time to answer.
  await page.goto(`${stage}&sound=off&fps=8`);
  await waitFor(page, phase, afterSeconds);
  const path = fileURLToPath(new URL(`./${name}.jpg`, import.meta.url));
  // Playwright's own screenshot waits for frames that software drawing does not deliver in time.
  const devtools = await page.context().newCDPSession(page);
  const { data } = await devtools.send("Page.captureScreenshot", { format: "jpeg", quality: 88 });
  writeFileSync(path, Buffer.from(data, "base64"));
  await page.close();
  console.log(path);
}
await browser.close();
show.kill("SIGTERM");
show.on("close", () => rmSync(folder, { recursive: true, force: true }));
