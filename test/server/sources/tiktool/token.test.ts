/** Source tiktool: its JWT, used, renewed in time and after a refusal, and never asked for in a loop (protocols 1.1). */
import { afterEach, describe, expect, it } from "vitest";
import { createIngest } from "../../../../server/ingest/ingest.ts";
import tiktool from "../../../../server/sources/tiktool.ts";
import { createManualClock } from "../../../support/manual-clock.ts";
import { someSettings } from "../../../support/source.ts";
import { until } from "../../../support/until.ts";
import { aJwt, type ServiceScript, startTiktoolService } from "./service.ts";

const startMs = 1_800_000_010_000;
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const cleanups: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A run of the source against a service, by a manual clock. The service gives out the JWTs of `fresh`, one after the other. */
async function start({
  env = {},
  captions = "",
  fresh = [],
  ...script
}: ServiceScript & { env?: Record<string, string>; captions?: string; fresh?: string[] }) {
  const answers = {
    "/authentication/jwt": (): [number, object] => {
      const token = fresh.shift();
      return token === undefined ? [503, {}] : [200, { status_code: 0, data: { token } }];
    },
    ...script.answers,
  };
  const service = await startTiktoolService({ ...script, answers });
  const clock = createManualClock(startMs);
  const ingest = createIngest({ clock, random: () => 0 });
  cleanups.push(
    () => service.stop(),
    () => ingest.stop(),
  );
  ingest.start(tiktool, someSettings({ user: "@ana", captions, env: { TIKTOOL_URL: service.url, ...env } }));
  const status = () => ingest.status()[0]!;
  return {
    service,
    clock,
    ingest,
    status,
    /** Credentials of the event lines so far. */
    credentials: () =>
      service.dialled.filter((path) => path.startsWith("/?")).map((path) => path.split("uniqueId=ana&")[1] ?? ""),
    renewals: () => service.asked.filter(({ path }) => path === "/authentication/jwt"),
    /** Resolves once the line is over. */
    over: () => until(() => status().retryAtMs !== undefined),
    retry(): void {
      clock.advance(Math.max(0, status().retryAtMs! - clock.now()));
    },
  };
}

const goLive = { "/": (socket: { send(text: string): void }) => socket.send('{"event":"roomInfo","roomId":"7"}') };
const refuse = { "/": (socket: { close(code: number, reason: string): void }) => socket.close(4401, "invalid token") };

describe("with a JWT alone", () => {
  it.each([
    ["by its own time", aJwt(startMs - 1000), "invalid token"],
    ["by the service's word", "opaque", "jwt expired"],
  ])("says that it has expired, %s, and what to do", async (_how, TIKTOOL_JWT_KEY, reason) => {
    const rig = await start({ env: { TIKTOOL_JWT_KEY }, sockets: { "/": (socket) => socket.close(4401, reason) } });
    await rig.over();
    expect(rig.status().state).toBe("wrongKey");
    expect(rig.status().detail).toMatch(/TIKTOOL_JWT_KEY has expired: make a new one, or set TIKTOOL_API_KEY as well/);
    expect(rig.credentials()).toEqual([`jwtKey=${TIKTOOL_JWT_KEY}`]);
    expect(rig.service.asked).toEqual([]);
  });

  it("says only that it is refused while it has not expired", async () => {
    const rig = await start({ env: { TIKTOOL_JWT_KEY: aJwt(startMs + hourMs) }, sockets: refuse });
    await rig.over();
    expect(rig.status().detail).toMatch(/^The key is refused \(invalid token\)/);
  });
});

