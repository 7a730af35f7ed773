import { expect, test } from "vitest";
import type { Change } from "../../shared/domain/change.ts";
import type { Evidence, Verdict } from "../../shared/domain/finding.ts";
import type { Actor, KeyOwner, Principal } from "../../shared/domain/identity.ts";
import type { JsonObject } from "../../shared/domain/json.ts";
import type { RuleSettings } from "../../shared/domain/settings.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import type {
  AccessKey,
  Gone,
  Grant,
  PolicyName,
  RefOf,
  RoleTrust,
  Scope,
  SubjectKind,
  SubjectOf,
} from "../../shared/domain/subject.ts";
import { gone } from "../../shared/domain/subject.ts";
import type { Login } from "../../shared/domain/subjects/credentials.ts";
import type { Group, User } from "../../shared/domain/subjects/identities.ts";
import type { Policy, PolicyRef } from "../../shared/domain/subjects/permissions.ts";
import type { Unseen } from "../../shared/domain/unseen.ts";
import type { Facts, Rule } from "../../shared/rules/kit/rule.ts";
import type { KeptVerdicts } from "./verdicts.ts";
import { isWriting, readVerdicts, writeVerdicts } from "./verdicts.ts";

export const own = "1234567890123456";
export const partner = "2345678901234567";
export const stranger = "9876543210987654";

export const settings = (over: Partial<RuleSettings> = {}): RuleSettings => ({
  accountId: own,
  trusted: {
    accounts: [partner],
    services: ["ecs.aliyuncs.com"],
    entities: [`acs:ram::${own}:role/CI-Deploy`, `acs:ram::${own}:user/alice`],
  },
  pipelines: [],
  provisioners: [
    { kind: "role", name: "Identity-Provisioner" },
    { kind: "user", name: "helpdesk" },
  ],
  highRiskPolicies: ["AliyunSTSAssumeRoleAccess"],
  protected: [
    { kind: "user", name: "break-glass" },
    { kind: "role", name: "Break-Glass" },
  ],
  ownRoles: ["ram-warden-looking", "ram-warden-acting"],
  practices: { ...usualPractices, requiredGroups: ["all-staff"], allowedProducts: ["oss"] },
  responses: {},
  ...over,
});

export const user = (name: string, accountId = own): Actor => ({ kind: "user", accountId, name });
export const role = (name: string, accountId = own): Actor => ({
  kind: "role",
  accountId,
  name,
  sessionName: "deploy",
});
export const root: Actor = { kind: "root", accountId: own };

type Statement = { readonly [key: string]: unknown };

/** One statement of a trust document, as most are. */
export const allow = (principal: unknown, condition?: unknown): Statement => ({
  Effect: "Allow",
  Action: "sts:AssumeRole",
  Principal: principal,
  ...(condition === undefined ? {} : { Condition: condition }),
});
export const deny = (principal: unknown): Statement => ({ ...allow(principal), Effect: "Deny" });
export const trusting = (...statements: readonly Statement[]): string =>
  JSON.stringify({ Version: "1", Statement: statements });

export const roleTrust = (document: string, over: Partial<RoleTrust> = {}): RoleTrust => ({
  kind: "role-trust",
  roleName: "deploy",
  roleId: "300000000000000001",
  document,
  description: "",
  maxSessionSeconds: 3600,
  serviceLinked: false,
  rest: {},
  ...over,
});

/** `before` is a document, `"new"` for a role that was just made, or `"unknown"`; `after` a document or `"gone"`. */
export const trustChange = (before: string, after: string, actor: Actor | undefined = user("mallory")): Change => ({
  kind: "role-trust",
  subject: { kind: "role-trust", accountId: own, roleName: "deploy", route: "Ram" },
  before:
    before === "unknown"
      ? { known: false, because: "there is no baseline of it yet" }
      : before === "new"
        ? { known: true, state: gone, provenance: "proven-by-event" }
        : { known: true, state: roleTrust(before), provenance: "baseline" },
  after: after === "gone" ? gone : roleTrust(after),
  actor,
});

