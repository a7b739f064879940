/** Options of the stage page, from its address. Unknown or broken ones are ignored: a typo must not blank a live picture. */

/** How the stage is drawn. */
export interface StageOptions {
  /** `?token=`: lets the page read the show. */
  readonly token: string;
  /** `?transparent=1`: nothing but the game over whatever lies behind. */
  readonly transparent: boolean;
  /** `?debug=1`: safe zones, sources and numbers. */
  readonly debug: boolean;
  /** `?motion=reduced`, or the system's own wish. */
  readonly reducedMotion: boolean;
  /** `?sound=off`. */
  readonly sound: boolean;
  /** `?res=720`: pixels of the shorter side at most, 0 for those of the page. */
  readonly res: number;
  /** `?fps=30`: most pictures a second, 0 for as many as the screen shows. Video encoders starve on more than they need. */
  readonly fps: number;
  /** `?phone=1`: a neutral live app's interface on top, to see what it would cover. */
  readonly phone: boolean;
}

/** Reads the options. `prefersReducedMotion` is what the system says. */
export function readOptions(search: string, prefersReducedMotion = false): StageOptions {
  const query = new URLSearchParams(search);
  const within = (name: string, min: number, max: number) => {
    const value = Number(query.get(name) ?? 0);
    return value >= min && value <= max ? Math.round(value) : 0;
  };
  const motion = query.get("motion");
  return {
    token: query.get("token") ?? "",
    transparent: query.get("transparent") === "1",
    debug: query.get("debug") === "1",
    reducedMotion: motion === "reduced" || (motion !== "full" && prefersReducedMotion),
    sound: query.get("sound") !== "off",
    res: within("res", 240, 2160),
    fps: within("fps", 1, 120),
    phone: query.get("phone") === "1",
  };
}
