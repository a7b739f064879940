/** createUproar: a whole show from code - game, rules, sources, server and stage - as the command `start` runs it. */
import type { AnyGame } from "../shared/game/define.ts";
import type { PhaseView } from "../shared/game/phases.ts";
import { type Config, configOf } from "./config.ts";
import { checkGame } from "./game-check.ts";
import { addGame } from "./games.ts";
import type { SourceStatus } from "./ingest/run.ts";
import type { SourceDefinition } from "./ingest/source.ts";
import { startServer } from "./main.ts";
import { createListeners, type LiveNews } from "./plugin/listeners.ts";
import { loadRoomRules } from "./plugin/room-rules.ts";
import { chooseRoomSources } from "./plugin/room-sources.ts";
import type { Tokens } from "./store/data-folder.ts";
import { addressOf } from "./trust.ts";
import { UserError } from "./user-error.ts";

/** A game of a playlist, and how it takes its turn. */
export interface PlaylistTurn {
  /** As `game` of the options. */
  readonly game: string | AnyGame;
  /** Path of its rule file. Default: the game's own. */
  readonly rules?: string;
  /** Rounds in a row. Default 1. */
  readonly rounds?: number;
}

/** What `createUproar` takes. Everything has a default, and nothing is read from a config file or from variables but secrets. */
export interface UproarOptions {
  /** Id of a game that comes with Uproar, path or package of another one, or what `defineGame` gave. Default "last-ball". */
  readonly game?: string | AnyGame;
  /** Games that take turns in one show, each by its id, path or package, `GAME:RULES`, or in full. Default: `game` alone. */
  readonly playlist?: readonly (string | PlaylistTurn)[];
  /** Path of the rule file, or (with more than one line) its text. Default: the game's own. */
  readonly rules?: string;
  /** Sources: `ID` or `ID:WHOM` as on the command line, or what `defineSource` gave. Default: a simulated audience. */
  readonly sources?: readonly (string | SourceDefinition)[];
  /** Another provider of the same broadcast, which stands by: `ID` or `ID:WHOM`. Default none. */
  readonly backupSource?: string;
  /** Whose stream to follow, for sources that are not told whom. */
  readonly user?: string;
  /** 0 to 65535; 0 takes a free one. Default 2567. */
  readonly port?: number;
  /** Address to listen on. Default 127.0.0.1: this machine only. */
  readonly host?: string;
  /** Folder of journal, ledger and tokens, relative to the working directory. Default ".uproar". */
  readonly data?: string;
  /** Go on with a show that broke off and else begin a new one (`auto`, the default), go on with the last one, or begin a new one, in any case. */
  readonly show?: Config["show"];
  /** Shows whose journals are kept for replays, 1 or more. Default 20. */
  readonly keepShows?: number;
  /** 32-bit whole number: the same seed and events make the same show. Default: another one each time. */
  readonly seed?: number;
  /** Scenario of the simulated audience: a built-in name or a file. */
  readonly scenario?: string;
  /** Where keys of sources and tokens are looked for. Default: process.env. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Takes lines for people. Default: nothing is said. */
  readonly log?: (line: string) => void;
}

/** What can be listened to, with what is told. */
export type UproarNews = Pick<LiveNews, "decision" | "act">;

/** A show that runs. */
export interface Uproar {
  /** Address of the server, without a slash at its end: "http://127.0.0.1:2567". */
  readonly url: string;
  /** Address of the stage with its token, for OBS. */
  readonly stageUrl: string;
  /** What guards stage, operator's API and ingest; kept in the data folder. */
  readonly tokens: Tokens;
  readonly port: number;
  readonly dataFolder: string;
  /** Names this show in the ledger. */
  readonly show: string;
  /** It went on where an earlier process had left it. */
  readonly isResumed: boolean;
  /** The phase and round that it is in. */
  readonly phase: PhaseView;
  /** Ticks so far, 60 a second. */
  readonly tick: number;
  /** What is wrong with keeping what happens or with the rule file, in one or two sentences; "" while all is well. */
  readonly trouble: string;
  readonly sources: readonly SourceStatus[];
  /** Calls back from now on: "decision" with each event and why rules did what they did, "act" with what was done later. What it returns ends that. */
  on<Name extends keyof UproarNews>(name: Name, listener: (news: UproarNews[Name]) => void): () => void;
  /** Plays what was accepted, writes all and closes everything. Rejects with a StoreError when something could not be written. */
  stop(): Promise<void>;
}

/** Starts a show. Rejects with a UserError (or StoreError) whose message says in one sentence what to mend. */
export async function createUproar(options: UproarOptions = {}): Promise<Uproar> {
  const { game, playlist, rules, sources, env = process.env, log = () => undefined, ...rest } = options;
  const ownGame = typeof game === "object" ? ownGameOf(game, rules) : undefined;
  // Known by its id from here on.
  const turns = playlist?.map((turn) =>
    typeof turn === "string" || typeof turn.game === "string"
      ? turn
      : { ...turn, game: ownGameOf(turn.game, turn.rules).id },
  );
  const isText = rules?.includes("\n") ?? false;
  const named = { game: typeof game === "string" ? game : undefined, rules: isText ? undefined : rules };
  const config = configOf({ ...rest, ...named, playlist: turns }, process.cwd());
  const server = await startServer({
    config,
    env,
    log,
    own: {
      ...(ownGame && { game: ownGame }),
      ...(rules !== undefined && isText && { rules: (played: AnyGame) => loadRoomRules(rules, played) }),
      ...(sources && { sources: (settings) => chooseRoomSources(sources, config.backupSource, settings) }),
    },
  });
  const { show, tokens, host, port, dataFolder, resumed } = server;
  const listeners = createListeners(show.log, (what, error) => log(`  ${what} failed: ${error}`));
  const url = addressOf(host, port);
  return {
    url,
    stageUrl: `${url}/stage?token=${tokens.stage}`,
    tokens,
    port,
    dataFolder,
    show: show.id,
    isResumed: resumed,
    get phase() {
      return show.simulation.phase;
    },
    get tick() {
      return show.simulation.world.tick;
    },
    get trouble() {
      return [show.trouble, server.rules.status().trouble].filter((text) => text !== "").join(" ");
    },
    get sources() {
      return show.sources();
    },
    on: listeners.on,
    stop: () => server.stop(),
  };
}

/** A game that is an object, checked as one from a file is. */
function ownGameOf(declared: AnyGame, rules: string | undefined): AnyGame {
  const shown = `"${declared?.id}"`;
  if (rules === undefined) {
    throw new UserError(`The game ${shown} comes without a rule file: give its path or its text as "rules".`);
  }
  const place = { entry: "", folder: process.cwd(), shown: `game ${shown}`, isShipped: false };
  return addGame(checkGame(declared, place), place);
}
