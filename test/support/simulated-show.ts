/** Makes the events of a show without a socket: the simulated audience, its wire messages, the tiktool translation and ingest's counting. */
import { createCounting } from "../../server/ingest/counting.ts";
import { createAudience } from "../../server/simulator/audience.ts";
import { createMessageIds } from "../../server/simulator/protocol.ts";
import { loadScenario } from "../../server/simulator/scenario.ts";
import { messageOf } from "../../server/simulator/tiktool-wire.ts";
import { translate } from "../../server/sources/tiktool.ts";
import type { LiveEvent } from "../../shared/events/live-event.ts";
import { ticksPerSecond } from "../../shared/world/world.ts";

export interface SimulatedShow {
  /** The events that arrive before the next tick. */
  nextTick(): LiveEvent[];
}

/** An audience whose acts arrive tick by tick, the same for the same scenario and seed. */
export function aSimulatedShow({ scenario = "demo", seed = 1 } = {}): SimulatedShow {
  const audience = createAudience({ scenario: loadScenario(scenario), seed });
  const room = { roomId: "7000000000000000001", title: "golden", base: "http://127.0.0.1" };
  const nextId = createMessageIds(room.roomId);
  let events: LiveEvent[] = [];
  let tick = 0;
  const counting = createCounting({ source: "simulated", out: (event) => events.push(event) });
  counting.enterRoom(room.roomId, 0);
  return {
    nextTick() {
      events = [];
      const beforeMs = Math.floor((tick++ * 1000) / ticksPerSecond);
      const nowMs = Math.floor((tick * 1000) / ticksPerSecond);
      for (const act of audience.advance(nowMs - beforeMs)) {
        if (act.type === "leave") continue;
        const message = messageOf({ what: act, atMs: nowMs, id: nextId() }, room);
        const meaning = translate(message, { roomId: room.roomId, owner: "streamer" });
        if (meaning.kind === "events") for (const event of meaning.events) counting.count(event, nowMs);
      }
      counting.idle(nowMs);
      return events;
    },
  };
}
