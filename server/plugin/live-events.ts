/**
 * liveEvents: brings a livestream's audience into a Colyseus room with a state and simulation of its own - sources, exact counting, rules,
 * limits, bank and ledger. The room calls `update` in its tick; its actions are called back. What it needs and guarantees: docs/plugin.md.
 */
import { randomInt } from "node:crypto";
import { join } from "node:path";
import type { RequestHandler } from "express";
import type { z } from "zod";
import type { LiveEvent } from "../../shared/events/live-event.ts";
import type { ViewerKey } from "../../shared/events/viewer.ts";
import type { Member } from "../../shared/game/crowd.ts";
import { type PhaseName, type PhaseView, phaseNames } from "../../shared/game/phases.ts";
import type { FeedLine } from "../../shared/sim/show-memory.ts";
import { type Clock, systemClock } from "../clock.ts";
import { withGifts } from "../games.ts";
import type { SourceStatus } from "../ingest/run.ts";
import type { SourceSettings } from "../ingest/source.ts";
import { createLiveRules, type LiveRules } from "../live-rules.ts";
import pushedTo from "../sources/ingest.ts";
import { openDataFolder, type Tokens } from "../store/data-folder.ts";
import { openStore } from "../store/sqlite.ts";
import type { LedgerPage, LedgerQuery, LedgerTotals, Store } from "../store/store.ts";
import { UserError } from "../user-error.ts";
import { type Addresses, createAddresses } from "./addresses.ts";
import { type TakenFolder, takeFolder } from "./folders.ts";
import { type Hosted, hostedGame, type RoomAction, type RoomAnswers } from "./hosted-game.ts";
import { createListeners, type Listeners, type LiveNews } from "./listeners.ts";
import { createRoomCompiler, loadRoomRules } from "./room-rules.ts";
import { chooseRoomSources, type RoomSource, startRoomSources } from "./room-sources.ts";
import { openRun, type Run } from "./run.ts";
import { createTicker } from "./ticker.ts";

/** Where each room's data is kept, in a folder of its name. */
const dataFolder = ".uproar";

/** What is asked of a room; any Colyseus room has it. */
export interface HostRoom {
  readonly roomName?: string;
  onDispose?(): unknown;
}

/** What `liveEvents` takes. */
export interface LiveEventsOptions<Room> extends RoomAnswers {
  /** Path of the rule file, or (with more than one line) its text. A file is read again whenever it is saved. */
  readonly rules: string;
  /** What rules may call, by name: `actionsFor<ArenaRoom>()` makes them. They act on the room. */
  readonly actions: Readonly<Record<string, RoomAction<Room>>>;
  /** `ID` or `ID:WHOM` as on the command line, or what `defineSource` gave. Default: a simulated audience. */
  readonly sources?: readonly RoomSource[];
  /** A second provider that stands by for one of them. Default none. */
  readonly backupSource?: string;
  /** What stands after `game:` in the rule file, letters, digits, - and _. Default: the room's name. */
  readonly game?: string;
  /** The game's name for people. Default: the same. */
  readonly title?: string;
  /** What the rule file may set under `options:`, every field with a default. Default: nothing. Actions find it in `show.options`. */
  readonly options?: z.ZodType;
  /** Folder of ledger, bank and tokens, one for each room. Default: .uproar/GAME. */
  readonly data?: string;
  /** Where keys of sources and tokens are looked for. Default: process.env. */
  readonly env?: Readonly<Record<string, string | undefined>>;
  /** Scenario file of the simulated audience, "" (the default) for its usual one. */
  readonly scenario?: string;
  /** 32-bit whole number of the rules' chance and of a simulated audience. Default: another one each time. */
  readonly seed?: number;
  /** Takes lines for people. Default: console.log. */
  readonly log?: (line: string) => void;
  /** Default: the machine's. */
  readonly clock?: Clock;
}

/** How it goes. */
export interface LiveStatus {
  /** What is wrong with keeping what happens, with the rule file or with the room's own code, in a few sentences; "" while all is well. */
  readonly trouble: string;
  readonly sources: readonly SourceStatus[];
  /** Rule ticks, 60 a second; those that were due and never ran. */
  readonly ticks: number;
  readonly ticksSkipped: number;
  /** Paid acts that wait in the bank; gifts that wait for the disk. */
  readonly banked: number;
  readonly heldGifts: number;
  /** What threw: actions, the room's answers, listeners. Nothing of it reached the room. */
  readonly errors: number;
  readonly lastError: string;
}

