import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { actingAsCaller } from "../../shared/aliyun/sts.ts";
import { decideQuestion, type Wanted } from "../../shared/ask-anew.ts";
import type { Actor } from "../../shared/domain/identity.ts";
import { ok } from "../../shared/domain/result.ts";
import { takeFirstSight } from "../../shared/first-sight.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import type { StateStore } from "../../shared/ports/state-store.ts";
import { incidentMessage } from "../../shared/response/messages/incident-message.ts";
import { trustOf } from "../sandbox/client.ts";
import {
  accountBefore,
  accountId,
  bothTrust,
  ciTrust,
  ecsTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
} from "../support/guarded-account.ts";

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const user = (name: string): Actor => ({ kind: "user", accountId, name });
const administrator = user("administrator");
const otherTrust = trustOf({ RAM: ["acs:ram::7777077777707777:root"] });

const decide = (id: string, wanted: Wanted, approver: Actor, given?: StateStore) => {
  const world = account.world();
  const state = given ?? world.state;
  return decideQuestion(
    { ...world, state },
    account.config,
    openLedger(state, account.clock, accountId),
    id,
    wanted,
    approver,
  );
};
const approve = (id: string, approver = administrator, state?: StateStore) => decide(id, "approve", approver, state);
const reject = (id: string, approver = administrator) => decide(id, "reject", approver);

/** The acting role may not delete roles: an approval runs with the person's own rights. */
const personal = () =>
  account.wrap((world) => ({
    ...world,
    act: actingAsCaller({
      credentials: account.sandbox.keyOf("administrator"),
      clock: account.clock,
      region: "cn-hangzhou",
      endpoint: account.sandbox.endpoint,
      protocol: "http",
    }),
  }));

/** A new role that lets in a stranger: a plan that waits for a person. */
const asked = async (): Promise<string> => {
  await account.as("mallory")("Ram", "CreateRole", { RoleName: "door", AssumeRolePolicyDocument: openTrust });
  await account.catchUp();
  const incident = (await account.incidents()).at(-1);
  if (incident?.outcome?.kind !== "asked") throw new Error(`not asked but ${incident?.outcome?.kind}`);
  account.clock.advance(60_000);
  return incident.id;
};
/** Somebody taken out of a role's trust: another one, of a role that is known from before. */
const askedOfRemoval = async (): Promise<string> => {
  await changeTo(bothTrust, "plain", "administrator");
  account.skipAll();
  await account.sweep();
  account.clock.advance(60_000);
  await changeTo(ciTrust, "plain", "mallory");
  await account.catchUp();
  const incident = (await account.incidents()).at(-1);
  if (incident?.outcome?.kind !== "asked") throw new Error(`not asked but ${incident?.outcome?.kind}`);
  account.clock.advance(60_000);
  return incident.id;
};
const changeTo = (document: string, RoleName = "door", by = "provisioner") =>
  account.as(by)("Ram", "UpdateRole", { RoleName, NewAssumeRolePolicyDocument: document });
const trustNow = (name = "door") =>
  account.sandbox.dump().roles?.find(({ roleName }) => roleName === name)?.assumeRolePolicyDocument;
const toldOf = async (id: string) => {
  await account.flush();
  return account.messages().filter(({ text }) => text.includes(`Message ${id}`));
};
const refusal = (because: string, more: object = {}) => ({
  ok: false,
  error: { because: expect.stringContaining(because), ...more },
});

/** The question that took the place of a void one. */
const anewOf = async (id: string) => {
  const old = await account.ledger.incident(id);
  const anew = (await account.incidents()).find(({ asksAnew }) => asksAnew === id);
  return { old, anew };
};

