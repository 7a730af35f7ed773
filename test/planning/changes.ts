import type { Change, Known } from "../../shared/domain/change.ts";
import type { Finding, Response } from "../../shared/domain/finding.ts";
import type { KeyOwner, Principal } from "../../shared/domain/identity.ts";
import type { Guardrails } from "../../shared/domain/settings.ts";
import type { AccessKey, Gone, Grant, GrantRef, RoleTrust, Route, Scope } from "../../shared/domain/subject.ts";
import { gone } from "../../shared/domain/subject.ts";

export const own = "1234567890123456";

export const guardrails = (over: Partial<Guardrails> = {}): Guardrails => ({
  mode: "enforce",
  protected: [{ kind: "user", name: "break-glass" }],
  accountId: own,
  pipelines: [],
  budgets: { rule: 60, actor: 60, account: 120, subject: 3, failures: 10 },
  ownRoles: { looking: "ram-warden-looking", acting: "ram-warden-acting" },
  ...over,
});

export const trusting = (...arns: readonly string[]): string =>
  JSON.stringify({
    Version: "1",
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { RAM: arns } }],
  });

export const wanted = trusting(`acs:ram::${own}:user/alice`);
export const unwanted = trusting("acs:ram::9876543210987654:root");

export const role = (over: Partial<RoleTrust> = {}): RoleTrust => ({
  kind: "role-trust",
  roleName: "deploy",
  roleId: "300000000000000001",
  document: unwanted,
  description: "deploys the shop",
  maxSessionSeconds: 7200,
  serviceLinked: false,
  rest: {},
  ...over,
});

export const known = <State>(state: State): Known<State> => ({ known: true, state, provenance: "baseline" });
export const unknown = { known: false, because: "there is no baseline of it yet" } as const;

export const trustChange = (
  over: {
    readonly before?: Change<"role-trust">["before"];
    readonly after?: RoleTrust | typeof gone;
    readonly route?: Route;
  } = {},
): Change => {
  const after = over.after ?? role();
  return {
    kind: "role-trust",
    subject: {
      kind: "role-trust",
      accountId: own,
      roleName: after.kind === "gone" ? "deploy" : after.roleName,
      route: over.route ?? "Ram",
    },
    before: over.before ?? known(role({ document: wanted })),
    after,
    actor: undefined,
  };
};

export const keyChange = (
  owner: KeyOwner = { kind: "user", name: "alice" },
  status: AccessKey["status"] | "gone" = "Active",
): Change => ({
  kind: "access-key",
  // As an event without a response gives it: the key is then found by its time.
  subject: { kind: "access-key", accountId: own, owner, createdAt: 1_700_000_000_000 },
  before: { known: true, state: gone, provenance: "proven-by-event" },
  after: status === "gone" ? gone : { kind: "access-key", owner, accessKeyId: "LTAI5tExampleKey", status },
  actor: undefined,
});

export const grantChange = (
  over: {
    readonly principal?: Principal;
    readonly scope?: Scope;
    readonly route?: Route;
    readonly principalName?: string;
    readonly before?: "gone" | "there" | "unknown";
    readonly isGone?: boolean;
    readonly policy?: GrantRef["policy"];
  } = {},
): Change => {
  const {
    principal = { kind: "user", name: "alice" },
    scope = "account",
    route = "Ram",
    before = "gone",
    policy = { type: "System", name: "AdministratorAccess" },
  } = over;
  const grant: Grant = { kind: "grant", principal, policy, scope };
  return {
    kind: "grant",
    subject: {
      kind: "grant",
      accountId: own,
      principal,
      policy,
      scope,
      route,
      ...(over.principalName === undefined ? {} : { principalName: over.principalName }),
    },
    before: before === "unknown" ? unknown : known<Grant | Gone>(before === "gone" ? gone : grant),
    after: over.isGone === true ? gone : grant,
    actor: undefined,
  };
};

export const finding = (response: Response, over: Partial<Finding> = {}): Finding => ({
  rule: "RAM.TrustEntityAdded",
  control: "RAM-ROLE-001",
  severity: "critical",
  maturity: "stable",
  response,
  title: { en: "a title", "zh-CN": "标题" },
  verdict: { kind: "violation", evidence: [{ sentence: { en: "a thing", "zh-CN": "一件事" }, facts: {} }] },
  ...over,
});

export const unsure = (response: Response): Finding =>
  finding(response, { verdict: { kind: "undetermined", because: { en: "it is not known", "zh-CN": "未知" } } });
export const onTrial = (response: Response): Finding => finding(response, { maturity: "trial" });
