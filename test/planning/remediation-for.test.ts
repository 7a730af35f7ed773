import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Response } from "../../shared/domain/finding.ts";
import type { Principal } from "../../shared/domain/identity.ts";
import type { Call } from "../../shared/domain/plan.ts";
import type { Route, Scope } from "../../shared/domain/subject.ts";
import { gone } from "../../shared/domain/subject.ts";
import { stateDigest } from "../../shared/operations/state-digest.ts";
import { planChange } from "../../shared/planning/plan-change.ts";
import { remediationFor } from "../../shared/planning/remediation-for.ts";
import {
  finding,
  grantChange,
  guardrails,
  keyChange,
  known,
  own,
  role,
  trustChange,
  trusting,
  unknown,
  unwanted,
  wanted,
} from "./changes.ts";

const chosen = (change: Change, asked: Response = "revert") => {
  const result = remediationFor(change, asked);
  if (!result.ok) throw new Error(result.error.kind);
  return result.value;
};
const reasonOf = (change: Change, asked: Response = "revert") => {
  const result = remediationFor(change, asked);
  return result.ok ? undefined : result.error.kind;
};

describe("the trust of a role", () => {
  test("goes back to the document of before, with the description and the session length as they are", () => {
    const { remediation, response } = chosen(trustChange());
    expect(response).toBe("revert");
    expect(remediation.calls).toEqual([
      {
        service: "Ram",
        operation: "UpdateRole",
        parameters: {
          RoleName: "deploy",
          NewAssumeRolePolicyDocument: wanted,
          NewDescription: "deploys the shop",
          NewMaxSessionDuration: 7200,
        },
      },
    ]);
    expect(remediation.undo).toEqual([
      {
        service: "Ram",
        operation: "UpdateRole",
        parameters: {
          RoleName: "deploy",
          NewAssumeRolePolicyDocument: unwanted,
          NewDescription: "deploys the shop",
          NewMaxSessionDuration: 7200,
        },
      },
    ]);
  });

  test("names the state that was judged and the one that it leaves", () => {
    const { remediation } = chosen(trustChange());
    expect(remediation.was).toEqual(role());
    expect(remediation.expects).toBe(stateDigest(role()));
    expect(remediation.becomes).toEqual(role({ document: wanted }));
  });

  test("goes back by the service that changed it", () => {
    const { calls, undo } = chosen(trustChange({ route: "ResourceManager" })).remediation;
    expect([calls[0], undo[0]].map((call) => `${call?.service}.${call?.operation}`)).toEqual([
      "ResourceManager.UpdateRole",
      "ResourceManager.UpdateRole",
    ]);
  });

  test.each<[string, unknown]>([
    ["a flag", true],
    ["a flag that is off", false],
    ["a flag as text", "true"],
  ])("keeps whether the role may sign in to the console: %s", (_, flag) => {
    const after = role({ rest: { AllowConsoleLogin: flag as boolean } });
    // Only Ram has a parameter for it.
    for (const route of ["Ram", "ResourceManager"] as const) {
      const { calls, undo } = chosen(trustChange({ after, route })).remediation;
      for (const call of [calls[0], undo[0]])
        expect(call).toMatchObject({ service: "Ram", parameters: { NewAllowConsoleLogin: flag } });
    }
  });

  test("sends no flag that the role does not have", () => {
    const { calls } = chosen(trustChange({ after: role({ rest: { AllowConsoleLogin: null } }) })).remediation;
    expect(calls[0].parameters).not.toHaveProperty("NewAllowConsoleLogin");
  });

  test("gets back the description and the session length that the change lost by leaving them out", () => {
    const after = role({ description: "", maxSessionSeconds: 3600 });
    const { remediation } = chosen({ ...trustChange({ after }), leftOut: ["description", "session length"] } as Change);
    expect(remediation.calls[0].parameters).toMatchObject({
      NewDescription: "deploys the shop",
      NewMaxSessionDuration: 7200,
    });
    expect(remediation.undo[0]?.parameters).toMatchObject({ NewDescription: "", NewMaxSessionDuration: 3600 });
    expect(remediation.becomes).toMatchObject({ description: "deploys the shop", maxSessionSeconds: 7200 });
  });

  test("keeps RAM's defaults where the change's own request gave them, or is not known", () => {
    const after = role({ description: "", maxSessionSeconds: 3600 });
    for (const leftOut of [{}, { leftOut: [] }])
      expect(chosen({ ...trustChange({ after }), ...leftOut } as Change).remediation.becomes).toMatchObject({
        description: "",
        maxSessionSeconds: 3600,
      });
  });

  test("gets back what the change set, and nothing else, where all of the role is judged", () => {
    const after = role({ description: "deploys all", maxSessionSeconds: 43_200 });
    const { remediation } = chosen({ ...trustChange({ after }), whole: true, leftOut: ["description"] } as Change);
    expect(remediation.becomes).toMatchObject({ description: "deploys all", maxSessionSeconds: 7200 });
  });

  test("keeps a description and a session length that somebody set since", () => {
    const after = role({ description: "deploys all", maxSessionSeconds: 43_200 });
    expect(chosen(trustChange({ after })).remediation.calls[0].parameters).toMatchObject({
      NewDescription: "deploys all",
      NewMaxSessionDuration: 43_200,
    });
  });

  test("of a role that is new is for a person to decide: what was before is no role", () => {
    const { remediation, response, because } = chosen(trustChange({ before: known(gone) }));
    expect(response).toBe("ask");
    expect(because?.kind).toBe("destructive");
    expect(remediation.calls).toEqual([
      { service: "Ram", operation: "DeleteRole", parameters: { RoleName: "deploy" } },
    ]);
    expect(remediation.becomes).toEqual(gone);
    expect(remediation.undo).toEqual([
      {
        service: "Ram",
        operation: "CreateRole",
        parameters: {
          RoleName: "deploy",
          AssumeRolePolicyDocument: unwanted,
          Description: "deploys the shop",
          MaxSessionDuration: 7200,
        },
      },
    ]);
  });

  test("is not written when what was before is not known", () => {
    expect(reasonOf(trustChange({ before: unknown }))).toBe("prior-state-unknown");
  });

  test.each<[string, string]>([
    ["to the letter", unwanted],
    ["in other white space", JSON.stringify(JSON.parse(unwanted), undefined, 2)],
    ["with a list of one as a text", unwanted.replace(/\["(.*?)"\]/, '"$1"')],
  ])("is not written when it is what it was, %s", (_, document) => {
    expect(reasonOf(trustChange({ before: known(role({ document })) }))).toBe("nothing-to-write");
  });

  test("is not written when the role is gone and was gone before", () => {
    expect(reasonOf(trustChange({ after: gone, before: known(gone) }))).toBe("nothing-to-write");
    expect(reasonOf(trustChange({ after: gone, before: unknown }))).toBe("prior-state-unknown");
  });

  test("of a role that was deleted is made again by a person, with all that is known of it", () => {
    const { remediation, response, because } = chosen(trustChange({ after: gone }));
    expect([response, because?.kind]).toEqual(["ask", "grants-privilege"]);
    expect(because?.detail).toMatch(/another RoleId/);
    expect(remediation).toMatchObject({ expects: "gone", becomes: role({ document: wanted }), anew: "calls" });
    expect(remediation.calls).toEqual([
      {
        service: "Ram",
        operation: "CreateRole",
        parameters: {
          RoleName: "deploy",
          AssumeRolePolicyDocument: wanted,
          Description: "deploys the shop",
          MaxSessionDuration: 7200,
        },
      },
    ]);
    expect(remediation.undo).toEqual([{ service: "Ram", operation: "DeleteRole", parameters: { RoleName: "deploy" } }]);
  });
});