describe("a question whose subject has changed since", () => {
  it.each<[Wanted]>([["approve"], ["reject"]])(
    "is asked anew, with a plan for how it stands now, when somebody wants to %s it",
    async (wanted) => {
      const id = await asked();
      const first = await account.ledger.incident(id);
      await changeTo(otherTrust);
      personal();
      const writes = account.events().length;
      const done = await decide(id, wanted, administrator);
      const { old, anew } = await anewOf(id);
      expect(done).toMatchObject(
        refusal(`incident \`${anew?.id}\` asks anew`, { kind: "changed", incidentId: anew?.id }),
      );
      expect(account.events()).toHaveLength(writes);
      expect(old).toMatchObject({
        outcome: { kind: "asked" },
        decided: { decision: "void", by: "user administrator", incidentId: anew?.id },
      });
      expect(anew).toMatchObject({
        outcome: { kind: "asked" },
        status: "settled",
        actor: { name: "mallory" },
        response: "ask",
        // What the first actor did is told apart from what somebody made of it.
        ofClaim: [expect.objectContaining({ rule: "RAM.TrustForeignAccount" })],
      });
      expect(anew?.findings[0]?.verdict).toMatchObject({
        evidence: [
          expect.objectContaining({
            sentence: expect.objectContaining({ en: expect.stringContaining("7777077777707777") }),
          }),
        ],
      });
      expect(anew?.remediation?.expects).not.toBe(first?.remediation?.expects);
      const [told, ...again] = await toldOf(anew?.id ?? "");
      expect(again).toEqual([]);
      expect(told?.text).toContain(`asks anew what incident ${id} asked`);
      expect(told?.text).toContain(`warden -- approve ${anew?.id}`);
    },
  );

  it("points to the one that took its place when it is decided about again, and that one can be approved", async () => {
    const before = account.standing();
    const id = await asked();
    await changeTo(otherTrust);
    personal();
    await approve(id);
    const { anew } = await anewOf(id);
    const incidents = (await account.incidents()).length;
    for (const again of [approve, reject])
      expect(await again(id)).toMatchObject(
        refusal(`its plan is void, as the subject was found changed since: see incident \`${anew?.id}\``),
      );
    expect(await account.incidents()).toHaveLength(incidents);
    expect(await approve(anew?.id ?? "")).toMatchObject({ ok: true, value: { outcome: { kind: "reverted" } } });
    expect(account.standing()).toEqual(before);
  });

  it("is void, and nobody is asked, where it was put right meanwhile", async () => {
    const id = await asked();
    await changeTo(ciTrust);
    personal();
    const incidents = (await account.incidents()).length;
    expect(await approve(id)).toMatchObject(
      refusal("what it asked about breaks no rule any more", { kind: "changed" }),
    );
    expect((await account.ledger.incident(id))?.decided).toEqual({
      decision: "void",
      by: "user administrator",
      at: account.clock.now(),
    });
    expect(await account.incidents()).toHaveLength(incidents);
    expect(trustNow()).toBe(ciTrust);
    expect(await approve(id)).toMatchObject(refusal("what it asked about to break no rule any more"));
  });

  it("is void where it is gone", async () => {
    const id = await asked();
    await account.as("provisioner")("Ram", "DeleteRole", { RoleName: "door" });
    expect(await approve(id)).toMatchObject(refusal("what it asked about breaks no rule any more"));
  });

  it("is void for the question that the later change led to itself, and no third is asked", async () => {
    const id = await askedOfRemoval();
    await changeTo(ecsTrust, "plain");
    await account.catchUp();
    const own = (await account.incidents()).at(-1);
    expect(own).toMatchObject({ outcome: { kind: "asked" }, actor: { name: "provisioner" } });
    expect(await approve(id)).toMatchObject(refusal(`incident \`${own?.id}\` asks about how it stands now`));
    expect((await account.ledger.incident(id))?.decided).toMatchObject({ decision: "void", incidentId: own?.id });
    expect((await account.incidents()).filter(({ asksAnew }) => asksAnew !== undefined)).toEqual([]);
  });

  it("is put to a person again where a rule would write by itself by now", async () => {
    const id = await askedOfRemoval();
    await changeTo(openTrust, "plain");
    personal();
    const writes = account.events().length;
    await approve(id);
    const { anew } = await anewOf(id);
    expect(anew).toMatchObject({ response: "ask", because: { kind: "changed-again" }, outcome: { kind: "asked" } });
    expect(account.events()).toHaveLength(writes);
    expect(trustNow("plain")).toBe(openTrust);
  });

  it("is told and not asked where nothing may be written", async () => {
    const id = await asked();
    await changeTo(otherTrust);
    const guarded = account.config;
    const world = account.world();
    const done = await decideQuestion(
      world,
      {
        ...guarded,
        guardrails: { ...guarded.guardrails, protected: [{ kind: "role", name: "door" }] },
      },
      account.ledger,
      id,
      "approve",
      administrator,
    );
    const { anew } = await anewOf(id);
    expect(done).toMatchObject(refusal(`incident \`${anew?.id}\` tells how it stands now, and asks nothing`));
    expect(anew).toMatchObject({ outcome: { kind: "alerted" }, because: { kind: "protected" } });
  });

  it("is asked anew under the same subject's question once more where it changes again", async () => {
    const id = await asked();
    await changeTo(otherTrust);
    await approve(id);
    const second = (await anewOf(id)).anew?.id ?? "";
    account.clock.advance(60_000);
    await changeTo(trustOf({ RAM: ["acs:ram::8888088888808888:root"] }));
    await approve(second);
    const third = (await anewOf(second)).anew?.id;
    expect(third).toBeDefined();
    expect((await account.ledger.incident(second))?.decided).toMatchObject({ decision: "void", incidentId: third });
  });

  it("is not reminded of, but the new one is, in its own time", async () => {
    const id = await asked();
    account.clock.advance(3_600_000);
    await changeTo(otherTrust);
    account.skipAll();
    await approve(id);
    const { anew } = await anewOf(id);
    const reminded = async () => {
      await account.sweep();
      await account.flush();
      return account.messages().filter(({ title }) => title.includes("undecided"));
    };
    account.clock.advance(71.5 * 3_600_000);
    expect((await reminded()).filter(({ text }) => text.includes(`Incident ${id}`))).toEqual([]);
    account.clock.advance(3_600_000);
    expect((await reminded()).filter(({ text }) => text.includes(`Incident ${anew?.id}`))).toHaveLength(1);
    expect((await reminded()).filter(({ text }) => text.includes(`Incident ${id}`))).toEqual([]);
  });
});

