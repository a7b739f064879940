/** Style, script and fonts of the start page, as text: the page is one answer and loads nothing else but the stage. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** A font as a data address; "" when it is not installed, and the system's fonts take its place. */
function fontData(name: string): string {
  try {
    const file = fileURLToPath(import.meta.resolve(name));
    return `data:font/woff2;base64,${readFileSync(file).toString("base64")}`;
  } catch {
    return "";
  }
}

const display = fontData("@fontsource/lilita-one/files/lilita-one-latin-400-normal.woff2");
const text = fontData("@fontsource/nunito/files/nunito-latin-800-normal.woff2");

/** The stage's own look: dark ground, ink outlines, paper text, one warm rim. */
export const style = `
@font-face { font-family: "Lilita One"; src: url("${display}") format("woff2"); font-display: swap; }
@font-face { font-family: "Nunito"; src: url("${text}") format("woff2"); font-weight: 800; font-display: swap; }
:root { color-scheme: dark; --ink: #0b0920; --paper: #fff7e8; --dim: #b9b3dd; --surface: #2a2463; --cyan: #4de1ff;
  --good: #b8f34a; --warm: #ffb84d; --bad: #ff5c8a; --violet: #9b7bff; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; padding: clamp(1.25rem, 4vw, 3.5rem); color: var(--paper);
  background: #0f0d26 radial-gradient(ellipse at 50% -10%, #2a2463 0, #1c1846 35%, #0f0d26 75%) fixed no-repeat;
  font: 800 1.05rem/1.55 "Nunito", "Segoe UI", "Helvetica Neue", "Noto Sans", sans-serif; }
main { max-width: 71rem; margin: 0 auto; display: grid; grid-template-columns: minmax(0, 1fr); gap: clamp(1.5rem, 4vw, 4rem); align-items: start; }
h1, h2, .number { font-family: "Lilita One", "Nunito", sans-serif; font-weight: 400; line-height: 1.1; }
h1 { margin: 0; font-size: clamp(2.6rem, 7vw, 4.4rem); text-shadow: 0 .08em 0 var(--ink); }
h1 b { font-weight: 400; color: var(--warm); }
h2 { margin: 0 0 .7rem; font-size: 1.5rem; }
p { margin: .5rem 0; }
.card > :last-child { margin-bottom: 0; }
.dim { color: var(--dim); }
.lead { margin: .6rem 0 0; font-size: 1.2rem; color: var(--dim); }
.card { margin-top: 1.5rem; padding: 1.35rem 1.5rem 1.5rem; border: 4px solid var(--ink); border-radius: 26px;
  background: linear-gradient(#332b78, #2a2463); box-shadow: 0 10px 0 rgba(11, 9, 32, .38); }
.address { display: flex; gap: .6rem; margin: .8rem 0; }
.address input { flex: 1; min-width: 0; padding: .85rem 1rem; border: 3px solid var(--ink); border-radius: 14px;
  background: rgba(11, 9, 32, .78); color: var(--cyan); font: 600 1rem/1.2 ui-monospace, Consolas, monospace; }
button { min-width: 7.5rem; min-height: 3.2rem; padding: 0 1.2rem; border: 3px solid var(--ink); border-radius: 14px;
  background: linear-gradient(#ffc96e, #ffb84d); color: var(--ink); font: inherit; cursor: pointer;
  transition: transform .16s cubic-bezier(.3, 1.6, .5, 1); }
button:hover { transform: translateY(-2px); }
button:active { transform: translateY(2px); }
button.done { background: var(--good); }
:focus-visible { outline: 3px solid var(--cyan); outline-offset: 3px; }
.sizes { display: flex; flex-wrap: wrap; gap: .6rem; margin: 0; padding: 0; list-style: none; }
.sizes li, .tag { padding: .3rem .85rem; border-radius: 999px; background: rgba(11, 9, 32, .78); }
.sizes b { color: var(--warm); }
ol { margin: 0; padding: 0; list-style: none; display: grid; gap: .9rem; }
ol li { display: grid; grid-template-columns: 2.6rem 1fr; gap: .9rem; }
.number { width: 2.6rem; height: 2.6rem; display: grid; place-items: center; border: 4px solid var(--ink); border-radius: 50%;
  background: var(--violet); color: var(--ink); font-size: 1.25rem; }
li:nth-child(2) .number { background: var(--cyan); }
li:nth-child(3) .number { background: var(--good); }
.sources { display: grid; gap: .6rem; margin: 0; padding: 0; list-style: none; }
.sources li { display: flex; gap: .8rem; align-items: baseline; }
.dot { flex: none; width: .8rem; height: .8rem; border-radius: 50%; background: var(--warm); }
.problems { display: grid; gap: .4rem; margin: .6rem 0 0; padding: 0; list-style: none; color: var(--warm); }
.problems:empty { display: none; }
.dot[data-state="live"] { background: var(--good); }
.dot[data-state="wrongKey"], .dot[data-state="failed"], .dot[data-state="evicted"] { background: var(--bad); }
code { display: block; margin: .6rem 0; padding: .85rem 1rem; border-radius: 14px; overflow-x: auto; white-space: nowrap;
  background: rgba(11, 9, 32, .78); color: var(--good); font: 600 1rem/1.3 ui-monospace, Consolas, monospace; }
code.word { display: inline; margin: 0; padding: .1rem .45rem; border-radius: 8px; color: var(--cyan); font-size: .95em; }
.phone { position: relative; width: min(100%, 25rem, calc((100vh - 9rem) * 9 / 16)); min-width: 15rem; margin: 0 auto;
  border: 10px solid var(--ink); border-radius: 44px; overflow: hidden; background: var(--ink);
  box-shadow: 0 0 0 3px #332b78, 0 30px 60px rgba(11, 9, 32, .6); }
.phone iframe { display: block; width: 100%; aspect-ratio: 9 / 16; border: 0; border-radius: 34px; }
.preview { text-align: center; }
.preview p { margin-top: 1.1rem; }
.alone { min-height: 70vh; display: grid; place-content: center; text-align: center; max-width: 38rem; }
@media (min-width: 62rem) {
  main.two { grid-template-columns: minmax(0, 1fr) 25rem; }
  .preview { position: sticky; top: 2.5rem; }
}
@media (max-width: 30rem) { .address { flex-direction: column; } }
@media (prefers-reduced-motion: reduce) { button { transition: none; } }
`;

