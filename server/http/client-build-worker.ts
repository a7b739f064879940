/** Worker thread that builds the pages with Vite and answers with "" or with what is wrong. */
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { parentPort, workerData } from "node:worker_threads";

export interface BuildRequest {
  /** Folder with vite.config.ts. */
  readonly root: string;
  /** Where the pages go. */
  readonly outDir: string;
}

export interface BuildReply {
  /** "" when the build is done, else the reason in a few lines. */
  readonly problem: string;
}

/** Lines of a build's error that are worth reading; the rest is the code around it. */
const maxLines = 6;

if (parentPort) parentPort.postMessage({ problem: await buildPages(workerData as BuildRequest) } satisfies BuildReply);

async function buildPages({ root, outDir }: BuildRequest): Promise<string> {
  try {
    const { build } = await import("vite");
    await build({ configFile: join(root, "vite.config.ts"), logLevel: "silent", build: { outDir, emptyOutDir: true } });
    return "";
  } catch (error) {
    const words = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
    return words.trim().split("\n").slice(0, maxLines).join("\n");
  }
}
