import * as z from "zod";
import type { Principal } from "../domain/identity.ts";
import type { Json } from "../domain/json.ts";
import type { Result } from "../domain/result.ts";
import { failed, ok } from "../domain/result.ts";
import type { AccessKeyRef, Gone, GrantRef, RoleTrustRef, Subject } from "../domain/subject.ts";
import { gone } from "../domain/subject.ts";
import type { HeldPolicy } from "../domain/subjects/identities.ts";
import type {
  GrantsOf,
  HoldersOf,
  KeeperOf,
  MembersOf,
  PolicyDocuments,
  Reader,
  RoleNames,
  Trail,
} from "../ports/cloud.ts";

/**
 * The parts of an account snapshot that judging needs. The format is the one that the sandbox loads and dumps
 * (docs/snapshot.md); what is not needed here is passed by.
 */
const document = z.union([z.string(), z.record(z.string(), z.json())]);
const key = z.object({
  accessKeyId: z.string(),
  status: z.enum(["Active", "Inactive"]).default("Active"),
  createDate: z.string().optional(),
});

const snapshotSchema = z.object({
  version: z.literal(1),
  accountId: z.string(),
  users: z
    .array(
      z.object({
        userName: z.string(),
        userId: z.string().optional(),
        accessKeys: z.array(key).default([]),
        provisionType: z.string().optional(),
      }),
    )
    .default([]),
  groups: z
    .array(z.object({ groupName: z.string(), members: z.array(z.object({ userName: z.string() })).default([]) }))
    .default([]),
  roles: z
    .array(
      z.object({
        roleName: z.string(),
        roleId: z.string().default(""),
        description: z.string().default(""),
        assumeRolePolicyDocument: document,
        maxSessionDuration: z.number().int().default(3600),
        createDate: z.string().optional(),
        updateDate: z.string().optional(),
        extra: z.record(z.string(), z.json()).default({}),
      }),
    )
    .default([]),
  policies: z
    .array(
      z.object({
        policyName: z.string(),
        policyType: z.enum(["System", "Custom"]),
        defaultVersion: z.string().optional(),
        versions: z.array(z.object({ versionId: z.string(), policyDocument: document })),
      }),
    )
    .default([]),
  attachments: z
    .array(
      z.object({
        policyType: z.string(),
        policyName: z.string(),
        principalType: z.string(),
        principalName: z.string(),
        resourceGroupId: z.string().optional(),
        attachDate: z.string().optional(),
      }),
    )
    .default([]),
  trail: z.array(z.json()).default([]),
});

export type SnapshotState = z.output<typeof snapshotSchema>;