export const keyChange = (
  owner: KeyOwner | string,
  actor: Actor | undefined,
  status: AccessKey["status"] | "gone" = "Active",
): Change => {
  const keyOwner: KeyOwner = typeof owner === "string" ? { kind: "user", name: owner } : owner;
  const after: AccessKey | Gone =
    status === "gone" ? gone : { kind: "access-key", owner: keyOwner, accessKeyId: "LTAI5tExampleKey", status };
  return {
    kind: "access-key",
    subject: {
      kind: "access-key",
      accountId: own,
      owner: keyOwner,
      accessKeyId: "LTAI5tExampleKey",
      createdAt: 1_700_000_000_000,
    },
    before: { known: true, state: gone, provenance: "proven-by-event" },
    after,
    actor,
  };
};

/** A key that came back from the recycle bin. */
export const restoredKey = (
  owner: KeyOwner | string,
  actor: Actor | undefined,
  status: AccessKey["status"] | "gone" = "Active",
): Change => {
  const change = keyChange(owner, actor, status);
  return { ...change, subject: { ...change.subject, fromBin: true } } as Change;
};

/** A key whose status was set: `before` is the status that it had. */
export const keyStatusChange = (
  owner: KeyOwner | string,
  actor: Actor | undefined,
  before: AccessKey["status"] | "unknown",
  status: AccessKey["status"] | "gone" = "Active",
): Change => {
  const change = keyChange(owner, actor, status);
  if (before === "unknown") return { ...change, before: { known: false, because: "nobody told" } };
  if (change.kind !== "access-key") throw new Error("a key's change is about a key");
  const { owner: whose, accessKeyId = "" } = change.subject;
  const state: AccessKey = { kind: "access-key", owner: whose, accessKeyId, status: before };
  return { ...change, before: { known: true, state, provenance: "baseline" } };
};

export const grantChange = (
  principal: Principal,
  policy: PolicyName,
  more: {
    readonly scope?: Scope;
    readonly actor?: Actor | undefined;
    readonly isGone?: boolean;
    readonly before?: "gone" | "unknown";
  } = {},
): Change => {
  const { scope = "account", isGone = false, before = "gone" } = more;
  const after: Grant | Gone = isGone ? gone : { kind: "grant", principal, policy, scope };
  return {
    kind: "grant",
    subject: { kind: "grant", accountId: own, principal, policy, scope, route: "Ram" },
    before:
      before === "unknown"
        ? { known: false, because: "there is no baseline of it yet" }
        : { known: true, state: gone, provenance: "proven-by-event" },
    after,
    actor: "actor" in more ? more.actor : user("mallory"),
  };
};

/** What was before: a state, nothing, or something that nobody knows. */
export type Then<Kind extends SubjectKind> = SubjectOf<Kind> | "nothing" | "unknown";

/** A change of any kind of subject. `after` is undefined where the subject is gone. */
export const changed = <Kind extends SubjectKind>(
  subject: RefOf<Kind>,
  then: Then<Kind>,
  after: SubjectOf<Kind> | undefined,
  more: { readonly actor?: Actor | undefined; readonly unseen?: readonly Unseen[] } = {},
): Change =>
  ({
    kind: subject.kind,
    subject,
    before:
      then === "unknown"
        ? { known: false, because: "there is no baseline of it yet" }
        : { known: true, state: then === "nothing" ? gone : then, provenance: "baseline" },
    after: after ?? gone,
    actor: "actor" in more ? more.actor : user("mallory"),
    ...(more.unseen === undefined ? {} : { unseen: more.unseen }),
  }) as Change;

export const login = (over: Partial<Login> = {}): Login => ({
  kind: "login",
  userId: "1",
  status: "Active",
  mfaBindRequired: true,
  passwordResetRequired: false,
  ...over,
});

/** A change of the logon of `alice`, or of another user. */
export const loginChange = (
  then: Then<"login">,
  after: Login | undefined,
  more: {
    readonly actor?: Actor | undefined;
    readonly unseen?: readonly Unseen[];
    readonly of?: string;
    readonly route?: "Ram" | "Ims";
  } = {},
): Change => {
  const { of = "alice", route = "Ims", ...rest } = more;
  return changed<"login">({ kind: "login", accountId: own, route, userName: of }, then, after, rest);
};

