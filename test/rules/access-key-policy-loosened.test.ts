import { describe } from "vitest";
import type { JsonObject } from "../../shared/domain/json.ts";
import { accessKeyPolicyLoosened } from "../../shared/rules/access-key-policy-loosened.ts";
import { changed, own, ruleTable, user } from "./changes.ts";

const classic = (...IPList: readonly string[]): JsonObject => ({ Type: "ClassicWhiteList", IPList });
const vpc = (Value: string, ...IPList: readonly string[]): JsonObject => ({ Type: "VPCWhiteList", Value, IPList });
const active = (...Statements: readonly JsonObject[]): JsonObject => ({ Version: 1, Status: "Active", Statements });
const none: JsonObject = { Version: 1, Status: "Inactive", Statements: [] };
const office = active(classic("10.0.0.0/8"));

const from = (was: JsonObject | "unknown" | "nothing", is: JsonObject | undefined, actor = user("mallory")) =>
  changed<"key-policy">(
    { kind: "key-policy", accountId: own, route: "Ims", userName: "alice", accessKeyId: "LTAI5tExampleKey" },
    typeof was === "string" ? was : { kind: "key-policy", document: was },
    is === undefined ? undefined : { kind: "key-policy", document: is },
    { actor },
  );

describe("a network policy of a key that lets in more", () => {
  ruleTable(accessKeyPolicyLoosened, {
    violates: {
      "it is taken off": from(office, none),
      "it is switched off": from(office, { ...office, Status: "Inactive" }),
      "it is wider": from(office, active(classic("0.0.0.0/0"))),
      "a network is added": from(office, active(classic("10.0.0.0/8", "192.0.2.1"))),
      "one network takes the place of another": from(office, active(classic("192.0.2.1"))),
      "a VPC is let in besides": from(office, active(classic("10.0.0.0/8"), vpc("vpc-1", "10.0.0.0/8"))),
      "any VPC is let in, and not one alone": from(
        active(vpc("vpc-1", "10.0.0.0/8")),
        active(vpc("AllowAllVPC", "0.0.0.0/0", "::/0")),
      ),
    },
    complies: {
      "it is as it was": from(office, office),
      "it cannot be read, and is as it was": from(active(classic("corp")), active(classic("corp"))),
      "it is narrower": from(office, active(classic("10.1.2.3"))),
      "there is one now": from(none, office),
      "there is none, as before": from(none, { ...none, Statements: [classic("10.0.0.0/8")] }),
      "one VPC is let in, and not any": from(
        active(vpc("AllowAllVPC", "0.0.0.0/0")),
        active(vpc("vpc-1", "10.0.0.0/8")),
      ),
      "blocks are written otherwise": from(active(classic("10.0.0.0/9"), classic("10.128.0.0/9")), office),
      "the key is gone": from(office, undefined),
      "there was no key": from("nothing", office),
      "a provisioner takes it off": from(office, none, user("helpdesk")),
    },
    undetermined: {
      "nobody knows what it was": from("unknown", office),
      "it has no statement": from(office, active()),
      "an address cannot be read": from(office, active(classic("corp"))),
      "a kind of network that nobody knows": from(office, active({ Type: "Cloud", IPList: ["10.0.0.0/8"] })),
    },
  });
});
