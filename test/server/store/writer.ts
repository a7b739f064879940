/** A process of its own that records gifts, flushes, says so, and then records more until it is killed. */
import { openStore } from "../../../server/store/sqlite.ts";
import { aGift } from "./a-gift.ts";

const folder = process.argv[2];
if (!folder) throw new Error("usage: writer.ts FOLDER");
const store = await openStore({ folder });
let next = 1;
for (;;) {
  const rows = Array.from({ length: 50 }, () => aGift({ id: `gift-${next++}`, count: 1, value: 1 }));
  store.recordGifts(rows);
  await store.flush();
  process.stdout.write(`${next - 1}\n`);
}