/** A change of some values of the security preference or the password policy. */
export const settingChange = (
  kind: "security-preference" | "password-policy" | "sso-settings",
  then: JsonObject | "unknown",
  after: JsonObject,
  actor: Actor | undefined = user("mallory"),
): Change =>
  changed<typeof kind>(
    { kind, accountId: own, route: "Ims" },
    then === "unknown" ? then : { kind, fields: then },
    { kind, fields: after },
    { actor },
  );

export const custom = (name: string): PolicyName => ({ type: "Custom", name });
export const system = (name: string): PolicyName => ({ type: "System", name });

type Link = "there" | "gone" | "unknown";

const linkBefore = <State>(before: Link, state: State) =>
  before === "unknown"
    ? ({ known: false, because: "there is no baseline of it yet" } as const)
    : ({ known: true, state: before === "gone" ? gone : state, provenance: "proven-by-event" } as const);

/** A grant that is taken away; `before` says whether it was there. */
export const detachChange = (
  principal: Principal,
  policy: PolicyName,
  more: { readonly before?: Link; readonly actor?: Actor | undefined; readonly scope?: Scope } = {},
): Change => {
  const { before = "there", scope = "account" } = more;
  const grant: Grant = { kind: "grant", principal, policy, scope };
  return {
    kind: "grant",
    subject: { ...grant, accountId: own, route: "Ram" },
    before: linkBefore(before, grant),
    after: gone,
    actor: "actor" in more ? more.actor : user("mallory"),
  };
};

/** A user that joins a group, or leaves it. */
export const membershipChange = (
  groupName: string,
  more: {
    readonly before?: Link;
    readonly after?: "there" | "gone";
    readonly actor?: Actor | undefined;
    readonly userName?: string;
  } = {},
): Change => {
  const { before = "gone", after = "there", userName = "bob" } = more;
  const membership = { kind: "membership", userName, groupName } as const;
  return {
    kind: "membership",
    subject: { ...membership, accountId: own, route: "Ram" },
    before: linkBefore(before, membership),
    after: after === "gone" ? gone : membership,
    actor: "actor" in more ? more.actor : user("mallory"),
  };
};

/** A custom policy whose versions are these documents, oldest first; the default is the last unless given. */
export const policyOf = (documents: readonly string[], defaultVersion = `v${documents.length}`): Policy => ({
  kind: "policy",
  policyName: "work",
  description: "",
  createdAt: "2026-01-02T03:04:05Z",
  defaultVersion,
  versions: documents.map((document, index) => ({ versionId: `v${index + 1}`, document })),
});

/** `before` is a policy, `"new"` for one that was just made, or `"unknown"`. */
export const policyChange = (
  before: Policy | "new" | "unknown",
  after: Policy | "gone",
  ref: Partial<PolicyRef> = { did: "default-set" },
  actor: Actor | undefined = user("mallory"),
): Change => ({
  kind: "policy",
  subject: { kind: "policy", accountId: own, policyName: "work", route: "Ram", ...ref },
  before:
    before === "unknown"
      ? { known: false, because: "there is no baseline of it yet" }
      : before === "new"
        ? { known: true, state: gone, provenance: "proven-by-event" }
        : { known: true, state: before, provenance: "baseline" },
  after: after === "gone" ? gone : after,
  actor,
});

/** A permission document of these statements. */
export const permitting = (...statements: readonly object[]): string =>
  JSON.stringify({ Version: "1", Statement: statements });
export const allowing = (action: unknown, resource: unknown = "*"): string =>
  permitting({ Effect: "Allow", Action: action, Resource: resource });

/** What a group carries for the whole account, by custom policies with these texts. */
export const carrying = (...texts: readonly (string | undefined)[]): Pick<Facts, "carried"> => ({
  carried: texts.map((text, index) => ({ policy: custom(`p${index}`), scope: "account", text })),
});

export type Row = { readonly change: Change; readonly facts?: Partial<Facts> };
export type Table = { readonly [sentence: string]: Change | Row };

const rowOf = (entry: Change | Row): Row => ("change" in entry ? entry : { change: entry });

