/** Harsh words and words of graphic violence, in the languages streams are in, and their finder. */
import { kindFinder } from "./phrases.ts";
import type { Reading } from "./reading.ts";

const find = kindFinder({
  always: {
    en: "fuck, fucks, fucking, fucked, fucker, motherfucker, shit, shitty, bullshit, bitch, bitches, asshole, cunt, whore, slut, faggot, retard, retarded, nigger, nigga, rape, rapist, kys, suicide, gore, bloodbath",
    violence:
      "kill yourself, kill yourselves, kill him, kill her, kill them, kill them all, kill you, kill everyone, kill everybody, kill all, go to hell, burn in hell, rot in hell",
    blood:
      "blood everywhere, blood on, blood and gore, blood and guts, pool of blood, pools of blood, in blood, blood bath, his blood, her blood, your blood, their blood, spill blood, bloody murder, bloody mess, bloody corpse",
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
  },
  mostly: { en: "bastard, bastards, murder, murders" },
  harmless: {
    en: "bastard sword, bastard swords, murder of crows, murder mystery",
  },
  alone: { en: "blood, bloody" },
});

/** Harsh words in a text as it is written, and in what it may hide; empty for none. */
export function harshIn(readings: readonly Reading[]): string[] {
  return [...new Set(readings.flatMap(find))];
}
