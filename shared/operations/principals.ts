import type { Principal } from "../domain/identity.ts";

/**
 * The short name of a user, group or role, whatever spelling it came in: `alice`, `alice@123.onaliyun.com`,
 * `alice@corp.example`, `ops@group.corp.onaliyun.com`, `R@role.corp.onaliyunservice.com`.
 * RAM's own names cannot contain `@` (`ram-api.md` §4), so all after the first one is the domain.
 * Undefined when nothing is left.
 */
export const shortName = (name: string): string | undefined => {
  const at = name.indexOf("@");
  const short = (at === -1 ? name : name.slice(0, at)).trim();
  return short === "" ? undefined : short;
};

const kinds: ReadonlyMap<string, Principal["kind"]> = new Map([
  ["imsuser", "user"],
  ["imsgroup", "group"],
  ["servicerole", "role"],
]);

const types = { user: "IMSUser", group: "IMSGroup", role: "ServiceRole" } as const;

/** ResourceManager's `PrincipalType` and `PrincipalName` as one of our principals. */
export const principalOf = (type: string, name: string): Principal | undefined => {
  const kind = kinds.get(type.toLowerCase());
  const short = shortName(name);
  return kind === undefined || short === undefined ? undefined : { kind, name: short };
};

export const principalType = (kind: Principal["kind"]): "IMSUser" | "IMSGroup" | "ServiceRole" => types[kind];

/**
 * The full name that ResourceManager wants, for a principal whose name no event gave in full. The account id serves
 * as the domain: it is valid beside any alias (https://help.aliyun.com/zh/resource-management/api-attachpolicy).
 */
export const principalNameOf = (principal: Principal, accountId: string): string => {
  switch (principal.kind) {
    case "user":
      return `${principal.name}@${accountId}.onaliyun.com`;
    case "group":
      return `${principal.name}@group.${accountId}.onaliyun.com`;
    case "role":
      return `${principal.name}@role.${accountId}.onaliyunservice.com`;
  }
};
