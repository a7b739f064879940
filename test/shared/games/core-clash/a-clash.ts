/** Builds a show of Core Clash that tests step by hand, with its own record at hand. */
import { readFileSync } from "node:fs";
import game from "../../../../shared/games/core-clash/game.ts";
import { depthOf, homeY, middleX } from "../../../../shared/games/core-clash/lane.ts";
import type { CoreClashOptions } from "../../../../shared/games/core-clash/options.ts";
import type { CoreClash, Player, Show, TeamNumber } from "../../../../shared/games/core-clash/state.ts";
import { createTestShow } from "../../../../shared/sdk/test-show.ts";

type Options = { [K in keyof CoreClashOptions]?: CoreClashOptions[K] extends object ? object : CoreClashOptions[K] };

const ruleFile = readFileSync(new URL("../../../../shared/games/core-clash/rules.yaml", import.meta.url), "utf8");
/** The game's rules without their own tests, which would run for each show. */
const ruleText = ruleFile.slice(0, ruleFile.indexOf("\ntests:"));
export const second = 60;

/** A show at tick 0, by the game's own rules. Without other options: no bots, a lobby of 2 s, a countdown of 1 s. */
export function aClash(options: Options = {}, seed = 1) {
  const show = createTestShow<CoreClash>({
    game,
    rules: ruleText,
    options: { lobbySeconds: 2, countdownSeconds: 1, bots: { fillTo: 0 }, ...options },
    seed,
  });
  const clash = {
    show,
    game: show.game,
    context: show.context as Show,
    team: (team: TeamNumber) => show.game.teams[team],
    core: () => {
      if (!show.game.core) throw new Error("there is no core now");
      return show.game.core;
    },
    player(who: string): Player {
      const found = clash.context.players.get(`tiktok:${who}`);
      if (!found) throw new Error(`${who} is not enrolled`);
      return found;
    },
    /** Lets people come, then plays: the first is Cyan, the second Pink, and so on. Their first words have flown, the core is at rest. */
    play(...people: string[]) {
      for (const who of people) {
        show.chat(who, "hi");
        show.run();
      }
      show.run(second);
      show.skipTo("play");
      show.run(second);
      clash.putCore(1, 0);
      show.forget();
      return clash;
    },
    /** Puts the core at rest, so deep in a team's half. */
    putCore(team: TeamNumber, depth: number, x = 0) {
      show.world.setPosition(clash.core(), middleX + x, homeY(team, depth));
      show.world.setVelocity(clash.core(), 0, 0);
    },
    depth: (team: TeamNumber) => depthOf(team, clash.core().y),
    /** Lets a team score. */
    goalFor(team: TeamNumber) {
      show.until(() => show.game.core !== undefined, 5 * second);
      clash.putCore(team === 1 ? 2 : 1, 295);
      show.run();
    },
    effects: (kind: string) => show.effects.filter((effect) => effect.kind === kind),
    kinds: () => show.effects.map(({ kind }) => kind),
    words: () => show.feed.map(({ name, words }) => `${name} ${words}`.trim()),
    shots: (kind = "") => show.game.shots.filter(({ entity }) => kind === "" || entity.kind === kind),
  };
  return clash;
}
