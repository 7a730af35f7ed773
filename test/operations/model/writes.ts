import type { Snapshot } from "../../../sandbox/index.ts";
import { type CataloguedId, catalogue } from "../../../shared/operations/catalogue.ts";
import { oidcToken, providers, samlAssertion } from "../../sandbox/crowded-account.ts";
import { accountId } from "../../support/guarded-account.ts";
import { limited, noLimit } from "../account-with-credentials.ts";
import { documents, trusts } from "./account.ts";
import type { Draw } from "./draw.ts";

export type Params = Readonly<Record<string, unknown>>;
/** Parameters of one operation that the account, as it stands, is likely to allow; undefined where there is nothing to do it to. */
type Writer = (account: Snapshot, draw: Draw, now: number) => Params | undefined;
type Writers = { readonly [operation: string]: Writer };

type User = NonNullable<Snapshot["users"]>[number];

/**
 * Whoever decides about plans, and RAM Warden's own roles, are no targets: there are tests of their own for those. Nor is
 * `ci`, which trust policies name: RAM takes none back that names a role which is gone.
 */
const spared = (name: string): boolean => ["administrator", "ci"].includes(name) || name.startsWith("ram-warden");

const usersOf = ({ users = [] }: Snapshot): readonly User[] => users.filter(({ userName }) => !spared(userName));
const groupsOf = ({ groups = [] }: Snapshot) => groups;
const rolesOf = ({ roles = [] }: Snapshot) => roles.filter(({ roleName }) => !spared(roleName));
const customOf = ({ policies = [] }: Snapshot) =>
  policies.filter(({ policyName, policyType }) => policyType === "Custom" && !spared(policyName));
const linksOf = ({ attachments = [] }: Snapshot) =>
  attachments.filter(({ principalName, policyName }) => !spared(principalName) && !spared(policyName));

const onlyIf = <Value>(found: Value | undefined, make: (found: Value) => Params | undefined): Params | undefined =>
  found === undefined ? undefined : make(found);

const label = ({ alias }: Snapshot): string => (alias === undefined || alias === "" ? accountId : alias);
const upn = (account: Snapshot, userName: string): string => `${userName}@${label(account)}.onaliyun.com`;

/** Some of these, at least one where there is any. */
const oneOrMore = (draw: Draw, all: readonly Params[]): Params => {
  const chosen = draw.some(all);
  return Object.assign({}, ...(chosen.length === 0 ? [draw.pick(all)] : chosen));
};

const codes = { AuthenticationCode1: "123456", AuthenticationCode2: "654321" };
const fresh = ["eve", "adam", "zoe"];
const unused = (draw: Draw, taken: readonly string[], names: readonly string[] = fresh): string | undefined =>
  draw.any(names.filter((name) => !taken.includes(name)));

