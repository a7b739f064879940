/**
 * Guardian: a process beside a chaos run that ends the run's shows once the run is gone, however that ended. It is told of them on its
 * input, "+PID" when one starts and "-PID" when it has ended; the input closes with the run.
 */
import { createInterface } from "node:readline";
import { killGroup } from "./process-group.ts";

const alive = new Set<number>();
for await (const line of createInterface({ input: process.stdin })) {
  const pid = Number(line.slice(1));
  if (line.startsWith("+")) alive.add(pid);
  else alive.delete(pid);
}
for (const pid of alive) killGroup(pid);
