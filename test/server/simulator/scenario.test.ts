/** Scenario files: the built-in ones are right, and every mistake is named with its place. */
import { describe, expect, it } from "vitest";
import { builtInScenarios, loadScenario, parseScenario, ScenarioError } from "../../../server/simulator/scenario.ts";

const good = `summary: small
crowd: { size: 3, fillSeconds: 5, staySeconds: [10, 20] }
perMinute: { chats: 1, likes: 1, gifts: 1, follows: 1, shares: 1, subscribes: 1 }
words: { dash: 1 }
smalltalk: [hi]
gifts:
  - { id: 1, name: Spark, diamonds: 1, weight: 1 }
`;

describe("scenario", () => {
  it.each(builtInScenarios)("%s is right", (name) => expect(loadScenario(name).gifts.length).toBeGreaterThan(3));

  it("fills in what is left out", () => {
    expect(parseScenario(good, "x.yaml")).toMatchObject({ playing: 0.6, gifts: [{ type: 1, combo: [1, 1] }] });
    expect(loadScenario()).toEqual(loadScenario("demo"));
  });

  it.each([
    ["size: 3", "size: 0", "x.yaml:2:10 crowd.size:"],
    ["fillSeconds: 5, ", "", "x.yaml:2:1 crowd.fillSeconds:"],
    ["chats: 1", "chats: lots", "x.yaml:3:14 perMinute.chats:"],
    ["[10, 20]", "[20, 10]", "x.yaml:2:35 crowd.staySeconds: the first number"],
    ["weight: 1", "weight: 0", "x.yaml:6:1 gifts: no gift has a weight"],
    ["name: Spark", "nam: Spark", "x.yaml:7:5 gifts.0"],
    ["summary: small", "summary: [", "x.yaml:"],
    ["summary: small", "summary: small\nsummary: again", "x.yaml:2:1 Map keys must be unique"],
  ])("%j instead of %j is refused", (right, wrong, says) => {
    const text = good.replace(right, wrong);
    expect(text).not.toBe(good);
    expect(() => parseScenario(text, "x.yaml")).toThrow(ScenarioError);
    expect(() => parseScenario(text, "x.yaml")).toThrow(says);
  });

  it("says what to do about a file that is not there", () => {
    expect(() => loadScenario("nowhere.yaml")).toThrow("Cannot read the scenario file nowhere.yaml; give the path");
  });
});
