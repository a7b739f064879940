/** `new rules FILE`: a copy of a game's rules, that editors understand where it lies. */
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, describe, expect, it, test } from "vitest";
import { schemaPath } from "../../../server/cli/new-rules.ts";
import { aFolder, uproar } from "./uproar.ts";

const folder = aFolder();
afterAll(() => folder.remove());
const game = fileURLToPath(new URL("../../../shared/games/last-ball/", import.meta.url));
const shipped = readFileSync(join(game, "rules.yaml"), "utf8");
const schema = join(game, "rules.schema.json");
const withoutFirstLine = (text: string) => text.replace(/^# yaml-language-server: .*\n/, "");

describe("new rules", { timeout: 30_000 }, () => {
  it("copies the game's rules, and names the schema from where the copy lies", async () => {
    const cwd = join(folder.path, "mine");
    mkdirSync(cwd);
    const { code, stdout, stderr } = await uproar(["new", "rules", "my-rules.yaml"], { cwd }).ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const text = readFileSync(join(cwd, "my-rules.yaml"), "utf8");
    expect(withoutFirstLine(text)).toBe(withoutFirstLine(shipped));
    const [, path] = /^# yaml-language-server: \$schema=(\.\.\/\S+)\n/.exec(text)!;
    expect(resolve(cwd, path!)).toBe(schema);
    expect(stdout.trim().split("\n")).toEqual([
      expect.stringMatching(/^my-rules\.yaml has the rules of Last Ball\. Edit it;/),
      "Play it: npm start -- --rules my-rules.yaml",
    ]);
    expect((await uproar(["check", "my-rules.yaml"], { cwd }).ended).code).toBe(0);
  });

  it("takes the game that is asked for", async () => {
    const { stderr } = await uproar(["new", "rules", join(folder.path, "x.yaml"), "--game", "last-bal"]).ended;
    expect(stderr).toContain(
      'There is no game "last-bal", and no package of that name is installed here. Did you mean "last-ball"? Games: ',
    );
    expect(existsSync(join(folder.path, "x.yaml"))).toBe(false);
  });

  it("quotes a name with a space", async () => {
    const file = join(folder.path, "my shows", "my rules.yaml");
    mkdirSync(dirname(file));
    const { stdout } = await uproar(["new", "rules", file]).ended;
    expect(stdout).toContain(`--rules "${file}"\n`);
    // The folder's own name does not stand in a path that leads up from it.
    expect(readFileSync(file, "utf8")).toMatch(/^# yaml-language-server: \$schema=\.\.\/\S+\n/);
  });

  const existing = join(folder.path, "mine.yaml");
  const locked = join(folder.path, "locked");
  test.each<[string, () => string, RegExp]>([
    [
      "a file that exists",
      () => existing,
      /mine\.yaml exists already and was left as it is\. Choose another name\.\n$/,
    ],
    ["a folder", () => folder.path, /exists already and was left as it is/],
    [
      "a folder that does not exist",
      () => join(folder.path, "nowhere", "a.yaml"),
      /^There is no folder .*nowhere\. Make it first, or choose a file in a folder that exists\.\n$/,
    ],
    ["a file as folder", () => join(existing, "a.yaml"), /^There is no folder .*mine\.yaml\. Make it first/],
    ["a name that is too long", () => `${"a".repeat(300)}.yaml`, /cannot be written \(ENAMETOOLONG\)\. Choose another/],
  ])("refuses %s", async (_, file, expected) => {
    writeFileSync(existing, "game: last-ball\n");
    const { code, stdout, stderr } = await uproar(["new", "rules", file()]).ended;
    expect(stderr).toMatch(expected);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "" });
    expect(readFileSync(existing, "utf8")).toBe("game: last-ball\n");
  });

  // Root may write everywhere.
  test("refuses a folder in which nothing may be written", { skip: process.getuid?.() === 0 }, async () => {
    mkdirSync(locked);
    chmodSync(locked, 0o500);
    const { code, stderr } = await uproar(["new", "rules", join(locked, "a.yaml")]).ended;
    expect(stderr).toMatch(/^You may not write in .*locked\. Choose a file in a folder of your own\.\n$/);
    expect(code).toBe(1);
  });

  test.each([
    [["new"], /Usage: uproar new/],
    [["new", "rules"], /missing required argument 'file'/],
    [["new", "rule", "x.yaml"], /unknown command 'rule'/],
    [["new", "rules", "x.yaml", "--gmae", "y"], /unknown option '--gmae'/],
  ])("%j says what is missing, without a stack", async (args, expected) => {
    const { code, stderr } = await uproar(args).ended;
    expect(stderr).toMatch(expected);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });
});

test.each([
  ["/shows", "/shows/rules.schema.json", "./rules.schema.json"],
  ["/shows/mine", "/uproar/game/rules.schema.json", "../../uproar/game/rules.schema.json"],
  ["/shows", "/my uproar/rules.schema.json", "file:///my%20uproar/rules.schema.json"],
  ["/shows", "/uproar#2/50%/rules.schema.json", "file:///uproar%232/50%25/rules.schema.json"],
])("from %s the schema %s is %s", (from, to, path) => expect(schemaPath(from, to)).toBe(path));

test("on Windows, a schema on another drive has its whole address", { skip: process.platform !== "win32" }, () => {
  expect(schemaPath("D:\\shows", "C:\\uproar\\rules.schema.json")).toBe(
    pathToFileURL("C:\\uproar\\rules.schema.json").href,
  );
});
