/** A whole show on the source tiktok-live-connector, as a process of its own with the real package: what it says, and its ledger. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { until } from "../../../support/until.ts";
import { aFolder, type RunningCommand, uproar } from "../../cli/uproar.ts";
import { type FakeWebcast, messageFrame, startFakeWebcast } from "./fake-webcast.ts";
import { giftMessage } from "./webcast-messages.ts";

const folder = aFolder();
const token = "operator-token-for-tests";
let server: FakeWebcast;
let show: RunningCommand;

beforeAll(async () => {
  server = await startFakeWebcast();
  show = uproar(
    ["--source", "tiktok-live-connector", "--user", "Streamer", "--port", "0", "--data", folder.path, "--seed", "3"],
    { env: { UPROAR_OPERATOR_TOKEN: token, SIGN_API_URL: server.url, SIGN_API_KEY: "secret-1" } },
  );
});
afterAll(async () => {
  show.process.kill("SIGKILL");
  await show.ended;
  await server.stop();
  folder.remove();
});

test("says the package's licence and that it is live, puts each paid unit into the ledger once, and hangs up when it ends", async () => {
  const [, base] = await show.prints(/(http:\/\/127\.0\.0\.1:\d+)\/stage\?token=/);
  await show.prints(/Source +tiktok-live-connector: @streamer\n +tiktok-live-connector: version 2\.4\.0: MIT licence/);
  await show.prints(/Receiving the broadcast of @streamer/);
  await until(() => server.lines() === 1);
  const frame = { viewerId: "31", giftId: "5655", groupId: "1", streakable: true, atMs: Date.now() };
  for (const [serial, total] of [2, 5, 5, 3].entries()) {
    const gift = giftMessage({ ...frame, total, end: serial === 2, messageId: `90${serial}` });
    server.send(messageFrame([gift], serial % 2 === 0));
    server.send(messageFrame([gift]));
  }
  const units = async (): Promise<number> => {
    const answer = await fetch(`${base}/api/ledger`, { headers: { authorization: `Bearer ${token}` } });
    const rows = (await answer.text()).split("\n").filter(Boolean);
    return rows.reduce((sum, row) => sum + (JSON.parse(row) as { count: number }).count, 0);
  };
  await expect.poll(units, { timeout: 10_000 }).toBe(5);
  await until(() => server.received.filter(({ kind }) => kind === "ack").length === 8);
  expect(await units()).toBe(5);
  show.process.kill("SIGINT");
  const { code, stdout } = await show.ended;
  expect(code).toBe(0);
  expect(stdout).not.toContain("secret-1");
  await until(() => server.closes.length === 1);
  expect(server.closes).toEqual([1005]);
}, 60_000);
