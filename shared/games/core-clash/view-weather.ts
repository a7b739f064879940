/** What fills the lane for a while: wind, the announcement of a titan, and signs of who is helped. */
import type * as Phaser from "phaser";
import type { StageKit } from "../../game/view.ts";
import { type Context, chevron, teamColor, withAlpha } from "./view-draw.ts";
import { type Drawn, lane } from "./view-lane.ts";

/** Streaks of one wind. */
const streaks = 16;
/** How fast they blow, in units a second. */
const windSpeed = 1500;

/** Creates what shows winds, titans to come and comebacks of both teams. */
export function createWeather(kit: StageKit): Drawn {
  const parts = ([1, 2] as const).flatMap((team) => [
    createWind(kit, team),
    createWarning(kit, team),
    createHelp(kit, team),
    createMachine(kit, team),
  ]);
  parts.push(createCall(kit));
  let wasRush = false;
  return {
    frame(time) {
      for (const part of parts) part.frame(time);
      const factor = factorOf(kit, "rush");
      const rush = factor > 1;
      if (rush && !wasRush && kit.phase() === "play") kit.banner(`LAST SECONDS: PUSHES x${factor}`, "gold", 2.2);
      wasRush = rush;
    },
    destroy() {
      for (const part of parts) part.destroy();
    },
  };
}

/** Arrows that rush along the lane, away from the team's own line. */
function createWind(kit: StageKit, team: 1 | 2): Drawn {
  const { picture, layers } = kit;
  const images: Phaser.GameObjects.Image[] = [];
  const away = team === 1 ? -1 : 1;
  let strength = 0;
  const show = () => {
    for (let i = images.length; i < streaks; i++) {
      const image = picture(`cc-wind:${team}`, 60, 230, (c) => drawGust(c, kit, team));
      layers.structure.addAt(image, 0);
      images.push(image);
    }
  };
  return {
    frame(time) {
      const wanted = kit.prop(`wind${team}`, 0) > time.tick ? 1 : 0;
      strength += (wanted - strength) * Math.min(1, time.seconds * 5);
      if (wanted > 0) show();
      images.forEach((image, index) => {
        const column = ((index * 7) % streaks) / streaks;
        const phase = kit.reducedMotion
          ? (index * 0.37) % 1
          : ((time.clock * windSpeed) / lane.height + index * 0.37) % 1;
        const y = lane.y - away * (lane.height / 2 - 130) + away * phase * (lane.height - 260);
        image
          .setPosition(lane.x - lane.width / 2 + 40 + column * (lane.width - 80), y)
          .setAlpha(strength * Math.sin(phase * Math.PI))
          .setVisible(strength > 0.03);
      });
    },
    destroy() {
      for (const image of images) image.destroy();
    },
  };
}

function drawGust(c: Context, kit: StageKit, team: 1 | 2): void {
  const away = team === 1 ? -1 : 1;
  const hue = teamColor(kit, team);
  const fade = c.createLinearGradient(0, -away * 110, 0, away * 90);
  fade.addColorStop(0, withAlpha(hue, 0));
  fade.addColorStop(1, withAlpha(kit.look.paper, 0.85));
  c.fillStyle = fade;
  c.fillRect(-5, -110, 10, 200);
  chevron(c, 0, away * 88, 20, team, 10, withAlpha(kit.look.paper, 0.9));
}

/** A team's column of warning marks while its titan is announced. */
function createWarning(kit: StageKit, team: 1 | 2): Drawn {
  const { picture, layers } = kit;
  const column = picture(`cc-warning:${team}`, 240, 420, (c) => {
    for (let i = 0; i < 4; i++)
      chevron(c, 0, (team === 1 ? 1 : -1) * (i * 96 - 140), 84, team, 34, withAlpha(kit.look.gold, 0.95 - i * 0.18));
  });
  const word = kit.label("TITAN", 84, teamColor(kit, team));
  layers.floor.add(column);
  layers.sparks.add(word);
  const away = team === 1 ? -1 : 1;
  return {
    frame(time) {
      const left = (kit.prop(`titan${team}`, 0) - time.tick) / 60;
      const isComing = left > 0 && left < 2.5;
      // Two beats a second.
      const beat = kit.reducedMotion ? 0.9 : 0.65 + 0.35 * Math.cos(left * Math.PI * 4);
      column
        .setVisible(isComing)
        .setAlpha(beat)
        .setPosition(lane.x, lane.y - away * 190);
      word
        .setVisible(isComing)
        .setAlpha(0.5 + beat / 2)
        .setPosition(lane.x, lane.y - away * (lane.goalReach + 20));
    },
    destroy() {
      column.destroy();
      word.destroy();
    },
  };
}

/** A factor as it is read: the room's numbers come with the last digits of 32 bits. */
function factorOf(kit: StageKit, name: string): number {
  return Math.round(kit.prop(name, 1) * 100) / 100;
}

/** A sign at the line of the team that trails. */
function createHelp(kit: StageKit, team: 1 | 2): Drawn {
  let sign: Phaser.GameObjects.Image | undefined;
  let told = 1;
  return {
    frame(time) {
      const factor = factorOf(kit, `comeback${team}`);
      if (factor > 1 && factor !== told) {
        told = factor;
        sign?.destroy();
        sign = kit.label(`COMEBACK x${factor}`, 36, kit.look.good);
        kit.layers.floor.add(sign);
      }
      const y = lane.y + (team === 1 ? 1 : -1) * (lane.goalReach - 46);
      sign?.setVisible(factor > 1).setPosition(lane.x + lane.width / 2 - 160, y);
      if (!kit.reducedMotion) sign?.setAlpha(0.75 + 0.25 * Math.sin(time.clock * 5));
    },
    destroy: () => sign?.destroy(),
  };
}

/** What stands in the line of a team that the machine plays. */
function createMachine(kit: StageKit, team: 1 | 2): Drawn {
  let sign: Phaser.GameObjects.Image | undefined;
  return {
    frame() {
      const isMachine = kit.prop("machine", 0) === team;
      if (isMachine && !sign) {
        sign = kit.label("THE MACHINE", 64, teamColor(kit, team));
        kit.layers.structure.add(sign);
      }
      sign?.setVisible(isMachine).setPosition(lane.x, lane.y + (team === 1 ? 1 : -1) * (lane.goalReach + 110));
    },
    destroy: () => sign?.destroy(),
  };
}

/** What is said while nobody plays. */
function createCall(kit: StageKit): Drawn {
  let words: readonly Phaser.GameObjects.Image[] = [];
  return {
    frame(time) {
      const isIdle = kit.prop("idle", 0) > 0 && kit.phase() !== "results";
      if (isIdle && words.length === 0) {
        words = [kit.label("KEEP IT UP!", 96, kit.look.gold), kit.label("Comment to play", 50)];
        kit.layers.floor.add([...words]);
      }
      words.forEach((word, index) => {
        const sway = kit.reducedMotion ? 0 : Math.sin(time.clock * 2) * 5;
        word.setVisible(isIdle).setPosition(lane.x, lane.y - lane.goalReach + 20 + index * 86 + sway);
      });
    },
    destroy() {
      for (const word of words) word.destroy();
    },
  };
}
