/** Main: reads config, wires the parts, listens. No logic of its own. */

import { randomBytes, randomInt } from "node:crypto";
import type { AnyGame } from "../shared/game/define.ts";
import { titlesOf } from "../shared/replay/beginning.ts";
import { openBans } from "./bans.ts";
import { type Clock, systemClock } from "./clock.ts";
import type { Config } from "./config.ts";
import { addressOfGame, type LoadedRules, loadGame, loadRules, withGifts } from "./games.ts";
import { type AppParts, mountApp } from "./http/app.ts";
import { createAvatars } from "./http/avatars.ts";
import { ensureClientBuilt } from "./http/client-build.ts";
import { createEventsApi } from "./http/events-api.ts";
import { createGameViews } from "./http/game-views.ts";
import { createIngestApi, ingestPath } from "./http/ingest-api.ts";
import { pictureHostsOf } from "./http/public-address.ts";
import { seasonOfNextShow } from "./http/seasons-api.ts";
import { startPage } from "./http/start-page.ts";
import { maxStreaks, streakForgetMs } from "./ingest/gifts.ts";
import { createIngest, type Ingest } from "./ingest/ingest.ts";
import type { SourceSettings } from "./ingest/source.ts";
import { addressIn, loadGameOfShow, noteGames } from "./known-games.ts";
import { checkCanListen, refuseGuessableTokens } from "./listen-check.ts";
import { createLiveRules } from "./live-rules.ts";
import { type LoadedPlaylist, loadPlaylist } from "./playlist.ts";
import { createRoomCompiler } from "./plugin/room-rules.ts";
import { version } from "./project.ts";
import { openRecordings, type Recordings } from "./recordings.ts";
import { createShowServer } from "./room/colyseus-server.ts";
import { type OpenedShow, openShow, playBy, relive } from "./room/opening.ts";
import { createShow, type Show } from "./room/show.ts";
import { type RoomCounters, showRoomOf } from "./room/show-room.ts";
import { createRuleWorker, type RuleCompiler } from "./rule-compiler.ts";
import { createShowRules, type ShowRules } from "./show-rules.ts";
import pushedTo from "./sources/ingest.ts";
import { type ChosenSource, chooseSources } from "./sources.ts";
import { openDataFolder, type Tokens } from "./store/data-folder.ts";
import { openStore } from "./store/sqlite.ts";
import type { Store } from "./store/store.ts";
import { acceptsCallersOf, isSame } from "./trust.ts";

/** Gifts of earlier runs that are known again when a provider repeats its last frames after a restart: the latest, whatever the clock says. */
const maxRememberedGifts = 50_000;

/** A show that runs. */
export interface RunningServer {
  readonly show: Show;
  readonly ingest: Pick<Ingest, "counters">;
  readonly room: RoomCounters;
  readonly tokens: Tokens;
  readonly host: string;
  readonly port: number;
  readonly dataFolder: string;
  readonly rules: Pick<ShowRules, "status" | "problems">;
  readonly sources: readonly ChosenSource[];
  /** It went on where an earlier process had left it. */
  readonly resumed: boolean;
  /**
   * Closes the sources, plays what was accepted, closes stages, writes what is queued. Rejects with a StoreError when something could
   * not be written. With `toGoOn` the show is left as if its process had died: the next start goes on with it.
   */
  stop(how?: { toGoOn: boolean }): Promise<void>;
}

export interface StartOptions {
  config: Config;
  env: Readonly<Record<string, string | undefined>>;
  /** Takes lines for people about what takes a while. Default: nothing is said. */
  log?: (line: string) => void;
  /** Called after each patch; for measuring. */
  afterPatch?: (tick: number) => void;
  /** What was made in code and has no name that a config could hold. */
  own?: OwnParts;
}

/** Each takes the place of what the config names. */
export interface OwnParts {
  game?: AnyGame;
  rules?(game: AnyGame): LoadedRules;
  sources?(settings: SourceSettings): Promise<ChosenSource[]>;
}