export const judged = (rule: Rule, entry: Change | Row): Verdict => {
  const { change, facts } = rowOf(entry);
  const asked = new Set<string>();
  // What a rule looks at is read only where it says that it needs it.
  const watched = new Proxy<Facts>(
    { settings: settings(), ...facts },
    {
      get: (target, name) => {
        if (typeof name === "string") asked.add(name);
        return Reflect.get(target, name);
      },
    },
  );
  const verdict = rule.judge(change, watched);
  expect(["settings", ...(rule.needs ?? [])]).toEqual(expect.arrayContaining([...asked]));
  return verdict;
};

export const evidenceOf = (verdict: Verdict): readonly Evidence[] =>
  verdict.kind === "violation" ? verdict.evidence : [];

const kinds = { violates: "violation", complies: "compliant", undetermined: "undetermined" } as const;

/**
 * The table of a rule: each sentence is one test, which holds what the rule says of the row, in both languages and with its
 * facts, to what `test/rules/verdicts` keeps of it.
 */
export const ruleTable = (
  rule: Rule,
  tables: { readonly violates: Table; readonly complies: Table; readonly undetermined: Table },
): void => {
  const rows = (Object.keys(kinds) as (keyof typeof kinds)[]).flatMap((name) =>
    Object.entries(tables[name]).map(([sentence, entry]) => ({ name, row: `${name}: ${sentence}`, entry })),
  );
  const telling = rows.filter(({ name }) => name !== "complies");
  let known: KeptVerdicts | undefined;
  const kept = (): KeptVerdicts => {
    known ??= readVerdicts(rule.id);
    return known;
  };
  for (const { name, row, entry } of rows)
    test(row, () => {
      const verdict = judged(rule, entry);
      expect(verdict.kind, said(verdict).join("; ")).toBe(kinds[name]);
      for (const { sentence: words, facts } of evidenceOf(verdict)) {
        for (const text of [words.en, words["zh-CN"]]) expect(text).not.toBe("");
        expect(Object.keys(facts).length).toBeGreaterThan(0);
      }
      if (name !== "complies" && !isWriting()) expect(verdict, said(verdict).join("; ")).toStrictEqual(kept()[row]);
    });
  test("what is kept of the verdicts is of these rows", () => {
    if (isWriting()) {
      const verdicts = telling.map(({ row, entry }) => [row, judged(rule, entry)] as const);
      writeVerdicts(rule.id, Object.fromEntries(verdicts) as KeptVerdicts);
    }
    expect(Object.keys(kept())).toEqual(telling.map(({ row }) => row));
  });
};

/** What a verdict says in English, so that a row that fails shows why. */
export const said = (verdict: Verdict): readonly string[] =>
  verdict.kind === "undetermined" ? [verdict.because.en] : evidenceOf(verdict).map(({ sentence }) => sentence.en);

export const ramUser = (userName: string, over: Partial<User> = {}): User => ({
  kind: "user",
  userId: "201",
  userName,
  displayName: userName,
  comments: "",
  email: "",
  mobilePhone: "",
  provisionType: "Manual",
  ...over,
});

/** A change of a user, by the name that it bears after it. */
export const userChange = (
  then: Then<"user">,
  after: User | undefined,
  more: { readonly actor?: Actor | undefined; readonly of?: string; readonly formerName?: string } = {},
): Change => {
  const { of = after?.userName ?? "alice", formerName, ...rest } = more;
  const subject: RefOf<"user"> = { kind: "user", accountId: own, route: "Ims", userName: of };
  return changed<"user">(formerName === undefined ? subject : { ...subject, formerName }, then, after, rest);
};

export const ramGroup = (groupName: string): Group => ({
  kind: "group",
  groupId: "g-1",
  groupName,
  displayName: groupName,
  comments: "",
});

export const groupChange = (
  then: Then<"group">,
  after: Group | undefined,
  more: { readonly actor?: Actor | undefined; readonly of?: string; readonly formerName?: string } = {},
): Change => {
  const { of = after?.groupName ?? "staff", formerName, ...rest } = more;
  const subject: RefOf<"group"> = { kind: "group", accountId: own, route: "Ims", groupName: of };
  return changed<"group">(formerName === undefined ? subject : { ...subject, formerName }, then, after, rest);
};