describe("a question about somebody who is called otherwise by now", () => {
  it("is asked anew under the new name, and not taken for one that is over", async () => {
    await account.stop();
    account = await guardedAccount({ settings: "rules: { RAM.HighRiskPolicyOnUser: { response: ask } }" });
    const grant = { PolicyType: "System", PolicyName: "AliyunRAMFullAccess" };
    await account.as("mallory")("Ram", "AttachPolicyToUser", { ...grant, UserName: "alice" });
    await account.catchUp();
    const id = (await account.incidents()).at(-1)?.id ?? "";
    account.clock.advance(60_000);
    await account.as("administrator")("Ram", "UpdateUser", { UserName: "alice", NewUserName: "bob" });
    await account.catchUp();
    await approve(id);
    const { old, anew } = await anewOf(id);
    expect(old?.decided).toMatchObject({ decision: "void", incidentId: anew?.id });
    expect(anew).toMatchObject({ outcome: { kind: "asked" }, subject: { principal: { kind: "user", name: "bob" } } });
    personal();
    expect(await approve(anew?.id ?? "")).toMatchObject({ ok: true });
    expect(account.sandbox.dump().attachments).not.toContainEqual(
      expect.objectContaining({ principalName: "bob", policyName: "AliyunRAMFullAccess" }),
    );
  });
});

