import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { takeLease } from "../../shared/ledger/lease.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";
import { callerOf } from "../sandbox/client.ts";
import { accountId, openTrust } from "../support/guarded-account.ts";
import type { SandboxPlace } from "./sandbox-place.ts";
import { sandboxPlace } from "./sandbox-place.ts";
import { warden } from "./warden.ts";

let place: SandboxPlace;
beforeEach(async () => {
  place = await sandboxPlace();
});
afterEach(() => place.leave());

test("a sweep by hand judges what no event told, takes the account as it stands, and finds nothing the next time", async () => {
  const call = callerOf(place.sandbox, place.sandbox.keyOf("mallory"));
  await call("Ims", "CreateAccessKey", { UserPrincipalName: "alice@example.onaliyun.com" });
  const first = await warden("sweep", "--json");
  expect(first.code).toBe(1);
  const printed = JSON.parse(first.out) as Record<string, unknown>;
  expect(printed).toMatchObject({
    kind: "swept",
    finished: true,
    caughtUp: { events: 1, decided: 1 },
    decisions: [{ operation: "Ims.CreateAccessKey", outcome: "contained" }],
    problems: [],
  });
  expect((printed.subjects as { accepted: number }).accepted).toBeGreaterThan(3);
  expect(await place.incidents()).toHaveLength(1);
  const second = await warden("sweep");
  expect(second.code).toBe(0);
  expect(second.out).toMatch(/audit trail {2}\d+ writes looked at, 0 had not been judged/);
  expect(second.out).toContain("account      0 subjects looked at");
});

test("a sweep beside another one says so, on stdout as well where a machine reads that", async () => {
  const state = openSqliteStateStore(join(place.folder.path, "state.sqlite"), systemClock);
  expect(await takeLease(state, systemClock, accountId, "sweep", "another", 600_000)).toMatchObject({ taken: true });
  state.close();
  const said = { code: 3, err: expect.stringMatching(/another sweep is at work; it is over or given up in \d+ s\n$/) };
  expect(await warden("sweep")).toMatchObject({ ...said, out: "" });
  const { out, ...rest } = await warden("sweep", "--json");
  expect(rest).toMatchObject(said);
  expect(JSON.parse(out)).toEqual({ kind: "busy", retryAfterMs: expect.any(Number) });
});

test("a sweep that cannot read the audit trail says so, and does the rest", async () => {
  place.sandbox.faults.inject({ match: { operation: "LookupEvents" }, kind: "unavailable", times: 4 });
  const { code, err, out } = await warden("sweep");
  expect(code).toBe(3);
  expect(err).toContain("the history of Ram could not be read");
  expect(out).toContain("taken as they stand");
});

test("what the look at the account as it stands found is said, and is a finding", async () => {
  const settings = join(place.folder.path, "settings.yaml");
  writeFileSync(settings, readFileSync(settings, "utf8").replace("audit: off", "audit: daily"));
  const printed = await warden("sweep");
  expect(printed.out).toMatch(/^as it stands [1-9]\d* things looked at, [1-9]\d* findings$/m);
  expect(printed).toMatchObject({ code: 1, err: expect.not.stringContaining("not read") });
  expect(printed.out).toMatch(/^0 judged, /m);
  expect((await warden("sweep")).code).toBe(0);
});

test("a role that was opened before anybody looked is named", async () => {
  const call = callerOf(place.sandbox, place.sandbox.keyOf("mallory"));
  await call("Ram", "CreateRole", { RoleName: "door", AssumeRolePolicyDocument: openTrust });
  const { code, out } = await warden("sweep");
  expect(code).toBe(1);
  expect(out).toContain("without a baseline, it breaks a rule as it stands: trust policy of role door");
});

test("a sweep that cannot read the exemptions says what to do about it", async () => {
  place.folder.file("exemptions.yaml", "exemptions: 3\n");
  const { code, err } = await warden("sweep");
  expect(code).toBe(3);
  expect(err).toContain("exemptions.yaml:1:1: `exemptions`: must be a list");
  expect(err).toContain("put right what is said of the exemptions, and sweep again");
});