/** What Ram and Ims both have, with a user named as each of them does. */
const ofUsers = (service: "Ram" | "Ims"): Writers => {
  const isRam = service === "Ram";
  const named = (account: Snapshot, { userName }: { readonly userName: string }): Params =>
    isRam ? { UserName: userName } : { UserPrincipalName: upn(account, userName) };
  const key = (account: Snapshot, draw: Draw) =>
    draw.any(
      usersOf(account).flatMap((user) =>
        (user.accessKeys ?? []).map((one) => ({ ...named(account, user), UserAccessKeyId: one.accessKeyId })),
      ),
    );
  const withLogin = (account: Snapshot) => usersOf(account).filter(({ loginProfile }) => loginProfile !== undefined);
  const bound = (account: Snapshot) =>
    usersOf(account).filter(({ userName }) => (account.mfaDevices ?? []).some((one) => one.userName === userName));
  const flags = (draw: Draw): readonly Params[] => [
    { PasswordResetRequired: draw.flag() },
    { MFABindRequired: draw.flag() },
    ...(isRam ? [] : [{ Status: draw.pick(["Active", "Inactive"]) }]),
    { Password: "password-2" },
  ];
  return {
    CreateUser: (account, draw) =>
      onlyIf(
        unused(
          draw,
          usersOf(account).map(({ userName }) => userName),
        ),
        (name) => ({
          ...named(account, { userName: name }),
          DisplayName: name,
          ...(draw.flag() ? { Comments: "new" } : {}),
        }),
      ),
    UpdateUser: (account, draw) =>
      onlyIf(draw.any(usersOf(account)), (user) => {
        const name = unused(
          draw,
          usersOf(account).map(({ userName }) => userName),
        );
        const renaming =
          name === undefined ? [] : isRam ? [{ NewUserName: name }] : [{ NewUserPrincipalName: upn(account, name) }];
        const values = [
          { NewDisplayName: "Another" },
          { NewComments: draw.pick(["", "another"]) },
          { NewEmail: "mallory@evil.example" },
          { NewMobilePhone: "86-13900009999" },
        ];
        const who = !isRam && draw.flag() ? { UserId: user.userId } : named(account, user);
        return { ...who, ...oneOrMore(draw, [...values, ...renaming]) };
      }),
    DeleteUser: (account, draw) =>
      onlyIf(draw.any(usersOf(account).filter((user) => !isRam || isBare(account, user))), (user) =>
        !isRam && draw.flag() ? { UserId: user.userId } : named(account, user),
      ),
    CreateAccessKey: (account, draw) =>
      onlyIf(draw.any(usersOf(account).filter(({ accessKeys = [] }) => accessKeys.length < 2)), (user) =>
        user.userName === "mallory" && draw.flag() ? {} : named(account, user),
      ),
    UpdateAccessKey: (account, draw) =>
      onlyIf(key(account, draw), (one) => ({ ...one, Status: draw.pick(["Active", "Inactive"]) })),
    DeleteAccessKey: (account, draw) => key(account, draw),
    CreateLoginProfile: (account, draw) =>
      onlyIf(draw.any(usersOf(account).filter(({ loginProfile }) => loginProfile === undefined)), (user) => ({
        ...named(account, user),
        Password: "password-1",
        ...(draw.flag() ? { MFABindRequired: draw.flag() } : {}),
        ...(draw.flag() ? { PasswordResetRequired: draw.flag() } : {}),
      })),
    UpdateLoginProfile: (account, draw) =>
      onlyIf(draw.any(withLogin(account)), (user) => ({ ...named(account, user), ...oneOrMore(draw, flags(draw)) })),
    DeleteLoginProfile: (account, draw) => onlyIf(draw.any(withLogin(account)), (user) => named(account, user)),
    ChangePassword: () => ({ OldPassword: "password-0", NewPassword: "password-1" }),
    CreateVirtualMFADevice: (_, draw) => ({ VirtualMFADeviceName: draw.pick(["new", "newer"]) }),
    DeleteVirtualMFADevice: (account, draw) =>
      onlyIf(draw.any(account.mfaDevices?.filter(({ userName }) => userName === undefined)), (one) => ({
        SerialNumber: one.serialNumber,
      })),
    BindMFADevice: (account, draw) =>
      onlyIf(draw.any(usersOf(account).filter((user) => !bound(account).includes(user))), (user) =>
        onlyIf(draw.any(account.mfaDevices?.filter(({ userName }) => userName === undefined)), (one) => ({
          ...codes,
          ...named(account, user),
          SerialNumber: one.serialNumber,
        })),
      ),
    UnbindMFADevice: (account, draw) => onlyIf(draw.any(bound(account)), (user) => named(account, user)),
    ...(isRam
      ? {}
      : { DisableVirtualMFA: (account, draw) => onlyIf(draw.any(bound(account)), (user) => named(account, user)) }),
    ...ofMembers(isRam, named),
    ...ofGroups(isRam),
    SetPasswordPolicy: (_, draw) =>
      oneOrMore(draw, [
        { MinimumPasswordLength: draw.pick([8, 14, 32]) },
        { RequireNumbers: draw.flag() },
        { RequireSymbols: draw.flag() },
        { MaxPasswordAge: draw.pick([0, 90, 365]) },
        { PasswordReusePrevention: draw.pick([0, 5, 24]) },
        isRam ? { HardExpiry: draw.flag() } : { HardExpire: draw.flag() },
      ]),
    SetSecurityPreference: (_, draw) =>
      oneOrMore(draw, [
        { LoginNetworkMasks: draw.pick(["", "10.0.0.0/8", "172.16.0.0/12"]) },
        { LoginSessionDuration: draw.pick([1, 6, 24]) },
        { AllowUserToManageAccessKeys: draw.flag() },
        { AllowUserToManageMFADevices: draw.flag() },
        { EnableSaveMFATicket: draw.flag() },
        ...(isRam ? [] : [{ MFAOperationForLogin: draw.pick(["mandatory", "independent", "adaptive"]) }]),
      ]),
  };
};

/** Whether Ram lets a user be deleted. */
const isBare = ({ attachments = [], groups = [], mfaDevices = [] }: Snapshot, user: User): boolean =>
  (user.accessKeys ?? []).length === 0 &&
  user.loginProfile === undefined &&
  !attachments.some(
    ({ principalType, principalName }) => principalType === "user" && principalName === user.userName,
  ) &&
  !groups.some(({ members = [] }) => members.some(({ userName }) => userName === user.userName)) &&
  !mfaDevices.some(({ userName }) => userName === user.userName);

