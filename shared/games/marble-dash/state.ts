/** The record Marble Dash keeps: how each marble stands in the race, the track, and what blows, helps and is booked. */
import type { ViewerKey } from "../../events/viewer.ts";
import type { ShowContext } from "../../game/define.ts";
import type { Player } from "../../game/players-interface.ts";
import type { Entity } from "../../world/world.ts";
import type { MarbleDashOptions } from "./options.ts";
import { gateY, type Track } from "./track.ts";

/** Side of the track: -1 left, 1 right, 0 none. */
export type Lane = -1 | 0 | 1;

/** Colours of trails by name, in the order of the stage's hues; a marble wears the number, from 1. */
export const trailColors = ["cyan", "lime", "gold", "pink", "violet", "mint", "orange", "magenta", "blue"] as const;

/** What Marble Dash keeps of a player. Times are ticks; `...Until` is the first tick without. */
export interface Runner {
  /** Lowest point reached, in world units: further down is further ahead. */
  bestY: number;
  /** Last tick in which it got on, and nudges since then. */
  progressTick: number;
  nudges: number;
  /** Height of the last checkpoint it passed. */
  checkpointY: number;
  /** Place at the finish, from 1; 0 while it runs. */
  place: number;
  finishTick: number;
  /** Tick at which it was burst, 0 while it runs; and times it has come back in this race. */
  outTick: number;
  returns: number;
  /** A respawn ticket in hand, and the round of the last one. */
  ticket: boolean;
  ticketRound: number;
  /** Bubbles that take a hazard, in hand; and until when nothing can burst it. */
  bubbles: number;
  safeUntil: number;
  subscriber: boolean;
  /** Colour of its trail, 1 to 9, 0 for its own. */
  trail: number;
  boostUntil: number;
  /** Units of gifts in the combo that runs, and until when it runs. */
  combo: number;
  comboUntil: number;
  heavyUntil: number;
  ghostUntil: number;
  /** The side it went to last, by its viewer's word. */
  lane: Lane;
  nextBotActTick: number;
}

export type Runners = Player<Runner>;

/** The context of a show that plays Marble Dash. */
export type Show = ShowContext<MarbleDashOptions, Runner>;

/** A strip built by a viewer: it throws those of its colour. */
export interface Rail {
  readonly entity: Entity;
  readonly owner: ViewerKey;
  /** Team, or trail colour, whose marbles it serves; 0 for its owner alone. */
  readonly color: number;
}

/** A gust across the track. */
export interface Gust {
  /** Speed it adds, units per tick per tick, to the right. */
  readonly push: number;
  readonly untilTick: number;
}

export interface MarbleDash {
  track: Track | undefined;
  /** Whose module is in this track, and in the next one; "" for nobody. */
  patron: ViewerKey;
  nextPatron: ViewerKey;
  /** Viewers who have had their bubble of this show. */
  readonly shieldedOnce: Set<ViewerKey>;
  readonly rails: Rail[];
  gust: Gust | undefined;
  nextGustTick: number;
  /** Until when the gates that likes opened stay open, and which section they are in. */
  openUntil: number;
  openSection: number;
  /** Speed of everything that moves by itself: 1, faster in sudden death. */
  tempo: number;
  /** Radius of marbles, by how many there are. */
  radius: number;
  /** Who runs, furthest first, as of a moment ago. */
  readonly order: Runners[];
  /** Height of the leading pack: that of the third, or the last if there are fewer. */
  packY: number;
  /** Who has finished, first to last. */
  readonly finished: ViewerKey[];
  leader: ViewerKey;
  /** Tick since which the leader leads, and how often the lead changed in this race. */
  leadTick: number;
  leadChanges: number;
  toldLeadTick: number;
  /** Tick at which the race is cut, 0 while that is open. */
  cutTick: number;
  podium: readonly ViewerKey[];
  /** Points of this race by team, from team 1, and the team with most of them at the end, 0 for none. */
  readonly teamPoints: number[];
  winningTeam: number;
  cameraY: number;
}

/** The record before the first round. */
export function createRecord(): MarbleDash {
  return {
    track: undefined,
    patron: "",
    nextPatron: "",
    shieldedOnce: new Set(),
    rails: [],
    gust: undefined,
    nextGustTick: 0,
    openUntil: 0,
    openSection: -1,
    tempo: 1,
    radius: 46,
    order: [],
    packY: gateY,
    finished: [],
    leader: "",
    leadTick: 0,
    leadChanges: 0,
    toldLeadTick: 0,
    cutTick: 0,
    podium: [],
    teamPoints: [0, 0, 0, 0],
    winningTeam: 0,
    cameraY: 0,
  };
}

/** What a player starts every round with. */
export function freshRace() {
  return {
    bestY: 0,
    progressTick: 0,
    nudges: 0,
    checkpointY: gateY,
    place: 0,
    finishTick: 0,
    outTick: 0,
    returns: 0,
    ...freshMarble(),
  };
}

/** What a player starts every marble with. */
export function freshMarble() {
  return {
    safeUntil: 0,
    boostUntil: 0,
    combo: 0,
    comboUntil: 0,
    heavyUntil: 0,
    ghostUntil: 0,
  };
}

/** A player's fields at enrolment. */
export function createRunner(): Runner {
  return {
    ...freshRace(),
    ticket: false,
    ticketRound: 0,
    bubbles: 0,
    subscriber: false,
    trail: 0,
    lane: 0,
    nextBotActTick: 0,
  };
}

/** Whether a burst marble may come back once more. */
export function hasReturn({ returns, ticket }: Runners, show: Show): boolean {
  return ticket || returns < show.options.returns;
}

/** Whether marbles race now. */
export function isRacing(show: Show): boolean {
  return show.phase.name === "play" || show.phase.name === "sudden";
}
