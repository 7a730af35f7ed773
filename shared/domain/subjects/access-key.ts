import type { KeyOwner } from "../identity.ts";
import type { RefBase } from "./common.ts";
import type { KindInfo } from "./kind-info.ts";

export type AccessKeyRef = Omit<RefBase<"access-key">, "route"> & {
  readonly owner: KeyOwner;
  /** Absent when the event carries no response; then the key is the one that `createdAt` finds. */
  readonly accessKeyId?: string;
  /** When the key was made, as epoch milliseconds. */
  readonly createdAt: number;
};

export type AccessKey = {
  readonly kind: "access-key";
  readonly owner: KeyOwner;
  readonly accessKeyId: string;
  readonly status: "Active" | "Inactive";
  readonly createdAt?: string;
};

const ownerText = (owner: KeyOwner): string => (owner.kind === "root" ? "root" : `user/${owner.name}`);

export const accessKeyKind: KindInfo<AccessKeyRef, AccessKey> = {
  key: ({ owner, accessKeyId, createdAt }) => [ownerText(owner), accessKeyId ?? `made-at-${createdAt}`],
  text: ({ owner, accessKeyId }) =>
    `AccessKey ${accessKeyId ?? "(id not in the event)"} of ${owner.kind === "root" ? "the account owner (root)" : `user ${owner.name}`}`,
  names: ({ owner }) => (owner.kind === "root" ? [] : [owner.name]),
  touches: ({ owner }) => (owner.kind === "root" ? "root" : { kind: "user", name: owner.name }),
  compared: ({ accessKeyId, status }) => ({ accessKeyId, status }),
  claim: ({ status }) => status,
};
