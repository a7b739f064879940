/**
 * A process of its own that writes a show until it is killed, or goes on with the one that is there. Every tick it notes a batch with two
 * gifts and a trace; what is safe enters at the next tick, and its gifts have acted. It prints the number of the last safe batch.
 */
import { setImmediate as turn } from "node:timers/promises";
import { openStore } from "../../../server/store/sqlite.ts";
import { createWriter } from "../../../server/store/writer.ts";
import { aReceived, aRecord, aShow } from "./a-gift.ts";

/** Batches that may wait for the disk. */
const maxWaiting = 40;

const folder = process.argv[2];
if (!folder) throw new Error("usage: writer.ts FOLDER");
const store = await openStore({ folder });
const known = await store.show("show-1");
if (known) await store.resumeShow("show-1");
else await store.beginShow(aShow());
const writer = createWriter({ store, show: "show-1", lastSeq: known?.lastSeq ?? 0 });
const batches = (await store.journal({ show: "show-1", fromTick: 1_000_000_000 })).rows;
const waiting = batches.map(({ seq }) => seq);
const giftsOf = (seq: number) => [`${seq}-a`, `${seq}-b`];
let told = 0;
for (let tick = known?.tick ?? 0; ; ) {
  while (waiting.length > 0 && waiting[0]! <= writer.safe) {
    const seq = waiting.shift()!;
    writer.entered(seq, tick);
    writer.gifts(giftsOf(seq).map((id) => aRecord({ id, count: 1, value: 1 })));
  }
  const next = (waiting.at(-1) ?? writer.safe) + 1;
  const received = giftsOf(next).map((id) => aReceived({ id, count: 1, value: 1 }));
  waiting.push(writer.input(Date.now(), `batch ${next} ${"x".repeat(next % 5000)}`, received));
  writer.trace(++tick, `trace ${tick}`);
  if (tick % 50 === 0) writer.checkpoint(tick, `checkpoint ${tick} ${"y".repeat(300_000)}`);
  writer.endTick(tick);
  await turn();
  if (waiting.length > maxWaiting) await writer.flush();
  if (writer.safe > told) process.stdout.write(`${writer.safe}\n`);
  told = writer.safe;
}
