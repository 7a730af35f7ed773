import { expect, test } from "vitest";
import type { Check, CheckFacts } from "../../shared/checks/kit/check.ts";
import type { CloudError } from "../../shared/domain/cloud-error.ts";
import type { Evidence } from "../../shared/domain/finding.ts";
import type { KeyStanding, Part, StandingOf } from "../../shared/domain/standing.ts";
import type { Login } from "../../shared/domain/subjects/credentials.ts";
import { own, settings } from "../rules/changes.ts";

/** The moment of every look in these tests. */
export const asOf = Date.parse("2026-06-01T12:00:00Z");
const dayMs = 86_400_000;
export const daysAgo = (days: number): number => asOf - days * dayMs;

const denied: CloudError = { kind: "forbidden", code: "NoPermission", operation: "Ram.GetAccessKeyLastUsed" };
export const unread = { read: false, error: denied } as const;
export const part = <Value>(value: Value): Part<Value> => ({ read: true, value });

export const keyOf = (id: string, more: Partial<KeyStanding> & { readonly status?: "Active" | "Inactive" } = {}) => {
  const { status = "Active", ...rest } = more;
  const owner = { kind: "user", name: "alice" } as const;
  const key: KeyStanding = {
    ref: { kind: "access-key", accountId: own, owner, accessKeyId: id, createdAt: daysAgo(10) },
    state: { kind: "access-key", owner, accessKeyId: id, status },
    createdAt: daysAgo(10),
    usedAt: part(daysAgo(1)),
    limited: part(true),
    ...rest,
  };
  return key;
};

export const loginOf = (more: Partial<Login> & { readonly usedAt?: number } = {}) => {
  const { usedAt, ...state } = more;
  return part({
    ref: { kind: "login", accountId: own, route: "Ims", userName: "alice" } as const,
    state: {
      kind: "login",
      status: "Active",
      mfaBindRequired: false,
      passwordResetRequired: false,
      ...state,
    } as const,
    ...(usedAt === undefined ? {} : { usedAt }),
  });
};

/** A user that no check has anything against. */
export const userStanding = (more: Partial<StandingOf<"user">> = {}): StandingOf<"user"> => ({
  kind: "user",
  ref: { kind: "user", accountId: own, route: "Ims", userName: "alice", userId: "20000" },
  user: {
    kind: "user",
    userId: "20000",
    userName: "alice",
    displayName: "Alice",
    comments: "",
    email: "",
    mobilePhone: "",
    provisionType: "Manual",
  },
  createdAt: daysAgo(400),
  keys: part([]),
  login: loginOf({ usedAt: daysAgo(1) }),
  factor: part("device"),
  groups: part(["staff"]),
  policies: part([]),
  ...more,
});

export const groupStanding = (more: Partial<StandingOf<"group">> = {}): StandingOf<"group"> => ({
  kind: "group",
  ref: { kind: "group", accountId: own, route: "Ims", groupName: "staff" },
  members: part(["alice"]),
  policies: part([{ type: "System", name: "ReadOnlyAccess" }]),
  ...more,
});

export const accountStanding = (more: Partial<StandingOf<"account">> = {}): StandingOf<"account"> => ({
  kind: "account",
  rootMfa: part(true),
  rootKeys: part(0),
  preference: part({ MFAOperationForLogin: "independent" }),
  passwordPolicy: part({ MinimumPasswordLength: 14 }),
  sso: part({ SsoEnabled: false }),
  administrators: part([{ kind: "role", name: "administrator" }]),
  ...more,
});

type Row<Of> = Of | { readonly standing: Of; readonly facts: Partial<CheckFacts> };

type Table<Of> = {
  readonly broken: { readonly [sentence: string]: Row<Of> };
  readonly fine: { readonly [sentence: string]: Row<Of> };
  readonly unread?: { readonly [sentence: string]: Row<Of> };
};

/** What a check comes to, as a table of sentences. */
export const checkTable = <Of extends object>(check: Check, { broken, fine, unread: gaps = {} }: Table<Of>): void => {
  const judge = (row: Row<Of>) => {
    const { standing, facts } = "standing" in row ? row : { standing: row, facts: {} };
    return check.judge(standing as never, { settings: settings(), asOf, account: accountStanding(), ...facts });
  };
  test.each(Object.entries(broken))("is broken: %s", (_, row) => {
    const found = judge(row);
    expect(found.length).toBeGreaterThan(0);
    for (const { verdict } of found) {
      expect(verdict.kind).toBe("violation");
      const evidence: readonly Evidence[] = verdict.kind === "violation" ? verdict.evidence : [];
      for (const { sentence, facts } of evidence) {
        expect(sentence.en).not.toBe(sentence["zh-CN"]);
        expect(/[一-鿿]/.test(sentence["zh-CN"])).toBe(true);
        for (const [, value = ""] of sentence.en.matchAll(/`([^`]+)`/g))
          expect(Object.values(facts).join(" "), `\`${value}\` is among the facts`).toContain(value);
      }
    }
  });
  test.each(Object.entries(fine))("is fine: %s", (_, row) => {
    expect(judge(row)).toEqual([]);
  });
  test.each(Object.entries(gaps))("is not decided: %s", (_, row) => {
    expect(judge(row).map(({ verdict }) => verdict.kind)).toEqual(["undetermined"]);
  });
};
