/** What each effect of Core Clash looks and sounds like. An effect with no entry shows nothing. */
import type { StageKit } from "../../game/view.ts";
import type { Effect } from "../../world/effect.ts";
import { teamColor } from "./view-draw.ts";
import { lane } from "./view-lane.ts";

type Picture = (kit: StageKit, effect: Effect) => void;

/** Names of the teams, as the game says them. */
const names = ["", "CYAN", "PINK"] as const;

/** The team an effect is of: its text. */
const teamOf = ({ text }: Effect): 1 | 2 => (text === "2" ? 2 : 1);
const hueOf = (kit: StageKit, effect: Effect) => teamColor(kit, teamOf(effect));

/** Up the lane for the team below, down it for the one above. */
const awayFrom = (team: number) => (team === 1 ? -1 : 1);

function fire(kit: StageKit, { entity, x, y, power, text }: Effect): void {
  const isBelow = y > lane.y;
  kit.hit(entity, 0, isBelow ? 1 : -1, 0.3 + power);
  kit.puff(x, y, 16 + power * 30, kit.look.paper);
  kit.sound(text === "boulder" || power > 0.5 ? "pop" : "tap", 0.8 - power * 0.5, 0.25 + power * 0.5);
}

function shotHit(kit: StageKit, effect: Effect): void {
  const { x, y, power, entity } = effect;
  const team = teamOf(effect);
  kit.hit(entity, 0, awayFrom(team), power);
  kit.burst(x, y, Math.min(1, 0.25 + power), teamColor(kit, team));
  if (power > 0.35) kit.bits(x, y, 6, teamColor(kit, team), 420);
  if (power > 0.6) {
    kit.nudge(0, awayFrom(team), power);
    kit.shout(power > 0.85 ? "BOOM!" : "BONK!", x, y - 60, teamColor(kit, team));
  }
  kit.sound(power > 0.6 ? "bonk" : "hit", 0.7 - power * 0.5, 0.25 + power * 0.6);
}

function goal(kit: StageKit, effect: Effect): void {
  const { x, y } = effect;
  const team = teamOf(effect);
  const hue = teamColor(kit, team);
  for (const [from, to, seconds] of [
    [60, 520, 0.9],
    [40, 340, 0.7],
    [20, 200, 0.5],
  ] as const) {
    kit.ring(x, y, from, to, from === 40 ? kit.look.paper : hue, seconds);
  }
  kit.burst(x, y, 1, kit.look.gold);
  kit.bits(x, y, 26, kit.look.gold, 900);
  kit.bits(x, y, 22, hue, 720);
  kit.shout("GOAL!", x, lane.y, hue);
  kit.banner(`${names[team]} SCORES`, "gold", 1.4);
  kit.nudge(0, awayFrom(team), 1);
  kit.sound("bonk", 0.05, 1);
  kit.sound("win", 0.5, 0.7);
}

/** A ring, bits and a word on somebody's cannon. */
const gained =
  (word: string, color: (kit: StageKit) => string): Picture =>
  (kit, { x, y, power }) => {
    kit.ring(x, y, 44, 130, color(kit), 0.5);
    kit.bits(x, y, 10, color(kit), 380);
    if (word !== "" && power > 0.4) kit.shout(word, x, y + (y > lane.y ? -90 : 90), color(kit));
    kit.sound("power", 0.6);
  };