const ofMembers = (
  isRam: boolean,
  named: (account: Snapshot, user: { readonly userName: string }) => Params,
): Writers => {
  const add: Writer = (account, draw) =>
    onlyIf(draw.any(groupsOf(account)), ({ groupName, members = [] }) =>
      onlyIf(
        draw.any(usersOf(account).filter((user) => !members.some(({ userName }) => userName === user.userName))),
        (user) => ({
          ...named(account, user),
          GroupName: groupName,
        }),
      ),
    );
  return {
    AddUserToGroup: add,
    ...(isRam ? {} : { AddUserToUserGroup: add }),
    RemoveUserFromGroup: (account, draw) =>
      draw.any(
        groupsOf(account).flatMap(({ groupName, members = [] }) =>
          members.map((member) => ({ ...named(account, member), GroupName: groupName })),
        ),
      ),
  };
};

const ofGroups = (isRam: boolean): Writers => ({
  CreateGroup: (account, draw) =>
    onlyIf(
      unused(
        draw,
        groupsOf(account).map(({ groupName }) => groupName),
      ),
      (name) => ({
        GroupName: name,
        ...(draw.flag() ? { Comments: "new" } : {}),
        ...(isRam ? {} : { DisplayName: "New" }),
      }),
    ),
  UpdateGroup: (account, draw) =>
    onlyIf(draw.any(groupsOf(account)), ({ groupName }) => {
      const name = unused(
        draw,
        groupsOf(account).map((one) => one.groupName),
      );
      return {
        GroupName: groupName,
        ...oneOrMore(draw, [
          { NewComments: draw.pick(["", "another"]) },
          ...(name === undefined ? [] : [{ NewGroupName: name }]),
          ...(isRam ? [] : [{ NewDisplayName: "Another" }]),
        ]),
      };
    }),
  DeleteGroup: (account, draw) =>
    onlyIf(
      draw.any(
        groupsOf(account).filter(
          ({ groupName, members = [] }) =>
            members.length === 0 &&
            !linksOf(account).some((one) => one.principalType === "group" && one.principalName === groupName),
        ),
      ),
      ({ groupName }) => ({ GroupName: groupName }),
    ),
});

/** What Ram and ResourceManager both have. */
const ofPolicies = (): Writers => ({
  CreatePolicy: (account, draw) =>
    onlyIf(
      unused(
        draw,
        customOf(account).map(({ policyName }) => policyName),
      ),
      (name) => ({
        PolicyName: name,
        PolicyDocument: draw.pick(documents),
        ...(draw.flag() ? { Description: "new" } : {}),
      }),
    ),
  DeletePolicy: (account, draw) =>
    onlyIf(
      draw.any(
        customOf(account).filter(
          ({ policyName, versions }) =>
            versions.length === 1 && !linksOf(account).some((link) => link.policyName === policyName),
        ),
      ),
      ({ policyName }) => ({ PolicyName: policyName }),
    ),
  CreatePolicyVersion: (account, draw) =>
    onlyIf(draw.any(customOf(account)), ({ policyName }) => ({
      PolicyName: policyName,
      PolicyDocument: draw.pick(documents),
      ...(draw.flag() ? { SetAsDefault: !draw.flag(4) } : {}),
      ...(draw.flag() ? { RotateStrategy: "DeleteOldestNonDefaultVersionWhenLimitExceeded" } : {}),
    })),
  DeletePolicyVersion: (account, draw) =>
    draw.any(
      customOf(account).flatMap(({ policyName, versions, defaultVersion }) =>
        versions
          .filter(({ versionId }) => versionId !== defaultVersion)
          .map(({ versionId }) => ({ PolicyName: policyName, VersionId: versionId })),
      ),
    ),
  SetDefaultPolicyVersion: (account, draw) =>
    draw.any(
      customOf(account).flatMap(({ policyName, versions }) =>
        versions.map(({ versionId }) => ({ PolicyName: policyName, VersionId: versionId })),
      ),
    ),
  CreateRole: (account, draw) =>
    onlyIf(
      unused(
        draw,
        rolesOf(account).map(({ roleName }) => roleName),
      ),
      (name) => ({
        RoleName: name,
        AssumeRolePolicyDocument: draw.pick(trusts),
        ...(draw.flag() ? { Description: "new" } : {}),
        ...(draw.flag() ? { MaxSessionDuration: 7200 } : {}),
      }),
    ),
  UpdateRole: (account, draw) =>
    onlyIf(draw.any(rolesOf(account)), ({ roleName }) => ({
      RoleName: roleName,
      ...oneOrMore(draw, [
        { NewAssumeRolePolicyDocument: draw.pick(trusts) },
        { NewAssumeRolePolicyDocument: draw.pick(trusts) },
        { NewDescription: draw.pick(["", "another"]) },
        { NewMaxSessionDuration: draw.pick([3600, 43_200]) },
      ]),
    })),
  DeleteRole: (account, draw) =>
    onlyIf(
      draw.any(
        rolesOf(account).filter(
          ({ roleName }) =>
            !roleName.startsWith("AliyunServiceRoleFor") &&
            !linksOf(account).some((link) => link.principalType === "role" && link.principalName === roleName),
        ),
      ),
      ({ roleName }) => ({ RoleName: roleName }),
    ),
  CreateServiceLinkedRole: (_, draw) => ({ ServiceName: draw.pick(["oss.aliyuncs.com", "ecs.aliyuncs.com"]) }),
  DeleteServiceLinkedRole: (account, draw) =>
    onlyIf(
      draw.any(rolesOf(account).filter(({ roleName }) => roleName.startsWith("AliyunServiceRoleFor"))),
      (role) => ({
        RoleName: role.roleName,
      }),
    ),
});

