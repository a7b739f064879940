/** Supervision: when a lost source is tried again, and what the streamer reads meanwhile. Time moves by hand. */
import { describe, expect, it } from "vitest";
import { explainClose, retryPolicy } from "../../../server/ingest/policy.ts";
import type { CloseClass } from "../../../server/ingest/source.ts";
import { createSupervisor, refreshForgivenAfterMs, type SupervisorListener } from "../../../server/ingest/supervise.ts";
import { createManualClock } from "../../support/manual-clock.ts";
import { aChat } from "./builders.ts";
import { createFakeSource, type FakeLine, noSettings } from "./fake-source.ts";

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;

function start(onConnect?: (line: FakeLine, nth: number) => void, settings = noSettings) {
  const clock = createManualClock();
  const fake = createFakeSource(onConnect);
  const heard: string[] = [];
  const listener: SupervisorListener = {
    live: (roomId) => heard.push(`live ${roomId}`),
    frame: () => undefined,
    event(event) {
      heard.push(event.type);
      return "accepted";
    },
    ignored: (reason) => heard.push(reason),
    trouble: () => undefined,
    opened: () => undefined,
    lost: () => undefined,
    over: () => heard.push("over"),
  };
  const supervisor = createSupervisor({ source: fake.source, settings, clock, random: () => 0.5, listener });
  supervisor.start();
  return { clock, fake, heard, supervisor, attempts: () => fake.lines.length };
}
const closeWith =
  (why: CloseClass, retryAfterMs?: number) =>
  (line: FakeLine): void => {
    line.opened();
    line.live("room");
    line.closed({ class: why, detail: "because", retryAfterMs });
  };

describe("states", () => {
  it("goes from connecting to live, and passes on what it hears", () => {
    const { fake, supervisor, heard } = start();
    expect(supervisor.status().state).toBe("connecting");
    fake.line().opened();
    fake.line().live("7");
    fake.line().event(aChat("hi"));
    fake.line().ignored("unknown");
    expect(supervisor.status()).toMatchObject({ state: "live", detail: "Receiving the broadcast of @ana." });
    expect(heard).toEqual(["live 7", "chat", "unknown"]);
  });

  it("fails with the missing setting's own sentence and never connects", () => {
    const { supervisor, attempts, clock } = start(undefined, { ...noSettings, user: "" });
    clock.advance(hour);
    expect(supervisor.status()).toMatchObject({ state: "failed", detail: "Say whom to follow." });
    expect(attempts()).toBe(0);
  });

  it("listens no more to a line that is over", () => {
    const { fake, heard, clock } = start();
    const old = fake.line();
    old.closed({ class: "network", detail: "" });
    clock.advance(5 * second);
    old.event(aChat("ghost"));
    old.closed({ class: "config", detail: "" });
    clock.advance(minute);
    expect(heard).toEqual([]);
    expect(old.stopped).toBe(true);
    expect(fake.lines.length).toBeGreaterThan(1);
  });

  it("survives a source that throws or ends while connecting", () => {
    const { supervisor, clock, attempts, fake } = start((line, nth) => {
      if (nth === 1) throw new Error("boom");
      if (nth === 2) line.closed({ class: "network", detail: "at once" });
    });
    expect(supervisor.status().detail).toContain("boom");
    clock.advance(10 * second);
    expect(attempts()).toBe(3);
    expect(fake.lines[1]?.stopped).toBe(true);
  });
});

