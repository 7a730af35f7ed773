import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inLanguage } from "../../shared/response/messages/in-chinese.ts";
import { reasonsInChinese } from "../../shared/response/messages/reasons-in-chinese.ts";

/** Where sentences are made that people read: reasons, ends of writes, refusals. */
const sources = [
  "shared/planning",
  "shared/response/approve.ts",
  "shared/response/by-person.ts",
  "shared/response/carry-out.ts",
  "shared/response/recover.ts",
  "shared/response/undo.ts",
  "shared/response/write.ts",
  "shared/act-on-plan.ts",
  "shared/ask-anew.ts",
  "shared/assess.ts",
  "shared/before.ts",
  "shared/guarded-plan.ts",
  "shared/within-budget.ts",
];

/** Texts that no person reads, or that are parts of one. */
const others = [
  /^X(\/X)+$/,
  /^X X$/,
  /^X incident X$/,
  /^accepted by the undo in$/,
  /^dealt with by$/,
  /^session length$/,
  /^not sent: X$/,
  /^a remediation whose calls/,
  /^is not in the ledger$/,
  /^the X$/,
  /^what X does$/,
  /^somebody unknown$/,
  /^incident `X` is not in the ledger$/,
];

const filesIn = (path: string): readonly string[] =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];

/** The texts of a source, what a template is filled with as `X`. Comments have none. */
const textsIn = (source: string): readonly string[] => {
  const texts: string[] = [];
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  for (let at = 0; at < code.length; at += 1) {
    const quote = code[at];
    if (quote === '"') {
      const end = code.indexOf('"', at + 1);
      texts.push(code.slice(at + 1, end));
      at = end;
    } else if (quote === "`") {
      let text = "";
      for (at += 1; code[at] !== "`"; at += 1) {
        if (code[at] === "\\") {
          at += 1;
          text += code[at];
        } else if (code[at] === "$" && code[at + 1] === "{") {
          let depth = 1;
          for (at += 2; depth > 0; at += 1) depth += code[at] === "{" ? 1 : code[at] === "}" ? -1 : 0;
          at -= 1;
          text += "X";
        } else text += code[at];
      }
      texts.push(text);
    }
  }
  return texts;
};

/** What reads like a sentence: several words in lower case, and no path or name. */
const isSentence = (text: string): boolean =>
  /^(?:[a-z]|X )/.test(text) && / /.test(text) && text.length > 12 && !others.some((other) => other.test(text));

describe("the sentences of the core", () => {
  const texts = [...new Set(sources.flatMap(filesIn).flatMap((path) => textsIn(readFileSync(path, "utf8"))))].filter(
    isSentence,
  );

  it("are found", () => expect(texts.length).toBeGreaterThan(150));

  it.each(texts)("%s", (text) => expect(inLanguage(text, "zh-CN")).toMatch(/\p{Script=Han}/u));
});

describe("the sentences in Chinese", () => {
  it("name as much as the English ones", () => {
    for (const [english, chinese] of reasonsInChinese)
      expect([chinese, chinese.split("{}").length]).toEqual([chinese, english.split("{}").length]);
  });

  it("say in full what is in another sentence", () => {
    expect(
      inLanguage(
        "1 of 2 calls are done; mallory switched writing off: a migration, before the rest was written",
        "zh-CN",
      ),
    ).toBe("已完成 1/2 次调用；mallory 已关闭写入：a migration，其余尚未写入");
  });

  it.each([
    [
      "the logon demands more than before; putting that back demands less; a person decides about that",
      "登录要求比之前更严；恢复会放宽要求；此项须由人决定",
    ],
    [
      "the former default version `v1` allows what the present one does not; five versions are there and the good one is not: `v2` is deleted to make room for it, and made again at the end under another id",
      "先前的默认版本 `v1` 允许现行版本所不允许的操作；已有五个版本而正确的版本不在其中：先删除 `v2` 腾出位置，最后以另一版本号重建",
    ],
  ])("say both where two are one: %s", (english, chinese) => {
    expect(inLanguage(english, "zh-CN")).toBe(chinese);
  });

  it("are English where they are asked for in English", () => {
    for (const [english] of reasonsInChinese) expect(inLanguage(english, "en")).toBe(english);
  });
});