describe("a question that was asked anew", () => {
  const anew = async (by = "provisioner") => {
    const id = await asked();
    await changeTo(otherTrust, "door", by);
    await approve(id);
    return (await anewOf(id)).anew?.id ?? "";
  };

  it("is not decided by whoever made the first change, nor by whoever made the later one", async () => {
    const id = await anew();
    for (const decideIt of [approve, reject]) {
      expect(await decideIt(id, user("mallory"))).toMatchObject(
        refusal("mallory made the change", { kind: "refused" }),
      );
      expect(await decideIt(id, user("provisioner"))).toMatchObject(
        refusal("provisioner changed the subject since the first question", { kind: "refused" }),
      );
    }
    expect(await reject(id)).toMatchObject({ ok: true, value: { decided: { decision: "rejected" } } });
  });

  it("has nothing accepted before the audit trail shows who changed the subject, and can be approved", async () => {
    const id = await anew();
    const blind = () => account.wrap((world) => ({ ...world, trail: async () => ok({ events: [] }) }));
    blind();
    expect(await reject(id, user("provisioner"))).toMatchObject(refusal("is not known yet", { kind: "refused" }));
    account.clock.advance(11 * 60_000);
    expect(await reject(id)).toMatchObject({ ok: true });
  });

  /** As if the audit trail did not show yet what came after `at`. */
  const lagBehind = (at: number) =>
    account.wrap((world) => ({
      ...world,
      trail: (query, token) => world.trail({ ...query, to: Math.min(query.to, at) }, token),
    }));

  it("has nothing accepted on the strength of the first event, which claims nothing", async () => {
    await account.stop();
    const before = accountBefore();
    account = await guardedAccount({
      settings: "pipelines: [user/provisioner]",
      snapshot: {
        ...before,
        attachments: [
          ...(before.attachments ?? []),
          { policyType: "Custom", policyName: "harmless", principalType: "user", principalName: "alice" },
        ],
      },
    });
    await takeFirstSight(account.world(), account.config);
    account.clock.advance(60_000);
    const widen = (by: string, ...actions: string[]) =>
      account.as(by)("Ram", "CreatePolicyVersion", {
        PolicyName: "harmless",
        PolicyDocument: JSON.stringify({
          Version: "1",
          Statement: [{ Effect: "Allow", Action: actions, Resource: ["*"] }],
        }),
        SetAsDefault: true,
      });
    await widen("provisioner", "oss:*", "ram:AttachPolicyToUser");
    await account.catchUp();
    const first = (await account.incidents()).at(-1);
    expect(first?.outcome?.kind).toBe("asked");
    account.clock.advance(60_000);
    lagBehind(account.clock.now());
    account.clock.advance(60_000);
    await widen("administrator", "*");
    await reject(first?.id ?? "");
    const { anew: second } = await anewOf(first?.id ?? "");
    expect(second?.outcome?.kind).toBe("asked");
    // It is the administrator's own change that would be accepted.
    expect(await reject(second?.id ?? "")).toMatchObject(refusal("is not known yet", { kind: "refused" }));
    account.wrap(undefined);
    expect(await reject(second?.id ?? "")).toMatchObject(refusal("administrator changed the subject since"));
  });

  it("has nothing accepted on the strength of an event of a part of its subject", async () => {
    await account.stop();
    account = await guardedAccount({
      settings: "pipelines: [user/provisioner]\nrules: { RAM.ChangeOutsidePipeline: { response: ask } }",
    });
    const made = (await account.as("provisioner")("Ims", "CreateApplication", {
      AppName: "report",
      DisplayName: "report",
      AppType: "WebApp",
      RedirectUris: "https://report.example.com/back",
    })) as { readonly Application: { readonly AppId: string } };
    const { AppId } = made.Application;
    await account.catchUp();
    account.clock.advance(60_000);
    const redirect = (by: string, to: string) =>
      account.as(by)("Ims", "UpdateApplication", { AppId, NewRedirectUris: `https://${to}.example.com/back` });
    await redirect("mallory", "one");
    await account.catchUp();
    const first = (await account.incidents()).at(-1);
    expect(first).toMatchObject({ outcome: { kind: "asked" }, subject: { kind: "application" } });
    account.clock.advance(60_000);
    await account.as("provisioner")("Ims", "CreateAppSecret", { AppId });
    account.clock.advance(60_000);
    lagBehind(account.clock.now());
    account.clock.advance(60_000);
    await redirect("administrator", "two");
    await reject(first?.id ?? "");
    const { anew: second } = await anewOf(first?.id ?? "");
    expect(await reject(second?.id ?? "")).toMatchObject(refusal("is not known yet", { kind: "refused" }));
  });

  it("has nothing accepted while the audit trail cannot be read", async () => {
    const id = await anew();
    account.wrap((world) => ({
      ...world,
      trail: async () => ({
        ok: false,
        error: { kind: "forbidden", code: "NoPermission", operation: "ActionTrail.LookupEvents" },
      }),
    }));
    account.clock.advance(11 * 60_000);
    expect(await reject(id)).toMatchObject(refusal("cannot be looked up"));
  });
});

