import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { inLanguage } from "../../shared/response/messages/in-chinese.ts";
import { reasonsInChinese } from "../../shared/response/messages/reasons-in-chinese.ts";
import { filesIn, textsIn } from "../support/texts-in-source.ts";

/** Where sentences are made that people read: reasons, ends of writes, refusals. */
const sources = [
  "shared/planning",
  "shared/response/approve.ts",
  "shared/response/by-person.ts",
  "shared/response/carry-out.ts",
  "shared/response/holders-since.ts",
  "shared/response/recover.ts",
  "shared/response/undo.ts",
  "shared/response/write.ts",
  "shared/act-on-plan.ts",
  "shared/ask-anew.ts",
  "shared/assess.ts",
  "shared/before.ts",
  "shared/guarded-plan.ts",
  "shared/within-budget.ts",
  "shared/drift-explained.ts",
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
  it("say in words how an event was dealt with before, and keep a word that is none of ours", () => {
    expect(inLanguage("dealt with before: reverted", "zh-CN")).toBe("此前已处理：已恢复");
    expect(inLanguage("dealt with before: toString", "zh-CN")).toBe("此前已处理：toString");
  });

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