type Link = NonNullable<Snapshot["attachments"]>[number];

const policyOfLink = ({ policyType, policyName }: Pick<Link, "policyType" | "policyName">): Params => ({
  PolicyType: policyType,
  PolicyName: policyName,
});

const anyPolicy = (account: Snapshot, draw: Draw): Params =>
  draw.pick([
    ...customOf(account).map(policyOfLink),
    ...["ReadOnlyAccess", "AdministratorAccess", "AliyunSTSAssumeRoleAccess"].map((policyName) =>
      policyOfLink({ policyType: "System", policyName }),
    ),
  ]);

const principalsOf = (account: Snapshot, kind: Link["principalType"]): readonly string[] =>
  kind === "user"
    ? usersOf(account).map(({ userName }) => userName)
    : kind === "group"
      ? groupsOf(account).map(({ groupName }) => groupName)
      : rolesOf(account)
          .map(({ roleName }) => roleName)
          .filter((name) => !name.startsWith("AliyunServiceRoleFor"));

const ramLinks: Writers = Object.fromEntries(
  (["user", "group", "role"] as const).flatMap((kind) => {
    const Kind = `${kind.slice(0, 1).toUpperCase()}${kind.slice(1)}`;
    const attach: Writer = (account, draw) =>
      onlyIf(draw.any(principalsOf(account, kind)), (name) => ({
        ...anyPolicy(account, draw),
        [`${Kind}Name`]: name,
        ...(draw.flag(4) ? { ResourceGroupId: "rg-1" } : {}),
      }));
    const detach: Writer = (account, draw) =>
      onlyIf(draw.any(linksOf(account).filter((link) => link.principalType === kind)), (link) => ({
        ...policyOfLink(link),
        [`${Kind}Name`]: link.principalName,
        ...(link.resourceGroupId === undefined ? {} : { ResourceGroupId: link.resourceGroupId }),
      }));
    return [
      [`AttachPolicyTo${Kind}`, attach],
      [`DetachPolicyFrom${Kind}`, detach],
    ];
  }),
);

const principal = (account: Snapshot, kind: Link["principalType"], name: string): Params =>
  kind === "user"
    ? { PrincipalType: "IMSUser", PrincipalName: upn(account, name) }
    : kind === "group"
      ? { PrincipalType: "IMSGroup", PrincipalName: `${name}@group.${label(account)}.onaliyun.com` }
      : { PrincipalType: "ServiceRole", PrincipalName: `${name}@role.${label(account)}.onaliyunservice.com` };

const managedLinks: Writers = {
  AttachPolicy: (account, draw) => {
    const kind = draw.pick(["user", "group", "role"] as const);
    return onlyIf(draw.any(principalsOf(account, kind)), (name) => ({
      ...anyPolicy(account, draw),
      ...principal(account, kind, name),
      ResourceGroupId: draw.pick([accountId, "rg-1", "rg-2"]),
    }));
  },
  DetachPolicy: (account, draw) =>
    onlyIf(draw.any(linksOf(account)), (link) => ({
      ...policyOfLink(link),
      ...principal(account, link.principalType, link.principalName),
      ResourceGroupId: link.resourceGroupId ?? accountId,
    })),
};

