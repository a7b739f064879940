/** `start`: runs a show until it is stopped, and says in a few plain lines where everything is. */

import { relative } from "node:path";
import { Command, Option } from "commander";
import { type ConfigFlags, readConfig } from "../config.ts";
import type { RunningServer } from "../main.ts";
import { command } from "../project.ts";
import type { ChosenSource } from "../sources.ts";
import { addressOf } from "../trust.ts";
import { UserError } from "../user-error.ts";

const collect = (value: string, before: string[] = []) => [...before, value];

/** The `start` command; also what `npm start` runs without a command. */
export function startCommand(): Command {
  return new Command("start")
    .description("Run a show. Without a source, a simulated audience plays.")
    .option("--game <game>", "game to play: an id, or one of your own by its path or package")
    .option("--playlist <games>", "games that take turns, round by round: GAME or GAME:RULES, with commas between")
    .option("--source <id>", "live source, ID or ID:WHOM; may be given more than once", collect)
    .option("--backup-source <id>", "another provider of the same broadcast, which stands by")
    .option("--user <handle>", "whose stream to follow")
    .option("--rules <file>", "rule file (default: the game's own)")
    .option("--port <number>", "port to listen on (default: 2567)")
    .option("--host <address>", "address to listen on (default: 127.0.0.1, this machine only)")
    .option("--data <folder>", "folder for journal, ledger and tokens (default: .uproar)")
    .option("--seed <number>", "seed of the show (default: a new one)")
    .addOption(
      new Option("--resume", "go on with the last show, also when it was stopped in order").implies({ show: "resume" }),
    )
    .addOption(
      new Option("--new", "begin a new show, also when the last one broke off")
        .implies({ show: "new" })
        .conflicts("resume"),
    )
    .option("--keep-shows <number>", "shows whose journals are kept for replays (default: 20)")
    .option("--scenario <file>", "scenario of the simulated audience")
    .option("--record <file>", "write down what the sources hear, to be played with --source recording:FILE")
    .option("--speed <factor>", "how fast a recording is played (default: 1)")
    .option("--captions <language>", "ask for captions of what is said, where the source has them")
    .option("--config <file>", "config file (default: uproar.yaml, if there is one)")
    .action(start);
}

/** Options that only stand for another one. */
interface Switches {
  resume?: boolean;
  new?: boolean;
}

async function start({ resume: _, new: __, ...flags }: ConfigFlags & Switches): Promise<void> {
  const config = readConfig(flags, process.env, process.cwd());
  // Loaded here, so that commands without a server start without it.
  const { startServer } = await import("../main.ts");
  const server = await startServer({ config, env: process.env, log: console.log });
  const end = endOnSignal(server);
  console.log(welcome(server));
  reportSources(server, (detail) => end(new UserError(detail)));
  reportStore(server);
  reportFailures(server);
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
      // After a failure the next start goes on with the show.
      await server.stop({ toGoOn: failure !== undefined && !(failure instanceof UserError) });
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
    : `Everything is saved. ${powers(waiting)} still waited and ${waiting === 1 ? "acts" : "act"} in the next show.`;
}

function powers(number: number): string {
  return number === 1 ? "1 power" : `${number} powers`;
}

/** Which show this is, when it is not simply a new one; "" else. */
function whichShow({ show, resumed }: RunningServer): string {
  const { phase, banked } = show.simulation;
  const waiting = banked === 0 ? "" : `, ${powers(banked)} waiting`;
  if (resumed) return `goes on in round ${phase.round}${waiting} (a new one: --new)`;
  return banked === 0 ? "" : `a new one${waiting} from the last`;
}

/** What the terminal says when a show runs. */
export function welcome(server: RunningServer): string {
  const { host, port, tokens, dataFolder, rules, sources } = server;
  const which = whichShow(server);
  const base = addressOf(host, port);
  const isDemo = sources.every(({ source }) => source.id === "simulated");
  const warnings = [...rules.problems()].filter(([, problems]) => problems.length > 0);
  const rows = [
    ["Paste into OBS", `${base}/stage?token=${tokens.stage}`],
    ["", "as a browser source, width 1080, height 1920"],
    ["Open in a browser", `${base}/?token=${tokens.stage}`],
    ...gamesOf(server).map((words, index) => [index === 0 ? "Game" : "", words]),
    ...warnings.map(([file, problems]) => [
      "",
      `${warningsOf(problems.length)} about the rules: ${command} check ${file}`,
    ]),
    ...(which === "" ? [] : [["Show", which]]),
    ["Source", sources.map(named).join("; ")],
    ...sources.flatMap(notices).map((notice) => ["", notice]),
    ["Data", relativeIfInside(dataFolder)],
    ["Operator token", tokens.operator],
    ["Ingest token", `${tokens.ingest}, for programs that send events to ${base}/api/ingest`],
    ["Next", isDemo ? `${command} --source tiktool --user HANDLE` : "go live; stop with Ctrl+C"],
  ];
  const lines = rows.map(([label, text]) => `  ${label!.padEnd(18)} ${text}`);
  return ["", "  Uproar is running.", "", ...lines, ""].join("\n");
}

/** Each game with its rule file; of several, in the order of their turns. */
function gamesOf({ show, rules }: RunningServer): string[] {
  const { playlist } = show.simulation;
  const files = [...rules.problems().keys()];
  const games = new Map(playlist.map(({ game }) => [game.id, game]));
  const words = Array.from(games.values(), ({ title }, index) => `${title}, rules in ${files[index]}`);
  if (games.size === 1) return words;
  const turns = playlist.map(({ game, rounds }) => (rounds === 1 ? game.title : `${game.title} (${rounds} rounds)`));
  return [`in turn: ${turns.join(", ")}`, ...words];
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

/** Prints a line whenever a game could not begin. */
function reportFailures({ show }: RunningServer): void {
  let told = 0;
  setInterval(() => {
    const { gamesFailed, lastError } = show.simulation.counters;
    if (gamesFailed === told) return;
    told = gamesFailed;
    console.log(
      `  [game] A game could not begin (${lastError}). The show goes on; ${show.simulation.game.title} has the turn.`,
    );
  }, 1000).unref();
}

/** Prints a line when keeping what happens is in trouble, and when it is well again. */
function reportStore({ show }: RunningServer): void {
  let said = "";
  setInterval(() => {
    // How many gifts are held changes all the time, and is worth no line of its own.
    const { trouble } = show.storing;
    if (trouble === said) return;
    said = trouble;
    console.log(
      `  [store] ${trouble === "" ? "All is written again." : `${trouble} The show goes on; gifts are held until they are safe.`}`,
    );
  }, 1000).unref();
}
