import type { ChainFacts } from "../../shared/chains/kit/chain.ts";
import type { RuleId, Severity } from "../../shared/domain/finding.ts";
import type { Actor } from "../../shared/domain/identity.ts";
import type { OperationId } from "../../shared/domain/operation-id.ts";
import type { RecentChange } from "../../shared/domain/recent-change.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import { own, settings, user } from "../rules/changes.ts";

const start = Date.parse("2026-06-01T12:00:00Z");
let made = 0;

type More = {
  readonly minute?: number;
  readonly actor?: Actor;
  readonly effect?: RecentChange["effect"];
  readonly broke?: Severity | readonly RecentChange["broke"][number][];
};

const brokenBy = (broke: More["broke"] = []): RecentChange["broke"] =>
  typeof broke === "string" ? [{ rule: "RAM.Something" as RuleId, severity: broke }] : broke;

/** One change, some minutes after all of it began. */
export const changed = (
  operation: OperationId,
  subject: SubjectRef,
  { minute = 0, actor = user("mallory"), effect = "made", broke = [] }: More = {},
): RecentChange => {
  made += 1;
  return {
    eventId: `event-${made}`,
    requestId: `request-${made}`,
    operation,
    occurredAt: start + minute * 60_000,
    effect,
    actor,
    subject,
    notedAt: start + 3_600_000,
    broke: brokenBy(broke),
  };
};

const at = { accountId: own, route: "Ram" } as const;

export const newUser = (userName: string, more?: More) =>
  changed("Ram.CreateUser", { kind: "user", ...at, userName, userId: `id-of-${userName}` }, more);
export const newLogin = (userName: string, more?: More) =>
  changed("Ram.CreateLoginProfile", { kind: "login", ...at, userName }, more);
export const newKey = (name: string, more?: More) =>
  changed(
    "Ram.CreateAccessKey",
    {
      kind: "access-key",
      accountId: own,
      owner: name.startsWith("id-of-") ? { kind: "user-id", id: name } : { kind: "user", name },
      accessKeyId: `LTAI-${name}`,
      createdAt: start,
    },
    more,
  );
export const grantTo = (
  kind: "user" | "group" | "role",
  name: string,
  more: More & { readonly policy?: string; readonly type?: "System" | "Custom" } = {},
) => {
  const { policy = "AdministratorAccess", type = "System", ...rest } = more;
  return changed(
    kind === "user"
      ? "Ram.AttachPolicyToUser"
      : kind === "group"
        ? "Ram.AttachPolicyToGroup"
        : "Ram.AttachPolicyToRole",
    { kind: "grant", ...at, principal: { kind, name }, policy: { type, name: policy }, scope: "account" },
    { broke: policy === "AdministratorAccess" ? "critical" : [], ...rest },
  );
};
export const joined = (userName: string, groupName: string, more?: More) =>
  changed("Ram.AddUserToGroup", { kind: "membership", ...at, userName, groupName }, more);

export const facts = (over: Partial<ChainFacts> = {}): ChainFacts => ({
  settings: settings(),
  administers: () => false,
  documentOf: () => undefined,
  ...over,
});
