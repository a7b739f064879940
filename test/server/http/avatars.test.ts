/** The avatar proxy against a real server that misbehaves in every way a picture host could. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import express from "express";
import { afterEach, expect, test } from "vitest";
import type { Clock } from "../../../server/clock.ts";
import { type AvatarOptions, type Avatars, createAvatars } from "../../../server/http/avatars.ts";
import { maxPictureBytes } from "../../../server/http/fetch-picture.ts";
import { pictureHostsOf } from "../../../server/http/public-address.ts";
import { aJpeg, aPng, aWebp } from "./pictures.ts";

const png = aPng();
const jpeg = aJpeg();
const webp = aWebp();

const cleanUps: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

async function listen(handler: Handler): Promise<number> {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  cleanUps.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return (server.address() as AddressInfo).port;
}

function aClock(): Clock & { pass(ms: number): void } {
  let now = 1_000_000;
  let timers: { at: number; callback: () => void }[] = [];
  return {
    now: () => now,
    after(ms, callback) {
      const timer = { at: now + ms, callback };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    pass(ms) {
      now += ms;
      for (const timer of [...timers]) if (timer.at <= now) timer.callback();
      timers = timers.filter((timer) => timer.at > now);
    },
  };
}

interface Stand {
  avatars: Avatars;
  clock: ReturnType<typeof aClock>;
  /** Address of the picture host. */
  host: string;
  /** Requests the picture host has had: path and query as they came. */
  asked: string[];
  get(path: string): Promise<Response>;
}

/** A picture host, the proxy before it, and a page's view of both. */
async function aStand(answer: Handler, options: Partial<AvatarOptions> = {}): Promise<Stand> {
  const asked: string[] = [];
  const hostPort = await listen((request, response) => {
    asked.push(request.url ?? "");
    answer(request, response);
  });
  const clock = aClock();
  const avatars = createAvatars({ allowedHosts: () => ["127.0.0.1", "*.cdn.example"], clock, ...options });
  const port = await listen(express().use(avatars.router));
  return {
    avatars,
    clock,
    host: `http://127.0.0.1:${hostPort}`,
    asked,
    get: (path) => fetch(`http://127.0.0.1:${port}${path}`),
  };
}

const send =
  (body: Buffer | string, headers: Record<string, string> = {}, status = 200): Handler =>
  (_, response) => {
    response.writeHead(status, { "content-type": "image/png", ...headers }).end(body);
  };

test.each([
  ["image/png", png],
  ["image/jpeg", jpeg],
  ["image/webp", webp],
])("serves %s as it came, and as nothing else", async (type, bytes) => {
  const stand = await aStand(send(bytes, { "content-type": type }));
  const address = stand.avatars.addressFor("tiktok:1", `${stand.host}/ada`);
  expect(address).toMatch(/^\/avatars\/[A-Za-z0-9_-]{24}$/);
  const response = await stand.get(address);
  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toBe(type);
  expect(response.headers.get("x-content-type-options")).toBe("nosniff");
  expect(Buffer.from(await response.arrayBuffer()).equals(bytes)).toBe(true);
});

test("a signed address reaches the host byte for byte", async () => {
  const stand = await aStand(send(png));
  const path = "/a%2Fb/~tplv:720.webp?x-expires=1&sig=a%2Bb%2fc+d%20e==&x=%E2%9C%93&&y='()*;";
  await stand.get(stand.avatars.addressFor("tiktok:1", `${stand.host}${path}#part`));
  await stand.get(stand.avatars.addressFor("tiktok:2", `${stand.host}?only=query`));
  await stand.get(stand.avatars.addressFor("tiktok:3", `${stand.host}/a/../b`));
  expect(stand.asked).toEqual([path, "/?only=query", "/a/../b"]);
});

