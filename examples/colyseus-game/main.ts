/** Starts the server: `npm start`. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { matchMaker, Server } from "@colyseus/core";
import { WebSocketTransport } from "@colyseus/ws-transport";
import { ShipsRoom } from "./ships-room.ts";

const http = createServer();
let room: ShipsRoom | undefined;
const server = new Server({
  greet: false,
  transport: new WebSocketTransport({ server: http }),
  express(app) {
    app.use("/live", (request, response, next) => {
      if (room?.live) room.live.router(request, response, next);
      else next();
    });
  },
});
server.define("ships", ShipsRoom);
await server.listen(Number(process.env.PORT ?? 2568), "127.0.0.1");
// Viewers need no player to be there first.
const { roomId } = await matchMaker.createRoom("ships", {});
room = matchMaker.getLocalRoomById(roomId) as ShipsRoom;
const { port } = http.address() as AddressInfo;
console.log(`Coin Ships: join the room "ships" at ws://127.0.0.1:${port}`);
console.log(`Ledger: http://127.0.0.1:${port}/live/api/ledger, operator token ${room.live?.tokens.operator}`);
