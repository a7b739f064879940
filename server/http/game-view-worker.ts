/** Worker thread that makes one module of a game's view and all it imports, with Vite. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import { ownModules } from "../game-modules.ts";

export interface ViewRequest {
  /** The view's own file. */
  readonly file: string;
}

export interface ViewReply {
  readonly code: string;
  /** "" when it was built, else the reason in a few lines. */
  readonly problem: string;
}

/** Lines of a build's error that are worth reading; the rest is the code around it. */
const maxLines = 6;

if (parentPort) parentPort.postMessage(await buildView(workerData as ViewRequest));

async function buildView({ file }: ViewRequest): Promise<ViewReply> {
  try {
    const { build } = await import("vite");
    const result = await build({
      configFile: false,
      root: dirname(file),
      logLevel: "silent",
      publicDir: false,
      resolve: { alias: aliases() },
      define: { "process.env.NODE_ENV": JSON.stringify("production") },
      build: {
        write: false,
        lib: { entry: file, formats: ["es"], fileName: "view" },
        // Pictures and sounds go into the one file that is served.
        assetsInlineLimit: Number.MAX_SAFE_INTEGER,
        rolldownOptions: { output: { codeSplitting: false } },
      },
    });
    const [output] = Array.isArray(result) ? result : [result];
    const chunk = output && "output" in output ? output.output[0] : undefined;
    return chunk ? { code: chunk.code, problem: "" } : { code: "", problem: "the build made nothing" };
  } catch (error) {
    const words = stripVTControlCharacters(error instanceof Error ? error.message : String(error));
    return { code: "", problem: words.trim().split("\n").slice(0, maxLines).join("\n") };
  }
}

/** Uproar and what it shares with views are this one's own, wherever the view is. */
function aliases(): { find: RegExp; replacement: string }[] {
  const own = ["uproar/game", "uproar/client"].map((name) => [name, ownModules[name]!.href] as const);
  const shared = ["zod", "phaser"].map((name) => [name, import.meta.resolve(name)] as const);
  return [...own, ...shared].map(([name, href]) => ({
    find: new RegExp(`^${name}$`),
    replacement: fileURLToPath(href),
  }));
}
