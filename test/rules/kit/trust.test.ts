import { describe, expect, test } from "vitest";
import type { RoleTrustRef } from "../../../shared/domain/subjects/trust.ts";
import { entityOfArn } from "../../../shared/policy/trust-entities.ts";
import {
  isForeign,
  isLentOut,
  isTrusted,
  isUntouched,
  isWholeAccount,
  letsForeignersIn,
  letsOwnAccountIn,
  readEntities,
} from "../../../shared/rules/kit/trust.ts";
import { allow, own, partner, settings, stranger, trusting } from "../changes.ts";

const rootOf = (account: string) => `acs:ram::${account}:root`;
const letIn = (principal: unknown) => {
  const entities = readEntities(trusting(allow(principal)));
  const [entity] = entities.ok ? entities.value : [];
  if (entity === undefined) throw new Error("the document lets nobody in");
  return entity;
};
const everyone = letIn({ RAM: "*" });
const unrecognised = letIn({ RAM: "arn:aws:iam::1:root" });

describe("a change that surely left the document alone", () => {
  const ref: RoleTrustRef = { kind: "role-trust", accountId: own, roleName: "deploy", route: "Ram" };

  test.each([
    ["nothing says so", {}, false, false],
    ["the call cannot change it, and nothing else is known", { leavesDocument: true }, false, true],
    [
      "the call cannot change it, and what was before is known: the two can be compared",
      { leavesDocument: true },
      true,
      false,
    ],
  ] as const)("%s", (_, more, known, untouched) => {
    expect(isUntouched({ ...ref, ...more }, { known })).toBe(untouched);
  });
});

test.each([
  ["everyone", everyone, true],
  ["what is not recognised", unrecognised, true],
  ["another account", entityOfArn(rootOf(stranger)), true],
  ["a role of another account", entityOfArn(`acs:ram::${stranger}:role/ci`), true],
  ["a service that acts for another account", letIn({ Service: `${stranger}@log.aliyuncs.com` }), true],
  ["the own account", entityOfArn(rootOf(own)), false],
  ["a user of the own account", entityOfArn(`acs:ram::${own}:user/alice`), false],
  ["a service", letIn({ Service: "ecs.aliyuncs.com" }), false],
])("whether %s is from outside", (_, entity, foreign) => {
  expect(isForeign(entity, own)).toBe(foreign);
});

describe("whom the settings allow a role to trust", () => {
  const given = settings({
    trusted: {
      accounts: [partner, own],
      services: ["ecs.aliyuncs.com"],
      entities: [`acs:ram::${own}:role/CI-Deploy`, `acs:ram::${stranger}:user/ci`],
    },
  });

  test.each([
    ["an account of the list", entityOfArn(rootOf(partner))],
    ["anybody of an account of the list", entityOfArn(`acs:ram::${partner}:user/bob`)],
    ["a service of the list", letIn({ Service: "ecs.aliyuncs.com" })],
    ["a service of the list for the own account", letIn({ Service: `${own}@ecs.aliyuncs.com` })],
    ["a service for an account of the list", letIn({ Service: `${partner}@log.aliyuncs.com` })],
    ["a role that is named", entityOfArn(`acs:ram::${own}:role/CI-Deploy`)],
    ["a role that is named, in another case", entityOfArn(`acs:ram::${own}:role/ci-deploy`)],
    ["a user of another account that is named", entityOfArn(`acs:ram::${stranger}:user/ci`)],
  ])("%s", (_, entity) => {
    expect(isTrusted(entity, given)).toBe(true);
  });

  test.each([
    ["everyone", everyone],
    ["what is not recognised", unrecognised],
    ["an account that is not on the list", entityOfArn(rootOf(stranger))],
    ["a service that is not on the list", letIn({ Service: "fc.aliyuncs.com" })],
    ["a service of the list for another account", letIn({ Service: `${stranger}@ecs.aliyuncs.com` })],
    // The list of accounts is of others: all of the own one is not let in by it.
    ["all of the own account, though it is on the list", entityOfArn(rootOf(own))],
    ["a user with the name of the role", entityOfArn(`acs:ram::${own}:user/CI-Deploy`)],
  ])("not %s", (_, entity) => {
    expect(isTrusted(entity, given)).toBe(false);
  });

  test("not everyone or what is not recognised, even where the settings name them", () => {
    const all = settings({ trusted: { accounts: [], services: [], entities: ["*", "arn:aws:iam::1:root"] } });
    for (const entity of [everyone, unrecognised]) expect(isTrusted(entity, all)).toBe(false);
  });
});

describe("the entities of a document", () => {
  test("are each there once", () => {
    const twice = trusting(allow({ RAM: rootOf(own) }), allow({ RAM: [rootOf(own), rootOf(partner)] }));
    expect(readEntities(twice)).toMatchObject({ ok: true, value: [{ accountId: own }, { accountId: partner }] });
  });

  test("cannot be told of what is no document", () => {
    expect(readEntities("{")).toMatchObject({ ok: false, error: [{ path: "$" }] });
    expect(readEntities()).toMatchObject({ ok: false, error: [{ path: "$" }] });
  });
});

test.each([
  ["everyone", everyone, true],
  ["the own account", entityOfArn(rootOf(own)), true],
  ["another account", entityOfArn(rootOf(stranger)), false],
  ["a user of it", entityOfArn(`acs:ram::${own}:user/alice`), false],
  ["what is not recognised", unrecognised, false],
])("whether %s is all of an account", (_, entity, whole) => {
  expect(isWholeAccount(entity, own)).toBe(whole);
});

describe("whom a document lets in", () => {
  const documents = {
    "the own account beside a service": trusting(allow({ Service: "ecs.aliyuncs.com" }), allow({ RAM: rootOf(own) })),
    "a partner beside a service": trusting(allow({ Service: "ecs.aliyuncs.com" }), allow({ RAM: rootOf(partner) })),
    "a stranger alone": trusting(allow({ RAM: rootOf(stranger) })),
    "a service alone": trusting(allow({ Service: "ecs.aliyuncs.com" })),
    "a service and a named role": trusting(
      allow({ RAM: `acs:ram::${own}:role/CI-Deploy`, Service: "ecs.aliyuncs.com" }),
    ),
    "nobody that can be read": "{",
  };
  const whomThatIs = (judge: (document: string) => boolean) =>
    Object.entries(documents).flatMap(([name, document]) => (judge(document) ? [name] : []));

  test("all of the own account", () => {
    expect(whomThatIs((document) => letsOwnAccountIn(document, own))).toEqual(["the own account beside a service"]);
  });

  test("somebody from outside", () => {
    expect(whomThatIs((document) => letsForeignersIn(document, own))).toEqual([
      "a partner beside a service",
      "a stranger alone",
    ]);
  });

  test("somebody from outside who may be let in", () => {
    expect(whomThatIs((document) => isLentOut(document, settings()))).toEqual(["a partner beside a service"]);
  });
});
