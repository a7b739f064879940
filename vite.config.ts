/** Builds the pages that OBS and browsers load, from client/ to dist/client, and each game's view, which the stage loads by its name. */
import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

/** `views/<game id>` with the file of each game's view. */
const views = Object.fromEntries(
  readdirSync(path("shared/games"))
    .map((id) => [`views/${id}`, path(`shared/games/${id}/view.ts`)] as const)
    .filter(([, file]) => existsSync(file)),
);

export default defineConfig({
  root: path("client"),
  base: "/",
  build: {
    outDir: path("dist/client"),
    emptyOutDir: true,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: {
      input: { stage: path("client/stage/index.html"), ...views },
      // A view is loaded for what it exports, by an address that anybody can tell from the game's id.
      preserveEntrySignatures: "strict",
      output: {
        entryFileNames: ({ name }) => (name.startsWith("views/") ? "[name].js" : "assets/[name]-[hash].js"),
      },
    },
  },
});
