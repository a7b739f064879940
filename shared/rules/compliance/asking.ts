/** Words that ask viewers to give, like, share or follow, in the languages streams are in, and their finder. */
import { type Asked, askedAt, kindFinder, phrasesOf, spaced } from "./phrases.ts";
import type { Reading } from "./reading.ts";

const find = kindFinder({
  always: {
    follow:
      "follow me, follow us, follow now, follow for, follow to, follow and, follow or, follow please, follow pls, follow here, follow back, follow my, follow our, follow the stream, follow the streamer, follow the live, follow the channel, follow the account, follow the page, follow the host, follow the profile, follow this account, follow this channel, please follow, pls follow, the follow, a follow, follow button, hit follow, press follow, like and follow, share and follow, and follow me, more follows, need follows, for following, following me, following us, follow train",
    subscribe:
      "subscribe, sub now, sub to, sub for, sub up, please sub, subs please, subs only, sub only, hit sub, subscribers only, only subscribers, members only, givers only, gifters only, only givers, only gifters, become a member, join the fan club",
    money: "donate, donation, donations, recharge now, top up now, tip jar",
    gifts:
      "send gift, send gifts, send a gift, send me, send us, gift me, gift us, give gifts, give a gift, give me gifts, gifts please, gifts pls, more gifts, need gifts, want gifts, gifts needed, please gift, please give, please send, please donate, please tip, keep sending, keep gifting, keep giving, start gifting, who sends, who gifts, sends the next gift, spam gifts",
    likes:
      "tap tap, double tap, keep tapping, start tapping, tap the screen, tap your screen, spam tap, likes please, likes pls, more likes, need likes, spam likes, spam like, spam the like, spam hearts, keep liking, hit the like, smash the like, drop a like, drop likes, leave a like, give likes, like the stream, like this stream, like the live, like this live, like and share, like and follow",
    share:
      "share the stream, share this stream, share the live, share this live, share the link, share with, share now, keep sharing, please share",
    es: "síguenos, sígueme, sigue el canal, sigue la cuenta, sigue este canal, sigue y comparte, suscríbete, comparte el directo, comparte el live, comparte este, comparte ahora, envíame, envíanos, mándame, mándanos, regálame, regálanos, manda regalos, manda un regalo, envía regalos, envía un regalo, regalos por favor, más regalos, una rosa por favor, rosas por favor, dale like, dale me gusta, dona ahora",
    pt: "me siga, me sigam, me segue, siga me, sigam me, siga nos, siga o canal, siga o perfil, inscreva se, compartilhe a live, compartilhe esta, compartilhe agora, me envie, mande presentes, mande um presente, presentes por favor, doe agora, deixa o like",
    fr: "abonne toi, abonnez vous, suivez moi, suivez nous, suis moi, suis nous, suivez le live, suivez la chaîne, suivez le compte, partagez le live, partagez le direct, partagez maintenant, envoyez moi, envoyez nous, envoyez des cadeaux, envoyez un cadeau, envoie un cadeau, envoie moi, cadeaux svp, likez, faites un don, offrez moi, offrez nous, offrez un cadeau, offrez des cadeaux",
    de: "folge mir, folgt mir, folge uns, folgt uns, folge jetzt, folgt jetzt, jetzt folgen, bitte folgen, bitte folgt, bitte folge, folge dem stream, folgt dem stream, folge dem kanal, folgt dem kanal, folgen nicht vergessen, abonniere, abonniert, abonnieren, schenk mir, schenkt mir, schenk uns, schenkt uns, schick mir, schickt mir, schick uns, schickt uns, verschenkt rosen, geschenke bitte, mehr geschenke, spende, spendet, spenden, teile den stream, teilt den stream, teile den live, teilt den live, teile das live, teilt das live, teile diesen stream, teilt diesen stream, bitte teilen",
    it: "seguimi, seguici, segui il canale, segui la pagina, segui ora, iscriviti, condividi la live, condividi la diretta, condividi ora, inviami, inviaci, invia un regalo, invia regali, regalami, manda regali, manda un regalo, metti like",
    tr: "takip et, abone ol, hediye gönder, beğen, paylaş",
    id: "ikuti saya, ikuti kami, ikuti akun, ikuti live, bagikan, kirim hadiah, kirim gift",
    vi: "theo dõi, tặng quà, chia sẻ",
    ru: "подпишись, подпишитесь, подписывайтесь, подарите, отправь подарок, ставьте лайк, лайкни, поделись, донать",
    ar: "تابعني, تابعنا, تابعونا, أرسل هدية, شارك البث",
    hi: "फॉलो करें, गिफ्ट भेजो, शेयर करें",
    zh: "关注, 關注, 送礼, 送禮, 刷礼物, 点赞, 點讚, 打赏",
    ja: "フォロー, ギフトを, 投げ銭, シェアして, いいねして, チャンネル登録",
    ko: "팔로우, 선물해, 구독, 좋아요 눌",
    th: "ติดตาม, ส่งของขวัญ, กดไลค์",
  },
  mostly: { en: "hit like, press like, smash like" },
  harmless: { en: "like a, like an" },
  alone: {
    en: "follow, tap, like, share, gift, tip, send",
    others:
      "sigue, sigan, comparte, envía, regala, siga, sigam, compartilhe, envie, suivez, partagez, envoyez, offrez, folge, folgt, folgen, teilt, schenkt, schickt, segui, condividi, invia, ikuti",
  },
});