describe("an AccessKey", () => {
  test.each<[Response, Response]>([
    ["contain", "contain"],
    ["revert", "contain"],
    ["ask", "ask"],
  ])("asked to %s is set Inactive, in the name of its owner: %s", (asked, response) => {
    const { remediation, response: given } = chosen(keyChange(), asked);
    expect(given).toBe(response);
    const status = (Status: string): Call => ({
      service: "Ram",
      operation: "UpdateAccessKey",
      parameters: { UserName: "alice", UserAccessKeyId: "LTAI5tExampleKey", Status },
    });
    expect(remediation.calls).toEqual([status("Inactive")]);
    expect(remediation.undo).toEqual([status("Active")]);
    expect(remediation.becomes).toMatchObject({ status: "Inactive", accessKeyId: "LTAI5tExampleKey" });
    // The event may not have told the id: from here on the subject is the very key.
    expect(remediation.subject).toMatchObject({ accessKeyId: "LTAI5tExampleKey" });
  });

  test("of the account owner is not written", () => {
    expect(reasonOf(keyChange({ kind: "root" }))).toBe("root-credential");
  });
  test("that is Inactive is not written", () => {
    expect(reasonOf(keyChange(undefined, "Inactive"))).toBe("nothing-to-write");
  });
  test("that is gone is not written", () => {
    expect(reasonOf(keyChange(undefined, "gone"))).toBe("nothing-to-write");
  });
});

