/** Ticks of a second, for what rules count in seconds; rules know no world, which keeps the same number. */
export const ticksPerSecond = 60;
