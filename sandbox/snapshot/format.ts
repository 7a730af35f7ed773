import type { PolicyType, PrincipalKind } from "../account.ts";
import type { JsonObject } from "../json.ts";

/** A key in a snapshot. `secret` is there only when it was asked for; loading a key without one makes one up. */
export type SnapshotKey = {
  readonly accessKeyId: string;
  readonly secret?: string;
  readonly status?: "Active" | "Inactive";
  readonly createDate?: string;
  readonly updateDate?: string;
  /** Text of the key's own network policy. */
  readonly policy?: string;
  readonly lastUsed?: { readonly date: string; readonly service: string };
};

export type SnapshotUser = {
  readonly userName: string;
  readonly userId?: string;
  readonly displayName?: string;
  readonly email?: string;
  readonly mobilePhone?: string;
  readonly comments?: string;
  readonly createDate?: string;
  readonly updateDate?: string;
  readonly lastLoginDate?: string;
  readonly provisionType?: string;
  readonly accessKeys?: readonly SnapshotKey[];
  readonly recycledKeys?: readonly (SnapshotKey & { readonly recycleDate: string })[];
  readonly loginProfile?: {
    readonly status?: "Active" | "Inactive";
    readonly passwordResetRequired?: boolean;
    readonly mfaBindRequired?: boolean;
    readonly createDate?: string;
    readonly updateDate?: string;
  };
  /** When the user was deleted: only of users in the recycle bin. */
  readonly recycleDate?: string;
};

export type SnapshotDocument = string | JsonObject;

/**
 * The whole account as one JSON value. What is optional may be left out of a file written by hand: ids and dates are
 * made up then. `dump` always writes everything, so `dump(load(x))` equals `x` for any `x` that was dumped.
 */
export type Snapshot = {
  readonly version: 1;
  readonly accountId: string;
  readonly alias?: string;
  readonly domains?: readonly string[];
  readonly rootKeys?: readonly SnapshotKey[];
  readonly users?: readonly SnapshotUser[];
  readonly recycledUsers?: readonly SnapshotUser[];
  readonly groups?: readonly {
    readonly groupName: string;
    readonly groupId?: string;
    readonly displayName?: string;
    readonly comments?: string;
    readonly createDate?: string;
    readonly updateDate?: string;
    readonly members?: readonly { readonly userName: string; readonly joinDate?: string }[];
  }[];
  readonly roles?: readonly {
    readonly roleName: string;
    readonly roleId?: string;
    readonly description?: string;
    /** The trust policy, as text or as an object. */
    readonly assumeRolePolicyDocument: SnapshotDocument;
    readonly maxSessionDuration?: number;
    readonly createDate?: string;
    readonly updateDate?: string;
    /** Fields of the API that the snapshot has no name for, such as `AllowConsoleLogin`. */
    readonly extra?: JsonObject;
  }[];
  readonly policies?: readonly {
    readonly policyName: string;
    readonly policyType: PolicyType;
    readonly description?: string;
    readonly defaultVersion?: string;
    readonly createDate?: string;
    readonly updateDate?: string;
    readonly lastVersion?: number;
    readonly versions: readonly {
      readonly versionId: string;
      readonly policyDocument: SnapshotDocument;
      readonly createDate?: string;
    }[];
  }[];
  readonly attachments?: readonly {
    readonly policyType: PolicyType;
    readonly policyName: string;
    readonly principalType: PrincipalKind;
    readonly principalName: string;
    /** Left out: the whole account. */
    readonly resourceGroupId?: string;
    readonly attachDate?: string;
  }[];
  readonly resourceGroups?: readonly {
    readonly id: string;
    readonly name: string;
    readonly displayName?: string;
    readonly status?: string;
    readonly createDate?: string;
  }[];
  /** Flat and whole, by the names that Ims gives them; what is left out has its usual value. */
  readonly passwordPolicy?: JsonObject;
  readonly securityPreference?: JsonObject;
  readonly userSsoSettings?: JsonObject;
  readonly mfaDevices?: readonly {
    readonly serialNumber: string;
    /** Left out while nobody has bound it. */
    readonly userName?: string;
    readonly activateDate?: string;
  }[];
  readonly samlProviders?: readonly {
    readonly name: string;
    readonly description?: string;
    readonly encodedMetadata: string;
    readonly authnSignAlgo?: string;
    readonly createDate?: string;
    readonly updateDate?: string;
  }[];
  readonly oidcProviders?: readonly {
    readonly name: string;
    readonly description?: string;
    readonly issuerUrl: string;
    readonly clientIds?: readonly string[];
    readonly fingerprints?: readonly string[];
    /** Hours. */
    readonly issuanceLimitTime?: number;
    readonly createDate?: string;
    readonly updateDate?: string;
  }[];
  /** ActionTrail events so far, oldest first. */
  readonly trail?: readonly JsonObject[];
};
