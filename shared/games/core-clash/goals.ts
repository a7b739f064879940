/** Goals and saves: when the core has crossed a line, who turned it back before that, and when a match is decided. */
import { ticksOf } from "../../game/phases.ts";
import { depthOf, dropCore, goalReach, homeY, middleX, otherTeam } from "./lane.ts";
import { recallShots } from "./shots.ts";
import { bothTeams, type CoreClash, isClash, type Player, type Show, type TeamNumber, teamNames } from "./state.ts";

/** Depth at which a line is in danger, and at which the danger is over. */
const dangerDepth = 185;
const safeDepth = 80;
/** How long the last goal is looked at before the results. */
const lookTicks = ticksOf(2);

/** After physics: danger, saves and goals. */
export function judgeCore(game: CoreClash, show: Show): void {
  const { core } = game;
  if (!core || !isClash(game, show) || game.decided) return;
  for (const { team } of bothTeams(game)) {
    const depth = depthOf(team, core.y);
    if (depth >= goalReach) {
      score(game, otherTeam(team), show);
      return;
    }
    if (depth >= dangerDepth && game.danger?.team !== team) game.danger = { team, depth, helpers: new Map() };
  }
  const { danger } = game;
  if (!danger) return;
  const depth = depthOf(danger.team, core.y);
  danger.depth = Math.max(danger.depth, depth);
  if (depth < safeDepth) save(game, show);
}

/** The danger has passed: who pushed most of it back has saved the line. */
function save(game: CoreClash, show: Show): void {
  const { danger } = game;
  game.danger = undefined;
  if (!danger) return;
  let hero: Player | undefined;
  let most = 0;
  for (const [key, pushes] of danger.helpers) {
    if (pushes <= most) continue;
    most = pushes;
    hero = show.players.get(key);
  }
  show.effect("save", {
    x: middleX,
    y: homeY(danger.team, goalReach),
    on: hero?.body,
    viewer: hero?.key ?? "",
    power: 1,
  });
  if (!hero) return;
  hero.saves++;
  hero.bestSave = Math.max(hero.bestSave, danger.depth);
  if (!hero.bot) show.feed(show.crowd.get(hero.key), "saved the line", "good");
}

/** A team has scored: the core bursts and comes back in the middle, and the shots in the air go back to who fired them. */
function score(game: CoreClash, team: TeamNumber, show: Show): void {
  const scorer = game.teams[team];
  const { core } = game;
  if (!core) return;
  scorer.goals++;
  game.danger = undefined;
  show.effect("goal", { x: core.x, y: core.y, power: 1, text: String(team) });
  show.feed(undefined, `${teamNames[team]} scores: ${game.teams[1].goals} : ${game.teams[2].goals}`, "power");
  recallShots(game, show);
  dropCore(game, show);
  if (scorer.goals < show.options.goalsToWin && show.phase.name !== "sudden") return;
  decide(game, team);
  game.endTick = show.world.tick + lookTicks;
}

function decide(game: CoreClash, team: TeamNumber | 0): void {
  game.decided = true;
  game.winner = team;
}

/** Ends what is decided: by goals, or because the time is up and a team is ahead. A draw goes on to sudden death. */
export function judgeTime(game: CoreClash, show: Show): void {
  const { phase, world } = show;
  if (!isClash(game, show)) return;
  const ticksLeft = phase.endTick - world.tick;
  if (game.decided) {
    // The look at the last goal is not cut short by the end of the phase.
    if (world.tick >= game.endTick) show.endPhase("results");
    else if (ticksLeft <= 1) show.extendPhase(1);
    return;
  }
  if (ticksLeft > 1) return;
  const [one, two] = bothTeams(game);
  const ahead = one.goals === two.goals ? 0 : one.goals > two.goals ? 1 : 2;
  if (phase.name === "play" && ahead === 0) return;
  decide(game, ahead || leaning(game));
  show.endPhase("results");
}

/** Sudden death without a goal: the team whose half the core is not in, then the one with more pushes; 0 when all is even. */
function leaning(game: CoreClash): TeamNumber | 0 {
  const depth = game.core ? Math.round(depthOf(1, game.core.y)) : 0;
  if (depth !== 0) return depth > 0 ? 2 : 1;
  const [one, two] = bothTeams(game);
  if (one.pushes === two.pushes) return 0;
  return one.pushes > two.pushes ? 1 : 2;
}
