/** Starts the server: `npm start`. */
import { createServer } from "node:http";
import { Server } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { ShipsRoom } from "./ships-room.ts";

const port = Number(process.env.PORT ?? 2568);
const server = new Server({ greet: false, transport: new WebSocketTransport({ server: createServer() }) });
server.define("ships", ShipsRoom);
await server.listen(port, "127.0.0.1");
console.log(`Coin Ships: join the room "ships" at ws://127.0.0.1:${port}`);
