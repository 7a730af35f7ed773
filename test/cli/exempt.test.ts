import { readFileSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { callerOf, trustOf } from "../sandbox/client.ts";
import { accountId, ciTrust, stranger } from "../support/guarded-account.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { warden } from "./warden.ts";

let place: SandboxPlace;
beforeEach(async () => {
  place = await sandboxPlace();
  expect((await warden("baseline")).code).toBe(0);
});
afterEach(() => place.leave());

/** Lets a stranger in beside whom it let in before. */
const openedTrust = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`, `acs:ram::${stranger}:root`] });

const scope = ["--rule", "RAM.TrustForeignAccount", "RAM.TrustEntityAdded", "--subject", "role-trust/Deploy"];
const who = ["--owner", "alice", "--reason", "agreed with the strangers", "--ticket", "SEC-42"];

const readme = readFileSync(new URL("../../README.md", import.meta.url), "utf8");

const attack = async (by = "mallory") => {
  await callerOf(place.sandbox, place.sandbox.keyOf(by))("Ram", "UpdateRole", {
    RoleName: "Deploy",
    NewAssumeRolePolicyDocument: openedTrust,
  });
  const file = place.folder.file("trail.json", place.sandbox.trail);
  return JSON.parse((await warden("replay", file, "--json")).out) as {
    decisions: { outcome: string; incidentId: string; findings: { rule: string; exemption?: { id: string } }[] }[];
  };
};
const trust = () => place.sandbox.dump().roles?.find(({ roleName }) => roleName === "Deploy")?.assumeRolePolicyDocument;

describe("warden exempt", () => {
  test("grants what is then let be, and lists it with who answers for it", async () => {
    const granted = await warden("exempt", "grant", ...scope, ...who, "--until", "30d", "--id", "strangers");
    expect([granted.code, granted.out]).toEqual([
      0,
      expect.stringMatching(
        /^granted: in force strangers {2}RAM\.TrustForeignAccount,RAM\.TrustEntityAdded × role-trust\/deploy {2}until .* UTC {2}alice \(granted by user administrator\): agreed with the strangers \(SEC-42\)\n$/,
      ),
    ]);
    const { decisions } = await attack();
    expect(decisions.map(({ outcome }) => outcome)).toEqual(["alerted"]);
    expect(decisions[0]?.findings.map(({ exemption }) => exemption?.id)).toEqual(["strangers", "strangers"]);
    expect(trust()).toBe(openedTrust);

    const listed = await warden("exempt", "list", "--json");
    expect(JSON.parse(listed.out)).toMatchObject([
      { id: "strangers", source: "granted", standing: "in force", subject: "role-trust/deploy", ticket: "SEC-42" },
    ]);
    const record = await warden("ledger", "export");
    expect(record.out).toContain('"kind":"exemption"');
    expect((await warden("ledger", "verify")).code).toBe(0);
  });

  test("covers nothing that its grantor does, whatever its scope", async () => {
    await warden("exempt", "grant", ...scope, ...who, "--until", "30d", "--id", "own");
    const { decisions } = await attack("administrator");
    expect(decisions[0]?.findings.map(({ exemption }) => exemption)).toEqual([undefined, undefined]);
    expect(trust()).toBe(ciTrust);
  });

  test("takes back what it granted, and the sweep puts back what that let be", async () => {
    await warden("exempt", "grant", ...scope, ...who, "--until", "30d", "--id", "strangers");
    await attack();
    const revoked = await warden("exempt", "revoke", "strangers", "--because", "no more");
    expect([revoked.code, revoked.out]).toEqual([0, "taken back: strangers\n"]);
    const swept = await warden("sweep");
    expect(swept.code).toBe(1);
    expect(swept.out).toMatch(/^exemptions {3}0 in force, 0 told of as they end soon, 1 over and judged anew$/m);
    expect(swept.out).toMatch(/^Ram\.UpdateRole {2}trust policy of role Deploy .*\n {2}put back/m);
    expect(swept.out).toMatch(/^1 judged, /m);
    expect((await warden("sweep")).code).toBe(0);
    expect(trust()).toBe(ciTrust);
    expect(await warden("exempt", "list")).toMatchObject({
      code: 0,
      out: "no exemptions\n",
      err: expect.stringContaining("1 that are over or taken back are left out: `--all` lists them as well"),
    });
    const all = await warden("exempt", "list", "--all");
    expect(all.out).toMatch(/^revoked {2}strangers/);
    expect(all.err).not.toContain("--all");
    expect((await warden("exempt", "revoke", "strangers", "--because", "again")).code).toBe(2);
  });

  test("takes its scope from an incident, down to the state that was found", async () => {
    const { decisions } = await attack();
    const [{ incidentId } = { incidentId: "" }] = decisions;
    const granted = await warden("exempt", "grant", "--incident", incidentId, ...who, "--until", "10d", "--json");
    expect(JSON.parse(granted.out)).toMatchObject({
      rules: expect.arrayContaining(["RAM.TrustForeignAccount", "RAM.TrustEntityAdded"]),
      subject: "role-trust/deploy",
      actor: "user/mallory",
      change: expect.stringMatching(/^[0-9a-f]{32}$/),
      by: "user administrator",
    });
    expect((await attack()).decisions.map(({ outcome }) => outcome)).toEqual(["alerted"]);

    const wider = ["--incident", incidentId, "--actor", "any", "--change", "any", "--rule", "RAM.TrustEntityAdded"];
    const other = await warden("exempt", "grant", ...wider, ...who, "--until", "10d", "--json");
    expect(JSON.parse(other.out)).toMatchObject({ rules: ["RAM.TrustEntityAdded"], subject: "role-trust/deploy" });
    expect(JSON.parse(other.out)).not.toHaveProperty("actor");
    expect(JSON.parse(other.out)).not.toHaveProperty("change");
  });

  test("prints what would be granted as an entry of the file, which then counts", async () => {
    const dry = await warden("exempt", "grant", ...scope, ...who, "--until", "30d", "--id", "strangers", "--dry-run");
    expect(dry.code).toBe(0);
    expect((await warden("exempt", "list")).out).toBe("no exemptions\n");
    place.folder.file("exemptions.yaml", dry.out);
    expect(JSON.parse((await warden("exempt", "list", "--json")).out)).toMatchObject([
      { id: "strangers", source: "file", owner: "alice" },
    ]);
    expect((await attack()).decisions.map(({ outcome }) => outcome)).toEqual(["alerted"]);
    expect(await warden("exempt", "revoke", "strangers", "--because", "x")).toMatchObject({
      code: 2,
      err: expect.stringContaining("stands in the file"),
    });
    expect(await warden("exempt", "grant", ...scope, ...who, "--until", "9d", "--id", "strangers")).toMatchObject({
      code: 2,
      err: expect.stringContaining("the file of exemptions has one"),
    });
  });

  test("is refused to whoever made the change of an incident, and says so", async () => {
    const attach = callerOf(place.sandbox, place.sandbox.keyOf("administrator"));
    await attach("Ram", "CreateAccessKey", { UserName: "alice" });
    await warden("replay", place.folder.file("trail.json", place.sandbox.trail));
    const [incident] = await place.incidents();
    const own = await warden("exempt", "grant", "--incident", incident?.id ?? "", ...who, "--until", "9d");
    expect(own.code).toBe(1);
    expect(own.err).toContain(
      "refused: user administrator made the change, and nobody exempts what they do themselves: somebody else has to grant it",
    );
    expect((await warden("exempt", "list", "--all")).out).toBe("no exemptions\n");
    const asJson = await warden("exempt", "grant", "--incident", incident?.id ?? "", ...who, "--until", "9d", "--json");
    expect([asJson.code, JSON.parse(asJson.out)]).toEqual([
      1,
      { refused: expect.stringMatching(/^user administrator made the change, and nobody exempts/) },
    ]);
  });

  test("is shown by the README as it runs: what would be granted, the grant, and its end", async () => {
    const { decisions } = await attack();
    const shown = [...readme.matchAll(/^npm run -s warden -- (exempt .*)$/gm)].map(([, line = ""]) =>
      [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, plain]) =>
        (quoted ?? plain ?? "").replace("<incident>", decisions[0]?.incidentId ?? ""),
      ),
    );
    expect(shown.map(([, command]) => command)).toEqual(["grant", "grant", "revoke"]);
    const ran = [];
    for (const args of shown) ran.push(await warden(...args));
    expect(ran.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect(ran[0]?.out).toContain("  change: ");
    expect(ran[1]?.out).toMatch(/^granted: in force auditors-report /);
    expect(ran[2]?.out).toBe("taken back: auditors-report\n");
  });

  test.each<[string, readonly string[], string]>([
    ["everything", ["--rule", "RAM.MfaRemoved", ...who, "--until", "9d"], "this exempts everything"],
    [
      "a pattern that is everything of its kind",
      ["--rule", "RAM.MfaRemoved", "--subject", "mfa/*", ...who, "--until", "9d"],
      "`--subject`: this pattern stands for everything",
    ],
    [
      "an unknown rule",
      ["--rule", "RAM.No", "--subject", "mfa/bob", ...who, "--until", "9d"],
      "`--rule`: there is no such rule",
    ],
    ["no rule", ["--subject", "mfa/bob", ...who, "--until", "9d"], "`--rule`: names no rule"],
    ["more than 366 days", [...scope, ...who, "--until", "400d"], "`--until`: an exemption lasts at most 366 days"],
    [
      "a span that is not of days",
      [...scope, ...who, "--until", "1h"],
      "or an instant with its zone, `2027-03-01T18:00:00+08:00`, or a span in days such as `90d`\n",
    ],
    ["no owner", [...scope, "--reason", "x", "--until", "9d"], "--owner"],
    [
      "an empty reason",
      [...scope, "--owner", "x", "--reason", " ", "--until", "9d"],
      "`--reason`: a reason must not be empty",
    ],
    ["no end", [...scope, ...who], "--until"],
    [
      "an incident that is not there",
      ["--incident", "01a20148-2827-712c-a0a2-e8b70e6dfd59", ...who, "--until", "9d"],
      "no incident",
    ],
    [
      "a beginning in a far year",
      [...scope, ...who, "--from", "9999-01-01", "--until", "9999-01-09"],
      "`--from`: an exemption is granted at most",
    ],
  ])("refuses %s", async (_, args, said) => {
    const ran = await warden("exempt", "grant", ...args);
    expect([ran.code, ran.out]).toEqual([2, ""]);
    expect(ran.err).toContain(said);
    expect(JSON.parse((await warden("exempt", "list", "--all", "--json")).out)).toEqual([]);
  });

  test("refuses what its own grantor does, as approvals do", async () => {
    const ran = await warden("exempt", "grant", ...scope, "--actor", "user/admin*", ...who, "--until", "9d");
    expect([ran.code, ran.out]).toEqual([1, ""]);
    expect(ran.err).toContain(
      "refused: user administrator is whose changes would be exempt, and nobody exempts what they do themselves",
    );
    expect(JSON.parse((await warden("exempt", "list", "--all", "--json")).out)).toEqual([]);
  });

  test.each(["", "\u0000", "\ud800", "x".repeat(201)])("takes back nothing by an id that is none: %j", async (id) => {
    const ran = await warden("exempt", "revoke", id, "--because", "no more");
    expect(ran).toMatchObject({ code: 2, out: "", err: expect.stringContaining("no id of an exemption") });
  });

  test("refuses an id that was granted before", async () => {
    const args = ["exempt", "grant", ...scope, ...who, "--until", "9d", "--id", "one"] as const;
    expect((await warden(...args)).code).toBe(0);
    expect(await warden(...args)).toMatchObject({ code: 2, err: expect.stringContaining("granted before") });
  });
});

test("the audit says which of its findings are exempt, and by whom", async () => {
  await callerOf(place.sandbox, place.sandbox.keyOf("mallory"))("Ram", "UpdateRole", {
    RoleName: "Deploy",
    NewAssumeRolePolicyDocument: openedTrust,
  });
  await warden("exempt", "grant", ...scope, ...who, "--until", "30d", "--id", "strangers");
  const audited = await warden("audit", "--json");
  const { findings } = JSON.parse(audited.out) as {
    findings: { rule: string; subject: { text: string }; exemption?: { id: string; owner: string } }[];
  };
  const exempt = findings.filter(({ exemption }) => exemption !== undefined);
  expect(exempt.map(({ rule, subject }) => [rule, subject.text])).toEqual([
    ["RAM.TrustForeignAccount", "trust policy of role Deploy"],
  ]);
  expect(exempt[0]?.exemption).toMatchObject({ id: "strangers", owner: "alice" });
  expect((await warden("audit")).out).toMatch(/ — exempt until .* UTC by strangers of alice$/m);
  // The others are findings all the same.
  expect(findings.length).toBeGreaterThan(exempt.length);
  expect(audited.code).toBe(1);
});

describe("a file of exemptions that cannot be read", () => {
  test("is said by every command that judges, by list and by doctor, and nothing is written", async () => {
    place.folder.file("exemptions.yaml", "exemptions:\n  - id: one\n    subject: role-trust/*\n");
    const { decisions } = await attack();
    expect(decisions.map(({ outcome }) => outcome)).toEqual(["alerted"]);
    expect(trust()).toBe(openedTrust);
    const listed = await warden("exempt", "list");
    expect(listed.code).toBe(2);
    expect(listed.err).toMatch(/exemptions\.yaml:3:5: `exemptions\.0\.subject`: this pattern stands for everything/);
    expect(listed.err).toContain("the exemptions count as unreadable");
    const { checks } = JSON.parse((await warden("doctor", "--json")).out) as {
      checks: { name: string; status: string; detail: string }[];
    };
    const bad = checks.filter(({ name }) => name === "exemptions");
    expect(bad.map(({ status }) => status)).toContain("bad");
    expect(bad.map(({ detail }) => detail).join("\n")).toContain("exemptions.yaml:3:5");
  });
});

test("doctor counts the exemptions, and names those that end within a week", async () => {
  const look = async () => {
    const { checks } = JSON.parse((await warden("doctor", "--json")).out) as {
      checks: { name: string; status: string; detail: string }[];
    };
    return checks.find(({ name }) => name === "exemptions");
  };
  expect(await look()).toMatchObject({ status: "ok", detail: "0 in force, 0 over" });
  await warden("exempt", "grant", ...scope, ...who, "--until", "30d", "--id", "far");
  expect(await look()).toMatchObject({ status: "ok", detail: "1 in force, 0 over" });
  await warden("exempt", "grant", ...scope, ...who, "--until", "5d", "--id", "near");
  expect(await look()).toMatchObject({
    status: "warning",
    detail: "2 in force, 0 over; within a week these end: `near`",
  });
});
