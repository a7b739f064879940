/**
 * Show: one run of a game for one streamer. What ingest has counted goes through the journal into the simulation, and what became of it
 * to the ledger. Knows no socket and no timer: the room calls `tick`, the operator's addresses call the rest.
 */
import type { LiveEvent } from "../../shared/events/live-event.ts";
import type { CompiledRules } from "../../shared/rules/compiled.ts";
import type { OperatorAct } from "../../shared/sim/input.ts";
import type { Simulation, StepResult } from "../../shared/sim/simulation.ts";
import type { SimulationSnapshot } from "../../shared/sim/snapshot.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";
import type { Clock } from "../clock.ts";
import type { Ingest } from "../ingest/ingest.ts";
import type { SourceStatus } from "../ingest/run.ts";
import { type RoundScore, StoreError } from "../store/store.ts";
import type { Writer, WriterStatus } from "../store/writer.ts";
import { createEventLog, type EventLog } from "./event-log.ts";
import { outcomeRow, type RowContext } from "./gift-rows.ts";
import { type Batch, createIntake, type Entering, type Intake } from "./intake.ts";
import type { RuleShelf } from "./rule-shelf.ts";
import { createTracing } from "./tracing.ts";

/** How long the end of a show goes on playing what was accepted, and then waits for a disk that does not answer, ms. */
const playWithinMs = 1000;
const answerWithinMs = 900;
/** How often it looks, ms. */
const endLooksMs = 20;

export interface ShowOptions {
  /** Names the show in the ledger, in health and in room ids. */
  id: string;
  /** At the tick from which it goes on. */
  simulation: Simulation;
  ingest: Pick<Ingest, "drain" | "offer" | "status" | "counters">;
  writer: Writer;
  clock: Clock;
  /** Texts of the rules that it has played by. */
  shelf: RuleShelf;
  /** Batches of the journal that had not entered when the process ended. Default none. */
  waiting?: readonly Batch[];
  /** Whether a viewer may not play, by key. Default nobody. */
  isBanned?(viewer: string): boolean;
}

export interface ShowSnapshot extends SimulationSnapshot {
  readonly show: string;
  readonly sources: readonly { readonly id: string; readonly state: string; readonly detail: string }[];
}

export interface Show {
  readonly id: string;
  readonly simulation: Simulation;
  /** The last events, and why each did what it did. */
  readonly log: Pick<EventLog, "recent" | "listen">;
  /** Ticks a second over the last second or two; 0 before the first. */
  readonly tickRateHz: number;
  /** Ticks that were due and never ran, because the machine could not keep up or slept. */
  readonly ticksSkipped: number;
  /** Events taken and not, and gifts that wait for a disk that does not answer. */
  readonly intake: Pick<Intake, "counters" | "heldGifts">;
  readonly storing: WriterStatus;
  /** While true no tick runs; what viewers do is journaled and enters afterwards. */
  isPaused: boolean;
  /** What is wrong with keeping what happens, in one or two sentences; "" while all is well. */
  readonly trouble: string;
  /** New rules, compiled for a game of the show: journaled, they hold from the tick they enter on, before its events. */
  changeRules(rules: CompiledRules): void;
  /** What an operator does: ends the phase or the round, or tries an action. */
  act(act: OperatorAct): void;
  /** One tick: takes what waits into the journal; what is safe enters. The result is valid until the next tick; undefined while paused and after the end. */
  tick(): StepResult | undefined;
  /** One tick of the past, from the journal: nothing of it is journaled again. */
  relive(entering: Entering): void;
  /** Resolves when everything accepted so far is safe on disk; false when the disk refuses or takes more than a second. */
  whenSafe(): Promise<boolean>;
  /**
   * Plays what was accepted, for a second at most, and writes what is left and that the show ended. Rejects with a StoreError when the disk
   * refuses or is silent for a second. When not all could be played the show has not ended: that is told in a StoreError too, and the next
   * start goes on with it.
   */
  end(): Promise<void>;
  /** Writes what was accepted and leaves the show as it is, for a process that goes on with it. Rejects like `end`. */
  leave(): Promise<void>;
  sources(): SourceStatus[];
  snapshot(): ShowSnapshot;
  /** Adds an event by hand (test events). Throws on one that is no LiveEvent. */
  offer(event: LiveEvent): void;
}

