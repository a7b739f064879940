/** Texts that streamers write, each with what is found in it: what asks, bets or swears, also disguised, and what only shares a word with it. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { harshIn } from "../../../shared/rules/compliance/harsh.ts";
import { readingsOf } from "../../../shared/rules/compliance/reading.ts";
import { codesOf, file, said } from "../../support/compliance-of.ts";

/** One text a line. */
const lines = (text: string) =>
  text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");

describe("what asks viewers for something", () => {
  test.each(
    lines(`
      Drop a rose in the chat
      Rose needed to revive
      Keep tapping
      Spam likes
      Press the heart
      Buy coins now
      Who sends the next gift?
      Help us with gifts
      Come on, give gifts
      Come on give us 3 roses
      Please give
      Feed me roses
      Throw a lion!
      We need roses
      Send the universe
      Keep sending!
      Sub now
      Subscribers only win
      Regalos por favor
      Envíame una rosa
      Bitte folgen
      Teile den Stream
      Folgen!
      Follow!
      Follow us
      Follow to join
      Please follow
      Like and follow
      Everybody follow
      Follow {viewer.name} for more
      Tip the host
      Support us
      Share this
      Hit like
    `),
  )("%s", (text) => expect(said(text)).toEqual(["COMPLIANCE_SOLICITATION"]));

  test("an offer for who gives most asks for gifts; to name who gave is recognition", () => {
    expect(said("Top gifter gets a crown")).toEqual(["COMPLIANCE_SOLICITATION"]);
    expect(said("Givers win more")).toEqual(["COMPLIANCE_SOLICITATION"]);
    expect(said("Top gifter: {viewer.name}")).toEqual([]);
    expect(said("{viewer.name}, top gifter, wins")).toEqual([]);
  });
});

describe("what looks like gambling", () => {
  test.each(
    lines(`
      50/50 chance to win 1000 coins
      Win real money
      Win a prize for your coins
      Win 20 diamonds
      Lucky wheel
      Free Robux giveaway
      spin the wheel
      place your bets
      slot machine
      bet 100
      Bet you 100 coins
      Spin!
      SPIN SPIN SPIN
      Slots
      Poker night
    `),
  )("%s", (text) => expect(said(text)).toEqual(["COMPLIANCE_BETTING"]));
});

describe("what is harsh", () => {
  test.each(
    lines(`
      kill them all
      Go to hell
      Blood!
      bloody murder
      you bastard
      murder
    `),
  )("%s", (text) => expect(said(text)).toEqual(["COMPLIANCE_HARSH_WORDS"]));
});

describe("disguised words", () => {
  test.each([
    ["J@ckpot", "COMPLIANCE_BETTING"],
    ["JACKPOOOOT!!!", "COMPLIANCE_BETTING"],
    ["the c-a-s-i-n-o", "COMPLIANCE_BETTING"],
    ["gamb1ing", "COMPLIANCE_BETTING"],
    ["a b3t 100", "COMPLIANCE_BETTING"],
    ["f.u.c.k", "COMPLIANCE_HARSH_WORDS"],
    ["what the f u c k, Ana", "COMPLIANCE_HARSH_WORDS"],
    ["fuuuck", "COMPLIANCE_HARSH_WORDS"],
    ["sh1t", "COMPLIANCE_HARSH_WORDS"],
    ["sh!t!", "COMPLIANCE_HARSH_WORDS"],
    ["a$$hole", "COMPLIANCE_HARSH_WORDS"],
    ["asssshole", "COMPLIANCE_HARSH_WORDS"],
  ])("%s: %s", (text, code) => expect(said(text)).toEqual([code]));

  test.each(
    lines(`
      4th place, 2x speed, L8r
      Goood
      Sooo close, booooom!
      U.S.A. wins
      v1.5 is 100% here
      1st of 10
      +1 point, x2, T5
      @ana5 dashed
      A B C D
      co-op
      shoot!
      Niger
    `),
  )("%s passes", (text) => expect(said(text)).toEqual([]));

  test("any sign for a letter, any sign between letters and any long drawn vowel", () => {
    const shapes = fc.record({
      i: fc.constantFrom("i", "1", "!", "I", "ｉ"),
      s: fc.constantFrom("s", "$", "5", "S"),
      between: fc.constantFrom("", ".", "-", "_", "*"),
      times: fc.constantFrom(1, 3, 7),
      before: fc.constantFrom("", "oh ", "(", "Ana: "),
    });
    fc.assert(
      fc.property(shapes, ({ i, s, between, times, before }) => {
        const word = [s, "h", i, "t"].join(between);
        const drawn = between === "" && !/[!1]/.test(i) ? word.replace(i, i.repeat(times)) : word;
        expect(harshIn(readingsOf(`${before}${drawn}`))).toEqual(["shit"]);
      }),
    );
  });
});

describe("what only shares a word with it", () => {
  const harmless = lines(`
    Slot 3 is free
    The next slot opens
    All slots are full
    Bet you did not see that
    I bet you missed it
    Bet you did not see that 3 seconds ago
    Spin attack!
    Ana spins out
    Poker face
    Blood Moon
    First blood
    Bloody hard hit
    Bastard sword
    Murder of crows
    Tip of the iceberg
    Support is coming
    Send them flying!
    Following the leader
    Follow the leader
    Ana follows closely
    More waves follow
    Like lightning!
    Hit like a truck
    You can tip the scales
    Es folgt die letzte Phase
    Auf Pink folgt Cyan
    Ana schickt alle fliegen
    Sigue la ronda
    Ana comparte la corona
    Suivez la balle
    Segui la palla
    Give up?
    Never give way
    The lions throw stones
    Galaxy drop
    Rose petals fall
    Meteors hit the heart of the arena
    The universe needs you
    Share the crown
    Tap out!
    Gift of the gods
    Throw them out
    Win the round
    Ana wins 3 in a row
    Last chance
  `);
  test.each(harmless)("%s passes", (text) => expect(said(text)).toEqual([]));
  test("a lone word viewers would type is no harmless one", () => {
    const typed = (word: string) => codesOf(file(`  - { on: chat, command: ${JSON.stringify(word)}, do: wave }\n`));
    expect(["spin", "slot", "bet", "sp1n"].flatMap(typed)).toEqual(Array(4).fill("COMPLIANCE_BETTING"));
    expect(["spin attack", "slot 3", "best bet"].flatMap(typed)).toEqual([]);
  });
});