/** Reads a snapshot's text. The errors name the path in the snapshot, and never quote a value. */
export const readSnapshot = (text: string): Result<SnapshotState, readonly string[]> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed(["not JSON"]);
  }
  const parsed = checked(value);
  if (parsed === undefined) return failed(["nested too deep"]);
  if (parsed.success) return ok(parsed.data);
  return failed(
    parsed.error.issues.map(
      ({ path, message }) =>
        `$${path.map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`)).join("")}: ${message}`,
    ),
  );
};

/** Undefined for what is nested deeper than the checker can go. */
const checked = (value: unknown) => {
  try {
    return snapshotSchema.safeParse(value);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
};

const textOf = (value: z.output<typeof document>): string =>
  typeof value === "string" ? value : JSON.stringify(value);

/** `IMSUser`, `User` and `user` are one kind; so are the others. */
const kinds: ReadonlyMap<string, string> = new Map([
  ["imsuser", "user"],
  ["imsgroup", "group"],
  ["servicerole", "role"],
]);
const kindOf = (type: string): string => kinds.get(type.toLowerCase()) ?? type.toLowerCase();

const sameName = (kind: string, a: string, b: string): boolean =>
  kind === "role" ? a.toLowerCase() === b.toLowerCase() : a === b;

const readRole = (snapshot: SnapshotState, ref: RoleTrustRef): Subject | Gone => {
  const role = snapshot.roles.find(({ roleName }) => sameName("role", roleName, ref.roleName));
  if (role === undefined) return gone;
  return {
    kind: "role-trust",
    roleName: role.roleName,
    roleId: role.roleId,
    document: textOf(role.assumeRolePolicyDocument),
    description: role.description,
    maxSessionSeconds: role.maxSessionDuration,
    ...(role.createDate === undefined ? {} : { createdAt: role.createDate }),
    ...(role.updateDate === undefined ? {} : { updatedAt: role.updateDate }),
    serviceLinked: role.roleName.toLowerCase().startsWith("aliyunservicerolefor"),
    rest: role.extra,
  };
};

const readKey = (snapshot: SnapshotState, ref: AccessKeyRef): Subject | Gone => {
  const { owner } = ref;
  if (owner.kind === "root") return gone;
  const user = snapshot.users.find(({ userName, userId }) =>
    owner.kind === "user" ? userName === owner.name : userId === owner.id,
  );
  const keys = user?.accessKeys ?? [];
  const found = keys.filter((one) =>
    ref.accessKeyId === undefined
      ? one.createDate !== undefined && Math.abs(Date.parse(one.createDate) - ref.createdAt) <= 2_000
      : one.accessKeyId === ref.accessKeyId,
  );
  const [only] = found;
  if (user === undefined || only === undefined || found.length > 1) return gone;
  const { accessKeyId, status, createDate } = only;
  return {
    kind: "access-key",
    owner: { kind: "user", name: user.userName },
    accessKeyId,
    status,
    ...(createDate === undefined ? {} : { createdAt: createDate }),
  };
};

const readGrant = (snapshot: SnapshotState, ref: GrantRef): Subject | Gone => {
  const { principal, policy, scope } = ref;
  const found = snapshot.attachments.find(
    (one) =>
      kindOf(one.principalType) === principal.kind &&
      sameName(principal.kind, one.principalName.split("@")[0] ?? "", principal.name) &&
      one.policyName === policy.name &&
      one.policyType === policy.type &&
      (scope === "account"
        ? one.resourceGroupId === undefined || one.resourceGroupId === snapshot.accountId
        : one.resourceGroupId === scope.resourceGroupId),
  );
  if (found === undefined) return gone;
  return {
    kind: "grant",
    principal,
    policy,
    scope,
    ...(found.attachDate === undefined ? {} : { attachedAt: found.attachDate }),
  };
};

/** The cloud as a snapshot shows it: reads only, answered at once. */
export const snapshotCloud = (
  snapshot: SnapshotState,
): {
  readonly read: Reader;
  readonly policyDocument: PolicyDocuments;
  readonly roleNames: RoleNames;
  readonly holdersOf: HoldersOf;
  readonly grantsOf: GrantsOf;
  readonly membersOf: MembersOf;
  readonly keeperOf: KeeperOf;
  readonly trail: Trail;
} => ({
  read: async (ref) => {
    switch (ref.kind) {
      case "role-trust":
        return ok(readRole(snapshot, ref));
      case "access-key":
        return ref.owner.kind === "root"
          ? failed({ kind: "forbidden", code: "RootUnreadable", operation: "Ram.ListAccessKeys" })
          : ok(readKey(snapshot, ref));
      case "grant":
        return ok(readGrant(snapshot, ref));
      default:
        return failed({ kind: "forbidden", code: "NotInSnapshot", operation: `read ${ref.kind}` });
    }
  },
  policyDocument: async ({ type, name }) => {
    const policy = snapshot.policies.find((one) => one.policyType === type && one.policyName === name);
    const version = policy?.versions.find(({ versionId }) => versionId === (policy.defaultVersion ?? versionId));
    return ok(version === undefined ? gone : textOf(version.policyDocument));
  },
  holdersOf: async ({ type, name }) =>
    ok(
      snapshot.attachments
        .filter(
          (one) =>
            one.policyType === type &&
            one.policyName === name &&
            (one.resourceGroupId === undefined || one.resourceGroupId === snapshot.accountId),
        )
        .map(({ principalType, principalName }) => ({
          kind: kindOf(principalType) as Principal["kind"],
          name: principalName.split("@")[0] ?? principalName,
        })),
    ),
  grantsOf: async ({ kind, name }) =>
    ok(
      snapshot.attachments
        .filter(
          (one) => kindOf(one.principalType) === kind && sameName(kind, one.principalName.split("@")[0] ?? "", name),
        )
        .flatMap(({ policyType, policyName, resourceGroupId }): readonly HeldPolicy[] =>
          policyType === "System" || policyType === "Custom"
            ? [
                {
                  policy: { type: policyType, name: policyName },
                  scope:
                    resourceGroupId === undefined || resourceGroupId === snapshot.accountId
                      ? "account"
                      : { resourceGroupId },
                },
              ]
            : [],
        ),
    ),
  membersOf: async (groupName) =>
    ok(snapshot.groups.find((one) => one.groupName === groupName)?.members.map(({ userName }) => userName) ?? []),
  keeperOf: async (name) => {
    const keeper = snapshot.users.find(({ userName }) => userName === name)?.provisionType;
    return ok(keeper === "Manual" ? undefined : keeper);
  },
  roleNames: async () => ok(snapshot.roles.map(({ roleName }) => roleName)),
  trail: async ({ eventName, from, to }) =>
    ok({ events: snapshot.trail.filter((event) => inQuery(event, eventName, from, to)) }),
});

const inQuery = (event: Json, eventName: string | undefined, from: number, to: number): boolean => {
  if (typeof event !== "object" || event === null || !("eventName" in event)) return false;
  const at = Date.parse(String(event.eventTime));
  return (eventName === undefined || event.eventName === eventName) && at >= from && at <= to;
};
