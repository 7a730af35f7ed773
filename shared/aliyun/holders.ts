import type { AccountId, Principal } from "../domain/identity.ts";
import type { JsonObject } from "../domain/json.ts";
import { failed, ok } from "../domain/result.ts";
import type { HoldersOf, KeeperOf, MembersOf } from "../ports/cloud.ts";
import { listAt, objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import type { Transport } from "./transport.ts";

/** Every operation of Ram that is called here; the looking role may do these and no others. */
export const holderReads = ["ListEntitiesForPolicy", "ListUsersForGroup"] as const;

/** More pages than a group can have members. */
const mostPages = 100;

const named = (list: readonly JsonObject[], kind: Principal["kind"], field: string): readonly Principal[] =>
  list.flatMap((one) => {
    const name = textAt(one, field);
    return name === undefined ? [] : [{ kind, name }];
  });

/** Who holds a policy for the whole account, by `Ram.ListEntitiesForPolicy`, which is not paged. */
export const holdersOf =
  (send: Transport): HoldersOf =>
  async ({ type, name }) => {
    const [operation] = holderReads;
    const parameters = { PolicyType: type, PolicyName: name };
    const result = await send({ service: "Ram", operation, parameters, effect: "read" });
    // Nobody holds a policy that is not there.
    if (!result.ok) return result.error.kind === "not-found" ? ok([]) : result;
    const { body, requestId } = result.value;
    const users = listAt(body, "Users", "User");
    const groups = listAt(body, "Groups", "Group");
    const roles = listAt(body, "Roles", "Role");
    if (users === undefined || groups === undefined || roles === undefined)
      return failed(unexpectedAnswer(`Ram.${operation}`, "read", requestId));
    return ok([
      ...named(users, "user", "UserName"),
      ...named(groups, "group", "GroupName"),
      ...named(roles, "role", "RoleName"),
    ]);
  };

/** The users in a group, by `Ram.ListUsersForGroup`, 1,000 to the page; none where there is no such group. */
export const membersOf =
  (send: Transport): MembersOf =>
  async (groupName) => {
    const operation = holderReads[1];
    const names: string[] = [];
    let marker: string | undefined;
    for (let page = 1; page <= mostPages; page += 1) {
      const parameters = { GroupName: groupName, MaxItems: 1000, Marker: marker };
      const result = await send({ service: "Ram", operation, parameters, effect: "read" });
      if (!result.ok) return result.error.kind === "not-found" ? ok([]) : result;
      const users = listAt(result.value.body, "Users", "User");
      if (users === undefined) return failed(unexpectedAnswer(`Ram.${operation}`, "read", result.value.requestId));
      names.push(...users.flatMap((user) => textAt(user, "UserName") ?? []));
      const next = textAt(result.value.body, "Marker");
      // The last page may repeat the marker that it was asked with.
      if (result.value.body.IsTruncated !== true || next === undefined || next === "" || next === marker)
        return ok([...new Set(names)]);
      marker = next;
    }
    return failed(unexpectedAnswer(`Ram.${operation}`, "read"));
  };

/** Every operation of Ims that is called here; the looking role may do these and no others. */
export const keeperReads = ["GetUser"] as const;

/**
 * Who keeps a user, by `Ims.GetUser`: Ram's own GetUser does not tell. The account's id serves as the domain of the name,
 * as it is valid beside any alias.
 */
export const keeperOf =
  (send: Transport, accountId: AccountId): KeeperOf =>
  async (userName) => {
    const [operation] = keeperReads;
    const parameters = { UserPrincipalName: `${userName}@${accountId}.onaliyun.com` };
    const result = await send({ service: "Ims", operation, parameters, effect: "read" });
    if (!result.ok) return result.error.kind === "not-found" ? ok(undefined) : result;
    const user = objectAt(result.value.body, "User");
    if (user === undefined) return failed(unexpectedAnswer(`Ims.${operation}`, "read", result.value.requestId));
    const keeper = textAt(user, "ProvisionType");
    return ok(keeper === undefined || keeper === "" || keeper === "Manual" ? undefined : keeper);
  };