const ram: Writers = {
  ...ofUsers("Ram"),
  ...ofPolicies(),
  ...ramLinks,
  ClearAccountAlias: ({ alias }) => (alias === undefined || alias === "" ? undefined : {}),
  SetAccountAlias: (_, draw) => ({ AccountAlias: draw.pick(["other", "example"]) }),
  UpdatePolicyDescription: (account, draw) =>
    onlyIf(draw.any(customOf(account)), ({ policyName }) => ({
      PolicyName: policyName,
      NewDescription: draw.pick(["", "another"]),
    })),
  TagResources: (account, draw) =>
    onlyIf(draw.any(taggable(account)), ([ResourceType, names]) => ({
      ResourceType,
      ResourceNames: JSON.stringify(
        draw
          .some(names, 2)
          .concat(names[0] as string)
          .filter(isFirst),
      ),
      Tag: JSON.stringify([
        { Key: draw.pick(["team", "new"]), Value: draw.pick(["green", ""]) },
        ...(draw.flag() ? [{ Key: "second", Value: "x" }] : []),
      ]),
    })),
  UntagResources: (account, draw) =>
    onlyIf(draw.any(taggable(account)), ([ResourceType, names]) => ({
      ResourceType,
      ResourceNames: JSON.stringify(
        draw
          .some(names, 2)
          .concat(names[0] as string)
          .filter(isFirst),
      ),
      ...(draw.flag(3) ? { All: true } : { TagKeys: JSON.stringify([draw.pick(["team", "stage"])]) }),
    })),
  UploadPublicKey: (account, draw) =>
    onlyIf(draw.any(usersOf(account)), ({ userName }) => ({ UserName: userName, PublicKeySpec: "-----BEGIN" })),
  UpdatePublicKey: (account, draw) =>
    onlyIf(publicKey(account, draw), (one) => ({ ...one, Status: draw.pick(["Active", "Inactive"]) })),
  DeletePublicKey: (account, draw) => publicKey(account, draw),
};

const isFirst = (name: string, at: number, all: readonly string[]): boolean => all.indexOf(name) === at;

const taggable = (account: Snapshot) =>
  (
    [
      ["role", rolesOf(account).map(({ roleName }) => roleName)],
      ["policy", customOf(account).map(({ policyName }) => policyName)],
    ] as const
  ).filter(([, names]) => names.length > 0);

const publicKey = (account: Snapshot, draw: Draw) =>
  draw.any(
    usersOf(account).flatMap(({ userName, publicKeys = [] }) =>
      publicKeys.map(({ publicKeyId }) => ({ UserName: userName, UserPublicKeyId: publicKeyId })),
    ),
  );

/** Something of a user that has a list of it, with the user named. */
const ofList =
  <Thing>(
    list: (user: User) => readonly Thing[] | undefined,
    make: (thing: Thing, draw: Draw, user: User) => Params,
  ): Writer =>
  (account, draw) =>
    onlyIf(
      draw.any(usersOf(account).flatMap((user) => (list(user) ?? []).map((thing) => ({ user, thing })))),
      ({ user, thing }) => ({ UserPrincipalName: upn(account, user.userName), ...make(thing, draw, user) }),
    );

const recycledKey: Writer = (account, draw) =>
  draw.any(
    usersOf(account).flatMap(({ userId, recycledKeys = [] }) =>
      recycledKeys.map(({ accessKeyId }) => ({ UserId: userId, UserAccessKeyId: accessKeyId })),
    ),
  );

const recycledUser: Writer = ({ recycledUsers }, draw) =>
  onlyIf(draw.any(recycledUsers), ({ userId }) => ({ UserId: userId }));

const saml = (account: Snapshot, draw: Draw) => draw.any(account.samlProviders?.map(({ name }) => name));
const oidc = (account: Snapshot, draw: Draw) => draw.any(account.oidcProviders);
const metadata = ["ZXZpbA==", "bWV0YQ==", "b3RoZXI="];

const elementOf =
  (list: "clientIds" | "fingerprints", parameter: string, adding: boolean): Writer =>
  (account, draw) =>
    onlyIf(oidc(account, draw), (provider) =>
      onlyIf(
        draw.any(adding ? ["evil", "d", "k"].filter((one) => !provider[list]?.includes(one)) : provider[list]),
        (element) => ({ OIDCProviderName: provider.name, [parameter]: element }),
      ),
    );

