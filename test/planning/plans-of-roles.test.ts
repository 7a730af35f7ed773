import { describe } from "vitest";
import type { Grant, GrantRef, RoleTrustRef } from "../../shared/domain/subject.ts";
import { gone } from "../../shared/domain/subject.ts";
import { own, role, trusting, unwanted, wanted } from "./changes.ts";
import { changed, goldenPlans } from "./golden-plans.ts";

const trustRef: RoleTrustRef = { kind: "role-trust", accountId: own, route: "Ram", roleName: "deploy" };
const accepted = role({ document: wanted });
const both = trusting(`acs:ram::${own}:user/alice`, "acs:ram::9876543210987654:root");
const twoNew = trusting("acs:ram::9876543210987654:root", `acs:ram::${own}:user/bob`);
const plain = role({ description: "", maxSessionSeconds: 3600 });
const whole = { whole: true } as const;

describe("a role", () => {
  goldenPlans("roles", {
    "whose trust lets in somebody else": [changed(trustRef, accepted, role({ document: both }))],
    "whose trust lets in somebody else, asked to ask": [changed(trustRef, accepted, role({ document: both })), "ask"],
    "whose trust lets in others and one no more": [changed(trustRef, accepted, role({ document: twoNew }))],
    "whose trust is what it was": [changed(trustRef, accepted, accepted)],
    "whose trust is what it was and whose description is not": [
      changed(trustRef, accepted, role({ document: wanted, description: "other" })),
    ],
    "that lost its description and its session length": [
      changed(trustRef, accepted, plain, { leftOut: ["description", "session length"] }),
    ],
    "that lost its description": [changed(trustRef, accepted, plain, { leftOut: ["description"] })],
    "that lost its session length": [changed(trustRef, accepted, plain, { leftOut: ["session length"] })],
    "that is said to have lost what stands otherwise": [
      changed(trustRef, accepted, role({ description: "newer", maxSessionSeconds: 10_800 }), {
        leftOut: ["description", "session length"],
      }),
    ],
    "of which all is judged, and that was given all": [
      changed(trustRef, accepted, role({ description: "newer", maxSessionSeconds: 43_200 }), { ...whole, leftOut: [] }),
    ],
    "of which all is judged, and that was given a session length": [
      changed(trustRef, accepted, role({ description: "newer", maxSessionSeconds: 43_200 }), {
        ...whole,
        leftOut: ["description"],
      }),
    ],
    "of which all is judged, and that was given a description": [
      changed(trustRef, accepted, role({ description: "newer", maxSessionSeconds: 43_200 }), {
        ...whole,
        leftOut: ["session length"],
      }),
    ],
    "of which all is judged, where nobody knows what it was given": [
      changed(trustRef, accepted, role({ description: "newer", maxSessionSeconds: 43_200 }), whole),
    ],
    "of which all is judged, and that is what it was but for its description": [
      changed(trustRef, accepted, role({ document: wanted, description: "newer" }), {
        ...whole,
        leftOut: ["session length"],
      }),
    ],
    "of which all is judged, and that is what it was": [
      changed(trustRef, accepted, accepted, { ...whole, leftOut: [] }),
    ],
    "that was given all, where only its trust is judged": [
      changed(trustRef, accepted, role({ description: "newer", maxSessionSeconds: 43_200 }), { leftOut: [] }),
    ],
    "whose sessions may last longer, which is judged": [
      changed(trustRef, accepted, role({ document: wanted, maxSessionSeconds: 43_200 }), { sessionLength: true }),
    ],
    "whose sessions may last less long, which is judged": [
      changed(trustRef, accepted, role({ document: both, maxSessionSeconds: 3600 }), { sessionLength: true }),
    ],
    "whose sessions may last as long as before, which is judged": [
      changed(trustRef, accepted, accepted, { sessionLength: true }),
    ],
    "of which all is judged, and that was changed again since": [
      changed(trustRef, accepted, role({ document: both }), {
        ...whole,
        leftOut: [],
        claimed: role({ document: unwanted }),
      }),
    ],
    "of which all is judged, and that is as its event made it": [
      changed(trustRef, accepted, role({ document: both }), {
        ...whole,
        leftOut: [],
        claimed: role({ document: JSON.stringify(JSON.parse(both), undefined, 2) }),
      }),
    ],
    "of which all is judged, asked to ask, and that was changed again since": [
      changed(trustRef, accepted, role({ document: both }), {
        ...whole,
        leftOut: [],
        claimed: role({ document: unwanted }),
      }),
      "ask",
    ],
    "of which only the trust is judged, and that was changed again since": [
      changed(trustRef, accepted, role({ document: both }), { claimed: role({ document: unwanted }) }),
    ],
    "of which all is judged, and whose event says that it is gone": [
      changed(trustRef, accepted, role({ document: both }), { ...whole, leftOut: [], claimed: gone }),
    ],
    "that is new": [changed(trustRef, gone, role())],
    "that is new, by ResourceManager": [changed({ ...trustRef, route: "ResourceManager" }, gone, role())],
    "that was deleted": [changed(trustRef, accepted, gone)],
    "that was deleted, by ResourceManager": [changed({ ...trustRef, route: "ResourceManager" }, accepted, gone)],
    "that never was": [changed(trustRef, gone, gone)],
    "that was not known": [changed(trustRef, undefined, role())],
    "that was not known and is gone": [changed(trustRef, undefined, gone)],
    "whose trust nobody can read": [changed(trustRef, accepted, role({ document: "{" }))],
  });
});

const grantRef = (over: Partial<GrantRef> = {}): GrantRef => ({
  kind: "grant",
  accountId: own,
  route: "Ram",
  principal: { kind: "user", name: "alice" },
  policy: { type: "System", name: "AdministratorAccess" },
  scope: "account",
  ...over,
});
const grant = (ref: GrantRef): Grant => {
  const { principal, policy, scope } = ref;
  return { kind: "grant", principal, policy, scope };
};
const ofSystem = grantRef();
const ofShop = grantRef({ policy: { type: "Custom", name: "shop" }, principal: { kind: "group", name: "ops" } });
const inGroup = grantRef({ route: "ResourceManager", scope: { resourceGroupId: "rg-1" } });

describe("a grant", () => {
  goldenPlans("grants", {
    "that is new": [changed(ofSystem, gone, grant(ofSystem))],
    "that is new, asked to ask": [changed(ofSystem, gone, grant(ofSystem)), "ask"],
    "that is new, in a resource group": [changed(inGroup, gone, grant(inGroup))],
    "that was there before": [changed(ofSystem, grant(ofSystem), grant(ofSystem))],
    "that was not known": [changed(ofSystem, undefined, grant(ofSystem))],
    "that was not known and is gone": [changed(ofSystem, undefined, gone)],
    "that never was": [changed(ofSystem, gone, gone)],
    "of a policy of the cloud that was taken away": [changed(ofSystem, grant(ofSystem), gone)],
    "of a policy of the account that was taken away": [changed(ofShop, grant(ofShop), gone)],
    "that was taken away in a resource group": [changed(inGroup, grant(inGroup), gone)],
  });
});
