import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import type { AccountFacts } from "../../shared/policy/account-facts.ts";
import { compareDocuments } from "../../shared/policy/compare.ts";
import { type EscalationRoute, escalationRoutes, primitives, probesOf } from "../../shared/policy/escalation.ts";

type SystemPolicy = { name: string; primitives: string[]; document: object };
const systemPolicies: SystemPolicy[] = JSON.parse(
  readFileSync(new URL("../fixtures/system-policies/documents.json", import.meta.url), "utf8"),
);

const own = "1234567890123456";
const statement = (
  action: string | readonly string[],
  resource: string | readonly string[] = "*",
  more: object = {},
): object => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...more,
});
const document = (...statements: readonly object[]): string => JSON.stringify({ Version: "1", Statement: statements });
const deny = (action: string, resource = "*"): object => ({ ...statement(action, resource), Effect: "Deny" });
const forService = (...services: readonly string[]): object => ({
  Condition: { StringEquals: { "acs:Service": services } },
});
const trust = (principal: object): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: principal }] });

const routes = (
  before: readonly string[],
  after: readonly string[],
  facts?: AccountFacts,
): readonly EscalationRoute[] => {
  const found = escalationRoutes(before, after, facts);
  expect(found.undecided).toBeUndefined();
  return found.routes;
};
const ids = (before: readonly string[], after: readonly string[], facts?: AccountFacts): readonly string[] =>
  routes(before, after, facts)
    .map((route) => route.id)
    .sort();
const route = (id: string, after: readonly string[], facts?: AccountFacts): EscalationRoute => {
  const found = routes([], after, facts).find((one) => one.id === id);
  if (found === undefined) throw new Error(`no route \`${id}\``);
  return found;
};

const administrator = { type: "System", name: "AdministratorAccess" } as const;

describe("the known primitives", () => {
  test.each(systemPolicies.map((policy) => [policy.name, policy] as const))("of %s", (_name, policy) => {
    expect(ids([], [JSON.stringify(policy.document)])).toEqual([...policy.primitives].sort());
  });

  test("have words in both languages, and a target only where the words have a place for it", () => {
    for (const primitive of primitives) {
      for (const language of ["en", "zh-CN"] as const) {
        expect(primitive.way[language].includes("{target}"), primitive.id).toBe(primitive.target !== undefined);
      }
      expect(primitive.way["zh-CN"] + primitive.yields["zh-CN"], primitive.id).toMatch(/\p{Script=Han}/u);
      expect(primitive.way.en + primitive.yields.en, primitive.id).not.toMatch(/\p{Script=Han}/u);
    }
    expect(new Set(primitives.map(({ id }) => id)).size).toBe(primitives.length);
  });
});

describe("what is asked for an action of a primitive", () => {
  const [some] = primitives;
  if (some === undefined) throw new Error("no primitives");
  const { target: _, services: __, onlyOn: ___, ...bare } = some;
  const users = ["acs:ram:*:*:user/*"];
  const groups = ["acs:ram:*:*:group/*"];
  const roles = ["acs:ram:*:*:role/*"];

  test("one request for each resource that it needs", () => {
    expect(probesOf(bare, "ram:CreateUser", {})).toEqual([{ action: "ram:CreateUser", resources: users }]);
    expect(probesOf(bare, "ram:AddUserToGroup", {})).toEqual([
      { action: "ram:AddUserToGroup", resources: users },
      { action: "ram:AddUserToGroup", resources: groups },
    ]);
    expect(probesOf(bare, "kms:Decrypt", {})).toEqual([{ action: "kms:Decrypt", resources: ["acs:kms:*", "?"] }]);
  });

  test("an action of any name, where all of a service is meant", () => {
    expect(probesOf(bare, "oss:*", {}).map(({ action }) => action)).toEqual(["oss:?"]);
    expect(probesOf(bare, "*:Get", {}).map(({ action }) => action)).toEqual(["*:Get"]);
    expect(probesOf(bare, "oss:Get*", {}).map(({ action }) => action)).toEqual(["oss:Get*"]);
  });

  test("another resource in place of the last", () => {
    const only = { ...bare, onlyOn: ["acs:ram:*:*:user/a"] };
    expect(probesOf(only, "ram:CreateUser", {}).map(({ resources }) => resources)).toEqual([only.onlyOn]);
    expect(probesOf(only, "ram:AddUserToGroup", {}).map(({ resources }) => resources)).toEqual([users, only.onlyOn]);
  });

  test("not the holder itself, where the power of another user is lent", () => {
    const facts = { holder: { kind: "user", name: "alice" } } as const;
    const excepted = (target: "user" | "role", given: AccountFacts) =>
      probesOf({ ...bare, target }, "ram:CreateUser", given).map(({ except }) => except);
    expect(excepted("user", facts)).toEqual([["acs:ram:*:*:user/alice"]]);
    expect(excepted("role", facts)).toEqual([undefined]);
    expect(excepted("user", { holder: { kind: "role", name: "alice" } })).toEqual([undefined]);
    expect(excepted("user", {})).toEqual([undefined]);
  });

  test("bound to services where both the action and the primitive are", () => {
    const services = ["ecs.aliyuncs.com"];
    expect(probesOf({ ...bare, services }, "ram:PassRole", {})).toEqual([
      { action: "ram:PassRole", resources: roles, given: { key: "acs:Service", patterns: services } },
    ]);
    expect(probesOf(bare, "ram:PassRole", {})).toEqual([{ action: "ram:PassRole", resources: roles }]);
    expect(probesOf({ ...bare, services }, "ram:CreateUser", {})).toEqual([
      { action: "ram:CreateUser", resources: users },
    ]);
  });
});

