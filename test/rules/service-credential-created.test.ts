import { describe, expect, test } from "vitest";
import type { Actor } from "../../shared/domain/identity.ts";
import type { ServiceCredential } from "../../shared/domain/subjects/credentials.ts";
import { serviceCredentialCreated } from "../../shared/rules/service-credential-created.ts";
import type { Then } from "./changes.ts";
import { changed, evidenceOf, judged, own, ruleTable, user } from "./changes.ts";

const credential = (over: Partial<ServiceCredential> = {}): ServiceCredential => ({
  kind: "service-credential",
  credentialId: "sc-1",
  name: "api",
  status: "Active",
  validDays: 30,
  ...over,
});
const { validDays: _, ...untold } = credential();
const made = (
  then: Then<"service-credential">,
  after: ServiceCredential | undefined,
  actor: Actor | undefined = user("mallory"),
) =>
  changed<"service-credential">(
    { kind: "service-credential", accountId: own, route: "Ims", userName: "alice", credentialId: "sc-1" },
    then,
    after,
    { actor },
  );
const self = user("alice");

describe("a service credential that can be used", () => {
  ruleTable(serviceCredentialCreated, {
    violates: {
      "somebody else made it": made("nothing", credential()),
      "its owner made it, and it never ends": made("nothing", credential({ validDays: "unlimited" }), self),
      "its owner made it, and it is valid for too long": made("nothing", credential({ validDays: 365 }), self),
      "somebody else made one without a name": made("nothing", credential({ name: "" })),
      "somebody else put it in use again": made(credential({ status: "Inactive" }), credential()),
      "somebody else made it, and nobody tells how long it is valid": made("nothing", untold),
    },
    complies: {
      "its owner made it, for as long as is allowed": made("nothing", credential({ validDays: 90 }), self),
      "a provisioner made it": made("nothing", credential({ validDays: "unlimited" }), user("helpdesk")),
      "it is Inactive": made("nothing", credential({ status: "Inactive" })),
      "it is gone": made(credential(), undefined),
      "it is gone, and nobody knows whether it was in use": made("unknown", undefined),
      "it was in use before": made(credential(), credential({ name: "other" })),
    },
    undetermined: {
      "nobody knows whether it was in use": made("unknown", credential()),
      "its owner made it, and nobody tells how long it is valid": made("nothing", untold, self),
    },
  });

  test("tells how long it is valid", () => {
    const [evidence] = evidenceOf(
      judged(serviceCredentialCreated, made("nothing", credential({ validDays: 365 }), self)),
    );
    expect(evidence?.facts).toEqual({ user: "alice", credentialId: "sc-1", maker: "user alice", days: "365" });
    expect(evidence?.sentence.en).toContain("valid for 365 days where 90 are allowed");
  });
});
