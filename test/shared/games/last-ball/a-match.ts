/** Builds a show of Last Ball that tests step by hand, with its own record at hand. */
import type { LiveEvent } from "../../../../shared/events/live-event.ts";
import { defineGame } from "../../../../shared/game/define.ts";
import type { PhaseName } from "../../../../shared/game/phases.ts";
import game from "../../../../shared/games/last-ball/game.ts";
import type { LastBallOptions } from "../../../../shared/games/last-ball/options.ts";
import type { LastBall, Player, Show } from "../../../../shared/games/last-ball/state.ts";
import { compileRules, oneFile } from "../../../../shared/rules/compile.ts";
import type { CompiledRules } from "../../../../shared/rules/compiled.ts";
import { createSimulation } from "../../../../shared/sim/simulation.ts";
import type { Effect } from "../../../../shared/world/effect.ts";
import { aChat } from "../../../support/events.ts";

type Options = { [K in keyof LastBallOptions]?: LastBallOptions[K] extends object ? object : LastBallOptions[K] };

const ruleText = `
teams: { Cyan: [cyan], Pink: [pink], Lime: [lime], Gold: [gold] }
rules:
  - { on: chat, do: enter }
  - { on: like, do: { enter: { returns: false } } }
  - { on: chat, command: dash, cooldown: { viewer: 4s }, do: dash }
  - { on: chat, command: guard, do: guard }
  - { on: chat, command: "@", do: aim }
  - { on: likes, every: 200, do: pulse }
  - { on: follow, do: rimSave }
  - { on: share, do: extraLife }
  - { on: subscribe, do: badge }
  - { on: gift, do: enter }
  - { on: gift, tier: T1, do: grow }
  - { on: gift, tier: T2, do: { spikes: {}, lasts: { for: 6s, again: extend, upTo: 18s } } }
  - { on: gift, tier: T3, do: shockwave }
  - { on: gift, tier: T4, do: ring }
  - { on: gift, tier: T5, do: giant }
  - { on: gift, tier: T6, do: meteors }
`;

/** Rules with these options; fails loudly when they do not compile. */
export function someRules(options: Options = {}): CompiledRules {
  const result = compileRules(oneFile(`game: last-ball\noptions: ${JSON.stringify(options)}\n${ruleText}`), game);
  if (!result.ok) throw new Error(JSON.stringify(result.problems));
  return result.rules;
}

/** A show at tick 0. Without other options: no bots, a lobby of 2 s, a countdown of 1 s. */
export function aMatch(options: Options = {}, seed = 1) {
  const rules = someRules({ lobbySeconds: 2, countdownSeconds: 1, bots: { fillTo: 0 }, ...options });
  let record: LastBall | undefined;
  let context: Show | undefined;
  const watched = defineGame({
    ...game,
    create(show) {
      context = show;
      record = game.create(show);
      return record;
    },
  });
  const simulation = createSimulation({ playlist: [{ game: watched, rules }], seed });
  const effects: Effect[] = [];
  const step = (...events: LiveEvent[]) => {
    effects.push(...simulation.step(events).effects);
  };
  const match = {
    simulation,
    game: record!,
    show: context!,
    /** Every effect so far. */
    effects,
    step,
    run(ticks: number) {
      for (let i = 0; i < ticks; i++) step();
    },
    /** Steps until the phase begins; fails after ten minutes of show. */
    until(phase: PhaseName) {
      const end = simulation.world.tick + 36_000;
      do {
        step();
        if (simulation.world.tick > end) throw new Error(`${phase} never came`);
      } while (simulation.phase.name !== phase);
    },
    /** Play, with the rim open. */
    toOpenPlay() {
      match.until("play");
      record!.rimOpensAtTick = 0;
    },
    /** Lets somebody comment; returns their id. */
    add(id: string): string {
      step(aChat("hi", id));
      return id;
    },
    player: (id: string): Player => {
      const found = context!.players.get(`tiktok:${id}`);
      if (!found) throw new Error(`${id} is not enrolled`);
      return found;
    },
    /** Puts a ball at rest, measured from the middle of the platform. */
    place(id: string, dx: number, dy: number) {
      const { body } = match.player(id);
      simulation.world.setPosition(body!, 485 + dx, 1010 + dy);
      simulation.world.setVelocity(body!, 0, 0);
    },
    /** Throws a ball over the rim, `by` blamed for it. */
    throwOut(id: string, by = "") {
      const player = match.player(id);
      player.shieldUntil = 0;
      if (by) {
        player.lastHitBy = `tiktok:${by}`;
        player.lastHitTick = simulation.world.tick;
      }
      simulation.world.setPosition(player.body!, 485, 1010 + record!.arena.radius + 60);
    },
    badges: () => effects.filter(({ kind }) => kind === "badge").map(({ text }) => text),
    kinds: () => effects.map(({ kind }) => kind),
    words: () => simulation.feed.map(({ name, words }) => `${name} ${words}`.trim()),
  };
  return match;
}
