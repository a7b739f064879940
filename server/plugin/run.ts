/**
 * Run: one life of a room's live events, from its beginning to its end, as a show of a hosted game. What earlier runs left is decided in it;
 * the room's own past is never played again.
 */
import { randomBytes, randomInt } from "node:crypto";
import type { AnyGame } from "../../shared/game/define.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import type { Simulation, StepResult } from "../../shared/sim/simulation.ts";
import { type Bans, openBans } from "../bans.ts";
import type { Clock } from "../clock.ts";
import { seasonOfNextShow } from "../http/seasons-api.ts";
import { maxStreaks, streakForgetMs } from "../ingest/gifts.ts";
import { createIngest, type Ingest } from "../ingest/ingest.ts";
import { version } from "../project.ts";
import { beginShow } from "../room/opening.ts";
import type { BankBody, RuleShelf } from "../room/rule-shelf.ts";
import { createShow, type Show } from "../room/show.ts";
import type { Store } from "../store/store.ts";
import type { Writer } from "../store/writer.ts";
import { type Again, createAgain } from "./again.ts";
import { type Leaving, leftoverOf } from "./leftover.ts";
import { createSubscriptions, type Subscriptions } from "./subscriptions.ts";

/** Gifts of earlier runs that are known again when a provider repeats them. */
const maxRememberedGifts = 50_000;
/** Runs looked through for one that was killed. */
const maxRuns = 100;
/** Runs whose journals are kept. Nothing is replayed of them; the last one is needed after a kill. */
const keptJournals = 2;
/** From here on a disk is too slow to let act what was paid for, ms: after a kill nobody would know that it did. */
export const slowMs = 500;

const nothingLeft: Leaving = { carried: null, again: [], acted: {}, doubtful: [] };

/** What stands in the bank between two runs, and at a run's beginning. */
type LeftBody = BankBody & Leaving;

/** What two runs left, as if one had; the calls are put together where the next run begins. */
function leftTogether(before: Leaving, { carried, again, acted, doubtful }: Partial<LeftBody>): Leaving {
  return {
    carried: carried ?? before.carried,
    again: [...before.again, ...(again ?? [])],
    acted: { ...before.acted, ...acted },
    doubtful: [...before.doubtful, ...(doubtful ?? [])],
  };
}

export interface RunOptions {
  readonly store: Store;
  readonly clock: Clock;
  /** The hosted game; `hasActed` and `whyNot` of it ask the run. */
  readonly game: AnyGame;
  readonly rules: CompiledRules;
  /** Of the rules' chance; default another one each time. */
  readonly seed?: number | undefined;
}

export interface Run {
  readonly show: Show;
  readonly ingest: Ingest;
  readonly bans: Bans;
  readonly again: Again;
  /** Why nothing that was paid for may act now, "" when it may. */
  whyNot(): string;
  /** One tick; undefined while paused and after the end. The result is valid until the next. */
  tick(): StepResult | undefined;
}

/** Opens a run: ends those that were killed, takes over what they left, and begins. */
export async function openRun({
  store,
  clock,
  game,
  rules,
  seed = randomInt(0x1_0000_0000),
}: RunOptions): Promise<Run> {
  const heard = await endKilled(store, game.id, clock);
  const banks = (await store.banks()).map(({ body }) => JSON.parse(body) as Partial<LeftBody>);
  const left = banks.reduce<Leaving>(leftTogether, nothingLeft);
  const id = `${new Date(clock.now()).toISOString().slice(0, 19).replace(/\D/g, "")}-${randomBytes(3).toString("hex")}`;
  const opened = await beginShow({
    store,
    playlist: [{ game, rules }],
    beside: { again: left.again, acted: left.acted, doubtful: left.doubtful },
    id,
    seed,
    version,
    season: await seasonOfNextShow(store),
    clock,
  });
  const takenBefore = new Set([...(await store.recentGiftIds(0, maxRememberedGifts)), ...heard]);
  const combosBefore = await store.recentCombos(clock.now() - streakForgetMs, maxStreaks);
  const ingest = createIngest({ clock, takenBefore, combosBefore });
  const bans = await openBans(store);
  const again = createAgain(left, id);
  const subscriptions = createSubscriptions(left);
  const shelf = leavingShelf(opened.shelf, id, again, subscriptions);
  const writer = ledgerWriter(opened.writer, again);
  const show = createShow({ ...opened, writer, shelf, ingest, clock, isBanned: bans.has });
  again.enterBy((event) => ingest.offer(event));
  await store.forgetJournals(keptJournals);
  return {
    ...{ show, ingest, bans, again },
    whyNot() {
      const { trouble, waitingMs } = writer.status();
      return trouble === "" && waitingMs <= slowMs ? "" : "waits for the disk";
    },
    tick() {
      const result = show.tick();
      if (result && subscriptions.note(result)) {
        const { simulation } = show;
        writer.checkpoint(simulation.world.tick, shelf.checkpointOf(simulation));
      }
      return result;
    },
  };
}

