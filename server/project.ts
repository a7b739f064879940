/** Project: where this Uproar is, and whether it runs from its sources or as an installed package. The one place that knows the difference. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

/** It runs as compiled JavaScript, out of dist/lib of an installed package, and has no sources to build anything from. */
export const isPackage: boolean = import.meta.url.endsWith(".js");

/** The folder with Uproar's package.json. */
export const projectFolder: string = fileURLToPath(new URL(isPackage ? "../../../" : "../", import.meta.url));

const described = JSON.parse(readFileSync(join(projectFolder, "package.json"), "utf8")) as {
  version: string;
  description: string;
};

/** This version of Uproar, "0.1.0". */
export const version: string = described.version;

/** What Uproar is, in one sentence. */
export const description: string = described.description;

/** What people type before the options to call this Uproar. */
export const command: string = isPackage ? "npx uproar" : "npm start --";

/** How the files of Uproar's modules end: ".ts", and ".js" in a package. */
export const moduleEnding: string = isPackage ? ".js" : ".ts";

/** The file of a module that is loaded by its name, `path` from the module at `from` (its import.meta.url), without its ending. */
export function moduleAt(path: string, from: string): URL {
  return new URL(`${path}${moduleEnding}`, from);
}
