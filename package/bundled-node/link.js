/**
 * Puts the bundled Node where npm looks first when it runs a script. npm 11 has done so already; npm 10, which comes with Node 20, takes the
 * command away again because packages for other platforms, which it leaves out, name the same one. Plain JavaScript: any Node runs it.
 */
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";

/** Folder with node_modules. */
const folder = process.argv[2] ?? process.cwd();
const system = process.platform === "win32" ? "win" : process.platform;
const packageFolder = join(folder, "node_modules", `node-${system}-${process.arch}`);
const commands = join(folder, "node_modules", ".bin");
const command = join(commands, process.platform === "win32" ? "node.cmd" : "node");

if (existsSync(packageFolder) && !existsSync(command)) {
  const { bin } = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8"));
  const target = relative(commands, join(packageFolder, bin.node));
  mkdirSync(commands, { recursive: true });
  if (process.platform === "win32") writeFileSync(command, `@"%~dp0\\${target}" %*\r\n`);
  else symlinkSync(target, command);
}
