import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { changeDigest } from "../../shared/change-digest.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import type { Granted } from "../../shared/ledger/exemptions.ts";
import { grantExemption, grantedExemptions, letBeRows, revokeExemption } from "../../shared/ledger/exemptions.ts";
import { rowKey } from "../../shared/ledger/keys.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { trustOf } from "../sandbox/client.ts";
import {
  accountBefore,
  accountId,
  ciTrust,
  type GuardedAccount,
  guardedAccount,
  stranger,
} from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

/** Lets a stranger in beside whom it let in before. */
const openedTrust = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`, `acs:ram::${stranger}:root`] });

const dayMs = 86_400_000;
const day = (offset: number): string => new Date(account.clock.now() + offset * dayMs).toISOString().slice(0, 10);

/** Both rules that a stranger in a trust policy breaks. */
const both = "[RAM.TrustForeignAccount, RAM.TrustEntityAdded]";

const entry = (over: { readonly [key: string]: string } = {}): string => {
  const members = {
    id: "strangers",
    rules: both,
    subject: "role-trust/deploy",
    owner: "alice",
    reason: "agreed with the strangers",
    ticket: "SEC-42",
    from: day(-1),
    until: day(30),
    ...over,
  };
  return `exemptions:\n  - ${Object.entries(members)
    .filter(([, value]) => value !== "")
    .map(([key, value]) => `${key}: ${value}`)
    .join("\n    ")}\n`;
};
const file = (text: string) => account.setExemptions({ kind: "text", text });

const open = (roleName = "Deploy", document = openedTrust, by = "mallory") =>
  account.as(by)("Ram", "UpdateRole", { RoleName: roleName, NewAssumeRolePolicyDocument: document });
const trustOfRole = (roleName = "Deploy") =>
  account.sandbox.dump().roles?.find((role) => role.roleName === roleName)?.assumeRolePolicyDocument;
const baseline = async () => {
  // What the account holds has a state to go back to.
  const seen = await takeFirstSight(account.world(), account.config);
  if (!seen.ok) throw new Error(JSON.stringify(seen.error));
  account.clock.advance(10 * 60_000);
};
const last = async () => {
  const incident = (await account.incidents()).at(-1);
  if (incident === undefined) throw new Error("no incident");
  return incident;
};

const granted = (over: Partial<Granted> = {}): Granted => ({
  id: "granted-1",
  rules: ["RAM.TrustForeignAccount", "RAM.TrustEntityAdded"],
  subject: "role-trust/deploy",
  owner: "alice",
  reason: "agreed",
  from: account.clock.now() - 1,
  until: account.clock.now() + 10 * dayMs,
  by: "user administrator",
  at: account.clock.now(),
  ...over,
});

describe("what is exempt", () => {
  it("is recorded and said, with by whom and until when, and not acted on", async () => {
    await baseline();
    file(entry());
    await open();
    const [receipt] = await account.catchUp();
    expect(trustOfRole()).toBe(openedTrust);
    expect(account.actingWrites()).toEqual([]);
    expect(receipt?.decisions).toMatchObject([
      {
        outcome: "alerted",
        findings: [
          { rule: "RAM.TrustForeignAccount", exemption: { id: "strangers", owner: "alice", ticket: "SEC-42" } },
          { rule: "RAM.TrustEntityAdded", exemption: { id: "strangers", reason: "agreed with the strangers" } },
        ],
        plan: { response: "alert", because: { kind: "exempt" }, calls: [] },
      },
    ]);
    await account.flush();
    const [message] = account.messages();
    expect(message?.text).toContain("exempt until");
    expect(message?.text).toContain("strangers");
    expect(message?.text).toContain("alice");
    // Somebody answers for it: it is no alarm.
    expect(message?.title).toMatch(/info/i);
  });

  it("is put back where the exemption covers another rule, subject, actor or state", async () => {
    await baseline();
    const digest = `"${"0".repeat(32)}"`;
    for (const over of [
      { rules: "[RAM.TrustForeignAccount]" },
      { subject: "role-trust/deploy-*" },
      { actor: "user/administrator" },
      { change: digest },
      { from: day(1) },
      { from: day(-30), until: day(-1) },
    ]) {
      file(entry(over));
      await open();
      await account.catchUp();
      expect([over, trustOfRole()]).toEqual([over, ciTrust]);
      account.clock.advance(3_600_000);
    }
  });

  it("is the very state that its digest names, and no other", async () => {
    await baseline();
    await open();
    await account.catchUp();
    const { subject, after } = await last();
    if (after === undefined) throw new Error("no state");
    file(entry({ change: `"${changeDigest({ subject, after } as Parameters<typeof changeDigest>[0])}"` }));
    account.clock.advance(3_600_000);
    await open();
    await account.catchUp();
    expect(trustOfRole()).toBe(openedTrust);
    const wider = trustOf({
      RAM: [`acs:ram::${accountId}:role/ci`, `acs:ram::${stranger}:root`, "acs:ram::7770777077707770:root"],
    });
    account.clock.advance(3_600_000);
    await open("Deploy", wider);
    await account.catchUp();
    // Another state breaks the rules, and the one that is exempt is what is gone back to.
    expect(trustOfRole()).toBe(openedTrust);
    expect((await last()).outcome).toEqual({ kind: "reverted" });
  });

  it("does not keep what breaks another rule from being put back", async () => {
    await baseline();
    file(entry({ rules: "[RAM.TrustEntityAdded]" }));
    await open();
    const [receipt] = await account.catchUp();
    expect(receipt?.decisions[0]?.findings.map(({ rule, exemption }) => [rule, exemption?.id])).toEqual([
      ["RAM.TrustForeignAccount", undefined],
      ["RAM.TrustEntityAdded", "strangers"],
    ]);
    expect(trustOfRole()).toBe(ciTrust);
  });

  it("is acted on once its exemption is over, by the sweep", async () => {
    await baseline();
    file(entry({ until: day(3) }));
    await open();
    await account.catchUp();
    await account.sweep();
    expect(trustOfRole()).toBe(openedTrust);
    account.clock.advance(5 * dayMs);
    const swept = await account.sweep();
    expect(swept).toMatchObject({ exemptions: { inForce: 0, judgedAnew: 1 } });
    expect(trustOfRole()).toBe(ciTrust);
    expect((await last()).outcome).toEqual({ kind: "reverted" });
    expect(await letBeRows(account.world().state, accountId)).toEqual([]);
    // And once.
    expect(await account.sweep()).toMatchObject({ exemptions: { judgedAnew: 0 } });
  });

  it("is acted on once its exemption is not in the file any more", async () => {
    await baseline();
    file(entry());
    await open();
    await account.catchUp();
    account.setExemptions({ kind: "absent" });
    account.clock.advance(60_000);
    await account.sweep();
    expect(trustOfRole()).toBe(ciTrust);
  });

  it("stays so where another exemption takes over", async () => {
    await baseline();
    file(entry());
    await open();
    await account.catchUp();
    file(entry({ id: "renewed", until: day(60) }));
    account.clock.advance(60_000);
    await account.sweep();
    expect(trustOfRole()).toBe(openedTrust);
    expect((await letBeRows(account.world().state, accountId))[0]?.letBe.exemptions).toEqual(["renewed", "renewed"]);
    account.clock.advance(61 * dayMs);
    await account.sweep();
    expect(trustOfRole()).toBe(ciTrust);
  });

  it("stays so while its subject is changed in a way that breaks no rule, and ends with it all the same", async () => {
    await baseline();
    file(entry({ until: day(3) }));
    await open();
    await account.catchUp();
    account.clock.advance(60_000);
    await account.as("administrator")("Ram", "UpdateRole", { RoleName: "Deploy", NewDescription: "renamed" });
    await account.catchUp();
    expect(trustOfRole()).toBe(openedTrust);
    account.clock.advance(5 * dayMs);
    await account.sweep();
    expect(trustOfRole()).toBe(ciTrust);
  });
});

it("what was let be is put to a person where somebody made it safer since", async () => {
  const partnerToo = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`, "acs:ram::2345678901234567:root"] });
  account = await guardedAccount({
    snapshot: {
      ...accountBefore(),
      roles: (accountBefore().roles ?? []).map((role) =>
        role.roleName === "Deploy" ? { ...role, assumeRolePolicyDocument: partnerToo } : role,
      ),
    },
  });
  await baseline();
  file(entry({ until: day(3) }));
  await open(
    "Deploy",
    trustOf({
      RAM: [`acs:ram::${accountId}:role/ci`, "acs:ram::2345678901234567:root", `acs:ram::${stranger}:root`],
    }),
  );
  await account.catchUp();
  account.clock.advance(60_000);
  // The partner is let in no more, which is accepted: to put back what was before both would let it in again.
  await open("Deploy", openedTrust, "administrator");
  await account.catchUp();
  account.clock.advance(5 * dayMs);
  await account.sweep();
  expect(trustOfRole()).toBe(openedTrust);
  expect(await last()).toMatchObject({ outcome: { kind: "asked" }, because: { kind: "changed-again" } });
});