describe("a grant", () => {
  const group = "rg-acfm123";
  const policy = { PolicyType: "System", PolicyName: "AdministratorAccess" };
  const inGroup = { resourceGroupId: group };

  test.each<[string, Principal["kind"], Route, Scope, string, Call["parameters"]]>([
    ["a user, by Ram", "user", "Ram", "account", "PolicyFromUser", { ...policy, UserName: "ops" }],
    ["a group, by Ram", "group", "Ram", "account", "PolicyFromGroup", { ...policy, GroupName: "ops" }],
    ["a role, by Ram", "role", "Ram", "account", "PolicyFromRole", { ...policy, RoleName: "ops" }],
    [
      "a user, by Ram, in a resource group",
      "user",
      "Ram",
      inGroup,
      "PolicyFromUser",
      { ...policy, UserName: "ops", ResourceGroupId: group },
    ],
    [
      "a user, by ResourceManager, for the account",
      "user",
      "ResourceManager",
      "account",
      "Policy",
      { ...policy, ResourceGroupId: own, PrincipalType: "IMSUser", PrincipalName: `ops@${own}.onaliyun.com` },
    ],
    [
      "a group, by ResourceManager, in a resource group",
      "group",
      "ResourceManager",
      inGroup,
      "Policy",
      { ...policy, ResourceGroupId: group, PrincipalType: "IMSGroup", PrincipalName: `ops@group.${own}.onaliyun.com` },
    ],
    [
      "a role, by ResourceManager, in a resource group",
      "role",
      "ResourceManager",
      inGroup,
      "Policy",
      {
        ...policy,
        ResourceGroupId: group,
        PrincipalType: "ServiceRole",
        PrincipalName: `ops@role.${own}.onaliyunservice.com`,
      },
    ],
  ])("to %s is detached in the service and the scope it was made in", (_, kind, route, scope, suffix, parameters) => {
    const change = grantChange({ principal: { kind, name: "ops" }, route, scope });
    const { remediation, response } = chosen(change);
    expect(response).toBe("revert");
    expect(remediation.calls).toEqual([{ service: route, operation: `Detach${suffix}`, parameters }]);
    expect(remediation.undo).toEqual([
      { service: route, operation: `Attach${suffix.replace("From", "To")}`, parameters },
    ]);
    expect(remediation.becomes).toEqual(gone);
    expect(remediation.was).toEqual(change.after);
    expect(remediation.expects).toBe(stateDigest(change.after));
  });

  test("by ResourceManager names the principal as the event did", () => {
    const change = grantChange({ route: "ResourceManager", principalName: "alice@corp.example" });
    const { calls, undo } = chosen(change).remediation;
    for (const call of [calls[0], undo[0]]) expect(call?.parameters.PrincipalName).toBe("alice@corp.example");
  });

  test("that was there before is not written", () => {
    expect(reasonOf(grantChange({ before: "there" }))).toBe("nothing-to-write");
  });
  test("of which it is not known whether it was there before is not written", () => {
    expect(reasonOf(grantChange({ before: "unknown" }))).toBe("prior-state-unknown");
  });
  test("that is gone is not written", () => {
    expect(reasonOf(grantChange({ isGone: true }))).toBe("nothing-to-write");
  });
});

