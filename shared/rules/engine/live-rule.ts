/** LiveRule: a compiled rule with what its engine keeps for it from event to event. */
import type { Viewer, ViewerKey } from "../../events/viewer.ts";
import { BoundedMap } from "../../game/bounded.ts";
import { allSteps } from "../all-steps.ts";
import type { CompiledRule, CompiledStep } from "../compiled.ts";
import { type ConditionCheck, conditionCheck } from "./conditions.ts";
import { type Entries, takenOver } from "./held.ts";
import type { LimitNow } from "./limits.ts";
import { type Matcher, matcherOf } from "./match.ts";

/** Viewers remembered who filled a meter or completed a crowd, for expressions of calls that still wait. */
const maxCauses = 100;

/** A reserved moment that later acts may share: steps of a combo, or acts of one viewer that merge. */
interface Reserved {
  readonly tick: number;
  readonly round: number;
  /** Of its firing, which those that join it share. */
  readonly number: number;
}

/** Saved form of a rule's state: what is at its beginning is left out. */
interface SavedRule {
  readonly value?: number;
  /** Of likes, what filled it once. */
  readonly full?: number;
  readonly own?: Entries<number>;
  readonly reserved?: Entries<Reserved>;
  readonly sinceTick?: number;
  readonly doneTick?: number;
  readonly crowd?: readonly (readonly [ViewerKey, number])[];
  readonly last?: Viewer;
  readonly causes?: Entries<Viewer>;
  readonly banked?: readonly [number, number];
}

export class LiveRule {
  readonly rule: CompiledRule;
  /** Place in the order in which rules are asked. */
  readonly order: number;
  readonly limits: readonly LimitNow[];
  readonly fits: Matcher;
  /** Of a `crowd`: what each viewer must do. */
  readonly fitsOf: Matcher;
  readonly failing: ConditionCheck;
  /** A gift rule that names gifts; one by tier or value that stands back when such a one fires. */
  readonly isNamed: boolean;
  readonly isFallback: boolean;
  /** A gift rule for every gift there is, beside the one that decides what this gift does: such as joining. */
  readonly isBeside: boolean;
  /** It counts up to something and stays full while it cannot fire. */
  readonly fills: boolean;
  /** All steps, those of `oneOf` too, by number: names a step in saved state. */
  readonly steps: readonly CompiledStep[];

  /** Likes gathered, or the number of people watching last. */
  value: number;
  /** Number of people watching before the present event. */
  before = 0;
  /** Likes gathered by each viewer. */
  own = new BoundedMap<number>();
  reserved = new BoundedMap<Reserved>();
  /** Tick from which a timer counts. */
  sinceTick: number;
  /** Beginning for which `after` has fired, -1 for none. */
  doneTick = -1;
  /** By viewer, the tick at which they last did what a crowd must do; the latest at the end. */
  readonly crowd = new Map<ViewerKey, number>();
  /** Who came last in the crowd. */
  last: Viewer | undefined;
  causes = new BoundedMap<Viewer>(maxCauses);
  /** Free acts put off to this round. */
  bankedRound = 0;
  banked = 0;
  /** What did not hold when it was asked about the present event. */
  failed = "";

  constructor(
    rule: CompiledRule,
    order: number,
    limits: readonly LimitNow[],
    start: { tick: number; watching: number },
  ) {
    const { filter, on } = rule;
    this.rule = rule;
    this.order = order;
    this.limits = limits;
    this.fits = matcherOf(on, filter);
    this.fitsOf = filter.of ? matcherOf(filter.of.on, filter.of.filter) : () => false;
    this.failing = conditionCheck(rule.conditions);
    const isGift = on === "gift" || on === "combo.end";
    const isByWorth = filter.tiers.length > 0 || filter.valueFrom > 0 || filter.valueTo < Number.POSITIVE_INFINITY;
    this.isNamed = isGift && filter.gifts.length > 0;
    this.isFallback = isGift && !this.isNamed && isByWorth && !rule.also;
    this.isBeside = isGift && !this.isNamed && !isByWorth;
    this.fills = on === "likes" || on === "meter" || (on === "like" && filter.every > 0);
    this.steps = allSteps(rule.steps);
    this.value = on === "viewers" ? start.watching : 0;
    this.sinceTick = start.tick;
  }

  /** Goes on from a saved state. */
  load(saved: unknown): void {
    const { value, full, own, reserved, sinceTick, doneTick, crowd, last, causes, banked } = saved as SavedRule;
    const { every } = this.rule.filter;
    this.value = value ?? this.value;
    // Of a number of likes that has become smaller, no more than one fill is there.
    if (full !== undefined && every < full) this.value = Math.min(this.value, every);
    this.own = takenOver(own);
    // Moments that a longer cooldown gave away are free again.
    if (!this.limits.some(({ isShorter }) => isShorter)) this.reserved = takenOver(reserved);
    this.sinceTick = sinceTick ?? this.sinceTick;
    this.doneTick = doneTick ?? -1;
    for (const [key, seen] of crowd ?? []) this.crowd.set(key, seen);
    this.last = last;
    this.causes = takenOver(causes, maxCauses);
    [this.bankedRound, this.banked] = banked ?? [0, 0];
  }

  /** Forgets reserved moments that are over. */
  prune(tick: number, round: number): void {
    this.reserved.prune((one) => isAhead(one, tick, round));
  }

  /** What to hand over. */
  held(): SavedRule {
    const { on, filter } = this.rule;
    const { every, after } = filter;
    const isTimer = on === "timer";
    return {
      ...((this.value !== 0 || on === "viewers") && { value: this.value }),
      ...(on === "likes" && this.value !== 0 && { full: every }),
      ...(this.own.size > 0 && { own: this.own }),
      ...(this.reserved.size > 0 && { reserved: this.reserved }),
      ...(isTimer && every > 0 && { sinceTick: this.sinceTick }),
      ...(isTimer && after > 0 && { doneTick: this.doneTick }),
      ...(this.crowd.size > 0 && { crowd: [...this.crowd] }),
      ...(this.last && { last: this.last }),
      ...(this.causes.size > 0 && { causes: this.causes }),
      ...(this.banked > 0 && { banked: [this.bankedRound, this.banked] as const }),
    };
  }
}

function isAhead(reserved: Reserved, tick: number, round: number): boolean {
  return reserved.tick > tick || reserved.round > round;
}
