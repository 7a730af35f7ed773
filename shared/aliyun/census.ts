import type { CloudError } from "../domain/cloud-error.ts";
import { isPassing } from "../domain/cloud-error.ts";
import type { AccountId, Principal } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type {
  AccountStanding,
  GroupStanding,
  KeyStanding,
  Part,
  PolicyStanding,
  RoleStanding,
  Standing,
  StandingKind,
  UserStanding,
} from "../domain/standing.ts";
import { unreadParts } from "../domain/standing.ts";
import type { PolicyName } from "../domain/subject.ts";
import { highRiskPolicies } from "../policy/high-risk-policies.ts";
import type { Census, CensusPage } from "../ports/cloud.ts";
import { listAt, objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { holdersOf, membersOf } from "./holders.ts";
import { rowsByNumber } from "./pages.ts";
import { accessKeyOf, readRoleTrust } from "./ram.ts";
import { attachmentOf, policyOf } from "./read-attachments.ts";
import { credentialsReaders, loginOf } from "./read-credentials.ts";
import { groupsOfUser } from "./read-holdings.ts";
import { groupOf, userOf } from "./read-identities.ts";
import { settingsReaders } from "./read-settings.ts";
import type { Answer, Parameters, Transport } from "./transport.ts";

/** What is called here and by no other reader; the looking role may make these calls. */
export const censusReads = ["GetAccessKeyLastUsed", "GetAccountMFAInfo", "GetAccountSecurityPracticeReport"] as const;

/** Calls that other readers make as well. */
type SharedRead =
  | "GetLoginProfile"
  | "GetUserMFAInfo"
  | "ListAccessKeys"
  | "ListGroups"
  | "ListPasskeys"
  | "ListPolicies"
  | "ListPoliciesForGroup"
  | "ListPoliciesForRole"
  | "ListPoliciesForUser"
  | "ListRoles"
  | "ListUsers";
type CensusRead = (typeof censusReads)[number] | SharedRead;

type Read<Value> = Promise<Result<Value, CloudError>>;

/** Things to the page, as each takes calls of its own. */
const fewAtOnce = 10;
const manyAtOnce = 100;

const strange = (operation: string, requestId?: string): Result<never, CloudError> =>
  failed(unexpectedAnswer(operation, "read", requestId));

/** One walk's calls are counted, so that whoever walks can keep to a pace. */
type Counted = { readonly send: Transport; readonly calls: () => number };

const counted = (send: Transport): Counted => {
  let calls = 0;
  return {
    send: (request) => {
      calls += 1;
      return send(request);
    },
    calls: () => calls,
  };
};

const partOf = <Value>(result: Result<Value, CloudError>): Part<Value> =>
  result.ok ? { read: true, value: result.value } : { read: false, error: result.error };

/** What a retry can mend: a strange answer may be so for ever, and is a part that could not be read. */
const passingIn = (piece: Standing): CloudError | undefined =>
  unreadParts(piece).find((error) => isPassing(error) && error.kind !== "unreadable");

const instantOf = (text: string | undefined): { readonly at?: number } => {
  const at = Date.parse(text ?? "");
  return Number.isNaN(at) ? {} : { at };
};

const read = (
  send: Transport,
  service: "Ram" | "Ims",
  operation: CensusRead,
  parameters: Parameters,
): Promise<Result<Answer, CloudError>> => send({ service, operation, parameters, effect: "read" });

type Rows = { readonly rows: readonly JsonObject[]; readonly next?: string };

const pageOf = async (
  send: Transport,
  service: "Ram" | "Ims",
  operation: CensusRead,
  [outer, inner]: readonly [string, string],
  parameters: Parameters,
  cursor: string | undefined,
): Read<Rows> => {
  const result = await read(send, service, operation, { ...parameters, Marker: cursor });
  if (!result.ok) return result;
  const { body, requestId } = result.value;
  const rows = listAt(body, outer, inner);
  if (rows === undefined) return strange(`${service}.${operation}`, requestId);
  const next = textAt(body, "Marker");
  // The last page may repeat the marker that it was asked with.
  const isLast = body.IsTruncated !== true || next === undefined || next === "" || next === cursor;
  return ok(isLast ? { rows } : { rows, next });
};

const policiesOf = async (
  send: Transport,
  operation: "ListPoliciesForUser" | "ListPoliciesForGroup" | "ListPoliciesForRole",
  parameters: Parameters,
): Read<readonly PolicyName[]> => {
  const result = await read(send, "Ram", operation, parameters);
  if (!result.ok) return result;
  const policies = listAt(result.value.body, "Policies", "Policy")?.map(policyOf);
  const known = policies?.filter((policy) => policy !== undefined);
  return known === undefined || known.length !== policies?.length
    ? strange(`Ram.${operation}`, result.value.requestId)
    : ok(known);
};

/** When a key was used last. A key that was never used has no time there, or none that is one. */
const lastUseOf = async (send: Transport, userName: string, accessKeyId: string): Read<number | undefined> => {
  const operation = "GetAccessKeyLastUsed";
  const result = await read(send, "Ram", operation, { UserName: userName, UserAccessKeyId: accessKeyId });
  if (!result.ok) return result;
  const used = objectAt(result.value.body, "AccessKeyLastUsed");
  return used === undefined
    ? strange(`Ram.${operation}`, result.value.requestId)
    : ok(instantOf(textAt(used, "LastUsedDate")).at);
};

/** A key without a policy, or with one that is not in force, may be used from anywhere. */
const isLimited = async (
  send: Transport,
  accountId: AccountId,
  { userName, principalName, accessKeyId }: { userName: string; principalName: string; accessKeyId: string },
): Read<boolean> => {
  const ref = { kind: "key-policy", accountId, route: "Ims", userName, principalName, accessKeyId } as const;
  const policy = await credentialsReaders["key-policy"](send, ref);
  if (!policy.ok) return policy;
  return ok(policy.value.kind === "key-policy" && policy.value.document.Status === "Active");
};

const keysOf = async (
  send: Transport,
  accountId: AccountId,
  userName: string,
  principalName: string,
): Read<readonly KeyStanding[]> => {
  const result = await read(send, "Ram", "ListAccessKeys", { UserName: userName });
  if (!result.ok) return result;
  const states = listAt(result.value.body, "AccessKeys", "AccessKey")?.map((row) => accessKeyOf(row, userName));
  const keys: KeyStanding[] = [];
  for (const state of states ?? [undefined]) {
    if (state === undefined) return strange("Ram.ListAccessKeys", result.value.requestId);
    const { owner, accessKeyId } = state;
    const { at } = instantOf(state.createdAt);
    const ref = { kind: "access-key", accountId, owner, accessKeyId, createdAt: at ?? 0 } as const;
    const usedAt = partOf(await lastUseOf(send, userName, accessKeyId));
    const limited =
      state.status === "Active"
        ? partOf(await isLimited(send, accountId, { userName, principalName, accessKeyId }))
        : partOf(ok(false));
    keys.push({ ref, state, ...(at === undefined ? {} : { createdAt: at }), usedAt, limited });
  }
  return ok(keys);
};

/** A console logon, and when it was used last, which the same answer tells. */
const logonOf = async (
  send: Transport,
  accountId: AccountId,
  { user, principalName }: FoundUser,
): Read<(UserStanding["login"] & { read: true })["value"]> => {
  const result = await read(send, "Ims", "GetLoginProfile", { UserPrincipalName: principalName });
  if (!result.ok) return result.error.kind === "not-found" ? ok(null) : result;
  const profile = objectAt(result.value.body, "LoginProfile");
  const state = profile === undefined ? undefined : loginOf(profile);
  if (profile === undefined || state === undefined) return strange("Ims.GetLoginProfile", result.value.requestId);
  const { userName, userId } = user;
  const ref = { kind: "login", accountId, route: "Ims", userName, principalName } as const;
  const { at } = instantOf(textAt(profile, "LastLoginTime"));
  return ok({ ref, state: { ...state, userId }, ...(at === undefined ? {} : { usedAt: at }) });
};

const factorOf = async (send: Transport, UserPrincipalName: string): Read<"device" | "passkey" | null> => {
  const device = await read(send, "Ims", "GetUserMFAInfo", { UserPrincipalName });
  if (device.ok) return ok("device");
  if (device.error.kind !== "not-found") return device;
  const passkeys = await read(send, "Ims", "ListPasskeys", { UserPrincipalName });
  if (!passkeys.ok) return passkeys.error.kind === "not-found" ? ok(null) : passkeys;
  const { Passkeys: list } = passkeys.value.body;
  if (!Array.isArray(list)) return strange("Ims.ListPasskeys", passkeys.value.requestId);
  return ok(list.length > 0 ? "passkey" : null);
};

type FoundUser = NonNullable<ReturnType<typeof userOf>>;

const standingOfUser = async (send: Transport, accountId: AccountId, found: FoundUser): Promise<UserStanding> => {
  const { user, principalName } = found;
  const { userName, userId } = user;
  const login = partOf(await logonOf(send, accountId, found));
  const mayLogOn = login.read && login.value?.state.status === "Active";
  const { at } = instantOf(user.createdAt);
  return {
    kind: "user",
    ref: { kind: "user", accountId, route: "Ims", userName, userId, principalName },
    user,
    ...(at === undefined ? {} : { createdAt: at }),
    keys: partOf(await keysOf(send, accountId, userName, principalName)),
    login,
    factor: mayLogOn ? partOf(await factorOf(send, principalName)) : { read: true, value: null },
    groups: partOf(await groupsOfUser(send, userName)),
    policies: partOf(await policiesOf(send, "ListPoliciesForUser", { UserName: userName })),
  };
};

/** Nobody reads the keys of the account owner but the owner; their number, and the owner's factor, are told to a role. */
const rootMfa = async (send: Transport): Read<boolean> => {
  const operation = "GetAccountMFAInfo";
  const result = await read(send, "Ims", operation, {});
  if (!result.ok) return result;
  const { IsMFAEnable: isOn } = result.value.body;
  return typeof isOn === "boolean" ? ok(isOn) : strange(`Ims.${operation}`, result.value.requestId);
};

const rootKeys = async (send: Transport): Read<number> => {
  const operation = "GetAccountSecurityPracticeReport";
  const result = await read(send, "Ims", operation, {});
  if (!result.ok) return result;
  const report = objectAt(result.value.body, "AccountSecurityPracticeInfo") ?? {};
  const count = objectAt(report, "AccountSecurityPracticeUserInfo")?.RootWithAccessKey;
  return typeof count === "number" ? ok(count) : strange(`Ims.${operation}`, result.value.requestId);
};

/** The system policies that are full administration, of the account or of its identities. */
const administeringPolicies = Object.keys(highRiskPolicies).filter((name) =>
  highRiskPolicies[name]?.tiers.includes("admin"),
);

const administrators = async (send: Transport): Read<readonly Principal[]> => {
  const found = new Map<string, Principal>();
  for (const name of administeringPolicies) {
    const holders = await holdersOf(send)({ type: "System", name });
    if (!holders.ok) return holders;
    for (const holder of holders.value) {
      const members = holder.kind === "group" ? await membersOf(send)(holder.name) : ok([]);
      if (!members.ok) return members;
      const principals: readonly Principal[] =
        holder.kind === "group" ? members.value.map((member) => ({ kind: "user", name: member })) : [holder];
      for (const principal of principals) found.set(`${principal.kind}/${principal.name}`, principal);
    }
  }
  return ok([...found.values()]);
};

const standingOfAccount = async (send: Transport, accountId: AccountId): Promise<AccountStanding> => {
  const preference = await settingsReaders["security-preference"](send, {
    kind: "security-preference",
    accountId,
    route: "Ims",
  });
  const passwordPolicy = await settingsReaders["password-policy"](send, {
    kind: "password-policy",
    accountId,
    route: "Ims",
  });
  const sso = await settingsReaders["sso-settings"](send, { kind: "sso-settings", accountId, route: "Ims" });
  return {
    kind: "account",
    rootMfa: partOf(await rootMfa(send)),
    rootKeys: partOf(await rootKeys(send)),
    preference: partOf(fieldsIn(preference)),
    passwordPolicy: partOf(fieldsIn(passwordPolicy)),
    sso: partOf(fieldsIn(sso)),
    administrators: partOf(await administrators(send)),
  };
};

const fieldsIn = (
  result: Result<{ readonly fields: JsonObject } | { readonly kind: "gone" }, CloudError>,
): Result<JsonObject, CloudError> => (result.ok ? ok("fields" in result.value ? result.value.fields : {}) : result);

type Page = Promise<Result<Omit<CensusPage, "calls">, CloudError>>;

/** A page of a list of which each row becomes a piece, perhaps with calls of its own. */
const piecesOf = async (
  page: Result<Rows, CloudError>,
  operation: string,
  pieceOf: (row: JsonObject) => Promise<Standing | undefined>,
): Page => {
  if (!page.ok) return page;
  const seen: Standing[] = [];
  for (const row of page.value.rows) {
    const piece = await pieceOf(row);
    if (piece === undefined) return strange(operation);
    const passing = passingIn(piece);
    if (passing !== undefined) return failed(passing);
    seen.push(piece);
  }
  return ok({ seen, ...(page.value.next === undefined ? {} : { next: page.value.next }) });
};

const users = async (send: Transport, accountId: AccountId, cursor: string | undefined): Page =>
  piecesOf(
    await pageOf(send, "Ims", "ListUsers", ["Users", "User"], { MaxItems: fewAtOnce }, cursor),
    "Ims.ListUsers",
    async (row) => {
      const found = userOf(row);
      return found === undefined ? undefined : standingOfUser(send, accountId, found);
    },
  );

const groups = async (send: Transport, accountId: AccountId, cursor: string | undefined): Page =>
  piecesOf(
    await pageOf(send, "Ims", "ListGroups", ["Groups", "Group"], { MaxItems: fewAtOnce }, cursor),
    "Ims.ListGroups",
    async (row): Promise<GroupStanding | undefined> => {
      const group = groupOf(row);
      if (group === undefined) return undefined;
      const { groupName, groupId } = group;
      return {
        kind: "group",
        ref: { kind: "group", accountId, route: "Ims", groupName, groupId },
        members: partOf(await membersOf(send)(groupName)),
        policies: partOf(await policiesOf(send, "ListPoliciesForGroup", { GroupName: groupName })),
      };
    },
  );

const roles = async (send: Transport, accountId: AccountId, cursor: string | undefined): Page =>
  piecesOf(
    await pageOf(send, "Ram", "ListRoles", ["Roles", "Role"], { MaxItems: fewAtOnce }, cursor),
    "Ram.ListRoles",
    async (row): Promise<RoleStanding | undefined> => {
      const roleName = textAt(row, "RoleName");
      if (roleName === undefined || roleName === "") return undefined;
      const ref = { kind: "role-trust", accountId, route: "Ram", roleName } as const;
      const trust = await readRoleTrust(send, ref);
      return {
        kind: "role",
        ref,
        trust: partOf(trust.ok ? (trust.value.kind === "gone" ? failed(goneMeanwhile) : ok(trust.value)) : trust),
        policies: partOf(await policiesOf(send, "ListPoliciesForRole", { RoleName: roleName })),
      };
    },
  );

/** A list that is read while things are deleted shows some that are not there any more. */
const goneMeanwhile: CloudError = { kind: "not-found", operation: "Ram.GetRole", code: "GoneMeanwhile" };

const policies = async (send: Transport, accountId: AccountId, cursor: string | undefined): Page => {
  const parameters = { MaxItems: manyAtOnce, PolicyType: "Custom" };
  return piecesOf(
    await pageOf(send, "Ram", "ListPolicies", ["Policies", "Policy"], parameters, cursor),
    "Ram.ListPolicies",
    async (row): Promise<PolicyStanding | undefined> => {
      const [policyName, attachments] = [textAt(row, "PolicyName"), row.AttachmentCount];
      if (policyName === undefined || typeof attachments !== "number") return undefined;
      return { kind: "policy", ref: { kind: "policy", accountId, route: "Ram", policyName }, attachments };
    },
  );
};

/** Grants of resource groups, which Ram does not show, all in one page of ours. */
const scopedGrants = async (send: Transport, accountId: AccountId): Page => {
  const operation = "ListPolicyAttachments";
  const listed = await rowsByNumber(manyAtOnce)(send, {
    service: "ResourceManager",
    operation,
    parameters: {},
    rows: (body) => listAt(body, "PolicyAttachments", "PolicyAttachment"),
  });
  if (!listed.ok) return listed;
  const seen: Standing[] = [];
  for (const row of listed.value) {
    const attachment = attachmentOf(row);
    if (attachment === undefined) return strange(`ResourceManager.${operation}`);
    const { principal, policy, scope } = attachment;
    if (scope === "account") continue;
    const principalName = textAt(row, "PrincipalName") ?? principal.name;
    const ref = {
      kind: "grant",
      accountId,
      route: "ResourceManager",
      principal,
      policy,
      scope,
      principalName,
    } as const;
    seen.push({ kind: "scoped-grant", ref, principal, policy, scope });
  }
  return ok({ seen });
};

const lookers: {
  readonly [kind in StandingKind]: (send: Transport, accountId: AccountId, cursor: string | undefined) => Page;
} = {
  account: async (send, accountId) => {
    const piece = await standingOfAccount(send, accountId);
    const passing = passingIn(piece);
    return passing === undefined ? ok({ seen: [piece] }) : failed(passing);
  },
  user: users,
  group: groups,
  role: roles,
  policy: policies,
  "scoped-grant": scopedGrants,
};

/** The account as it stands, by lists and by single calls of Ram, Ims and ResourceManager; ten users to the page. */
export const census =
  (send: Transport, accountId: AccountId): Census =>
  async (kind, cursor) => {
    const through = counted(send);
    const page = await lookers[kind](through.send, accountId, cursor);
    return page.ok ? ok({ ...page.value, calls: through.calls() }) : page;
  };
