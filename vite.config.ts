/** Builds the pages that OBS and browsers load, from client/ to dist/client. */
import { fileURLToPath } from "node:url";
import { defineConfig } from "vite";

const path = (relative: string) => fileURLToPath(new URL(relative, import.meta.url));

export default defineConfig({
  root: path("client"),
  base: "/",
  build: {
    outDir: path("dist/client"),
    emptyOutDir: true,
    chunkSizeWarningLimit: 2000,
    rolldownOptions: { input: { stage: path("client/stage/index.html") } },
  },
});
