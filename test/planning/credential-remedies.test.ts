import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Response } from "../../shared/domain/finding.ts";
import type { Subject, SubjectKind } from "../../shared/domain/subject.ts";
import { gone } from "../../shared/domain/subject.ts";
import { sessionPolicy } from "../../shared/operations/session-policy.ts";
import { stateDigest } from "../../shared/operations/state-digest.ts";
import { remediationFor } from "../../shared/planning/remediation-for.ts";
import { known, own, unknown } from "./changes.ts";

const alice = { accountId: own, route: "Ims", userName: "alice" } as const;
const status = fc.constantFrom("Active" as const, "Inactive" as const);
const name = fc.constantFrom("one", "two");

const serialNumber = `acs:ram::${own}:mfa/d`;
const states = {
  login: fc.record({
    kind: fc.constant("login" as const),
    userId: fc.constant("200"),
    status,
    mfaBindRequired: fc.boolean(),
    passwordResetRequired: fc.boolean(),
  }),
  mfa: fc.record({ kind: fc.constant("mfa" as const), serialNumber: fc.constantFrom("a", "b") }),
  "mfa-device": fc.record({
    kind: fc.constant("mfa-device" as const),
    serialNumber: fc.constant(serialNumber),
    boundTo: fc.constantFrom("", "bob"),
  }),
  passkey: fc.record({ kind: fc.constant("passkey" as const), passkeyId: fc.constant("P1"), name }),
  "service-credential": fc.record({
    kind: fc.constant("service-credential" as const),
    credentialId: fc.constant("SC1"),
    name,
    status,
  }),
  verification: fc.record({
    kind: fc.constant("verification" as const),
    type: fc.constant("email" as const),
    value: fc.constantFrom("a@b.example", "c@d.example"),
  }),
  "key-policy": fc.record({
    kind: fc.constant("key-policy" as const),
    document: fc.record({
      Status: status,
      Statements: fc.constantFrom([], [{ a: "10.0.0.0/8" }], [{ a: "0.0.0.0/0" }]),
    }),
  }),
  "recycled-key": fc.record({
    kind: fc.constant("recycled-key" as const),
    accessKeyId: fc.constant("LTAI1"),
    userId: fc.constant("200"),
  }),
  "access-key": fc.record({
    kind: fc.constant("access-key" as const),
    owner: fc.constant({ kind: "user" as const, name: "alice" }),
    accessKeyId: fc.constant("LTAI1"),
    status,
  }),
} as const;
type Kind = keyof typeof states;

const names = {
  login: alice,
  mfa: alice,
  "mfa-device": { accountId: own, route: "Ims", serialNumber },
  passkey: { ...alice, passkeyId: "P1" },
  "service-credential": { ...alice, credentialId: "SC1" },
  verification: { ...alice, type: "email" },
  "key-policy": { ...alice, accessKeyId: "LTAI1" },
  "recycled-key": { ...alice, accessKeyId: "LTAI1" },
  "access-key": { accountId: own, owner: { kind: "user", name: "alice" }, accessKeyId: "LTAI1", createdAt: 0 },
} as const;

const changeOf = (kind: Kind): fc.Arbitrary<Change> => {
  const state = fc.option(states[kind] as fc.Arbitrary<Subject>, { nil: gone });
  return fc
    .record({
      route: fc.constantFrom("Ram", "Ims"),
      before: fc.option(state, { nil: undefined }),
      after: state,
      actor: fc.constantFrom("alice", "mallory", undefined),
      unseen: kind === "login" ? fc.constantFrom([], ["password"], ["second-factor"]) : fc.constant([]),
    })
    .map(
      ({ route, before, after, actor, unseen }) =>
        ({
          kind,
          subject: { kind, ...names[kind], ...("route" in names[kind] ? { route } : {}) },
          before: before === undefined ? unknown : known(before),
          after,
          actor: actor === undefined ? undefined : { kind: "user", accountId: own, name: actor },
          ...(unseen.length === 0 ? {} : { unseen }),
        }) as unknown as Change,
    );
};
const change = fc.constantFrom(...(Object.keys(states) as Kind[])).chain(changeOf);
const asked = fc.constantFrom<Response>("revert", "contain", "ask");

const plans = (
  check: (chosen: Extract<ReturnType<typeof remediationFor>, { ok: true }>["value"], one: Change) => void,
) =>
  fc.assert(
    fc.property(change, asked, (one, wanted) => {
      const chosen = remediationFor(one, wanted);
      if (chosen.ok) check(chosen.value, one);
      else expect(chosen.error.detail).toMatch(/^[a-z]/);
    }),
    { numRuns: 2_000 },
  );

type Login = Extract<Subject, { kind: "login" }>;
const statusOf = (state: Subject | typeof gone): string | undefined => ("status" in state ? state.status : undefined);

