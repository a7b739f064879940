/** docs/tutorial.md: its commands and pieces of code are applied in their order in an empty folder, and what it promises is there. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { aFolder, uproar } from "../server/cli/uproar.ts";

const page = readFileSync(new URL("../../docs/tutorial.md", import.meta.url), "utf8");
const folder = aFolder();
afterAll(() => folder.remove());

/** A block of the page, with the comment in front of it that says where its text belongs. */
interface Block {
  readonly place: string;
  readonly language: string;
  readonly text: string;
}

const blocks = [...page.matchAll(/^(?:<!-- (.+) -->\n)?```(\w+)\n([\s\S]*?)^```$/gm)].map(
  ([, place = "", language, text]): Block => ({ place, language: language!, text: text! }),
);
const fileOf = (name: string) => join(folder.path, name);

/** What the last command printed. */
let said = "";

async function apply({ place, language, text }: Block): Promise<void> {
  if (language === "sh") await runLine(text.trim());
  else if (language === "text") for (const line of text.trim().split("\n")) expect(said).toContain(line);
  else write(place, text);
}

async function runLine(line: string): Promise<void> {
  const [, args = "", fails] = /^npm start -- (.*?)( # fails)?$/.exec(line)!;
  const words = args.split(" ");
  if (words[0] === "--game") {
    const show = uproar([...words, "--port", "0", "--data", "data", "--seed", "7"], { cwd: folder.path });
    const [, base] = await show.prints(/(http:\S+)\/stage\?token=/);
    expect((await fetch(`${base}/health`)).status).toBe(200);
    expect((await fetch(`${base}/views/coin-rush.js`)).status).toBe(200);
    show.process.kill("SIGINT");
    expect((await show.ended).code).toBe(0);
    return;
  }
  const { code, stdout, stderr } = await uproar(words, { cwd: folder.path }).ended;
  said = stdout + stderr;
  expect({ code, said }).toEqual({ code: fails ? 1 : 0, said });
}

function write(place: string, text: string): void {
  const [, end] = /^at the end of (\S+)$/.exec(place) ?? [];
  if (end !== undefined) {
    appendFileSync(fileOf(end), text);
    return;
  }
  const [, name, below] = /^in (\S+), below: (.+)$/.exec(place)!;
  const lines = readFileSync(fileOf(name!), "utf8").split("\n");
  const at = lines.findIndex((line) => line.includes(below!));
  expect(at, `${name} has a line "${below}"`).toBeGreaterThan(-1);
  lines.splice(at + 1, 0, text.replace(/\n$/, ""));
  writeFileSync(fileOf(name!), lines.join("\n"));
}

describe("the tutorial", { timeout: 300_000 }, () => {
  test("can be followed from its first block to its last", async () => {
    expect(blocks.length).toBeGreaterThan(12);
    for (const block of blocks) await apply(block);
  });

  test("leaves a game whose new action stands in schema, rules and README by its one definition", async () => {
    expect(blocks.filter(({ place, text }) => place.endsWith(".ts") && text.includes("defineAction"))).toHaveLength(1);
    const schema = readFileSync(fileOf("coin-rush/rules.schema.json"), "utf8");
    expect(schema).toContain("Brings all coins that are near to the viewer's ball.");
    expect(schema).toContain("How far it reaches, in world units.");
    expect(readFileSync(fileOf("coin-rush/README.md"), "utf8")).toContain("| `magnet` (Magnet) | play, sudden |");
    const rules = readFileSync(fileOf("coin-rush/rules.yaml"), "utf8");
    writeFileSync(fileOf("far.yaml"), rules.replace("    do: magnet", "    do: { magnet: { reach: 601 } }"));
    const { code, stderr } = await uproar(["check", "far.yaml", "--game", "./coin-rush"], { cwd: folder.path }).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringContaining("at most 600") });
  });
});
