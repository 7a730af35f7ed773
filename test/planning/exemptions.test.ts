import { describe, expect, test } from "vitest";
import type { Exemption } from "../../shared/domain/exemption.ts";
import { isInForce } from "../../shared/domain/exemption.ts";
import type { Finding } from "../../shared/domain/finding.ts";
import type { Actor } from "../../shared/domain/identity.ts";
import {
  actorScope,
  exemptFindings,
  exemptionFor,
  exemptionsOf,
  exemptReason,
  rolesInLowerCase,
  type Scope,
  scopeOf,
  subjectScope,
} from "../../shared/planning/exemptions.ts";
import { planChange } from "../../shared/planning/plan-change.ts";
import { finding, grantChange, guardrails, onTrial, own, trustChange, unsure } from "./changes.ts";

const dayMs = 86_400_000;
const now = 1_000 * dayMs;

const exemption = (over: Partial<Exemption> = {}): Exemption => ({
  id: "one",
  rules: ["RAM.TrustForeignAccount"],
  subject: "role-trust/deploy",
  owner: "alice",
  reason: "agreed with the auditors",
  from: now - dayMs,
  until: now + dayMs,
  ...over,
});

const scope = (over: Partial<Scope> = {}): Scope => ({
  subject: "role-trust/deploy",
  actor: "role/terraform",
  change: () => "0123456789abcdef0123456789abcdef",
  ...over,
});

const isExempt = (over: Partial<Exemption>, of: Partial<Scope> = {}, at = now): boolean =>
  exemptionFor(exemptionsOf([exemption(over)]), "RAM.TrustForeignAccount", scope(of), at) !== undefined;

