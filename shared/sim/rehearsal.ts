/**
 * Rehearsal: a rule file on a stage without a game. Rules, limits, queues and the bank are the real ones in a real simulation; actions
 * only take note that they were called. Runs the tests that a rule file brings along, and explains one event offline.
 */
import { type LiveEvent, liveEventSchema } from "../events/live-event.ts";
import { type Viewer, viewerKey } from "../events/viewer.ts";
import { type AnyGame, defineGame, ownTeams, type ShowContext } from "../game/define.ts";
import { type PhaseName, phaseNames } from "../game/phases.ts";
import type { CompiledRules, CompiledTest, ExpectedCall, TestEvent } from "../rules/compiled.ts";
import { explain, type RuleExplanation } from "../rules/explain.ts";
import type { Problem } from "../rules/problem.ts";
import { maxListed } from "../rules/rule-file/parts.ts";
import { ticksPerSecond } from "../world/world.ts";
import type { Acted } from "./acted.ts";
import { createSimulation, type Simulation, type StepResult } from "./simulation.ts";

/** Ticks a rehearsal goes on after the last step, so that what is due soon still counts. */
const afterTicks = ticksPerSecond;
/**
 * What all tests of a file may cost together: ticks, rules asked and actions called. Two hours of show; a file that needs more waits too
 * long, or its rules call each other for ever.
 */
const maxCost = 2 * 3600 * ticksPerSecond;
/** No phase ends by itself in a rehearsal. */
const endless = 1_000_000;

/** What became of one test of a rule file. */
export interface RuleTestResult {
  readonly name: string;
  readonly file: string;
  readonly line: number;
  readonly ok: boolean;
  /** Ids of the rules that fired. */
  readonly rules: readonly string[];
  /** What was expected and what came, when it is not ok. */
  readonly problem?: Problem;
}

/** One event explained: each rule of its trigger, and what was called. */
export interface OfflineExplanation {
  readonly event: LiveEvent;
  readonly rules: readonly RuleExplanation[];
  readonly acts: readonly Acted[];
}

/** Runs all tests of a rule file, each on a stage of its own. Those that would make it take too long fail. */
export function runRuleTests(rules: CompiledRules, game: AnyGame): RuleTestResult[] {
  const budget = { left: maxCost };
  return rules.tests.map((test) => runTest(test, rules, game, budget));
}

/** Plays one event in a phase of an empty show, and says for each rule why it did or did not fire. */
export function explainOffline(
  rules: CompiledRules,
  game: AnyGame,
  event: LiveEvent,
  phase: PhaseName,
): OfflineExplanation {
  const stage = createStage(rules, game, phase);
  const { decisions, acts } = stage.step([event]);
  const told = decisions.find((decision) => decision.event === event);
  return { event, rules: explain(event, told?.traces ?? [], rules), acts: [...acts] };
}

interface Call {
  readonly action: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly by: string;
  readonly rule: string;
}

/** Thrown when the tests of a file have cost all that they may. */
class TooLong extends Error {}

function runTest(test: CompiledTest, rules: CompiledRules, game: AnyGame, budget: { left: number }): RuleTestResult {
  const { file, line } = test.place;
  const fired = new Set<string>();
  const problem = problemOf(test, () => faultOf(test, callsOf(test, rules, game, fired, budget)));
  return { name: test.name, file, line, rules: [...fired], ok: problem === undefined, ...(problem && { problem }) };
}

/** What is wrong with a test: what `find` finds, or why it cannot be played at all. */
function problemOf(test: CompiledTest, find: () => Problem | undefined): Problem | undefined {
  try {
    return find();
  } catch (error) {
    const what =
      error instanceof TooLong
        ? "the tests of this file take too long: wait for less than two hours in all, and look for rules that call each other for ever"
        : "its events cannot be played; look for numbers that are too large";
    return { ...test.place, severity: "error", code: "RULES_TEST", message: `The test "${test.name}" fails: ${what}.` };
  }
}

/** Plays a test and returns the calls that acted. */
function callsOf(
  test: CompiledTest,
  rules: CompiledRules,
  game: AnyGame,
  fired: Set<string>,
  budget: { left: number },
): Call[] {
  const stage = createStage(rules, game, test.phase);
  const calls: Call[] = [];
  const step = (events: readonly LiveEvent[]) => {
    const { decisions, acts } = stage.step(events);
    budget.left -= decisions.reduce((cost, { traces }) => cost + traces.length, 1 + acts.length);
    if (budget.left < 0) throw new TooLong();
    for (const { traces } of decisions) {
      for (const { rule, verdict } of traces) if (verdict === "fired" || verdict === "waits") fired.add(rule.id);
    }
    for (const act of acts) if (act.state === "applied") calls.push(callOf(act, stage.simulation));
  };
  const pass = (ticks: number) => {
    for (let i = 0; i < ticks; i++) step([]);
  };
  for (const given of test.given) {
    if (given.kind === "wait") pass(given.ticks);
    else if (given.kind === "phase") stage.enter(given.phase, step);
    else step([stage.eventOf(given.event)]);
  }
  pass(afterTicks);
  return calls;
}

function callOf({ action, params, viewer, rule }: Acted, simulation: Simulation): Call {
  return { action, params, by: simulation.crowd.get(viewer)?.viewer.handle ?? "", rule };
}

