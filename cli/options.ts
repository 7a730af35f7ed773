import { Option } from "commander";
import type { Language } from "../shared/domain/finding.ts";

const languages: readonly Language[] = ["en", "zh-CN"];

/** `--lang`: any other language is refused as bad input. */
export const languageOption = (): Option =>
  new Option("--lang <language>", "language of the text").choices(languages).default("en");
