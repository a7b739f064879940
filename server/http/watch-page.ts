/** The page of a recorded show that is watched: the stage, and a bar to hold it, make it faster and slower, and go to any time. */
import type { ShowHead } from "../../shared/replay/show-file.ts";
import { escapeHtml, page } from "./page.ts";
import { stranger } from "./start-page.ts";
import { style as startStyle } from "./start-page-assets.ts";
import { script, style } from "./watch-page-assets.ts";

export interface WatchPageOptions {
  /** The request had the operator's token. Without it the page tells nothing about the show. */
  readonly isTrusted: boolean;
  /** The stage's whole address, token included. */
  readonly stageUrl: string;
  /** Options of the stage within the page, as in its address: "fps=30". Default none. */
  readonly stageOptions?: string;
  /** Title of the game. */
  readonly title: string;
  readonly head: Pick<ShowHead, "id" | "startedAt">;
}

/** The page's HTML. Everything that comes from outside is escaped. */
export function watchPage(options: WatchPageOptions): string {
  if (!options.isTrusted) return page({ title: "Uproar", body: stranger, style: startStyle, script: "" });
  return page({ title: `${options.title}, recorded`, body: main(options), style: `${startStyle}${style}`, script });
}

function main({ stageUrl, stageOptions = "", title, head }: WatchPageOptions): string {
  // Framed by its path alone, so that it works whatever name this machine is called by.
  const framed = `${stageUrl.slice(stageUrl.indexOf("/stage"))}&sound=off&${stageOptions}`;
  const date = new Date(head.startedAt);
  const began = Number.isNaN(date.getTime()) ? "" : `of ${date.toISOString().slice(0, 16).replace("T", " ")}, `;
  return `<main class="watch">
<header>
<h1>Uproar <b>replay</b></h1>
<p class="dim">${escapeHtml(title)} <span class="id">${began}${escapeHtml(head.id)}</span></p>
<button id="copy" class="quiet" type="button" data-address="${escapeHtml(stageUrl)}" title="Copy the address of the stage for OBS">Copy for OBS</button>
</header>
<section class="picture" aria-label="The stage">
<iframe src="${escapeHtml(framed)}" title="The stage" tabindex="-1"></iframe>
<p id="sign" role="status" hidden></p>
</section>
<section class="bar" aria-label="Controls">
<p id="difference" hidden><span class="dot" data-state="failed"></span><span class="detail"></span><button class="quiet" type="button">Show</button></p>
<div class="line">
<div id="rounds"></div>
<div id="track"><div id="phases"></div><div id="done"></div><div id="mark" hidden></div></div>
<input id="time" type="range" min="0" max="1" step="1" value="0" aria-label="Time in the show">
<output id="tip" hidden></output>
</div>
<div class="buttons">
<button id="play" type="button" aria-label="Play" title="Space">${icons}</button>
<p class="clock"><b id="now">0:00</b> <span class="dim">/ <span id="end">0:00</span></span></p>
<p id="phase" class="tag"></p>
<p id="note" class="dim" role="status"></p>
<div class="speed" role="group" aria-label="Speed">
<button id="slower" class="quiet" type="button" aria-label="Slower" title="Slower: &lt;">&minus;</button>
<b id="speed">1&times;</b>
<button id="faster" class="quiet" type="button" aria-label="Faster" title="Faster: &gt;">+</button>
</div>
</div>
<p class="keys dim"><kbd>space</kbd> play and pause <kbd>&larr;</kbd> <kbd>&rarr;</kbd> 5 s back and on <kbd>&lt;</kbd> <kbd>&gt;</kbd> speed</p>
</section>
</main>`;
}

/** What the play button shows: to play, to pause, to begin again. */
const icons = `<svg viewBox="0 0 24 24" aria-hidden="true">
<path class="to-play" d="M7 4.5v15l13-7.5z"/>
<path class="to-pause" d="M6 4.5h4.5v15H6zM13.5 4.5H18v15h-4.5z"/>
<path class="to-begin" d="M12 4a8 8 0 1 1-7.6 5.5l2.6.9A5.3 5.3 0 1 0 12 6.8V10L6.5 5.5 12 1z"/>
</svg>`;
