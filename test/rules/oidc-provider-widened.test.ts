import { describe, expect, test } from "vitest";
import type { OidcProvider } from "../../shared/domain/subjects/federation.ts";
import { oidcProviderWidened } from "../../shared/rules/oidc-provider-widened.ts";
import type { Then } from "./changes.ts";
import { changed, evidenceOf, judged, own, ruleTable, settings, user } from "./changes.ts";

const provider = (over: Partial<OidcProvider> = {}): OidcProvider => ({
  kind: "oidc-provider",
  providerName: "ci",
  description: "",
  issuerUrl: "https://issuer.example",
  clientIds: ["build"],
  fingerprints: ["aa"],
  issuanceLimitTime: 12,
  createdAt: "2026-01-01T00:00:00Z",
  ...over,
});
const from = (then: Then<"oidc-provider">, after: OidcProvider | undefined, actor = user("mallory")) =>
  changed<"oidc-provider">({ kind: "oidc-provider", accountId: own, route: "Ims", providerName: "ci" }, then, after, {
    actor,
  });
const listed = {
  settings: settings({ trusted: { accounts: [], services: [], entities: [`acs:ram::${own}:oidc-provider/ci`] } }),
};

describe("an OIDC provider that lets in more", () => {
  ruleTable(oidcProviderWidened, {
    violates: {
      "it is new": from("nothing", provider()),
      "a client is added": from(provider(), provider({ clientIds: ["build", "evil"] })),
      "a client takes the place of another": from(provider(), provider({ clientIds: ["evil"] })),
      "a certificate is added": from(provider(), provider({ fingerprints: ["aa", "bb"] })),
      "older tokens are taken": from(provider(), provider({ issuanceLimitTime: 24 })),
    },
    complies: {
      "it is new and trusted": { change: from("nothing", provider()), facts: listed },
      "a client is taken away": from(provider({ clientIds: ["build", "old"] }), provider()),
      "only younger tokens are taken": from(provider(), provider({ issuanceLimitTime: 1 })),
      "its description is another": from(provider(), provider({ description: "new" })),
      "it is gone": from(provider(), undefined),
      "a pipeline adds a client": from(provider(), provider({ clientIds: ["build", "new"] }), user("helpdesk")),
    },
    undetermined: {
      "nobody knows whom it let in": from("unknown", provider()),
      "nobody knows, and there are several clients": from("unknown", provider({ clientIds: ["a", "b"] })),
    },
  });

  test("names each that is new", () => {
    const change = from(provider(), provider({ clientIds: ["build", "evil"], fingerprints: ["aa", "bb"] }));
    expect(evidenceOf(judged(oidcProviderWidened, change)).map(({ facts }) => facts.added)).toEqual(["evil", "bb"]);
  });
});
