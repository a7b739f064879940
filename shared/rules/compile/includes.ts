/** Reads a rule file with all files it includes: each once, included ones before those that include them. */
import type { RuleFiles } from "../compiled.ts";
import { readSource } from "./document.ts";
import { type Problems, quoted, type RuleSource, type Spot } from "./spot.ts";

/** Most files one rule file may be made of. */
const maxFiles = 20;

/** A rule file and what it includes: included ones first, the main one last. */
export interface Gathered {
  readonly sources: readonly RuleSource[];
  /** All files could be read, so that what none of them declares is declared nowhere. */
  readonly isComplete: boolean;
}

/** Reads all files; tells those that cannot be taken and goes on without them. */
export function gatherSources(files: RuleFiles, problems: Problems): Gathered {
  const gathered: RuleSource[] = [];
  const seen = new Set<string>([files.main]);
  const open: string[] = [baseName(files.main)];
  let isComplete = true;
  const refuse = (spot: Spot, message: string) => {
    isComplete = false;
    problems.add("RULES_INCLUDE", spot, message);
  };

  const include = (spot: Spot, path: string) => {
    const text = files.texts.get(path);
    if (open.includes(path)) refuse(spot, `${quoted(path)} includes itself in a circle. Take out one of the two.`);
    else if (seen.has(path)) return;
    else if (text === undefined) refuse(spot, `There is no file ${quoted(path)} beside this one. Check its name.`);
    else if (seen.size >= maxFiles)
      refuse(spot, `A rule file has at most ${maxFiles} files. Put some of them together.`);
    else {
      seen.add(path);
      open.push(path);
      take(path, path, text);
      open.pop();
    }
  };

  const take = (file: string, path: string, text: string) => {
    const source = readSource(file, text, problems);
    if (!source) {
      isComplete = false;
      return;
    }
    for (const spot of source.root.at("include").items) {
      if (typeof spot.value !== "string") continue;
      const target = includedPath(path, spot.value);
      if (target === undefined) refuse(spot, outside(spot.value));
      else include(spot, target);
    }
    gathered.push(source);
  };

  take(files.main, open[0]!, files.texts.get(files.main) ?? "");
  return { sources: gathered, isComplete };
}

/**
 * Path of an included file, relative to the main file's folder, with "/". `from` is the including file's path of that kind: its bare
 * name for the main one. Undefined when the file is outside the main file's folder.
 */
export function includedPath(from: string, written: string): string | undefined {
  if (written.trim() === "" || /^[/~]|^[A-Za-z][A-Za-z0-9+.-]*:|[\\\0]/.test(written)) return undefined;
  const parts = from.split("/").slice(0, -1);
  for (const part of written.trim().split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined) return undefined;
  }
  return parts.length > 0 ? parts.join("/") : undefined;
}

function outside(written: string): string {
  if (written.includes("\\")) return `${quoted(written)} has a backslash. Write "/" between folder and file.`;
  return `${quoted(written)} is outside the folder of the rule file. Copy the file there and write its name only.`;
}

function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf("/"), path.lastIndexOf("\\")) + 1);
}