const set = (words: string): ReadonlySet<string> => new Set(words.split(" ").map((word) => spaced(word).trim()));

/** Words of the platform for what is given: its gifts, the best known of their names, and what they are bought with. */
const givenThings = set(
  "gift gifts present presents rose roses lion lions universe universes galaxy galaxies perfume perfumes doughnut doughnuts donut donuts coin coins diamond diamonds regalo regalos rosa rosas presente presentes cadeau cadeaux geschenk geschenke rosen löwen regali rose",
);
const between = set(
  "a an the one two three five ten some more many your my our me us in on with another next few big of please now un una unos unas mas um uma uns des de le la une einen eine ein paar ne",
);

/** What is asked for where a verb stands first, or behind "please", "to", "and" and the like. */
const asks: readonly Asked[] = [
  {
    verbs: set(
      "give send sends gives throw throws drop drops feed gift toss buy need needs want help spam shower envía envíe manda regala lanza mande envoyez offrez schick schickt schenk schenkt verschenkt werft wirf brauchen brauche invia lancia",
    ),
    between,
    objects: givenThings,
  },
  {
    verbs: set("press hit click smash push tap spam touch drop leave"),
    between,
    objects: set("heart hearts like likes follow subscribe share herz corazón cœur coeur"),
  },
];
/** Behind the thing: "Rose needed", "Roses please". */
const wanted = set("needed wanted required please pls plz bitte svp");

/** What makes an ask of a verb that begins a sentence: "Share this" does, "Like lightning" and "Support is coming" do not. */
const asksBefore: Readonly<Record<string, ReadonlySet<string>>> = {
  send: set("a an one some more love now to for and your hearts"),
  like: set("and now for to if us my our please"),
  share: set("and now for to if us my our this the please it"),
  tip: set("me us now for to and please your the"),
  support: set("me us now my our this the please with"),
  give: set("now generously love"),
};
/** Verbs that ask with whatever stands behind them but these words. */
const asksUnlessBefore: Readonly<Record<string, ReadonlySet<string>>> = {
  tap: set("out dance water"),
  gift: set("of from is was has received arrives arrived"),
};
/** Objects that make a game's sentence of it: "you can tip the scales", "Share the crown". */
const notAsking = [
  "like a",
  "like an",
  "tip the scale",
  "tip the scales",
  "tip the balance",
  "share the crown",
  "share the lead",
  "share the win",
].map(spaced);

const beforeVerb = new Set(
  phrasesOf({
    en: "please, pls, plz, to, and, now, just, can, could, must, everyone, everybody, guys, or, on, you, us, let, go, who, we, then, chat, all",
    others: "por, bitte, jetzt, wir",
  }),
);
/** Of these, the ones behind which a lone verb asks: "everybody tap", "you can like". */
const beforeLoneVerb = new Set(
  phrasesOf({ en: "please, pls, plz, to, and, now, just, can, could, must, everyone, everybody, guys, or" }),
);

/** What "top gifter" would be offered. Naming a giver is recognition; an offer for giving most is asking. */
const offers: Asked = {
  verbs: set("gifter gifters giver givers sender senders donor donors"),
  between: set("always will"),
  objects: set("get gets win wins receive receives earn earns"),
};

/** Words of a text that ask viewers to give, like, share or follow. */
export function askingIn(text: Reading): string[] {
  return [...new Set([...find(text), ...text.sentences.flatMap(askedIn)])];
}

function askedIn(sentence: readonly string[]): string[] {
  const asked = asksOf(sentence);
  if (asked.length === 0) return asked;
  const padded = ` ${sentence.join(" ")} `;
  const left = notAsking.reduce((words, phrase) => words.replaceAll(phrase, " "), padded);
  return left === padded ? asked : asksOf(left.trim().split(" "));
}

function asksOf(words: readonly string[]): string[] {
  return words.flatMap((word, at) => {
    const found = [askedAt(words, at, offers)];
    if (givenThings.has(word) && wanted.has(words[at + 1] ?? "")) found.push(`${word} ${words[at + 1]}`);
    if (at === 0 || beforeVerb.has(words[at - 1]!)) {
      found.push(...asks.map((asked) => askedAt(words, at, asked)), loneVerb(words, at));
    }
    return found.filter((phrase) => phrase !== "");
  });
}

/** A verb that asks by what stands beside it; "" for none. */
function loneVerb(words: readonly string[], at: number): string {
  const word = words[at]!;
  const next = words[at + 1];
  const isBehind = at > 0 && beforeLoneVerb.has(words[at - 1]!);
  if (word === "follow") return isBehind && next === undefined ? `${words[at - 1]} follow` : "";
  if (at > 0 && !isBehind) return "";
  const asked = asksBefore[word];
  const unless = asksUnlessBefore[word];
  if (next === undefined) return (asked || unless) && isBehind && word !== "support" ? word : "";
  return asked?.has(next) || (unless && !unless.has(next)) ? `${word} ${next}` : "";
}
