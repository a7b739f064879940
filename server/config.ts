/** Configuration: flags, then environment, then the config file, then defaults. Secrets only from the environment or a .env file. */
import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { UserError } from "./user-error.ts";

/** Where the rule file, the scenario or any other path is missing, "" stands for "the default one". */
const configSchema = z.strictObject({
  /** Game's folder name. */
  game: z.string().min(1).default("last-ball"),
  /** Sources to listen to; none is the simulated audience. */
  source: z
    .union([z.string(), z.array(z.string())])
    .transform((value) => (Array.isArray(value) ? value : [value]))
    .default([]),
  /** Handle to follow, with or without "@". */
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
  /** Scenario file of the simulated audience, "" for its default. */
  scenario: z.string().default(""),
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
    const value = env[`UPROAR_${key.toUpperCase()}`];
    if (value !== undefined && value !== "") fromEnv[key] = key === "source" ? value.split(",") : value;
  }
  const { config: _file, ...fromFlags } = flags;
  const given = Object.fromEntries(Object.entries(fromFlags).filter(([, value]) => value !== undefined));
  const parsed = configSchema.safeParse({ ...fromFile, ...fromEnv, ...given });
  if (parsed.success) return { ...parsed.data, data: resolve(cwd, parsed.data.data) };
  const issue = parsed.error.issues[0]!;
  const key = String(issue.path[0] ?? (issue.code === "unrecognized_keys" ? issue.keys[0] : ""));
  const place =
    key in given
      ? `--${key}`
      : key in fromEnv
        ? `UPROAR_${key.toUpperCase()}`
        : `${key} in ${flags.config ?? defaultFile}`;
  throw new UserError(`${place}: ${issue.message}.`);
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