describe("with a JWT and an API key", () => {
  const keys = (jwt: string) => ({ TIKTOOL_JWT_KEY: jwt, TIKTOOL_API_KEY: "tk_1&2" });

  it("uses the JWT as long as it lasts, over a broken line too", async () => {
    const jwt = aJwt(startMs + 6 * minuteMs);
    const rig = await start({ env: keys(jwt), sockets: goLive });
    await until(() => rig.status().state === "live");
    rig.service.on("/")[0]!.terminate();
    await rig.over();
    rig.retry();
    await until(() => rig.status().state === "live");
    expect(rig.credentials()).toEqual([`jwtKey=${jwt}`, `jwtKey=${jwt}`]);
    expect(rig.renewals()).toEqual([]);
  });

  it("renews it when a line opens within five minutes of its end, as the service wants it", async () => {
    const fresh = aJwt(startMs + hourMs);
    const rig = await start({ env: keys(aJwt(startMs + 5 * minuteMs - 1000)), fresh: [fresh], sockets: goLive });
    await until(() => rig.status().state === "live");
    expect(rig.credentials()).toEqual([`jwtKey=${fresh}`]);
    expect(rig.renewals()).toMatchObject([
      { key: "tk_1&2", body: { expire_after: 3600, allowed_creators: ["ana"], max_websockets: 1 } },
    ]);
  });

  it("leaves a running line alone, and gives the next one a new token", async () => {
    const [first, second] = [aJwt(startMs + 20 * minuteMs), aJwt(startMs + 2 * hourMs)];
    const rig = await start({ env: keys(first), fresh: [second], sockets: goLive });
    await until(() => rig.status().state === "live");
    for (let minute = 0; minute < 19; minute++) {
      const { received } = rig.status().counters;
      rig.service.on("/")[0]!.send('{"event":"ping"}');
      await until(() => rig.status().counters.received > received);
      rig.clock.advance(minuteMs - 1000);
    }
    expect(rig.credentials()).toHaveLength(1);
    rig.service.on("/")[0]!.terminate();
    await rig.over();
    rig.retry();
    await until(() => rig.status().state === "live");
    expect(rig.credentials()).toEqual([`jwtKey=${first}`, `jwtKey=${second}`]);
  });

  it.each([4401, 4003])("renews it once when it is refused with %i, at once", async (code) => {
    const [first, second] = [aJwt(startMs + hourMs, 1), aJwt(startMs + hourMs, 2)];
    const rig = await start({
      env: keys(first),
      fresh: [second],
      sockets: {
        "/"(socket, request) {
          if (request.url?.includes(first)) socket.close(code, "revoked");
          else goLive["/"](socket);
        },
      },
    });
    await rig.over();
    expect(rig.status().retryAtMs).toBe(startMs);
    rig.retry();
    await until(() => rig.status().state === "live");
    expect(rig.credentials()).toEqual([`jwtKey=${first}`, `jwtKey=${second}`]);
    expect(rig.renewals()).toHaveLength(1);
  });

  it("takes a refused new token for a wrong key, and tries fewer than three times a minute ever after", async () => {
    const fresh = Array.from({ length: 50 }, (_, serial) => aJwt(startMs + 24 * hourMs, serial));
    const rig = await start({ env: keys(aJwt(startMs + hourMs, 99)), fresh, sockets: refuse });
    const times: number[] = [];
    for (let tries = 1; tries <= 10; tries++) {
      await until(() => rig.credentials().length === tries && rig.status().retryAtMs !== undefined);
      times.push(rig.clock.now());
      if (tries === 2) expect(rig.status()).toMatchObject({ state: "wrongKey" });
      if (tries >= 2) expect(rig.status().detail).toMatch(/^The key is refused \(invalid token\)/);
      rig.retry();
    }
    expect(times[1]).toBe(times[0]);
    for (const [index, time] of times.entries()) {
      if (index >= 2) expect(time - times[index - 2]!).toBeGreaterThanOrEqual(minuteMs);
      if (index >= 2) expect(time - times[index - 1]!).toBeGreaterThanOrEqual(minuteMs);
    }
    expect(new Set(rig.credentials()).size).toBe(10);
  });

  it.each([
    [401, "wrongKey", "The key is refused (a new JWT for TIKTOOL_API_KEY was refused: HTTP 401"],
    [429, "rateLimited", "a new JWT for TIKTOOL_API_KEY was refused: HTTP 429"],
    [404, "connecting", "HTTP 404"],
    [500, "connecting", "HTTP 500"],
  ])("says so when a renewal is refused with %i, and waits a minute at least", async (status, state, says) => {
    const rig = await start({
      env: keys(aJwt(startMs - 1000)),
      sockets: goLive,
      answers: { "/authentication/jwt": () => [status, { message: "no" }] },
    });
    await rig.over();
    expect(rig.status()).toMatchObject({ state, detail: expect.stringContaining(says) });
    expect(rig.status().retryAtMs! - startMs).toBeGreaterThanOrEqual(minuteMs);
    expect(rig.status().detail).not.toContain("tk_1");
    expect(rig.credentials()).toEqual([]);
  });

  it("goes on with the old token while it lasts when the renewal fails, and asks once a minute", async () => {
    const jwt = aJwt(startMs + 4 * minuteMs);
    const rig = await start({ env: keys(jwt), sockets: { "/": (socket) => socket.terminate() } });
    for (let tries = 1; tries <= 3; tries++) {
      await until(() => rig.credentials().length === tries && rig.status().retryAtMs !== undefined);
      rig.retry();
    }
    expect(rig.clock.now() - startMs).toBeLessThan(minuteMs);
    expect(rig.credentials().slice(0, 3)).toEqual(Array(3).fill(`jwtKey=${jwt}`));
    expect(rig.renewals()).toHaveLength(1);
  });

  it("gives up a renewal that is not answered, and leaves nothing behind when stopped in one", async () => {
    const rig = await start({ env: keys(aJwt(startMs - 1000)), answers: { "/authentication/jwt": () => [200, {}] } });
    await rig.over();
    expect(rig.status().detail).toContain("an answer without a token");
    const silent = await start({ env: keys(aJwt(startMs - 1000)), answers: { "/authentication/jwt": () => "never" } });
    await until(() => silent.renewals().length === 1);
    silent.clock.advance(10_000);
    await silent.over();
    expect(silent.status().detail).toContain("/authentication/jwt: no answer within 8 s");
    silent.retry();
    await until(() => silent.renewals().length === 2);
    await silent.ingest.stop();
    expect(silent.clock.pending()).toBe(0);
  });
});

