/** The page at `/`: tells the streamer what runs and what to do next, with a live preview. Plain HTML, nothing from outside. */
import { command } from "../project.ts";
import { escapeHtml, page } from "./page.ts";
import { script, style } from "./start-page-assets.ts";

/** A source as the page shows it. */
export interface ShownSource {
  readonly id: string;
  /** Whom it follows: "@streamer". */
  readonly target: string;
  readonly state: string;
  /** One plain sentence. */
  readonly detail: string;
}

/** The rule file as the page shows it. */
export interface ShownRules {
  /** As the streamer named it. */
  readonly file: string;
  /** It came with the game, and stays as it is. */
  readonly isShipped: boolean;
  /** What is wrong while the file on disk is not what is played, "" when all is well. */
  readonly trouble: string;
  /** What is wrong with the file: errors while there is trouble, else warnings. */
  readonly problems: readonly { readonly line: number; readonly message: string }[];
}

export interface StartPageOptions {
  /** The request had a valid token. Without one the page tells nothing about the show. */
  readonly isTrusted: boolean;
  /** The stage's whole address, token included. */
  readonly stageUrl: string;
  /** Title of the game. */
  readonly game: string;
  readonly sources: readonly ShownSource[];
  readonly rules: ShownRules;
  /** What is wrong with keeping what happens, "" when all is well. */
  readonly storeTrouble: string;
}

/** The page's HTML. Everything that comes from outside is escaped. */
export function startPage(options: StartPageOptions): string {
  const body = options.isTrusted ? main(options) : stranger;
  return page({ title: "Uproar", body, style, script: options.isTrusted ? script : "" });
}

/** What a page says to who has no token. */
export const stranger = `<main class="alone">
<h1>Uproar</h1>
<p class="lead">Open the address that Uproar printed in the terminal. It ends with a token that lets you in.</p>
</main>`;

function main({ stageUrl, game, sources, rules, storeTrouble }: StartPageOptions): string {
  const isDemo = sources.every(({ id }) => id === "simulated");
  // Framed by its path alone, so that the preview works whatever name this machine is called by.
  const preview = `${stageUrl.slice(stageUrl.indexOf("/stage"))}&phone=1&sound=off`;
  return `<main class="two">
<div>
<h1>Uproar <b>is running</b></h1>
<p class="lead">${escapeHtml(game)} is on. Your viewers play it by chatting, liking and gifting.</p>
${obsCard(stageUrl)}
${stepsCard}
${sourceCard(sources)}
${rulesCard(rules)}
${storeCard(storeTrouble)}
${isDemo ? realStreamCard : ""}
</div>
<section class="preview" aria-label="Live preview">
<div class="phone"><iframe src="${escapeHtml(preview)}" title="The stage, live" loading="lazy"></iframe></div>
<p class="dim">Live, as a viewer sees it on a phone.</p>
</section>
</main>`;
}

const obsCard = (stageUrl: string) => `<section class="card">
<h2>The address for OBS</h2>
<div class="address">
<input id="address" type="text" readonly value="${escapeHtml(stageUrl)}" aria-label="Address of the stage">
<button id="copy" type="button">Copy</button>
</div>
<ul class="sizes"><li>Width <b>1080</b></li><li>Height <b>1920</b></li><li class="dim">landscape: 1920 x 1080</li></ul>
<p class="dim">Keep it to yourself: with it anybody can watch the stage, though not change it.</p>
</section>`;

const stepsCard = `<section class="card">
<h2>Into OBS in three steps</h2>
<ol>
<li><span class="number">1</span><span>Under <b>Sources</b>, press <b>+</b> and choose <b>Browser</b>.</span></li>
<li><span class="number">2</span><span>Paste the address as <b>URL</b>, set width <b>1080</b> and height <b>1920</b>, press <b>OK</b>.</span></li>
<li><span class="number">3</span><span>Let it fill the canvas. To lay it over your camera, add <code class="word">&amp;transparent=1</code> to the address.</span></li>
</ol>
</section>`;

function sourceCard(sources: readonly ShownSource[]): string {
  const lines = sources.map(
    ({ id, target, state, detail }) => `<li data-source="${escapeHtml(id)}">
<span class="dot" data-state="${escapeHtml(state)}"></span>
<span><b>${escapeHtml(target)}</b> <span class="tag dim">${escapeHtml(id)}</span><br><span class="detail dim">${escapeHtml(detail)}</span></span>
</li>`,
  );
  return `<section class="card">
<h2>Who plays</h2>
<ul class="sources">
${lines.join("\n")}
</ul>
</section>`;
}

/** What the page says while nothing is wrong. */
const goodRules = ({ isShipped }: ShownRules): string =>
  isShipped
    ? `These rules came with the game. Make your own with: ${command} new rules my-rules.yaml`
    : "This file is played. Save a change, and it holds at once.";

/** What the page says while all that happens is kept. */
const allKept =
  "Everything viewers do is written down before it acts. If Uproar ever breaks off, start it again: the same show goes on.";

/** Filled anew by the page's script, as the rules are. */
const storeCard = (trouble: string) => `<section class="card" id="store" data-good="${escapeHtml(allKept)}">
<h2>What is kept</h2>
<ul class="sources"><li>
<span class="dot" data-state="${trouble === "" ? "live" : "failed"}"></span>
<span class="detail dim">${escapeHtml(trouble || allKept)}</span>
</li></ul>
</section>`;

/** Filled anew by the page's script; what it says first is what the script would say. */
function rulesCard(rules: ShownRules): string {
  const { file, trouble, problems } = rules;
  const good = escapeHtml(goodRules(rules));
  return `<section class="card" id="rules" data-good="${good}">
<h2>What acts do</h2>
<ul class="sources"><li>
<span class="dot" data-state="${trouble === "" ? "live" : "failed"}"></span>
<span><b>${escapeHtml(file)}</b><br><span class="detail dim">${escapeHtml(trouble) || good}</span></span>
</li></ul>
<ul class="problems">${problems.map(({ line, message }) => `<li>line ${line}: ${escapeHtml(message)}</li>`).join("")}</ul>
</section>`;
}

const realStreamCard = `<section class="card">
<h2>Next: your own stream</h2>
<p>Stop Uproar with Ctrl+C, then start it with your handle:</p>
<code>${command} --source tiktool --user HANDLE</code>
<p class="dim">It needs your key from tik.tools: put a line <code class="word">TIKTOOL_API_KEY=...</code> into a file named <code class="word">.env</code> first.</p>
</section>`;
