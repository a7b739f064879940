/** The embedded store keeps the word of every store. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openStore } from "../../../server/store/sqlite.ts";
import { conformance } from "./conformance.ts";

conformance("SQLite", () => {
  const folder = mkdtempSync(join(tmpdir(), "uproar-store-"));
  return {
    open: () => openStore({ folder }),
    remove: async () => rmSync(folder, { recursive: true, force: true }),
  };
});
