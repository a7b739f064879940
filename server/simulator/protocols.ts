/** The protocols that the simulator speaks. */
import { euler } from "./euler-wire.ts";
import type { Protocol } from "./protocol.ts";
import { tikfinity } from "./tikfinity-wire.ts";
import { tiktool } from "./tiktool-wire.ts";

export type ProtocolId = "tiktool" | "euler" | "tikfinity";

/** Every protocol by its name. */
export const protocols: Readonly<Record<ProtocolId, Protocol>> = { tiktool, euler, tikfinity };
