/** Checks of each action: it acts in its phases, with its smallest, usual and largest params, and when paid for many times at once. */
import { z } from "zod";
import { actingPhases } from "../game/define.ts";
import { createAudience } from "./audience.ts";
import { type CheckedGame, type GameCheck, must } from "./checked-game.ts";
import { createTestShow, type TestShow } from "./test-show.ts";

const people = ["ana", "bo", "cem", "dee", "eli", "fay"] as const;
/** Tries before an action that never acts is taken for broken; each by somebody else. */
const maxTries = 40;
const triesEvery = 45;
/** Tries in a show where nothing else happens; later ones are made while others play, for actions that mend or answer something. */
const quietTries = 8;

/** One check for each action. */
export function actionChecks(checked: CheckedGame): GameCheck[] {
  return Object.keys(checked.game.actions).map((action) => ({
    name: `the action ${action} acts`,
    run: () => checkAction(checked, action),
  }));
}

function checkAction({ game, rules }: CheckedGame, action: string): void {
  const definition = game.actions[action]!;
  const phases = actingPhases(definition);
  const phase = phases.includes("play") ? "play" : phases[0]!;
  for (const params of ranges(definition.params)) {
    const show = createTestShow({ game, rules });
    for (const who of people) show.chat(who, "hi");
    show.run();
    show.skipTo(phase);
    // What has just begun may keep everything in its place.
    show.run(120);
    must(acts(show, action, params), () => `${action} ${JSON.stringify(params)} never acts: ${whyNot(show, action)}`);
    show.act(action, "ana", params, { paid: true, count: 99_999 });
    show.run(300);
  }
}

/** Whether the action acts for somebody before long. Each names somebody in what they write, for actions that listen. */
function acts(show: TestShow, action: string, params: Readonly<Record<string, unknown>>): boolean {
  const audience = createAudience({ viewers: 8, givers: 4, rules: show.simulation.rules, seed: 5, arriveSeconds: 1 });
  for (let attempt = 0; attempt < maxTries; attempt++) {
    const who = people[attempt % people.length]!;
    show.act(action, who, params, { text: `@${people[(attempt + 1) % people.length]}` });
    for (let tick = 0; tick < triesEvery; tick++) {
      if (attempt >= quietTries) for (const event of audience.at(tick)) show.send(event);
      show.run();
    }
    if (show.acts.some((act) => act.action === action && act.state === "applied")) return true;
  }
  return false;
}

function whyNot(show: TestShow, action: string): string {
  const last = show.acts.findLast((act) => act.action === action);
  return last ? last.reason : "no rule has called it";
}

/** Params: the defaults, all at their least, all at their most. */
function ranges(params: z.ZodObject): Record<string, unknown>[] {
  const least: Record<string, unknown> = {};
  const most: Record<string, unknown> = {};
  const { properties = {} } = z.toJSONSchema(params, { io: "input" }) as { properties?: Record<string, Field> };
  for (const [name, { type, minimum, maximum, enum: choices }] of Object.entries(properties)) {
    if (type === "boolean") [least[name], most[name]] = [false, true];
    else if (choices) [least[name], most[name]] = [choices[0], choices.at(-1)];
    else if (minimum !== undefined && maximum !== undefined) [least[name], most[name]] = [minimum, maximum];
  }
  return Object.keys(least).length === 0 ? [{}] : [{}, least, most];
}

interface Field {
  readonly type?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly enum?: readonly unknown[];
}
