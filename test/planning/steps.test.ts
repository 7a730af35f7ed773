import { describe, expect, test } from "vitest";
import type { User } from "../../shared/domain/subjects/identities.ts";
import type { Policy } from "../../shared/domain/subjects/permissions.ts";
import { remediationFor } from "../../shared/planning/remediation-for.ts";
import { emptying, heldBy, holdsNothing } from "../../shared/planning/remedies/holdings.ts";
import { actsTowards, holderOf, paired } from "../../shared/planning/remedies/policy-steps.ts";
import { own } from "./changes.ts";
import { changed } from "./golden-plans.ts";

const policy = (
  versions: { readonly [id: string]: string },
  defaultVersion: string,
  over: Partial<Policy> = {},
): Policy => ({
  kind: "policy",
  policyName: "shop",
  description: "",
  createdAt: "",
  defaultVersion,
  versions: Object.entries(versions).map(([versionId, product]) => ({
    versionId,
    document: JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: `${product}:*`, Resource: "*" }] }),
  })),
  ...over,
});
const told = (from: Policy, to: Policy): readonly string[] =>
  actsTowards(from, to).map((act) => {
    if (act.do === "add") return `add ${/"(\w+):/.exec(act.document)?.[1]}${act.asDefault ? " as default" : ""}`;
    return act.do === "describe" ? `describe ${act.description}` : `${act.do} ${act.versionId}`;
  });

describe("the acts from one policy to another", () => {
  test.each<[string, Policy, Policy, readonly string[]]>([
    ["are none where they are the same", policy({ v1: "a" }, "v1"), policy({ v1: "a" }, "v1"), []],
    ["set the default", policy({ v1: "a", v2: "b" }, "v2"), policy({ v1: "a", v2: "b" }, "v1"), ["set-default v1"]],
    ["add what is missing", policy({ v2: "b" }, "v2"), policy({ v1: "a", v2: "b" }, "v2"), ["add a"]],
    [
      "add what is missing in its old order",
      policy({ v3: "c" }, "v3"),
      policy({ v10: "d", v2: "b", v3: "c" }, "v3"),
      ["add b", "add d"],
    ],
    [
      "set the default before the former one is deleted",
      policy({ v1: "a", v2: "b" }, "v2"),
      policy({ v1: "a" }, "v1"),
      ["set-default v1", "delete v2"],
    ],
    [
      "add the default where it is missing",
      policy({ v2: "b" }, "v2"),
      policy({ v1: "a" }, "v1"),
      ["add a as default", "delete v2"],
    ],
    [
      "make room before a sixth version",
      policy({ v2: "b", v3: "c", v4: "d", v5: "e", v6: "f" }, "v2"),
      policy({ v1: "a", v2: "b", v3: "c", v4: "d", v5: "e" }, "v2"),
      ["delete v6", "add a"],
    ],
    [
      "set the default first where the one to delete is the default",
      policy({ v2: "b", v3: "c", v4: "d", v5: "e", v6: "f" }, "v6"),
      policy({ v1: "a", v2: "b", v3: "c", v4: "d", v5: "e" }, "v2"),
      ["set-default v2", "delete v6", "add a"],
    ],
    [
      "are none where only the default could make room",
      policy({ v1: "a", v2: "b", v3: "c", v4: "d", v5: "e" }, "v5"),
      policy({ v1: "a", v2: "b", v3: "c", v4: "d", v6: "f" }, "v6"),
      [],
    ],
    ["are none where the default is not known", policy({ v1: "a", v2: "b" }, "v2"), policy({ v1: "a" }, "v9"), []],
    [
      "describe at the end",
      policy({ v1: "a" }, "v1"),
      policy({ v1: "a", v2: "b" }, "v1", { description: "x" }),
      ["add b", "describe x"],
    ],
  ])("%s", (_, from, to, acts) => {
    expect(told(from, to)).toEqual(acts);
  });

  test("keep of two versions with one document that of the same id", () => {
    const twice = policy({ v1: "a", v2: "a" }, "v2");
    const [second] = policy({ v2: "a" }, "v2").versions;
    expect(told(twice, policy({ v2: "a" }, "v2"))).toEqual(["delete v1"]);
    expect([...paired(twice, policy({ v2: "a" }, "v2")).values()]).toEqual([second]);
    expect(second && holderOf(twice, second)?.versionId).toBe("v2");
    const [other] = policy({ v7: "a" }, "v7").versions;
    expect(other && holderOf(twice, other)?.versionId).toBe("v1");
    const [strange] = policy({ v1: "b" }, "v1").versions;
    expect(strange && holderOf(twice, strange)).toBeUndefined();
  });

  test("take no version for one of its id that holds another document", () => {
    expect(told(policy({ v1: "b", v2: "a" }, "v2"), policy({ v1: "a" }, "v1"))).toEqual(["delete v1"]);
  });
});

