/** Words that platforms do not want on a stream's stage, in the languages streams are in, and the finder of them. */
import { fold, wordsIn } from "../fold.ts";

/** Words of betting. Refused in texts on the stage and as words viewers type. */
const betting = {
  en: "jackpot, jackpots, bet, bets, betting, bettor, spin, spins, casino, casinos, gamble, gambles, gambler, gambling, lottery, lotto, roulette, slot, slots, slot machine, wager, wagers, raffle, poker, blackjack, baccarat, bingo, sweepstake, sweepstakes, scratch card, lucky draw, loot box, lootbox, double or nothing, wheel of fortune",
  es: "apuesta, apuestas, apostar, apuesto, lotería, ruleta, tragamonedas, tragaperras, rifa, sorteo",
  pt: "aposta, apostas, loteria, roleta, cassino, caça níquel, sorteio",
  fr: "parier, pariez, loterie, machine à sous, tombola",
  de: "wette, wetten, wettet, lotterie, kasino, glücksspiel, glücksrad, spielautomat, tombola, verlosung",
  it: "scommessa, scommesse, scommetti, lotteria",
  tr: "bahis, kumar, piyango, çekiliş",
  id: "judi, taruhan, togel, undian",
  vi: "cá cược, xổ số, cờ bạc",
  ru: "ставка, ставки, казино, рулетка, лотерея, джекпот, розыгрыш",
  ar: "قمار, رهان, يانصيب, كازينو",
  hi: "जुआ, सट्टा, लॉटरी",
  zh: "赌, 賭, 彩票, 抽奖, 抽獎, 老虎机",
  ja: "カジノ, 宝くじ, ギャンブル, ジャックポット, ルーレット, ガチャ",
  ko: "도박, 베팅, 카지노, 복권, 룰렛, 잭팟",
  th: "พนัน, คาสิโน, หวย",
};

/** Words that ask for something wherever they stand. "follow" is refused in every use: platforms look for the word. */
const asking = {
  en: "follow, follows, following, subscribe, donate, donation, donations, send gift, send gifts, send a gift, send me, send us, gift me, gift us, gifts please, more gifts, need gifts, want gifts, tap tap, double tap, tap the screen, tap your screen, likes please, more likes, hit the like, smash the like, like the stream, like this stream, like the live, share the stream, share this, share the live",
  es: "sigue, síguenos, sígueme, suscríbete, comparte, regala, envía, manda regalos, dale like, dale me gusta, dona ahora",
  pt: "siga, sigam, me segue, inscreva se, compartilhe, envie, mande presentes, doe agora, deixa o like",
  fr: "abonne toi, abonnez vous, suivez, suis nous, partagez, envoyez, likez, faites un don, offrez",
  de: "folge, folgt, abonniere, abonniert, verschenke, schenk mir, schenkt, schickt, spende, spendet, spenden, teilt den",
  it: "segui, seguimi, seguici, iscriviti, condividi, invia, regala, manda regali, metti like",
  tr: "takip et, abone ol, hediye gönder, beğen, paylaş",
  id: "ikuti, bagikan, kirim hadiah, kirim gift, subscribe",
  vi: "theo dõi, tặng quà, chia sẻ",
  ru: "подпишись, подпишитесь, подписывайтесь, подарите, отправь подарок, ставьте лайк, лайкни, поделись, донать",
  ar: "تابعني, تابعنا, تابعونا, أرسل هدية, شارك البث",
  hi: "फॉलो करें, गिफ्ट भेजो, शेयर करें",
  zh: "关注, 關注, 送礼, 送禮, 刷礼物, 点赞, 點讚, 打赏",
  ja: "フォロー, ギフトを, 投げ銭, シェアして, いいねして, チャンネル登録",
  ko: "팔로우, 선물해, 구독, 좋아요 눌",
  th: "ติดตาม, ส่งของขวัญ, กดไลค์",
};

/** Verbs that ask only where they stand first, or behind "please", "to", "and" and the like: "Tap to fill", not "Ana taps". */
const commandVerbs = "send, gift, tap, like, share, tip, support";
const before = [
  "please",
  "pls",
  "plz",
  "to",
  "and",
  "now",
  "just",
  "can you",
  "could you",
  "you can",
  "must",
  "everyone",
  "everybody",
  "guys",
  "or",
];
/** What may stand behind "like" without asking: "like a rocket". */
const notAsking = ["like a", "like an", "like this one", "share of", "support of", "gift of"];

