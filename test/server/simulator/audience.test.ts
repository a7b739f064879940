/** The simulated crowd: the same for the same seed, lively as its scenario says, honest in its combos. */
import { describe, expect, it } from "vitest";
import { type Act, createAudience } from "../../../server/simulator/audience.ts";
import { builtInScenarios, loadScenario } from "../../../server/simulator/scenario.ts";
import { defaultTiers, tierNames, tierOf } from "../../../shared/game/tiers.ts";

const minute = 60_000;

function acts(ms: number, { seed = 1, scenario = "demo", stepMs = ms } = {}): Act[] {
  const audience = createAudience({ scenario: loadScenario(scenario), seed });
  const done: Act[] = [];
  for (let at = 0; at < ms; at += stepMs) done.push(...audience.advance(Math.min(stepMs, ms - at)));
  return done;
}
const of = <T extends Act["type"]>(all: Act[], type: T) =>
  all.filter((act): act is Act & { type: T } => act.type === type);

describe("audience", () => {
  it("does the same for the same seed, however time is cut, and something else for another", () => {
    const whole = JSON.stringify(acts(minute));
    expect(JSON.stringify(acts(minute, { stepMs: 37 }))).toBe(whole);
    expect(JSON.stringify(acts(minute, { seed: 2 }))).not.toBe(whole);
  });

  it("goes on in order of time", () => {
    const times = acts(minute).map(({ atMs }) => atMs);
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it.each([1, 2, 3, 4, 5])("demo, seed %i: is lively soon and shows every tier within three minutes", (seed) => {
    const all = acts(3 * minute, { seed });
    expect(of(all, "join")[0]!.atMs).toBeLessThan(1500);
    expect(of(all, "chat")[0]!.atMs).toBeLessThan(3500);
    expect(of(all, "join").filter(({ atMs }) => atMs < 20_000).length).toBeGreaterThanOrEqual(25);
    expect(of(all, "chat").length / 180).toBeGreaterThan(1.4);
    const likes = of(all, "like").reduce((sum, { count }) => sum + count, 0);
    expect(likes / 200).toBeGreaterThan(180 / 30);
    expect(likes / 200).toBeLessThan(180 / 15);
    const tiers = new Set(
      of(all, "gift").map(({ gift }) =>
        tierOf({ ...gift, id: "", unitValue: gift.diamonds, currency: "diamond" }, defaultTiers),
      ),
    );
    expect([...tiers].sort()).toEqual([...tierNames]);
  });

  it("speaks many scripts, and names others by their name", () => {
    const all = acts(3 * minute);
    const text = all.map((act) => `${act.person.nickname} ${act.type === "chat" ? act.text : ""}`).join(" ");
    for (const script of ["Arabic", "Hebrew", "Han", "Thai", "Cyrillic", "Hiragana", "Hangul"]) {
      expect(new RegExp(`\\p{Script=${script}}`, "u").test(text), script).toBe(true);
    }
    expect(Math.max(...all.map(({ person }) => person.nickname.length))).toBeGreaterThan(40);
    const names = new Set(all.map(({ person }) => person.nickname));
    const mentions = of(all, "chat").filter((act) => act.text.startsWith("@"));
    expect(mentions.length).toBeGreaterThan(10);
    for (const mention of mentions) expect(names.has(mention.text.slice(1))).toBe(true);
  });

  it.each(builtInScenarios)(
    "%s: every combo grows, ends with its largest total, and has a name of its own",
    (scenario) => {
      const combos = Map.groupBy(of(acts(4 * minute, { scenario }), "gift"), ({ groupId }) => groupId);
      expect(combos.size).toBeGreaterThan(0);
      let closed = 0;
      for (const frames of combos.values()) {
        const totals = frames.map(({ total }) => total);
        expect(totals).toEqual([...totals].sort((a, b) => a - b));
        expect(new Set(frames.map(({ person, gift }) => `${person.id} ${gift.id}`)).size).toBe(1);
        expect(new Set(frames.map(({ transactionId }) => transactionId)).size).toBe(frames.length);
        if (frames[0]!.gift.type !== 1) expect(frames).toHaveLength(1);
        else if (frames.at(-1)!.end) {
          closed++;
          expect(totals.at(-1)).toBe(totals.at(-2));
        }
      }
      expect(closed).toBeGreaterThan(0);
    },
  );

  it("likes come in batches of at most fifteen, with the room's running total; nobody follows twice", () => {
    const all = acts(2 * minute, { scenario: "crowd" });
    let total = 0;
    for (const { count, roomTotal } of of(all, "like")) {
      total += count;
      expect(count).toBeLessThanOrEqual(15);
      expect(roomTotal).toBe(total);
    }
    const follows = of(all, "follow").map(({ person }) => person.id);
    expect(new Set(follows).size).toBe(follows.length);
  });

  it("people come and go, and some come back", () => {
    const all = acts(30 * minute);
    const arrivals = of(all, "join").map(({ person }) => person.id);
    expect(of(all, "leave").length).toBeGreaterThan(20);
    expect(new Set(arrivals).size).toBeLessThan(arrivals.length);
  });

  it("calms down in its quiet spells", () => {
    const all = acts(170_000);
    const rate = (from: number, to: number) => all.filter(({ atMs }) => atMs >= from && atMs < to).length / (to - from);
    expect(rate(160_000, 170_000)).toBeLessThan(rate(60_000, 150_000) * 0.7);
  });

  it("sends gifts by hand: combos with all frames, others one by one", () => {
    const scenario = loadScenario("quiet");
    const audience = createAudience({ scenario, seed: 1 });
    const combo = scenario.gifts.find(({ type }) => type === 1)!;
    const single = scenario.gifts.find(({ type }) => type !== 1)!;
    const { person } = audience.sendGift({ gift: combo, count: 500 });
    audience.sendGift({ person, gift: single, count: 12 });
    const sent = of(audience.advance(60_000), "gift").filter((act) => act.person === person);
    const totals = sent.filter(({ gift }) => gift === combo).map(({ total }) => total);
    expect(Math.max(...totals)).toBe(500);
    expect(sent.filter(({ gift }) => gift === single).length).toBe(12);
  });
});
