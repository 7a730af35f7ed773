/**
 * What the cloud says of a full name whose domain is none of the account's any more, by code: its form is wrong, or nobody
 * is known by it.
 */
export const isMisnamed = (code: string | undefined): boolean =>
  /PrincipalName|^EntityNotExists?\.User$/.test(code ?? "");

/** `alice@corp.onaliyun.com`, `ops@group.corp.onaliyun.com`, `R@role.corp.onaliyunservice.com`. */
const fullName = /^([^@]+)@(group\.|role\.)?.*?(\.onaliyunservice\.com)?$/;

/**
 * The parameters of a call with each full name in the domain of the account's id. That domain stays valid beside any alias
 * (https://www.alibabacloud.com/help/en/ram/user-guide/advanced-settings), while the one that an event told is none any
 * more once the alias was changed. The same parameters where that is how they are.
 */
export const inStableNames = <Given extends { readonly [name: string]: unknown }>(
  parameters: Given,
  accountId: string,
): Given => {
  const stable = Object.entries(parameters).map(([key, value]): readonly [string, unknown] => {
    const [, name, kind = "", service = ".onaliyun.com"] =
      (key.endsWith("PrincipalName") && typeof value === "string" && fullName.exec(value)) || [];
    return [key, name === undefined ? value : `${name}@${kind}${accountId}${service}`];
  });
  return stable.some(([key, value]) => parameters[key] !== value) ? (Object.fromEntries(stable) as Given) : parameters;
};
