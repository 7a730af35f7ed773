import { readFileSync } from "node:fs";
import type { Command } from "commander";
import { afterEach, describe, expect, it } from "vitest";
import { speakAsAsked } from "../../cli/language.ts";
import { wardenProgram } from "../../cli/program.ts";
import { said } from "../../cli/said.ts";
import { textsInChinese } from "../../cli/texts-in-chinese.ts";
import { filesIn, textsIn } from "../support/texts-in-source.ts";

/** Where the texts are made that a command prints: the commands themselves, and what they report of. */
const sources = [
  ...filesIn("cli").filter(
    (path) =>
      // The story of `npm start` is told in English; JSON, its schemas and the settings file that is written are as well.
      !/^cli\/(start\/|decision-json|rule-tests\/(format|change)\.ts|init\/settings-text)/.test(path) &&
      // Tables of the texts, and what only looks at letters.
      !/^cli\/(texts-in-chinese|policy\/(reasons|json-place|terminal-text)|sandbox-wire)\.ts$/.test(path),
  ),
  "shared/aliyun/tablestore-tables.ts",
  "shared/ledger/journal-verify.ts",
  "shared/ledger/verify-rows.ts",
  "shared/sweep.ts",
  "shared/sweep-again.ts",
  "shared/sweep-audit.ts",
  "shared/sweep-catch-up.ts",
  "shared/sweep-exemptions.ts",
  "shared/sweep-leftovers.ts",
  "shared/sweep-questions.ts",
  "shared/sweep-subjects.ts",
  "shared/sweep-tick.ts",
  "shared/unread-subjects.ts",
  "shared/untold-problems.ts",
];

/** Texts that no person reads, or that are parts of one. */
const others = [
  /^-/,
  /^[X ]+$/,
  /^X, page X: \$$/,
  /^warden: X$/,
  /^application\/json/,
  /^Cloud Config$/,
  /^judging writes nothing$/,
  /^the account before cannot be read$/,
  /^the defaults( are refused)?$/,
  /^the snapshot ?$/,
  /^\$: a X is there twice$/,
  /^(list|read) X$/,
  /^(resource groups|audit trail)$/,
  /^broken off$/,
  /^written by `warden doctor`$/,
  // Of the log, or of no person's reading.
  /^a part of the sweep ended in a fault$/,
  /^the guard$/,
  /^X, X times$/,
  // In English alone: `incidents` says them in Chinese by the words of the messages.
  /^undone later$/,
  /^given up$/,
  // Filled with whole sentences.
  /^refused: X X, and nobody exempts/,
  /^(not )?intact: X/,
  /^X; within a week these end: X$/,
  /^`X` is not JSONX$/,
];

/** Without what has its Chinese beside it in the code: `en: …`, and `language === "en" ? … :`. */
const withoutBilingual = (source: string): string => {
  let code = source.replace(/=== "en"\s*\? (?:"[^"]*"|`[^`]*`)/g, '=== "en" ? ""');
  for (let at = code.search(/\ben:\s/); at >= 0; at = code.search(/\ben:\s/)) {
    let [end, depth, quote] = [at + 3, 0, ""];
    for (; end < code.length; end += 1) {
      const letter = code[end] ?? "";
      if (quote !== "") {
        if (letter === "\\") end += 1;
        else if (letter === quote) quote = "";
      } else if (letter === '"' || letter === "`") quote = letter;
      else if ("{[(".includes(letter)) depth += 1;
      else if ("}])".includes(letter) && depth === 0) break;
      else if ("}])".includes(letter)) depth -= 1;
      else if (letter === "," && depth === 0) break;
    }
    code = `${code.slice(0, at)}${code.slice(end)}`;
  }
  return code;
};

const isText = (text: string): boolean =>
  /[a-z]{2}/.test(text) && / /.test(text) && !/\p{Script=Han}/u.test(text) && !others.some((other) => other.test(text));

const han = /\p{Script=Han}/u;

describe("the texts of the terminal", () => {
  const texts = [
    ...new Set(
      sources.flatMap((path) =>
        textsIn(withoutBilingual(readFileSync(path, "utf8")))
          .filter(isText)
          .map((text) => text.replace(/:nX$/, ":")),
      ),
    ),
  ];

  it("are found", () => expect(texts.length).toBeGreaterThan(300));

  // What is wrong with a test begins with its place.
  it.each(texts)("%s", (text) => expect(`${said(text, "zh-CN")}${said(`X:1: ${text}`, "zh-CN")}`).toMatch(han));
});

describe("the table", () => {
  it("names as much in Chinese as in English, and each text once", () => {
    for (const [english, chinese] of textsInChinese)
      expect([chinese, chinese.split("{}").length]).toEqual([chinese, english.split("{}").length]);
    const all = textsInChinese.map(([english]) => english);
    expect(all.filter((text, at) => all.indexOf(text) !== at)).toEqual([]);
  });

  it("leaves what a text names as it is, and says a sentence inside another one as well", () => {
    expect(said("granted", "en")).toBe("granted");
    expect(said("no exemption `over` to take back; `warden exempt list` names them", "zh-CN")).toBe(
      "没有可撤销的豁免 `over`；`warden exempt list` 可列出豁免",
    );
    expect(
      said("the account could not be read: Ims.ListUsers ended `unreachable` with code `X`, request R", "zh-CN"),
    ).toBe("无法读取账号：Ims.ListUsers 以 `unreachable` 结束，错误码 `X`，请求 R");
    expect(said("entry 3 of shard 1 lies here", "zh-CN")).toBe("此处存放的是条目 3（分片 1）");
    expect(said("not as it was accepted: AccessKey LTAIx of user alice", "zh-CN")).toBe(
      "与被接受的状态不符：AccessKey LTAIx（用户 alice）",
    );
    expect(said("a text that nobody wrote", "zh-CN")).toBe("a text that nobody wrote");
  });
});

const everyCommand = (command: Command): readonly Command[] => [command, ...command.commands.flatMap(everyCommand)];
const pathOf = (command: Command): string =>
  command.parent === null ? command.name() : `${pathOf(command.parent)} ${command.name()}`;

describe("the help", () => {
  afterEach(() => speakAsAsked([]));

  it.each(everyCommand(wardenProgram()).map((command) => [pathOf(command), command] as const))(
    "of `%s` is in Chinese, and it takes `--lang`",
    (path, command) => {
      speakAsAsked(["--lang", "zh-CN"]);
      const help = command.helpInformation();
      expect(help).toMatch(/^用法： warden/);
      const described = [
        command.description(),
        ...command.options.map(({ description }) => description),
        ...command.registeredArguments.map(({ description }) => description),
      ].filter((text) => text !== "");
      for (const text of described) {
        expect(said(text)).toMatch(han);
        expect(help).not.toContain(`  ${text}`);
      }
      expect(help.replace(/^(用法| {2}-| {2}\S).*$|`[^`]*`/gmu, "")).not.toMatch(/[a-z]{3} [a-z]{2}/);
      if (command.commands.length === 0)
        expect([path, command.options.map(({ long }) => long)]).toEqual([path, expect.arrayContaining(["--lang"])]);
    },
  );

  it("is in English where nobody asks for Chinese", () => {
    speakAsAsked([]);
    expect(wardenProgram().helpInformation()).toMatch(/^Usage: warden/);
  });
});