describe("asking anew that is interrupted", () => {
  const failingOnce = (isIt: (method: string, key: string, value: unknown) => boolean): StateStore => {
    const { state } = account.world();
    let failed = false;
    const check = (method: string, key: string, value: unknown) => {
      if (failed || !isIt(method, key, value)) return;
      failed = true;
      throw new Error("the process died");
    };
    return {
      ...state,
      putIfAbsent: async (key, value, ...rest) => {
        check("put", key, value);
        return state.putIfAbsent(key, value, ...rest);
      },
      compareAndSet: async (key, version, value, ...rest) => {
        check("swap", key, value);
        return state.compareAndSet(key, version, value, ...rest);
      },
    };
  };
  const json = (value: unknown) => JSON.stringify(value);

  it.each<[string, (id: string) => (method: string, key: string, value: unknown) => boolean]>([
    [
      "before the new one is kept",
      (id) => (method, key, value) =>
        method === "put" && key.startsWith("incident/") && json(value).includes(`"asksAnew":"${id}"`),
    ],
    ["before the old one says that it is void", (id) => (method, key) => method === "swap" && key.endsWith(id)],
    ["before anybody is told", () => (method, key) => method === "put" && key.startsWith("outbox/")],
    [
      "before the new one is settled",
      (id) => (method, _key, value) => method === "swap" && json(value).includes(`"asksAnew":"${id}"`),
    ],
  ])("%s is gone on with by the next try, and one question is open and told once", async (_, isIt) => {
    const id = await asked();
    await account.flush();
    const toldBefore = account.messages().length;
    await changeTo(otherTrust);
    await expect(approve(id, administrator, failingOnce(isIt(id)))).rejects.toThrow("the process died");
    account.clock.advance(130_000);
    const again = await approve(id);
    expect(again.ok).toBe(false);
    const open = (await account.incidents()).filter(
      ({ asksAnew, outcome, abandoned }) => asksAnew === id && outcome?.kind === "asked" && abandoned === undefined,
    );
    expect(open).toHaveLength(1);
    expect((await account.ledger.incident(id))?.decided).toMatchObject({ decision: "void", incidentId: open[0]?.id });
    await account.flush();
    expect(await toldOf(open[0]?.id ?? "")).toHaveLength(1);
    expect(account.messages()).toHaveLength(toldBefore + 1);
    expect(trustNow()).toBe(otherTrust);
  });
});

describe("how a void question is shown", () => {
  it.each<[string, string, string, string]>([
    ["that was asked anew", otherTrust, "void, the subject changed", "方案失效：对象已变更"],
    ["that is over", ciTrust, "breaks no rule any more", "所询问的内容不再违规"],
  ])("one %s", async (_, document, english, chinese) => {
    const id = await asked();
    await changeTo(document);
    await approve(id);
    const { old, anew } = await anewOf(id);
    if (old === undefined) throw new Error("the old one is gone");
    const { telling } = account.config;
    for (const [language, words] of [
      ["en", english],
      ["zh-CN", chinese],
    ] as const) {
      const shown = JSON.stringify(incidentMessage(old, { ...telling, language }));
      expect(shown).toContain(words);
      expect(shown).toContain("user administrator");
      expect(shown).not.toContain("warden -- approve");
      if (anew !== undefined) expect(shown).toContain(anew.id);
    }
  });
});
