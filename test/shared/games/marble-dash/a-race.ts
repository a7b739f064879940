/** Builds a show of Marble Dash that tests step by hand, with its record at hand, on a track of their own choice. */
import { readFileSync } from "node:fs";
import game from "../../../../shared/games/marble-dash/game.ts";
import type { ModuleName } from "../../../../shared/games/marble-dash/modules.ts";
import type { MarbleDashOptions } from "../../../../shared/games/marble-dash/options.ts";
import type { MarbleDash, Runners, Show } from "../../../../shared/games/marble-dash/state.ts";
import { createTestShow } from "../../../../shared/sdk/test-show.ts";

/** The game's own rule file. */
export const shippedRules = readFileSync(
  new URL("../../../../shared/games/marble-dash/rules.yaml", import.meta.url),
  "utf8",
);

type Options = { [K in keyof MarbleDashOptions]?: MarbleDashOptions[K] | object | string };

/** A show at tick 0. Without other options: no bots, a lobby of 2 s, a countdown of 1 s, an easy track of 4 screens. */
export function aRace(options: Options = {}, seed = 1) {
  const show = createTestShow<MarbleDash>({
    game,
    rules: shippedRules,
    options: { lobbySeconds: 2, countdownSeconds: 1, track: "easy", screens: 4, bots: { fillTo: 0 }, ...options },
    seed,
  });
  const context = show.context as Show;
  const race = {
    show,
    context,
    record: show.game,
    player(id: string): Runners {
      const found = context.players.get(`tiktok:${id}`);
      if (!found) throw new Error(`${id} is not enrolled`);
      return found;
    },
    body(id: string) {
      const { body } = race.player(id);
      if (!body) throw new Error(`${id} has no marble`);
      return body;
    },
    /** Lets people comment, and waits until they race, and a moment longer. */
    start(...ids: string[]) {
      for (const id of ids) show.chat(id, "hi");
      show.run();
      show.skipTo("play");
      show.run(2);
    },
    /** Puts a marble at rest. */
    place(id: string, x: number, y: number) {
      const { world } = context;
      world.setPosition(race.body(id), x, y);
      world.setVelocity(race.body(id), 0, 0);
    },
    /** Where a module of the track begins; fails when it is not in it. */
    sectionOf(name: ModuleName) {
      const section = show.game.track?.sections.find(({ module }) => module === name);
      if (!section) throw new Error(`the track has no ${name}`);
      return section;
    },
    kinds: () => show.effects.map(({ kind }) => kind),
    words: () => show.feed.map(({ name, words }) => `${name} ${words}`.trim()),
  };
  return race;
}
