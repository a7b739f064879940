/** Metrics: the show's counters in Prometheus' text format. Read when asked, so that nothing is counted twice. */
import { Gauge, Registry } from "prom-client";
import type { Ingest } from "../ingest/ingest.ts";
import { stateMeanings } from "../ingest/policy.ts";
import type { Show } from "../room/show.ts";
import type { RoomCounters } from "../room/show-room.ts";
import type { ShowRules } from "../show-rules.ts";
import type { Avatars } from "./avatars.ts";
import type { EventsApi } from "./events-api.ts";
import type { IngestApi } from "./ingest-api.ts";

export interface MetricsParts {
  show: Show;
  room: RoomCounters;
  ingest: Pick<Ingest, "counters">;
  avatars: Pick<Avatars, "counters">;
  ingestApi: Pick<IngestApi, "counters">;
  rules: Pick<ShowRules, "counters">;
  eventsApi: Pick<EventsApi, "counters">;
}

/** What each state means and what to do, in one line. */
const states = Object.entries(stateMeanings)
  .map(([state, meaning]) => `${state}: ${meaning}`)
  .join(" ");

/** Creates the registry behind `/metrics`. */
export function createMetrics(parts: MetricsParts): Registry {
  const { show, room, ingest, avatars, ingestApi, rules, eventsApi } = parts;
  const registry = new Registry();
  const gauge = (name: string, help: string, labelNames: string[], collect: (gauge: Gauge) => void) =>
    new Gauge({
      name: `uproar_${name}`,
      help,
      labelNames,
      registers: [registry],
      collect() {
        this.reset();
        collect(this);
      },
    });
  const numbers = (name: string, help: string, read: () => object) =>
    gauge(name, help, ["name"], (self) => {
      for (const [key, value] of Object.entries(read())) if (typeof value === "number") self.set({ name: key }, value);
    });

  gauge("tick", "Ticks of the show so far.", [], (self) => self.set(show.simulation.world.tick));
  gauge("tick_rate_hz", "Ticks a second, lately.", [], (self) => self.set(show.tickRateHz));
  gauge("ticks_skipped", "Ticks that were due and never ran.", [], (self) => self.set(show.ticksSkipped));
  gauge("entities", "Bodies in the world.", [], (self) => self.set(show.simulation.world.entities.size));
  gauge("viewers_known", "Viewers and bots the show remembers.", [], (self) => self.set(show.simulation.crowd.size));
  gauge("viewers_watching", "People watching, as the sources say.", [], (self) => self.set(show.simulation.watching));
  gauge("banked", "Paid acts waiting for their moment.", [], (self) => self.set(show.simulation.banked));
  numbers(
    "intake",
    "Events taken, of banned viewers, and that entered before they were written.",
    () => show.intake.counters,
  );
  gauge("gifts_held", "Gifts that wait for a disk that does not answer.", [], (self) =>
    self.set(show.intake.heldGifts),
  );
  gauge("source_state", `1 for the state each source is in. ${states}`, ["source", "state"], (self) => {
    for (const { id, state } of show.sources()) self.set({ source: id, state }, 1);
  });
  gauge("source_events", "Messages of each source by what became of them.", ["source", "what"], (self) => {
    for (const { id, counters } of show.sources()) {
      for (const [what, value] of Object.entries(counters)) self.set({ source: id, what }, value as number);
    }
  });
  numbers("queue", "Events waiting, and the most that ever did.", () => ingest.counters().queue);
  gauge("queue_events", "Events the full queue merged or dropped, by type.", ["what", "type"], (self) => {
    const { dropped, merged } = ingest.counters().queue;
    for (const [what, byType] of Object.entries({ dropped, merged })) {
      for (const [type, value] of Object.entries(byType)) self.set({ what, type }, value);
    }
  });
  numbers("offered", "Events handed in by hand or by other programs.", () => ingest.counters().offered);
  numbers("failover", "What a source and its backup told between them.", () => ingest.counters().failover);
  numbers(
    "simulation",
    "Actions applied, refused and failed, effects and free acts left out.",
    () => show.simulation.counters,
  );
  numbers("world", "What the world's limits caught.", () => show.simulation.world.counters);
  numbers("room", "Stages, patches and what they sent in vain.", () => room);
  numbers("avatars", "Pictures fetched, kept and refused.", () => avatars.counters());
  numbers("ingest_api", "Lines that programs have open to send events, and what came in.", () => ingestApi.counters());
  numbers("rules", "Reloads of the rule file that took effect, and those that failed.", () => rules.counters());
  numbers("event_readers", "Who reads /api/events, and what they were spared.", () => eventsApi.counters());
  numbers("store", "What waits to be written, and what was.", () => show.storing);
  gauge("memory_bytes", "Resident memory of the process.", [], (self) => self.set(process.memoryUsage.rss()));
  return registry;
}