const ims: Writers = {
  ...ofUsers("Ims"),
  AddClientIdToOIDCProvider: elementOf("clientIds", "ClientId", true),
  RemoveClientIdFromOIDCProvider: elementOf("clientIds", "ClientId", false),
  AddFingerprintToOIDCProvider: elementOf("fingerprints", "Fingerprint", true),
  RemoveFingerprintFromOIDCProvider: elementOf("fingerprints", "Fingerprint", false),
  AddDomain: () => ({ DomainName: "evil.example" }),
  SetDefaultDomain: (_, draw) => ({
    DefaultDomainName: draw.pick(["other.onaliyun.com", "example.onaliyun.com", `${accountId}.onaliyun.com`]),
  }),
  BatchCreateUser: (account, draw) => {
    const taken = usersOf(account).map(({ userName }) => userName);
    const names = fresh.filter((name) => !taken.includes(name)).slice(0, draw.int(1, 2));
    if (names.length === 0) return undefined;
    return Object.assign(
      {},
      ...names.map((name, at) => ({
        [`User.${at + 1}.UserPrincipalName`]: upn(account, name),
        [`User.${at + 1}.DisplayName`]: name,
      })),
    );
  },
  CreateApplication: (_, draw) => ({
    AppName: draw.pick(["evil", "worse"]),
    AppType: draw.pick(["WebApp", "NativeApp", "ServerApp"]),
    DisplayName: "Evil",
  }),
  UpdateApplication: ({ applications }, draw) =>
    onlyIf(draw.any(applications), ({ appId }) => ({
      AppId: appId,
      ...oneOrMore(draw, [
        { NewDisplayName: "Another" },
        {
          NewRedirectUris: draw.pick([
            "https://evil.example",
            "https://web.example/in",
            "https://web.example/in;https://evil.example",
          ]),
        },
        { NewPredefinedScopes: draw.pick(["openid", "openid;aliuid", "openid;profile"]) },
        { NewAccessTokenValidity: draw.pick([900, 3600, 10_800]) },
      ]),
    })),
  DeleteApplication: ({ applications }, draw) => onlyIf(draw.any(applications), ({ appId }) => ({ AppId: appId })),
  CreateAppSecret: ({ applications }, draw) =>
    onlyIf(draw.any(applications?.filter(({ secrets = [] }) => secrets.length < 2)), ({ appId }) => ({ AppId: appId })),
  DeleteAppSecret: ({ applications }, draw) =>
    draw.any(
      applications?.flatMap(({ appId, secrets = [] }) =>
        secrets.map(({ appSecretId }) => ({ AppId: appId, AppSecretId: appSecretId })),
      ),
    ),
  ProvisionApplication: ({ applications }, draw) =>
    onlyIf(
      draw.any(applications?.filter(({ appType, provision }) => appType === "ServerApp" && provision === undefined)),
      ({ appId }) => ({ AppId: appId }),
    ),
  DeprovisionApplication: ({ applications }, draw) =>
    onlyIf(draw.any(applications?.filter(({ provision }) => provision !== undefined)), ({ appId }) => ({
      AppId: appId,
    })),
  ProvisionExternalApplication: (_, draw) => ({
    AppId: draw.pick(["5002", "5003"]),
    Scopes: draw.pick(["aliuid", "openid;aliuid"]),
  }),
  DeprovisionExternalApplication: ({ externalApplications }, draw) =>
    onlyIf(draw.any(externalApplications), ({ appId }) => ({ AppId: appId })),
  CreateSAMLProvider: (_, draw) => ({
    SAMLProviderName: draw.pick(["evil", "worse"]),
    EncodedSAMLMetadataDocument: draw.pick(metadata),
    ...(draw.flag() ? { Description: "new" } : {}),
  }),
  UpdateSAMLProvider: (account, draw) =>
    onlyIf(saml(account, draw), (name) => ({
      SAMLProviderName: name,
      ...oneOrMore(draw, [
        { NewDescription: draw.pick(["", "another"]) },
        { NewEncodedSAMLMetadataDocument: draw.pick(metadata) },
      ]),
    })),
  DeleteSAMLProvider: (account, draw) => onlyIf(saml(account, draw), (name) => ({ SAMLProviderName: name })),
  CreateOIDCProvider: (_, draw) => ({
    OIDCProviderName: draw.pick(["evil", "worse"]),
    IssuerUrl: "https://evil.example",
    ...(draw.flag() ? { ClientIds: "x,y" } : {}),
    ...(draw.flag() ? { Fingerprints: "z" } : {}),
  }),
  UpdateOIDCProvider: (account, draw) =>
    onlyIf(oidc(account, draw), ({ name }) => ({
      OIDCProviderName: name,
      ...oneOrMore(draw, [
        { NewDescription: draw.pick(["", "another"]) },
        { ClientIds: draw.pick(["a", "a,evil", "a,b,c,evil", "evil"]) },
        { IssuanceLimitTime: draw.pick([1, 24, 100]) },
      ]),
    })),
  DeleteOIDCProvider: (account, draw) => onlyIf(oidc(account, draw), ({ name }) => ({ OIDCProviderName: name })),
  CreateServiceCredential: (account, draw) =>
    onlyIf(draw.any(usersOf(account)), ({ userName }) => ({
      UserPrincipalName: upn(account, userName),
      ServiceCredentialName: draw.pick(["new", "newer"]),
      ServiceName: "dashscope.aliyuncs.com",
    })),
  UpdateServiceCredential: ofList(
    ({ serviceCredentials }) => serviceCredentials,
    ({ serviceCredentialId }, draw) => ({
      ServiceCredentialId: serviceCredentialId,
      ...oneOrMore(draw, [{ Status: draw.pick(["Active", "Inactive"]) }, { ServiceCredentialName: "another" }]),
    }),
  ),
  DeleteServiceCredential: ofList(
    ({ serviceCredentials }) => serviceCredentials,
    ({ serviceCredentialId }) => ({ ServiceCredentialId: serviceCredentialId }),
  ),
  UpdatePasskey: ofList(
    ({ passkeys }) => passkeys,
    ({ passkeyId }) => ({ PasskeyId: passkeyId, PasskeyName: "another" }),
  ),
  DeletePasskey: ofList(
    ({ passkeys }) => passkeys,
    ({ passkeyId }) => ({ PasskeyId: passkeyId }),
  ),
  SetAccessKeyPolicy: ofList(
    ({ accessKeys }) => accessKeys,
    ({ accessKeyId }, draw) => ({
      UserAccessKeyId: accessKeyId,
      AccessKeyPolicy: draw.pick([noLimit, limited("10.0.0.0/8"), limited("0.0.0.0/0")]),
    }),
  ),
  RestoreAccessKeyFromRecycleBin: (account, draw, now) => recycledKey(roomy(account), draw, now),
  DeleteAccessKeyInRecycleBin: recycledKey,
  RestoreUserFromRecycleBin: recycledUser,
  DeleteUserInRecycleBin: recycledUser,
  SetUserSsoSettings: (_, draw) =>
    draw.flag()
      ? { SsoEnabled: true, MetadataDocument: draw.pick(metadata) }
      : { SsoEnabled: false, ...(draw.flag() ? { MetadataDocument: draw.pick(metadata) } : {}) },
  SetVerificationInfo: (account, draw) =>
    onlyIf(draw.any(usersOf(account)), ({ userName }) => ({
      UserPrincipalName: upn(account, userName),
      ...(draw.flag()
        ? { VerifyType: "sms", MobilePhone: "86-13900009999" }
        : { VerifyType: "email", Email: "mallory@evil.example" }),
    })),
  UnbindVerification: ofList(
    ({ securityEmail, securityPhone }) => [
      ...(securityEmail === undefined ? [] : [{ VerifyType: "email", Email: securityEmail.value }]),
      ...(securityPhone === undefined ? [] : [{ VerifyType: "sms", MobilePhone: securityPhone.value }]),
    ],
    (one) => one,
  ),
  UnbindUserPersonalDingTalk: ofList(
    ({ personalDingTalk }) => (personalDingTalk === undefined ? [] : [personalDingTalk]),
    () => ({}),
  ),
  TagResources: (account, draw) =>
    onlyIf(draw.any(usersOf(account)), ({ userId }) => ({
      ResourceType: "user",
      "ResourceId.1": userId,
      "Tag.1.Key": draw.pick(["team", "new"]),
      "Tag.1.Value": draw.pick(["green", ""]),
    })),
  UntagResources: (account, draw) =>
    onlyIf(draw.any(usersOf(account)), ({ userId }) => ({
      ResourceType: "user",
      "ResourceId.1": userId,
      ...(draw.flag(3) ? { All: true } : { "TagKey.1": draw.pick(["team", "stage"]) }),
    })),
  UpdateUserProvisionType: (account, draw) =>
    onlyIf(draw.any(usersOf(account)), ({ userName }) => ({ UserPrincipalName: upn(account, userName) })),
  GenerateCredentialReport: () => ({}),
  GenerateGovernanceReport: () => ({}),
};

