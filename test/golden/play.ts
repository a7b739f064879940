/** Plays a golden show in a process of its own and prints its hashes, a line each. */
import { playGolden, readGolden } from "./golden.ts";

const { hashes } = await playGolden(readGolden(process.argv[2]!));
console.log(hashes.join("\n"));