describe("what each end leads to", () => {
  it.each<{ why: CloseClass; state: string; says: string; waitMs: [number, number] }>([
    { why: "network", state: "reconnecting", says: "by itself", waitMs: [second, 2 * second] },
    { why: "refresh", state: "reconnecting", says: "fresh", waitMs: [0, 0] },
    { why: "notLive", state: "waitingForLive", says: "Waiting for @ana to go live", waitMs: [minute, 2 * minute] },
    { why: "ended", state: "ended", says: "has ended", waitMs: [minute, 2 * minute] },
    { why: "rateLimited", state: "rateLimited", says: "too many requests", waitMs: [minute, 2 * minute] },
    { why: "quota", state: "quotaUsedUp", says: "used up", waitMs: [2 * hour, 3 * hour] },
    { why: "wrongKey", state: "wrongKey", says: "correct it", waitMs: [30 * second, minute] },
    { why: "evicted", state: "evicted", says: "same key", waitMs: [5 * minute, 10 * minute] },
  ])("$why: $state", ({ why, state, says, waitMs }) => {
    const { supervisor, clock, attempts } = start((line, nth) => nth === 1 && closeWith(why)(line));
    const { state: seen, detail, retryAtMs } = supervisor.status();
    expect(seen).toBe(state);
    expect(detail).toContain(says);
    const inMs = retryAtMs! - clock.now();
    expect(inMs).toBeGreaterThanOrEqual(waitMs[0]);
    expect(inMs).toBeLessThanOrEqual(waitMs[1]);
    if (inMs > 0) clock.advance(inMs - 1);
    expect(attempts()).toBe(1);
    clock.advance(1);
    expect(attempts()).toBe(2);
    expect(supervisor.status().retryAtMs).toBeUndefined();
  });

  it("config: failed for good", () => {
    const { supervisor, clock, attempts } = start(closeWith("config"));
    clock.advance(100 * hour);
    expect(supervisor.status()).toMatchObject({ state: "failed", retryAtMs: undefined });
    expect(attempts()).toBe(1);
  });

  it("waits as long as the provider asks", () => {
    for (const why of ["rateLimited", "network", "quota"] as const) {
      const { clock, attempts } = start(closeWith(why, 20 * minute));
      clock.advance(20 * minute - 1);
      expect(attempts()).toBe(1);
      clock.advance(2 * minute + 2);
      expect(attempts()).toBe(2);
    }
  });

  it("spreads a wait that was asked for by a minute at most", () => {
    for (const why of ["quota", "rateLimited", "wrongKey", "notLive", "ended", "evicted"] as const) {
      const ask = (retryAfterMs: number, random: number) =>
        retryPolicy({ class: why, tries: 1, retryAfterMs, wasLive: true, random }).delayMs!;
      expect(ask(20 * hour, 0)).toBe(20 * hour);
      expect(ask(20 * hour, 0.999)).toBeGreaterThan(20 * hour + 0.9 * minute);
      expect(ask(20 * hour, 0.999)).toBeLessThanOrEqual(20 * hour + minute);
    }
    expect(
      retryPolicy({ class: "rateLimited", tries: 1, retryAfterMs: 10 * second, wasLive: true, random: 0.5 }),
    ).toEqual({
      state: "rateLimited",
      delayMs: 10.5 * second,
    });
  });

  it.each(["quota", "rateLimited", "wrongKey", "evicted"] as const)("%s is over with the next attempt", (why) => {
    for (const wasLive of [false, true]) {
      const { supervisor, clock, fake } = start((line, nth) => {
        if (nth > 1) return;
        if (wasLive) line.live("7");
        line.closed({ class: why, detail: "because" });
      });
      clock.advance(supervisor.status().retryAtMs! - clock.now());
      const trying = { state: wasLive ? "reconnecting" : "connecting", detail: "Connecting to @ana again." };
      expect(supervisor.status()).toMatchObject({ ...trying, sinceMs: clock.now() });
      fake.line().opened();
      expect(supervisor.status()).toMatchObject({ ...trying, detail: expect.stringContaining("waiting to hear") });
    }
  });

  it.each(["constructor", "", "__proto__", undefined])("%j, which is no class, is trouble with the network", (why) => {
    const given = why as CloseClass;
    const { supervisor, clock, attempts } = start((line, nth) => nth <= 3 && closeWith(given)(line));
    expect(supervisor.status()).toMatchObject({ state: "reconnecting", detail: expect.stringContaining("broke") });
    clock.advance(2 * second);
    expect(attempts()).toBe(2);
    clock.advance(30 * second);
    expect(attempts()).toBe(4);
    expect(retryPolicy({ class: given, tries: 1, wasLive: false, random: 0 }).delayMs).toBe(second);
    expect(explainClose(given, "@ana", "")).toBe(explainClose("network", "@ana", ""));
  });
});

