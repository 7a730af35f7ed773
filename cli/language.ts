import type { Language } from "../shared/domain/finding.ts";

export const languages: readonly Language[] = ["en", "zh-CN"];

/** A command line is run at a time, and is spoken to in one language: what it asks for, else what its settings say. */
const speaking: { asked: Language | undefined; settings: Language } = { asked: undefined, settings: "en" };

const askedIn = (args: readonly string[]): Language | undefined => {
  const at = args.indexOf("--lang");
  const given = at >= 0 ? args[at + 1] : args.find((arg) => arg.startsWith("--lang="))?.slice("--lang=".length);
  return languages.find((language) => language === given);
};

/** Looked for before anything is understood, as what is wrong with the rest of it is said in that language as well. */
export const speakAsAsked = (args: readonly string[]): void => {
  speaking.asked = askedIn(args);
  speaking.settings = "en";
};

/** What is said from here on is said as the settings ask for, where the command line asked for nothing. */
export const speakAsSettings = (language: Language): void => {
  speaking.settings = language;
};

export const spoken = (): Language => speaking.asked ?? speaking.settings;
