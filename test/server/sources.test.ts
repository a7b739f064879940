/** Choosing sources: what `--source` and `--backup-source` can say, and what each mistake is told. */
import { describe, expect, it } from "vitest";
import { chooseSources, sourceIds } from "../../server/sources.ts";
import { someSettings } from "../support/source.ts";

const env = { TIKTOOL_API_KEY: "tk_1", EULER_API_KEY: "k" };
const settings = someSettings({ user: "ana", env });
const choose = async (wanted: string[], backup = "") => {
  const chosen = await chooseSources(wanted, backup, settings);
  return chosen.map(({ source, settings: own, backup: second }) =>
    [source.id, own.user, ...(second ? [second.source.id, second.settings.user] : [])].join(" "),
  );
};

describe("sources are chosen", () => {
  it.each<[string[], string, string[]]>([
    [[], "", ["simulated ana"]],
    [["tiktool"], "", ["tiktool ana"]],
    [["tiktool:@ben"], "", ["tiktool ben"]],
    [["tiktool", "tiktool:ben"], "", ["tiktool ana", "tiktool ben"]],
    [["tiktool", "tikfinity"], "", ["tiktool ana", "tikfinity ana"]],
    [["tiktool", "twitch:ana_live"], "", ["tiktool ana", "twitch ana_live"]],
    [["tiktool"], "euler", ["tiktool ana euler ana"]],
    [["twitch:x", "tiktool:ben"], "tikfinity:ben", ["twitch x", "tiktool ben tikfinity ben"]],
  ])("%j with %j standing by", async (wanted, backup, expected) => {
    expect(await choose(wanted, backup)).toEqual(expected);
  });
});

describe("what cannot be", () => {
  it.each<[string[], string, string]>([
    [["tiktol"], "", 'There is no source "tiktol". Did you mean "tiktool"?'],
    [["tiktool:"], "", "--source tiktool: TikTool needs the streamer's name"],
    [["tiktool", "tiktool"], "", "--source tiktool is given twice for @ana"],
    [["tiktool:ben", "tiktool:@ben"], "", "--source tiktool is given twice for @ben"],
    [["tiktool"], "eule", 'There is no source "eule"'],
    [["tiktool"], "euler:", "--backup-source euler:"],
    [["tiktool"], "tiktool:ben", "--backup-source tiktool is the same provider as --source tiktool"],
    [
      ["twitch:x"],
      "euler",
      "--backup-source euler stands by for one source of the same platform (tiktok), and none is",
    ],
    [["tiktool:a", "tikfinity"], "euler", "and 2 are given with --source"],
    [[], "euler", "and none is given with --source"],
    [["recording:nowhere.ndjson"], "", "--source recording: The recording nowhere.ndjson cannot be read"],
  ])("%j with %j: %s", async (wanted, backup, message) => {
    await expect(choose(wanted, backup)).rejects.toThrow(message);
  });
});

it("every source says who it is and what it is in one line", async () => {
  const ids = sourceIds();
  expect(ids).toEqual(expect.arrayContaining(["tiktool", "euler", "tikfinity", "recording", "simulated"]));
  for (const id of ids) {
    const module = (await import(`../../server/sources/${id}.ts`)) as { default: { id: string; summary: string } };
    expect(module.default.id).toBe(id);
    expect(module.default.summary).toMatch(/^\S.{10,140}[^.\n]$/);
  }
});