/** Ends the runs of the game that were killed: what they left goes into the bank, in the commit that ends them. Returns ids of what they heard at last. */
async function endKilled(store: Store, game: string, clock: Clock): Promise<string[]> {
  const allHeard: string[] = [];
  const killed = (await store.shows(maxRuns)).filter((show) => show.game === game && show.endedAt === undefined);
  for (const { id, tick, ...rest } of killed.reverse()) {
    const { left, heard } = await leftoverOf(store, { id, tick, ...rest });
    allHeard.push(...heard);
    const nothing = { inputs: [], entered: [], traces: [], received: [], gifts: [], viewers: [], scores: [] };
    const end = { at: clock.now(), bank: textOf({ rules: [], ...left }) };
    await store.commit({ show: id, tick, ...nothing, end });
  }
  return allHeard;
}

/** "" when nothing is left: an empty bank. */
function textOf(body: LeftBody): string {
  return body.carried === null && body.again.length === 0 ? "" : JSON.stringify(body);
}

/** A shelf whose checkpoints hold what waits, and nothing of the room. */
function leavingShelf(shelf: RuleShelf, show: string, again: Again, subscriptions: Subscriptions): RuleShelf {
  const bodyOf = (simulation: Simulation): LeftBody => {
    const text = shelf.bankOf(simulation, show);
    const bank: BankBody = text === "" ? { rules: [], carried: null } : (JSON.parse(text) as BankBody);
    const carried = again.carriedOn(bank.carried as Leaving["carried"]);
    const acted = Array.from(subscriptions.carriedWith(carried), ([id, actions]) => {
      return [id, [...again.before(id), ...actions.map((action) => ({ show, ...action }))]] as const;
    });
    const open = new Set((carried?.calls ?? []).flatMap(({ eventIds }) => eventIds));
    const left = again.waiting();
    for (const { event } of left) open.add(event.id);
    return {
      rules: bank.rules,
      carried,
      again: left,
      acted: Object.fromEntries(acted),
      doubtful: [...again.doubtful].filter((id) => open.has(id)),
    };
  };
  return {
    add: shelf.add,
    checkpointOf: (simulation) => JSON.stringify(bodyOf(simulation)),
    bankOf: (simulation) => textOf(bodyOf(simulation)),
  };
}

/** A writer by which gifts of earlier runs keep their rows. Traces are for replays, and a room's past is not replayed. */
function ledgerWriter(writer: Writer, again: Again): Writer {
  return {
    input: (at, body, received) => writer.input(at, body, received),
    get safe() {
      return writer.safe;
    },
    entered: (seq, tick) => writer.entered(seq, tick),
    gifts: (rows) => writer.gifts(rows.map(again.rowOf)),
    viewers: (rows) => writer.viewers(rows),
    scores: (rows) => writer.scores(rows),
    trace: () => undefined,
    checkpoint: (tick, body) => writer.checkpoint(tick, body),
    endTick: (tick) => writer.endTick(tick),
    flush: () => writer.flush(),
    end: (at, bank) => writer.end(at, bank),
    status: () => writer.status(),
  };
}
