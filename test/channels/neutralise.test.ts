import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { dingtalkName, oneVisibleLine, terminalName } from "../../shared/channels/neutralise.ts";
import { hostileName, unsafeCharacters } from "./messages.ts";

describe("a name for DingTalk", () => {
  test("holds nothing that markdown, the client or a reader could take for ours, whatever the name", () => {
    fc.assert(
      fc.property(hostileName, (name) => {
        const shown = dingtalkName(name);
        expect(shown).toMatch(/^「[^「」]*」$/u);
        expect(shown).not.toMatch(unsafeCharacters);
        expect(shown).not.toMatch(/[[\]()!*~#><|@`\\&]|:\/\//);
        expect(shown.replace(/[A-Za-z0-9]_(?=[A-Za-z0-9])/g, "")).not.toContain("_");
        expect([...shown].length).toBeLessThanOrEqual(130);
      }),
      { numRuns: 1000 },
    );
  });

  test.each([
    "alice",
    "ops-deploy_2.x",
    "AdministratorAccess",
    "ecs.aliyuncs.com",
    "acs:ram::123456789012:role/ci",
    "财务角色",
  ])("leaves %s as it is", (name) => {
    expect(dingtalkName(name)).toBe(`「${name}」`);
  });

  test.each([
    ["[x](http://e.example)", "「［x］（http:／／e.example）」"],
    ["![](dtmd://x)", "「！［］（dtmd:／／x）」"],
    ["a\n# b", "「a ＃ b」"],
    [":\u200b//x", "「:／／x」"],
    ["x」 **Critical** 「y", '「x" ＊＊Critical＊＊ "y」'],
    ["@13800000000 <@all>", "「＠13800000000 ＜＠all＞」"],
    ["", "「」"],
  ])("shows %j as %j", (name, shown) => {
    expect(dingtalkName(name)).toBe(shown);
  });
});

test("a visible line is cut with a mark, between characters", () => {
  expect(oneVisibleLine("😀".repeat(200))).toBe(`${"😀".repeat(127)}…`);
  expect(oneVisibleLine("x".repeat(128))).toBe("x".repeat(128));
});

test("a terminal is given nothing that it would obey, and what was taken out can be read", () => {
  fc.assert(
    fc.property(hostileName, (name) => {
      expect(terminalName(name)).not.toMatch(unsafeCharacters);
    }),
    { numRuns: 1000 },
  );
  expect(terminalName("a\u001b[2Jb\n\u202ec\\")).toBe("a\\u{1b}[2Jb\\u{a}\\u{202e}c\\\\");
  expect(terminalName("角色 a_b [x](y)")).toBe("角色 a_b [x](y)");
});
