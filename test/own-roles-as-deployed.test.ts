import { describe, expect, test } from "vitest";
import { standingFindings } from "../shared/as-it-stands.ts";
import { readConfig } from "../shared/config.ts";
import type { Subject, SubjectRef } from "../shared/domain/subject.ts";
import { allowedInShort, allowedToApprove } from "../shared/own-roles-as-deployed.ts";
import type { HeldDocument } from "../shared/rules/kit/rule.ts";
import { roleDocument } from "./deploy/role-documents.ts";
import { trustOf } from "./sandbox/client.ts";

const accountId = "1234567890123456";

const stated = roleDocument("approving.json", accountId);
const text = JSON.stringify(stated);
const trust = JSON.stringify(roleDocument("approving.trust.json", accountId));

test("what the approving role may do is known by the document that is deployed", () => {
  // Where functions/roles/approving.json was changed on purpose, this is what `allowedToApprove` is to be.
  expect(allowedInShort(text, accountId)).toBe(allowedToApprove);
});

const settings = () => {
  const roles = "{ looking: ram-warden-looking, acting: ram-warden-acting, approving: ram-warden-approving }";
  const read = readConfig(`account: "${accountId}"\nroles: ${roles}\n`, "warden.yaml", {});
  if (!read.ok) throw new Error("the settings are refused");
  return read.value;
};

type Standing = { readonly roleName?: string; readonly document?: string; readonly held?: readonly HeldDocument[] };

const own = (document = text, name = "ram-warden-approving"): HeldDocument => ({
  policy: { type: "Custom", name },
  scope: "account",
  text: document,
});

const rulesAgainst = ({ roleName = "ram-warden-approving", document = trust, held = [own()] }: Standing) => {
  const subject: SubjectRef = { kind: "role-trust", accountId, route: "Ram", roleName };
  const state: Subject = {
    kind: "role-trust",
    roleName,
    document,
    maxSessionSeconds: 3_600,
    roleId: "1",
    description: "",
    serviceLinked: false,
    rest: {},
  };
  return standingFindings(subject, state, settings(), { held }).map(({ rule }) => rule);
};

/** As in the file, where the account's id is still to be put in. */
const unfilled = (given: string): string => given.replaceAll(accountId, "<account-id>");

const withStatements = (change: (statements: typeof stated.Statement) => readonly object[]): string =>
  JSON.stringify({ ...stated, Statement: change(stated.Statement) });

describe("our own approving role lets in the account", () => {
  test("on purpose, as it is deployed, which is no finding", () => expect(rulesAgainst({})).toEqual([]));

  test("with more denied than we deny, and its documents written in another way", () => {
    const more = withStatements((all) =>
      [...all]
        .reverse()
        .map((one) =>
          one.Effect === "Deny" ? { ...one, Resource: [...(one.Resource ?? []), "acs:ram:*:*:user/break-glass"] } : one,
        ),
    );
    expect(rulesAgainst({ held: [own(more)], document: JSON.stringify(JSON.parse(trust), undefined, 4) })).toEqual([]);
  });

  test.each<[string, Standing]>([
    [
      "its trust lets in more of the account",
      { document: trustOf({ RAM: [`acs:ram::${accountId}:root`, `acs:ram::${accountId}:role/ci`] }) },
    ],
    [
      "its trust lets in a service as well",
      { document: trustOf({ RAM: [`acs:ram::${accountId}:root`], Service: ["ecs.aliyuncs.com"] }) },
    ],
    ["it is another role of ours", { roleName: "ram-warden-acting" }],
    ["it is anybody's role", { roleName: "deploy" }],
    [
      "it holds another policy besides",
      { held: [own(), { policy: { type: "System", name: "AdministratorAccess" }, scope: "account", text: undefined }] },
    ],
    [
      "its policy allows more",
      {
        held: [
          own(withStatements((all) => [...all, { Effect: "Allow", Action: ["ram:CreateAccessKey"], Resource: ["*"] }])),
        ],
      },
    ],
    [
      "its policy denies less",
      { held: [own(withStatements((all) => all.filter(({ Effect }) => Effect === "Allow")))] },
    ],
    ["its policy was never filled in", { held: [own(unfilled(text))] }],
    [
      "what its policy denies was never filled in",
      {
        held: [
          own(
            withStatements((all) =>
              all.map((one) => (one.Effect === "Deny" ? (JSON.parse(unfilled(JSON.stringify(one))) as object) : one)),
            ),
          ),
        ],
      },
    ],
    [
      "what its policy denies was never filled in, in another spelling",
      {
        held: [
          own(
            withStatements((all) =>
              all.map((one) => (one.Effect === "Deny" ? (JSON.parse(unfilled(JSON.stringify(one))) as object) : one)),
            ).replaceAll("<", "\\u003c"),
          ),
        ],
      },
    ],
    [
      "its policy denies under a condition",
      {
        held: [
          own(
            withStatements((all) =>
              all.map((one) =>
                one.Effect === "Deny" ? { ...one, Condition: { Bool: { "acs:SecureTransport": ["false"] } } } : one,
              ),
            ),
          ),
        ],
      },
    ],
  ])("and is told where %s", (_, standing) => expect(rulesAgainst(standing)).toContain("RAM.TrustTooBroad"));

  test("and whoever else is let in is told as ever", () => {
    const document = trustOf({ RAM: [`acs:ram::${accountId}:root`, "acs:ram::6660666066606660:root"] });
    expect(rulesAgainst({ document })).toEqual(
      expect.arrayContaining(["RAM.TrustTooBroad", "RAM.TrustForeignAccount"]),
    );
  });
});