/** Starts a show. Throws a UserError (or StoreError) that says in one sentence what to mend. */
export async function startServer({ config, env, log, afterPatch, own = {} }: StartOptions): Promise<RunningServer> {
  const clock = systemClock;
  const say = log ?? (() => undefined);
  const seed = config.seed ?? randomInt(0x1_0000_0000);
  const playlist = await playlistOf(config, own);
  for (const line of playlist.ignored) say(`  ${line}`);
  const { user, scenario, captions, speed } = config;
  const settings: SourceSettings = { user, env, seed, scenario, captions, speed };
  const sources =
    (await own.sources?.(settings)) ?? (await chooseSources(config.source, config.backupSource, settings));
  await checkCanListen(config.port, config.host);
  const client = ensureClientBuilt(log ? { log } : {});
  // Awaited below; until then a failed build must not count as unhandled.
  client.catch(() => undefined);
  const folder = openDataFolder(config.data, env);
  const { tokens } = folder;
  refuseGuessableTokens(tokens, config.host);
  const store = await openStore({ folder: folder.path, warn: say });
  const { opened, ingest, bans, show, seenGifts } = await showOn(store, { config, playlist, seed, clock, say });
  const liveRulesOf = (game: AnyGame) =>
    createLiveRules({
      loaded: withGifts(playlist.rules.get(game.id)!, game, seenGifts),
      compiler: compilerOf(game, clock),
      change: (next) => show.changeRules(next),
      seenGifts: () => store.seenGifts(),
      log: playlist.rules.size === 1 ? say : (line) => say(`  [${game.id}]${line.slice(1)}`),
      clock,
    });
  const games = new Map(playlist.turns.map(({ game }) => [game.id, game]));
  const rules = createShowRules(
    new Map(Array.from(games.values(), (game) => [game.id, liveRulesOf(game)])),
    () => show.simulation.game.id,
  );
  const eventsApi = createEventsApi({ log: show.log, rules, clock });
  const room: RoomCounters = { stages: 0, patches: 0, ignoredMessages: 0, errors: 0, lastError: "" };
  const avatars = createAvatars({
    allowedHosts: pictureHostsOf(
      sources.flatMap(({ source, backup }) => (backup ? [source, backup.source] : [source])),
    ),
    clock,
  });
  const accepts = acceptsCallersOf(config.host);
  let isReady = false;
  let recordings: Recordings | undefined;
  const ingestApi = createIngestApi({
    ingest,
    startSource: () => ingest.start(pushedTo, settings),
    token: tokens.ingest,
    accepts,
    clock,
    isReady: () => isReady,
    whenSafe: () => show.whenSafe(),
  });
  const parts: AppParts = {
    show,
    views: createGameViews([...games.values()], say),
    store,
    ingest,
    room,
    avatars,
    ingestApi,
    rules,
    eventsApi,
    bans,
    season: opened.season,
    settle: async () => void (await show.whenSafe()),
    accepts,
    startPage: (token, host) =>
      startPage({
        isTrusted: isSame(tokens.stage, token) || isSame(tokens.operator, token),
        stageUrl: `http://${host}/stage?token=${tokens.stage}`,
        game: titlesOf(games),
        sources: show.sources(),
        rules: { ...rules.status(), isShipped: playlist.rules.get(show.simulation.game.id)!.isShipped },
        storeTrouble: show.trouble,
      }),
    operatorToken: tokens.operator,
    version,
    clock,
    isReady: () => isReady,
  };
  const server = createShowServer({
    room: showRoomOf({
      show,
      avatarAddress: (key, url) => avatars.addressFor(key, url),
      tokens: [tokens.stage, tokens.operator],
      accepts,
      counters: room,
      ...(afterPatch ? { afterPatch } : {}),
    }),
    accepts,
    mount: (app) => mountApp(app, parts),
    sideLine: { path: ingestPath, upgrade: ingestApi.upgrade },
  });
  const stop = async ({ toGoOn } = { toGoOn: false }) => {
    isReady = false;
    try {
      await server.stop(async () => {
        eventsApi.stop();
        await ingestApi.stop();
        await ingest.stop();
        await (toGoOn ? show.leave() : show.end()).finally(() => rules.stop());
      });
    } finally {
      await recordings?.close();
      await store.close();
    }
  };
  try {
    await client;
    const port = await server.listen(config.port, config.host);
    recordings = openRecordings(config.record, sources, clock, say);
    startSources(ingest, sources, recordings);
    isReady = true;
    const running = {
      show,
      ingest,
      room,
      tokens,
      host: config.host,
      port,
      dataFolder: folder.path,
      rules,
      sources,
      stop,
    };
    return { ...running, resumed: opened.isResumed };
  } catch (error) {
    await stop({ toGoOn: true });
    throw error;
  }
}