/** Creates a show around a simulation. */
export function createShow(options: ShowOptions): Show {
  const { id, simulation, ingest, writer, clock, shelf, waiting = [] } = options;
  /** The world of the game that plays: another one after its turn. */
  const now = () => simulation.world.tick;
  const log = createEventLog();
  const tracing = createTracing(simulation, writer);
  const rate = createRateMeter(clock);
  const rowContext = (): RowContext => ({ show: id, round: simulation.phase.round });
  const isBanned = options.isBanned ?? (() => false);
  const intake = createIntake({ ingest, writer, clock, isBanned, rowContext, before: waiting });

  /** A state that cannot be saved ends no show: it goes on from an earlier one after a crash. */
  const save = () => {
    try {
      writer.checkpoint(now(), shelf.checkpointOf(simulation));
      unsaved = "";
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      unsaved = `The show cannot be saved as it is (${why}), so going on after a crash takes longer.`;
    }
  };
  const step = ({ events, rules, acts }: Entering, isPast: boolean): StepResult => {
    const result = simulation.step(events, rules, acts);
    if (rules) shelf.add(simulation.rulesOf(rules.game)!.number, rules);
    if (result.outcomes.length > 0) {
      const context = rowContext();
      writer.gifts(result.outcomes.map((outcome) => outcomeRow(outcome, context)));
    }
    if (result.finishedRound) writer.scores(scoresOf(result.finishedRound));
    tracing.note(result, isPast);
    if (result.checkpoint) save();
    log.note(result, clock.now());
    return result;
  };
  let hasEnded = false;
  /** Why the last state could not be saved, "" when it was. */
  let unsaved = "";
  const tick = (): StepResult | undefined => {
    if (hasEnded) return undefined;
    intake.take();
    const result = show.isPaused ? undefined : step(intake.enter(now()), false);
    if (result) rate.mark();
    writer.endTick(now());
    return result;
  };
  /** Takes all of the queue into the journal, as far as there is room, and has it written. */
  const takeAll = async () => {
    let left: number;
    do {
      left = ingest.counters().queue.length;
      intake.take();
      writer.endTick(now());
    } while (ingest.counters().queue.length < left);
    await whileAnswering(writer.flush(), writer, clock);
  };
  /** Ticks until nothing waits any more, or the disk has had its time; true when nothing waits. */
  const settle = async (): Promise<boolean> => {
    let isLate = false;
    const cancel = clock.after(playWithinMs, () => {
      isLate = true;
    });
    let isLeft: boolean;
    do {
      tick();
      if (intake.waiting > 0) await Promise.race([writer.flush().catch(() => pause(clock)), pause(clock)]);
      isLeft = ingest.counters().queue.length > 0 || intake.waiting > 0;
    } while (isLeft && !isLate);
    cancel();
    return !isLeft;
  };

  const show: Show = {
    id,
    simulation,
    log,
    intake,
    isPaused: false,
    get storing() {
      return writer.status();
    },
    get trouble() {
      const { trouble } = writer.status();
      const gifts = intake.heldGifts;
      const held = gifts === 0 ? "" : ` ${gifts} ${gifts === 1 ? "gift is" : "gifts are"} held until it is written.`;
      return `${trouble}${held} ${unsaved}`.trim();
    },
    get tickRateHz() {
      return rate.hz();
    },
    get ticksSkipped() {
      return rate.skipped();
    },
    changeRules: (rules) => intake.changeRules(rules),
    act: (act) => intake.act(act),
    tick,
    relive: (entering) => void step(entering, true),
    whenSafe: () => intake.whenSafe(),
    async end() {
      show.isPaused = false;
      const isPlayed = await settle();
      hasEnded = true;
      if (!isPlayed) {
        // In no bank yet: a show that had ended would leave it behind for good.
        await takeAll();
        throw new StoreError("STORE_FAILED", notPlayed);
      }
      writer.scores(scoresOf({ round: simulation.phase.round, rows: simulation.boards.roundRows() }));
      await whileAnswering(writer.end(clock.now(), shelf.bankOf(simulation, id)), writer, clock);
    },
    leave: takeAll,
    sources: () => ingest.status(),
    snapshot() {
      const sources = ingest.status().map(({ id: source, state, detail }) => ({ id: source, state, detail }));
      return { show: id, sources, ...simulation.snapshot() };
    },
    offer: (event) => void ingest.offer(event),
  };
  return show;
}

/** Points of viewers; bots and test events have none. */
function scoresOf({ round, rows }: NonNullable<StepResult["finishedRound"]>): RoundScore[] {
  const people = rows.filter(({ viewer }) => !viewer.startsWith("bot:"));
  return people.map(({ viewer, score, counted, wins }) => ({ round, viewer, score, counted, wins }));
}

function pause(clock: Clock): Promise<void> {
  return new Promise((resolve) => clock.after(endLooksMs, resolve));
}

/** The work, or an error once the disk has answered nothing for too long. */
async function whileAnswering(work: Promise<void>, writer: Writer, clock: Clock): Promise<void> {
  let cancel = () => {};
  const silence = new Promise<never>((_, reject) => {
    const wait = (commits: number) => {
      cancel = clock.after(answerWithinMs, () => {
        const { commits: now } = writer.status();
        if (now === commits) reject(new StoreError("STORE_FAILED", notWritten));
        else wait(now);
      });
    };
    wait(writer.status().commits);
  });
  await Promise.race([work, silence]).finally(() => cancel());
}

const notWritten =
  "The disk did not answer, so the last moments of the show are not written; start again with the same data folder to go on before them.";

const notPlayed =
  "Not all could be played before the end; start again with the same data folder, and the show goes on with what still waits.";

/** Ticks the room may be behind before they count as skipped: its catch-up makes good for fewer (Colyseus: 5 a turn). */
const catchUpTicks = 12;

/** Measures ticks a second over the last 60 ticks, and ticks that never came. */
function createRateMeter(clock: Clock) {
  let marks = 0;
  let windowStart = 0;
  let lastHz = 0;
  let start = 0;
  let ran = 0;
  let skipped = 0;
  return {
    mark() {
      const now = clock.now();
      if (ran++ === 0) start = now;
      const behind = Math.floor(((now - start) * ticksPerSecond) / 1000) - (ran - 1) - skipped;
      if (behind > catchUpTicks) skipped += behind;
      if (marks === 0) windowStart = now;
      if (marks++ < ticksPerSecond) return;
      if (now > windowStart) lastHz = ((marks - 1) * 1000) / (now - windowStart);
      marks = 0;
    },
    hz: () => Math.round(lastHz * 100) / 100,
    skipped: () => skipped,
  };
}
