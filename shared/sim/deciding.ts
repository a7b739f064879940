/** Deciding: what the rules of the game that plays say about events and moments, and what becomes of the calls they ask for. */
import type { LiveEvent } from "../events/live-event.ts";
import { type Viewer, viewerKey } from "../events/viewer.ts";
import { allSteps } from "../rules/all-steps.ts";
import type { RuleCall, RuleDecision } from "../rules/decision.ts";
import { isPaid, type PaidEvent } from "../rules/engine.ts";
import { type Acted, actedOf, type Decided } from "./acted.ts";
import { type ActingParts, failed, type Guard, tryCall } from "./acting.ts";
import type { SimulationCounters } from "./counters.ts";
import type { Facts } from "./facts.ts";
import { createOutcomes, type Opening, type OutcomeKeeper, whyNone } from "./outcome.ts";
import type { PlayedGame } from "./played-game.ts";
import type { RuleBook } from "./rule-books.ts";
import type { SavedSimulation } from "./saved.ts";
import type { RuleNumbers } from "./saved-calls.ts";
import { createWaiting, type Waiting } from "./waiting.ts";

/** Steps that leave something behind in the rules' own memory. */
const changes: ReadonlySet<string> = new Set(["set", "add", "fill"]);
/** What rules say of an event that could not be decided. */
const nothing: Opening = { calls: 0, done: [], isBound: false };

export interface DecidingParts {
  readonly numbers: RuleNumbers;
  readonly facts: Facts;
  readonly counters: SimulationCounters;
  readonly guard: Guard;
  /** The game that plays, and its rules. */
  played(): PlayedGame;
  book(): RuleBook;
}

export class Deciding {
  readonly outcomes: OutcomeKeeper;
  readonly waiting: Waiting;
  /** Of this tick. */
  readonly decisions: Decided[] = [];
  readonly acts: Acted[] = [];
  readonly #parts: DecidingParts;

  constructor(parts: DecidingParts, from: Pick<Partial<SavedSimulation>, "waiting" | "outcomes">) {
    this.#parts = parts;
    this.outcomes = createOutcomes(from.outcomes);
    this.waiting = this.#createWaiting(from.waiting);
  }

  #createWaiting(saved: SavedSimulation["waiting"] | undefined): Waiting {
    const { numbers, counters, guard, book, played } = this.#parts;
    const { outcomes } = this;
    return createWaiting(
      {
        numbers,
        releaseGapTicks: () => played().game.bank?.gapTicks,
        tick: () => this.#tick,
        placesIn: (queue) => book().rules.queues.find(({ name }) => name === queue)?.most,
        hasActed: ({ event, rule, step }) =>
          event !== undefined && (played().game.host?.hasActed(event.id, rule.id, step.action) ?? false),
        attempt: (call, count, calls, ids) =>
          guard("call", () => tryCall(call, { count, calls, ids }, this.acting()), failed),
        applied: ({ rule, step }, ids) => {
          counters.applied++;
          for (const id of ids) outcomes.applied(id, { rule: rule.id, action: step.action, tick: this.#tick });
        },
        waits: (call, ids, reason) => {
          for (const id of ids) outcomes.waits(id, reason);
          this.#note(call, ids, "waits", reason);
        },
        ended: (call, reason, wasDropped) => {
          if (wasDropped) counters.rulesDropped++;
          else counters.refused++;
          this.#note(call, call.event ? [call.event.id] : [], "refused", reason);
        },
        withdrawn: (call, ids) => this.#note(call, ids, "withdrawn", `decided anew for ${played().game.title}`),
        eventOf: (id) => outcomes.get(id),
      },
      saved,
    );
  }

  get #tick(): number {
    return this.#parts.played().world.tick;
  }

  /** What acts on the game that plays. */
  acting(): ActingParts {
    const { played, book, facts } = this.#parts;
    const now = played();
    return {
      ...now.round,
      works: () => now.works,
      engine: () => book().engine,
      leader: () => now.hud().leader,
      teamOf: facts.teamOf,
      note: (acted) => this.acts.push(acted),
    };
  }

