/** Asking: goes through the rules that may fire, in order, and settles what becomes of each: conditions, meters, limits. */
import type { CompiledRules, Scope } from "../compiled.ts";
import type { Patience, RuleTrace, ShowFacts, Verdict } from "../decision.ts";
import type { TriggerName } from "../triggers.ts";
import type { Candidates } from "./candidates.ts";
import type { LastingEffects } from "./lasting.ts";
import { type Limits, never, type Slot } from "./limits.ts";
import type { LiveRule } from "./live-rule.ts";
import type { Present } from "./present.ts";
import type { Firing, Steps } from "./steps.ts";

/** Free acts that may wait for one limit, or for the next round, where the rule's queue says no other number. */
const maxWaiting = 50;

export interface AskingParts {
  readonly present: Present;
  readonly scope: Scope;
  readonly facts: ShowFacts;
  readonly limits: Limits;
  readonly lasting: LastingEffects;
  readonly steps: Steps;
  /** Where it says what became of each rule. */
  readonly traces: RuleTrace[];
  readonly rules: CompiledRules;
}

export class Asking {
  readonly #parts: AskingParts;
  readonly #placesIn: ReadonlyMap<string, number>;
  /** Triggers whose later rules are not asked any more about the present event. */
  readonly #stopped = new Set<TriggerName>();
  /** A rule with `stop` fired. */
  #isStopped = false;
  /** Free acts that found no place among those that wait, ever. */
  dropped = 0;

  constructor(parts: AskingParts) {
    this.#parts = parts;
    this.#placesIn = new Map(parts.rules.queues.map(({ name, most }) => [name, most]));
  }

  /** Asks all of them about what is present; true when one fired. */
  ask(candidates: Candidates): boolean {
    const { present } = this.#parts;
    if (this.#stopped.size > 0) this.#stopped.clear();
    this.#isStopped = false;
    const namedHolds = candidates.hasNamed && this.#anyNamedHolds(candidates);
    let hasFired = false;
    /** Something fired that is this gift's own effect. */
    let isServed = false;
    let waitsForPhase = false;
    for (const live of candidates.rules) {
      if (!candidates.fit && !live.fits(present)) continue;
      if (this.#isStopped || this.#stopped.has(live.rule.on)) this.#skip(live, "stopped");
      else if (namedHolds && live.isFallback) this.#skip(live, "named");
      else if (this.#askOne(live, candidates.hasNamed && live.isNamed)) {
        hasFired = true;
        isServed ||= !live.isBeside;
        this.#noteFired(live);
      } else if (live.failed === "phase") waitsForPhase ||= !hasFired || !live.isBeside;
    }
    if (waitsForPhase && present.paid && !isServed) return this.#waitForPhase(candidates, hasFired) || hasFired;
    return hasFired;
  }

  #skip(live: LiveRule, verdict: Verdict): void {
    live.failed = "";
    this.#trace(live, verdict, "", 0);
  }

  /** Settled before any rule fires and changes what conditions see. */
  #anyNamedHolds({ rules }: Candidates): boolean {
    let holds = false;
    for (const live of rules) {
      if (!live.isNamed) continue;
      live.failed = this.#failing(live);
      holds ||= live.failed === "";
    }
    return holds;
  }