describe("patience", () => {
  it("backs off from 1 to 30 seconds, spread by chance", () => {
    const waits = [1, 2, 3, 4, 5, 6, 20].map((tries) =>
      [0, 0.999].map((random) => retryPolicy({ class: "network", tries, wasLive: true, random }).delayMs!),
    );
    expect(waits[0]![0]).toBe(1000);
    for (const [low, high] of waits) {
      expect(low).toBeGreaterThanOrEqual(1000);
      expect(high).toBeLessThanOrEqual(30_000);
      expect(high! - low!).toBeGreaterThan(400);
    }
    expect(waits.at(-1)![0]).toBe(20_000);
  });

  it.each<{ why: CloseClass; most: number }>([
    { why: "network", most: 6 },
    { why: "refresh", most: 7 },
    { why: "wrongKey", most: 2 },
    { why: "rateLimited", most: 1 },
    { why: "notLive", most: 1 },
  ])("$why: a server that accepts, goes live, sends and closes is not hammered", ({ why, most }) => {
    const times: number[] = [];
    const { clock } = start((line) => {
      times.push(clockNow());
      line.opened();
      line.live("room");
      line.event(aChat("hello"));
      line.closed({ class: why, detail: "" });
    });
    function clockNow(): number {
      return clock?.now() ?? 1_800_000_000_000;
    }
    clock.advance(20 * minute);
    const busiest = Math.max(...times.map((from) => times.filter((at) => at >= from && at < from + minute).length));
    expect(busiest).toBeLessThanOrEqual(most);
    const last = times.filter((at) => at > clock.now() - 5 * minute).length;
    expect(last).toBeLessThanOrEqual(15);
  });

  it.each([0, 6, 31, 100])("asked for a fresh line every %i s, connects less than 60 times an hour", (livesSeconds) => {
    const { clock, fake, supervisor, attempts } = start();
    const perHour: number[] = [];
    for (let passed = 0; passed < 3; passed++) {
      const [before, untilMs] = [attempts(), clock.now() + hour];
      while (clock.now() < untilMs) {
        const line = fake.line();
        line.opened();
        line.live("7");
        for (let left = livesSeconds * second; left > 0; left -= 500) {
          clock.advance(500);
          line.event(aChat("hi"));
        }
        line.closed({ class: "refresh", detail: "4006" });
        clock.advance(Math.max(1, (supervisor.status().retryAtMs ?? 0) - clock.now()));
      }
      perHour.push(attempts() - before);
    }
    expect(perHour[0]).toBeLessThan(45);
    expect(perHour[1]).toBeLessThanOrEqual(30);
    expect(perHour[2]).toBeLessThanOrEqual(30);
  });

  it.each([true, false])(
    "gives a fresh line at once each time that lines last as the plan lets them, live %s",
    (isLive) => {
      const { clock, fake, supervisor, attempts } = start();
      for (let nth = 1; nth <= 10; nth++) {
        fake.line().opened();
        if (isLive) fake.line().live("7");
        for (let left = refreshForgivenAfterMs; left > 0; left -= 10 * second) {
          clock.advance(10 * second);
          fake.line().alive();
        }
        fake.line().closed({ class: "refresh", detail: "4006" });
        expect(supervisor.status().retryAtMs).toBe(clock.now());
        clock.advance(0);
        expect(attempts()).toBe(nth + 1);
      }
    },
  );

  it("slows down to minutes for a key that stays wrong", () => {
    const { clock, attempts } = start(closeWith("wrongKey"));
    clock.advance(hour);
    expect(attempts()).toBeLessThanOrEqual(8);
    expect(attempts()).toBeGreaterThanOrEqual(4);
  });

  it("forgets earlier failures after a stable time, or after an event that comes late enough", () => {
    for (const steady of ["time", "event"]) {
      const room = start((line, nth) => nth <= 5 && closeWith("network")(line));
      room.clock.advance(50 * second);
      expect(room.attempts()).toBe(6);
      const line = room.fake.line();
      line.opened();
      line.live("room");
      room.clock.advance(steady === "time" ? 30 * second : 6 * second);
      if (steady === "event") line.event(aChat("hi"));
      line.closed({ class: "network", detail: "" });
      expect(room.supervisor.status().retryAtMs! - room.clock.now()).toBeLessThan(2 * second);
    }
  });
});

describe("silence", () => {
  it("gives a line up after a minute without a sign, and not before", () => {
    const { clock, fake, supervisor, attempts } = start();
    fake.line().opened();
    fake.line().live("room");
    for (let i = 0; i < 10; i++) {
      clock.advance(50 * second);
      fake.line().alive();
    }
    expect(attempts()).toBe(1);
    clock.advance(minute);
    expect(supervisor.status()).toMatchObject({ state: "reconnecting", silences: 1 });
    expect(fake.lines[0]?.stopped).toBe(true);
    clock.advance(2 * second);
    expect(attempts()).toBe(2);
  });

  it("also catches a line that never opens", () => {
    const { clock, attempts } = start();
    clock.advance(63 * second);
    expect(attempts()).toBe(2);
  });
});

describe("the broadcast's end", () => {
  it("keeps the line a little for what comes late, then polls for the next broadcast", () => {
    const { clock, fake, supervisor, heard, attempts } = start();
    fake.line().opened();
    fake.line().live("room");
    supervisor.streamEnded("3");
    expect(supervisor.status().state).toBe("ended");
    fake.line().event(aChat("bye"));
    expect(heard).toContain("chat");
    clock.advance(10 * second);
    expect(fake.lines[0]?.stopped).toBe(true);
    clock.advance(70 * second);
    expect(attempts()).toBe(2);
    fake.line().live("next");
    expect(supervisor.status().state).toBe("live");
  });

  it("takes the line's close after it for the same end, not for network trouble", () => {
    const { fake, supervisor, clock } = start();
    fake.line().opened();
    fake.line().live("room");
    supervisor.streamEnded("3");
    fake.line().closed({ class: "network", detail: "code 1000" });
    expect(supervisor.status().state).toBe("ended");
    expect(supervisor.status().retryAtMs! - clock.now()).toBeGreaterThanOrEqual(minute);
  });
});

describe("stop", () => {
  it.each([
    ["while live", () => undefined],
    ["while waiting", closeWith("network")],
    ["while polling", closeWith("notLive")],
  ])("%s leaves no timer, no line and no new attempt", async (_when, onConnect) => {
    const { supervisor, clock, fake, attempts } = start(onConnect);
    await supervisor.stop();
    expect(clock.pending()).toBe(0);
    expect(fake.open()).toBe(0);
    const before = attempts();
    clock.advance(10 * hour);
    expect(attempts()).toBe(before);
  });

  it("there is never more than one line and one planned attempt", () => {
    const { clock, fake } = start((line, nth) => nth % 3 !== 0 && closeWith("network")(line));
    for (let i = 0; i < 200; i++) {
      clock.advance(second);
      expect(fake.open()).toBeLessThanOrEqual(1);
      expect(clock.pending()).toBeLessThanOrEqual(2);
    }
  });
});
