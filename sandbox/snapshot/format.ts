import type { PolicyType, PrincipalKind } from "../account.ts";
import type { JsonObject } from "../json.ts";
import type { Application, ExternalApplication, Provision } from "../state/applications.ts";
import type {
  ControlPolicy,
  ControlPolicyAttachment,
  DelegatedAdministrator,
  Directory,
  Folder,
  MemberAccount,
} from "../state/directory.ts";
import type { Logins, Passkey, PublicKey, ServiceCredential } from "../state/logins.ts";
import type { CloudResource, Reports } from "../state/resources.ts";
import type { Tag, Tagged } from "../state/tags.ts";

/** A value of the account of which a person may leave out all but some members. */
export type Loose<Whole, Needed extends keyof Whole> = Pick<Whole, Needed> & Partial<Omit<Whole, Needed>>;

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

export type SnapshotLogins = Omit<Logins, "passkeys" | "publicKeys" | "serviceCredentials"> & {
  readonly passkeys?: readonly Loose<Passkey, "passkeyId">[];
  readonly publicKeys?: readonly Loose<PublicKey, "publicKeyId">[];
  readonly serviceCredentials?: readonly Loose<ServiceCredential, "serviceCredentialId" | "serviceName">[];
};

export type SnapshotApplication = Omit<Loose<Application, "appId" | "appName" | "appType">, "secrets" | "provision"> & {
  readonly secrets?: readonly Loose<Application["secrets"][number], "appSecretId">[];
  readonly provision?: Loose<Provision, "scopes">;
};

export type SnapshotDirectory = Pick<Directory, "directoryId" | "rootFolderId"> &
  Partial<Pick<Directory, "masterAccountId" | "controlPolicyStatus" | "createTime">> & {
    readonly folders?: readonly Loose<Folder, "folderId" | "folderName" | "parentFolderId">[];
    readonly accounts?: readonly Loose<MemberAccount, "accountId" | "folderId">[];
    readonly controlPolicies?: readonly Loose<
      Omit<ControlPolicy, "policyType">,
      "policyId" | "policyName" | "policyDocument"
    >[];
    readonly controlPolicyAttachments?: readonly Loose<ControlPolicyAttachment, "policyId" | "targetId">[];
    readonly delegatedAdministrators?: readonly Loose<DelegatedAdministrator, "accountId" | "servicePrincipal">[];
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
} & SnapshotLogins &
  Tagged;

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
    readonly tags?: readonly Tag[];
  }[];
  readonly policies?: readonly {
    readonly policyName: string;
    readonly policyType: PolicyType;
    readonly description?: string;
    readonly defaultVersion?: string;
    readonly createDate?: string;
    readonly updateDate?: string;
    readonly lastVersion?: number;
    readonly tags?: readonly Tag[];
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
  readonly applications?: readonly SnapshotApplication[];
  readonly externalApplications?: readonly Loose<ExternalApplication, "appId">[];
  readonly resources?: readonly Loose<CloudResource, "service" | "resourceType" | "resourceId" | "resourceGroupId">[];
  /** Whether whoever creates a resource group becomes its administrator. */
  readonly creatorAsAdmin?: boolean;
  /** Whether the account owner has a second factor. */
  readonly rootMfa?: boolean;
  readonly reports?: Reports;
  /** Left out while no resource directory is enabled. */
  readonly directory?: SnapshotDirectory;
  /** ActionTrail events so far, oldest first. */
  readonly trail?: readonly JsonObject[];
};