describe("exemptions that cannot be read", () => {
  const broken = { kind: "text", text: "exemptions:\n  - id: one\n    subject: role-trust/*\n" } as const;

  it.each([
    ["a malformed file", () => account.setExemptions(broken)],
    ["a file that may not be read", () => account.setExemptions({ kind: "unreadable", because: "EACCES" })],
    ["a file that the settings name and that is not there", () => account.setExemptions({ kind: "absent" }, true)],
    [
      "a granted one that is damaged",
      async () => {
        const { state } = account.world();
        await grantExemption(state, account.ledger, granted({ id: "damaged" }));
        await state.compareAndSet(rowKey("exemption", accountId, "damaged"), 1, { id: "damaged" });
      },
    ],
  ])("are told with whatever would have been written, and nothing is: %s", async (_, damage) => {
    await baseline();
    await damage();
    await open();
    await account.as("mallory")("Ram", "CreateAccessKey", { UserName: "alice" });
    await account.as("mallory")("Ram", "CreateRole", { RoleName: "door", AssumeRolePolicyDocument: openedTrust });
    const receipts = await account.catchUp();
    expect(
      receipts.flatMap(({ decisions }) => decisions.map(({ outcome, plan }) => [outcome, plan.because?.kind])),
    ).toEqual([
      ["alerted", "exemptions-unreadable"],
      ["alerted", "exemptions-unreadable"],
      // What is put to a person is put to a person all the same.
      ["asked", "destructive"],
    ]);
    expect(account.actingWrites()).toEqual([]);
    await account.flush();
    expect(
      account
        .messages()
        .map(({ text }) => text)
        .join("\n"),
    ).toContain("the exemptions cannot be read");
    expect(await account.sweep()).toMatchObject({
      problems: expect.arrayContaining([expect.stringMatching(/exemption/)]),
    });
    // One that is damaged is no row that its entries speak of.
    const { state } = account.world();
    const row = await state.get(rowKey("exemption", accountId, "damaged"));
    if (row !== undefined) await state.delete(row.key, row.version);
  });

  it("end no exemption", async () => {
    await baseline();
    file(entry());
    await open();
    await account.catchUp();
    account.setExemptions(broken);
    account.clock.advance(60_000);
    await account.sweep();
    expect(trustOfRole()).toBe(openedTrust);
    expect(await letBeRows(account.world().state, accountId)).toHaveLength(1);
  });
});

