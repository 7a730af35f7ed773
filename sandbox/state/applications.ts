export type Scope = { readonly name: string; readonly required: boolean };

/** A grant of scopes: what installing an application comes down to. */
export type Provision = {
  readonly scopes: readonly string[];
  readonly createDate: string;
  readonly updateDate: string;
};

export type ApplicationType = "WebApp" | "NativeApp" | "ServerApp";

/** An OAuth application of the account. The values of its secrets are handed out once and forgotten. */
export type Application = {
  readonly appId: string;
  readonly appName: string;
  readonly appType: ApplicationType;
  readonly displayName: string;
  readonly scopes: readonly Scope[];
  readonly redirectUris: readonly string[];
  /** Seconds. */
  readonly accessTokenValidity: number;
  readonly refreshTokenValidity: number;
  readonly secretRequired: boolean;
  readonly isMultiTenant: boolean;
  readonly protocolVersion: string;
  readonly createDate: string;
  readonly updateDate: string;
  readonly secrets: readonly { readonly appSecretId: string; readonly createDate: string }[];
  readonly provision?: Provision;
};

/** An application of another account that is installed here. */
export type ExternalApplication = Provision & { readonly appId: string; readonly displayName: string };

/** Seconds: 30 days, of native applications 90 (the page of CreateApplication). */
export const refreshTokenValidityOf = (type: ApplicationType): number => (type === "NativeApp" ? 7_776_000 : 2_592_000);