test.each([
  ["nothing", ""],
  ["no address at all", "ada.png"],
  ["another scheme", "ftp://x.cdn.example/a"],
  ["a file", "file:///etc/passwd"],
  ["data", "data:image/png;base64,AAAA"],
  ["a host that is not listed", "https://example.org/a.png"],
  ["http where TLS is needed", "http://x.cdn.example/a.png"],
  ["a port of its own", "https://x.cdn.example:8443/a.png"],
  ["a user name", "https://x.cdn.example@evil.org/a.png"],
  ["a user name before a listed host", "https://user:pass@x.cdn.example/a.png"],
  ["a backslash", "https://evil.org\\@x.cdn.example/a.png"],
  ["a line break", "https://x.cdn.example/a\r\nHost: evil.org"],
  ["a space", "https://x.cdn.example/a b"],
  ["letters beyond ASCII", "https://x.cdn.example/é"],
  ["a private address", "https://192.168.1.1/a.png"],
  ["loopback by another number", "http://2130706434/a.png"],
  ["too long an address", `https://x.cdn.example/${"a".repeat(2048)}`],
])("gives no address for %s", async (_, url) => {
  const { avatars } = await aStand(send(png));
  expect(avatars.addressFor("tiktok:1", url)).toBe("");
});

test("a listed host may be listed no more when the picture is asked for", async () => {
  const hosts = ["127.0.0.1"];
  const stand = await aStand(send(png), { allowedHosts: () => hosts });
  const address = stand.avatars.addressFor("tiktok:1", `${stand.host}/a`);
  hosts.length = 0;
  expect((await stand.get(address)).status).toBe(404);
  expect(stand.asked).toEqual([]);
});

test.each([
  ["redirect", send("", { location: "/elsewhere" }, 302)],
  ["redirect", send("", { location: "http://169.254.169.254/" }, 301)],
  ["status", send(png, {}, 404)],
  ["status", send(png, {}, 500)],
  ["status", send("", {}, 204)],
  ["type", send("<svg onload=alert(1)>", { "content-type": "image/svg+xml" })],
  ["type", send("<script>alert(1)</script>")],
  ["type", send(png, { "content-type": "text/html" })],
  ["type", send(png, { "content-type": "image/pngx" })],
  ["type", send(png, { "content-encoding": "gzip" })],
  ["type", send("")],
  ["type", send(png.subarray(0, 20))],
  ["pixels", send(aPng(4097, 1))],
  ["pixels", send(aPng(1, 0xffff_ffff))],
  ["pixels", send(aJpeg(1, 4097))],
  ["pixels", send(aWebp("VP8 ", 4097, 4096))],
  ["pixels", send(aWebp("VP8L", 4096, 4097))],
  ["pixels", send(aWebp("VP8X", 0x100_0000, 1))],
  ["size", send(Buffer.concat([png, Buffer.alloc(maxPictureBytes)]))],
  [
    "size",
    (_, response) =>
      void response.writeHead(200, { "content-type": "image/png" }).write(Buffer.alloc(maxPictureBytes + 1)),
  ],
  ["network", (_, response) => void response.destroy()],
  [
    "network",
    (_, response) => {
      response.writeHead(200, { "content-type": "image/png", "content-length": "1000" });
      response.write(png, () => response.destroy());
    },
  ],
] satisfies [fault: string, answer: Handler][])("refuses for %s, and says 404 (%#)", async (fault, answer) => {
  const stand = await aStand(answer);
  const response = await stand.get(stand.avatars.addressFor("tiktok:1", `${stand.host}/a`));
  expect(response.status).toBe(404);
  expect(stand.avatars.counters()).toEqual({ fetched: 0, served: 0, failed: { [fault]: 1 } });
});

test("the largest picture still passes", async () => {
  const largest = Buffer.concat([png, Buffer.alloc(maxPictureBytes - png.length)]);
  const stand = await aStand(send(largest));
  const response = await stand.get(stand.avatars.addressFor("tiktok:1", `${stand.host}/a`));
  expect((await response.arrayBuffer()).byteLength).toBe(maxPictureBytes);
});

