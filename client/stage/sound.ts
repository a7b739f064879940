/** Sound: short soft pitched tones made in the page; few at once, none piling up. */
import type { SoundName } from "../../shared/game/view.ts";

/** Most voices at once, and least seconds between two of the same sound. */
const maxVoices = 5;
const gapSeconds = 0.07;
const masterVolume = 0.5;
/** A row of the same sound within this time rises in pitch instead of getting louder. */
const comboSeconds = 0.6;
const maxComboSteps = 7;

interface Tone {
  /** Hertz at pitch 0.5. */
  readonly hz: number;
  /** Frequency at the end as a factor. */
  readonly bend: number;
  readonly seconds: number;
  readonly volume: number;
  readonly wave: OscillatorType;
  /** Further notes as semitones after the first, `step` seconds apart. */
  readonly notes?: readonly number[];
  readonly step?: number;
}

const tones: Record<SoundName, Tone> = {
  tap: { hz: 520, bend: 0.8, seconds: 0.07, volume: 0.1, wave: "sine" },
  hit: { hz: 300, bend: 0.6, seconds: 0.12, volume: 0.22, wave: "triangle" },
  bonk: { hz: 190, bend: 0.45, seconds: 0.24, volume: 0.42, wave: "triangle" },
  pop: { hz: 420, bend: 1.9, seconds: 0.11, volume: 0.2, wave: "sine" },
  power: { hz: 330, bend: 1.5, seconds: 0.26, volume: 0.24, wave: "triangle", notes: [7, 12], step: 0.06 },
  rise: { hz: 392, bend: 1.02, seconds: 0.2, volume: 0.2, wave: "sine", notes: [4, 7, 12], step: 0.07 },
  fall: { hz: 440, bend: 0.28, seconds: 0.5, volume: 0.26, wave: "sine" },
  tick: { hz: 660, bend: 1, seconds: 0.09, volume: 0.22, wave: "triangle" },
  go: { hz: 523, bend: 1, seconds: 0.4, volume: 0.26, wave: "triangle", notes: [4, 7], step: 0.01 },
  win: { hz: 523, bend: 1, seconds: 0.34, volume: 0.26, wave: "triangle", notes: [4, 7, 12, 16], step: 0.12 },
  join: { hz: 587, bend: 1.25, seconds: 0.13, volume: 0.14, wave: "sine" },
};

export interface Sound {
  /** `pitch` 0 low to 1 high, `power` 0 to 1. */
  play(name: SoundName, pitch?: number, power?: number): void;
}

const silent: Sound = { play: () => {} };

/** Creates the sound of a page; silent when switched off or where the browser has none. */
export function createSound(enabled: boolean): Sound {
  if (!enabled || typeof AudioContext === "undefined") return silent;
  const context = new AudioContext({ latencyHint: "interactive" });
  const master = context.createGain();
  master.gain.value = masterVolume;
  const limiter = context.createDynamicsCompressor();
  master.connect(limiter).connect(context.destination);
  // OBS plays without a gesture; a browser tab waits for the first one.
  const wake = () => void context.resume().catch(() => {});
  window.addEventListener("pointerdown", wake);
  window.addEventListener("keydown", wake);
  let voices = 0;
  const lastAt = new Map<SoundName, { at: number; steps: number }>();

  const voice = (tone: Tone, semitones: number, at: number, hz: number, volume: number) => {
    if (voices >= maxVoices) return;
    voices++;
    const oscillator = context.createOscillator();
    const gain = context.createGain();
    const start = hz * 2 ** (semitones / 12);
    oscillator.type = tone.wave;
    oscillator.frequency.setValueAtTime(start, at);
    oscillator.frequency.exponentialRampToValueAtTime(Math.max(30, start * tone.bend), at + tone.seconds);
    gain.gain.setValueAtTime(0.0001, at);
    gain.gain.exponentialRampToValueAtTime(Math.max(0.0002, volume), at + 0.012);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + tone.seconds);
    oscillator.connect(gain).connect(master);
    oscillator.onended = () => {
      voices--;
      oscillator.disconnect();
      gain.disconnect();
    };
    oscillator.start(at);
    oscillator.stop(at + tone.seconds + 0.02);
  };
  const comboStep = (name: SoundName, now: number) => {
    const last = lastAt.get(name);
    const steps = last && now - last.at < comboSeconds ? Math.min(maxComboSteps, last.steps + 1) : 0;
    lastAt.set(name, { at: now, steps });
    return steps;
  };

  return {
    play(name, pitch = 0.5, power = 1) {
      if (context.state !== "running") return;
      const now = context.currentTime;
      const last = lastAt.get(name);
      if (last && now - last.at < gapSeconds) return;
      const tone = tones[name];
      const hz = tone.hz * 2 ** (Math.max(0, Math.min(1, pitch)) - 0.5);
      const volume = tone.volume * (0.35 + 0.65 * Math.max(0, Math.min(1, power)));
      const raised = comboStep(name, now);
      voice(tone, raised, now, hz, volume);
      tone.notes?.forEach((semitones, index) => {
        voice(tone, semitones + raised, now + (tone.step ?? 0) * (index + 1), hz, volume * 0.85);
      });
    },
  };
}
