import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Response } from "../../shared/domain/finding.ts";
import type { Call } from "../../shared/domain/plan.ts";
import { type Gone, gone } from "../../shared/domain/subject.ts";
import type { Application, OidcProvider } from "../../shared/domain/subjects/federation.ts";
import { stateDigest, statesOf } from "../../shared/operations/state-digest.ts";
import { remediationFor } from "../../shared/planning/remediation-for.ts";

const accountId = "1234567890123456";
const base: OidcProvider = {
  kind: "oidc-provider",
  providerName: "ci",
  description: "",
  issuerUrl: "https://ci.example",
  clientIds: [],
  fingerprints: [],
  issuanceLimitTime: 12,
  createdAt: "2026-01-02T03:04:05Z",
};

const providers = fc.record({
  clientIds: fc.subarray(["a", "b", "c", "d", "e", "f"]),
  fingerprints: fc.subarray(["1", "2", "3"]),
  issuanceLimitTime: fc.constantFrom(1, 12, 24),
  description: fc.constantFrom("", "x"),
});

const planned = (was: OidcProvider, now: OidcProvider, claimed?: OidcProvider, asked: Response = "revert") =>
  remediationFor(
    {
      kind: "oidc-provider",
      subject: { kind: "oidc-provider", accountId, route: "Ims", providerName: "ci" },
      before: { known: true, state: was, provenance: "baseline" },
      after: now,
      actor: undefined,
      ...(claimed === undefined ? {} : { claimed }),
    } as Change,
    asked,
  );

/** What Ims makes of a call on a provider: a second reading of its pages. */
const carriedOut = (state: OidcProvider, { operation, parameters }: Call): OidcProvider => {
  const match = /^(Add|Remove)(ClientId|Fingerprint)(?:To|From)OIDCProvider$/.exec(operation);
  if (match !== null) {
    const [, verb, word = ""] = match;
    const list = word === "ClientId" ? "clientIds" : "fingerprints";
    const others = state[list].filter((each) => each !== parameters[word]);
    return { ...state, [list]: verb === "Add" ? [...others, String(parameters[word])] : others };
  }
  expect(operation).toBe("UpdateOIDCProvider");
  const text = String(parameters.ClientIds);
  return {
    ...state,
    clientIds: text === "" ? [] : text.split(","),
    issuanceLimitTime: Number(parameters.IssuanceLimitTime),
    description: String(parameters.NewDescription),
  };
};

describe("an OIDC provider that is put back", () => {
  it("passes by each call over the state that is told, to its end, and back the same way", () => {
    fc.assert(
      fc.property(providers, providers, fc.constantFrom<Response>("revert", "ask"), (was, now, asked) => {
        const plan = planned({ ...base, ...was }, { ...base, ...now }, undefined, asked);
        if (!plan.ok) return;
        const { remediation } = plan.value;
        let state: OidcProvider = { ...base, ...now };
        const states = remediation.calls.map((call) => {
          state = carriedOut(state, call);
          return stateDigest(state);
        });
        expect([remediation.expects, ...states]).toEqual(statesOf(remediation));
        expect(new Set(statesOf(remediation)).size).toBe(remediation.calls.length + 1);
        const back = remediation.undo.map((call) => {
          state = carriedOut(state, call);
          return stateDigest(state);
        });
        expect(back).toEqual([...(remediation.undoBetween ?? []), remediation.expects]);
      }),
      { numRuns: 500 },
    );
  });

  it("by itself lets nobody in: what was taken away is for a person to give back (gotcha 10)", () => {
    fc.assert(
      fc.property(providers, providers, (was, now) => {
        const plan = planned({ ...base, ...was }, { ...base, ...now });
        const [whole, live] = [was, now].map((state) => stateDigest({ ...base, ...state }));
        if (!plan.ok) {
          expect(live).toBe(whole);
          return;
        }
        const becomes = plan.value.remediation.becomes as OidcProvider;
        if (plan.value.response === "ask") {
          expect(stateDigest(becomes)).toBe(whole);
          return;
        }
        for (const list of ["clientIds", "fingerprints"] as const) {
          expect(becomes[list].every((each) => now[list].includes(each) && was[list].includes(each))).toBe(true);
          expect(
            now[list].filter((each) => was[list].includes(each)).every((each) => becomes[list].includes(each)),
          ).toBe(true);
        }
        expect(becomes.issuanceLimitTime).toBe(Math.min(was.issuanceLimitTime, now.issuanceLimitTime));
      }),
      { numRuns: 500 },
    );
  });

  it("keeps every element that its own event neither added nor took away", () => {
    fc.assert(
      fc.property(providers, providers, providers, (was, claimed, now) => {
        const plan = planned({ ...base, ...was }, { ...base, ...now }, { ...base, ...claimed });
        if (!plan.ok) return;
        const becomes = plan.value.remediation.becomes as OidcProvider;
        for (const list of ["clientIds", "fingerprints"] as const)
          for (const each of [...now[list], ...was[list], ...claimed[list]]) {
            const byEvent = was[list].includes(each) !== claimed[list].includes(each);
            if (!byEvent) expect(becomes[list].includes(each)).toBe(now[list].includes(each));
          }
      }),
      { numRuns: 500 },
    );
  });
});

