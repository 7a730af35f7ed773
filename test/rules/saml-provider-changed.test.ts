import { describe } from "vitest";
import type { SamlProvider } from "../../shared/domain/subjects/federation.ts";
import { samlProviderChanged } from "../../shared/rules/saml-provider-changed.ts";
import type { Then } from "./changes.ts";
import { changed, own, ruleTable, settings, user } from "./changes.ts";

const provider = (over: Partial<SamlProvider> = {}): SamlProvider => ({
  kind: "saml-provider",
  providerName: "corp",
  description: "",
  metadata: "bWV0YQ==",
  authnSignAlgo: "",
  createdAt: "2026-01-01T00:00:00Z",
  ...over,
});
const from = (then: Then<"saml-provider">, after: SamlProvider | undefined, actor = user("mallory")) =>
  changed<"saml-provider">({ kind: "saml-provider", accountId: own, route: "Ims", providerName: "corp" }, then, after, {
    actor,
  });
const listed = {
  settings: settings({
    trusted: { accounts: [], services: [], entities: [`acs:ram::${own}:saml-provider/corp`] },
  }),
};

describe("a SAML provider", () => {
  ruleTable(samlProviderChanged, {
    violates: {
      "that is new": from("nothing", provider()),
      "whose metadata is another": from(provider(), provider({ metadata: "b3RoZXI=" })),
      "that is gone": from(provider(), undefined),
      "that is trusted, and whose metadata is another": {
        change: from(provider(), provider({ metadata: "b3RoZXI=" })),
        facts: listed,
      },
    },
    complies: {
      "that is new and trusted": { change: from("nothing", provider()), facts: listed },
      "whose description is another": from(provider(), provider({ description: "new" })),
      "that a pipeline changes": from(provider(), provider({ metadata: "b3RoZXI=" }), user("helpdesk")),
      "that was never there": from("nothing", undefined),
    },
    undetermined: {
      "of which nobody knows what it was": from("unknown", provider()),
      "of which nobody knows what it was, and that is gone": from("unknown", undefined),
    },
  });
});