/** Copies the address, and keeps the lines of sources and rules as fresh as the show. Everything that arrives is set as text. */
export const script = `
const input = document.getElementById("address");
const button = document.getElementById("copy");
button.addEventListener("click", async () => {
  input.select();
  try { await navigator.clipboard.writeText(input.value); } catch { document.execCommand("copy"); }
  button.textContent = "Copied";
  button.classList.add("done");
  setTimeout(() => { button.textContent = "Copy"; button.classList.remove("done"); }, 2000);
});
const lines = new Map([...document.querySelectorAll("[data-source]")].map((line) => [line.dataset.source, line]));
const rules = document.getElementById("rules");
const store = document.getElementById("store");
const refresh = async () => {
  try {
    const health = await (await fetch("/health")).json();
    for (const { id, state, detail } of health.shows[0].sources) {
      const line = lines.get(id);
      if (!line) continue;
      line.querySelector(".dot").dataset.state = state;
      line.querySelector(".detail").textContent = detail;
    }
    const kept = health.shows[0].store.trouble;
    store.querySelector(".dot").dataset.state = kept ? "failed" : "live";
    store.querySelector(".detail").textContent = kept || store.dataset.good;
    const { trouble, problems } = health.shows[0].rules;
    rules.querySelector(".dot").dataset.state = trouble ? "failed" : "live";
    rules.querySelector(".detail").textContent = trouble || rules.dataset.good;
    rules.querySelector(".problems").replaceChildren(...problems.map(({ line, message }) => {
      const item = document.createElement("li");
      item.textContent = "line " + line + ": " + message;
      return item;
    }));
  } catch {
    for (const line of lines.values()) {
      line.querySelector(".dot").dataset.state = "failed";
      line.querySelector(".detail").textContent = "Uproar does not answer. Is it still running in the terminal?";
    }
  }
  setTimeout(refresh, 3000);
};
setTimeout(refresh, 3000);
`;
