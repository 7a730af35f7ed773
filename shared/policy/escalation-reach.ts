import { type EscalationPrimitive, primitivesOf } from "./escalation-primitive.ts";

const organisation = primitivesOf("organisation");
const data = primitivesOf("data");
const audit = primitivesOf("audit-tampering");

/** Power over other accounts of the resource directory. Sources: ResourceManager and CloudSSO APIs. */
export const organisationPrimitives: readonly EscalationPrimitive[] = [
  organisation(
    "rd-member-admin",
    "critical",
    [["sts:AssumeRole"]],
    ["assume the administrator role of member accounts", "扮演成员账号的管理员角色"],
    [
      "AdministratorAccess in member accounts, when held in the management account",
      "在管理账号中持有时，获得成员账号的 AdministratorAccess",
    ],
    { onlyOn: ["acs:ram:*:*:role/resourcedirectoryaccountaccessrole"] },
  ),
  organisation(
    "rd-control-policy-off",
    "critical",
    [
      ["resourcemanager:DetachControlPolicy"],
      ["resourcemanager:UpdateControlPolicy"],
      ["resourcemanager:DeleteControlPolicy"],
      ["resourcemanager:DisableControlPolicy"],
      ["resourcemanager:MoveAccount"],
      ["resourcemanager:RemoveCloudAccount"],
    ],
    [
      "remove or weaken a control policy, or move an account from under it",
      "移除或放宽管控策略，或将账号移出其约束范围",
    ],
    ["member accounts without their guard rails", "成员账号失去管控护栏"],
  ),
  organisation(
    "rd-delegated-admin",
    "high",
    [["resourcemanager:RegisterDelegatedAdministrator"]],
    ["register a delegated administrator", "注册委派管理员账号"],
    ["organisation-wide control of a trusted service", "在整个组织范围控制可信服务"],
  ),
  organisation(
    "cloudsso-grant",
    "critical",
    [
      ["cloudsso:CreateAccessAssignment"],
      ["cloudsso:AddPermissionPolicyToAccessConfiguration"],
      ["cloudsso:UpdateInlinePolicyForAccessConfiguration"],
      ["cloudsso:AddUserToGroup"],
      ["cloudsso:ProvisionAccessConfiguration"],
    ],
    ["grant access or rewrite an access configuration in CloudSSO", "在云 SSO 中授权或改写访问配置"],
    ["roles in any member account", "任意成员账号中的角色"],
  ),
  organisation(
    "cloudsso-user-takeover",
    "critical",
    [
      ["cloudsso:ResetUserPassword"],
      ["cloudsso:DeleteMFADeviceForUser"],
      ["cloudsso:UpdateMFAAuthenticationSettings"],
      ["cloudsso:SetExternalSAMLIdentityProvider"],
      ["cloudsso:CreateSCIMServerCredential"],
    ],
    ["take over a CloudSSO user or its identity provider", "接管云 SSO 用户或其身份提供商"],
    ["that user's assignments in all accounts", "该用户在所有账号中的授权"],
  ),
];

