/** Fonts: waits until the page's own fonts can draw every script they have letters for. */
import "@fontsource/lilita-one/400.css";
import "@fontsource/nunito/800.css";

/** Letters from each part a font is split into: Latin, extended Latin, Cyrillic, Vietnamese. */
const sample = "Aş€ЖҐạ0";
const longestMs = 4000;

/** Resolves when the fonts are there, or after 4 s: a stage in another font is better than none. */
export async function loadFonts(): Promise<void> {
  const wanted = ['48px "Lilita One"', '800 30px "Nunito"'];
  const all = Promise.all(wanted.map((font) => document.fonts.load(font, sample)));
  await Promise.race([all.catch(() => {}), new Promise((resolve) => setTimeout(resolve, longestMs))]);
}
