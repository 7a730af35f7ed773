import type { CloudError } from "../domain/cloud-error.ts";
import type { AccountId } from "../domain/identity.ts";
import type { InventoriedKind } from "../domain/inventoried.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { RefOf, SubjectOf } from "../domain/subject.ts";
import { oidcProviderOf } from "../domain/subjects/federation-answers.ts";
import type { Inventory, InventoryPage, Listed } from "../ports/cloud.ts";
import { listAt, objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { accessKeyOf } from "./ram.ts";
import { loginBy } from "./read-credentials.ts";
import { groupOf, userOf } from "./read-identities.ts";
import type { Transport } from "./transport.ts";

/** The lists of all that an account has of one kind; the looking role may make these calls. */
export const inventoryReads = [
  "ListRoles",
  "ListPolicies",
  "ListSAMLProviders",
  "ListOIDCProviders",
  "ListGroups",
  "ListUsers",
  "ListVirtualMFADevices",
  "ListApplications",
  // One call for each user, within a page of users.
  "ListAccessKeys",
  "GetLoginProfile",
] as const;

type InventoryRead = (typeof inventoryReads)[number];

/** As many as every list here bears. */
const pageSize = 100;
/** Users to the page where each takes a call of its own: so many calls are made before whoever asked has a say again. */
const usersAtOnce = 10;

type Page = Promise<Result<InventoryPage, CloudError>>;

type Listing = {
  readonly service: "Ram" | "Ims";
  readonly operation: InventoryRead;
  readonly outer: string;
  readonly inner: string;
  readonly only?: { readonly [parameter: string]: string };
  /** How many rows make a page; `whole` for a list that has no pages, and no parameters for them. */
  readonly size?: number | "whole";
};

type Rows = { readonly rows: readonly JsonObject[]; readonly next?: string };

/** One page of rows. A list that has no pages answers none that follows. */
const rowsOf = async (
  send: Transport,
  { service, operation, outer, inner, only = {}, size = pageSize }: Listing,
  cursor: string | undefined,
): Promise<Result<Rows, CloudError>> => {
  const parameters = size === "whole" ? only : { ...only, MaxItems: size, Marker: cursor };
  const result = await send({ service, operation, parameters, effect: "read" });
  if (!result.ok) return result;
  const { body, requestId } = result.value;
  const rows = listAt(body, outer, inner);
  if (rows === undefined) return failed(unexpectedAnswer(`${service}.${operation}`, "read", requestId));
  const next = textAt(body, "Marker");
  // The last page may repeat the marker that it was asked with.
  const isLast = body.IsTruncated !== true || next === undefined || next === "" || next === cursor;
  return ok(isLast ? { rows } : { rows, next });
};

const nextOf = ({ next }: Rows): { readonly next?: string } => (next === undefined ? {} : { next });

/** A page of things each of which one row tells; `null` for a row that is none of them. */
const listedBy =
  (listing: Listing, thingOf: (row: JsonObject) => Listed | null | undefined) =>
  async (send: Transport, cursor: string | undefined): Page => {
    const page = await rowsOf(send, listing, cursor);
    if (!page.ok) return page;
    const things = page.value.rows.map(thingOf);
    if (things.includes(undefined)) return failed(unexpectedAnswer(`${listing.service}.${listing.operation}`, "read"));
    const known = things.filter((thing) => thing !== null && thing !== undefined);
    return ok({ things: known, calls: 1, ...nextOf(page.value) });
  };

type FoundUser = NonNullable<ReturnType<typeof userOf>>;

const users = { service: "Ims", operation: "ListUsers", outer: "Users", inner: "User" } as const;

/** A page of what each user has of its own, which takes a call for each user. */
const ofEachUser =
  (thingsOf: (send: Transport, user: FoundUser) => Promise<Result<readonly Listed[], CloudError>>) =>
  async (send: Transport, cursor: string | undefined): Page => {
    const page = await rowsOf(send, { ...users, size: usersAtOnce }, cursor);
    if (!page.ok) return page;
    const things: Listed[] = [];
    for (const row of page.value.rows) {
      const user = userOf(row);
      if (user === undefined) return failed(unexpectedAnswer("Ims.ListUsers", "read"));
      const found = await thingsOf(send, user);
      if (!found.ok && found.error.kind !== "not-found") return found;
      things.push(...(found.ok ? found.value : []));
    }
    return ok({ things, calls: 1 + page.value.rows.length, ...nextOf(page.value) });
  };

const keysOfUser =
  (accountId: AccountId) =>
  async (send: Transport, { user: { userName } }: FoundUser): Promise<Result<readonly Listed[], CloudError>> => {
    const parameters = { UserName: userName };
    const result = await send({ service: "Ram", operation: "ListAccessKeys", parameters, effect: "read" });
    if (!result.ok) return result;
    const keys = listAt(result.value.body, "AccessKeys", "AccessKey")?.map((row) => accessKeyOf(row, userName));
    if (keys === undefined || !keys.every((key) => key !== undefined))
      return failed(unexpectedAnswer("Ram.ListAccessKeys", "read", result.value.requestId));
    return ok(
      keys.map((state) => {
        const { owner, accessKeyId, createdAt } = state;
        const at = Date.parse(createdAt ?? "");
        const ref = {
          kind: "access-key",
          accountId,
          owner,
          accessKeyId,
          createdAt: Number.isNaN(at) ? 0 : at,
        } as const;
        return { ref, state };
      }),
    );
  };

const loginOfUser =
  (accountId: AccountId) =>
  async (send: Transport, { user, principalName }: FoundUser): Promise<Result<readonly Listed[], CloudError>> => {
    const login = await loginBy(send, principalName);
    if (!login.ok) return login;
    if (login.value.kind === "gone") return ok([]);
    const { userName, userId } = user;
    const ref = { kind: "login", accountId, route: "Ims", userName, principalName } as const;
    return ok([{ ref, state: { ...login.value, userId } }]);
  };

const named = (row: JsonObject, field: string, refOf: (name: string) => Listed["ref"]): Listed | undefined => {
  const name = textAt(row, field);
  return name === undefined || name === "" ? undefined : { ref: refOf(name) };
};

const told = <Kind extends InventoriedKind>(
  state: SubjectOf<Kind> | undefined,
  refOf: (state: SubjectOf<Kind>) => RefOf<Kind>,
): Listed | undefined => (state === undefined ? undefined : { ref: refOf(state), state });

/** A device that nobody has bound is nobody's second factor. */
const boundDevice = (accountId: AccountId, row: JsonObject): Listed | null | undefined => {
  const user = objectAt(row, "User");
  const principalName = user === undefined ? undefined : textAt(user, "UserPrincipalName");
  if (principalName === undefined) return null;
  const userName = principalName.split("@")[0];
  const serialNumber = textAt(row, "SerialNumber");
  if (!userName || serialNumber === undefined) return undefined;
  const ref = { kind: "mfa", accountId, route: "Ims", userName, principalName } as const;
  return { ref, state: { kind: "mfa", serialNumber } };
};

/** A setting of which the account has one: nothing needs to be listed. */
const single = (ref: Listed["ref"]) => async (): Page => ok({ things: [{ ref }], calls: 0 });

type PageOf = (send: Transport, cursor: string | undefined) => Page;

const pagesOf = (accountId: AccountId): { readonly [kind in InventoriedKind]: PageOf } => ({
  "role-trust": listedBy({ service: "Ram", operation: "ListRoles", outer: "Roles", inner: "Role" }, (row) =>
    named(row, "RoleName", (roleName) => ({ kind: "role-trust", accountId, route: "Ram", roleName })),
  ),
  policy: listedBy(
    {
      service: "Ram",
      operation: "ListPolicies",
      outer: "Policies",
      inner: "Policy",
      only: { PolicyType: "Custom" },
    },
    (row) => named(row, "PolicyName", (policyName) => ({ kind: "policy", accountId, route: "Ram", policyName })),
  ),
  "saml-provider": listedBy(
    { service: "Ims", operation: "ListSAMLProviders", outer: "SAMLProviders", inner: "SAMLProvider" },
    (row) =>
      named(row, "SAMLProviderName", (providerName) => ({
        kind: "saml-provider",
        accountId,
        route: "Ims",
        providerName,
      })),
  ),
  "oidc-provider": listedBy(
    { service: "Ims", operation: "ListOIDCProviders", outer: "OIDCProviders", inner: "OIDCProvider" },
    (row) =>
      told<"oidc-provider">(oidcProviderOf(row), ({ providerName }) => ({
        kind: "oidc-provider",
        accountId,
        route: "Ims",
        providerName,
      })),
  ),
  "sso-settings": single({ kind: "sso-settings", accountId, route: "Ims" }),
  "security-preference": single({ kind: "security-preference", accountId, route: "Ims" }),
  "password-policy": single({ kind: "password-policy", accountId, route: "Ims" }),
  "account-alias": single({ kind: "account-alias", accountId, route: "Ram" }),
  "control-policy-switch": single({ kind: "control-policy-switch", accountId, route: "ResourceManager" }),
  "resource-group-setting": single({ kind: "resource-group-setting", accountId, route: "ResourceManager" }),
  group: listedBy({ service: "Ims", operation: "ListGroups", outer: "Groups", inner: "Group" }, (row) =>
    told<"group">(groupOf(row), ({ groupName, groupId }) => ({
      kind: "group",
      accountId,
      route: "Ims",
      groupName,
      groupId,
    })),
  ),
  user: listedBy(users, (row) => {
    const found = userOf(row);
    if (found === undefined) return undefined;
    const { user, principalName } = found;
    const { userId, userName } = user;
    return { ref: { kind: "user", accountId, route: "Ims", userName, userId, principalName }, state: user };
  }),
  mfa: listedBy(
    {
      service: "Ims",
      operation: "ListVirtualMFADevices",
      outer: "VirtualMFADevices",
      inner: "VirtualMFADevice",
    },
    (row) => boundDevice(accountId, row),
  ),
  application: listedBy(
    { service: "Ims", operation: "ListApplications", outer: "Applications", inner: "Application", size: "whole" },
    (row) => named(row, "AppId", (appId) => ({ kind: "application", accountId, route: "Ims", appId })),
  ),
  "access-key": ofEachUser(keysOfUser(accountId)),
  login: ofEachUser(loginOfUser(accountId)),
});

/**
 * What the account holds of a kind, by the lists of Ram and Ims: 100 to the page, and ten users where each takes a call
 * of its own. Keys of the account owner, devices that are no virtual ones, and users that are frozen are in no list.
 */
export const inventory = (send: Transport, accountId: AccountId): Inventory => {
  const pages = pagesOf(accountId);
  return (kind, cursor) => pages[kind](send, cursor);
};
