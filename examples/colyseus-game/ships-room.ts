/** The room: players join, steer and leave. */
import { type Client, Room } from "@colyseus/core";
import { addShip, sail } from "./sea.ts";
import { SeaState } from "./state.ts";

export class ShipsRoom extends Room<{ state: SeaState }> {
  override maxClients = 16;
  override state = new SeaState();
  readonly steering = new Map<string, number>();

  override onCreate(): void {
    this.onMessage("steer", ({ sessionId }: Client, turn: unknown) => {
      if (typeof turn === "number") this.steering.set(sessionId, Math.max(-1, Math.min(1, turn)));
    });
    this.setFixedTimestep(({ dtMs }) => {
      sail(this.state, this.steering, dtMs);
    }, 30);
  }

  override onJoin({ sessionId }: Client, options?: { name?: unknown }): void {
    addShip(this.state, sessionId, String(options?.name ?? "Captain").slice(0, 20));
  }

  override onLeave({ sessionId }: Client): void {
    this.state.ships.delete(sessionId);
    this.steering.delete(sessionId);
  }
}
