import type { Logins } from "../state/logins.ts";
import type { Tagged } from "../state/tags.ts";
import type { SnapshotLogins } from "./format.ts";

/** Empty lists are left out, as the operations leave them out. */
const list = <Item, Loaded>(items: readonly Item[] | undefined, load: (item: Item) => Loaded) =>
  items === undefined || items.length === 0 ? undefined : items.map(load);

const defined = <Members extends object>(members: Members): Members =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Members;

/** What a user logs on or signs with besides its password and access keys. */
export const loginsFrom = (user: SnapshotLogins, now: string): Logins =>
  defined({
    passkeys: list(user.passkeys, (each) => ({
      passkeyName: each.passkeyId,
      createDate: now,
      lastUseDate: "",
      ...each,
    })),
    publicKeys: list(user.publicKeys, (each) => ({
      publicKeySpec: "",
      status: "Active" as const,
      createDate: now,
      ...each,
    })),
    serviceCredentials: list(user.serviceCredentials, (each) => ({
      serviceCredentialName: each.serviceCredentialId,
      status: "Active" as const,
      createTime: now,
      ...each,
    })),
    securityPhone: user.securityPhone,
    securityEmail: user.securityEmail,
    personalDingTalk: user.personalDingTalk,
  }) as Logins;

export const tagsFrom = ({ tags = [] }: Tagged): Tagged => (tags.length === 0 ? {} : { tags });
