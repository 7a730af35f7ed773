import type { Caller } from "../callers.ts";
import { stamp } from "../instants.ts";
import type { Json, JsonObject } from "../json.ts";
import type { Service, Touched } from "../operation.ts";
import type { Params } from "../params.ts";

export type TrailSettings = {
  /** Leaves passwords and secrets in events: whether ActionTrail masks them is not known (`payloads.md` §a.5). */
  readonly secretsInEvents: boolean;
  readonly dropResponseElements: boolean;
  readonly region: string;
};

export type Told = {
  readonly service: Service;
  readonly version: string;
  readonly operation: string;
  readonly access: "Read" | "Write";
  readonly caller: Caller;
  readonly at: number;
  readonly requestId: string;
  readonly params: Params;
  readonly answer: JsonObject | undefined;
  readonly error: { readonly code: string; readonly message: string } | undefined;
  readonly touched: Touched;
  readonly sourceIp: string;
  readonly userAgent: string;
  /** The account whose trail this is, whoever called. */
  readonly accountId: string;
};

const secretNames = new Set([
  "Password",
  "OldPassword",
  "NewPassword",
  "AuthenticationCode1",
  "AuthenticationCode2",
  "AccessKeySecret",
  "SecurityToken",
  "Base32StringSeed",
  "QRCodePNG",
  "AppSecretValue",
  "ServiceCredentialSecret",
  "SAMLAssertion",
  "OIDCToken",
]);

/** The same value with every secret starred, at any depth. */
export const masked = (value: Json | undefined): Json | undefined => {
  if (Array.isArray(value)) return value.map((each) => masked(each) ?? null);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, each]) => [name, secretNames.has(name) ? "******" : masked(each)]),
  );
};

const hosts: Readonly<Record<Service, string>> = {
  Ram: "ram.aliyuncs.com",
  Ims: "ims.aliyuncs.com",
  ResourceManager: "resourcemanager.aliyuncs.com",
  Sts: "sts.aliyuncs.com",
  Actiontrail: "actiontrail.cn-hangzhou.aliyuncs.com",
};

const identityOf = (caller: Caller, at: number): JsonObject => {
  const { accountId } = caller;
  if (caller.kind === "root") {
    const { accessKeyId } = caller;
    return { type: "root-account", principalId: accountId, accountId, userName: "root", accessKeyId };
  }
  if (caller.kind === "user") {
    const { accessKeyId, userId, userName } = caller;
    return { type: "ram-user", principalId: userId, accountId, accessKeyId, userName };
  }
  // What the cloud writes here is not known (`payloads.md` §a.2).
  if (caller.kind === "federated") return { type: caller.identity, accountId, userName: caller.name };
  if (caller.kind === "foreign") {
    const { accessKeyId, userName } = caller;
    return { type: "ram-user", accountId, accessKeyId, userName };
  }
  const { session } = caller;
  return {
    type: "assumed-role",
    principalId: `${session.roleId}:${session.sessionName}`,
    accountId,
    accessKeyId: session.accessKeyId,
    userName: `${session.roleName}:${session.sessionName}`,
    sessionContext: { attributes: { mfaAuthenticated: "false", creationDate: stamp(Math.min(session.issuedAt, at)) } },
  };
};

/** Keys that the gateway mixes into `requestParameters` (`payloads.md` §a.4). */
const noise = (told: Told, region: string): JsonObject => ({
  AcsHost: hosts[told.service],
  AcsProduct: told.service,
  HostId: hosts[told.service],
  Region: region,
  RegionId: region,
  RequestId: told.requestId,
  ...(told.caller.kind === "session"
    ? {
        stsTokenPrincipalName: `${told.caller.session.roleName}/${told.caller.session.sessionName}`,
        stsTokenPlayerUid: told.caller.session.handedTo,
      }
    : {}),
});

/** One ActionTrail management event in the shape of `payloads.md` §a. */
export const trailEvent = (told: Told, eventId: string, settings: TrailSettings): JsonObject => {
  const hide = (value: JsonObject): Json | undefined => (settings.secretsInEvents ? value : masked(value));
  const requestParameters = hide({ ...told.params, ...noise(told, settings.region) });
  const types = Object.keys(told.touched);
  const answer = told.answer === undefined ? undefined : { ...told.answer, RequestId: told.requestId };
  return {
    eventId,
    eventVersion: 1,
    eventCategory: "Management",
    eventType: "ApiCall",
    eventName: told.operation,
    eventRW: told.access,
    eventSource: hosts[told.service],
    eventTime: stamp(told.at),
    serviceName: told.service,
    apiVersion: told.version,
    acsRegion: settings.region,
    isGlobal: true,
    requestId: told.requestId,
    recipientAccountId: told.accountId,
    userIdentity: identityOf(told.caller, told.at),
    sourceIpAddress: told.sourceIp,
    userAgent: told.userAgent,
    requestParameters,
    requestParameterJson: JSON.stringify(requestParameters),
    ...(answer === undefined || settings.dropResponseElements ? {} : { responseElements: hide(answer) }),
    ...(types.length === 0
      ? {}
      : {
          resourceType: types.join(";"),
          resourceName: types.map((type) => (told.touched[type] ?? []).join(",")).join(";"),
          referencedResources: told.touched,
        }),
    additionalEventData: { Scheme: "https", CallerBid: "26842" },
    ...(told.error === undefined ? {} : { errorCode: told.error.code, errorMessage: told.error.message }),
  };
};
