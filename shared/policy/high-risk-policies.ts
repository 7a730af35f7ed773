import type { Severity } from "../domain/finding.ts";

/** What a policy is able to do that matters; one policy can be in several. */
export type Tier =
  | "admin"
  | "identity-admin"
  | "escalation-capable"
  | "cross-account"
  | "audit-tampering"
  | "data-plane-full"
  | "guardrail-or-financial";

export type HighRiskPolicy = { readonly severity: Severity; readonly tiers: readonly [Tier, ...Tier[]] };

const entry = (severity: Severity, ...tiers: readonly [Tier, ...Tier[]]): HighRiskPolicy => ({ severity, tiers });

/**
 * System policies that are known to be dangerous by their name alone: a floor under what their text shows, because the
 * text of most is not published and changes without notice. Sources: the services' pages under
 * help.aliyun.com/zh/ram/developer-reference and the list of services that work with RAM.
 */
export const highRiskPolicies: { readonly [name: string]: HighRiskPolicy } = {
  AdministratorAccess: entry("critical", "admin"),
  PowerUserAccess: entry("critical", "escalation-capable", "data-plane-full", "audit-tampering"),
  AliyunRAMFullAccess: entry("critical", "identity-admin", "admin"),
  AliyunCloudSSOFullAccess: entry("critical", "identity-admin", "cross-account"),
  AliyunYundunIdaasFullAccess: entry("high", "identity-admin"),
  AliyunIDaaSEiamFullAccess: entry("high", "identity-admin"),
  AliyunRAMAccessAnalyzerFullAccess: entry("medium", "audit-tampering"),
  AliyunAccountCenterFullAccess: entry("high", "identity-admin"),
  AliyunAuthorizationFullAccess: entry("medium", "cross-account"),
  AliyunSTSAssumeRoleAccess: entry("high", "escalation-capable", "cross-account"),
  AliyunResourceDirectoryFullAccess: entry("critical", "cross-account", "identity-admin"),
  AliyunResourceSharingFullAccess: entry("medium", "cross-account"),
  AliyunGovernanceFullAccess: entry("high", "cross-account"),
  AliyunComputeNestSupplierFullAccess: entry("medium", "cross-account", "escalation-capable"),
  AliyunActionTrailFullAccess: entry("critical", "audit-tampering", "escalation-capable"),
  AliyunConfigFullAccess: entry("high", "audit-tampering"),
  AliyunLogFullAccess: entry("high", "audit-tampering", "data-plane-full"),
  AliyunEventBridgeFullAccess: entry("critical", "audit-tampering"),
  AliyunEventBridgeResourceDeletePolicy: entry("high", "audit-tampering"),
  AliyunEventBridgeResourceUpdatePolicy: entry("high", "audit-tampering"),
  AliyunCloudMonitorFullAccess: entry("medium", "audit-tampering"),
  AliyunYundunSASFullAccess: entry("high", "audit-tampering", "escalation-capable"),
  AliyunYundunBastionHostFullAccess: entry("high", "audit-tampering", "escalation-capable"),
  AliyunFCFullAccess: entry("high", "escalation-capable"),
  AliyunDevsFullAccess: entry("high", "escalation-capable"),
  AliyunIMMFullAccess: entry("medium", "escalation-capable"),
  AliyunECSFullAccess: entry("high", "escalation-capable", "data-plane-full"),
  AliyunECSAssistantFullAccess: entry("high", "escalation-capable"),
  AliyunECSWorkbenchFullAccess: entry("high", "escalation-capable"),
  AliyunROSFullAccess: entry("high", "escalation-capable"),
  AliyunOOSFullAccess: entry("high", "escalation-capable"),
  AliyunECIFullAccess: entry("high", "escalation-capable"),
  AliyunCSFullAccess: entry("high", "escalation-capable"),
  AliyunESSFullAccess: entry("high", "escalation-capable"),
  AliyunEMRFullAccess: entry("high", "escalation-capable"),
  AliyunFnFFullAccess: entry("high", "escalation-capable"),
  AliyunServiceCatalogAdminFullAccess: entry("high", "escalation-capable"),
  AliyunServiceCatalogEndUserFullAccess: entry("high", "escalation-capable"),
  AliyunDataWorksFullAccess: entry("high", "escalation-capable"),
  AliyunLogicComposerFullAccess: entry("high", "escalation-capable"),
  AliyunComputeNestUserFullAccess: entry("high", "escalation-capable"),
  AliyunASMFullAccess: entry("high", "escalation-capable"),
  AliyunAdcpFullAccess: entry("high", "escalation-capable"),
  AliyunContainerRegistryFullAccess: entry("medium", "escalation-capable"),
  AliyunRDCFullAccess: entry("medium", "escalation-capable"),
  AliyunPAIFullAccess: entry("high", "escalation-capable", "data-plane-full"),
  AliyunCloudControlAPIFullAccess: entry("medium", "escalation-capable"),
  AliyunOSSFullAccess: entry("critical", "data-plane-full", "audit-tampering"),
  AliyunKMSFullAccess: entry("critical", "data-plane-full"),
  AliyunKMSSecretUserAccess: entry("high", "data-plane-full"),
  AliyunKMSSecretAdminAccess: entry("high", "data-plane-full"),
  AliyunKMSCryptoUserAccess: entry("medium", "data-plane-full"),
  AliyunKMSCryptoAdminAccess: entry("high", "data-plane-full"),
  AliyunRDSFullAccess: entry("high", "data-plane-full"),
  AliyunPolardbFullAccess: entry("high", "data-plane-full"),
  AliyunMongoDBFullAccess: entry("high", "data-plane-full"),
  AliyunKvstoreFullAccess: entry("high", "data-plane-full"),
  AliyunOTSFullAccess: entry("high", "data-plane-full"),
  AliyunDTSFullAccess: entry("high", "data-plane-full"),
  AliyunDMSFullAccess: entry("high", "data-plane-full"),
  AliyunDBSFullAccess: entry("high", "data-plane-full"),
  AliyunHBRFullAccess: entry("high", "data-plane-full"),
  AliyunNASFullAccess: entry("high", "data-plane-full"),
  AliyunMNSFullAccess: entry("high", "data-plane-full"),
  AliyunVPCFullAccess: entry("medium", "guardrail-or-financial"),
  AliyunCENFullAccess: entry("medium", "guardrail-or-financial"),
  AliyunYundunCloudFirewallFullAccess: entry("medium", "guardrail-or-financial"),
  AliyunYundunWAFFullAccess: entry("medium", "guardrail-or-financial"),
  AliyunDNSFullAccess: entry("medium", "guardrail-or-financial"),
  AliyunDomainFullAccess: entry("medium", "guardrail-or-financial"),
  AliyunBSSFullAccess: entry("medium", "guardrail-or-financial"),
  AliyunBSSRefundAccess: entry("medium", "guardrail-or-financial"),
  AliyunTagAdministratorAccess: entry("medium", "guardrail-or-financial"),
  AliyunSupportFullAccess: entry("medium", "guardrail-or-financial"),
  AliyunServiceRolePolicyForCloudSSO: entry("critical", "identity-admin"),
  AliyunServiceRolePolicyForResourceDirectory: entry("medium", "identity-admin"),
  AliyunOOSApplicationDeployRolePolicy: entry("high", "escalation-capable"),
};
