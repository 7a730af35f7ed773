import type { Language } from "../shared/domain/finding.ts";
import { inLanguage } from "../shared/response/messages/in-chinese.ts";
import { spoken } from "./language.ts";
import { textsInChinese } from "./texts-in-chinese.ts";

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Those that say most come first: what fits them fits shorter ones as well. */
const forms = textsInChinese
  .map(([english, chinese]) => ({
    form: new RegExp(`^${english.split("{}").map(escaped).join("(.*?)")}$`, "s"),
    pieces: chinese.split("{}"),
    letters: english.replaceAll("{}", "").length,
  }))
  .sort((a, b) => b.letters - a.letters);

/** A part may be a sentence of its own; a single word is a name or a value, and stays. */
const partIn = (part: string): string => (part.includes(" ") ? inChinese(part) : part);

const inChinese = (text: string): string => {
  for (const { form, pieces } of forms) {
    const found = form.exec(text);
    if (found === null) continue;
    const [first = "", ...others] = pieces;
    return others.reduce((done, piece, at) => `${done}${partIn(found[at + 1] ?? "")}${piece}`, first);
  }
  return inLanguage(text, "zh-CN");
};

/**
 * A text of the terminal's in the language that is spoken. The code has it in English, with what it names inside; what it
 * reads in Chinese stands in one table (`texts-in-chinese.ts`). A text that has no Chinese is said in English.
 */
export const said = (text: string, language: Language = spoken()): string =>
  language === "en" ? text : inChinese(text);