const application: Application = {
  kind: "application",
  appId: "4001",
  appName: "bot",
  appType: "WebApp",
  displayName: "Bot",
  redirectUris: [],
  scopes: ["openid"],
  requiredScopes: [],
  accessTokenValidity: 3600,
  refreshTokenValidity: 7200,
  secretRequired: true,
  isMultiTenant: false,
  secretIds: ["secret-1"],
  installed: true,
};

const applications = fc
  .record({
    redirectUris: fc.subarray(["https://a.example", "https://b.example", "https://c.example"]),
    scopes: fc.subarray(["aliuid", "profile"]).map((scopes) => ["openid", ...scopes]),
    accessTokenValidity: fc.constantFrom(900, 3600),
    secretRequired: fc.boolean(),
    isMultiTenant: fc.boolean(),
    displayName: fc.constantFrom("Bot", "x"),
  })
  .map((over): Application => ({ ...application, ...over }));

const applicationPlan = (was: Application | Gone, now: Application) =>
  remediationFor(
    {
      kind: "application",
      subject: { kind: "application", accountId, route: "Ims", appId: "4001" },
      before: { known: true, state: was, provenance: "baseline" },
      after: now,
      actor: undefined,
    } as Change,
    "revert",
  );

describe("an OAuth application", () => {
  it("by itself gets nothing back that it lost, and keeps what it holds", () => {
    fc.assert(
      fc.property(applications, applications, (was, now) => {
        const plan = applicationPlan({ ...was, secretIds: [], installed: false }, now);
        if (!plan.ok) return;
        const becomes = plan.value.remediation.becomes as Application;
        expect([becomes.secretIds, becomes.installed]).toEqual([["secret-1"], true]);
        if (plan.value.response === "ask") return;
        for (const list of ["redirectUris", "scopes"] as const)
          expect(becomes[list]).toEqual(now[list].filter((each) => was[list].includes(each)));
        expect(becomes.accessTokenValidity).toBeLessThanOrEqual(now.accessTokenValidity);
        expect(becomes.secretRequired).toBe(now.secretRequired || was.secretRequired);
        expect(becomes.isMultiTenant).toBe(now.isMultiTenant && was.isMultiTenant);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [{ secretIds: [], installed: false }, "revert"],
    [{ secretIds: ["secret-1"], installed: false }, "ask"],
    [{ secretIds: [], installed: true }, "ask"],
  ] as const)("that is new and holds %o is deleted by: %s", (holds, response) => {
    const plan = applicationPlan(gone, { ...application, ...holds });
    expect(plan).toMatchObject({ ok: true, value: { response, remediation: { undo: [] } } });
  });
});
