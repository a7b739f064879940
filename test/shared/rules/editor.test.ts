/** What a person sees who edits a rule file: the language server that VS Code's YAML extension runs finds the schema by the first line. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { schemaPath } from "../../../server/cli/new-rules.ts";
import lastBall from "../../../shared/games/last-ball/game.ts";
import { ruleFileJsonSchema } from "../../../shared/rules/json-schema.ts";
import { triggerNames, triggers } from "../../../shared/rules/triggers.ts";
import { aFolder } from "../../server/cli/uproar.ts";

interface Completion {
  label: string;
  insertText?: string;
  documentation?: string | { value: string };
}
interface Diagnostic {
  range: { start: { line: number; character: number } };
  message: string;
}

/** Settings it asks for: "yaml", "http", "[yaml]", "editor". Its list of schemas for well-known files is on the network; tests stay off it. */
const settings = [{ schemaStore: { enable: false } }, {}, {}, {}];

/** The language server as a process, with the little of its protocol that is needed here. */
function createLanguageServer(process: ChildProcess) {
  const answers = new Map<number, (result: unknown) => void>();
  const told = new Map<string, (params: { diagnostics: Diagnostic[] }) => void>();
  let lastId = 0;
  let buffer = Buffer.alloc(0);
  const send = (message: object) => {
    const body = JSON.stringify({ jsonrpc: "2.0", ...message });
    process.stdin!.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
  };
  const take = (message: {
    id?: number;
    method?: string;
    params?: { uri: string; diagnostics: Diagnostic[] };
    result?: unknown;
  }) => {
    if (message.method === "textDocument/publishDiagnostics") told.get(message.params!.uri)?.(message.params!);
    else if (message.method === "workspace/configuration") send({ id: message.id, result: settings });
    else if (message.method && message.id !== undefined) send({ id: message.id, result: null });
    else if (message.id !== undefined) answers.get(message.id)?.(message.result);
  };
  process.stdout!.on("data", (chunk: Buffer) => {
    buffer = Buffer.concat([buffer, chunk]);
    for (;;) {
      const head = /^Content-Length: (\d+)\r\n(?:.+\r\n)*\r\n/.exec(buffer.toString("latin1"));
      const end = head ? head[0].length + Number(head[1]) : Number.POSITIVE_INFINITY;
      if (buffer.length < end) return;
      const body = buffer.subarray(head![0].length, end).toString();
      buffer = buffer.subarray(end);
      take(JSON.parse(body));
    }
  });
  const request = (method: string, params: object): Promise<unknown> => {
    const id = ++lastId;
    send({ id, method, params });
    return new Promise((resolve) => answers.set(id, resolve));
  };
  return { request, notify: (method: string, params: object) => send({ method, params }), told };
}

const folder = aFolder();
const shows = join(folder.path, "shows");
const schema = join(folder.path, "uproar", "rules.schema.json");
const entry = fileURLToPath(import.meta.resolve("yaml-language-server")).replace(
  /out\/src\/index\.js$/,
  "bin/yaml-language-server",
);
const child = spawn(process.execPath, [entry, "--stdio"], { stdio: ["pipe", "pipe", "inherit"] });
const server = createLanguageServer(child);

beforeAll(async () => {
  mkdirSync(shows);
  mkdirSync(dirname(schema));
  writeFileSync(schema, JSON.stringify(ruleFileJsonSchema(lastBall)));
  const markdown = ["markdown"];
  await server.request("initialize", {
    processId: process.pid,
    rootUri: pathToFileURL(shows).href,
    capabilities: {
      textDocument: {
        completion: { completionItem: { documentationFormat: markdown, snippetSupport: true } },
        hover: { contentFormat: markdown },
      },
    },
  });
  server.notify("initialized", {});
});
afterAll(() => {
  child.kill();
  folder.remove();
});

const firstLine = `# yaml-language-server: $schema=${schemaPath(shows, schema)}\n`;
let files = 0;

/** Opens a rule file of its own; "|" in the text is where the person's cursor is. */
const open = (body: string, first = firstLine) =>
  openAs(pathToFileURL(join(shows, `${++files}.yaml`)).href, `${first}game: last-ball\n${body}`);

function openAs(uri: string, text: string) {
  const before = text.split("|")[0]!.split("\n");
  const position = { line: before.length - 1, character: before.at(-1)!.length };
  const diagnostics = new Promise<Diagnostic[]>((resolve) =>
    server.told.set(uri, (params) => resolve(params.diagnostics)),
  );
  server.notify("textDocument/didOpen", {
    textDocument: { uri, languageId: "yaml", version: 1, text: text.replace("|", "") },
  });
  return { at: { textDocument: { uri }, position }, diagnostics };
}

/** What is offered at the cursor, each with its sentence. */
async function offered(body: string, first?: string): Promise<Record<string, string>> {
  const { at } = open(body, first);
  const { items } = (await server.request("textDocument/completion", at)) as { items: Completion[] };
  const sentence = ({ documentation }: Completion) =>
    typeof documentation === "string" ? documentation : (documentation?.value ?? "");
  return Object.fromEntries(items.map((item) => [item.label, sentence(item)]));
}

async function hover(body: string): Promise<string> {
  const answer = (await server.request("textDocument/hover", open(body).at)) as { contents: { value: string } } | null;
  return answer?.contents.value ?? "";
}

const actions = Object.fromEntries(Object.entries(lastBall.actions).map(([name, { summary }]) => [name, summary]));

