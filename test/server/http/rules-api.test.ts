/** /api/rules and /rules/<game>.schema.json over a real socket, in front of a real file. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import express from "express";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createRuleSchemas } from "../../../server/http/rule-schemas.ts";
import { createRulesApi } from "../../../server/http/rules-api.ts";
import { createLiveRules, type LiveRules } from "../../../server/live-rules.ts";
import { compileRead, readRuleFiles } from "../../../server/rule-files.ts";
import type { CompiledRules } from "../../../shared/rules/compiled.ts";
import { compileInPlace } from "../../support/compile-in-place.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { tinyGame } from "../../support/tiny-game.ts";

const first = "game: tiny # mine\ninclude: base.yaml\nrules:\n  - { id: hello, on: chat, do: wave }\n";
const better = first.replace("do: wave", "do: jump");
const broken = first.replace("do: wave", "do: wve");
let folder: string;
let live: LiveRules;
let changed: CompiledRules[];
let url: string;
let end: () => Promise<void>;

const onDisk = () => readFileSync(join(folder, "rules.yaml"), "utf8");

async function begin(isShipped = false): Promise<void> {
  const path = join(folder, "rules.yaml");
  const read = readRuleFiles(path, "--rules");
  const compiled = compileRead(read, tinyGame);
  if (!compiled.ok) throw new Error(JSON.stringify(compiled.problems));
  changed = [];
  live = createLiveRules({
    loaded: { path, shown: "rules.yaml", isShipped, read, rules: compiled.rules, problems: compiled.problems },
    compiler: compileInPlace(tinyGame),
    change: (rules) => changed.push(rules),
    seenGifts: async () => [],
    log: () => undefined,
    clock: createManualClock(),
  });
  const http = createServer(
    express()
      .use("/api/rules", createRulesApi({ of: (game) => (game === "" || game === "tiny" ? live : undefined) }))
      .use("/rules", createRuleSchemas()),
  );
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  end = async () => {
    await live.stop();
    http.closeAllConnections();
    await new Promise((resolve) => http.close(resolve));
  };
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "uproar-rules-api-"));
  writeFileSync(join(folder, "rules.yaml"), first);
  writeFileSync(join(folder, "base.yaml"), "game: tiny\nrules:\n  - { id: base, on: gift, do: wave }\n");
  await begin();
});
afterEach(async () => {
  await end();
  rmSync(folder, { recursive: true, force: true });
});

const put = async (body: string | Buffer, type = "text/yaml") => {
  const headers: Record<string, string> = type === "" ? {} : { "content-type": type };
  const response = await fetch(`${url}/api/rules`, { method: "PUT", body: new Uint8Array(Buffer.from(body)), headers });
  return { status: response.status, body: await response.json() };
};

test.each(["GET", "PUT"])("%s for a game that the show does not play says so", async (method) => {
  const response = await fetch(`${url}/api/rules?game=other`, { method });
  expect([response.status, await response.json()]).toEqual([404, { error: "The show does not play this game." }]);
  expect((await fetch(`${url}/api/rules?game=tiny`)).status).toBe(200);
});

test("GET tells the rules that are played, with every file", async () => {
  expect(await (await fetch(`${url}/api/rules`)).json()).toEqual({
    game: "tiny",
    file: "rules.yaml",
    loadedAt: live.status().loadedAt,
    rules: 2,
    problems: [],
    files: { "rules.yaml": first, "base.yaml": expect.stringContaining("id: base") },
  });
});

describe("PUT", () => {
  test.each<[string, string]>([
    ["text/yaml", better],
    ["text/plain; charset=utf-8", better],
    ["application/yaml", better],
    ["application/json", JSON.stringify({ text: better })],
  ])("of %s writes the file and plays it", async (type, body) => {
    expect(await put(body, type)).toMatchObject({
      status: 200,
      body: { file: "rules.yaml", rules: 2, problems: [], changes: { changed: ["hello"], added: [], gone: [] } },
    });
    expect(onDisk()).toBe(better);
    expect(changed.map(({ rules }) => rules.length)).toEqual([2]);
  });

  test.each<[string, string | Buffer, string, number, RegExp]>([
    ["broken rules", broken, "text/yaml", 422, /RULES_UNKNOWN_ACTION/],
    ["rules for another game", first.replace("tiny", "chess"), "text/yaml", 422, /RULES_WRONG_GAME/],
    ["an include that is not there", first.replace("base", "nowhere"), "text/yaml", 422, /RULES_INCLUDE/],
    ["an include outside the folder", first.replace("base", "../base"), "text/yaml", 422, /RULES_INCLUDE/],
    ["bytes that are no text", Buffer.from([0x67, 0xff]), "text/yaml", 422, /RULES_ENCODING/],
    ["nothing", "", "text/yaml", 422, /RULES_/],
    ["no type", better, "", 415, /text\/yaml/],
    ["a form", better, "application/x-www-form-urlencoded", 415, /text\/yaml/],
    ["JSON that is none", "{", "application/json", 400, /text/],
    ["JSON of another form", '{"rules": 1}', "application/json", 400, /text/],
    ["a megabyte and one byte", `${better}${"#".repeat(1_000_001 - better.length)}`, "text/yaml", 413, /1 MB/],
  ])("of %s changes nothing", async (_what, body, type, status, reason) => {
    const answer = await put(body, type);
    expect([answer.status, answer.body.error]).toEqual([status, expect.any(String)]);
    expect(JSON.stringify(answer.body)).toMatch(reason);
    expect([onDisk(), changed]).toEqual([first, []]);
    expect(readdirSync(folder).sort()).toEqual(["base.yaml", "rules.yaml"]);
  });

  test("of ten megabytes is refused before it is read", async () => {
    const response = await fetch(`${url}/api/rules`, {
      method: "PUT",
      body: new Uint8Array(10_000_000),
      headers: { "content-type": "text/yaml" },
    });
    expect(response.status).toBe(413);
  });

  test("says every problem with its place", async () => {
    const { body } = await put(`${broken}  - { on: chatt, do: jump }\n`);
    expect(body.problems).toMatchObject([
      { file: "rules.yaml", line: 4, code: "RULES_UNKNOWN_ACTION", severity: "error" },
      { file: "rules.yaml", line: 5, code: "RULES_UNKNOWN_TRIGGER" },
    ]);
  });

  test("at the same time: all are answered, and file and show agree on one", async () => {
    const texts = Array.from({ length: 8 }, (_, i) => first.replace("hello", `hello${i}`));
    const answers = await Promise.all(texts.map((text) => put(text)));
    expect(answers.map(({ status }) => status)).toEqual(texts.map(() => 200));
    expect(changed.length).toBe(8);
    expect(changed.at(-1)!.files.texts.get("rules.yaml")).toBe(onDisk());
  });

  test("is refused for rules that came with the game, with the way to have own ones", async () => {
    await end();
    await begin(true);
    expect(await put(better)).toMatchObject({ status: 409, body: { error: expect.stringContaining("new rules") } });
    expect(onDisk()).toBe(first);
  });
});

describe("/rules/<game>.schema.json", () => {
  test("is a JSON Schema that may be kept and asked for again", async () => {
    const response = await fetch(`${url}/rules/last-ball.schema.json`);
    expect([response.status, response.headers.get("cache-control")]).toEqual([200, "public, max-age=300"]);
    expect(await response.json()).toMatchObject({ $schema: expect.stringContaining("draft-07") });
    // fetch would ask for no cached answer at all.
    const headers = { "if-none-match": response.headers.get("etag")!, "cache-control": "max-age=0" };
    expect((await fetch(`${url}/rules/last-ball.schema.json`, { headers })).status).toBe(304);
  });

  test.each(["chess.schema.json", "last-ball.json", "..%2f..%2fpackage.json", "__proto__.schema.json"])(
    "%s is not there; the answer lists those that are",
    async (name) => {
      const response = await fetch(`${url}/rules/${name}`);
      expect(response.status).toBe(404);
      expect(await response.json()).toMatchObject({
        schemas: expect.arrayContaining(["/rules/last-ball.schema.json"]),
      });
    },
  );
});
