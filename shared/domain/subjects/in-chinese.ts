import type { KeyOwner } from "../identity.ts";
import type { RefOf, SubjectKind } from "../subject.ts";

const principals = { user: "用户", group: "用户组", role: "角色" } as const;

const ownerInChinese = (owner: KeyOwner): string => {
  if (owner.kind === "root") return "主账号 (root)";
  return `用户 ${owner.kind === "user" ? owner.name : owner.id}`;
};

/** How a person who reads Chinese reads each kind of subject: `角色 deploy 的信任策略`. */
export const inChinese: { readonly [Kind in SubjectKind]: (ref: RefOf<Kind>) => string } = {
  "role-trust": ({ roleName }) => `角色 ${roleName} 的信任策略`,
  "access-key": ({ owner, accessKeyId }) =>
    `${ownerInChinese(owner)} 的 AccessKey ${accessKeyId ?? "（事件未给出 ID）"}`,
  grant: ({ principal, policy, scope }) =>
    `${principals[principal.kind]} ${principal.name} 的${policy.type === "System" ? "系统" : "自定义"}策略 ${policy.name}${
      scope === "account" ? "" : `（资源组 ${scope.resourceGroupId}）`
    }`,
  user: ({ userName, formerName }) => `用户 ${userName}${formerName === undefined ? "" : `（原名 ${formerName}）`}`,
  group: ({ groupName, formerName }) =>
    `用户组 ${groupName}${formerName === undefined ? "" : `（原名 ${formerName}）`}`,
  membership: ({ userName, groupName }) => `用户 ${userName} 在用户组 ${groupName} 中的成员身份`,
  "recycled-user": ({ userId }) => `回收站中的用户 ${userId}`,
  login: ({ userName }) => `用户 ${userName} 的控制台登录`,
  mfa: ({ userName }) => `用户 ${userName} 的 MFA 设备`,
  "mfa-device": ({ serialNumber }) => `虚拟 MFA 设备 ${serialNumber}`,
  passkey: ({ userName, passkeyId }) => `用户 ${userName} 的通行密钥 ${passkeyId}`,
  "recycled-key": ({ accessKeyId }) => `回收站中的 AccessKey ${accessKeyId}`,
  "key-policy": ({ accessKeyId }) =>
    `${accessKeyId === undefined ? "所有 AccessKey" : `AccessKey ${accessKeyId}`} 的网络访问策略`,
  "service-credential": ({ userName, credentialId }) => `用户 ${userName} 的服务凭证 ${credentialId}`,
  "public-key": ({ userName, publicKeyId }) => `用户 ${userName} 的公钥 ${publicKeyId}`,
  verification: ({ userName, type }) => `用户 ${userName} 的 ${type} 验证方式`,
  "personal-dingtalk": ({ userName }) => `用户 ${userName} 的个人钉钉账号`,
  policy: ({ policyName }) => `自定义策略 ${policyName}`,
  tags: ({ resourceType, resource }) => `${resourceType} ${resource} 的标签`,
  "security-preference": () => "账号的安全偏好设置",
  "password-policy": () => "账号的密码策略",
  "account-alias": () => "账号的别名",
  "sso-settings": () => "账号的用户 SSO 设置",
  domain: ({ domainName }) => `域名 ${domainName}`,
  "saml-provider": ({ providerName }) => `SAML 身份提供商 ${providerName}`,
  "oidc-provider": ({ providerName }) => `OIDC 身份提供商 ${providerName}`,
  application: ({ appId }) => `OAuth 应用 ${appId}`,
  "app-secret": ({ appId, secretId }) => `OAuth 应用 ${appId} 的密钥 ${secretId}`,
  "app-installation": ({ appId }) => `OAuth 应用 ${appId} 的安装`,
  "control-policy": ({ policyId }) => `管控策略 ${policyId}`,
  "control-policy-attachment": ({ policyId, targetId }) => `${targetId} 上的管控策略 ${policyId}`,
  "control-policy-switch": () => "资源目录的管控策略功能",
  "delegated-administrator": ({ memberId, service }) => `账号 ${memberId} 对 ${service} 的委派管理`,
  "member-account": ({ memberId }) => `成员账号 ${memberId}`,
  "resource-group-of": ({ service, resourceType, resourceId }) => `${service} ${resourceType} ${resourceId} 的资源组`,
  "resource-group-setting": () => "新资源组的管理设置",
};
