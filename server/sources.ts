/** Finds live sources (each file in server/sources/ is one) and makes of the settings which ones a show listens to. */

import { readdirSync } from "node:fs";
import { didYouMean } from "../shared/rules/problem.ts";
import type { SourceDefinition, SourceSettings } from "./ingest/source.ts";
import { moduleAt, moduleEnding } from "./project.ts";
import { UserError } from "./user-error.ts";

const folder = new URL("./sources/", import.meta.url);

/** A source and what it is to follow. */
export interface SourceChoice {
  readonly source: SourceDefinition;
  readonly settings: SourceSettings;
}

/** A source of a show. */
export interface ChosenSource extends SourceChoice {
  /** Another provider of the same broadcast, which stands by. */
  readonly backup?: SourceChoice;
}

/** Ids of all sources, in alphabetical order. */
export function sourceIds(): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(moduleEnding))
    .map((name) => name.slice(0, -moduleEnding.length))
    .sort();
}

/** Loads a source by id. Throws a UserError that lists the sources there are. */
export async function loadSource(id: string): Promise<SourceDefinition> {
  const known = sourceIds();
  if (!known.includes(id)) {
    throw new UserError(`There is no source "${id}".${didYouMean(id, known)} Sources: ${known.join(", ")}.`);
  }
  const module = (await import(moduleAt(`./sources/${id}`, import.meta.url).href)) as { default: SourceDefinition };
  return module.default;
}

/**
 * Loads the sources that `--source` and `--backup-source` name, each as ID or ID:WHOM; without WHOM it follows `settings.user`. No
 * source is the simulated audience. Throws a UserError that says what to mend.
 */
export async function chooseSources(
  wanted: readonly string[],
  backup: string,
  settings: SourceSettings,
): Promise<ChosenSource[]> {
  const chosen = await Promise.all((wanted.length > 0 ? wanted : ["simulated"]).map((text) => choose(text, settings)));
  const names = chosen.map(({ source, settings: own }) => `${source.id} ${source.target(own)}`);
  const twice = chosen.find((_, index) => names.indexOf(names[index]!) !== index);
  if (twice) {
    const { id } = twice.source;
    throw new UserError(`--source ${id} is given twice for ${twice.source.target(twice.settings)}; name it once.`);
  }
  if (backup === "") return chosen;
  const standBy = await choose(backup, settings, "--backup-source");
  const leader = leaderFor(standBy, chosen);
  return chosen.map((choice) => (choice === leader ? { ...choice, backup: standBy } : choice));
}

async function choose(text: string, settings: SourceSettings, flag: string = "--source"): Promise<SourceChoice> {
  const colon = text.indexOf(":");
  const source = await loadSource(colon < 0 ? text : text.slice(0, colon));
  const own =
    colon < 0
      ? settings
      : {
          ...settings,
          user: text
            .slice(colon + 1)
            .trim()
            .replace(/^@/, ""),
        };
  const missing = source.check(own);
  if (missing) throw new UserError(`${flag} ${source.id}: ${missing}`);
  return { source, settings: own };
}

/** The one source that a backup stands by for: that of its platform. */
function leaderFor({ source }: SourceChoice, chosen: readonly SourceChoice[]): SourceChoice {
  const { id, platform } = source;
  const same = chosen.filter((choice) => choice.source.platform === platform && choice.source.id !== "simulated");
  if (same.length !== 1) {
    const found = same.length === 0 ? "none is" : `${same.length} are`;
    throw new UserError(
      `--backup-source ${id} stands by for one source of the same platform (${platform}), and ${found} given with --source.`,
    );
  }
  if (same[0]!.source.id === id) {
    throw new UserError(`--backup-source ${id} is the same provider as --source ${id}; name another one.`);
  }
  return same[0]!;
}