/** A stage that stands in a phase, with nobody on it. */
function createStage(rules: CompiledRules, game: AnyGame, phase: PhaseName) {
  const teams = ownTeams(game) ?? rules.teams.map(({ name }) => name);
  let show: ShowContext<unknown> | undefined;
  const bare = defineGame<null, unknown>({
    ...game,
    // Everybody whom a test lets do something fits in.
    world: { ...game.world, maxEntities: maxListed },
    actions: Object.fromEntries(
      Object.entries(game.actions).map(([name, action]) => [name, { ...action, apply: () => undefined }]),
    ),
    phases: Object.fromEntries(phaseNames.map((name) => [name, { seconds: endless }])),
    bank: undefined,
    create(context) {
      show = context;
      return null;
    },
    // Whoever does something has a body, so that "everyone" and "team" find them; in a team only whom the test puts there.
    players: {
      fields: () => ({}),
      most: () => maxListed,
      admits: () => "",
      body: (_game, { key }, { world }) =>
        world.spawn({
          kind: "body",
          motion: "fixed",
          shape: { type: "circle", radius: 10 },
          x: 100,
          y: 100,
          viewer: key,
        }),
      teams: { names: teams, active: () => teams.length, lead: Number.POSITIVE_INFINITY, changeIn: phaseNames },
    },
    newRound: () => undefined,
    enterPhase: () => undefined,
    step: () => undefined,
    afterStep: () => undefined,
    hud: () => ({ headline: "", leader: [...show!.crowd.values()].at(0)?.key ?? "", podium: [] }),
    needs: () => true,
  });
  // Its options say how long phases last.
  const simulation = createSimulation({ playlist: [{ game: bare, rules: { ...rules, options: {} } }], seed: 1 });
  const step = (events: readonly LiveEvent[]): StepResult => simulation.step(events);
  const enter = (next: PhaseName, run: (events: readonly LiveEvent[]) => void) => {
    show!.endPhase(next);
    run([]);
  };
  if (phase !== simulation.phase.name) enter(phase, step);
  const embody = (viewer: Viewer, team: unknown) => {
    const { crowd, players, world } = show!;
    const known = players.get(viewerKey(viewer));
    players.enter({ member: crowd.meet(viewer, world.tick) });
    const player = players.get(viewerKey(viewer));
    if (!player) return;
    if (!known) player.team = 0;
    if (typeof team === "string") player.team = teams.indexOf(team) + 1;
  };
  let nr = 0;
  const eventOf = ({ type, by, viewer, fields }: TestEvent): LiveEvent => {
    const { team, ...person } = viewer;
    const at = (simulation.world.tick * 1000) / ticksPerSecond;
    const base = { id: `test:${++nr}`, source: "test", roomId: "", ts: at, receivedAt: at };
    const event = liveEventSchema.parse({ ...base, ...viewerOf(type, by, person), ...fields, type });
    if ("viewer" in event && event.viewer) embody(event.viewer, team);
    return event;
  };
  return { simulation, step, enter, eventOf };
}

/** Events of the stream have no viewer; all others have one of this handle. */
function viewerOf(type: string, by: string, person: Readonly<Record<string, unknown>>) {
  const { shape } = liveEventSchema.options.find((option) => option.shape.type.value === type)!;
  if (!("viewer" in shape)) return {};
  const is = (role: string) => person[role] === true;
  const level = (name: string) => (typeof person[name] === "number" ? person[name] : 0);
  return {
    viewer: {
      platform: typeof person.platform === "string" ? person.platform : "tiktok",
      id: by,
      handle: by,
      name: by,
      roles: {
        moderator: is("moderator"),
        subscriber: is("subscriber"),
        follower: is("follower"),
        owner: is("owner"),
      },
      levels: { gifter: level("gifterLevel"), team: level("teamLevel") },
    },
  };
}

/** The first difference between the calls that were expected and those that came, in a sentence. */
function faultOf({ name, expect, place }: CompiledTest, calls: readonly Call[]): Problem | undefined {
  const came = calls.length === 0 ? "nothing" : calls.map(wordsOf).join(", ");
  const fault = (at: { file: string; line: number; column: number }, what: string): Problem => ({
    ...at,
    severity: "error",
    code: "RULES_TEST",
    message: `The test "${name}" fails: ${what}. What came: ${came}.`,
  });
  for (const [index, expected] of expect.entries()) {
    const call = calls[index];
    if (!call) return fault(expected.place, `"${expected.action}" was expected and did not come`);
    if (!fits(expected, call)) return fault(expected.place, `${wordsOf(expected)} was expected as number ${index + 1}`);
  }
  const extra = calls[expect.length];
  return extra && fault(place, `${wordsOf(extra)} came and was not expected`);
}

function fits(expected: ExpectedCall, call: Call): boolean {
  return (
    expected.action === call.action &&
    (expected.by === "" || expected.by === call.by) &&
    (expected.rule === "" || expected.rule === call.rule) &&
    Object.entries(expected.params).every(([param, value]) => isSame(value, call.params[param]))
  );
}

/** Numbers to a thousandth, so that a computed one can be written down. */
function isSame(expected: unknown, came: unknown): boolean {
  if (typeof expected === "number" && typeof came === "number") return Math.abs(expected - came) < 0.001;
  return JSON.stringify(expected) === JSON.stringify(came);
}

function wordsOf({ action, params, by, rule }: Call): string {
  const shown = Object.entries(params).map(([param, value]) => `${param}: ${JSON.stringify(value)}`);
  return `${action}${shown.length > 0 ? ` { ${shown.join(", ")} }` : ""}${by ? ` by ${by}` : ""}${rule ? ` (${rule})` : ""}`;
}
