/** The build of the pages: once, again when a source changed, never half, and with a clear word when it fails. */
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { ensureClientBuilt } from "../../../server/http/client-build.ts";
import { UserError } from "../../../server/user-error.ts";

let root: string;
let log: string[];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "uproar-build-"));
  log = [];
  write("client/stage/index.html", `<!doctype html><title>page</title><script type="module" src="./main.ts"></script>`);
  write("client/stage/main.ts", `import { word } from "../../shared/word.ts";\ndocument.title = word;\n`);
  write("shared/word.ts", `export const word: string = "first";\n`);
  write(
    "vite.config.ts",
    `export default { root: ${JSON.stringify(join(root, "client"))}, build: { rolldownOptions: { input: { stage: ${JSON.stringify(join(root, "client/stage/index.html"))} } } } };\n`,
  );
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(join(root, path, ".."), { recursive: true });
  writeFileSync(join(root, path), text);
}

const ensure = () => ensureClientBuilt({ root, log: (line) => log.push(line) });

/** All script text of the build. */
function scripts(): string {
  const folder = join(root, "dist/client");
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".js"));
  return names.map((name) => readFileSync(join(folder, name), "utf8")).join("\n");
}

async function problem(): Promise<string> {
  const error = await ensure().then(
    () => undefined,
    (caught: unknown) => caught,
  );
  expect(error).toBeInstanceOf(UserError);
  return (error as UserError).message;
}

test("builds what is missing, and then only what changed", async () => {
  const nodeEnv = process.env.NODE_ENV;
  await ensure();
  expect(existsSync(join(root, "dist/client/stage/index.html"))).toBe(true);
  expect(scripts()).toContain("first");
  await ensure();
  expect(log).toHaveLength(1);
  // Times do not count, contents do.
  utimesSync(join(root, "shared/word.ts"), 1, 1);
  await ensure();
  expect(log).toHaveLength(1);
  write("shared/word.ts", `export const word: string = "second";\n`);
  await ensure();
  expect(log).toHaveLength(2);
  expect(scripts()).toContain("second");
  expect(scripts()).not.toContain("first");
  write("package-lock.json", "{}");
  await ensure();
  expect(log).toHaveLength(3);
  expect(readdirSync(join(root, "dist"))).toEqual(["client"]);
  expect(process.env.NODE_ENV).toBe(nodeEnv);
});

test("two at once both end with whole pages and leave nothing behind", async () => {
  await Promise.all([ensure(), ensure(), ensure()]);
  expect(scripts()).toContain("first");
  expect(readdirSync(join(root, "dist"))).toEqual(["client"]);
  await ensure();
  expect(log).toHaveLength(3);
});

test("a broken source is named, and the pages before it stay", async () => {
  await ensure();
  write("client/stage/main.ts", `import { nothing } from "../../shared/gone.ts";\nnothing();\n`);
  expect(await problem()).toMatch(/cannot be built: [\s\S]*gone\.ts/);
  expect(scripts()).toContain("first");
  expect(readdirSync(join(root, "dist"))).toEqual(["client"]);
});

test("an installed package has pages without sources: nothing to do", async () => {
  await ensure();
  const installed = join(root, "installed");
  cpSync(join(root, "dist"), join(installed, "dist"), { recursive: true });
  await ensureClientBuilt({ root: installed, log: (line) => log.push(line) });
  expect(log).toHaveLength(1);
  rmSync(join(root, "client"), { recursive: true });
  rmSync(join(root, "dist"), { recursive: true });
  expect(await problem()).toContain("Install Uproar again");
});
