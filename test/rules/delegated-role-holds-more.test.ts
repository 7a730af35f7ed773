import { describe, expect, test } from "vitest";
import { delegatedRoleHoldsMore } from "../../shared/rules/delegated-role-holds-more.ts";
import type { HeldDocument } from "../../shared/rules/kit/rule.ts";
import { trustOf } from "../sandbox/client.ts";
import {
  allowing,
  changed,
  custom,
  detachChange,
  evidenceOf,
  grantChange,
  judged,
  own,
  partner,
  ruleTable,
  system,
  trustChange,
} from "./changes.ts";

const lent = { kind: "role", name: "lent" } as const;
const ours = trustOf({ RAM: [`acs:ram::${own}:role/CI-Deploy`] });
const lendingTo = trustOf({ RAM: [`acs:ram::${partner}:root`] });
const held = (name: string, text: string | undefined): HeldDocument => ({
  policy: custom(name),
  scope: "account",
  text,
});
const topic = held("topic", allowing(["mq:PUB", "mq:SUB"], "acs:mq:*:*:MQ_INST_1%orders"));
const storage = held("storage", allowing("oss:GetObject", "acs:oss:*:*:logs/*"));
const given = (name: string, roleTrust: string | undefined, all: readonly HeldDocument[] | undefined) => ({
  change: grantChange(lent, custom(name)),
  facts: { roleTrust, held: all },
});

describe("a role that is lent to another account", () => {
  ruleTable(delegatedRoleHoldsMore, {
    violates: {
      "gets a second product": given("storage", lendingTo, [topic, storage]),
      "gets everything": given("all", lendingTo, [held("all", allowing("*"))]),
      "gets a policy whose text nobody could read, beside another": given("unread", lendingTo, [
        topic,
        held("unread", undefined),
      ]),
      "gets a policy of the name of another that it had": {
        change: grantChange(lent, system("storage")),
        facts: {
          roleTrust: lendingTo,
          held: [
            { ...topic, policy: custom("storage") },
            { ...storage, policy: system("storage") },
          ],
        },
      },
      "gets for the whole account what it had in a resource group": {
        change: grantChange(lent, custom("storage")),
        facts: {
          roleTrust: lendingTo,
          held: [{ ...topic, policy: custom("storage"), scope: { resourceGroupId: "rg-1" } }, storage],
        },
      },
      "is lent where whom it trusted before was not understood": {
        change: trustChange("{", lendingTo),
        facts: { held: [topic, storage] },
      },
      "is new, and holds two products already": {
        change: trustChange("new", lendingTo),
        facts: { held: [topic, storage] },
      },
      "is lent when it holds two products": { change: trustChange(ours, lendingTo), facts: { held: [topic, storage] } },
    },
    complies: {
      "gets the one product that it is for": given("topic", lendingTo, [topic]),
      "gets another policy of the same product": given("more", lendingTo, [
        topic,
        held("more", allowing("mq:SUB", "acs:mq:*:*:MQ_INST_1%GID_1")),
      ]),
      "had two before, and gets no third": given("more", lendingTo, [
        topic,
        storage,
        held("more", allowing("oss:PutObject", "acs:oss:*:*:logs/*")),
      ]),
      "one that only our own account takes on": given("storage", ours, [topic, storage]),
      "loses one": { change: detachChange(lent, custom("storage")), facts: { roleTrust: lendingTo, held: [topic] } },
      "loses one, and nobody knows whether it had it": detachChange(lent, custom("storage"), { before: "unknown" }),
      "had it already": {
        change: changed<"grant">(
          { kind: "grant", accountId: own, principal: lent, policy: custom("storage"), scope: "account", route: "Ram" },
          { kind: "grant", principal: lent, policy: custom("storage"), scope: "account" },
          { kind: "grant", principal: lent, policy: custom("storage"), scope: "account" },
        ),
        facts: { roleTrust: lendingTo, held: [topic, storage] },
      },
      "gets one where whom it trusts cannot be understood, of which the rules on trust tell": given("storage", "{", [
        topic,
        storage,
      ]),
      "is lent no more, and what it holds was not read": trustChange(lendingTo, ours),
      "a user's grant": grantChange({ kind: "user", name: "alice" }, system("AliyunOSSFullAccess")),
      "is lent with one product": { change: trustChange(ours, lendingTo), facts: { held: [topic] } },
      "was lent before": {
        change: trustChange(lendingTo, trustOf({ RAM: [`acs:ram::${partner}:root`], Service: ["ecs.aliyuncs.com"] })),
        facts: { held: [topic, storage] },
      },
      "is new, and holds nothing yet": trustChange("new", lendingTo),
      "lets in everybody, of which a rule of its own tells": {
        change: trustChange(ours, trustOf({ RAM: ["*"] })),
        facts: { held: [topic, storage] },
      },
      "is gone": trustChange(lendingTo, "gone"),
    },
    undetermined: {
      "whom the role trusts was not read": given("topic", undefined, [topic]),
      "what the role holds was not read": given("topic", lendingTo, undefined),
      "it is lent, and what it holds was not read": trustChange(ours, lendingTo),
    },
  });

  test("names what it holds, and who gets it", () => {
    const [evidence] = evidenceOf(judged(delegatedRoleHoldsMore, given("storage", lendingTo, [topic, storage])));
    expect(evidence?.facts).toMatchObject({ role: "lent", products: "mq, oss" });
    expect(evidence?.sentence.en).toContain(partner);
  });
});