describe("emptying a user", () => {
  const alice: User = {
    kind: "user",
    userId: "200",
    userName: "alice",
    displayName: "",
    comments: "",
    email: "",
    mobilePhone: "",
    provisionType: "Manual",
    holdings: {
      accessKeys: [
        { accessKeyId: "LTAI1", status: "Active" },
        { accessKeyId: "LTAI2", status: "Inactive" },
      ],
      login: null,
      mfaSerial: null,
      groups: [],
      grants: [],
    },
  };
  const at = { accountId: own, route: "Ram" } as const;
  const done = (keys: "deleted" | "kept") =>
    emptying(alice, at, { keys }).map(({ call, to }) => [
      [call.operation, call.parameters.UserAccessKeyId, call.parameters.Status].filter(Boolean).join(" "),
      to.kind === "user" ? heldBy(to).accessKeys.map(({ accessKeyId, status }) => `${accessKeyId} ${status}`) : [],
    ]);

  test("sets each key Inactive before it deletes it", () => {
    expect(done("deleted")).toEqual([
      ["UpdateAccessKey LTAI1 Inactive", ["LTAI1 Inactive", "LTAI2 Inactive"]],
      ["DeleteAccessKey LTAI1", ["LTAI2 Inactive"]],
      ["DeleteAccessKey LTAI2", []],
    ]);
  });

  test("sets a key Inactive that the recycle bin takes along", () => {
    expect(done("kept")).toEqual([["UpdateAccessKey LTAI1 Inactive", ["LTAI1 Inactive", "LTAI2 Inactive"]]]);
  });

  test("is of nothing where nothing is held, and where nobody has looked", () => {
    const { holdings, ...bare } = alice;
    expect(holdsNothing(alice)).toBe(false);
    expect(holdsNothing(bare)).toBe(true);
    if (holdings === undefined) throw new Error("alice holds keys");
    expect(emptying({ ...alice, holdings: { ...holdings, accessKeys: [] } }, at, { keys: "deleted" })).toEqual([]);
  });
});

describe("what nobody may write", () => {
  test("of a key of the account owner has no remedy, whoever asks", () => {
    const ref = { kind: "key-policy", accountId: own, route: "Ims", accessKeyId: "LTAI1" } as const;
    const state = { kind: "key-policy", document: { Status: "Inactive", Statements: [] } } as const;
    expect(remediationFor(changed(ref, state, state), "ask")).toEqual({
      ok: false,
      error: { kind: "root-credential", detail: "a key of the account owner cannot be managed by a RAM role" },
    });
  });

  test("of a SAML provider of CloudSSO has no remedy, whoever asks", () => {
    const providerName = "AliyunReservedSSO-corp";
    const ref = { kind: "saml-provider", accountId: own, route: "Ims", providerName } as const;
    expect(remediationFor(changed(ref, undefined, { kind: "gone" }), "ask")).toEqual({
      ok: false,
      error: { kind: "cloudsso-owned", detail: `SAML provider ${providerName} belongs to CloudSSO; change it there` },
    });
  });
});
