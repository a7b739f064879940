/** Source "simulated": a made-up audience behind a real socket on this machine, heard through the tiktool source's own connection. */
import type { Clock } from "../clock.ts";
import { type Connection, defineSource, type SourceListener, type SourceSettings } from "../ingest/source.ts";
import { loadScenario, ScenarioError } from "../simulator/scenario.ts";
import { type Simulator, startSimulator } from "../simulator/simulator.ts";
import tiktool from "./tiktool.ts";

/** Handle followed when none is given. */
const defaultHandle = "demo";

function withHandle(settings: SourceSettings): SourceSettings {
  return settings.user === "" ? { ...settings, user: defaultHandle } : settings;
}

async function startServer(settings: SourceSettings): Promise<Simulator> {
  return startSimulator({ scenario: loadScenario(settings.scenario), seed: settings.seed });
}

function connect(settings: SourceSettings, listener: SourceListener, clock: Clock): Connection {
  let line: Connection | undefined;
  let stopped = false;
  // A broken line ends its audience too: a new one is another broadcast, so nothing is counted twice.
  const stop = async (simulator: Simulator): Promise<void> => {
    stopped = true;
    await line?.stop();
    await simulator.stop();
  };
  const started = startServer(settings).then(
    (simulator) => {
      if (stopped) return simulator;
      // The audience's captions come on its one line.
      const own = { env: { TIKTOOL_URL: simulator.url }, captions: "" };
      line = tiktool.connect(
        { ...withHandle(settings), ...own },
        {
          ...listener,
          closed(why) {
            void stop(simulator).then(() => listener.closed(why));
          },
        },
        clock,
      );
      return simulator;
    },
    (error: Error) => {
      if (!stopped) listener.closed({ class: "network", detail: error.message });
      return undefined;
    },
  );
  return {
    async stop() {
      stopped = true;
      const simulator = await started;
      if (simulator) await stop(simulator);
    },
  };
}

export default defineSource({
  id: "simulated",
  summary: "A simulated audience on this machine: no account, no key, no network",
  platform: "tiktok",
  avatarHosts: ["127.0.0.1"],
  check(settings) {
    try {
      loadScenario(settings.scenario);
    } catch (error) {
      if (error instanceof ScenarioError) return error.message;
      throw error;
    }
    return tiktool.check({ ...withHandle(settings), env: { TIKTOOL_URL: "ws://127.0.0.1" } });
  },
  target: (settings) => (settings.user === "" ? "a simulated audience" : tiktool.target(settings)),
  listen: (settings, listener) => tiktool.listen(withHandle(settings), listener),
  connect,
});
