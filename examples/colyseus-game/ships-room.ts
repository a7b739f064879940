/** The room: players join, steer and leave. */
import { type Client, Room } from "@colyseus/core";
import { type LiveEvents, liveEvents } from "uproar";
import { actions } from "./live-actions.ts";
import { addShip, richestOf, sail } from "./sea.ts";
import { SeaState } from "./state.ts";

export class ShipsRoom extends Room<{ state: SeaState }> {
  override autoDispose = false;
  override maxClients = 16;
  override state = new SeaState();
  readonly steering = new Map<string, number>();
  live: LiveEvents | undefined;

  override async onCreate(): Promise<void> {
    this.live = await liveEvents(this, {
      rules: `${import.meta.dirname}/rules.yaml`,
      actions,
      sources: (process.env.SOURCES ?? "").split(" ").filter(Boolean),
      hasBody: (viewer) => this.state.ships.has(viewer),
      leader: () => richestOf(this.state),
    });
    this.onMessage("steer", ({ sessionId }: Client, turn: unknown) => {
      if (typeof turn === "number") this.steering.set(sessionId, Math.max(-1, Math.min(1, turn)));
    });
    this.setFixedTimestep(({ dtMs }) => {
      this.live?.update(dtMs);
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
