/** The record Last Ball keeps: how each ball stands, the platform, and what is scheduled. Who plays is the keeper's affair. */
import type { ViewerKey } from "../../events/viewer.ts";
import type { ShowContext } from "../../game/define.ts";
import type { Player as PlayerOf } from "../../game/players-interface.ts";
import type { Entity } from "../../world/world.ts";
import type { LastBallOptions } from "./options.ts";

/** The context of a show that plays Last Ball. */
export type Show = ShowContext<LastBallOptions, Ball>;

/** Part of the platform a viewer can name for meteors. */
export type Zone = "left" | "right" | "top" | "bottom";

/** Somebody enrolled, viewer or bot, with or without a ball right now. */
export type Player = PlayerOf<Ball>;

/** What Last Ball keeps of a player. Times are ticks; `...Until` is the first tick without. */
export interface Ball {
  /** Balls this round may still get after the present one is out; -1 until the first. */
  livesLeft: number;
  knockOuts: number;
  /** Times it has been a giant in this round: each lasts shorter. */
  giants: number;
  /** Revenge marks worn: returned viewers this player had knocked out. */
  marks: number;
  outTick: number;
  outBy: ViewerKey;
  sharedRound: number;
  /** Points a full ball has left in mode hp. */
  health: number;

  /** Place in the line-up of the countdown, from 0. */
  place: number;
  /** Strength: 1, or less after a return. */
  size: number;
  /** Gained by gifts, 0 to its cap, decays. */
  growth: number;
  /** Gained by knock-outs in this round. */
  trophies: number;
  /** Lost by silence, 1 down to 0.5. */
  fade: number;
  /** Giant's part of the radius, eased, 1 when not giant. */
  swell: number;

  /** Named by the player, and until when. */
  target: ViewerKey;
  targetUntil: number;
  /** Who this ball rolls at now, chosen anew at `aimUntil`. */
  aim: Player | undefined;
  aimUntil: number;
  /** Charging at the aim rather than roaming. */
  charging: boolean;
  /** Where it heads, radians. */
  heading: number;
  nextBotActTick: number;

  stunUntil: number;
  /** Thrown by a power: until then the ball brakes at the rim only as well as any. */
  hurledUntil: number;
  dashUntil: number;
  guardUntil: number;
  spikesUntil: number;
  pulseUntil: number;
  pulseBoost: number;
  frozenUntil: number;
  magnetUntil: number;
  giantUntil: number;
  giantHits: number;
  /** No hit counts against the giant before this. */
  giantHitAgainTick: number;
  shieldUntil: number;
  /** Rim saves in hand. */
  saves: number;
  subscriber: boolean;

  lastHitBy: ViewerKey;
  lastHitTick: number;
  /** Grows with every contact of the round: the tie rule's order. */
  contactOrder: number;
  /** Last words that choose a power: T4 and T6. */
  ringWord: "magnet" | "freeze" | "";
  zone: Zone | "";
  lastRing: "magnet" | "freeze" | "";
  nextShockTick: number;
}

/** An impact to come. */
export interface Meteor {
  x: number;
  y: number;
  hitTick: number;
  owner: ViewerKey;
  power: number;
  test: boolean;
}

/** The platform. Lengths in world units. */
export interface Arena {
  radius: number;
  /** Radius it has been told to shrink to; equals `radius` when at rest. */
  nextRadius: number;
  /** Tick at which it starts to move to `nextRadius`, 0 when nothing is announced. */
  shrinkAtTick: number;
  /** Units per tick while it moves. */
  speed: number;
  /** Steps of this round's shrinking already announced. */
  step: number;
  readonly bumpers: Entity[];
  /** Bumpers that stand inside. */
  readonly posts: Entity[];
  bar: Entity | undefined;
  hub: Entity | undefined;
  barAngle: number;
  barTurn: number;
  /** Last radius the bumpers were placed for. */
  placedRadius: number;
}

export interface LastBall {
  readonly arena: Arena;
  readonly meteors: Meteor[];
  /** Viewers who have had their rim save of this show. */
  readonly savedOnce: Set<ViewerKey>;
  /** Radius of a ball of strength 1, by how many there are. */
  baseRadius: number;
  /** Most balls in the fight at once in this round. */
  peak: number;
  /** Strength of hits now: the director keeps a round's pace with it. */
  heat: number;
  contactCount: number;
  /** Tick of the last knock-out, or of the start of play. */
  lastOutTick: number;
  /** Until when the rim is closed at the start of play: nobody is out in the first seconds. */
  rimOpensAtTick: number;
  /** Who went out in this round, first out first. */
  readonly outs: ViewerKey[];
  winner: ViewerKey;
  decided: boolean;
  leader: ViewerKey;
  podium: ViewerKey[];
  /** While one ball is left and others may still return: until when it waits for them. */
  holdUntil: number;
  nextRingTick: number;
  nextMeteorTick: number;
  /** Balls that went over the rim in this tick; kept to reuse its memory. */
  readonly falling: Player[];
}

/** What a player has at enrolment. */
export function createBall(): Ball {
  return {
    ...freshRound(-1, 0),
    sharedRound: 0,
    nextBotActTick: 0,
    saves: 0,
    subscriber: false,
    ringWord: "",
    zone: "",
    lastRing: "",
    nextShockTick: 0,
  };
}

/** What a player starts every round with. */
export function freshRound(livesLeft: number, health: number) {
  return {
    livesLeft,
    health,
    knockOuts: 0,
    giants: 0,
    marks: 0,
    outTick: 0,
    outBy: "",
    trophies: 0,
    ...freshBall(1),
  };
}

/** What a player starts every ball with. */
export function freshBall(size: number) {
  return {
    place: 0,
    size,
    growth: 0,
    fade: 1,
    swell: 1,
    target: "",
    targetUntil: 0,
    aim: undefined as Player | undefined,
    aimUntil: 0,
    charging: false,
    heading: 0,
    stunUntil: 0,
    hurledUntil: 0,
    dashUntil: 0,
    guardUntil: 0,
    spikesUntil: 0,
    pulseUntil: 0,
    pulseBoost: 0,
    frozenUntil: 0,
    magnetUntil: 0,
    giantUntil: 0,
    giantHits: 0,
    giantHitAgainTick: 0,
    shieldUntil: 0,
    lastHitBy: "",
    lastHitTick: -100_000,
    contactOrder: 0,
  };
}

/** Whether balls can be knocked out now. */
export function isFighting(show: Show): boolean {
  return show.phase.name === "play" || show.phase.name === "sudden";
}