/** Compiles rules beside the show; those of a game that only this thread has, on this one. */
function compilerOf(game: AnyGame, clock: Clock): RuleCompiler {
  const address = addressOfGame(game);
  return address === "" ? createRoomCompiler(game) : createRuleWorker({ game: address, clock });
}

/** What is played: what was made in code, else what the config names. */
async function playlistOf(config: Config, own: OwnParts): Promise<LoadedPlaylist> {
  if (!own.game && !own.rules) return loadPlaylist(config);
  const game = own.game ?? (await loadGame(config.game));
  const rules = own.rules?.(game) ?? loadRules(config.rules, game);
  return { turns: [{ game, rounds: 1 }], rules: new Map([[game.id, rules]]), ignored: [] };
}

interface ShowParts {
  readonly config: Config;
  readonly playlist: LoadedPlaylist;
  readonly seed: number;
  readonly clock: Clock;
  say(line: string): void;
}

/** Opens the show and goes through its past. When that fails the store is closed: its worker would keep the process from ending. */
async function showOn(store: Store, { config, playlist, seed, clock, say }: ShowParts) {
  try {
    const { turns, rules } = playlist;
    await noteGames(
      store,
      turns.map(({ game }) => game),
    );
    const opened = await openShow({
      ...{ store, clock, seed },
      playlist: turns.map(({ game, rounds }) => ({ game, rounds, rules: rules.get(game.id)!.rules })),
      loadGame: async (id) => loadGameOfShow(id, await addressIn(store, id)),
      mode: config.show,
      id: `${new Date(clock.now()).toISOString().slice(0, 19).replace(/\D/g, "")}-${randomBytes(3).toString("hex")}`,
      version,
      season: await seasonOfNextShow(store),
      warn: say,
    });
    const takenBefore = new Set([...(await store.recentGiftIds(0, maxRememberedGifts)), ...opened.heard]);
    const combosBefore = await store.recentCombos(clock.now() - streakForgetMs, maxStreaks);
    const ingest = createIngest({ clock, takenBefore, combosBefore });
    const bans = await openBans(store);
    const show = createShow({ ...opened, ingest, clock, isBanned: bans.has });
    goThroughPast(show, opened, say);
    playBy(
      show,
      opened,
      Array.from(rules.values(), (loaded) => loaded.rules),
    );
    await store.forgetJournals(config.keepShows);
    return { opened, ingest, bans, show, seenGifts: await store.seenGifts() };
  } catch (error) {
    await store.close();
    throw error;
  }
}

/** Brings a show that goes on to where its journal ends. */
function goThroughPast(show: Show, opened: OpenedShow, say: (line: string) => void): void {
  const { differsAt } = relive(show, opened);
  if (differsAt === undefined) return;
  say(
    `From tick ${differsAt} on the show goes on a little differently than it was: was Uproar updated since? No gift is lost by it.`,
  );
}

function startSources(ingest: Ingest, sources: readonly ChosenSource[], recordings: Recordings): void {
  for (const choice of sources) {
    const toStart = { ...choice, recorder: recordings.recorderOf(choice) };
    if (!choice.backup) ingest.start(toStart.source, toStart.settings, toStart.recorder);
    else ingest.startPair(toStart, { ...choice.backup, recorder: recordings.recorderOf(choice.backup) });
  }
}
