/** Style and script of the page on which a recorded show is watched; they come on top of the start page's style. */
import { ticksPerSecond } from "../../shared/world/world.ts";
import { maxSpeed, minSpeed } from "../watch/speeds.ts";

/** How often the page asks where the show is, ms; in between it counts on by itself. */
const askMs = 250;
/** What an arrow key goes back or on, ticks. */
const arrowTicks = 5 * ticksPerSecond;

export const style = `
body { padding: 0; height: 100dvh; overflow: hidden; }
main.watch { max-width: none; height: 100dvh; gap: 0; grid-template-rows: auto minmax(0, 1fr) auto; align-items: stretch; }
.watch header { display: flex; align-items: center; gap: 1rem; padding: .5rem 1.2rem; }
.watch h1 { font-size: 1.7rem; white-space: nowrap; }
.watch header p { flex: 1; min-width: 0; margin: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; font-size: .95rem; }
.picture { position: relative; min-height: 0; }
.picture iframe { display: block; width: 100%; height: 100%; border: 0; pointer-events: none; }
#sign { position: absolute; top: 1rem; left: 50%; max-width: calc(100% - 2rem); margin: 0; transform: translateX(-50%);
  padding: .5rem 1.2rem; border: 3px solid var(--ink); border-radius: 999px; background: rgba(11, 9, 32, .88);
  font: 400 1.15rem/1.3 "Lilita One", "Nunito", sans-serif; text-align: center; }
.bar { z-index: 1; padding: .8rem 1.2rem .7rem; border-top: 4px solid var(--ink); background: linear-gradient(#332b78, #2a2463);
  box-shadow: 0 -10px 0 rgba(11, 9, 32, .38); }
.line { position: relative; height: 2.9rem; }
#rounds { position: absolute; inset: 0 0 auto; height: 1.2rem; overflow: hidden; color: var(--dim); font-size: .8rem; line-height: 1.2rem; }
#rounds span { position: absolute; padding-left: .25rem; border-left: 2px solid var(--dim); white-space: nowrap; }
#track { position: absolute; inset: 1.5rem 0 auto; height: 1rem; border: 3px solid var(--ink); border-radius: 999px; overflow: hidden;
  background: rgba(11, 9, 32, .78); }
#phases { position: absolute; inset: 0; }
#phases i { position: absolute; top: 0; bottom: 0; background: var(--violet); }
#phases i[data-phase="lobby"] { background: #6f58c9; }
#phases i[data-phase="countdown"] { background: var(--cyan); }
#phases i[data-phase="play"] { background: var(--good); }
#phases i[data-phase="sudden"] { background: var(--bad); }
#phases i[data-phase="results"] { background: var(--warm); }
#done { position: absolute; inset: 0 0 0 auto; background: rgba(15, 13, 38, .62); }
#mark { position: absolute; top: 0; bottom: 0; width: 4px; margin-left: -2px; background: var(--bad); box-shadow: 0 0 0 2px var(--ink); }
#time { position: absolute; inset: 1.05rem -.75rem auto; width: calc(100% + 1.5rem); height: 1.9rem; margin: 0; background: none;
  appearance: none; cursor: pointer; }
#time::-webkit-slider-runnable-track { height: 1.9rem; }
#time::-moz-range-track { height: 1.9rem; background: none; }
#time::-webkit-slider-thumb { appearance: none; width: 1.5rem; height: 1.5rem; margin-top: .2rem; border: 4px solid var(--ink);
  border-radius: 50%; background: var(--paper); }
#time::-moz-range-thumb { box-sizing: border-box; width: 1.5rem; height: 1.5rem; border: 4px solid var(--ink); border-radius: 50%;
  background: var(--paper); }
#tip { position: absolute; bottom: 2.1rem; padding: .15rem .7rem; border: 3px solid var(--ink); border-radius: 999px; background: var(--paper);
  color: var(--ink); font-size: .9rem; white-space: nowrap; transform: translateX(-50%); pointer-events: none; }
.buttons { display: flex; align-items: center; gap: 1rem; }
.buttons p { margin: 0; }
#play { flex: none; display: grid; place-items: center; min-width: 0; width: 3.4rem; min-height: 3.4rem; padding: 0; border-radius: 50%; }
#play svg { width: 1.7rem; height: 1.7rem; fill: var(--ink); }
#play path { display: none; }
#play[data-shows="play"] .to-play, #play[data-shows="pause"] .to-pause, #play[data-shows="begin"] .to-begin { display: block; }
.clock { white-space: nowrap; font-variant-numeric: tabular-nums; }
.clock b, #speed { font: 400 1.5rem/1 "Lilita One", "Nunito", sans-serif; }
#phase { white-space: nowrap; font-size: .95rem; }
#note { flex: 1; min-width: 0; font-size: .95rem; line-height: 1.25; }
.speed { flex: none; display: flex; align-items: center; gap: .4rem; }
#speed { min-width: 3.6rem; text-align: center; }
button.quiet { min-width: 0; min-height: 2.4rem; padding: 0 .8rem; background: rgba(11, 9, 32, .78); color: var(--paper); font-size: .95rem; }
.speed button.quiet { width: 2.7rem; min-height: 2.7rem; padding: 0; border-radius: 50%; font-size: 1.3rem; line-height: 1; }
button.quiet.done { background: var(--good); color: var(--ink); }
button:disabled { opacity: .4; cursor: default; transform: none; }
#difference { display: flex; align-items: center; gap: .7rem; margin: 0 0 .6rem; padding: .4rem .5rem .4rem 1rem; border-radius: 14px;
  background: rgba(11, 9, 32, .78); font-size: .95rem; line-height: 1.3; }
#difference .detail { flex: 1; min-width: 0; max-height: 3.9em; overflow: auto; overflow-wrap: anywhere; }
.keys { margin: .5rem 0 0; font-size: .85rem; }
kbd { padding: .05rem .4rem; border-radius: 6px; background: rgba(11, 9, 32, .78); color: var(--paper); font: inherit; }
kbd:not(:first-child) { margin-left: .5rem; }
kbd + kbd { margin-left: 0 !important; }
[hidden] { display: none !important; }
@media (max-width: 48rem) {
  .watch header { gap: .6rem; padding: .4rem .8rem; }
  .watch h1 { font-size: 1.3rem; }
  .watch .id, .keys { display: none; }
  .bar { padding: .6rem 1rem .9rem; }
  .buttons { flex-wrap: wrap; gap: .6rem .8rem; }
  #note { order: 1; flex: 1 0 100%; }
  #note:empty { display: none; }
  #difference { font-size: .85rem; }
  #difference .detail { max-height: 6.5em; }
  #phase { display: none; }
  .speed { margin-left: auto; }
}
@media (max-height: 34rem) { .watch header, .keys { display: none; } }
`;

