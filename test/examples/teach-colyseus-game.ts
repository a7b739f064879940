/** For `node --import`: lets the example find this Uproar without installing it. */
import { fileURLToPath } from "node:url";
import { teachFolder } from "../../server/game-modules.ts";

teachFolder(fileURLToPath(new URL("../../examples/colyseus-game/", import.meta.url)));