describe("whatever the change", () => {
  const name = fc.stringMatching(/^[a-z]{1,4}$/);
  const kind = fc.constantFrom<Principal["kind"]>("user", "group", "role");
  const route = fc.constantFrom<Route>("Ram", "ResourceManager");
  const scope: fc.Arbitrary<Scope> = fc.oneof(
    fc.constant("account" as const),
    name.map((id) => ({ resourceGroupId: `rg-${id}` })),
  );
  const trust = fc
    .record({
      roleName: name,
      description: name,
      seconds: fc.integer({ min: 3600, max: 43_200 }),
      arns: fc.array(
        name.map((one) => `acs:ram::${own}:user/${one}`),
        { minLength: 1, maxLength: 3 },
      ),
      flag: fc.option(fc.boolean(), { nil: undefined }),
    })
    .map(({ roleName, description, seconds, arns, flag }) =>
      role({
        roleName,
        description,
        maxSessionSeconds: seconds,
        document: trusting(...arns),
        rest: flag === undefined ? {} : { AllowConsoleLogin: flag },
      }),
    );
  const change: fc.Arbitrary<Change> = fc.oneof(
    fc
      .tuple(trust, trust, route, fc.constantFrom("known", "gone", "unknown"), fc.boolean())
      .map(([after, before, by, was, isGone]) =>
        trustChange({
          after: isGone ? gone : after,
          before:
            was === "unknown"
              ? unknown
              : known(was === "gone" ? gone : { ...before, roleName: isGone ? "deploy" : after.roleName }),
          route: by,
        }),
      ),
    fc
      .tuple(
        fc.option(name, { nil: undefined }),
        fc.constantFrom("Active" as const, "Inactive" as const, "gone" as const),
      )
      .map(([owner, status]) =>
        keyChange(owner === undefined ? { kind: "root" } : { kind: "user", name: owner }, status),
      ),
    fc
      .tuple(kind, name, name, scope, route, fc.constantFrom("gone" as const, "there" as const, "unknown" as const))
      .map(([one, who, policy, where, by, before]) =>
        grantChange({
          principal: { kind: one, name: who },
          policy: { type: "Custom", name: policy },
          scope: where,
          route: by,
          before,
        }),
      ),
  );
  const response = fc.constantFrom<Response>("revert", "contain", "ask", "alert", "off");

  /** The names that a call has for what it touches. */
  const touched = ({ parameters }: Call): readonly unknown[] =>
    ["RoleName", "UserName", "GroupName", "PrincipalName"].flatMap((one) => parameters[one] ?? []);

  const nameOf = (one: Change): string => {
    switch (one.kind) {
      case "role-trust":
        return one.subject.roleName;
      case "access-key":
        return one.subject.owner.kind === "user" ? one.subject.owner.name : one.subject.owner.kind;
      case "grant":
        return one.subject.principal.name;
      default:
        return "";
    }
  };

  test("a plan has at most one remediation, one write, and touches its own subject only", () => {
    fc.assert(
      fc.property(change, fc.array(response, { maxLength: 4 }), (one, responses) => {
        const plan = planChange(
          one,
          responses.map((asked) => finding(asked)),
          guardrails(),
        );
        const { remediation } = plan;
        if (remediation === undefined) {
          expect(["alert", "off"]).toContain(plan.response);
          return;
        }
        expect(["revert", "contain", "ask"]).toContain(plan.response);
        expect(remediation.calls).toHaveLength(1);
        expect(remediation.undo).toHaveLength(1);
        expect(remediation.expects).toBe(stateDigest(one.after));
        expect(stateDigest(remediation.becomes)).not.toBe(remediation.expects);
        for (const call of [...remediation.calls, ...remediation.undo]) {
          expect(touched(call).map((text) => String(text).split("@")[0])).toEqual([nameOf(one)]);
          if (one.kind === "grant") expect(call.parameters.PolicyName).toBe(one.subject.policy.name);
          if (one.kind === "access-key") expect(call.parameters.UserAccessKeyId).toBe("LTAI5tExampleKey");
        }
      }),
      { numRuns: 400 },
    );
  });

  test("nothing is deleted without a person", () => {
    fc.assert(
      fc.property(change, response, (one, asked) => {
        const plan = planChange(one, [finding(asked)], guardrails());
        const deletes = plan.remediation?.calls.some(({ operation }) => operation.startsWith("Delete")) ?? false;
        if (deletes) expect(plan).toMatchObject({ response: "ask", because: { kind: "destructive" } });
      }),
      { numRuns: 300 },
    );
  });
});