/** Reach for data and secrets. Sources: KMS, OSS, ECS, RDS and Resource Sharing APIs. */
export const dataPrimitives: readonly EscalationPrimitive[] = [
  data(
    "kms-secrets",
    "high",
    [["kms:GetSecretValue"], ["kms:Decrypt"]],
    ["read secrets or decrypt", "读取凭据或解密数据"],
    ["stored credentials", "存储的凭证"],
  ),
  data(
    "kms-policy",
    "high",
    [["kms:SetKeyPolicy"], ["kms:SetSecretPolicy"]],
    ["change who may use a key or a secret", "修改密钥或凭据的资源策略"],
    ["access for other identities or accounts", "其他身份或账号的访问权限"],
  ),
  data(
    "kms-destroy",
    "high",
    [["kms:DisableKey"], ["kms:ScheduleKeyDeletion"], ["kms:DeleteKeyMaterial"], ["kms:DeleteSecret"]],
    ["disable or delete keys and secrets", "停用或删除密钥和凭据"],
    ["loss of data and of encrypted audit logs", "数据及加密审计日志丢失"],
  ),
  data(
    "oss-make-public",
    "high",
    [
      ["oss:PutBucketPolicy"],
      ["oss:PutBucketAcl"],
      ["oss:PutObjectAcl"],
      ["oss:DeleteBucketPublicAccessBlock"],
      ["oss:PutBucketPublicAccessBlock"],
      ["oss:PutPublicAccessBlock"],
    ],
    ["open a bucket or an object", "公开存储空间或对象"],
    ["anonymous or cross-account access to data", "匿名或跨账号的数据访问"],
  ),
  data(
    "oss-replicate",
    "high",
    [["ram:PassRole", "oss:PutBucketReplication"]],
    ["replicate a bucket to another account", "将存储空间复制到其他账号"],
    ["data that leaves the account continuously", "数据持续外泄"],
    { services: ["oss.aliyuncs.com"] },
  ),
  data(
    "ecs-snapshot-share",
    "high",
    [["ecs:ModifyImageSharePermission"], ["ecs:CreateSnapshot", "ecs:ExportSnapshot"], ["ecs:ExportImage"]],
    ["share or export images and snapshots", "共享或导出镜像和快照"],
    ["the contents of disks", "磁盘数据"],
  ),
  data(
    "rds-account-reset",
    "medium",
    [
      ["rds:ResetAccountPassword", "rds:ModifySecurityIps"],
      ["rds:CreateAccount", "rds:GrantAccountPrivilege"],
    ],
    ["reset or create a database account and reach it", "重置或创建数据库账号并取得访问"],
    ["the contents of databases", "数据库内容"],
  ),
  data(
    "resource-share",
    "medium",
    [["resourcesharing:CreateResourceShare"], ["resourcesharing:AssociateResourceShare"]],
    ["share resources with another account", "与其他账号共享资源"],
    ["use of the shared resources from another account", "其他账号可使用所共享的资源"],
  ),
];

/** Ways to blind the audit trail or the guard that reads it. Sources: ActionTrail, SLS, EventBridge, FC, Config APIs. */
export const auditPrimitives: readonly EscalationPrimitive[] = [
  audit(
    "actiontrail-off",
    "critical",
    [["actiontrail:StopLogging"], ["actiontrail:DeleteTrail"], ["actiontrail:UpdateTrail"]],
    ["stop, delete or redirect a trail", "停止、删除或重定向操作审计跟踪"],
    ["changes that nobody sees delivered", "后续变更不再被投递和察觉"],
  ),
  audit(
    "trail-sink-destroy",
    "high",
    [
      ["log:DeleteProject"],
      ["log:DeleteLogStore"],
      ["log:UpdateLogStore"],
      ["oss:DeleteObject"],
      ["oss:DeleteBucket"],
      ["oss:PutBucketLifecycle"],
    ],
    ["delete logs, or shorten how long they are kept", "删除日志或缩短其保留时间"],
    ["evidence that is lost, if the trail is kept there", "若跟踪日志存于此处，则证据丢失"],
  ),
  audit(
    "eventbridge-off",
    "critical",
    [
      ["eventbridge:DisableRule"],
      ["eventbridge:DeleteRule"],
      ["eventbridge:UpdateRule"],
      ["eventbridge:DeleteTargets"],
      ["eventbridge:DeleteEventBus"],
    ],
    ["switch off the rules and buses that carry events", "关闭传递事件的规则和事件总线"],
    ["a guard that no longer hears of changes", "防护系统无法再收到变更事件"],
  ),
  audit(
    "remediator-code",
    "critical",
    [
      ["fc:UpdateFunction"],
      ["fc:DeleteFunction"],
      ["fc:DeleteTrigger"],
      ["fc:PutFunctionScalingConfig"],
      ["ots:DeleteTable"],
      ["ots:DeleteRow"],
      ["ram:DetachPolicyFromRole"],
      ["ram:DeleteRole"],
    ],
    [
      "change or delete functions, roles or tables, those of the guard among them",
      "修改或删除函数、角色或数据表，防护系统自身的也在其中",
    ],
    ["a guard that is off, or turned against the account", "防护系统被关闭或被反用于攻击账号"],
  ),
  audit(
    "config-off",
    "medium",
    [
      ["config:StopConfigRules"],
      ["config:DeleteConfigRules"],
      ["config:DeactiveConfigRules"],
      ["config:StopConfigurationRecorder"],
    ],
    ["stop the rules or the recorder of Cloud Config", "停止配置审计的规则或记录器"],
    ["compliance checks that are off", "合规检查失效"],
  ),
  audit(
    "security-center-off",
    "medium",
    [["yundun-sas:*"], ["cms:DisableMetricRules"], ["cms:DeleteMetricRules"], ["log:DeleteAlert"]],
    ["switch off detection or alarms", "关闭安全检测或告警"],
    ["alarms that are off", "告警失效"],
  ),
];