/** Asks where the show is, draws it, and sends what is pressed. Everything that arrives is set as text. */
export const script = `
const at = (id) => document.getElementById(id);
const token = new URLSearchParams(location.search).get("token");
const speeds = [${minSpeed}, 0.5, 1, 2, 4, 8, ${maxSpeed}];
const words = { lobby: "lobby", countdown: "countdown", play: "play", sudden: "sudden death", results: "results" };
let state, heardMs = 0, phases = [], isHeld = false;

const call = async (path, body) => {
  const headers = { authorization: "Bearer " + token, "content-type": "application/json" };
  const options = body ? { method: "POST", headers, body: JSON.stringify(body) } : { headers };
  const response = await fetch("/api/" + path, options);
  if (!response.ok) throw new Error((await response.json()).error);
  return response.json();
};
const take = (next) => { state = next; heardMs = performance.now(); draw(); };
const act = async (body) => { try { take(await call("control", body)); } catch { lost(); } };
const two = (value) => String(value).padStart(2, "0");
const time = (tick) => {
  const seconds = Math.floor(tick / ${ticksPerSecond}), minutes = Math.floor(seconds / 60), hours = Math.floor(minutes / 60);
  return hours > 0 ? hours + ":" + two(minutes % 60) + ":" + two(seconds % 60) : minutes + ":" + two(seconds % 60);
};
const share = (tick) => (state.endTick > 0 ? (100 * Math.min(tick, state.endTick)) / state.endTick : 0) + "%";
const phaseAt = (tick) => phases.findLast((begun) => begun.tick <= tick);
const named = ({ phase, round }) => "Round " + round + ", " + (words[phase] ?? phase);
const times = (speed) => speed + "\\u00d7";
const show = (element, text) => {
  element.hidden = text === "";
  if (element.textContent !== text) element.textContent = text;
};
const nowTick = () => {
  if (state.paused || state.seeking || state.trouble) return state.tick;
  const passed = ((performance.now() - heardMs) / 1000) * ${ticksPerSecond} * (state.realSpeed ?? state.speed);
  return Math.min(state.endTick, state.tick + Math.min(passed, ${ticksPerSecond} * state.speed));
};

const drawTime = () => {
  if (!state) return;
  const tick = isHeld ? Number(at("time").value) : state.seeking ? state.seeking.to : nowTick();
  if (!isHeld) at("time").value = tick;
  at("time").setAttribute("aria-valuetext", time(tick));
  at("now").textContent = time(tick);
  at("done").style.left = share(state.seeking ? state.tick : tick);
};
const signOf = () => {
  const { seeking, tick, trouble, ended } = state;
  if (trouble) return "The record cannot be read on";
  if (seeking) {
    const whole = seeking.to - seeking.from;
    return "Going to " + time(seeking.to) + " \\u00b7 " + (whole > 0 ? Math.floor((100 * (tick - seeking.from)) / whole) : 0) + " %";
  }
  return ended ? "The end of the record" : "";
};
const draw = () => {
  const { paused, ended, speed, realSpeed, difference, trouble } = state;
  const shows = ended ? "begin" : paused ? "play" : "pause";
  at("play").dataset.shows = shows;
  at("play").setAttribute("aria-label", { begin: "Play from the beginning", play: "Play", pause: "Pause" }[shows]);
  at("time").max = state.endTick;
  at("end").textContent = time(state.endTick);
  show(at("phase"), state.seeking ? named(phaseAt(state.seeking.to) ?? state) : named(state));
  show(at("speed"), times(speed));
  at("slower").disabled = speed <= speeds[0];
  at("faster").disabled = speed >= speeds.at(-1);
  const slow = realSpeed === undefined ? "" : "As fast as this machine can: " + times(realSpeed) + " instead of " + times(speed) + ".";
  at("note").textContent = trouble || slow;
  show(at("sign"), signOf());
  at("difference").hidden = at("mark").hidden = !difference;
  if (difference) {
    at("difference").querySelector(".detail").textContent = difference.sentence;
    at("mark").style.left = share(difference.tick);
  }
  drawTime();
};
const lost = () => show(at("sign"), "Uproar does not answer. Is it still running in the terminal?");

const drawPhases = () => {
  const nextTick = (index) => phases[index + 1]?.tick ?? state.endTick;
  at("phases").replaceChildren(...phases.map(({ tick, phase }, index) => {
    const piece = document.createElement("i");
    piece.dataset.phase = phase;
    piece.style.left = share(tick);
    piece.style.right = "calc(100% - " + share(nextTick(index)) + ")";
    return piece;
  }));
  const begun = phases.filter(({ round }, index) => phases[index - 1]?.round !== round);
  const width = at("rounds").clientWidth;
  let free = -1;
  at("rounds").replaceChildren(...begun.flatMap(({ tick, round }) => {
    const left = (tick / Math.max(1, state.endTick)) * width;
    if (left < free || left > width - 16) return [];
    const long = width / begun.length > 80 && left < width - 76;
    free = left + (long ? 76 : 28);
    const label = document.createElement("span");
    label.style.left = share(tick);
    label.textContent = long ? "Round " + round : round;
    return [label];
  }));
};

const goTo = (tick) => act({ act: "seek", tick: Math.max(0, Math.min(state.endTick, Math.round(tick))) });
const goBy = (ticks) => goTo((state.seeking ? state.seeking.to : nowTick()) + ticks);
const toggle = () => act({ act: state.paused ? "resume" : "pause" });
const changeSpeed = (by) => {
  const next = by > 0 ? speeds.find((speed) => speed > state.speed) : speeds.findLast((speed) => speed < state.speed);
  if (next) act({ act: "speed", speed: next });
};
at("play").addEventListener("click", toggle);
at("slower").addEventListener("click", () => changeSpeed(-1));
at("faster").addEventListener("click", () => changeSpeed(1));
at("time").addEventListener("input", () => { isHeld = true; drawTime(); });
at("time").addEventListener("change", () => { isHeld = false; goTo(Number(at("time").value)); });
at("difference").querySelector("button").addEventListener("click", () => goTo(state.difference.tick - ${ticksPerSecond}));
const keys = {
  " ": toggle,
  ArrowLeft: () => goBy(-${arrowTicks}),
  ArrowRight: () => goBy(${arrowTicks}),
  "<": () => changeSpeed(-1),
  ",": () => changeSpeed(-1),
  ">": () => changeSpeed(1),
  ".": () => changeSpeed(1),
};
addEventListener("keydown", (event) => {
  const press = keys[event.key];
  if (!press || !state || event.ctrlKey || event.altKey || event.metaKey) return;
  // A button in focus would take the space for itself.
  event.preventDefault();
  press();
});
addEventListener("keyup", (event) => { if (event.key === " ") event.preventDefault(); });
const line = at("time");
line.addEventListener("pointermove", (event) => {
  const box = at("track").getBoundingClientRect();
  const part = Math.max(0, Math.min(1, (event.clientX - box.left) / box.width));
  const tick = part * state.endTick, begun = phaseAt(tick);
  show(at("tip"), time(tick) + (begun ? " \\u00b7 " + named(begun) : ""));
  const half = at("tip").offsetWidth / 2;
  at("tip").style.left = Math.max(half, Math.min(box.width - half, part * box.width)) + "px";
});
line.addEventListener("pointerleave", () => { at("tip").hidden = true; });
at("copy").addEventListener("click", async () => {
  const button = at("copy");
  try { await navigator.clipboard.writeText(button.dataset.address); } catch { prompt("The address of the stage:", button.dataset.address); }
  button.textContent = "Copied";
  button.classList.add("done");
  setTimeout(() => { button.textContent = "Copy for OBS"; button.classList.remove("done"); }, 2000);
});

const frame = () => { if (state && !isHeld) drawTime(); requestAnimationFrame(frame); };
const ask = async () => {
  try { take(await call("watch")); } catch { lost(); }
  setTimeout(ask, ${askMs});
};
const begin = async () => {
  try {
    take(await call("watch"));
    ({ phases } = await call("timeline"));
    drawPhases();
    new ResizeObserver(drawPhases).observe(at("rounds"));
    requestAnimationFrame(frame);
    ask();
  } catch {
    lost();
    setTimeout(begin, 1000);
  }
};
begin();
`;