describe("an exemption covers", () => {
  test.each<[string, Partial<Exemption>, Partial<Scope>, boolean]>([
    ["the subject that it names", {}, {}, true],
    ["no other subject", { subject: "role-trust/other" }, {}, false],
    ["no subject that begins like its own", {}, { subject: "role-trust/deploy-production" }, false],
    ["no subject that ends like its own", {}, { subject: "role-trust/pre-deploy" }, false],
    ["a pattern's subjects", { subject: "role-trust/dep*" }, {}, true],
    ["a pattern from its start", { subject: "role-trust/ploy*" }, {}, false],
    ["a pattern to its end", { subject: "role-trust/*dep" }, {}, false],
    ["one letter for each question mark", { subject: "role-trust/depl??" }, {}, true],
    ["no more than one letter for it", { subject: "role-trust/depl?" }, {}, false],
    ["no other kind of subject of that name", { subject: "login/deploy*" }, {}, false],
    ["a point as a point, not as any letter", { subject: "role-trust/d.ploy" }, {}, false],
    ["an alternative as its letters", { subject: "role-trust/deploy|other" }, {}, false],
    ["the actor that it names", { actor: "role/terraform" }, {}, true],
    ["no actor that begins like its own", { actor: "role/terra" }, {}, false],
    ["no other actor", { actor: "user/terraform" }, {}, false],
    ["nobody unknown where it names an actor", { actor: "role/terraform" }, { actor: undefined }, false],
    ["anybody where it names none", {}, { actor: undefined }, true],
    ["nothing whose maker is not known", { actor: "role/other" }, { actor: undefined }, false],
    ["nothing that its own grantor does", { grantor: "role/terraform" }, {}, false],
    ["what others than its grantor do", { grantor: "user/alice" }, {}, true],
    ["the state that it names", { change: "0123456789abcdef0123456789abcdef" }, {}, true],
    ["no other state", { change: "ffffffffffffffffffffffffffffffff" }, {}, false],
    ["a subject that it leaves open", { subject: undefined as never, actor: "role/terraform" }, {}, true],
  ])("%s", (_, over, of, covered) => {
    const given = Object.fromEntries(Object.entries(over).filter(([, value]) => value !== undefined));
    const { subject, ...without } = exemption(given);
    const one = "subject" in over && over.subject === undefined ? without : { ...without, subject };
    const found = exemptionFor(exemptionsOf([one as Exemption]), "RAM.TrustForeignAccount", scope(of), now);
    expect(found !== undefined).toBe(covered);
  });

  test("its own rules and no other", () => {
    const list = exemptionsOf([exemption()]);
    expect(exemptionFor(list, "RAM.TrustEntityAdded", scope(), now)).toBeUndefined();
    const both = exemptionsOf([exemption({ rules: ["RAM.TrustForeignAccount", "RAM.TrustEntityAdded"] })]);
    for (const rule of ["RAM.TrustForeignAccount", "RAM.TrustEntityAdded"] as const)
      expect(exemptionFor(both, rule, scope(), now)?.id).toBe("one");
  });

  test.each([
    ["from its first moment", now - dayMs, true],
    ["not the moment before", now - dayMs - 1, false],
    ["to its last moment", now + dayMs - 1, true],
    ["not when it is over", now + dayMs, false],
  ])("%s", (_, at, inForce) => {
    expect(isExempt({}, {}, at)).toBe(inForce);
    expect(isInForce(exemption(), at)).toBe(inForce);
  });

  test("for as long as the longest of several does", () => {
    const list = exemptionsOf([
      exemption({ id: "short", until: now + 1 }),
      exemption({ id: "long", subject: "role-trust/dep*", until: now + 3 * dayMs }),
      exemption({ id: "over", until: now }),
    ]);
    expect(exemptionFor(list, "RAM.TrustForeignAccount", scope(), now)?.id).toBe("long");
  });

  test("for as long as the longest of several does, in whatever order", () => {
    const list = exemptionsOf([
      exemption({ id: "long", until: now + 3 * dayMs }),
      exemption({ id: "short", until: now + 1 }),
      exemption({ id: "pattern", subject: "role-trust/dep*", until: now + dayMs }),
    ]);
    expect(exemptionFor(list, "RAM.TrustForeignAccount", scope(), now)?.id).toBe("long");
  });

  test("what each of several of one subject, of one pattern or of one rule covers", () => {
    for (const subject of ["role-trust/deploy", "role-trust/dep*"]) {
      const list = exemptionsOf([
        exemption({ id: "one", subject, actor: "role/terraform" }),
        exemption({ id: "two", subject, actor: "user/alice" }),
      ]);
      const id = (actor: string) => exemptionFor(list, "RAM.TrustForeignAccount", scope({ actor }), now)?.id;
      expect([id("role/terraform"), id("user/alice"), id("user/bob")]).toEqual(["one", "two", undefined]);
    }
    const list = exemptionsOf([exemption({ id: "one" }), exemption({ id: "two", subject: "role-trust/other" })]);
    const id = (subject: string) => exemptionFor(list, "RAM.TrustForeignAccount", scope({ subject }), now)?.id;
    expect([id("role-trust/deploy"), id("role-trust/other")]).toEqual(["one", "two"]);
  });

  test("a state whose digest nobody needs is not digested", () => {
    const change = (): string => {
      throw new Error("asked for");
    };
    expect(isExempt({}, { change })).toBe(true);
    expect(isExempt({ subject: "role-trust/other", change: "0" }, { change })).toBe(false);
  });

  test("one of 10,000 of its rule is found without looking at the others", () => {
    let looked = 0;
    const watched = (id: string, subject: string): Exemption =>
      Object.defineProperty({ ...exemption({ id, subject }) }, "from", {
        get: () => {
          looked += 1;
          return now - dayMs;
        },
      });
    const many = Array.from({ length: 10_000 }, (_, index) => watched(`e-${index}`, `role-trust/deploy-${index}`));
    const list = exemptionsOf(many);
    expect(exemptionFor(list, "RAM.TrustForeignAccount", scope({ subject: "role-trust/deploy-77" }), now)?.id).toBe(
      "e-77",
    );
    expect(looked).toBe(1);
    expect(exemptionFor(list, "RAM.TrustForeignAccount", scope({ subject: "login/deploy-77" }), now)).toBeUndefined();
    expect(looked).toBe(1);
  });
});

