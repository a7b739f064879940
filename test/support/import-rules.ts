/** Import rules as one table, read from left to right like the design's sentence, and the reader of imports that they judge. */
import { builtinModules } from "node:module";
import { posix } from "node:path";
import { parseSync, Visitor } from "oxc-parser";

/**
 * "events, world <- game <- rules, games <- sim <- replay <- server/room <- server/main": each folder with the folders it may
 * import besides itself. The longest name that fits a file counts; a folder of shared/ without a line of its own is an error.
 */
export const mayImport: Readonly<Record<string, readonly string[]>> = {
  "shared/events": [],
  "shared/world": [],
  "shared/game": ["shared/events", "shared/world"],
  // Rules know action names and params, never a world.
  "shared/rules": ["shared/events", "shared/game"],
  "shared/games": ["shared/events", "shared/world", "shared/game"],
  "shared/sim": ["shared/events", "shared/world", "shared/game", "shared/rules", "shared/games"],
  "shared/replay": ["shared/events", "shared/world", "shared/game", "shared/rules", "shared/games", "shared/sim"],
  // What makers of games get: it re-exports, and plays their games headless.
  "shared/sdk": ["shared/events", "shared/world", "shared/game", "shared/rules", "shared/sim", "shared/replay"],
  "shared/protocol": ["shared/events", "shared/world", "shared/game"],

  // Sources know nothing of games, rules or rooms.
  "server/sources": ["shared/events", "server/ingest", "server/simulator", "server/clock.ts", "server/project.ts"],
  "server/ingest": ["shared/events", "server/clock.ts"],
  // The simulated audience stands where the live service stands, so it knows no more than one. (world: for seeded random.)
  "server/simulator": ["shared/events", "shared/world", "server/clock.ts", "server/user-error.ts"],
  "server/store": ["shared/events", "server/clock.ts", "server/project.ts", "server/user-error.ts"],
  "server/room": [
    "shared",
    "server/ingest",
    "server/store",
    "server/clock.ts",
    "server/trust.ts",
    "server/user-error.ts",
  ],
  // Brings all of it into a room of somebody's own, without main and its command line.
  "server/plugin": [
    "shared",
    "server/http",
    "server/ingest",
    "server/room",
    "server/sources",
    "server/store",
    "server/bans.ts",
    "server/clock.ts",
    "server/games.ts",
    "server/live-rules.ts",
    "server/project.ts",
    "server/rule-compiler.ts",
    "server/rule-files.ts",
    "server/sources.ts",
    "server/user-error.ts",
  ],
  // What serves, wires and starts may use everything that listens or computes.
  server: ["shared", "server"],
  // A line to a show, without a picture: the stage and the client library share it.
  "client/show": ["shared"],
  client: ["shared", "client"],
};

/** Packages that only some files may import. Whoever is not named here may import any package of package.json. */
const packages: readonly { name: RegExp; only: (file: string) => boolean; why: string }[] = [
  {
    name: /^(colyseus$|colyseus\/)/,
    only: () => false,
    why: "importing colyseus reads .env files; use @colyseus/core",
  },
  { name: /uwebsockets/i, only: () => false, why: "uWebSockets cannot be installed from npm" },
  {
    name: /^matter-js$/,
    only: (file) => file === "shared/world/world.ts" || file.startsWith("shared/world/matter/"),
    why: "matter-js stays in shared/world/world.ts and shared/world/matter/",
  },
  {
    name: /^phaser(\/|$)/,
    only: (file) => file.startsWith("client/") || /^shared\/.*\/view(-[\w-]+)?\.ts$/.test(file),
    why: "phaser is for client/ and a game's view.ts (and its parts, view-*.ts)",
  },
  {
    name: /^@colyseus\//,
    only: (file) => !/^(shared\/(?!protocol\/)|server\/(sources|ingest|store|plugin)\/)/.test(file),
    why: "@colyseus/schema is for shared/protocol, @colyseus/* for server and client; a room that takes live events brings its own",
  },
];

/** One import of a file, of any kind. */
export interface Import {
  /** What stands between the quotes; "" when it is computed. */
  from: string;
  line: number;
}

/** All imports of a source text: static, type, re-export, dynamic and `import("...")` types, in the order of the text. */
export function importsOf(file: string, text: string): Import[] {
  const parsed = parseSync(file, text);
  const fatal = parsed.errors[0];
  if (fatal) throw new Error(`${file} cannot be parsed: ${fatal.message}`);
  const found: { from: string; start: number }[] = [];
  const add = (source: { type: string; value?: unknown; start: number } | null | undefined) => {
    if (!source) return;
    found.push({ from: typeof source.value === "string" ? source.value : "", start: source.start });
  };
  new Visitor({
    ImportDeclaration: (node) => add(node.source),
    ExportAllDeclaration: (node) => add(node.source),
    ExportNamedDeclaration: (node) => add(node.source),
    ImportExpression: (node) => add(node.source),
    TSImportType: (node) => add(node.source),
  }).visit(parsed.program);
  found.sort((a, b) => a.start - b.start);
  return found.map(({ from, start }) => ({ from, line: text.slice(0, start).split("\n").length }));
}

/** What is wrong with a file's imports, one sentence each. */
export function breaches(file: string, imports: readonly Import[]): string[] {
  const found: string[] = [];
  for (const { from, line } of imports) {
    const why = wrong(file, from);
    if (why) found.push(`${file}:${line} ${from}: ${why}`);
  }
  return found;
}

function wrong(file: string, from: string): string | undefined {
  // The places that load plugins by their file's name are checked by what they load being checked itself.
  if (from === "") return discovers.has(file) ? undefined : "a computed import cannot be read by this check";
  if (from.startsWith(".")) return wrongFile(file, posix.join(posix.dirname(file), from));
  return wrongPackage(file, from);
}

/** Files that load a source, a game or its view by a computed name. */
const discovers: ReadonlySet<string> = new Set([
  "server/sources.ts",
  "server/game-modules.ts",
  "server/sources/recording.ts",
  "client/stage/views.ts",
]);

function wrongFile(file: string, target: string): string | undefined {
  const own = zoneOf(file);
  if (!own) return "no rule for this folder: add it to the table in test/support/import-rules.ts";
  const game = gameOf(file);
  if (game && gameOf(target) && gameOf(target) !== game) return "a game may not import another game";
  const source = partOf(target);
  if (source && source !== partOf(file) && file !== `server/sources/${source}.ts`) {
    return `the parts of the source ${source} are for it alone`;
  }
  const fits = (zone: string) => target === zone || target.startsWith(`${zone}/`);
  if (fits(own) || mayImport[own]!.some(fits)) return undefined;
  return `${own} may import only ${[...mayImport[own]!, "itself"].join(", ")}`;
}

function wrongPackage(file: string, name: string): string | undefined {
  const isBuiltin = name.startsWith("node:") || builtinModules.includes(name);
  if (isBuiltin && !file.startsWith("server/")) return "node: modules are for server/, shared/ and client/ do no I/O";
  for (const rule of packages) if (rule.name.test(name) && !rule.only(file)) return `${name}: ${rule.why}`;
  return undefined;
}

function zoneOf(file: string): string | undefined {
  const zones = Object.keys(mayImport).filter((zone) => file.startsWith(`${zone}/`));
  return zones.sort((a, b) => b.length - a.length)[0];
}

/** The source whose folder of parts a file is in. */
function partOf(file: string): string | undefined {
  return /^server\/sources\/([^/]+)\//.exec(file)?.[1];
}

function gameOf(file: string): string | undefined {
  return /^shared\/games\/([^/]+)\//.exec(file)?.[1];
}
