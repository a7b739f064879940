/** Addresses of pictures and of the platform's picture hosts. */

const address =
  /https?:\/\/\S+|[\w.-]*(?:tiktokcdn|ibyteimg|byteimg|byteoversea|muscdn|tiktok)[\w.-]*\.(?:com|net|org)\S*|\S+\.(?:png|jpe?g|webp|gif|svg|avif)\b/giu;

/** Those that stand in a text. */
export function pictureAddresses(text: string): string[] {
  return [...text.matchAll(address)].map(([match]) => match);
}
