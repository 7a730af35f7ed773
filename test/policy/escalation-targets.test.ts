import { describe, expect, it } from "vitest";
import type { AccountFacts, AccountRole, HeldPolicy } from "../../shared/policy/account-facts.ts";
import { type Target, targetResource, targetsOf } from "../../shared/policy/escalation-targets.ts";

const own = "1234567890123456";
const administrator: HeldPolicy = { type: "System", name: "AdministratorAccess" };

const custom = (name: string, ...actions: string[]): HeldPolicy => ({
  type: "Custom",
  name,
  document: JSON.stringify({ Version: "1", Statement: { Effect: "Allow", Action: actions, Resource: "*" } }),
});

const target = (kind: Target["kind"], name: string): Target => ({ kind, name, holds: "x" });

it("the resource of an identity, role names without case", () => {
  expect(targetResource(target("role", "Ops"), own)).toBe(`acs:ram:*:${own}:role/ops`);
  expect(targetResource(target("user", "Alice"), own)).toBe(`acs:ram:*:${own}:user/Alice`);
  expect(targetResource(target("group", "Admins"), undefined)).toBe("acs:ram:*:*:group/Admins");
});

describe("strong identities", () => {
  const named = (name: string, ...policies: HeldPolicy[]) => ({ name, policies });
  const facts: AccountFacts = {
    accountId: own,
    holder: { kind: "user", name: "eve" },
    users: [named("alice", administrator), named("eve", administrator), named("bob")],
    groups: [named("eve", administrator), named("weak", custom("reader", "oss:GetObject"))],
    roles: [named("eve", administrator)],
  };

  it("are sought among those of the target's kind, the holder left out", () => {
    expect(targetsOf("user", [], facts)).toEqual([{ kind: "user", name: "alice", holds: "AdministratorAccess" }]);
    expect(targetsOf("group", [], facts)).toEqual([{ kind: "group", name: "eve", holds: "AdministratorAccess" }]);
    expect(targetsOf("role", [], facts)).toEqual([{ kind: "role", name: "eve", holds: "AdministratorAccess" }]);
    for (const kind of ["user", "group", "role"] as const) expect(targetsOf(kind, [], {})).toEqual([]);
  });

  it("are told by what makes them strongest, whatever comes first", () => {
    const [admin, identity, escalation] = [
      custom("admin", "*"),
      custom("identity", "ram:CreateAccessKey"),
      custom("escalation", "fc:UpdateFunction"),
    ];
    const holds = (...policies: HeldPolicy[]) =>
      targetsOf("group", [], { groups: [named("g", ...policies)] })[0]?.holds;
    expect(holds(escalation, identity, admin)).toBe("admin");
    expect(holds(admin, identity, escalation)).toBe("admin");
    expect(holds(escalation, identity)).toBe("identity");
    expect(holds(identity, escalation)).toBe("identity");
    expect(holds(custom("weak", "oss:GetObject"), escalation)).toBe("escalation");
    expect(holds(administrator, admin)).toBe("AdministratorAccess");
  });
});

describe("whom a role's trust lets in", () => {
  const trust = (...principals: readonly object[]): string =>
    JSON.stringify({
      Version: "1",
      Statement: principals.map((Principal) => ({ Effect: "Allow", Action: "sts:AssumeRole", Principal })),
    });
  const role = (text: string): AccountRole => ({ name: "r", policies: [administrator], trust: text });
  const lends = (kind: "assumable-role" | "service-role", text: string, facts: AccountFacts, ...services: string[]) =>
    targetsOf(kind, services, { ...facts, roles: [role(text)] }).length === 1;

  const root = { RAM: `acs:ram::${own}:root` };
  const ecs = { Service: "ecs.aliyuncs.com" };
  const saml = { Federated: `acs:ram::${own}:saml-provider/p` };
  const eve = { kind: "user", name: "eve" } as const;

  it.each<[string, string, AccountFacts, boolean]>([
    ["the account", trust(root), { accountId: own, holder: eve }, true],
    ["the holder", trust({ RAM: `acs:ram::${own}:user/eve` }), { accountId: own, holder: eve }, true],
    ["another user", trust({ RAM: `acs:ram::${own}:user/bob` }), { accountId: own, holder: eve }, false],
    ["a role of that name", trust({ RAM: `acs:ram::${own}:role/eve` }), { accountId: own, holder: eve }, false],
    ["another account", trust({ RAM: "acs:ram::1:root" }), { accountId: own, holder: eve }, false],
    ["somebody among others", trust(ecs, root), { accountId: own, holder: eve }, true],
    ["others only", trust(ecs, saml), { accountId: own, holder: eve }, false],
    ["everyone", trust({ RAM: "*" }), { accountId: own, holder: eve }, true],
    ["everyone, to whom nobody is known", trust({ RAM: "*" }), {}, true],
    ["some user, where the holder is not known", trust({ RAM: `acs:ram::${own}:user/bob` }), { accountId: own }, true],
    ["some role, where the holder is not known", trust({ RAM: `acs:ram::${own}:role/bob` }), { accountId: own }, true],
    ["a stranger, where the holder is not known", trust({ RAM: "acs:ram::1:user/bob" }), { accountId: own }, false],
    ["an account, where the own one is not known", trust({ RAM: "acs:ram::1:root" }), {}, true],
    ["a user, where the own account is not known", trust({ RAM: "acs:ram::1:user/a" }), {}, true],
    ["a role, where the own account is not known", trust({ RAM: "acs:ram::1:role/a" }), {}, true],
    ["a service, where the own account is not known", trust(ecs), {}, false],
    ["a provider, where the own account is not known", trust(saml), {}, false],
    ["nobody", trust(), {}, false],
    ["nobody knows whom", "{", {}, true],
  ])("%s", (_name, text, facts, expected) => {
    expect(lends("assumable-role", text, facts)).toBe(expected);
  });

  it.each<[string, string, readonly string[], boolean]>([
    ["the service", trust(ecs), ["ecs.aliyuncs.com"], true],
    ["one of the services", trust(ecs), ["fc.aliyuncs.com", "ecs.aliyuncs.com"], true],
    ["the service among others", trust(root, ecs), ["ecs.aliyuncs.com"], true],
    ["another service", trust(ecs), ["fc.aliyuncs.com"], false],
    ["a service by a pattern", trust({ Service: "paidlc.aliyuncs.com" }), ["*pai*"], true],
    ["no service by a pattern", trust(ecs), ["*pai*"], false],
    ["a service by the end of its name", trust(ecs), ["*cs.aliyuncs.com"], true],
    ["everyone", trust({ RAM: "*" }), ["ecs.aliyuncs.com"], true],
    ["the account only", trust(root), ["ecs.aliyuncs.com"], false],
    ["no service that is asked for", trust(ecs), [], false],
  ])("for a service: %s", (_name, text, services, expected) => {
    expect(lends("service-role", text, { accountId: own, holder: eve }, ...services)).toBe(expected);
  });
});
