/** Source youtube finds its broadcast, and says in plain words why it cannot hear it. */
import { afterEach, describe, expect, it } from "vitest";
import { until } from "../../../support/until.ts";
import { anError, aVideo, aVideoList, type FakeYoutube, fakeVideoId } from "./fake-youtube.ts";
import { ending, type Rig, settings, startYoutube } from "./rig.ts";

const rigs: Rig[] = [];
const start: typeof startYoutube = async (...given) => {
  const rig = await startYoutube(...given);
  rigs.push(rig);
  return rig;
};
afterEach(async () => {
  for (const rig of rigs.splice(0)) await rig.cleanUp();
});

describe("refusals", () => {
  it.each([
    ["a used-up quota", 403, "quotaExceeded", "quotaUsedUp", "used up"],
    ["too many requests", 429, "rateLimitExceeded", "rateLimited", "too many requests"],
    ["a wrong key", 400, "keyInvalid", "wrongKey", "keyInvalid"],
    ["a key that may not", 403, "forbidden", "wrongKey", "forbidden"],
    ["a project without the API", 403, "accessNotConfigured", "wrongKey", "not enabled"],
    ["a chat switched off", 403, "liveChatDisabled", "failed", "switch it on"],
    ["a chat that is over", 403, "liveChatEnded", "ended", "has ended"],
    ["a chat that is gone", 404, "liveChatNotFound", "ended", "has ended"],
  ])("tells of %s", async (_name, status, reason, state, words) => {
    const rig = await start((server) => server.answer("/liveChat/messages", { status, body: anError(status, reason) }));
    await until(() => rig.status().state === state);
    expect(rig.status().detail).toContain(words);
    expect(rig.asked("/liveChat/messages")).toHaveLength(1);
  });

  it("asks again when California's next day gives new units", async () => {
    const rig = await start((server) => server.answer("/videos", { status: 403, body: anError(403, "quotaExceeded") }));
    // 08:00:10 UTC in winter is ten seconds past midnight there.
    expect((await ending(rig)).retryInMs).toBeGreaterThanOrEqual(24 * 3_600_000 - 10_000);
  });
});

describe("which broadcast", () => {
  const found = (server: FakeYoutube, ...videos: object[]): void => {
    const json = (value: object) => ({ status: 200, body: JSON.stringify(value) });
    server.answer("/channels", json({ items: [{ contentDetails: { relatedPlaylists: { uploads: "UU1" } } }] }));
    const items = ["aaaaaaaaaaa", "bbbbbbbbbbb"].map((videoId) => ({ contentDetails: { videoId } }));
    server.answer("/playlistItems", json({ items }));
    server.send(aVideoList(...videos));
  };
  const on = (id: string, actualStartTime: string) => aVideo(id, { activeLiveChatId: `chat ${id}`, actualStartTime });

  it.each([
    ["a handle", "some.body", "forHandle", "some.body"],
    ["a channel", "UC0123456789abcdefghijkl", "id", "UC0123456789abcdefghijkl"],
    ["a channel's address", "https://www.youtube.com/@some.body/live", "forHandle", "@some.body"],
  ])("finds the one that is on by %s, for three units", async (_name, user, by, name) => {
    const rig = await start(
      (server) =>
        found(
          server,
          aVideo("uploaded", undefined, "none"),
          aVideo("soon", { activeLiveChatId: "chat soon" }, "upcoming"),
          on("earlier", "2027-01-15T05:00:00Z"),
          on("latest", "2027-01-15T07:00:00Z"),
          aVideo("over", { actualEndTime: "2027-01-15T07:59:00Z" }, "none"),
        ),
      (url) => settings(url, user),
    );
    await rig.pages(1);
    expect(rig.status()).toMatchObject({ state: "live", roomId: "latest" });
    expect(rig.server.asked.slice(0, 4).map(({ path }) => path)).toEqual([
      "/channels",
      "/playlistItems",
      "/videos",
      "/liveChat/messages",
    ]);
    const queries = rig.server.asked.map(({ query }) => query);
    expect(queries[0]!.get(by)?.replace("@", "")).toBe(name.replace("@", ""));
    expect(queries[1]!.get("playlistId")).toBe("UU1");
    expect(queries[2]!.get("id")).toBe("aaaaaaaaaaa,bbbbbbbbbbb");
    expect(queries[3]!.get("liveChatId")).toBe("chat latest");
  });

  it("waits two minutes for a channel that is not live, and says when there is none", async () => {
    const waiting = await start(
      (server) => found(server),
      (url) => settings(url, "some.body"),
    );
    expect(await ending(waiting)).toMatchObject({
      state: "waitingForLive",
      detail: expect.stringContaining("@some.body"),
    });
    expect((await ending(waiting)).retryInMs).toBeGreaterThanOrEqual(120_000);
    const nobody = await start(
      (server) => server.answer("/channels", { status: 200, body: '{"items":[]}' }),
      (url) => settings(url, "nobody"),
    );
    expect(await ending(nobody)).toMatchObject({ state: "failed", detail: expect.stringContaining("no channel") });
  });

  it.each([
    [
      "is announced",
      aVideoList(aVideo(fakeVideoId, { activeLiveChatId: "LC1" }, "upcoming")),
      "waitingForLive",
      "go live",
    ],
    [
      "has just begun",
      aVideoList(aVideo(fakeVideoId, { actualStartTime: "2027-01-15T08:00:00Z" })),
      "waitingForLive",
      "",
    ],
    [
      "has no chat",
      aVideoList(aVideo(fakeVideoId, { actualStartTime: "2027-01-15T07:00:00Z" })),
      "failed",
      "switched off",
    ],
    [
      "is over",
      aVideoList(aVideo(fakeVideoId, { actualEndTime: "2027-01-15T07:00:00Z" }, "none")),
      "failed",
      "is over",
    ],
    ["is a mere video", aVideoList(aVideo(fakeVideoId, undefined, "none")), "failed", "no live broadcast"],
    ["does not exist", aVideoList(), "failed", "no video"],
  ])("says what is the matter with a broadcast that %s", async (_name, video, state, words) => {
    const rig = await start((server) => server.send(video));
    expect(await ending(rig)).toMatchObject({ state, detail: expect.stringContaining(words) });
    expect(rig.asked("/liveChat/messages")).toEqual([]);
  });
});
