import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { runningSession, writeSession } from "../../cli/sandbox-session.ts";
import { exampleAccount, people } from "../../cli/start/account.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { warden } from "./warden.ts";

let place: SandboxPlace;
beforeEach(async () => {
  place = await sandboxPlace({ snapshot: exampleAccount() }, people);
});
afterEach(() => place.leave());

const replay = () => warden("replay", place.folder.file("trail.json", place.sandbox.trail));
const roles = () => place.sandbox.dump().roles?.map(({ roleName }) => roleName);

/** The commands of the README that show it, as somebody types them. */
const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");
const call = /warden -- (call Ram\.CreateRole .*)/.exec(readme)?.[1] ?? "";
const [, operation = "", name = "", document = ""] = /^call (\S+) (\S+) '(.*)'$/.exec(call) ?? [];

const asked = async (...as: readonly string[]): Promise<string> => {
  expect(await warden("call", operation, name, document, ...as)).toMatchObject({ code: 0 });
  await replay();
  const incident = (await place.incidents()).find(({ outcome }) => outcome?.kind === "asked");
  if (incident === undefined) throw new Error("nobody was asked");
  return incident.id;
};

describe("a plan that waits", () => {
  test("says until when it may be decided, in the time zone of the settings, in its message and where it is read", async () => {
    const settings = join(place.folder.path, "settings.yaml");
    writeFileSync(
      settings,
      `${readFileSync(settings, "utf8")}timeZone: Asia/Tokyo\nrules: { RAM.TrustForeignAccount: { approvalHours: 8 } }\n`,
    );
    const id = await asked();
    const opened = (await place.incidents()).find((one) => one.id === id)?.openedAt ?? 0;
    const time = (language: string): string =>
      new Intl.DateTimeFormat(language, { timeZone: "Asia/Tokyo", dateStyle: "medium", timeStyle: "long" }).format(
        opened + 8 * 3_600_000,
      );
    const whole = (await warden("incidents", id)).out;
    expect(whole).toContain(`-- reject ${id}; until ${time("en-GB")}`);
    expect(whole).toMatch(/ until .*(GMT\+9|JST)/);
    expect((await warden("incidents", id, "--lang", "zh-CN")).out).toContain(`；截止时间：${time("zh-CN")}`);
    expect(JSON.stringify(place.messages())).toContain(`reject ${id}; until ${time("en-GB")}`);
    await warden("approve", id, "--as", "security-lead");
    expect((await warden("incidents", id)).out).not.toContain("; until ");
  });

  test("is not decided by whoever made the change, and is by a second person", async () => {
    const id = await asked();
    for (const decide of ["approve", "reject"])
      expect(await warden(decide, id)).toMatchObject({
        code: 1,
        err: expect.stringContaining("user administrator made the change, and may not decide about it"),
      });
    expect(roles()).toContain("vendor");
    const done = await warden("approve", id, "--as", "security-lead");
    expect(done).toMatchObject({ code: 0, out: expect.stringContaining("was carried out by incident") });
    expect(roles()).not.toContain("vendor");
    const act = (await place.incidents()).at(-1);
    const text = (en: string) => ({ code: 1, err: expect.stringContaining(en) });
    expect(await warden("undo", id, "--as", "security-lead")).toMatchObject(
      text(`refused: it asked, and its plan was carried out by incident \`${act?.id}\`: that is the one to take back`),
    );
    expect(await warden("undo", id, "--as", "security-lead", "--lang", "zh-CN")).toMatchObject(
      text(`其询问的方案已由事件 \`${act?.id}\` 执行：请撤销该事件`),
    );
    expect(act).toMatchObject({ by: "user security-lead", outcome: { kind: "reverted" } });
    const undone = await warden("undo", act?.id ?? "", "--as", "security-lead");
    expect(undone.code).toBe(0);
    expect(roles()).toContain("vendor");
  });

  test("is not decided by the second person where that is who made the change", async () => {
    const id = await asked("--as", "platform-ops");
    expect(await warden("approve", id, "--as", "platform-ops")).toMatchObject({
      code: 1,
      err: expect.stringContaining("user platform-ops made the change"),
    });
    expect(await warden("approve", id)).toMatchObject({ code: 0 });
  });

  test("is asked anew where it changed since, which both the text and the JSON say", async () => {
    const id = await asked();
    const other = document.replace("6660666066606660", "7777077777707777").replace("AssumeRole", "NewAssumeRole");
    await warden("call", "Ram.UpdateRole", name, other);
    const done = await warden("approve", id, "--as", "security-lead", "--json");
    const said = JSON.parse(done.out) as { refused: string; incidentId: string };
    expect(done.code).toBe(1);
    expect(said.refused).toContain(`incident \`${said.incidentId}\` asks anew`);
    expect(await warden("approve", id, "--as", "security-lead", "--lang", "zh-CN")).toMatchObject({
      code: 1,
      err: expect.stringMatching(new RegExp(`其方案已失效.*${said.incidentId}`)),
    });
    expect(await warden("approve", said.incidentId, "--as", "security-lead")).toMatchObject({ code: 0 });
    expect(roles()).not.toContain("vendor");
    expect((await warden("ledger", "verify")).code).toBe(0);
  });
});

