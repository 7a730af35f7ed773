import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf } from "../sandbox/client.ts";
import { openTrust } from "../support/guarded-account.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { warden } from "./warden.ts";

let place: SandboxPlace;
beforeEach(async () => {
  place = await sandboxPlace();
});
afterEach(() => place.leave());

/** The lines in which two English words follow each other, without what is quoted, calls, and lists of values. */
const englishIn = (text: string): readonly string[] =>
  text
    .split("\n")
    .map((line) => line.replace(/`[^`]*`|\{.*\}|https?:\S*|(NewDescription|npm run).*/g, ""))
    .filter((line) => /[A-Za-z]{3,} [a-z]{2,}/.test(line));

const inChinese = async (...args: readonly string[]) => {
  const ran = await warden(...args, "--lang", "zh-CN");
  expect([args, englishIn(`${ran.out}\n${ran.err}`)]).toEqual([args, []]);
  expect(`${ran.out}${ran.err}`).toMatch(/\p{Script=Han}/u);
  return ran;
};

const attack = async () => {
  const call = callerOf(place.sandbox, place.sandbox.keyOf("mallory"));
  await call("Ram", "UpdateRole", { RoleName: "Deploy", NewAssumeRolePolicyDocument: openTrust });
  await call("Ram", "CreateRole", { RoleName: "door", AssumeRolePolicyDocument: openTrust });
  return place.folder.file("trail.json", place.sandbox.trail);
};

describe("with --lang zh-CN nothing is said in English", () => {
  test("of what happened, and what became of it", async () => {
    await inChinese("baseline");
    const file = await attack();
    await inChinese("judge", file);
    expect((await inChinese("replay", file)).out).toContain("已恢复");
    expect((await inChinese("replay", file, "--dry-run")).out).toContain("此前已处理：已恢复");
    expect((await inChinese("backfill", "--from", "24h")).out).toContain("此前已处理：等待决定");
    const swept = (await inChinese("sweep")).out;
    expect(swept).toMatch(/^操作审计 {2}已查看 \d+ 次写操作，其中 0 次此前未判定$/m);
    expect(swept).toContain("没有基线，且现状违规：角色 door 的信任策略");
    expect((await inChinese("incidents")).out).toMatch(
      /严重 {2}已恢复 {2}角色 Deploy 的信任策略，操作者：用户 mallory {2}\[RAM\.TrustForeignAccount, /,
    );
    const [{ id } = { id: "" }] = await place.incidents();
    const whole = (await inChinese("incidents", id)).out;
    expect(whole).toMatch(/^严重 \[已恢复\] /);
    expect(whole).toMatch(/^ {2}操作者 +用户 mallory$/m);
    expect(whole).toContain(`  事件 ${id}`);
    await inChinese("undo", id);
    expect((await inChinese("approve", id)).code).toBe(1);
  });

  test("of the installation, the rules and the record", async () => {
    expect((await inChinese("doctor")).out).toMatch(/^警告 {5}状态存储：尚无文件 `.*`：首个写入的命令会创建它$/m);
    await inChinese("baseline");
    const doctor = await inChinese("doctor", "--deep", "--send-test");
    expect(doctor.out).toMatch(/^正常 {5}状态存储：可读写$/m);
    expect(doctor.out).toMatch(/^异常 {5}巡检：从未运行/m);
    expect(doctor.out).toContain("    RAM-AUTH-001  控制台登录失败激增\n");
    expect((await inChinese("rules", "--effective")).out).toMatch(/^RAM\.MfaRemoved +遏制 {2}响应 contain（默认）$/m);
    expect((await inChinese("rules", "--history")).out).toMatch(/^规则 +发现 {2}本会处置 /);
    expect((await inChinese("rules")).out).toMatch(
      /^规则：判定单个变更\n {2}RAM-ROLE-002 +RAM\.TrustForeignAccount +严重 /,
    );
    expect((await inChinese("rules", "RAM.MfaRemoved")).out).toContain("高危，稳定；默认 contain；可设为 contain, ask");
    expect((await inChinese("rules", "RAM-AUTH-001")).err).toMatch(/^没有规则判定 `RAM-AUTH-001`：登录事件/);
    await inChinese("ledger", "verify");
    await inChinese("ledger", "trim");
    expect((await inChinese("stop", "--because", "演练")).out).toMatch(
      /^写入自 .* 起已关闭，操作者 用户 administrator：演练$/m,
    );
    expect((await inChinese("doctor")).out).toMatch(/^异常 {5}写入总开关：写入自/m);
    expect((await inChinese("resume")).out).toBe("写入已重新开启\n");
  });

  test("of exemptions, dead letters, settings and tests", async () => {
    const scope = ["--rule", "RAM.MfaRemoved", "--subject", "mfa/bob"];
    const who = ["--owner", "张三", "--reason", "已同意", "--until", "9d"];
    const granted = await inChinese("exempt", "grant", ...scope, ...who, "--id", "e1");
    expect(granted.out).toMatch(/^已授予: 生效中 {3}e1 .* {2}至 .* UTC {2}张三 （由用户 administrator授予）: 已同意$/m);
    expect((await inChinese("exempt", "grant", ...scope, ...who, "--actor", "user/admin*")).err).toContain(
      "已拒绝：用户 administrator",
    );
    expect((await inChinese("exempt", "grant", "--rule", "RAM.No", "--subject", "mfa/bob", ...who)).err).toContain(
      "`--rule`：没有该规则",
    );
    await inChinese("exempt", "revoke", "e1", "--because", "结束");
    expect((await inChinese("exempt", "list")).err).toContain("另有 1 项已到期或已撤销");
    const bad = place.folder.file("bad.json", [{ moon: 1 }]);
    expect((await inChinese("replay", bad)).code).toBe(2);
    expect((await inChinese("dead", "list")).out).toContain("无法理解");
    expect((await inChinese("dead", "replay")).out).toContain("仍在列表中：已处理 0 条，剩余 1 条");
    expect((await inChinese("init", "--yes", "--account", "123")).err).toContain("账号 ID 为 16 位数字");
    await inChinese("init", "--yes", "--account", "1234567890123456", "--file", "own.yaml");
    place.folder.file(
      "a.test.yaml",
      `tests:\n  - name: one\n    change: { kind: grant, to: group/a, policy: System/AdministratorAccess, before: gone, after: present }\n    expect: { outcome: clear }\n`,
    );
    const tested = await inChinese("rules", "test", "a.test.yaml", "--config", "own.yaml");
    expect(tested.out).toContain("outcome：期望 `clear`，实为 `observed`\n通过 0 个，失败 1 个\n");
    expect((await inChinese("undo")).err).toContain("错误：缺少必需的参数 'incident'\n请参阅 `warden --help`");
    expect((await inChinese("judge", "none.json", "--config", "none.yaml")).err).toBe(
      "无法读取 `none.yaml`：没有该文件\n",
    );
  });
});

describe("without --lang", () => {
  test("commands speak as the settings say that they read, and English where they read none", async () => {
    const settings = readFileSync(join(place.folder.path, "settings.yaml"), "utf8");
    place.folder.file("settings.yaml", `${settings}language: zh-CN\n`);
    const file = await attack();
    for (const args of [
      ["baseline"],
      ["judge", file, "--config", "settings.yaml"],
      ["replay", file, "--dry-run"],
      ["sweep"],
      ["doctor"],
      ["rules", "--effective"],
      ["exempt", "list"],
      ["dead", "list"],
      ["ledger", "verify"],
      ["stop", "--because", "演练"],
      ["resume"],
    ]) {
      // A secret that is missing is said before the settings count as read.
      const { out } = await warden(...args);
      expect([args, out]).toEqual([args, expect.stringMatching(/\p{Script=Han}/u)]);
      expect([args, englishIn(out)]).toEqual([args, []]);
    }
    expect((await warden("ledger", "verify", "--lang", "en")).out).toMatch(/^intact: /);
    expect((await warden("rules")).out).toMatch(/^rules, of a single change\n/);
  });

  test("a machine reads the same in either language", async () => {
    const plain = JSON.parse((await warden("doctor", "--json")).out) as { readonly checks: readonly object[] };
    const chinese = JSON.parse((await warden("doctor", "--json", "--lang", "zh-CN")).out) as typeof plain;
    expect(chinese.checks).toEqual(plain.checks);
  });
});