test.each([aPng, aJpeg, (side: number, other: number) => aWebp("VP8X", side, other)])(
  "the widest and highest picture still passes (%#)",
  async (build) => {
    const stand = await aStand(send(build(4096, 4096)));
    expect((await stand.get(stand.avatars.addressFor("tiktok:1", `${stand.host}/a`))).status).toBe(200);
  },
);

test("a viewer's picture comes from the hosts of the viewer's own platform, even when it is asked for later", async () => {
  const sources = [
    { platform: "tiktok", avatarHosts: ["*.cdn.example"] },
    { platform: "simulated", avatarHosts: ["127.0.0.1"] },
  ];
  const stand = await aStand(send(png), { allowedHosts: (key) => pictureHostsOf(sources)(key) });
  expect(stand.avatars.addressFor("tiktok:1", `${stand.host}/a`)).toBe("");
  expect(stand.avatars.addressFor("simulated:1", "https://x.cdn.example/a.png")).toBe("");
  expect(stand.avatars.addressFor("tiktok:1", "https://x.cdn.example/a.png")).not.toBe("");
  const address = stand.avatars.addressFor("simulated:1", `${stand.host}/a`);
  expect((await stand.get(address)).status).toBe(200);
  sources.pop();
  const later = stand.avatars.addressFor("simulated:1", `${stand.host}/a`);
  stand.clock.pass(60 * 60_000 + 1);
  expect((await stand.get(later)).status).toBe(404);
  expect(stand.asked).toEqual(["/a"]);
});

test.each(["before an answer", "in the middle of one"])("gives up after 5 s %s", async (when) => {
  let reached = () => {};
  const started = new Promise<void>((resolve) => {
    reached = resolve;
  });
  let gone = () => {};
  const closed = new Promise<void>((resolve) => {
    gone = resolve;
  });
  const stand = await aStand((_, response) => {
    response.on("close", gone);
    if (when === "before an answer") return reached();
    response.writeHead(200, { "content-type": "image/png" });
    response.write(png, reached);
  });
  const response = stand.get(stand.avatars.addressFor("tiktok:1", `${stand.host}/a`));
  await started;
  stand.clock.pass(4_999);
  expect(stand.avatars.counters().failed).toEqual({});
  stand.clock.pass(1);
  expect((await response).status).toBe(404);
  expect(stand.avatars.counters().failed).toEqual({ time: 1 });
  // The host is let go of too.
  await closed;
});

test.each([
  ["this machine", ["127.0.0.1"]],
  ["the home network", ["192.168.0.10"]],
  ["the cloud's own address", ["169.254.169.254"]],
  ["a public and a private address", ["8.8.8.8", "10.0.0.1"]],
  ["nowhere", []],
])("a listed name that leads to %s is not followed", async (_, addresses) => {
  const stand = await aStand(send(png), {
    resolve: async () => addresses.map((address) => ({ address, family: 4 })),
  });
  const response = await stand.get(stand.avatars.addressFor("tiktok:1", "https://x.cdn.example/a.png"));
  expect(response.status).toBe(404);
  expect(stand.avatars.counters().failed).toEqual({ address: 1 });
});

test("the connection goes to the address that was checked: a name is looked up once", async () => {
  let lookups = 0;
  const stand = await aStand(send(png), {
    allowedHosts: () => ["localhost"],
    resolve: async () => [{ address: lookups++ === 0 ? "127.0.0.1" : "10.0.0.1", family: 4 }],
  });
  const url = stand.host.replace("127.0.0.1", "localhost");
  expect((await stand.get(stand.avatars.addressFor("tiktok:1", url))).status).toBe(200);
  expect(lookups).toBe(1);
  // The next viewer's picture needs a new look, which is checked anew.
  expect((await stand.get(stand.avatars.addressFor("tiktok:2", url))).status).toBe(404);
  expect(stand.avatars.counters().failed).toEqual({ address: 1 });
});

