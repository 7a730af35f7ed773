import type { Language, Severity } from "../domain/finding.ts";
import type { Channel } from "../ports/world.ts";
import { terminalName, textOf } from "./neutralise.ts";

export type ConsoleOptions = {
  /** Takes one line, without its break. */
  readonly write: (line: string) => void;
  readonly colour?: boolean | undefined;
  /** Of what is not in the message itself; English unless given. */
  readonly language?: Language;
};

const words: {
  readonly [language in Language]: {
    readonly incident: string;
    readonly severity: { readonly [name in Severity]: string };
  };
} = {
  en: {
    incident: "incident",
    severity: { critical: "CRITICAL", high: "HIGH", medium: "MEDIUM", low: "LOW", info: "INFO" },
  },
  "zh-CN": {
    incident: "事件",
    severity: { critical: "严重", high: "高危", medium: "中危", low: "低危", info: "提示" },
  },
};

const colours: { readonly [name in Severity]: string } = {
  critical: "\u001b[1;31m",
  high: "\u001b[31m",
  medium: "\u001b[33m",
  low: "\u001b[36m",
  info: "\u001b[2m",
};
const plain = "\u001b[0m";

/** Writes messages for a person at a terminal. What came from outside cannot move the cursor or hide. */
export const consoleChannel = ({ write, colour = false, language = "en" }: ConsoleOptions): Channel => ({
  name: "console",
  send: async (message) => {
    const severity = words[language].severity[message.severity];
    const shown = colour ? `${colours[message.severity]}${severity}${plain}` : severity;
    write(`${shown} ${textOf(message.title, terminalName)}`);
    const width = Math.max(0, ...message.fields.map(({ label }) => label.length));
    for (const { label, value } of message.fields) {
      const [first = "", ...more] = textOf(value, terminalName).split("\n");
      write(`  ${label.padEnd(width)}  ${first}`);
      for (const line of more) write(`  ${" ".repeat(width)}  ${line}`);
    }
    write(`  ${words[language].incident} ${message.incidentId}`);
    return { kind: "sent" };
  },
});