/** Only users who have room for one key more. */
const roomy = (account: Snapshot): Snapshot => ({
  ...account,
  users: (account.users ?? []).filter(({ accessKeys = [] }) => accessKeys.length < 2),
});

type Directory = NonNullable<Snapshot["directory"]>;

const inDirectory =
  (make: (directory: Directory, draw: Draw) => Params | undefined): Writer =>
  ({ directory }, draw) =>
    onlyIf(directory, (one) => make(one, draw));

const targetsOf = ({ rootFolderId, folders = [], accounts = [] }: Directory): readonly string[] => [
  rootFolderId,
  ...folders.map(({ folderId }) => folderId),
  ...accounts.map((one) => one.accountId),
];

const custom = ({ controlPolicies = [] }: Directory): readonly string[] =>
  controlPolicies.map(({ policyId }) => policyId);

const cloudfw = (AccountId: string): Params => ({ AccountId, ServicePrincipal: "cloudfw.aliyuncs.com" });

const resourceManager: Writers = {
  ...ofPolicies(),
  ...managedLinks,
  CreateControlPolicy: inDirectory((_, draw) => ({
    PolicyName: "evil",
    EffectScope: "RAM",
    PolicyDocument: draw.pick(documents),
    ...(draw.flag() ? { Description: "new" } : {}),
  })),
  UpdateControlPolicy: inDirectory((directory, draw) =>
    onlyIf(draw.any(custom(directory)), (PolicyId) => ({
      PolicyId,
      ...oneOrMore(draw, [
        { NewPolicyDocument: draw.pick(documents) },
        { NewDescription: draw.pick(["", "another"]) },
        { NewPolicyName: "another" },
      ]),
    })),
  ),
  DeleteControlPolicy: inDirectory((directory, draw) =>
    onlyIf(
      draw.any(
        custom(directory).filter(
          (id) => !(directory.controlPolicyAttachments ?? []).some(({ policyId }) => policyId === id),
        ),
      ),
      (PolicyId) => ({ PolicyId }),
    ),
  ),
  AttachControlPolicy: inDirectory((directory, draw) =>
    onlyIf(draw.any(custom(directory)), (PolicyId) => ({ PolicyId, TargetId: draw.pick(targetsOf(directory)) })),
  ),
  DetachControlPolicy: inDirectory((directory, draw) =>
    onlyIf(draw.any(directory.controlPolicyAttachments), ({ policyId, targetId }) => ({
      PolicyId: policyId,
      TargetId: targetId,
    })),
  ),
  DisableControlPolicy: inDirectory(({ controlPolicyStatus }) => (controlPolicyStatus === "Enabled" ? {} : undefined)),
  EnableControlPolicy: inDirectory(({ controlPolicyStatus }) => (controlPolicyStatus === "Enabled" ? undefined : {})),
  RegisterDelegatedAdministrator: inDirectory(({ delegatedAdministrators = [] }, draw) =>
    onlyIf(
      draw.any(["1001", "1002"].filter((id) => !delegatedAdministrators.some((one) => one.accountId === id))),
      cloudfw,
    ),
  ),
  DeregisterDelegatedAdministrator: inDirectory(({ delegatedAdministrators }, draw) =>
    onlyIf(draw.any(delegatedAdministrators), (one) => cloudfw(one.accountId)),
  ),
  MoveAccount: inDirectory(({ accounts, rootFolderId, folders = [] }, draw) =>
    onlyIf(draw.any(accounts), (member) => ({
      AccountId: member.accountId,
      DestinationFolderId: draw.pick(
        [rootFolderId, ...folders.map(({ folderId }) => folderId)].filter((id) => id !== member.folderId),
      ),
    })),
  ),
  RemoveCloudAccount: inDirectory(({ accounts }, draw) =>
    onlyIf(draw.any(accounts?.filter(({ type }) => type === "CloudAccount")), (one) => ({ AccountId: one.accountId })),
  ),
  MoveResources: ({ resources = [] }, draw) => {
    const [first, ...more] = draw.some(resources).concat(draw.pick(resources));
    const moved = first === undefined ? [] : [first, ...more.filter((one) => one !== first)];
    return {
      ResourceGroupId: draw.pick(["rg-1", "rg-2"]),
      ...Object.assign(
        {},
        ...moved.map((one, at) => ({
          [`Resources.${at + 1}.Service`]: one.service,
          [`Resources.${at + 1}.ResourceType`]: one.resourceType,
          [`Resources.${at + 1}.ResourceId`]: one.resourceId,
        })),
      ),
    };
  },
  UpdateResourceGroupAdminSetting: (_, draw) => ({ CreatorAsAdmin: draw.flag() }),
};