/** Pictures by effect kind. */
export const effectPictures: Readonly<Record<string, Picture>> = {
  fire,
  shotHit,
  goal,
  blocked(kit, effect) {
    kit.hit(effect.entity, 0, 1, effect.power);
    kit.bits(effect.x, effect.y, 4, hueOf(kit, effect), 260);
    kit.sound("tap", 0.3, 0.4);
  },
  recall(kit, { x, y }) {
    kit.puff(x, y, 22, kit.look.paper);
  },
  spawn(kit, { x, y, viewer, entity }) {
    kit.ring(x, y, 20, 96, kit.hueOf(viewer), 0.45);
    kit.sound("join", 0.4 + (entity % 6) / 10);
  },
  kickOff(kit, { x, y }) {
    kit.ring(x, y, 240, 130, kit.look.gold, 0.5);
    kit.sound("go", 0.5, 0.6);
  },
  save(kit, { x, y }) {
    kit.shout("SAVED!", x, y, kit.look.good);
    kit.ring(x, y, 60, 300, kit.look.good, 0.6);
    kit.sound("rise", 0.7);
  },
  paddle(kit, { x, y }) {
    kit.puff(x, y, 60, kit.look.paper);
    kit.sound("pop", 0.4, 0.8);
  },
  block(kit, { x, y, power, entity, other }) {
    kit.hit(entity, 0, y > lane.y ? -1 : 1, power);
    kit.hit(other, 0, 1, power);
    kit.burst(x, y, power, kit.look.paper);
    kit.shout("BLOCK!", x, y, kit.look.good);
    kit.sound("bonk", 0.4, 0.6);
  },
  wall(kit, { x, y, power }) {
    if (power > 0.8) kit.shout("WALL!", x, y, kit.look.paper);
    kit.bits(x, y, 8, kit.look.paper, 300);
    kit.sound("power", 0.2);
  },
  crumble(kit, { x, y }) {
    kit.bits(x - 70, y, 4, kit.look.paper, 240);
    kit.bits(x + 70, y, 4, kit.look.paper, 240);
  },
  repair: gained("FIXED!", ({ look }) => look.good),
  bumperHit(kit, { x, y, power, entity, other }) {
    kit.hit(entity, 0, y > lane.y ? -1 : 1, power);
    kit.hit(other, 0, 1, power);
    kit.burst(x, y, power, kit.look.paper);
    kit.sound("hit", 0.9, 0.8);
  },
  bumperBreak(kit, effect) {
    const { x, y } = effect;
    kit.bits(x, y, 14, kit.look.paper, 520);
    kit.bits(x, y, 8, hueOf(kit, effect), 420);
    kit.ring(x, y, 30, 120, hueOf(kit, effect), 0.4);
    kit.sound("fall", 0.8, 0.7);
  },
  railHit(kit, { power, entity }) {
    kit.hit(entity, 1, 0, power);
    kit.sound("tap", 0.1, 0.4 * power);
  },
  volley(kit, effect) {
    const team = teamOf(effect);
    const y = lane.y - awayFrom(team) * (lane.goalReach + 60);
    if (effect.power > 0.1) kit.bits(lane.x, y, Math.round(4 + effect.power * 10), kit.look.bad, 520);
    if (team === 1) kit.shout("VOLLEY!", lane.x, lane.y - 190, kit.look.rim[0]);
    kit.sound("rise", 0.5, 0.6);
  },
  banner(kit, effect) {
    gained(`${names[teamOf(effect)]}!`, (lent) => hueOf(lent, effect))(kit, effect);
  },
  wind(kit, effect) {
    kit.shout("WIND!", lane.x, lane.y - awayFrom(teamOf(effect)) * 210, hueOf(kit, effect));
    kit.sound("power", 0.8);
  },
  upgrade: gained("UPGRADE!", ({ look }) => look.gold),
  subscriber: gained("", ({ look }) => look.gold),
  titanWarn(kit, effect) {
    kit.ring(effect.x, effect.y, 210, 80, hueOf(kit, effect), Math.max(0.4, effect.power));
    kit.sound("tick", 0.2);
  },
  titan(kit, effect) {
    kit.puff(effect.x, effect.y, 130, kit.look.paper);
    kit.nudge(0, awayFrom(teamOf(effect)), 1);
    kit.sound("fall", 0.1);
  },
  titanEnd(kit, effect) {
    kit.burst(effect.x, effect.y, 1, hueOf(kit, effect));
    kit.bits(effect.x, effect.y, 16, hueOf(kit, effect), 600);
    kit.ring(effect.x, effect.y, 60, 220, hueOf(kit, effect), 0.5);
    kit.sound("pop", 0.1);
  },
  jam(kit, { x, y }) {
    kit.bits(x, y, 8, "#8d88b8", 260);
    kit.shout("JAM!", x, y + (y > lane.y ? -80 : 80), kit.look.bad);
    kit.sound("fall", 0.9, 0.5);
  },
  puff(kit, { x, y, entity, power }) {
    kit.hit(entity, 0, -1, power);
    kit.bits(x, y + 120, 10, kit.look.bad, 420);
    kit.sound("rise", 0.5, 0.6);
  },
  dropped(kit, { x, y }) {
    kit.shout("DROPPED!", x, y - 160, kit.look.bad);
    kit.bits(x, y, 18, kit.look.gold, 600);
    kit.sound("fall", 0.3);
  },
  roundStart(kit) {
    if (kit.prop("idle", 0) > 0) kit.banner("KEEP IT UP!", "gold", 2);
  },
  suddenDeath(kit) {
    kit.banner("GOLDEN GOAL", "bad", 2.4);
    kit.nudge(0, 1, 1);
    kit.sound("fall", 0.8);
  },
  win(kit) {
    kit.confetti();
    kit.sound("win", 0.5);
  },
};