describe("a granted exemption", () => {
  const grant = (one: Granted) => grantExemption(account.world().state, account.ledger, one);
  const revoke = (id: string) =>
    revokeExemption(account.world().state, account.ledger, id, {
      by: "user administrator",
      because: "no more",
      at: account.clock.now(),
    });

  it("lets be, and is granted once, with an entry in the record", async () => {
    await baseline();
    expect(await grant(granted())).toBe(true);
    expect(await grant(granted({ owner: "mallory" }))).toBe(false);
    await open();
    await account.catchUp();
    expect(trustOfRole()).toBe(openedTrust);
    const entries: unknown[] = [];
    let after: string | undefined;
    for (const shard of "0123456789abcdef") {
      const page = await account.world().state.list(rowKey("journal", accountId, `${shard}/`), { limit: 100 });
      entries.push(...page.rows.map(({ value }) => value));
      after = page.next;
    }
    expect(after).toBeUndefined();
    expect(entries.filter((one) => (one as { kind: string }).kind === "exemption")).toMatchObject([
      { about: "exemption/granted-1", body: { step: "granted", owner: "alice", by: "user administrator" } },
    ]);
  });

  it("that is taken back lets nothing be any more, and stays on record", async () => {
    await baseline();
    await grant(granted());
    await open();
    await account.catchUp();
    expect(await revoke("granted-1")).toBe(true);
    expect(await revoke("granted-1")).toBe(false);
    expect(await revoke("never-granted")).toBe(false);
    account.clock.advance(60_000);
    await account.sweep();
    expect(trustOfRole()).toBe(ciTrust);
    expect(await grantedExemptions(account.world().state, accountId)).toMatchObject({
      ok: true,
      value: [{ id: "granted-1", revoked: { because: "no more" } }],
    });
  });

  it("is not forgotten with its end", async () => {
    await grant(granted());
    account.clock.advance(300 * dayMs);
    expect(await grantedExemptions(account.world().state, accountId)).toMatchObject({
      ok: true,
      value: [{ id: "granted-1" }],
    });
  });

  it("that nobody granted is found by the verification", async () => {
    const { state } = account.world();
    await grant(granted());
    expect((await verifyLedger(state, accountId)).flaws).toEqual([]);
    const row = rowKey("exemption", accountId, "smuggled");
    const put = await state.putIfAbsent(row, granted({ id: "smuggled" }) as never);
    expect((await verifyLedger(state, accountId)).flaws).toMatchObject([{ row, kind: "row-without-entry" }]);
    await state.delete(row, put.written ? put.version : 0);
  });

  it.each<[string, (row: object) => object, string]>([
    ["wider", (row) => ({ ...row, subject: "role-trust/*y" }), "row-without-entry"],
    ["longer", (row) => ({ ...row, until: account.clock.now() + 200 * dayMs }), "row-without-entry"],
    ["in force again", (row) => ({ ...row, revoked: undefined }), "set-back"],
  ])("that was made %s by hand is found by the verification", async (_, edit, kind) => {
    const { state } = account.world();
    await grant(granted());
    await revoke("granted-1");
    expect((await verifyLedger(state, accountId)).flaws).toEqual([]);
    const key = rowKey("exemption", accountId, "granted-1");
    const row = await state.get(key);
    if (row === undefined) throw new Error("no row");
    const edited = JSON.parse(JSON.stringify(edit(row.value as object)));
    const put = await state.compareAndSet(key, row.version, edited);
    expect((await verifyLedger(state, accountId)).flaws).toMatchObject([{ row: key, kind }]);
    await state.compareAndSet(key, put.written ? put.version : 0, row.value);
  });

  it("that is damaged is removed by taking it back", async () => {
    await account.world().state.putIfAbsent(rowKey("exemption", accountId, "damaged"), { id: "damaged" });
    expect(await revoke("damaged")).toBe(true);
    expect(await grantedExemptions(account.world().state, accountId)).toEqual({ ok: true, value: [] });
  });
});

describe("the end of an exemption", () => {
  const told = () => account.messages().filter(({ title }) => title.includes("Exemption ends soon"));

  it("is told of a week before, once", async () => {
    file(entry({ until: day(20) }));
    await account.sweep();
    expect(told()).toEqual([]);
    account.clock.advance(14 * dayMs);
    expect(await account.sweep()).toMatchObject({ exemptions: { inForce: 1, warned: 1 } });
    await account.flush();
    expect(told()).toHaveLength(1);
    for (const wanted of ["strangers", "alice", "SEC-42", "agreed with the strangers"])
      expect(told()[0]?.text).toContain(wanted);
    account.clock.advance(dayMs);
    expect(await account.sweep()).toMatchObject({ exemptions: { warned: 0 } });
    await account.flush();
    expect(told()).toHaveLength(1);
  });

  it("is told of again where it was put off and comes near again", async () => {
    file(entry({ until: day(3) }));
    await account.sweep();
    file(entry({ until: day(30) }));
    await account.sweep();
    account.clock.advance(25 * dayMs);
    expect(await account.sweep()).toMatchObject({ exemptions: { warned: 1 } });
    await account.flush();
    expect(told()).toHaveLength(2);
  });
});
