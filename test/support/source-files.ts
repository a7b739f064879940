/** The project's own source files, for tests that read the repository itself. */
import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../", import.meta.url));
const folders = ["server", "client", "shared", "test", "docs", "examples", "package"];

/** Paths of all TypeScript and JavaScript files, relative to the repository (where the tests run), with "/" between folders. */
export function sourceFiles(): string[] {
  const found: string[] = [];
  for (const folder of folders) {
    let entries: string[] = [];
    try {
      entries = readdirSync(`${root}${folder}`, { recursive: true, encoding: "utf8" });
    } catch (error) {
      // A folder that does not exist has no files; anything else is worth knowing.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
    for (const entry of entries) {
      const path = `${folder}/${entry.replaceAll("\\", "/")}`;
      if (/\.(ts|js|mjs)$/.test(path) && !path.includes("node_modules/")) found.push(path);
    }
  }
  return found.sort();
}

/** Names of the files whose text is wrong. */
export function filesWhere(
  texts: ReadonlyMap<string, string>,
  isWrong: (text: string, file: string) => boolean,
): string[] {
  return [...texts].filter(([file, text]) => isWrong(text, file)).map(([file]) => file);
}