const arn = (name: string): string => `acs:ram::${accountId}:role/${name}`;

const sts: Writers = {
  AssumeRole: (account, draw) =>
    onlyIf(draw.any(rolesOf(account)), ({ roleName }) => ({ RoleArn: arn(roleName), RoleSessionName: "me" })),
  AssumeRoleWithOIDC: (_account, _draw, now) => ({
    RoleArn: arn("federated"),
    RoleSessionName: "run",
    OIDCProviderArn: providers.oidc,
    OIDCToken: oidcToken(now),
  }),
  AssumeRoleWithSAML: () => ({
    RoleArn: arn("federated"),
    SAMLProviderArn: providers.saml,
    SAMLAssertion: samlAssertion("federated"),
  }),
};

const byService: { readonly [service: string]: Writers } = {
  Ram: ram,
  Ims: ims,
  ResourceManager: resourceManager,
  Sts: sts,
};

/** How each of the catalogued operations is done to an account by chance. */
export const writerOf = (id: CataloguedId): Writer => {
  const [service = "", operation = ""] = id.split(".");
  const found = byService[service]?.[operation];
  if (found === undefined) throw new Error(`nothing writes \`${id}\``);
  return found;
};

/** The operations that nothing here writes, which are none. */
export const unwritten = catalogue.filter((id) => {
  const [service = "", operation = ""] = id.split(".");
  return byService[service]?.[operation] === undefined;
});
