/**
 * Builds what the package holds: dist/client, and dist/lib with server, client and shared as JavaScript with their types, in the tree of the
 * sources, beside the files that the code reads next to its modules. `npm pack` runs it.
 */
import { execFileSync } from "node:child_process";
import { copyFileSync, cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { ensureClientBuilt } from "../server/http/client-build.ts";
import { projectFolder as project } from "../server/project.ts";

const target = join(project, "dist", "lib");
const folders = ["server", "client", "shared"];
/** Kept as they are, whatever their files are: what `new game` writes. */
const templates = join("server", "cli", "templates");
/** Files that modules read beside themselves. */
const isRead = /\.(yaml|schema\.json|md)$/;
/** An import of a module in a declaration; TypeScript leaves its ending as it was in the source. */
const declaredImport = /(from |import\()"(\.\.?\/[^"]+)\.ts"/g;

await ensureClientBuilt({ log: console.log });
rmSync(target, { recursive: true, force: true });
execFileSync(process.execPath, [join(project, "node_modules", "typescript", "bin", "tsc"), "-p", "package"], {
  cwd: project,
  stdio: "inherit",
});
for (const entry of readdirSync(target, { recursive: true, encoding: "utf8" })) {
  if (!entry.endsWith(".d.ts")) continue;
  const path = join(target, entry);
  writeFileSync(path, readFileSync(path, "utf8").replaceAll(declaredImport, '$1"$2.js"'));
}
for (const folder of folders) {
  for (const entry of readdirSync(join(project, folder), { recursive: true, encoding: "utf8" })) {
    const path = join(folder, entry);
    if (!isRead.test(path) || path.startsWith(templates)) continue;
    mkdirSync(dirname(join(target, path)), { recursive: true });
    copyFileSync(join(project, path), join(target, path));
  }
}
cpSync(join(project, templates), join(target, templates), { recursive: true });
