/** Finds and starts a Chromium for the browser tests, or fails saying what to install. */
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { type Browser, chromium } from "playwright-core";

const names = ["chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/** Where installers put Chrome when it is not on the PATH. */
const usualPlaces: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: [
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
  ],
  win32: ["PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"].flatMap((variable) => {
    const folder = process.env[variable];
    return folder ? [join(folder, "Google/Chrome/Application/chrome.exe")] : [];
  }),
};

/** Quiet, offline, and drawing WebGL in software where there is no graphics card. */
const flags = [
  "--no-sandbox",
  "--disable-gpu-sandbox",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-default-apps",
  "--disable-sync",
  "--no-first-run",
  "--mute-audio",
  "--force-color-profile=srgb",
  "--use-gl=angle",
  "--use-angle=swiftshader",
  "--enable-unsafe-swiftshader",
];

function runnable(path: string): boolean {
  try {
    accessSync(path, process.platform === "win32" ? constants.F_OK : constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function installed(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  for (const name of names) {
    const found = folders.map((folder) => join(folder, name)).find(runnable);
    if (found) return found;
  }
  return usualPlaces[process.platform]?.find(runnable);
}

/** The browser that npm brings, unpacked at its first use. It runs on linux x64 only. */
async function unpacked(): Promise<string | undefined> {
  if (process.platform !== "linux" || process.arch !== "x64") return undefined;
  const { default: packed } = await import("@sparticuz/chromium");
  return await packed.executablePath();
}

/**
 * Path of a Chromium: `CHROME_PATH`, then one that is installed, then Playwright's own, then the one npm brings on linux x64.
 * Throws with what to do when there is none: a browser test that is skipped proves nothing.
 */
export async function findChromium(): Promise<string> {
  const wanted = process.env.CHROME_PATH;
  if (wanted) {
    if (runnable(wanted)) return wanted;
    throw new Error(`CHROME_PATH is ${wanted}, which is no program. Set it to a Chromium or Chrome, or unset it.`);
  }
  const playwrights = chromium.executablePath();
  const found = installed() ?? (playwrights && runnable(playwrights) ? playwrights : await unpacked());
  if (found) return found;
  throw new Error(
    "The browser tests need a Chromium and found none. Install one (apt install chromium, brew install --cask chromium, or " +
      "npx playwright-core install chromium-headless-shell), or set CHROME_PATH to one.",
  );
}

/** Starts a browser without a window. */
export async function startBrowser(): Promise<Browser> {
  return await chromium.launch({ executablePath: await findChromium(), args: flags });
}
