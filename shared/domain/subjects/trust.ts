import type { JsonObject } from "../json.ts";
import { jsonForm } from "../json.ts";
import type { RefBase } from "./common.ts";
import type { KindInfo } from "./kind-info.ts";

export type RoleTrustRef = RefBase<"role-trust"> & {
  readonly roleName: string;
  /** The call left the trust document as it was, and set something beside it. */
  readonly leavesDocument?: true;
};

export type RoleTrust = {
  readonly kind: "role-trust";
  readonly roleName: string;
  readonly roleId: string;
  /** The trust document, as RAM returns it. */
  readonly document: string;
  readonly description: string;
  /** Seconds. */
  readonly maxSessionSeconds: number;
  /** As RAM writes it, `yyyy-MM-ddTHH:mm:ssZ`. */
  readonly createdAt?: string;
  readonly updatedAt?: string;
  readonly serviceLinked: boolean;
  /** What else the API returned for the role: kept, so that a write can send it along. */
  readonly rest: JsonObject;
};

/** A value of a role beside its trust that an UpdateRole resets when its request leaves it out. */
export type ResettableValue = "description" | "session length";

export const roleTrustKind: KindInfo<RoleTrustRef, RoleTrust> = {
  key: ({ roleName }) => [roleName.toLowerCase()],
  text: ({ roleName }) => `trust policy of role ${roleName}`,
  names: ({ roleName }) => [roleName],
  touches: ({ roleName }) => ({ kind: "role", name: roleName }),
  compared: ({ document, description, maxSessionSeconds }, form) => ({
    document: form(document),
    description,
    maxSessionSeconds,
  }),
  incarnation: ({ roleId }) => roleId,
  // Only what a rule judges or a write sends along: the rest of a claim may hold anything.
  kept: (trust) => ({ ...trust, rest: {} }),
  claim: ({ document }) => jsonForm(document),
};