/** Live events of a room. */
export interface LiveEvents {
  /** Names this run in the ledger. */
  readonly show: string;
  /** Guard the addresses; kept in the data folder. */
  readonly tokens: Tokens;
  /** What the rule file sets under `options:`. */
  readonly options: unknown;
  /** The phase and round that it is in. */
  readonly now: PhaseView;
  /** The last lines of the feed, newest last. */
  readonly feed: readonly FeedLine[];
  /** For `app.use("/live", live.router)`: /live/api/ledger, /events, /rules, /bans, /test-event and /ingest. Each needs its token. */
  readonly router: RequestHandler;
  /** The room's time has gone on by so many ms. Call it in the room's tick; rules and actions run in it, 60 times a second at most a second at once. */
  update(dtMs: number): void;
  /** Enters a phase with the next rule tick. Actions act in play and sudden, unless they say otherwise; gifts wait for them. */
  phase(name: PhaseName): void;
  /** Play begins, in a new round when one was played: limits and counts per round begin anew. */
  round(): void;
  /** A viewer whom an act, comment or like has made known. */
  viewer(key: ViewerKey): Member | undefined;
  /** Calls back from now on; what it returns ends that. */
  on: Listeners["on"];
  /** One page of the ledger, oldest row first; all that was accepted so far is in it. */
  ledgerRows(query?: LedgerQuery): Promise<LedgerPage>;
  /** Sums by state, of all runs or of one. */
  ledgerTotals(show?: string): Promise<LedgerTotals>;
  /**
   * Whether an earlier run accepted the event and was killed before it was known to be done: what acts for it now may have acted then. A
   * room that keeps its own state asks its own records in that case, by the event's id.
   */
  mayHaveActed(eventId: string): boolean;
  /** Adds an event by hand. Throws when it is no LiveEvent. */
  offer(event: LiveEvent): void;
  status(): LiveStatus;
  /** Plays what was accepted, for a second at most, writes what waits and closes all. The room's end does it by itself. Rejects with a StoreError. */
  stop(): Promise<void>;
}

/** Starts live events for a room, which ends them when it is disposed. Rejects with a UserError (or StoreError) that says what to mend. */
export async function liveEvents<Room extends HostRoom>(
  room: Room,
  options: LiveEventsOptions<Room>,
): Promise<LiveEvents> {
  const starting = new Starting(room, options);
  const live = await starting.start();
  const own = room.onDispose?.bind(room);
  room.onDispose = async () => {
    await live.stop().catch((error: unknown) => starting.say(error instanceof Error ? error.message : String(error)));
    return own?.();
  };
  return live;
}

/** What was made so far of a room's live events, to be taken back when the rest cannot be made. */
class Starting<Room extends HostRoom> {
  readonly #options: LiveEventsOptions<Room>;
  readonly #hosted: Hosted;
  readonly #id: string;
  readonly #clock: Clock;
  readonly #errors = { count: 0, last: "" };
  #run: Run | undefined;

