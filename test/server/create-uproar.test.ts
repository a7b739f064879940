/** createUproar: games, rules and sources that are made in code, and the sentence for what cannot be. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, describe, expect, test } from "vitest";
import { createUproar, type Uproar, type UproarOptions } from "../../server/index.ts";
import { type AnyGame, defineGame, enterAction } from "../../shared/sdk/index.ts";
import { aFolder } from "./cli/uproar.ts";

const folder = aFolder();
const running: Uproar[] = [];
afterEach(async () => {
  for (const uproar of running.splice(0)) await uproar.stop();
});
afterAll(() => folder.remove());

const rules = (game: string) => `game: ${game}\nrules:\n  - { on: chat, do: enter }\n`;
const aGame = (id: string, changes: object = {}): AnyGame =>
  defineGame({
    id,
    title: id,
    summary: "A small game.",
    world: { width: 1080, height: 1920, gravity: 0, maxEntities: 20 },
    actions: { enter: enterAction },
    create: () => ({}),
    step() {},
    ...changes,
  });

async function started(options: UproarOptions): Promise<Uproar> {
  const uproar = await createUproar({ port: 0, data: join(folder.path, String(running.length)), env: {}, ...options });
  running.push(uproar);
  return uproar;
}
const gameOf = async ({ url }: Uproar) =>
  ((await (await fetch(`${url}/health`)).json()) as { shows: { game: string; rules: { file: string } }[] }).shows[0]!;

describe("createUproar", { timeout: 60_000 }, () => {
  test("plays a game that is an object, by rules that are a text", async () => {
    const uproar = await started({ game: aGame("in-code"), rules: rules("in-code") });
    expect(await gameOf(uproar)).toMatchObject({ game: "in-code", rules: { file: "rules.yaml" } });
    expect(uproar.stageUrl).toBe(`${uproar.url}/stage?token=${uproar.tokens.stage}`);
    expect({ phase: uproar.phase.name, resumed: uproar.isResumed, trouble: uproar.trouble }).toEqual({
      ...{ phase: "lobby", resumed: false, trouble: "" },
    });
  });

  test("lets games of both kinds take turns", async () => {
    const file = join(folder.path, "turns.yaml");
    writeFileSync(file, rules("in-turns"));
    const uproar = await started({ playlist: [{ game: aGame("in-turns"), rules: file, rounds: 2 }, "last-ball"] });
    expect((await gameOf(uproar)).game).toBe("in-turns");
  });

  test.each<[string, UproarOptions, RegExp]>([
    ["an unknown game", { game: "last-bal" }, /^There is no game "last-bal", .* Did you mean "last-ball"\?/],
    [
      "a game without rules",
      { game: aGame("ruleless") },
      /^The game "ruleless" comes without a rule file: give its path or its text as "rules"\.$/,
    ],
    [
      "a game that is none",
      { game: { id: "Odd" } as AnyGame, rules: rules("x") },
      /^game "Odd" declares no game that can be played:\n {2}id: must be small letters/,
    ],
    [
      "a game that throws",
      {
        game: aGame("bad", {
          create: () => {
            throw new Error("oh no");
          },
        }),
        rules: rules("bad"),
      },
      /^game "bad": the game cannot begin\. .*oh no\.$/,
    ],
    ["rules for another game", { rules: rules("chess") }, /rules\.yaml:1:\d+ {2}RULES_WRONG_GAME/],
    ["a port that is none", { port: 70_000 }, /^port: must be 0 to 65535\.$/],
    ["an option that is none", { prot: 1 } as UproarOptions, /^prot: /],
    ["an unknown source", { sources: ["tiktol"] }, /^There is no source "tiktol"\./],
  ])("refuses %s", async (_, options, sentence) => {
    await expect(started(options)).rejects.toThrow(sentence);
  });
});