describe("what is gained", () => {
  test("nothing, where nothing is new", () => {
    const all = document(statement("*"));
    expect(routes([all], [all])).toEqual([]);
    expect(routes([all], [document(statement("ram:UpdateRole"))])).toEqual([]);
  });

  test("a route of two actions counts when one of them is new and the other was there", () => {
    const run = document(statement("ecs:RunInstances"));
    const pass = document(statement("ram:PassRole", "*", forService("ecs.aliyuncs.com")));
    const [found, ...others] = routes([run], [run, pass]);
    expect(others.map(({ id }) => id)).toEqual([]);
    expect(found).toMatchObject({
      id: "passrole-ecs-run",
      gained: ["ram:PassRole"],
      had: ["ecs:RunInstances"],
      exact: true,
    });
    expect(found?.requests[0]).toMatchObject({
      action: "ram:PassRole",
      context: { "acs:Service": "ecs.aliyuncs.com" },
    });
    expect(ids([], [run])).toEqual([]);
    expect(ids([], [pass])).toEqual([]);
  });

  test("more resources for an action that was there is a gain", () => {
    const one = document(statement("ram:UpdateRole", `acs:ram:*:${own}:role/app`));
    expect(ids([one], [document(statement("ram:UpdateRole", `acs:ram:*:${own}:role/*`))])).toContain(
      "ram-update-role-trust",
    );
  });

  test("a Deny that goes is a gain", () => {
    const all = document(statement("ram:CreateAccessKey"));
    expect(ids([all, document(deny("ram:*"))], [all])).toEqual(["ram-create-access-key-other"]);
  });

  test("a Deny that stays is none", () => {
    expect(ids([], [document(statement("ram:CreateAccessKey")), document(deny("ram:Create*"))])).toEqual([]);
  });

  test("a Deny that spares something leaves the route", () => {
    const spared = document(statement("ram:UpdateRole"), deny("ram:UpdateRole", `acs:ram:*:${own}:role/admin`));
    expect(ids([], [spared])).toEqual(["ram-update-role-trust"]);
  });

  test("patterns, complements and case are read as what they allow", () => {
    expect(ids([], [document(statement("RAM:updaterole"))])).toEqual(["ram-update-role-trust"]);
    expect(ids([], [document(statement("ram:Update?ole"))])).toEqual(["ram-update-role-trust"]);
    const complement = document({ Effect: "Allow", NotAction: ["ram:*", "sts:*"], Resource: "*" });
    expect(ids([], [complement])).not.toContain("ram-update-role-trust");
    expect(ids([], [complement])).toContain("fc-update-function");
    expect(ids([complement], [complement, document({ Effect: "Allow", NotAction: "ecs:*", Resource: "*" })])).toContain(
      "ram-update-role-trust",
    );
  });

  test("an attachment counts only with a policy that makes strong", () => {
    const users = "acs:ram:*:*:user/*";
    expect(
      ids(
        [],
        [document(statement("ram:AttachPolicyToUser", [users, "acs:ram:*:system:policy/AliyunOSSReadOnlyAccess"]))],
      ),
    ).toEqual([]);
    expect(
      ids([], [document(statement("ram:AttachPolicyToUser", [users, "acs:ram:*:system:policy/Administrator*"]))]),
    ).toEqual(["ram-attach-policy-user"]);
    expect(ids([], [document(statement("ram:AttachPolicyToUser", users))])).toEqual([]);
  });

  test("writing a policy and attaching it needs the account's own policies", () => {
    const custom = `acs:ram:*:${own}:policy/*`;
    const users = "acs:ram:*:*:user/*";
    expect(ids([], [document(statement(["ram:CreatePolicy", "ram:AttachPolicyToUser"], [custom, users]))])).toEqual([
      "ram-create-policy-and-attach",
    ]);
  });

  test("passing roles to another service is no route", () => {
    const pass = (service: string): string =>
      document(statement("ecs:RunInstances"), statement("ram:PassRole", "*", forService(service)));
    expect(ids([], [pass("oss.aliyuncs.com")])).toEqual([]);
    expect(ids([], [pass("ecs.aliyuncs.com")])).toEqual(["passrole-ecs-run"]);
  });

  test("passing roles without naming services is told as such", () => {
    expect(ids([], [document(statement("ram:PassRole"))])).toEqual(["passrole-unrestricted"]);
  });

  test("all of a service is not some of its reading actions", () => {
    expect(ids([], [document(statement("yundun-sas:Describe*"))])).toEqual([]);
    expect(ids([], [document(statement("yundun-sas:*"))])).toEqual(["security-center-off"]);
  });

  test("a star on another service's resources is no route through RAM", () => {
    expect(ids([], [document(statement("*", "acs:vpc:*:*:*"))])).toEqual([]);
  });

  test("the requests are allowed after and not before", () => {
    const before = document(statement("ram:*", `acs:ram:*:${own}:user/alice`));
    const after = document(
      statement("ram:*"),
      statement("sts:AssumeRole", "*", { Condition: { Bool: { "acs:MFAPresent": "true" } } }),
    );
    const found = routes([before], [after]);
    expect(found.length).toBeGreaterThan(15);
    for (const { id, requests } of found) {
      for (const { action, resource, context } of requests) {
        const condition = Object.keys(context).length === 0 ? {} : { Condition: { StringEquals: context } };
        const only = document(statement(action, resource ?? "", condition));
        const isBool = "acs:MFAPresent" in context;
        if (!isBool) expect(compareDocuments([after], [only]).result, id).toBe("no-new-access");
        expect(compareDocuments([before], [only]).result, id).toBe("new-access");
      }
    }
    expect(route("sts-assume-role", [after]).requests[0]?.context).toEqual({ "acs:MFAPresent": "true" });
  });

  test("the worst come first", () => {
    const severities = routes([], [document(statement("*"))]).map(({ severity }) => severity);
    expect(severities.indexOf("low")).toBeGreaterThan(severities.lastIndexOf("critical"));
    expect(severities[0]).toBe("critical");
  });

  test("a document that cannot be read leaves it open", () => {
    expect(escalationRoutes([], ["{"])).toMatchObject({ routes: [], undecided: expect.stringContaining("after") });
  });

  test("a resource group's Deny hides nothing", () => {
    const all = document(statement("ram:UpdateRole"));
    const inGroup = { document: document(deny("*")), scope: { resourceGroupId: "rg-1" } };
    expect(escalationRoutes([], [all, inGroup]).routes.map(({ id }) => id)).toEqual(["ram-update-role-trust"]);
  });
});

