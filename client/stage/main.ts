/** The stage page: reads its address, joins the show and starts the picture. */
import { createShow } from "../show/show.ts";
import { loadFonts } from "./fonts.ts";
import { exposeHandle } from "./handle.ts";
import { startPicture } from "./mount.ts";
import { readOptions } from "./options.ts";

async function start(): Promise<void> {
  const stillness = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const options = readOptions(window.location.search, stillness);
  document.documentElement.classList.toggle("transparent", options.transparent);
  const show = createShow(window.location.origin, options.token);
  await loadFonts();
  const stage = startPicture(document.getElementById("stage")!, show, options, window.location.origin);
  exposeHandle(() => stage.report());
}

start().catch((error: unknown) => {
  console.error("[stage]", error);
  const trouble = document.getElementById("trouble")!;
  trouble.hidden = false;
  trouble.textContent =
    "The stage could not start. It needs WebGL: turn on hardware acceleration for browser sources in OBS.";
});
