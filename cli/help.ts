import type { Command, Help } from "commander";
import { columns } from "./columns.ts";
import { said } from "./said.ts";

/** What a command adds to an option by itself: `(choices: "en", "zh-CN", default: "now")`. */
const inParts = (text: string): string => {
  const [whole, before = "", added = ""] = /^(.*?)(?: \(((?:choices|default): .*)\))?$/s.exec(text) ?? [text, text];
  if (whole === before) return said(text);
  return `${said(before)}${said(`(${added})`)}`;
};

/** Help is made of the texts that the commands are described by: each is said in the language that is spoken. */
const helpTexts = (help: Help): Partial<Help> => {
  const { subcommandDescription, optionDescription, argumentDescription, commandDescription } = help;
  return {
    displayWidth: columns,
    styleTitle: (title) => said(title),
    commandDescription: (command) => said(commandDescription.call(help, command)),
    subcommandDescription: (command) => said(subcommandDescription.call(help, command)),
    optionDescription: (option) => inParts(optionDescription.call(help, option)),
    argumentDescription: (argument) => inParts(argumentDescription.call(help, argument)),
  };
};

export const speakInHelp = (command: Command): void => {
  command.configureHelp(helpTexts(command.createHelp()));
  for (const one of command.commands) speakInHelp(one);
};