describe("the path in words", () => {
  const facts: AccountFacts = {
    accountId: own,
    holder: { kind: "user", name: "eve" },
    users: [
      { name: "alice", policies: [administrator] },
      { name: "eve", policies: [administrator] },
      { name: "bob", policies: [{ type: "System", name: "AliyunOSSReadOnlyAccess" }] },
    ],
    groups: [{ name: "admins", policies: [administrator] }],
    roles: [
      {
        name: "Ops",
        policies: [{ type: "Custom", name: "all", document: document(statement("*")) }],
        trust: trust({ RAM: `acs:ram::${own}:root` }),
      },
      { name: "runner", policies: [administrator], trust: trust({ Service: "fc.aliyuncs.com" }) },
      { name: "reader", policies: [], trust: trust({ RAM: `acs:ram::${own}:root` }) },
    ],
  };

  test("names the role and the policy that makes it strong, judged by its text", () => {
    const one = document(statement("ram:UpdateRole", `acs:ram:*:${own}:role/ops`));
    const found = route("ram-update-role-trust", [one], facts);
    expect(found.targets).toEqual([{ kind: "role", name: "Ops", holds: "all" }]);
    expect(found.path.en).toMatch(/^can add a trusted entity to role `Ops`, which holds `all`: /);
    expect(found.path["zh-CN"]).toContain("拥有 `all` 的角色 `Ops`");
    expect(found.facts.targets).toBe("role/Ops");
  });

  test("tells the whole of a route to a machine, and to a person in both languages", () => {
    const two = { ...facts, roles: [...(facts.roles ?? []).slice(0, 2)] };
    const found = route("ram-update-role-trust", [document(statement("ram:UpdateRole"))], two);
    expect(found.path["zh-CN"]).toContain("拥有 `all` 的角色 `Ops`（另有 1 个）");
    expect(found.facts).toEqual({
      route: "ram-update-role-trust",
      gained: "ram:UpdateRole",
      targets: "role/Ops, role/runner",
    });
    const before = [document(statement(["ram:CreateUser", "ram:CreateAccessKey"], "*"))];
    const after = [...before, document(statement("ram:AttachPolicyToUser"))];
    const created = routes(before, after).find(({ had }) => had.length > 1);
    expect(created?.facts).toEqual({
      route: created?.id,
      gained: "ram:AttachPolicyToUser",
      had: "ram:CreateUser, ram:CreateAccessKey",
    });
    expect(found.targets.map(({ holds }) => holds)).toEqual(["all", "AdministratorAccess"]);
  });

  test("says nothing of targets where there are none to name", () => {
    const found = route("actiontrail-off", [document(statement("actiontrail:StopLogging"))], facts);
    const primitive = primitives.find(({ id }) => id === "actiontrail-off");
    expect(found.targets).toEqual([]);
    expect(found.path).toEqual({
      en: `can ${primitive?.way.en}: ${primitive?.yields.en}`,
      "zh-CN": `可以${primitive?.way["zh-CN"]}；结果：${primitive?.yields["zh-CN"]}`,
    });
    expect(found.facts).toEqual({ route: "actiontrail-off", gained: "actiontrail:StopLogging" });
  });

  test("a part without certain meaning makes a route unsure", () => {
    const flawed = document(statement("actiontrail:StopLogging"), statement("oss: GetObject"));
    expect(route("actiontrail-off", [flawed]).exact).toBe(false);
    expect(route("actiontrail-off", [document(statement("actiontrail:StopLogging"))]).exact).toBe(true);
  });

  test("counts the others", () => {
    const found = route("ram-update-role-trust", [document(statement("ram:UpdateRole"))], facts);
    expect(found.path.en).toContain("role `Ops`, which holds `all` (and 1 more)");
  });

  test("leaves out the holder itself, and what the documents do not reach", () => {
    expect(
      route("ram-create-access-key-other", [document(statement("ram:CreateAccessKey"))], facts).targets.map(
        ({ name }) => name,
      ),
    ).toEqual(["alice"]);
    expect(ids([], [document(statement("ram:CreateAccessKey", "acs:ram:*:*:user/eve"))], facts)).toEqual([]);
    expect(ids([], [document(statement("ram:CreateAccessKey", "acs:ram:*:*:user/eve"))])).toEqual([
      "ram-create-access-key-other",
    ]);
    const bob = route(
      "ram-create-access-key-other",
      [document(statement("ram:CreateAccessKey", "acs:ram:*:*:user/bob"))],
      facts,
    );
    expect(bob.targets).toEqual([]);
    expect(bob.path.en).toContain("another user");
  });

  test("a role lends itself only to those whom it trusts", () => {
    expect(
      route("sts-assume-role", [document(statement("sts:AssumeRole"))], facts).targets.map(({ name }) => name),
    ).toEqual(["Ops"]);
    const functions = document(statement(["ram:PassRole", "fc:CreateFunction", "fc:InvokeFunction"]));
    expect(route("passrole-fc-create", [functions], facts).path.en).toContain(
      "role `runner`, which holds `AdministratorAccess`",
    );
  });

  test.each<[string, AccountFacts, readonly string[]]>([
    ["unknown trust is taken as consent", { accountId: own, roles: [{ name: "r", policies: [administrator] }] }, ["r"]],
    [
      "and so is one that cannot be read",
      { accountId: own, roles: [{ name: "r", policies: [administrator], trust: "{" }] },
      ["r"],
    ],
    [
      "everyone",
      { accountId: own, roles: [{ name: "r", policies: [administrator], trust: trust({ RAM: "*" }) }] },
      ["r"],
    ],
    [
      "an account, where the own one is not known",
      { roles: [{ name: "r", policies: [administrator], trust: trust({ RAM: "acs:ram::1:root" }) }] },
      ["r"],
    ],
    [
      "another account",
      { accountId: own, roles: [{ name: "r", policies: [administrator], trust: trust({ RAM: "acs:ram::1:root" }) }] },
      [],
    ],
    [
      "one user of the account, where the holder is not known",
      {
        accountId: own,
        roles: [{ name: "r", policies: [administrator], trust: trust({ RAM: `acs:ram::${own}:user/bob` }) }],
      },
      ["r"],
    ],
    [
      "another user than the holder",
      {
        accountId: own,
        holder: { kind: "user", name: "eve" },
        roles: [{ name: "r", policies: [administrator], trust: trust({ RAM: `acs:ram::${own}:user/bob` }) }],
      },
      [],
    ],
    [
      "a service only",
      {
        accountId: own,
        roles: [{ name: "r", policies: [administrator], trust: trust({ Service: "ecs.aliyuncs.com" }) }],
      },
      [],
    ],
    [
      "the holder's own role",
      { accountId: own, holder: { kind: "role", name: "R" }, roles: [{ name: "r", policies: [administrator] }] },
      [],
    ],
    [
      "a role that holds little",
      {
        accountId: own,
        roles: [
          { name: "r", policies: [{ type: "Custom", name: "some", document: document(statement("oss:GetObject")) }] },
        ],
      },
      [],
    ],
  ])("whom a role lends itself to: %s", (_name, facts, names) => {
    const found = route("sts-assume-role", [document(statement("sts:AssumeRole"))], facts);
    expect(found.targets.map(({ name }) => name)).toEqual(names);
  });

  test("a service pattern finds the services that it stands for", () => {
    const workload = document(statement(["ram:PassRole", "paidlc:CreateJob"]));
    const roles = ["paidlc.aliyuncs.com", "sae.aliyuncs.com", "fc.aliyuncs.com"].map((service) => ({
      name: service,
      policies: [administrator],
      trust: trust({ Service: service }),
    }));
    expect(
      route("passrole-data-platform", [workload], { accountId: own, roles }).targets.map(({ name }) => name),
    ).toEqual(["paidlc.aliyuncs.com", "sae.aliyuncs.com"]);
  });

  test("the strongest policy is the one that is named", () => {
    const policies = [
      { type: "System", name: "AliyunECSFullAccess" },
      { type: "System", name: "AliyunCloudSSOFullAccess" },
      administrator,
      { type: "System", name: "AliyunFCFullAccess" },
    ] as const;
    const found = route("sts-assume-role", [document(statement("sts:AssumeRole"))], {
      roles: [{ name: "r", policies }],
    });
    expect(found.targets).toEqual([{ kind: "role", name: "r", holds: "AdministratorAccess" }]);
  });

  test("a name from outside is taken as it is", () => {
    const odd: AccountFacts = { accountId: own, groups: [{ name: "$&{target}", policies: [administrator] }] };
    const found = route("ram-add-user-to-group", [document(statement("ram:AddUserToGroup"))], odd);
    expect(found.path.en).toContain("user group `$&{target}`, which holds");
  });
});

describe("documents that nobody should have to wait for", () => {
  test("many statements on everything in small places end, and every route is shown or said to be unsure", () => {
    const many = document(
      ...Array.from({ length: 70 }, (_, at) =>
        statement("*", `acs:${at % 2 === 0 ? "ram" : "kms"}:r${at}:a${at}:x${at}/*`),
      ),
    );
    for (const { exact, requests } of routes([], [many])) expect(exact ? requests.length : 1).toBeGreaterThan(0);
  });
});
