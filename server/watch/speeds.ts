/** How fast a watched show can be played: seconds of the show in a second. */
export const minSpeed = 0.25;
export const maxSpeed = 16;
