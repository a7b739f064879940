/** The public API: names, kinds and signatures of what the three entries export are pinned, and each says what it is. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parseSync } from "oxc-parser";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const project = fileURLToPath(new URL("../../", import.meta.url));
const types = mkdtempSync(join(tmpdir(), "uproar-types-"));
const entries = { uproar: "server/index", "uproar/game": "shared/sdk/index", "uproar/client": "client/index" };

beforeAll(() => {
  const tsc = join(project, "node_modules", "typescript", "bin", "tsc");
  const args = ["-p", "package", "--emitDeclarationOnly", "--outDir", types];
  // Mistakes in types are another check's business; declarations are written all the same.
  spawnSync(process.execPath, [tsc, ...args], { cwd: project });
}, 300_000);
afterAll(() => rmSync(types, { recursive: true, force: true }));

/** An exported declaration: its text, and whether a docstring stands before it. */
interface Exported {
  readonly name: string;
  readonly text: string;
  readonly isDocumented: boolean;
}

/** Follows the exports of a declaration file to where they are declared. */
function exportsOf(file: string, wanted?: ReadonlyMap<string, string>): Exported[] {
  const source = readFileSync(file, "utf8");
  const { program, comments } = parseSync(file, source);
  const found: Exported[] = [];
  const local = new Map<string, { start: number; end: number }>();
  const exported = new Map<string, string>();
  for (const node of program.body) {
    if (node.type === "ExportNamedDeclaration" && node.source) {
      const names = new Map(node.specifiers.map(({ local, exported: as }) => [nameOf(local), nameOf(as)] as const));
      const inner = new Map(
        [...names].filter(([, as]) => !wanted || wanted.has(as)).map(([name, as]) => [name, wanted?.get(as) ?? as]),
      );
      if (inner.size > 0) found.push(...follow(file, node.source.value, inner));
      continue;
    }
    const declaration = "declaration" in node && node.declaration ? node.declaration : node;
    for (const name of declaredNames(declaration)) {
      // Overloads are one thing.
      const before = local.get(name);
      local.set(name, { start: before?.start ?? node.start, end: node.end });
      if (node.type === "ExportNamedDeclaration") exported.set(name, name);
    }
    if (node.type === "ExportNamedDeclaration" && !node.declaration)
      for (const { local: inside, exported: as } of node.specifiers) exported.set(nameOf(inside), nameOf(as));
    if (node.type === "ImportDeclaration")
      for (const specifier of node.specifiers) imports.set(`${file} ${specifier.local.name}`, node.source.value);
  }
  for (const [inside, as] of exported) {
    const name = wanted ? wanted.get(as) : as;
    if (name === undefined) continue;
    const place = local.get(inside);
    const from = imports.get(`${file} ${inside}`);
    if (!place && from) found.push(...follow(file, from, new Map([[inside, name]])));
    if (!place) continue;
    const comment = comments.findLast(({ end }) => end <= place.start);
    const isNear = comment !== undefined && source.slice(comment.end, place.start).trim() === "";
    found.push({
      name,
      text: source
        .slice(place.start, place.end)
        .replaceAll(/\/\*[\s\S]*?\*\/|\/\/[^\n]*/g, "")
        .replaceAll(/\s+/g, " "),
      isDocumented: isNear && comment.value.startsWith("*"),
    });
  }
  return found;
}

const imports = new Map<string, string>();

function follow(file: string, from: string, names: ReadonlyMap<string, string>): Exported[] {
  // Of another package: it is documented there.
  if (!from.startsWith("."))
    return [...names.values()].map((name) => ({ name, text: `from "${from}"`, isDocumented: true }));
  return exportsOf(join(file, "..", from.replace(/\.ts$/, ".d.ts")), names);
}

const nameOf = (node: { type: string; name?: string; value?: string }) => node.name ?? node.value ?? "";

function declaredNames(node: { type: string; id?: unknown; declarations?: readonly { id: unknown }[] }): string[] {
  const ids = node.declarations ? node.declarations.map(({ id }) => id) : [node.id];
  return ids.flatMap((id) => (id && typeof id === "object" && "name" in id ? [String(id.name)] : []));
}

describe.each(Object.entries(entries))("%s", (entry, path) => {
  const read = () => exportsOf(join(types, `${path}.d.ts`)).sort((a, b) => (a.name < b.name ? -1 : 1));

  test("exports what it did; a change is for the changelog (update: vitest -u)", async () => {
    const lines = read().map(({ name, text }) => `${name}: ${text}`);
    expect(lines.length).toBeGreaterThan(3);
    const name = entry.replace("/", "-");
    await expect(`${lines.join("\n")}\n`).toMatchFileSnapshot(`./api/${name}.txt`);
  });

  test("says of each export what it is", () => {
    const bare = read().filter(({ isDocumented }) => !isDocumented);
    expect(bare.map(({ name }) => name)).toEqual([]);
  });
});

test("the entries are those of package.json", () => {
  const { exports } = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as {
    exports: Record<string, { default: string } | string>;
  };
  const paths = Object.entries(exports).flatMap(([name, target]) =>
    typeof target === "string" ? [] : [[name.replace(/^\./, "uproar"), relative("dist/lib", target.default)]],
  );
  expect(Object.fromEntries(paths)).toEqual(
    Object.fromEntries(Object.entries(entries).map(([name, path]) => [name, `${path}.js`])),
  );
});