test("one viewer has one address and is fetched once, however the platform signs the picture", async () => {
  const stand = await aStand(send(png));
  const first = stand.avatars.addressFor("tiktok:1", `${stand.host}/a?sig=1`);
  await Promise.all([stand.get(first), stand.get(first), stand.get(first)]);
  expect(stand.avatars.addressFor("tiktok:1", `${stand.host}/a?sig=2`)).toBe(first);
  await stand.get(first);
  expect(stand.asked).toEqual(["/a?sig=1"]);
  expect(stand.avatars.addressFor("tiktok:2", `${stand.host}/a?sig=1`)).not.toBe(first);
  // After an hour the picture is looked for again, where the platform last said it is.
  stand.clock.pass(60 * 60_000 + 1);
  await stand.get(first);
  expect(stand.asked).toEqual(["/a?sig=1", "/a?sig=2"]);
});

test("a failure is remembered for a minute", async () => {
  const stand = await aStand(send("", {}, 500));
  const address = stand.avatars.addressFor("tiktok:1", `${stand.host}/a`);
  await stand.get(address);
  await stand.get(address);
  expect(stand.asked).toHaveLength(1);
  stand.clock.pass(60_001);
  await stand.get(address);
  expect(stand.asked).toHaveLength(2);
});

test.each([
  ["count", { maxPictures: 2 }],
  ["bytes", { maxBytes: png.length * 2 }],
])("pictures are bounded by %s; the one used longest ago goes", async (_, bound) => {
  const stand = await aStand(send(png), bound);
  const address = (name: string) => stand.avatars.addressFor(name, `${stand.host}/${name}`);
  for (const name of ["a", "b", "a", "c", "a", "b"]) await stand.get(address(name));
  expect(stand.asked).toEqual(["/a", "/b", "/c", "/b"]);
});

test("remembered viewers are bounded", async () => {
  const stand = await aStand(send(png), { maxViewers: 1 });
  const first = stand.avatars.addressFor("a", `${stand.host}/a`);
  const second = stand.avatars.addressFor("b", `${stand.host}/b`);
  expect((await stand.get(first)).status).toBe(404);
  expect((await stand.get(second)).status).toBe(200);
});

test("few fetches at once, few more wait, the rest are turned away and may come again", async () => {
  const held: ServerResponse[] = [];
  let arrived = () => {};
  const stand = await aStand(
    (_, response) => {
      held.push(response);
      arrived();
    },
    { maxFetches: 2, maxWaiting: 1 },
  );
  const get = (name: string) => stand.get(stand.avatars.addressFor(name, `${stand.host}/${name}`));
  const arrivals = (count: number) =>
    new Promise<void>((resolve) => {
      arrived = () => held.length >= count && resolve();
      arrived();
    });
  const running = [get("a"), get("b")];
  await arrivals(2);
  // Which of the two waits and which is turned away is up to the network; one of each there must be.
  const more = [get("c"), get("d")];
  expect((await Promise.race(more)).status).toBe(404);
  expect(stand.avatars.counters().failed).toEqual({ busy: 1 });
  expect(held).toHaveLength(2);
  for (const response of held) response.writeHead(200, { "content-type": "image/png" }).end(png);
  for (const response of running) expect((await response).status).toBe(200);
  await arrivals(3);
  held[2]!.writeHead(200, { "content-type": "image/png" }).end(png);
  const statuses = (await Promise.all(more)).map(({ status }) => status).sort();
  expect(statuses).toEqual([200, 404]);
});

test("unknown and malformed ids are nobody's", async () => {
  const stand = await aStand(send(png));
  for (const path of ["/avatars/nobody", "/avatars/..%2f..%2fetc", "/avatars/__proto__"]) {
    expect((await stand.get(path)).status).toBe(404);
  }
});
