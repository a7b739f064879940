/** The store in memory keeps the word of every store, too. */
import { conformance } from "./conformance.ts";
import { Memory, openMemory } from "./memory-store.ts";

conformance("A store in memory", () => {
  const memory = new Memory();
  return { open: async () => openMemory(memory), remove: async () => {} };
});