describe("with an API key alone", () => {
  const env = { TIKTOOL_API_KEY: "k" };
  const offline = { "/": (socket: { close(code: number): void }) => socket.close(4404) };
  const aliveness = (alive: boolean) => ({
    "/webcast/check_alive": (): [number, object] => [200, { status_code: 0, data: [{ room_id: "7", alive }] }],
  });

  it("asks whether there is a broadcast before it connects again, and waits on when there is none", async () => {
    let alive = false;
    const answers = { "/webcast/check_alive": () => aliveness(alive)["/webcast/check_alive"]() };
    const rig = await start({ env, answers, sockets: offline });
    await rig.over();
    expect(rig.service.asked).toEqual([]);
    for (let asked = 1; asked <= 3; asked++) {
      rig.retry();
      await until(() => rig.service.asked.length === asked && rig.status().retryAtMs !== undefined);
      expect(rig.status().state).toBe("waitingForLive");
    }
    expect(rig.service.asked[0]).toMatchObject({ query: { unique_id: "ana" }, key: "k" });
    expect(rig.credentials()).toEqual(["apiKey=k"]);
    alive = true;
    rig.retry();
    await until(() => rig.credentials().length === 2);
  });

  it("connects every half hour though the service says that there is no broadcast", async () => {
    const rig = await start({ env, answers: aliveness(false), sockets: offline });
    await rig.over();
    const beganMs = rig.clock.now();
    const dialledMs: number[] = [];
    while (dialledMs.length < 2) {
      const before = { asked: rig.service.asked.length, dialled: rig.credentials().length };
      rig.retry();
      await until(() => rig.service.asked.length > before.asked || rig.credentials().length > before.dialled);
      await until(() => rig.status().retryAtMs !== undefined);
      if (rig.credentials().length > before.dialled) dialledMs.push(rig.clock.now() - beganMs);
    }
    expect(dialledMs).toEqual([30 * minuteMs, 60 * minuteMs]);
    expect(rig.service.asked).toHaveLength(58);
  });

  it("connects when the service cannot tell", async () => {
    const rig = await start({ env, sockets: offline });
    await rig.over();
    rig.retry();
    await until(() => rig.credentials().length === 2);
    expect(rig.service.asked).toMatchObject([{ path: "/webcast/check_alive" }]);
  });
});