  constructor(room: Room, options: LiveEventsOptions<Room>) {
    this.#options = options;
    this.#id = idOf(options.game ?? room.roomName ?? "");
    this.#clock = options.clock ?? systemClock;
    if (options.teams && !options.teamOf)
      throw new UserError("liveEvents with teams needs teamOf: whose team is whose.");
    this.#hosted = hostedGame({
      id: this.#id,
      title: options.title ?? this.#id,
      room,
      actions: options.actions,
      options: options.options,
      answers: options,
      whyNot: () => this.#run?.whyNot() ?? "",
      hasActed: (...call) => this.#run?.again.hasActed(...call) ?? false,
      failed: this.#failed,
    });
  }

  readonly say = (line: string): void => (this.#options.log ?? console.log)(line);

  readonly #failed = (what: string, error: unknown): void => {
    this.#errors.count++;
    this.#errors.last = `${what}: ${error instanceof Error ? error.message : String(error)}`;
  };

  async start(): Promise<LiveEvents> {
    const { env = process.env, data = join(dataFolder, this.#id), backupSource = "", scenario = "" } = this.#options;
    const loaded = loadRoomRules(this.#options.rules, this.#hosted.game);
    const seed = this.#options.seed ?? randomInt(0x1_0000_0000);
    const settings: SourceSettings = { user: "", env, seed, scenario, captions: "", speed: 1 };
    const sources = await chooseRoomSources(this.#options.sources ?? [], backupSource, settings);
    const folder = openDataFolder(data, env);
    const taken = await takeFolder(folder.path, this.#id);
    let store: Store | undefined;
    try {
      store = await openStore({ folder: folder.path, warn: this.say });
      const { game } = this.#hosted;
      this.#run = await openRun({ store, clock: this.#clock, game, rules: loaded.rules, seed });
      startRoomSources(this.#run.ingest, sources);
      const rules = this.#liveRules(store, withGifts(loaded, game, await store.seenGifts()));
      const parts = { store, taken, rules, tokens: folder.tokens, settings, run: this.#run };
      return this.#live(parts);
    } catch (error) {
      await this.#run?.ingest.stop();
      await store?.close();
      taken.free();
      throw error;
    }
  }

  #liveRules(store: Store, loaded: Parameters<typeof createLiveRules>[0]["loaded"]): LiveRules {
    return createLiveRules({
      loaded,
      compiler: createRoomCompiler(this.#hosted.game),
      change: (next) => this.#run!.show.changeRules(next),
      seenGifts: () => store.seenGifts(),
      log: this.say,
      clock: this.#clock,
    });
  }

  #live(parts: LiveParts): LiveEvents {
    return createLive({
      ...parts,
      hosted: this.#hosted,
      clock: this.#clock,
      errors: this.#errors,
      failed: this.#failed,
    });
  }
}

interface LiveParts {
  readonly run: Run;
  readonly store: Store;
  readonly taken: TakenFolder;
  readonly rules: LiveRules;
  readonly tokens: Tokens;
  readonly settings: SourceSettings;
}

interface AllParts extends LiveParts {
  readonly hosted: Hosted;
  readonly clock: Clock;
  readonly errors: { readonly count: number; readonly last: string };
  failed(what: string, error: unknown): void;
}

function createLive(parts: AllParts): LiveEvents {
  const { run, store, rules, tokens, settings, hosted, clock, errors, failed } = parts;
  const { show, ingest, bans, again } = run;
  const { simulation } = show;
  const listeners = createListeners(show.log, failed);
  let stopped: Promise<void> | undefined;
  const ticker = createTicker(() => {
    const result = run.tick();
    if (result) listeners.tell(result, simulation.feed);
  });
  const addresses = createAddresses({
    ...{ show, store, ingest, rules, bans, tokens, clock },
    startPushed: () => ingest.start(pushedTo, settings),
    isReady: () => stopped === undefined,
  });
  return {
    show: show.id,
    tokens,
    get options() {
      return hosted.options();
    },
    now: simulation.phase,
    get feed() {
      return simulation.feed;
    },
    router: addresses.router,
    update(dtMs) {
      if (stopped) return;
      try {
        ticker.update(dtMs);
      } catch (error) {
        failed("a rule tick", error);
      }
    },
    phase(name) {
      if (!phaseNames.includes(name))
        throw new UserError(`There is no phase "${name}". Phases: ${phaseNames.join(", ")}.`);
      hosted.enter(name);
    },
    round: () => hosted.enter("play"),
    viewer: (key) => simulation.crowd.get(key),
    on: listeners.on,
    async ledgerRows(query) {
      await show.whenSafe();
      return store.ledger(query);
    },
    async ledgerTotals(of) {
      await show.whenSafe();
      return store.ledgerTotals(of);
    },
    mayHaveActed: again.mayHaveActed,
    offer: (event) => show.offer(event),
    status() {
      const { counters, banked, world } = simulation;
      const { trouble: ofRules } = rules.status();
      return {
        trouble: [show.trouble, ofRules].filter((text) => text !== "").join(" "),
        sources: show.sources(),
        ticks: world.tick,
        ticksSkipped: ticker.skipped,
        banked,
        heldGifts: show.intake.heldGifts,
        errors: counters.errors + errors.count,
        lastError: errors.last || counters.lastError,
      };
    },
    stop: () => (stopped ??= stop(parts, addresses)),
  };
}

async function stop({ run, store, taken, rules }: LiveParts, addresses: Addresses): Promise<void> {
  taken.leave();
  try {
    await addresses.stop();
    await run.ingest.stop();
    await run.show.end().finally(() => rules.stop());
  } finally {
    await store.close();
    taken.free();
  }
}

function idOf(name: string): string {
  if (/^[\w-]{1,60}$/.test(name)) return name;
  const what = name === "" ? "The room has no name" : `The room's name "${name}" does not do for a rule file`;
  throw new UserError(`${what}; choose one: liveEvents(this, { game: "my-game" }), with letters, digits, - and _.`);
}

export type { LiveNews };