describe("scopes", () => {
  test("a subject is named without its account, a role in lower case", () => {
    expect(subjectScope({ kind: "role-trust", accountId: own, roleName: "Deploy", route: "Ram" })).toBe(
      "role-trust/deploy",
    );
    expect(subjectScope(grantChange().subject)).toMatch(/^grant\/(user|group|role)\//);
  });

  test.each<[string, Actor | undefined, string | undefined]>([
    [
      "a role, by its name in lower case",
      { kind: "role", accountId: own, name: "Terraform", sessionName: "x" },
      "role/terraform",
    ],
    ["a user", { kind: "user", accountId: own, name: "Alice" }, "user/Alice"],
    ["root", { kind: "root", accountId: own }, "root"],
    ["a service", { kind: "service", name: "ecs.aliyuncs.com" }, "service/ecs.aliyuncs.com"],
    ["one of another account", { kind: "role", accountId: "99", name: "ci", sessionName: "x" }, "99:role/ci"],
    [
      "nobody whose name the caller chose",
      { kind: "role", accountId: own, name: "ci", sessionName: "x", namedBy: "request" },
      undefined,
    ],
    ["nobody of an unknown type", { kind: "other", type: "role", name: "terraform" }, undefined],
    ["nobody who is not known", undefined, undefined],
  ])("an actor: %s", (_, actor, text) => {
    expect(actorScope(actor, own)).toBe(text);
  });

  test.each([
    ["role-trust/Deploy-*", "role-trust/deploy-*"],
    ["role/Terraform", "role/terraform"],
    ["99:role/CI", "99:role/ci"],
    ["grant/role/Deploy/System/AdministratorAccess/account", "grant/role/deploy/System/AdministratorAccess/account"],
    ["grant/user/Alice/System/ReadOnlyAccess/account", "grant/user/Alice/System/ReadOnlyAccess/account"],
    ["user/Alice", "user/Alice"],
    ["tags/role/name/Deploy", "tags/role/name/deploy"],
    ["tags/policy/name/Shop", "tags/policy/name/Shop"],
    ["membership/role/Ops", "membership/role/Ops"],
    ["membership/my-role-trust/Ops", "membership/my-role-trust/Ops"],
    ["grant/role/", "grant/role/"],
    ["grant/role", "grant/role"],
  ])("a pattern of roles is kept as the scopes write it: %s", (given, kept) => {
    expect(rolesInLowerCase(given)).toBe(kept);
  });
});

describe("a plan with exempt findings", () => {
  const until = now + dayMs;
  const letBe = (one: Finding): Finding => ({
    ...one,
    exemption: { id: "one", owner: "alice", reason: "agreed", until },
  });

  test("writes nothing, asks nobody, and says by whom and until when", () => {
    for (const response of ["revert", "contain", "ask"] as const) {
      const plan = planChange(trustChange(), [letBe(finding(response))], guardrails());
      expect(plan.response).toBe("alert");
      expect(plan.remediation).toBeUndefined();
      expect(plan.because?.kind).toBe("exempt");
      expect(plan.because?.detail).toBe("exemption `one` of `alice` until 1972-09-28 00:00 UTC: `agreed`");
    }
  });

  test("does what the findings ask for that are not exempt", () => {
    const plan = planChange(trustChange(), [letBe(finding("alert")), finding("revert")], guardrails());
    expect(plan.response).toBe("revert");
    expect(plan.remediation).toBeDefined();
    expect(plan.because).toBeUndefined();
    expect(plan.findings[0]?.exemption?.id).toBe("one");
  });

  test("says why another finding only tells before it says that one is exempt", () => {
    expect(planChange(trustChange(), [letBe(finding("revert")), onTrial("revert")], guardrails()).because?.kind).toBe(
      "trial",
    );
    expect(planChange(trustChange(), [letBe(finding("revert")), unsure("revert")], guardrails()).because?.kind).toBe(
      "undetermined",
    );
    expect(
      planChange(trustChange(), [letBe(finding("revert")), finding("alert")], guardrails()).because,
    ).toBeUndefined();
  });

  test("counts the exemptions, each once", () => {
    const other = { ...letBe(finding("revert")), exemption: { id: "two", owner: "bob", reason: "b", until } };
    expect(exemptReason([letBe(finding("revert")), letBe(finding("alert"))])?.detail).not.toContain("more");
    expect(exemptReason([letBe(finding("revert")), other])?.detail).toContain(", and 1 more");
    expect(exemptReason([finding("revert")])).toBeUndefined();
  });

  test("a finding that no exemption covers stays as it is", () => {
    const one = finding("revert");
    const list = exemptionsOf([exemption({ rules: [one.rule], subject: "role-trust/other" })]);
    const [same] = exemptFindings(
      [one],
      scopeOf(trustChange(), () => ""),
      list,
      now,
    );
    expect(same).toBe(one);
    expect(exemptReason([one, letBe(one)])?.detail).toContain("`one` of `alice`");
  });

  test("findings carry no ticket where there is none", () => {
    const list = exemptionsOf([exemption({ rules: [finding("revert").rule] })]);
    const [exempt] = exemptFindings(
      [finding("revert")],
      scopeOf(trustChange(), () => ""),
      list,
      now,
    );
    expect(Object.keys(exempt?.exemption ?? {}).sort()).toEqual(["id", "owner", "reason", "until"]);
  });

  test("findings carry no more of an exemption than is said", () => {
    const list = exemptionsOf([exemption({ rules: [finding("revert").rule], ticket: "SEC-1", by: "user ops" })]);
    const [exempt] = exemptFindings(
      [finding("revert")],
      scopeOf(trustChange(), () => ""),
      list,
      now,
    );
    expect(exempt?.exemption).toStrictEqual({
      id: "one",
      owner: "alice",
      reason: "agreed with the auditors",
      ticket: "SEC-1",
      until,
    });
  });
});