  #failing(live: LiveRule): string {
    const { present, scope, facts } = this.#parts;
    return live.failing(present, scope, facts.phase.name);
  }

  #noteFired({ rule }: LiveRule): void {
    if (rule.stop) this.#isStopped = true;
    if (this.#parts.rules.firstMatch.has(rule.on)) this.#stopped.add(rule.on);
  }

  #askOne(live: LiveRule, isSettled: boolean): boolean {
    if (live.rule.on !== "likes") return this.#askWith(live, isSettled);
    // Likes of the room belong to nobody, whoever sent the last one.
    const { present } = this.#parts;
    const { viewer } = present;
    present.setViewer(undefined);
    const hasFired = this.#askWith(live, isSettled);
    present.setViewer(viewer);
    return hasFired;
  }

  #askWith(live: LiveRule, isSettled: boolean): boolean {
    const { rule } = live;
    if (rule.on === "viewers" && !this.#hasCrossed(live)) return false;
    const missing = live.fills ? missingOf(live, this.#parts.present) : 0;
    if (missing > 0) {
      live.failed = "";
      this.#trace(live, "below", String(missing), 0);
      return false;
    }
    if (!isSettled) live.failed = this.#failing(live);
    if (live.failed !== "") this.#trace(live, "condition", live.failed, 0);
    const hasFired = live.failed === "" && this.#fireFilled(live);
    if (live.fills && !hasFired) keepFull(live, this.#parts.present);
    return hasFired;
  }

  /** Tells whether the number of people watching crossed the rule's number, or changed when the rule has none. */
  #hasCrossed(live: LiveRule): boolean {
    const { event } = this.#parts.present;
    if (event?.type !== "viewers") return false;
    const { reaches, falls } = live.rule.filter;
    live.failed = "";
    // A test crosses every number that it could.
    const now = event.test ? event.count : live.value;
    const before = event.test ? (reaches > 0 && now >= reaches ? 0 : Number.MAX_SAFE_INTEGER) : live.before;
    const hasReached = reaches > 0 && before < reaches && now >= reaches;
    const hasFallen = falls > 0 && before >= falls && now < falls;
    if (reaches === 0 && falls === 0 ? now !== before : hasReached || hasFallen) return true;
    this.#trace(live, "below", String(now), 0);
    return false;
  }

  /** Fires, of a meter once with all its fills. */
  #fireFilled(live: LiveRule): boolean {
    const { present } = this.#parts;
    if (!live.fills || live.rule.on === "meter") return this.#fire(live, []);
    const { every } = live.rule.filter;
    const value = gathered(live, present);
    const units = present.count;
    const fills = Math.floor(value / every);
    present.count = fills;
    const hasFired = this.#fire(live, []);
    present.count = units;
    if (hasFired) setGathered(live, present, value - fills * every);
    return hasFired;
  }

  /** Fires now, or at the moment that its limits leave free; false when it does not fire at all. */
  #fire(live: LiveRule, phases: Firing["phases"]): boolean {
    const { present, facts, limits } = this.#parts;
    const { round } = facts.phase;
    if (present.test) {
      // Whoever tries a rule wants to see what it does, and takes nothing from viewers.
      const now = { tick: present.tick, round, number: 0 };
      this.#emit(live, { ...now, phases, patience: this.#patience(live, now), merges: false }, "");
      return true;
    }
    const joinKey = live.limits.length === 0 ? "" : joinKeyOf(live, present);
    const reserved = joinKey === "" ? undefined : live.reserved.get(joinKey);
    if (reserved && (reserved.tick > present.tick || reserved.round > round)) {
      // Steps of a combo that come while it waits act with it, or a combo of twenty would keep everybody else waiting twenty times.
      this.#emit(live, { ...reserved, phases, patience: this.#patience(live, reserved), merges: mergesOf(live) }, "");
      return true;
    }
    if (!limits.seek(live.limits, present, round, round)) {
      limits.take(live.limits, present, round);
      const now = { tick: present.tick, round, number: limits.nextFiring() };
      this.#emit(live, { ...now, phases, patience: this.#patience(live, now), merges: false }, "");
      return true;
    }
    return this.#fireLimited(live, phases, joinKey);
  }

  #fireLimited(live: LiveRule, phases: Firing["phases"], joinKey: string): boolean {
    const { present, facts, limits } = this.#parts;
    const { slot } = limits;
    const { round } = facts.phase;
    const { whenLimited } = live.rule;
    if (whenLimited === "drop" && !present.paid) return this.#giveUp(live, slot);
    if (whenLimited === "extend" && this.#canExtend(live)) {
      const now = { tick: present.tick, round, number: 0 };
      this.#emit(live, { ...now, phases, patience: this.#patience(live, now), merges: false }, "");
      return true;
    }
    const { words } = slot;
    if (whenLimited === "bank") {
      limits.seek(live.limits, present, round, round + 1);
      slot.tick = present.tick;
    }
    if (!present.paid && !this.#hasPlace(live, slot, round)) return this.#giveUp(live, { ...slot, words });
    limits.take(live.limits, present, round);
    const at = { tick: slot.round === never ? never : slot.tick, round: slot.round, number: limits.nextFiring() };
    // What never acts takes nobody along: another day may have room.
    if (joinKey !== "" && at.round !== never) live.reserved.set(joinKey, at);
    this.#emit(live, { ...at, phases, patience: this.#patience(live, at), merges: mergesOf(live) }, words);
    return true;
  }

  /** Whether an effect that it would make longer runs. */
  #canExtend({ steps }: LiveRule): boolean {
    const { present, lasting } = this.#parts;
    return steps.some((step) => step.kind === "call" && step.lasting && lasting.runs(step, present.key, present.tick));
  }

  /** Whether one more free act may wait; counts it among those that wait for the next round. */
  #hasPlace(live: LiveRule, slot: Slot, round: number): boolean {
    const most = this.#placesIn.get(live.rule.queue) ?? maxWaiting;
    if (slot.round === never) return false;
    if (live.bankedRound !== round) {
      live.bankedRound = round;
      live.banked = 0;
    }
    if (slot.ahead > most || live.banked >= most) {
      this.dropped++;
      return false;
    }
    if (slot.round > round) live.banked++;
    return true;
  }

  /** A limit keeps it from firing: what gathers stays full, anything else is dropped. */
  #giveUp(live: LiveRule, { words, tick }: Slot): false {
    this.#trace(live, live.fills ? "waits" : "dropped", words, tick - this.#parts.present.tick);
    return false;
  }

  #patience({ rule }: LiveRule, at: { tick: number; round: number }): Patience {
    const { present, facts } = this.#parts;
    if (present.paid || rule.on === "meter" || at.round > facts.phase.round) return "forever";
    return at.tick > present.tick || rule.queue !== "" ? "turn" : "none";
  }

  #emit(live: LiveRule, firing: Firing, words: string): void {
    const { present, facts, steps } = this.#parts;
    const isLater = firing.round > facts.phase.round;
    const waits = firing.tick > present.tick || isLater || firing.phases.length > 0;
    const ticks = isLater ? 0 : firing.tick - present.tick;
    const why = words || (firing.phases.length > 0 ? "phase" : waits ? "its turn" : "");
    this.#trace(live, waits ? "waits" : "fired", why, ticks);
    steps.fire(live, firing);
  }

  /**
   * A paid event that got no effect of its own, and the phase alone is to blame: the first such rule, and those for the same phases, wait
   * for it. When a rule for every gift has fired, others for every gift do not wait.
   */
  #waitForPhase(candidates: Candidates, hasFired: boolean): boolean {
    const { present } = this.#parts;
    const waiting = candidates.rules.filter(
      (live) => live.failed === "phase" && !(hasFired && live.isBeside) && (candidates.fit || live.fits(present)),
    );
    const anyNamed = waiting.some(({ isNamed }) => isNamed);
    const able = waiting.filter((live) => !(anyNamed && live.isFallback));
    const phases = able[0]?.rule.conditions.phases ?? [];
    for (const live of able) {
      if (this.#isStopped || this.#stopped.has(live.rule.on)) break;
      if (live.rule.conditions.phases.join() !== phases.join()) continue;
      this.#untrace(live);
      if (this.#fire(live, phases)) this.#noteFired(live);
    }
    return able.length > 0;
  }

  #trace({ rule }: LiveRule, verdict: Verdict, detail: string, ticks: number): void {
    this.#parts.traces.push({ rule, verdict, detail, ticks });
  }

  #untrace({ rule }: LiveRule): void {
    const { traces } = this.#parts;
    const index = traces.findLastIndex((trace) => trace.rule === rule);
    if (index >= 0) traces.splice(index, 1);
  }
}