const harsh = {
  en: "fuck, fucks, fucking, fucked, fucker, motherfucker, shit, shitty, bullshit, bitch, bitches, asshole, bastard, cunt, whore, slut, faggot, retard, retarded, nigger, nigga, rape, rapist, kys, kill yourself, suicide, murder, gore, blood, bloody, bloodbath",
  es: "puta, puto, mierda, pendejo, cabrón, joder, maricón, hijo de puta",
  pt: "caralho, merda, porra, foda se, filho da puta",
  fr: "merde, putain, salope, connard, enculé, pute",
  de: "scheiße, scheisse, arschloch, hure, fotze, wichser, hurensohn",
  it: "cazzo, stronzo, vaffanculo, puttana",
  tr: "orospu, siktir, amına",
  ru: "блять, сука, хуй, пизда, мудак",
  zh: "傻逼, 操你, 妈的",
  ja: "死ね, 殺す",
  ko: "씨발, 병신, 개새끼",
};

interface Phrase {
  readonly written: string;
  /** As it stands in a text made of words with spaces around. */
  readonly padded: string;
}

/** Scripts without spaces between words: there a phrase counts wherever it stands. */
const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}]/u;

function phrases(lists: Readonly<Record<string, string>>): readonly Phrase[] {
  return Object.values(lists)
    .flatMap((list) => list.split(", "))
    .map(phraseOf);
}

function phraseOf(written: string): Phrase {
  const padded = spaced(written);
  return { written, padded: unspaced.test(written) ? padded.trim() : padded };
}

/** A text of any length as folded words with one space between, before and after them. */
function spaced(text: string): string {
  // fold() cuts long texts, so it gets one word at a time.
  return wordsIn(text.split(/\s+/).map(fold).join(" "));
}

const bettingPhrases = phrases(betting);
const askingPhrases = phrases(asking);
const harshPhrases = phrases(harsh);
const verbs = commandVerbs.split(", ");
const verbsBehind = before.flatMap((word) => verbs.map((verb) => phraseOf(`${word} ${verb}`)));
const harmless = notAsking.map(spaced);

/** Words of betting in a text; empty for none. */
export function bettingWords(text: string): string[] {
  return found(spaced(text), bettingPhrases);
}

export function harshWords(text: string): string[] {
  return found(spaced(text), harshPhrases);
}

/**
 * Finds those of these names that stand in a text as whole words. Made once for all texts of a file; looks each run of words (or, in
 * scripts without spaces, of letters) of a text up, so that thousands of names cost no more than few.
 */
export function nameFinder(names: readonly string[]): (text: string) => string[] {
  const bySpaced = new Map<string, string>();
  const byUnspaced = new Map<string, string>();
  for (const { written, padded } of names.map(phraseOf)) {
    if (padded.trim() !== "") (padded.startsWith(" ") ? bySpaced : byUnspaced).set(padded.trim(), written);
  }
  const wordCounts = new Set([...bySpaced.keys()].map((name) => name.split(" ").length));
  const lengths = new Set([...byUnspaced.keys()].map(({ length }) => length));
  return (text) => {
    const words = spaced(text).trim();
    const foundNames = new Set<string>();
    const note = (name: string | undefined) => name !== undefined && foundNames.add(name);
    const list = words.split(" ");
    for (const count of wordCounts) {
      for (let at = 0; at + count <= list.length; at++) note(bySpaced.get(list.slice(at, at + count).join(" ")));
    }
    for (const length of lengths) {
      for (let at = 0; at + length <= words.length; at++) note(byUnspaced.get(words.slice(at, at + length)));
    }
    return [...foundNames];
  };
}

/** Words of a text that ask viewers to give, like, share or follow. */
export function askingWords(text: string): string[] {
  let words = spaced(text);
  const always = found(words, askingPhrases);
  for (const phrase of harmless) words = words.replaceAll(phrase, " ");
  const behind = found(words, verbsBehind);
  const first = text
    .split(/[.!?:;,\n|•*–—-]+/u)
    .map((sentence) => harmless.reduce((left, phrase) => left.replaceAll(phrase, " - "), spaced(sentence)))
    .flatMap((sentence) => verbs.filter((verb) => sentence.startsWith(` ${verb} `)));
  return [...new Set([...always, ...behind, ...first])];
}

function found(words: string, list: readonly Phrase[]): string[] {
  return [
    ...new Set(list.filter(({ padded }) => padded !== " " && words.includes(padded)).map(({ written }) => written)),
  ];
}

/** Addresses of pictures and of the platform's picture hosts. */
const address =
  /https?:\/\/\S+|[\w.-]*(?:tiktokcdn|ibyteimg|byteimg|byteoversea|muscdn|tiktok)[\w.-]*\.(?:com|net|org)\S*|\S+\.(?:png|jpe?g|webp|gif|svg|avif)\b/giu;

export function pictureAddresses(text: string): string[] {
  return [...text.matchAll(address)].map(([match]) => match);
}
