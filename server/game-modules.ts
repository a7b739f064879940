/**
 * Game modules: imports the module of somebody's own game, wherever it is. What it imports as `uproar`, `uproar/game`, `uproar/client` and
 * `zod` is this running Uproar's own, so that a folder without node_modules runs, and no game brings a second engine along.
 */
import { registerHooks } from "node:module";
import { relative, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { GamePlace } from "./game-places.ts";
import { moduleAt } from "./project.ts";
import { UserError } from "./user-error.ts";

/** What the names of this package's entries lead to. */
export const ownModules: Readonly<Record<string, URL>> = {
  uproar: moduleAt("./index", import.meta.url),
  "uproar/game": moduleAt("../shared/sdk/index", import.meta.url),
  "uproar/client": moduleAt("../client/index", import.meta.url),
};

/** Folders of games, which are taught where Uproar is. */
const folders = new Set<string>();
let isTaught = false;

/** Has every module in a folder find the running Uproar, in this thread, from now on. Packages in it keep what is theirs. */
export function teachFolder(folder: string): void {
  folders.add(folder);
  if (isTaught) return;
  isTaught = true;
  registerHooks({
    resolve(specifier, context, next) {
      const own = ownModules[specifier];
      const isZod = specifier === "zod" || specifier.startsWith("zod/");
      if ((!own && !isZod) || !isTold(context.parentURL)) return next(specifier, context);
      return next(own?.href ?? specifier, { ...context, parentURL: import.meta.url });
    },
  });
}

function isTold(parent: string | undefined): boolean {
  if (!parent?.startsWith("file:")) return false;
  const path = fileURLToPath(parent);
  return [...folders].some((folder) => {
    const inside = relative(folder, path);
    return !inside.startsWith("..") && !inside.split(sep).includes("node_modules");
  });
}

/** Imports the module of a game and returns its default export. Throws a UserError with the place of what is wrong in it. */
export async function importGame({ entry, folder, shown, isShipped }: GamePlace): Promise<unknown> {
  if (!isShipped) teachFolder(folder);
  try {
    return ((await import(pathToFileURL(entry).href)) as { default?: unknown }).default;
  } catch (error) {
    if (isShipped) throw error;
    throw new UserError(`The game ${shown} cannot be loaded: ${faultOf(error, folder)}`, { cause: error });
  }
}

/** What went wrong in code of a game's folder, in one sentence: with its file and line, as far as they are known. */
export function faultOf(error: unknown, folder: string): string {
  const thrown: NodeJS.ErrnoException = error instanceof Error ? error : { name: "", message: String(error) };
  const { message, stack = "", code } = thrown;
  if (code === "ERR_UNSUPPORTED_NODE_MODULES_TYPE_STRIPPING") {
    return "Node runs no TypeScript inside node_modules. The package must bring JavaScript: name that in its package.json.";
  }
  // Node writes the module's address before the place, and so does a stack.
  const words = message.replaceAll(pathToFileURL(folder).href, ".").replaceAll(folder, ".").trim();
  const place = placeIn(stack, folder);
  return `${place === "" ? "" : `${place}: `}${words.split("\n", 1)[0]!.replace(/\.?$/, ".")}`;
}

/** The first place in the folder that a stack names, as "game.ts:12"; "" for none. */
function placeIn(stack: string, folder: string): string {
  for (const [, address, line] of stack.matchAll(/((?:file:\/\/)?\/?[^\s():]+(?::\\[^\s():]+)?):(\d+)/g)) {
    const path = address!.startsWith("file:") ? fileURLToPath(address!) : address!;
    const inside = relative(folder, path);
    if (!inside.startsWith("..") && inside !== path) return `${inside.replaceAll("\\", "/")}:${line}`;
  }
  return "";
}
