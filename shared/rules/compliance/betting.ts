/** Words of betting and of prizes for money, in the languages streams are in, and their finder. */
import { type Asked, askedAt, kindFinder } from "./phrases.ts";
import { type Reading, readingsOf } from "./reading.ts";

const find = kindFinder({
  always: {
    en: "jackpot, jackpots, betting, bettor, casino, casinos, gamble, gambles, gambler, gambling, lottery, lotto, roulette, wager, wagers, raffle, blackjack, baccarat, bingo, sweepstake, sweepstakes, scratch card, lucky draw, loot box, lootbox, double or nothing",
    bets: "place your bets, place your bet, place bets, place a bet, bet on, bet now, bet coins, bet your coins, bet all, bet it all, all bets, more bets, make your bets, bets are open, high stakes",
    wheels:
      "spin the wheel, spins the wheel, spinning the wheel, spin a wheel, wheel spin, wheel spins, spin wheel, lucky spin, lucky spins, free spin, free spins, bonus spin, daily spin, spin to win, spin and win, spin for, spin now, spin again, spin the reels, win a spin, buy spins, wheel of fortune, lucky wheel, prize wheel, wheel of luck",
    slots:
      "slot machine, slot machines, slotmachine, play slots, play the slots, online slots, slots online, lucky slot, lucky slots, win at slots",
    prizes:
      "chance to win, chances to win, chance of winning, odds of winning, 50 50 chance, try your luck, test your luck, real money, cash prize, cash prizes, cash out, prize pool, giveaway, giveaways, free robux, free coins, free diamonds, free money, gift card, gift cards",
    es: "apuesta, apuestas, apostar, apuesto, lotería, ruleta, tragamonedas, tragaperras, rifa, sorteo, gana dinero",
    pt: "aposta, apostas, loteria, roleta, cassino, caça níquel, sorteio, ganhe dinheiro",
    fr: "parier, pariez, loterie, machine à sous, tombola, roue de la fortune, gagnez de l argent",
    de: "wette, wetten, wettet, lotterie, kasino, glücksspiel, glücksrad, spielautomat, tombola, verlosung, gewinnspiel, echtes geld",
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
  },
  mostly: { en: "bet, bets, poker" },
  harmless: {
    en: "bet you did, bet you didn t, bet you never, bet you can, bet you can t, bet you cannot, bet you thought, bet you won t, bet you missed, you bet, safe bet, best bet, bet they, bet he, bet she, bet nobody, poker face, poker faces, poker faced",
  },
  alone: { en: "spin, spins, slot, slots" },
});

const set = (words: string): ReadonlySet<string> => new Set(words.split(" "));

/** "win 1000 coins", wherever it stands: an outcome somebody would give money for. */
const winning: Asked = {
  verbs: set("win winning ganar gana gagnez gagner gewinne gewinnt vinci ganhe"),
  between: set(
    "a an the some more big real great free extra cash grand your my our up to un una une de des du ein einen eine",
  ),
  objects: set(
    "money cash prize prizes coins coin diamonds diamond dollars dollar euros euro robux bitcoin crypto iphone dinero premio premios monedas prix argent geld preis preise dinheiro prêmio moedas premi",
  ),
};
/** "bet 100". */
const stake = /^\p{N}+$/u;

/** Words of betting in a text, also disguised ones; empty for none. */
export function bettingWords(text: string): string[] {
  return bettingIn(readingsOf(text));
}

/** The same for a text that has been read. */
export function bettingIn(readings: readonly Reading[]): string[] {
  return [...new Set(readings.flatMap((reading) => [...find(reading), ...stakesIn(reading)]))];
}

function stakesIn({ sentences }: Reading): string[] {
  return sentences.flatMap((words) =>
    words.flatMap((word, at) => {
      const won = askedAt(words, at, winning);
      if (won !== "") return [won];
      const near = words.slice(at + 1, at + 4).find((next) => stake.test(next));
      return (word === "bet" || word === "bets") && near ? [`${word} ${near}`] : [];
    }),
  );
}
