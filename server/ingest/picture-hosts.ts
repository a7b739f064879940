/** Hosts that platforms serve their viewers' pictures from, for a source's `avatarHosts` (protocols 12, 8, 7). */

export const tiktokPictureHosts = ["*.tiktokcdn.com", "*.tiktokcdn-us.com", "*.tiktokcdn-eu.com"] as const;
export const youtubePictureHosts = ["yt3.ggpht.com", "yt4.ggpht.com", "*.googleusercontent.com"] as const;
export const twitchPictureHosts = ["static-cdn.jtvnw.net"] as const;

/** For sources whose viewers come from several platforms. */
export const allPictureHosts = [...tiktokPictureHosts, ...youtubePictureHosts, ...twitchPictureHosts] as const;
