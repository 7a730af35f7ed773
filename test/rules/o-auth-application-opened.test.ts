import { describe } from "vitest";
import type { Application } from "../../shared/domain/subjects/federation.ts";
import { oAuthApplicationOpened } from "../../shared/rules/o-auth-application-opened.ts";
import type { Then } from "./changes.ts";
import { changed, own, ruleTable, user } from "./changes.ts";

const application = (over: Partial<Application> = {}): Application => ({
  kind: "application",
  appId: "472",
  appName: "portal",
  appType: "WebApp",
  displayName: "portal",
  redirectUris: [],
  scopes: ["openid"],
  requiredScopes: [],
  accessTokenValidity: 3600,
  refreshTokenValidity: 7200,
  secretRequired: true,
  isMultiTenant: false,
  secretIds: [],
  installed: false,
  ...over,
});
const app = (then: Then<"application">, after: Application | undefined, actor = user("mallory")) =>
  changed<"application">({ kind: "application", accountId: own, route: "Ims", appId: "472" }, then, after, { actor });
const installed = (then: "nothing" | "there", external: boolean, scopes: readonly string[]) => {
  const state = { kind: "app-installation", appId: "472", external, scopes } as const;
  return changed<"app-installation">(
    { kind: "app-installation", accountId: own, route: "Ims", appId: "472", external },
    then === "nothing" ? then : state,
    state,
  );
};
const secret = (then: "nothing" | "unknown" | "there", actor = user("mallory")) => {
  const state = { kind: "app-secret", secretId: "s-1" } as const;
  return changed<"app-secret">(
    { kind: "app-secret", accountId: own, route: "Ims", appId: "472", secretId: "s-1", at: 0 },
    then === "there" ? state : then,
    state,
    { actor },
  );
};

describe("an OAuth application that can do more", () => {
  ruleTable(oAuthApplicationOpened, {
    violates: {
      "it is new, with an address": app("nothing", application({ redirectUris: ["https://evil.example"] })),
      "it is new, with further scopes": app("nothing", application({ scopes: ["openid", "/acs/ccc"] })),
      "it is new, and other accounts may install it": app("nothing", application({ isMultiTenant: true })),
      "it gets two further scopes": app(application(), application({ scopes: ["openid", "/acs/a", "/acs/b"] })),
      "an address is added": app(
        application({ redirectUris: ["https://a.example"] }),
        application({ redirectUris: ["https://a.example", "https://evil.example"] }),
      ),
      "other accounts may install it": app(application(), application({ isMultiTenant: true })),
      "it has a secret": secret("nothing"),
      "one from outside is installed": installed("nothing", true, ["openid"]),
      "one of the account is installed, with further scopes": installed("nothing", false, ["/acs/ccc"]),
    },
    complies: {
      "it is new, and only says who a user is": app("nothing", application()),
      "it loses scopes": app(application({ scopes: ["openid", "/acs/ccc"] }), application()),
      "it bears another name": app(application(), application({ displayName: "new" })),
      "it is gone": app(application(), undefined),
      "it is gone, and nobody knows what it could do": app("unknown", undefined),
      "other accounts may install it as before": app(
        application({ isMultiTenant: true }),
        application({ isMultiTenant: true, displayName: "new" }),
      ),
      "a pipeline gives it an address": app(
        application(),
        application({ redirectUris: ["https://a.example"] }),
        user("helpdesk"),
      ),
      "the secret was there": secret("there"),
      "one of the account is installed": installed("nothing", false, ["openid"]),
      "it was installed before": installed("there", true, ["openid", "/acs/ccc"]),
    },
    undetermined: {
      "nobody knows what it could do": app("unknown", application()),
      "nobody knows whether the secret was there": secret("unknown"),
    },
  });
});
