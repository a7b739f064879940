/** A game played by a made-up audience, looked at after every tick: no number may be broken, no limit passed, nothing thrown. */

import { phaseSeconds, ticksOf } from "../game/phases.ts";
import { type Audience, createAudience } from "./audience.ts";
import type { CheckedGame } from "./checked-game.ts";
import { must, rulesOf } from "./checked-game.ts";
import { createTestShow, type TestShow } from "./test-show.ts";

export interface Playing {
  readonly show: TestShow;
  readonly audience: Audience;
  /** One tick with what the audience does in it. */
  step(): void;
  /** Plays until so many rounds are over. Throws when one lasts longer than it may. */
  playRounds(count: number): void;
}

export interface PlayedBy {
  readonly viewers: number;
  readonly givers?: number;
  readonly seed?: number;
}

/** Ticks between two looks at everything; each tick is looked at in little. */
const lookTicks = 60;
/** A round may last so much longer than its phases say: extensions, waiting for a second player. */
const patience = 2;
const extraTicks = 3600;

/** Creates a show of this game for so many viewers. */
export function played(checked: CheckedGame, { viewers, givers = 0, seed = 7 }: PlayedBy): Playing {
  const { game, rules: text } = checked;
  const { rules } = rulesOf(checked);
  const show = createTestShow({ game, rules: text, seed });
  const audience = createAudience({ viewers, givers, rules, seed });
  const seconds = phaseSeconds(game.phases, rules.options);
  const wholeTicks = Object.values(seconds).reduce((sum, one) => sum + ticksOf(one), 0);
  const step = () => {
    for (const event of audience.at(show.tick)) show.send(event);
    show.run();
    show.forget();
    if (show.tick % lookTicks === 0) look(checked, show);
  };
  const playing: Playing = {
    show,
    audience,
    step,
    playRounds(count) {
      const goal = show.rounds.length + count;
      let left = wholeTicks * patience + extraTicks;
      let known = show.rounds.length;
      while (show.rounds.length < goal) {
        must(
          left-- > 0,
          () => `round ${show.round} does not end: it is still in ${show.phase} after ${show.tick} ticks`,
        );
        step();
        if (show.rounds.length === known) continue;
        known = show.rounds.length;
        left = wholeTicks * patience + extraTicks;
      }
    },
  };
  return playing;
}

function look({ game }: CheckedGame, { world, simulation, context }: TestShow): void {
  const bodies = new Set<string>();
  for (const { kind, viewer, x, y, vx, vy, motion } of world.entities.values()) {
    must([x, y, vx, vy].every(Number.isFinite), () => `a ${kind} has a place or speed that is no number`);
    const isFar = Math.abs(x) > world.width * 4 || Math.abs(y) > world.height * 4;
    must(
      motion !== "dynamic" || !isFar,
      () => `a ${kind} has left the world: it is at ${Math.round(x)}, ${Math.round(y)}`,
    );
    // What stands may show a face, too: a seat beside the play, a monument.
    if (viewer === "" || motion === "fixed") continue;
    must(!bodies.has(viewer), () => `${viewer} has two bodies`);
    bodies.add(viewer);
  }
  must(world.entities.size <= game.world.maxEntities, () => `there are ${world.entities.size} entities`);
  must(world.counters.broken === 0, () => "a body was taken out because its place was no number");
  must(world.counters.refused === 0, () => `the world was full: ${world.counters.refused} bodies found no room`);
  const hud = simulation.hud();
  must(hud.headline.length <= 40, () => `the headline is longer than 40 characters: "${hud.headline}"`);
  for (const key of [hud.leader, ...hud.podium]) {
    must(key === "" || context.crowd.get(key) !== undefined, () => `the HUD names "${key}", whom nobody knows`);
  }
  for (const [name, value] of Object.entries(simulation.props())) {
    must(Number.isFinite(value), () => `the prop ${name} is no number`);
  }
}
