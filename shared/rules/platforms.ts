/** Where events come from, as far as it is known: for warnings about names that are hardly meant. Programs may send others. */

/** What `viewer.platform` can be: the platforms of the sources in docs/sources.md, and those that Streamer.bot speaks for. */
export const knownPlatforms = ["tiktok", "twitch", "youtube", "kick", "streamelements", "streamlabs"] as const;

/** Ids of sources, as `--source` takes them. */
export const knownSources = [
  "euler",
  "ingest",
  "recording",
  "simulated",
  "streamerbot",
  "tikfinity",
  "tiktok-live-connector",
  "tiktool",
  "twitch",
  "youtube",
] as const;
