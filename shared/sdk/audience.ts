/**
 * Audience: made-up viewers who play any game through its own rule file, from a seed. They come one after the other, write the words that
 * the rules know, like in bursts, follow, share, and some of them give. For conformance and balance; it never reads a clock.
 */
import type { LiveEvent } from "../events/live-event.ts";
import type { CompiledRules } from "../rules/compiled.ts";
import { createRandom, type Random } from "../world/random.ts";
import { ticksPerSecond } from "../world/world.ts";
import { createEventBuilder, type EventBuilder } from "./built-events.ts";

/** Who is made up. */
export interface AudienceOptions {
  /** How many people. */
  readonly viewers: number;
  /** The rules they play by: their command words, team words and names are what people write. */
  readonly rules: CompiledRules;
  readonly seed: number;
  /** How many of them give; default 0. They come spread among the others. */
  readonly givers?: number;
  /** Seconds until everybody has come. Default 30. */
  readonly arriveSeconds?: number;
}

/** Made-up viewers; the same options make the same ones. */
export interface Audience {
  /** What they do in this tick; ask for each tick once, in order. */
  at(tick: number): LiveEvent[];
  /** Whether the viewer of this key ever gives something. */
  gives(viewer: string): boolean;
  /** Handles, first to come first. */
  readonly handles: readonly string[];
}

/** Seconds between two acts of one viewer in a small room; in a large one most only watch. */
const actSeconds = 5;
/** Acts of all in a second, at most: chat of a large room goes no faster than it can be read. */
const mostActsPerSecond = 14;
/** Seconds between two gifts of a giver. */
const giftSeconds = 25;
/** Prices, each as often as it stands here: one of every tier, small ones most. */
const prices = [1, 1, 1, 1, 1, 1, 1, 1, 5, 5, 10, 20, 30, 49, 99, 199, 500, 1000] as const;
const smallTalk = ["hi", "hello", "nice", "wow", "let's go", "first time here", "gg", "❤", "who is winning"] as const;

/** Creates an audience of which nobody has come yet. */
export function createAudience(options: AudienceOptions): Audience {
  const { viewers, rules, seed, givers = 0, arriveSeconds = 30 } = options;
  const random = createRandom(seed);
  const builder = createEventBuilder(`audience-${seed}`);
  const words = wordsOf(rules);
  const handles = Array.from({ length: viewers }, (_, index) => `viewer${index + 1}`);
  const isGiver = (index: number) => givers > 0 && index % Math.max(1, Math.floor(viewers / givers)) === 0;
  const actsPerTick = Math.min(mostActsPerSecond, viewers / actSeconds) / ticksPerSecond;
  const giftsPerTick = givers / giftSeconds / ticksPerSecond;
  const arriveTicks = Math.max(1, arriveSeconds * ticksPerSecond);
  /** Acts owed: whole ones are done, the rest is kept. */
  let acts = 0;
  let gifts = 0;
  let come = 0;
  return {
    handles,
    gives: (viewer) => {
      const index = handles.indexOf(viewer.replace(/^tiktok:/, ""));
      return index >= 0 && isGiver(index);
    },
    at(tick) {
      const events: LiveEvent[] = [];
      const present = Math.min(viewers, Math.ceil((viewers * (tick + 1)) / arriveTicks));
      for (; come < present; come++) {
        if (random.next() < 0.8)
          events.push(builder.event("chat", handles[come]!, tick, { text: random.pick(smallTalk) }));
      }
      if (present === 0) return events;
      acts += actsPerTick * (present / viewers);
      for (; acts >= 1; acts--) events.push(actOf(handles[random.index(present)]!, tick, words, random, builder));
      gifts += giftsPerTick;
      for (; gifts >= 1; gifts--) {
        const index = random.index(present);
        const giver = index - (index % Math.max(1, Math.floor(viewers / givers)));
        const count = random.next() < 0.25 ? 1 + random.index(9) : 1;
        events.push(builder.gift(handles[giver]!, tick, { value: random.pick(prices), count }));
      }
      return events;
    },
  };
}

/** Every word that a rule or a team waits for. */
function wordsOf({ rules, teams }: CompiledRules): string[] {
  const commands = rules.flatMap(({ filter }) => [...filter.commands, ...filter.contains]);
  return [...new Set([...commands, ...teams.flatMap((team) => team.words.slice(0, 1))])];
}

function actOf(who: string, tick: number, words: readonly string[], random: Random, builder: EventBuilder): LiveEvent {
  const chance = random.next();
  if (chance < 0.45) {
    const count = 1 + random.index(15);
    return builder.event("like", who, tick, { count, roomDelta: count, roomTotal: 0 });
  }
  if (chance < 0.85 && words.length > 0) {
    const word = random.pick(words);
    // A comment that names somebody.
    const text = word === "@" ? `@viewer${1 + random.index(8)}` : word;
    return builder.event("chat", who, tick, { text });
  }
  if (chance < 0.96) return builder.event("chat", who, tick, { text: random.pick(smallTalk) });
  return builder.event(chance < 0.98 ? "follow" : "share", who, tick);
}
