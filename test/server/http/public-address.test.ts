/** Hosts and addresses that may be fetched from: tables of both kinds. */
import { describe, expect, test } from "vitest";
import { isWithinReach, pictureHostsOf, reachOf } from "../../../server/http/public-address.ts";

describe("reachOf", () => {
  const allowed = ["*.tiktokcdn.com", "pics.example.org", "127.0.0.1", "[::1]"];
  test.each([
    ["p16-sign-va.tiktokcdn.com", "public"],
    ["a.b.TikTokCDN.com", "public"],
    ["pics.example.org", "public"],
    ["127.0.0.1", "loopback"],
    ["[::1]", "loopback"],
    ["tiktokcdn.com", undefined],
    [".tiktokcdn.com", undefined],
    ["eviltiktokcdn.com", undefined],
    ["tiktokcdn.com.evil.org", undefined],
    ["x.pics.example.org", undefined],
    ["127.0.0.2", undefined],
    ["localhost", undefined],
    ["", undefined],
  ])("%s is %s", (host, reach) => expect(reachOf(host, allowed)).toBe(reach));

  test("a wildcard never reaches this machine", () => {
    expect(reachOf("127.0.0.1", ["*.0.0.1"])).toBeUndefined();
    expect(reachOf("localhost", ["localhost"])).toBe("loopback");
  });
});

describe("pictureHostsOf", () => {
  const tiktok = { platform: "tiktok", avatarHosts: ["*.tiktokcdn.com"] };
  const simulated = { platform: "tiktok", avatarHosts: ["127.0.0.1"] };
  const bare = { platform: "tiktok" };
  const twitch = { platform: "twitch", avatarHosts: ["static-cdn.jtvnw.net"] };
  const any = { platform: "any", avatarHosts: ["yt3.ggpht.com"] };
  const local = { platform: "local", avatarHosts: ["[::1]", "LocalHost", "cdn.example"] };
  test.each([
    ["one source", [tiktok], "tiktok:1", ["*.tiktokcdn.com"]],
    ["a simulated audience alone", [simulated], "tiktok:1", ["127.0.0.1"]],
    ["a simulated audience beside real viewers of its platform", [tiktok, simulated], "tiktok:1", ["*.tiktokcdn.com"]],
    ["the same the other way round", [simulated, tiktok], "tiktok:1", ["*.tiktokcdn.com"]],
    ["a simulated audience beside a source without pictures", [simulated, bare], "tiktok:1", []],
    ["a simulated audience beside another platform", [simulated, twitch], "tiktok:1", ["127.0.0.1"]],
    ["viewers of that other platform", [simulated, twitch], "twitch:1", ["static-cdn.jtvnw.net"]],
    ["two sources that both name this machine", [simulated, { ...simulated }], "tiktok:1", ["127.0.0.1"]],
    ["every way to name this machine", [local, { platform: "local" }], "local:1", ["cdn.example"]],
    ["a source of several platforms", [twitch, any], "tiktok:1", ["yt3.ggpht.com"]],
    [
      "its viewers beside those of their platform",
      [twitch, any],
      "twitch:1",
      ["static-cdn.jtvnw.net", "yt3.ggpht.com"],
    ],
    ["a simulated audience beside a source of several platforms", [simulated, any], "tiktok:1", ["yt3.ggpht.com"]],
    ["viewers of no source", [tiktok], "test:1", []],
    ["a platform that only begins alike", [tiktok], "tiktokx:1", []],
    ["a key without platform", [tiktok], "tiktok.com", []],
    ["an id with colons", [twitch], "twitch:tiktok:1", ["static-cdn.jtvnw.net"]],
    ["a name every object has", [tiktok], "__proto__:1", []],
  ])("%s", (_, sources, key, hosts) => expect(pictureHostsOf(sources)(key)).toEqual(hosts));
});

describe("isWithinReach", () => {
  test.each([
    ["8.8.8.8", "public", true],
    ["2606:4700::1111", "public", true],
    ["::ffff:8.8.8.8", "public", true],
    ...[
      "127.0.0.1",
      "10.1.2.3",
      "172.16.0.1",
      "192.168.1.1",
      "169.254.169.254",
      "100.64.0.1",
      "0.0.0.0",
      "224.0.0.1",
    ].map((address) => [address, "public", false] as const),
    ...[
      "255.255.255.255",
      "::1",
      "::",
      "fe80::1",
      "fd00::1",
      "::ffff:127.0.0.1",
      "::ffff:10.0.0.1",
      "64:ff9b::a00:1",
    ].map((address) => [address, "public", false] as const),
    ["2002:7f00:1::", "public", false],
    ["not an address", "public", false],
    ["127.0.0.1", "loopback", true],
    ["::ffff:127.0.0.1", "loopback", true],
    ["8.8.8.8", "loopback", false],
    ["10.0.0.1", "loopback", false],
  ] as const)("%s as %s: %s", (address, reach, is) => expect(isWithinReach(address, reach)).toBe(is));
});
