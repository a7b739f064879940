/** Configuration: flags, then environment, then the config file, then defaults. Secrets only from the environment or a .env file. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { maxEntryRounds, maxPlaylist } from "../shared/rules/rule-file/playlist.ts";
import { UserError } from "./user-error.ts";

/** The game that is played when none is named. */
export const defaultGame = "last-ball";

/** A game and how it takes its turn in a playlist. */
const turnSchema = z.strictObject({
  game: z.string().min(1),
  /** Rule file, "" for the game's own. */
  rules: z.string().default(""),
  /** Rounds in a row. */
  rounds: z.int().min(1).max(maxEntryRounds).default(1),
});
/** GAME or GAME:RULES. */
const turnWords = z
  .string()
  .transform((text) => {
    const [, game, rules = ""] = /^([^:]*)(?::(.*))?$/s.exec(text.trim())!;
    return { game: game!.trim(), rules: rules.trim(), rounds: 1 };
  })
  .refine(({ game }) => game !== "", {
    error:
      "has an entry without a game; write games with commas between them, such as last-ball,marble-dash:my-dash.yaml",
  });

/** Where the rule file, the scenario or any other path is missing, "" stands for "the default one". */
const configSchema = z.strictObject({
  /** Game's id, or the path or package of one of somebody's own. */
  game: z.string().min(1).default(defaultGame),
  /** Games that take turns in one show; none plays `game` alone, or what its rule file says. */
  playlist: z
    .preprocess(
      (value) => (typeof value === "string" ? value.split(",") : value),
      z.array(z.union([turnWords, turnSchema])).max(maxPlaylist, { error: `has more than ${maxPlaylist} entries` }),
    )
    .default([]),
  /** Sources to listen to, each ID or ID:WHOM; none is the simulated audience. */
  source: z
    .union([z.string(), z.array(z.string())])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .default([]),
  /** Another provider of the same broadcast that stands by, ID or ID:WHOM; "" for none. */
  backupSource: z.string().default(""),
  /** Handle to follow, with or without "@", for sources that are not told whom. */
  user: z
    .string()
    .max(100)
    .transform((handle) => handle.trim().replace(/^@/, ""))
    .default(""),
  /** Rule file, "" for the game's own. */
  rules: z.string().default(""),
  port: z.coerce
    .number({ error: "must be a number" })
    .int({ error: "must be a whole number" })
    .min(0, { error: "must be 0 to 65535" })
    .max(65535, { error: "must be 0 to 65535" })
    .default(2567),
  host: z.string().min(1).default("127.0.0.1"),
  /** Folder for ledger, tokens and everything else that outlives the process. */
  data: z.string().min(1).default(".uproar"),
  /** Seed of the show; made from the clock when missing. */
  seed: z.coerce
    .number({ error: "must be a number" })
    .int({ error: "must be a whole number" })
    .min(0, { error: "must be 0 to 4294967295" })
    .max(0xffff_ffff, { error: "must be 0 to 4294967295" })
    .optional(),
  /** Go on with a show that broke off and else begin a new one (`auto`); go on with the last one, or begin a new one, in any case. */
  show: z.enum(["auto", "resume", "new"]).default("auto"),
  /** Shows whose journals are kept, for replays; ledger and boards stay for ever. */
  keepShows: z.coerce
    .number({ error: "must be a number" })
    .int({ error: "must be a whole number" })
    .min(1, { error: "must be 1 or more" })
    .default(20),
  /** Scenario file of the simulated audience, "" for its default. */
  scenario: z.string().default(""),
  /** File that takes down what the sources hear, "" for none. */
  record: z.string().default(""),
  /** How fast a recording is played. */
  speed: z.coerce
    .number({ error: "must be a number" })
    .min(0.01, { error: "must be 0.01 to 1000" })
    .max(1000, { error: "must be 0.01 to 1000" })
    .default(1),
  /** Language of the captions to ask for ("en"), "" for none. */
  captions: z
    .string()
    .regex(/^([a-z]{2,3}(-[A-Za-z]{2,4})?)?$/, { error: 'must be a language such as "en" or "pt-BR"' })
    .default(""),
});
export type Config = z.infer<typeof configSchema>;

/** Options of `start` as the command line gives them; undefined where not given. */
export type ConfigFlags = Partial<Record<keyof Config, unknown>> & { config?: string };

const defaultFile = "uproar.yaml";

/** Merges the four places. Throws a UserError that names the first wrong value and where it came from. */
export function readConfig(flags: ConfigFlags, env: Readonly<Record<string, string | undefined>>, cwd: string): Config {
  const fromFile = readConfigFile(flags.config, cwd);
  const fromEnv: Record<string, unknown> = {};
  for (const key of Object.keys(configSchema.shape)) {
    const value = env[variableOf(key)];
    if (value !== undefined && value !== "") fromEnv[key] = key === "source" ? value.split(",") : value;
  }
  const { config: _file, ...fromFlags } = flags;
  const given = Object.fromEntries(Object.entries(fromFlags).filter(([, value]) => value !== undefined));
  const parsed = configSchema.safeParse({ ...fromFile, ...fromEnv, ...given });
  if (parsed.success) return { ...parsed.data, data: resolve(cwd, parsed.data.data) };
  const issue = parsed.error.issues[0]!;
  const key = String(issue.path[0] ?? (issue.code === "unrecognized_keys" ? issue.keys[0] : ""));
  const place =
    key in given ? flagOf(key) : key in fromEnv ? variableOf(key) : `${key} in ${flags.config ?? defaultFile}`;
  throw new UserError(`${place}: ${issue.message}.`);
}

/** The config of what a program asks for; what is undefined has its default. Throws a UserError that names the first wrong value. */
export function configOf(values: Partial<Record<keyof Config, unknown>>, cwd: string): Config {
  const given = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
  const parsed = configSchema.safeParse(given);
  if (parsed.success) return { ...parsed.data, data: resolve(cwd, parsed.data.data) };
  const issue = parsed.error.issues[0]!;
  const key = issue.code === "unrecognized_keys" ? issue.keys[0] : issue.path.join(".");
  throw new UserError(`${key}: ${issue.message}.`);
}

/** `backupSource` is --backup-source and UPROAR_BACKUP_SOURCE outside. */
function flagOf(key: string): string {
  return `--${key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

function variableOf(key: string): string {
  return `UPROAR_${key.replaceAll(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

function readConfigFile(file: string | undefined, cwd: string): Record<string, unknown> {
  const path = resolve(cwd, file ?? defaultFile);
  if (!existsSync(path)) {
    if (file === undefined) return {};
    throw new UserError(`The config file ${file} does not exist. Check the path after --config.`);
  }
  try {
    const data: unknown = parse(readFileSync(path, "utf8"));
    if (data === null || data === undefined) return {};
    if (typeof data === "object" && !Array.isArray(data)) return data as Record<string, unknown>;
  } catch (error) {
    throw new UserError(`The config file ${path} cannot be read: ${firstLine(error)}`);
  }
  throw new UserError(`The config file ${path} must hold keys such as "port: 2567".`);
}

function firstLine(error: unknown): string {
  return String(error instanceof Error ? error.message : error).split("\n", 1)[0]!;
}