  /** Notes what waits or has ended without acting; who acted is noted by acting itself. */
  #note(call: RuleCall, eventIds: readonly string[], state: Acted["state"], reason: string): void {
    this.acts.push(actedOf(call, { eventIds, params: {}, viewer: call.viewer, tick: this.#tick, state, reason }));
  }

  /** A tick begins: what the last one told is over. */
  clear(): void {
    this.outcomes.clear();
    this.decisions.length = 0;
    this.acts.length = 0;
  }

  /** Once a tick: phases, timers, meters. */
  passTick(): void {
    const { book } = this.#parts;
    this.#parts.guard("rules", () => this.#follow(book().engine.passTick(this.#tick), undefined, undefined), undefined);
  }

  /** Decides about an event. One that breaks something does not take others of its tick with it, and a gift keeps its outcome. */
  take(event: LiveEvent): void {
    const isTaken = this.#parts.guard(`event ${event.type}`, () => this.#take(event), false);
    if (!isTaken && event.type === "gift") this.outcomes.open(event, nothing, "it could not be decided");
  }

  #take(event: LiveEvent): true {
    const { facts, book } = this.#parts;
    facts.hear(event);
    const decision = book().engine.evaluate(event, this.#tick);
    if (isPaid(event)) {
      const why = event.replay ? "sent before this connection" : whyNone(decision.traces);
      this.outcomes.open(event, this.#openingOf(decision), why);
    }
    this.#follow(decision, event, "viewer" in event ? event.viewer : undefined);
    return true;
  }

  /** What the rules say of a paid event: its calls decide what becomes of it; rules that only fill or count have done so already. */
  #openingOf({ calls, traces, done: isDone, later }: RuleDecision): Opening {
    const fired = traces.filter(({ verdict }) => verdict === "fired" || verdict === "waits");
    const hasOther = calls.length === 0 && (isDone || later > 0);
    const done = fired.map(({ rule }) => ({ rule: rule.id, action: rule.steps[0]!.kind, tick: this.#tick }));
    const isBound = fired.some(({ rule }) => allSteps(rule.steps).some(({ kind }) => changes.has(kind)));
    return { calls: calls.length, done: hasOther ? done : [], isBound };
  }

  /**
   * Paid events that wait for one of these games are decided by the rules of the game that plays now: all at once, each with its own units.
   * Those of which anything has acted, and those that these rules have nothing for, wait on for their game.
   */
  decideAnew(isAsked: (game: string) => boolean): void {
    const { outcomes, waiting } = this;
    const waitsFor = new Map<string, string>();
    for (const { eventIds, game } of waiting.elsewhere) for (const id of eventIds) waitsFor.set(id, game);
    const taken = new Map<string, PaidEvent>();
    for (const event of [...outcomes.untouched()]) {
      const game = waitsFor.get(event.id);
      if (game === undefined || !isAsked(game)) continue;
      if (this.#parts.guard(`event ${event.type}`, () => this.#takeAnew(event), false)) taken.set(event.id, event);
    }
    if (taken.size > 0) waiting.withdraw(taken);
  }

  /** False when the rules have nothing for it, or nothing but words. */
  #takeAnew(event: PaidEvent): boolean {
    const decision = this.#parts.book().engine.evaluate(event, this.#tick);
    const opening = this.#openingOf(decision);
    if (opening.calls === 0 && decision.later === 0 && !opening.isBound) return false;
    this.outcomes.anew(event, opening);
    this.meet(event);
    this.#follow(decision, event, undefined);
    return true;
  }

  /** Whoever is behind something that waits is there, and has not acted by it. */
  meet({ viewer, test }: PaidEvent): void {
    const { crowd } = this.#parts.played().context;
    if (viewer && !crowd.get(viewerKey(viewer))) crowd.meet(viewer, this.#tick, { test });
  }

  /** Lets act what a decision says, for the viewer behind it. */
  #follow(decision: RuleDecision, event: LiveEvent | undefined, viewer: Viewer | undefined): void {
    const { calls, lines, traces, joinsTeam } = decision;
    const { book, played, facts, guard } = this.#parts;
    const { context } = played();
    const tick = this.#tick;
    // The engine's lists are its own again as soon as it is asked anew.
    if (event || traces.length > 0) this.decisions.push({ event, tick, traces: [...traces], rules: book().rules });
    if (calls.length === 0 && lines.length === 0 && joinsTeam === "") return;
    const member = viewer && context.crowd.meet(viewer, tick, { test: event?.test ?? false });
    for (const { viewer: key, words, test } of lines) {
      context.isTest = test;
      context.feed(context.crowd.get(key), words, "plain");
      context.isTest = false;
    }
    for (const call of calls) this.waiting.decide(call);
    // After the calls, so that the comment that brings somebody in can choose their team too.
    if (member && joinsTeam !== "") guard("teams", () => facts.joinTeam(member, joinsTeam), undefined);
  }
}