/** Names what later acts may share a reserved moment: acts of one viewer that merge, steps of one combo; "" for none. */
function joinKeyOf({ rule }: LiveRule, { key, streakKey }: Present): string {
  if (rule.whenLimited === "merge") return key;
  return streakKey === "" ? "" : `${key}|${streakKey}`;
}

function mergesOf({ rule }: LiveRule): boolean {
  return rule.whenLimited === "merge";
}

/** What has been gathered; for a test, its own likes alone. */
function gathered(live: LiveRule, { key, event }: Present): number {
  if (event?.test) return event.type !== "like" ? 0 : live.rule.on === "like" ? event.count : event.roomDelta;
  return live.rule.on === "like" ? (live.own.get(key) ?? 0) : live.value;
}

function setGathered(live: LiveRule, { key, test }: Present, value: number): void {
  if (test) return;
  if (live.rule.on === "likes") live.value = value;
  else if (live.rule.on === "like" && value > 0) live.own.set(key, value);
  else if (live.rule.on === "like") live.own.delete(key);
}

/** What is missing until it is full; a declared meter is asked about only when it is. */
function missingOf(live: LiveRule, present: Present): number {
  return live.rule.on === "meter" ? 0 : Math.max(0, live.rule.filter.every - gathered(live, present));
}

/** While it cannot fire it stays full, so that no fill is lost and none piles up. */
function keepFull(live: LiveRule, present: Present): void {
  setGathered(live, present, Math.min(gathered(live, present), live.rule.filter.every));
}
