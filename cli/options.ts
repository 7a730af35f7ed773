import { Option } from "commander";
import { languages } from "./language.ts";

/** `--lang`: any other language is refused as bad input. */
export const languageOption = (): Option =>
  new Option("--lang <language>", "language of the text; English unless given").choices(languages);

/** `--as`, of commands that are run in somebody's name. */
export const asOption = (): Option =>
  new Option("--as <user>", "in whose name, in the sandbox that `npm start` runs here; its administrator unless given");

/** `--lang` of commands that speak as the settings say unless told otherwise. */
export const settingsLanguageOption = (): Option =>
  new Option("--lang <language>", "language of the text; that of the settings unless given").choices(languages);
