/** Rule file: the one that the show of a chaos run is started with, and that somebody changes again and again. */
import { copyFileSync, renameSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const texts = ["rules-a.yaml", "rules-b.yaml"].map((name) => fileURLToPath(new URL(name, import.meta.url)));

export interface RuleFile {
  readonly path: string;
  /** Puts the other text in its place, in one step. */
  change(): void;
  changes(): number;
}

/** Writes the file into a folder. */
export function createRuleFile(folder: string): RuleFile {
  const path = join(folder, "rules.yaml");
  let changes = 0;
  const put = (): void => {
    copyFileSync(texts[changes % texts.length]!, `${path}.new`);
    renameSync(`${path}.new`, path);
  };
  put();
  return {
    path,
    change() {
      changes++;
      put();
    },
    changes: () => changes,
  };
}
