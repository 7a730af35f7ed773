import type { Snapshot } from "../../../sandbox/index.ts";

/** An account as rows of a path and a value, by which any two are compared. */
export type Standing = ReadonlyMap<string, string>;

/** What any call moves, or what nobody can give back: times, and what no reading of an identity shows. */
const passing = new Set([
  "version",
  "trail",
  "reports",
  "domains",
  "updateDate",
  "attachDate",
  "joinDate",
  "lastUsed",
  "lastUseDate",
  "lastVersion",
  "recycleDate",
  "modifyTime",
]);

/** What a thing that is made anew has anew. */
const anew = new Set([
  "createDate",
  "createTime",
  "userId",
  "roleId",
  "groupId",
  "delegationEnabledTime",
  "publicKeySpec",
  "expirationTime",
]);

const naming: readonly (readonly string[])[] = [
  ["policyType", "policyName", "principalType", "principalName", "resourceGroupId"],
  ["policyId", "targetId"],
  ["accountId", "servicePrincipal"],
  ["serialNumber"],
  ["userName"],
  ["groupName"],
  ["roleName"],
  ["policyName", "policyType"],
  ["accessKeyId"],
  ["passkeyId"],
  ["publicKeyId"],
  ["serviceCredentialId"],
  ["appSecretId"],
  ["appId"],
  ["policyName"],
  ["accountId"],
  ["folderId"],
  ["resourceId"],
  ["versionId"],
  ["id"],
  ["key"],
  ["name"],
];

type Values = { readonly [name: string]: unknown };

const isObject = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** `link` is the rest of the names of an attachment: some may be left out. */
const nameOf = (element: Values): string | undefined => {
  const names = naming.find((all) => all.every((one) => one === "resourceGroupId" || element[one] !== undefined));
  return names?.map((one) => String(element[one] ?? "")).join(" ");
};

/** Versions by their place and text where ids do not count: one that is made again has another. */
const versionsAnew = ({ versions, defaultVersion, ...rest }: Values): Values => ({
  ...rest,
  versions: [...(versions as readonly { readonly versionId: string; readonly policyDocument: unknown }[])]
    .sort((a, b) => Number(a.versionId.slice(1)) - Number(b.versionId.slice(1)))
    .map(({ versionId, policyDocument }) =>
      JSON.stringify([policyDocument, versionId === defaultVersion ? "the default" : ""]),
    ),
});

/** A key without a policy of its own, and one whose policy limits nothing. */
const unlimited = /"Status":"Inactive"/;

const wholeAnew = (value: Values): Values => {
  if (value.versions !== undefined) return versionsAnew(value);
  // A control policy that is made again has another id.
  if (value.policyDocument !== undefined && value.policyId !== undefined) return { ...value, policyId: undefined };
  return value.accessKeyId !== undefined && unlimited.test(String(value.policy))
    ? { ...value, policy: undefined }
    : value;
};

const rowsOf = (value: unknown, path: string, left: ReadonlySet<string>, into: Map<string, string>): void => {
  if (Array.isArray(value)) {
    const plain = value.filter((one) => !isObject(one));
    if (plain.length > 0) into.set(path, JSON.stringify([...plain].sort()));
    for (const element of value) {
      if (!isObject(element)) continue;
      const name = nameOf(element) ?? JSON.stringify(element);
      into.set(`${path}[${name}]`, "there");
      rowsOf(element, `${path}[${name}]`, left, into);
    }
    return;
  }
  if (!isObject(value)) {
    into.set(path, JSON.stringify(value));
    return;
  }
  const whole = left === passing ? value : wholeAnew(value);
  for (const [name, member] of Object.entries(whole))
    if (!left.has(name) && member !== undefined) rowsOf(member, `${path}.${name}`, left, into);
};

/** How an account stands. With `ids` the ids count, by which a thing that was made anew is another. */
export const standingOf = (account: Snapshot, ids: "with ids" | "but for ids" = "but for ids"): Standing => {
  const rows = new Map<string, string>();
  rowsOf(account, "", ids === "with ids" ? passing : new Set([...passing, ...anew]), rows);
  return rows;
};

/** The paths at which two accounts differ. */
export const differences = (a: Standing, b: Standing): readonly string[] =>
  [...new Set([...a.keys(), ...b.keys()])].filter((path) => a.get(path) !== b.get(path)).sort();
