/** Watch server: wires a watched show to its room, its page and its controls, and listens. Nothing is written anywhere. */
import { type Games, titlesOf } from "../../shared/replay/beginning.ts";
import { systemClock } from "../clock.ts";
import { ensureClientBuilt } from "../http/client-build.ts";
import { createGameViews } from "../http/game-views.ts";
import { errorAnswer, mountGuards, mountStage } from "../http/stage-pages.ts";
import { createWatchApi } from "../http/watch-api.ts";
import { watchPage } from "../http/watch-page.ts";
import { checkCanListen, refuseGuessableTokens } from "../listen-check.ts";
import { type RecordedShow, withShow } from "../recorded-show.ts";
import { createShowServer } from "../room/colyseus-server.ts";
import { showRoomOf } from "../room/show-room.ts";
import { findTokens, type Tokens } from "../store/data-folder.ts";
import { acceptsCallersOf, isSame } from "../trust.ts";
import { readTimeline } from "./timeline.ts";
import { createWatchedShow } from "./watched-show.ts";

export interface WatchServerOptions {
  readonly show: RecordedShow;
  /** The head's games. */
  readonly games: Games;
  /** 0 for any that is free. */
  readonly port: number;
  readonly host: string;
  /** From 0.25 to 16. */
  readonly speed: number;
  /** Its tokens hold here too, if it has some. */
  readonly dataFolder: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Takes lines for people about what takes a while. */
  readonly log: (line: string) => void;
}

export interface RunningWatch {
  readonly port: number;
  readonly tokens: Tokens;
  /** Closes stages and stops reading. */
  stop(): Promise<void>;
}

/** Starts to play the show. Throws a UserError that says in one sentence what to mend. */
export async function startWatch(options: WatchServerOptions): Promise<RunningWatch> {
  const { show: recorded, games, port, host, speed, log } = options;
  const tokens = findTokens(options.dataFolder, options.env);
  refuseGuessableTokens(tokens, host);
  await checkCanListen(port, host);
  await ensureClientBuilt({ log });
  const timeline = await readTimeline(recorded, games);
  const show = await withShow(recorded.shown, async () =>
    createWatchedShow({ show: recorded, games, endTick: timeline.endTick, clock: systemClock, speed }),
  );
  const accepts = acceptsCallersOf(host);
  const server = createShowServer({
    room: showRoomOf({
      show,
      // Pictures are elsewhere, and whose they are may have changed them since; the record holds none.
      avatarAddress: () => "",
      tokens: [tokens.stage, tokens.operator],
      accepts,
      counters: { stages: 0, patches: 0, ignoredMessages: 0, errors: 0, lastError: "" },
    }),
    accepts,
    mount(app) {
      mountGuards(app, accepts);
      app.use("/api", createWatchApi({ show, timeline, operatorToken: tokens.operator }));
      app.get("/", (request, response) => {
        const query = new URL(request.url, "http://page").searchParams;
        const isTrusted = isSame(tokens.operator, query.get("token") ?? "");
        // Whatever else stands in the page's address is for the stage in it: a machine without a graphics card wants &fps=20.
        query.delete("token");
        const stageUrl = `http://${request.headers.host ?? ""}/stage?token=${tokens.stage}`;
        response.type("html").send(
          watchPage({
            isTrusted,
            stageUrl,
            stageOptions: query.toString(),
            title: titlesOf(games),
            head: recorded.head,
          }),
        );
      });
      app.use("/views", createGameViews([...games.values()], log));
      mountStage(app);
      app.use(errorAnswer);
    },
  });
  const stop = () => server.stop(async () => show.close());
  try {
    return { port: await server.listen(port, host), tokens, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
