/** `start`: runs a show until it is stopped, and says in a few plain lines where everything is. */
import { relative } from "node:path";
import { Command } from "commander";
import { type ConfigFlags, readConfig } from "../config.ts";
import type { RunningServer } from "../main.ts";
import type { ChosenSource } from "../sources.ts";
import { UserError } from "../user-error.ts";

const collect = (value: string, before: string[] = []) => [...before, value];

/** The `start` command; also what `npm start` runs without a command. */
export function startCommand(): Command {
  return new Command("start")
    .description("Run a show. Without a source, a simulated audience plays.")
    .option("--game <id>", "game to play")
    .option("--source <id>", "live source, ID or ID:WHOM; may be given more than once", collect)
    .option("--backup-source <id>", "another provider of the same broadcast, which stands by")
    .option("--user <handle>", "whose stream to follow")
    .option("--rules <file>", "rule file (default: the game's own)")
    .option("--port <number>", "port to listen on (default: 2567)")
    .option("--host <address>", "address to listen on (default: 127.0.0.1, this machine only)")
    .option("--data <folder>", "folder for ledger and tokens (default: .uproar)")
    .option("--seed <number>", "seed of the show (default: a new one)")
    .option("--scenario <file>", "scenario of the simulated audience")
    .option("--record <file>", "write down what the sources hear, to be played with --source recording:FILE")
    .option("--speed <factor>", "how fast a recording is played (default: 1)")
    .option("--captions <language>", "ask for captions of what is said, where the source has them")
    .option("--config <file>", "config file (default: uproar.yaml, if there is one)")
    .action(start);
}

async function start(flags: ConfigFlags): Promise<void> {
  const config = readConfig(flags, process.env, process.cwd());
  // Loaded here, so that commands without a server start without it.
  const { startServer } = await import("../main.ts");
  const server = await startServer({ config, env: process.env, log: console.log });
  const end = endOnSignal(server);
  console.log(welcome(server));
  reportSources(server, (detail) => end(new UserError(detail)));
}

/**
 * Ends the process when it is asked to, or when something escaped that nobody caught; with code 1 then, or if anything could not be
 * saved. Returns the function that does it.
 */
function endOnSignal(server: RunningServer): (failure?: Error) => Promise<void> {
  let isStopping = false;
  const end = async (failure?: Error) => {
    if (isStopping) return;
    isStopping = true;
    if (failure) console.error(failure instanceof UserError ? failure.message : failure);
    try {
      await server.stop();
      console.log(`Stopped. ${saved(server)}`);
    } catch (error) {
      console.error(error instanceof Error ? error.message : error);
      process.exit(1);
    }
    process.exit(failure ? 1 : 0);
  };
  process.on("SIGINT", () => end());
  process.on("SIGTERM", () => end());
  // The terminal's window was closed.
  process.on("SIGHUP", () => end());
  // Whoever read what is printed is gone: the show goes on without saying so.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => undefined);
  process.on("uncaughtException", (error) => end(error));
  return end;
}

/** What became of everything, in one sentence. */
function saved({ show }: RunningServer): string {
  const waiting = show.simulation.banked;
  return waiting === 0
    ? "Everything is saved."
    : `Everything is saved. ${waiting} ${waiting === 1 ? "power" : "powers"} still waited; the ledger names what is banked.`;
}

/** What the terminal says when a show runs. */
export function welcome({ host, port, tokens, show, dataFolder, rules, sources }: RunningServer): string {
  const shownHost = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host.includes(":") ? `[${host}]` : host;
  const base = `http://${shownHost}:${port}`;
  const isDemo = sources.every(({ source }) => source.id === "simulated");
  const { file, problems } = rules.status();
  const rows = [
    ["Paste into OBS", `${base}/stage?token=${tokens.stage}`],
    ["", "as a browser source, width 1080, height 1920"],
    ["Open in a browser", `${base}/?token=${tokens.stage}`],
    ["Game", `${show.simulation.game.title}, rules in ${file}`],
    ...(problems.length > 0
      ? [["", `${warningsOf(problems.length)} about the rules: npm start -- check ${file}`]]
      : []),
    ["Source", sources.map(named).join("; ")],
    ...sources.flatMap(notices).map((notice) => ["", notice]),
    ["Data", relativeIfInside(dataFolder)],
    ["Operator token", tokens.operator],
    ["Ingest token", `${tokens.ingest}, for programs that send events to ${base}/api/ingest`],
    ["Next", isDemo ? "npm start -- --source tiktool --user HANDLE" : "go live; stop with Ctrl+C"],
  ];
  const lines = rows.map(([label, text]) => `  ${label!.padEnd(18)} ${text}`);
  return ["", "  Uproar is running.", "", ...lines, ""].join("\n");
}

function warningsOf(number: number): string {
  return number === 1 ? "1 warning" : `${number} warnings`;
}

function named({ source, settings, backup }: ChosenSource): string {
  const whom = `${source.id}: ${source.target(settings)}`;
  return backup ? `${whom}, with ${backup.source.id} standing by` : whom;
}

/** What is to be known of a source and its backup. */
function notices({ source, settings, backup }: ChosenSource): string[] {
  const choices = backup ? [{ source, settings }, backup] : [{ source, settings }];
  return choices.flatMap((choice) => {
    const notice = choice.source.notice?.(choice.settings);
    return notice === undefined ? [] : [`${choice.source.id}: ${notice}`];
  });
}

function relativeIfInside(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
}

/**
 * Prints a line whenever a source has something else to say. When the first thing every source hears is that its key is wrong, there is
 * nothing to run for: `refused` is called. A show that was live once goes on (decision 0008).
 */
function reportSources({ show }: RunningServer, refused: (detail: string) => void): void {
  const said = new Map<string, string>();
  let wasLive = false;
  const look = () => {
    const sources = show.sources();
    for (const { id, state, detail } of sources) {
      wasLive ||= state === "live" || state === "waitingForLive";
      // The time of the next try changes all the time, and is worth no line of its own.
      const sentence = detail.replace(/ Next try .*$/, "");
      if (said.get(id) === sentence) continue;
      said.set(id, sentence);
      console.log(`  [${id}] ${detail}`);
    }
    if (!wasLive && sources.every(({ state }) => state === "wrongKey")) refused(sources[0]!.detail);
  };
  look();
  setInterval(look, 1000).unref();
}