describe("completion", () => {
  it("of the first line: without it nothing is known", async () => {
    expect(await offered("rules:\n  - on: chat\n    do: |\n", "")).toEqual({});
  });
  it("after `do:` lists the game's actions, each with its sentence", async () => {
    expect(await offered("rules:\n  - on: chat\n    do: |\n")).toEqual(actions);
  });
  it("in a list of steps adds the words every game has", async () => {
    const steps = await offered("rules:\n  - on: chat\n    do:\n      - |\n");
    expect(steps).toMatchObject(actions);
    expect(steps).toMatchObject({ wait: "Later steps of the list act this much later." });
    expect(steps).toHaveProperty("oneOf");
  });
  it("after `on:` lists the triggers, each with its sentence", async () => {
    const sentences = triggerNames.map((on) => [on, `Fires when ${triggers[on].summary}.`]);
    expect(await offered("rules:\n  - on: |\n")).toEqual(Object.fromEntries(sentences));
  });
  it("in a rule lists the keys of its trigger, and not those of others", async () => {
    const keys = await offered("rules:\n  - on: gift\n    |\n    do: grow\n");
    expect(Object.keys(keys)).toEqual(expect.arrayContaining(["gift", "tier", "value", "cooldown", "if"]));
    expect(keys).not.toHaveProperty("command");
    expect(await offered("rules:\n  - on: chat\n    |\n    do: dash\n")).toHaveProperty("command");
  });
  it("of an action's params, in a block and in braces", async () => {
    const params = { power: "Speed added, units per tick." };
    expect(await offered("rules:\n  - on: chat\n    do:\n      dash:\n        |\n")).toEqual(params);
    expect(await offered("rules:\n  - on: chat\n    do: { dash: { p| } }\n")).toEqual(params);
  });
  it("of values: words, and a param's usual number", async () => {
    const limited = await offered("rules:\n  - on: chat\n    do: dash\n    whenLimited: |\n");
    expect(Object.keys(limited)).toEqual(["drop", "merge", "queue", "extend", "bank"]);
    expect(limited.drop).toBe("It is lost. Never for gifts.");
    expect(await offered("rules:\n  - on: chat\n    do:\n      dash:\n        power: |\n")).toHaveProperty("9");
    expect(Object.keys(await offered("options:\n  mode: |\n"))).toEqual(["ring-out", "hp"]);
  });
  it("of the file's own sections", async () => {
    const sections = await offered("|\n");
    expect(Object.keys(sections)).toEqual(expect.arrayContaining(["rules", "tests", "meters", "words", "include"]));
    expect(Object.values(sections).filter((sentence) => sentence.length < 10)).toEqual([]);
  });
});

describe("hover", () => {
  test.each([
    ["a trigger", "rules:\n  - on: gi|ft\n    do: grow\n", "Fires when a viewer sends a gift"],
    ["a key", "rules:\n  - on: gift\n    cool|down: { viewer: 4s }\n    do: grow\n", "How much time must pass."],
    ["an action", "rules:\n  - on: gift\n    do: { sp|ikes: { seconds: 4 } }\n", "Spikes\n\nHits of the ball"],
    ["a param", "rules:\n  - on: chat\n    do: { dash: { po|wer: 4 } }\n", "Speed added, units per tick."],
    ["a duration", "rules:\n  - on: chat\n    do: { dash: , aft|er: 4s }\n", "This step acts this much later."],
    ["an option", "options:\n  li|ves: 2\n", "Lives per round"],
    ["a section", "met|ers: {}\n", "Meters that rules fill"],
  ])("on %s shows its sentence", async (_, body, expected) => expect(await hover(body)).toContain(expected));
});

describe("a mistake", () => {
  test.each<[body: string, line: number, message: RegExp]>([
    ["rules:\n  - on: gift\n    gfit: Rose\n    do: grow\n", 5, /gfit is not allowed/],
    ["rules:\n  - on: gfit\n    do: grow\n", 4, /"chat" \| "gift"/],
    ["rules:\n  - on: gift\n    do: grwo\n", 5, /Valid values: .*"grow"/],
    ["rules:\n  - on: gift\n    do:\n      - spikes:\n          second: 4\n", 7, /second is not allowed/],
    ["rules:\n  - on: gift\n    do: { dash: { power: 400 } }\n", 5, /maximum of 16/],
    ["rules:\n  - on: chat\n    cooldown: { viewer: 25h }\n    do: dash\n", 5, /such as "4s"; at most 24h/],
    ["rules:\n  - on: chat\n", 4, /Missing property "do"/],
    ["rules:\n  - on: likes\n    do: pulse\n", 4, /Missing property "every"/],
    ["optoins: {}\n", 3, /optoins is not allowed/],
    ["tests:\n  - name: it\n    given: { cht: hi }\n    expect: enter\n", 5, /cht is not allowed/],
  ])("in %j is marked in line %i", async (body, line, message) => {
    const found = await open(body).diagnostics;
    expect(found.map(({ range }) => range.start.line + 1)).toContain(line);
    expect(found.map((diagnostic) => diagnostic.message).join("\n")).toMatch(message);
  });

  it("is not seen in the game's own file, whose first line names the schema beside it", async () => {
    const shipped = new URL("../../../shared/games/last-ball/rules.yaml", import.meta.url);
    const text = readFileSync(shipped, "utf8");
    expect(await openAs(shipped.href, text).diagnostics).toEqual([]);
    const typo = text.replace("do: shockwave", "do: shokwave");
    expect(await openAs(`${shipped.href}.typo.yaml`, typo).diagnostics).not.toEqual([]);
  });

  it("is not seen where there is none", async () => {
    const body =
      "rules:\n  - on: gift\n    gift: Rose\n    do: [grow, { wait: 1s, spikes: { seconds: '2 + count' } }]\n";
    expect(await open(body).diagnostics).toEqual([]);
  });
});