describe("whatever changed about a credential, a remedy", () => {
  test("starts from what was judged, and ends in another state", () =>
    plans(({ remediation }, one) => {
      expect(remediation.expects).toBe(stateDigest(one.after));
      expect(remediation.was).toEqual(one.after);
      const way = [remediation.expects, ...(remediation.between ?? []), stateDigest(remediation.becomes)];
      expect(new Set(way).size).toBe(remediation.calls.length + 1);
    }));

  test("mints no secret and sends none", () =>
    plans(({ remediation }) => {
      for (const { operation, parameters } of [...remediation.calls, ...remediation.undo]) {
        expect(operation).not.toMatch(/^Create|ChangePassword|BindMFA/);
        expect(Object.keys(parameters).filter((one) => /password$|secret|code\d|seed/i.test(one))).toEqual([]);
      }
    }));

  test("names its user in every call, so that none hits the caller's own", () =>
    plans(({ remediation }) => {
      for (const { parameters } of [...remediation.calls, ...remediation.undo]) {
        const user =
          parameters.UserName ?? parameters.UserPrincipalName ?? parameters.UserId ?? parameters.SerialNumber;
        expect([serialNumber, "alice", "bob", "200"]).toContain(String(user).split("@")[0]);
      }
    }));

  test("is allowed by a session policy of its own calls", () =>
    plans(({ remediation }) => {
      expect(sessionPolicy(remediation.calls, own)).toMatchObject({ ok: true });
      if (remediation.undo.length > 0) expect(sessionPolicy(remediation.undo, own)).toMatchObject({ ok: true });
    }));

  test("gives no access and takes no protection away by itself", () =>
    plans(({ remediation, response, because }, one) => {
      if (because !== undefined && response === "ask") return undefined;
      // With less than was asked for, what was opened is closed, and a person decides about the rest.
      if (because !== undefined) expect(response).toBe("contain");
      const { was, becomes } = remediation;
      if (statusOf(was) === "Inactive") expect(statusOf(becomes)).not.toBe("Active");
      if (was.kind === "login" && becomes.kind === "login") {
        const demands = ({ mfaBindRequired, passwordResetRequired }: Login) => [mfaBindRequired, passwordResetRequired];
        const [less, more] = [demands(was), demands(becomes)];
        expect(less.every((demand, at) => !demand || more[at])).toBe(true);
      }
      const kind: SubjectKind = one.kind;
      expect(["mfa", "verification", "recycled-key"]).not.toContain(kind);
      if (was.kind === "mfa-device") expect(was.boundTo).toBe("");
      if (becomes.kind === "key-policy") expect(becomes.document.Status).toBe("Active");
      return undefined;
    }));

  test("leads to the former state where it is called putting back", () =>
    plans(({ remediation, response }, one) => {
      if (response !== "revert" || !one.before.known) return;
      expect(stateDigest(remediation.becomes)).toBe(stateDigest(one.before.state));
    }));
});

describe("a logon of which the password or the factor was changed", () => {
  const login = {
    kind: "login",
    userId: "200",
    status: "Active",
    mfaBindRequired: false,
    passwordResetRequired: false,
  };
  const taken = (over: object): Change =>
    ({
      kind: "login",
      subject: { kind: "login", ...alice },
      before: known({ ...login, mfaBindRequired: true }),
      after: login,
      actor: { kind: "user", accountId: own, name: "mallory" },
      unseen: ["password"],
      ...over,
    }) as Change;

  test("is shut, and demands again what it demanded", () => {
    expect(remediationFor(taken({}), "revert")).toMatchObject({
      ok: true,
      value: {
        response: "contain",
        remediation: { becomes: { status: "Inactive", mfaBindRequired: true, passwordResetRequired: false } },
      },
    });
  });

  test("is left to a person where its own user did it, and only then", () => {
    const responseTo = (actor: unknown) => {
      const chosen = remediationFor(taken({ actor }), "revert");
      return chosen.ok ? chosen.value.response : chosen.error.kind;
    };
    expect(responseTo({ kind: "user", accountId: own, name: "alice" })).toBe("ask");
    expect(responseTo({ kind: "user", accountId: "1", name: "alice" })).toBe("contain");
    expect(responseTo({ kind: "role", accountId: own, name: "alice", sessionName: "s" })).toBe("contain");
    expect(responseTo(undefined)).toBe("contain");
  });

  test("is left where it is shut already", () => {
    const shut = { ...login, status: "Inactive" };
    expect(remediationFor(taken({ after: shut, before: known(shut) }), "revert")).toMatchObject({
      ok: false,
      error: { kind: "nothing-to-write" },
    });
  });
});

describe("a new logon", () => {
  const login = {
    kind: "login",
    userId: "200",
    status: "Active",
    mfaBindRequired: false,
    passwordResetRequired: false,
  };
  test.each<[Response, Response, string]>([
    ["revert", "revert", "DeleteLoginProfile"],
    ["contain", "contain", "UpdateLoginProfile"],
    ["ask", "ask", "DeleteLoginProfile"],
  ])("asked to %s is met with %s", (wanted, response, operation) => {
    const one = {
      kind: "login",
      subject: { kind: "login", ...alice },
      before: known(gone),
      after: login,
      actor: undefined,
    };
    expect(remediationFor(one as Change, wanted)).toMatchObject({
      ok: true,
      value: { response, remediation: { calls: [{ operation }] } },
    });
  });
});
