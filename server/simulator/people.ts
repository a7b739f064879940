/** People of the simulated audience: who they are and what they tend to do. Names in many scripts, all made up. */
import type { Random } from "../../shared/world/random.ts";

/** What one tends to do: multiplies how often one is picked for each act. */
export interface Temperament {
  readonly name: string;
  /** How many of a crowd are like this. */
  readonly share: number;
  readonly chats: number;
  readonly likes: number;
  readonly gifts: number;
}

/** Temperaments of a crowd; `share` adds up to 1. */
export const temperaments: readonly Temperament[] = [
  { name: "chatter", share: 0.3, chats: 3, likes: 1, gifts: 0.4 },
  { name: "tapper", share: 0.25, chats: 0.5, likes: 5, gifts: 0.3 },
  { name: "player", share: 0.25, chats: 2, likes: 1.5, gifts: 1.5 },
  { name: "gifter", share: 0.1, chats: 1, likes: 2, gifts: 6 },
  { name: "lurker", share: 0.1, chats: 0.15, likes: 0.3, gifts: 0.1 },
];

/** One simulated viewer. */
export interface Person {
  /** 19 digits, like the ids of the real service. */
  readonly id: string;
  readonly handle: string;
  readonly nickname: string;
  readonly temperament: Temperament;
  /** Gifter level 1-50. */
  readonly level: number;
  readonly moderator: boolean;
  /** Has a picture that can be fetched. */
  readonly hasPicture: boolean;
  follower: boolean;
  subscriber: boolean;
}

const names: readonly string[] = [
  "Bo 🎮",
  "Mira",
  "Dante",
  "Çelik",
  "Gülşah",
  "İpek Yıldız",
  "Oğuzhan",
  "Ana María",
  "João Pedro",
  "Zoë",
  "Søren",
  "Björk Ösp",
  "Łukasz",
  "Dũng",
  "Nguyễn Thị Mai",
  "محمد العلي",
  "نور الهدى",
  "ليلى",
  "דניאל כהן",
  "נועה",
  "山田さくら",
  "小明",
  "はなび☆",
  "김민준",
  "서연 💜",
  "สมชาย ใจดี",
  "น้ำฝน",
  "Анастасия",
  "Дмитро",
  "Ελένη",
  "प्रिया शर्मा",
  "ராஜா",
  "🔥🔥 Max 🔥🔥",
  "👩‍🚀 Luna",
  "🦊",
  "xX_ShadowFox_Xx",
  "grandma plays",
  "The One And Only Sir Reginald von Longname the Third of Nowhere",
  "Uzunisimliarkadasimizboslukkullanmadanyaziyor",
  "Åse 🌊",
  "tiny.potato",
  "Kofi",
  "Amara ✨",
  "Rina",
  "Téo",
  "Jürgen",
  "Vivi",
  "Pixel Pete",
];
const handleStems: readonly string[] = [
  "nova",
  "pixel",
  "mango",
  "otter",
  "comet",
  "biscuit",
  "tulip",
  "rocket",
  "panda",
  "echo",
  "lemon",
  "storm",
  "waffle",
  "ember",
  "koala",
  "disco",
];

/** Distance between two names that follow each other; shares no divisor with the list's length, so all names come round. */
const nameStride = 7;

/** Makes up the `serial`-th person of an audience; `firstName` says where in the list of names that audience begins. */
export function createPerson(serial: number, firstName: number, random: Random): Person {
  const name = names[(firstName + serial * nameStride) % names.length]!;
  const digits = String(Math.floor(random.next() * 1e9)).padStart(9, "0");
  const round = Math.floor(serial / names.length);
  return {
    id: `69${digits}${String(serial).padStart(8, "0")}`,
    handle: `${random.pick(handleStems)}_${random.pick(handleStems)}${serial}`,
    nickname: round === 0 ? name : `${name} ${round + 1}`,
    temperament: pickTemperament(random),
    level: 1 + random.index(40),
    moderator: random.next() < 0.04,
    hasPicture: serial % 2 === 0,
    follower: random.next() < 0.3,
    subscriber: random.next() < 0.08,
  };
}

function pickTemperament(random: Random): Temperament {
  let left = random.next();
  for (const temperament of temperaments) {
    left -= temperament.share;
    if (left < 0) return temperament;
  }
  return temperaments[0]!;
}
