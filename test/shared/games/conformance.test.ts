/** Every game that comes with Uproar keeps what a game must keep, and its README's tables are those of its declaration. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { gamesFolder, shippedGameIds } from "../../../server/game-places.ts";
import { loadGame } from "../../../server/games.ts";
import { testGame } from "../../../shared/sdk/conformance.ts";
import { readmeWithTables } from "../../../shared/sdk/tables.ts";

/** A check plays up to some minutes of show; a machine that is busy with other tests takes its time. */
const longMs = 240_000;

for (const id of shippedGameIds()) {
  const game = await loadGame(id);
  const textOf = (name: string) => readFileSync(join(gamesFolder, id, name), "utf8");
  describe(id, () => {
    testGame({ game, rules: textOf("rules.yaml"), test: (name, run) => it(name, run, longMs) });

    it("has a README with the tables of its declaration; if not, run: npm run schema", () => {
      const readme = textOf("README.md");
      expect(readmeWithTables(readme, game)).toBe(readme);
    });
  });
}
