import type { KeyOwner } from "../identity.ts";
import type { RefBase } from "./common.ts";
import type { KindInfo, Touched } from "./kind-info.ts";

export type AccessKeyRef = Omit<RefBase<"access-key">, "route"> & {
  readonly owner: KeyOwner;
  /** Absent when the event carries no response; then the key is the one that `createdAt` finds. */
  readonly accessKeyId?: string;
  /** When the key was made, as epoch milliseconds. */
  readonly createdAt: number;
  /** The change brought the key back from the recycle bin, so that its secret may be known to anybody who had it. */
  readonly fromBin?: true;
};

export type AccessKey = {
  readonly kind: "access-key";
  readonly owner: KeyOwner;
  readonly accessKeyId: string;
  readonly status: "Active" | "Inactive";
  readonly createdAt?: string;
};

/** How a person reads the owner of a key. */
export const ownerName = (owner: KeyOwner): string => {
  switch (owner.kind) {
    case "root":
      return "the account owner (root)";
    case "user":
      return `user ${owner.name}`;
    case "user-id":
      return `the user with id ${owner.id}`;
  }
};

/** Whom a write on a key of this owner touches. A user of whom only the id is known is told by a reading. */
export const ownerPrincipal = (owner: KeyOwner): Touched => {
  switch (owner.kind) {
    case "root":
      return "root";
    case "user":
      return { kind: "user", name: owner.name };
    case "user-id":
      return "account";
  }
};

const ownerKey = (owner: KeyOwner): string => (owner.kind === "user" ? `user/${owner.name}` : owner.kind);

export const accessKeyKind: KindInfo<AccessKeyRef, AccessKey> = {
  // The id alone: it is never used twice, and some events name the owner by an id of its own.
  key: ({ owner, accessKeyId, createdAt }) =>
    accessKeyId === undefined ? [ownerKey(owner), `made-at-${createdAt}`] : [accessKeyId],
  text: ({ owner, accessKeyId }) => `AccessKey ${accessKeyId ?? "(id not in the event)"} of ${ownerName(owner)}`,
  names: ({ owner }) => (owner.kind === "user" ? [owner.name] : []),
  touches: ({ owner }) => ownerPrincipal(owner),
  compared: ({ accessKeyId, status }) => ({ accessKeyId, status }),
  claim: ({ status }) => status,
};
