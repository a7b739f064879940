/** Cleaning of viewers' text on its way in: no control characters, no broken Unicode, never longer than allowed. */

// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const control = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]/;
// biome-ignore lint/suspicious/noControlCharactersInRegex: as above
const controls = /[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g;
/** Direction overrides and embeddings: left open, they turn round whatever is written after the name. Marks (200e, 200f) stay. */
const directionOverrides = /[\u202a-\u202e\u2066-\u2069]+/g;
const loneSurrogates = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Cuts text to `max` UTF-16 units without splitting a character that takes two. */
export function cutText(text: string, max: number): string {
  if (text.length <= max) return text;
  const last = text.charCodeAt(max - 1);
  const splitsPair = last >= 0xd800 && last <= 0xdbff;
  return text.slice(0, splitsPair ? max - 1 : max);
}

/**
 * Text fit to be kept: runs of control characters and line ends become one space, lone surrogates and direction overrides
 * vanish, the rest stays (joiners and direction marks are part of many scripts), cut to `max` UTF-16 units. Work is bounded for any length of input.
 */
export function cleanText(text: string, max: number): string {
  let clean = text.length > max * 4 ? cutText(text, max * 4) : text;
  if (!clean.isWellFormed()) clean = clean.replace(loneSurrogates, "");
  if (control.test(clean)) clean = clean.replace(controls, " ");
  clean = clean.replace(directionOverrides, "");
  return cutText(clean, max);
}