test("who may not assume the approving role is told which it is, and the question stays as it was", async () => {
  const id = await asked();
  const denied = await warden("approve", id, "--as", "platform-ops");
  const text =
    "the caller may not assume the approving role `ram-warden-approving`: let somebody decide who may, or allow";
  expect(denied).toMatchObject({ code: 1, err: expect.stringContaining(`refused: ${text}`) });
  expect(denied.err).toMatch(/\(Sts\.AssumeRole ended `forbidden` with code `NoPermission`, request [-0-9A-F]+\)$/m);
  expect((await warden("approve", id, "--as", "platform-ops", "--lang", "zh-CN")).err).toMatch(
    /已拒绝执行：调用者不能扮演批准角色 `ram-warden-approving`：请由可扮演者决定/,
  );
  const lines = (await warden("incidents")).out.trim().split("\n");
  expect(lines).toHaveLength(3);
  expect(lines.filter((line) => /Z {2}\S+ +given up {6}\S.* by user platform-ops$/.test(line))).toHaveLength(2);
  expect(lines.find((line) => line.startsWith(id))).toMatch(/Z {2}\S+ +asked /);
  expect((await warden("incidents", id)).out).toContain(`-- approve ${id}`);
  const act = (await place.incidents()).at(-1)?.id ?? "";
  const whole = (await warden("incidents", act)).out;
  expect(whole).toMatch(/\[given up, nothing written\]/);
  expect(whole).toContain(text);
  expect(whole).not.toContain("changed again");
  expect(await warden("approve", id, "--as", "security-lead")).toMatchObject({ code: 0 });
});

test("`--lang` is of the terminal's text alone: the channels are told in the language of the settings", async () => {
  const id = await asked();
  const toldBefore = place.messages().length;
  const approved = await warden("approve", id, "--as", "security-lead", "--lang", "zh-CN");
  expect(approved).toMatchObject({ code: 0, out: expect.stringContaining("已批准") });
  const act = (await place.incidents()).at(-1)?.id ?? "";
  expect(await warden("undo", act, "--as", "security-lead", "--lang", "zh-CN")).toMatchObject({
    code: 0,
    out: expect.stringContaining("已撤销"),
  });
  const told = JSON.stringify(place.messages().slice(toldBefore));
  expect(told).toContain("[put back]");
  expect(told).toContain("[remediation taken back]");
  expect(told).not.toMatch(/[\u4e00-\u9fff]/);
});

test("who decides has no right to write in their own name", async () => {
  const made = await warden("call", operation, name, document, "--as", "security-lead");
  expect(made).toMatchObject({ code: 3, err: expect.stringContaining("NoPermission") });
  expect(roles()).not.toContain("vendor");
});

test("only the people of the sandbox are taken, and only there", async () => {
  expect(await warden("call", "Ram.ListUsers", "--as", "nobody")).toMatchObject({
    code: 2,
    err: expect.stringContaining("those who do: `administrator`, `security-lead`, `platform-ops`"),
  });
  for (const command of ["approve", "reject", "undo"])
    expect(
      await warden(command, "00000000-0000-7000-8000-000000000000", "--as", "security-lead", "--cloud"),
    ).toMatchObject({ code: 2, err: expect.stringContaining("whoever's credentials are used acts") });
});

test("the switch says who threw it", async () => {
  await warden("stop", "--because", "a drill", "--as", "security-lead");
  expect((await warden("stop", "--because", "another", "--json")).out).toContain("user security-lead");
  expect(await warden("resume", "--as", "security-lead")).toMatchObject({ code: 0 });
});

test("a session whose people are of another form is none", () => {
  const session = runningSession();
  if (session === undefined) throw new Error("no session");
  expect(session.people?.map(({ userName }) => userName)).toEqual(people);
  writeSession({ ...session, people: [{ userName: "x" }] as never });
  expect(runningSession()).toBeUndefined();
});

test("the README names nobody whom `--as` does not take", () => {
  const named = [...readme.matchAll(/--as ([a-z-]+)/g)].map(([, user]) => user);
  expect(named.length).toBeGreaterThan(0);
  for (const user of named) expect(people).toContain(user);
});
