/** `replay`: runs a recorded show again as fast as it can and says whether it is still the same; or plays it on a stage, or writes it into a file. */

import { statSync } from "node:fs";
import { Command, InvalidArgumentError } from "commander";
import { type Games, titlesOf } from "../../shared/replay/beginning.ts";
import { differenceSentence, showTime } from "../../shared/replay/compare.ts";
import { createPlayer, type Player, playKnown } from "../../shared/replay/player.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import { systemClock } from "../clock.ts";
import { loadGamesOfShow } from "../known-games.ts";
import { version as ownVersion } from "../project.ts";
import { openRecordedShow, type RecordedShow, withShow } from "../recorded-show.ts";
import { hashEveryTicks } from "../room/tracing.ts";
import { privateShow, writeShowFile } from "../show-export.ts";
import { defaultDataFolder } from "../store/data-folder.ts";
import { addressOf } from "../trust.ts";
import { UserError } from "../user-error.ts";
import { maxSpeed, minSpeed } from "../watch/speeds.ts";

interface Flags {
  data: string;
  game?: string;
  every: number;
  export?: string;
  private?: true;
  watch?: true;
  port?: number;
  host?: string;
  speed?: number;
}

/** Beside the port of a running show. */
const defaultWatchPort = 2568;
const defaultHost = "127.0.0.1";

/** Ticks between two printed hashes unless told otherwise: a minute. */
const defaultEveryTicks = 3600;
const maxEveryTicks = 1_000_000;

/** The `replay` command; exit code 1 when the show differs from its record. */
export function replayCommand(): Command {
  return new Command("replay")
    .description("Run a recorded show again and compare it with its record, watch it, or write it into a file.")
    .argument("<show>", 'id of a show, "last" for the newest, or a show file')
    .option("--data <folder>", "folder that holds the show", defaultDataFolder)
    .option("--game <game>", "where its game (or one of its games) is, a path or a package (default: where it was)")
    .option(
      "--every <ticks>",
      "print a hash every so many ticks (60 a second)",
      numberFrom(1, maxEveryTicks),
      defaultEveryTicks,
    )
    .option("--export <file>", "write the show into one compressed file instead, to be replayed anywhere")
    .option("--private", "with --export: made-up names for all viewers, no pictures; rule files stay as they are")
    .option("--watch", "play it on a stage instead, with pause, speed and any time to go to")
    .option("--port <number>", `with --watch: port to listen on (default: ${defaultWatchPort})`, numberFrom(0, 65535))
    .option("--host <address>", "with --watch: address to listen on (default: 127.0.0.1, this machine only)")
    .option("--speed <factor>", "with --watch: how fast, 0.25 to 16 (default: 1)", speedOf)
    .action(replay);
}

function numberFrom(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() !== "" && Number.isInteger(value) && value >= min && value <= max) return value;
    throw new InvalidArgumentError(`It takes a whole number from ${min} to ${max}.`);
  };
}

function speedOf(text: string): number {
  const value = Number(text);
  if (value >= minSpeed && value <= maxSpeed) return value;
  throw new InvalidArgumentError(`It takes a number from ${minSpeed} to ${maxSpeed}.`);
}

async function replay(wanted: string, flags: Flags): Promise<void> {
  if (flags.private && flags.export === undefined) throw new UserError("--private needs --export FILE.");
  refuseMixed(flags);
  const show = await openRecordedShow(wanted, flags.data);
  try {
    const games = await loadGamesOfShow(show, flags.game);
    if (flags.watch) await watchShow(show, games, flags);
    else
      await withShow(show.shown, () =>
        flags.export === undefined
          ? compareShow(show, games, flags.every)
          : exportShow(show, games, flags.export, flags.private ?? false),
      );
  } finally {
    await show.close();
  }
}

/** Refuses options that belong to something else than what is asked for. */
function refuseMixed({ watch, export: file, port, host, speed }: Flags): void {
  if (watch && file !== undefined) throw new UserError("--watch and --export are two things; give one of them.");
  const given = Object.entries({ port, host, speed }).find(([, value]) => value !== undefined);
  if (!watch && given) throw new UserError(`--${given[0]} needs --watch.`);
}

/** Plays the show on a stage until the process is asked to end. */
async function watchShow(show: RecordedShow, games: Games, flags: Flags): Promise<void> {
  // Loaded here, so that a replay without a stage starts without a server.
  const { startWatch } = await import("../watch/watch-server.ts");
  const { port = defaultWatchPort, host = defaultHost, speed = 1, data: dataFolder } = flags;
  const watch = await startWatch({ show, games, port, host, speed, dataFolder, env: process.env, log: console.log });
  const base = addressOf(host, watch.port);
  console.log(`
  ${show.shown}: ${titlesOf(games)}, recorded with Uproar ${show.head.version}

  Open in a browser  ${base}/?token=${watch.tokens.operator}
  Stage alone        ${base}/stage?token=${watch.tokens.stage}
                     for OBS, as a browser source
  Stop               Ctrl+C
`);
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.once(signal, () => resolve());
  });
  await watch.stop();
}

async function exportShow(show: RecordedShow, games: Games, file: string, isPrivate: boolean): Promise<void> {
  await writeShowFile(isPrivate ? await privateShow(show, games) : show, file);
  const size = (statSync(file).size / 1e6).toFixed(2);
  console.log(`Wrote ${file} (${size} MB). Play it with: replay ${file}`);
  if (isPrivate) {
    console.log(
      "All viewers have made-up names in it. Its rule files are as they were, with whatever names stand there.",
    );
  } else if (!show.head.private) {
    console.log("Viewers' names and comments are in it; --private gives them made-up names.");
  }
}

async function compareShow(show: RecordedShow, games: Games, every: number): Promise<void> {
  const { head } = show;
  console.log(`${show.shown}: ${titlesOf(games)}, recorded with Uproar ${head.version}`);
  const startedAt = systemClock.now();
  const player = createPlayer({ games, head });
  const { simulation } = player;
  let printedTick = 0;
  for await (const entry of show.entries()) {
    player.give(entry);
    for (const _ of playKnown(player)) {
      const { tick } = simulation.world;
      if (tick % every !== 0) continue;
      console.log(`tick ${tick}  ${showTime(tick)}  ${simulation.hash()}  ${verdict(player, printedTick)}`);
      printedTick = tick;
    }
    if (isSettled(player)) break;
  }
  sum(player, head.version, systemClock.now() - startedAt);
}

/** What the traces since the last printed tick say. */
function verdict({ difference, comparedTick }: Player, printedTick: number): string {
  if (difference) return "DIFFERS";
  return comparedTick > printedTick ? "ok" : "nothing to compare";
}

/** What differs is named, or the traces that could name it have gone by. All that follows differs too, and says no more. */
function isSettled({ difference, comparedTick }: Player): boolean {
  if (!difference) return false;
  return difference.thing !== undefined || comparedTick >= difference.tick + hashEveryTicks;
}

function sum({ simulation, difference, comparedTick }: Player, version: string, tookMs: number): void {
  const { tick } = simulation.world;
  if (difference) {
    console.log(differenceSentence(difference));
    if (version !== ownVersion) {
      console.log(`It was recorded with Uproar ${version}; this is ${ownVersion}, which may play it otherwise.`);
    }
    process.exitCode = 1;
  } else if (comparedTick > 0) console.log("No difference.");
  else console.log("The record holds nothing to compare with.");
  const times = tick / ticksPerSecond / (Math.max(1, tookMs) / 1000);
  console.log(`Ran ${showTime(tick)} in ${(tookMs / 1000).toFixed(1)} s, ${Math.round(times)} times as fast as live.`);
}
