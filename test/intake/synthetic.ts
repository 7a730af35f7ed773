/**
 * Synthetic ActionTrail events. No public sample of these calls exists: they are composed from the documented shapes
 * (fields of the management event structure, parameter names of the API references), and nothing here was recorded.
 */

export const account = "1234567890123456";

export type Raw = { readonly [key: string]: unknown };

export const trust = (principal: Raw): string =>
  JSON.stringify({ Statement: [{ Action: "sts:AssumeRole", Effect: "Allow", Principal: principal }], Version: "1" });

export const byUser: Raw = {
  type: "ram-user",
  accountId: account,
  principalId: "284512345678901234",
  userName: "mallory",
  accessKeyId: "LTAI5tMalloryKeyId000001",
};

export const byRoot: Raw = { type: "root-account", accountId: account, principalId: account, userName: "root" };

export const byRole: Raw = {
  type: "assumed-role",
  accountId: account,
  principalId: "301234567890123456:deploy-1",
  userName: "deployer:deploy-1",
  accessKeyId: "STS.Synthetic0001",
};

/** A successful write by `mallory`; `more` replaces or adds what a test is about. */
export const event = (serviceName: string, eventName: string, more: Raw = {}): Raw => ({
  eventId: "0A1B2C3D-0000-4000-8000-000000000001",
  eventVersion: 1,
  eventSource: `${serviceName.toLowerCase()}.aliyuncs.com`,
  sourceIpAddress: "203.0.113.7",
  userAgent: "AlibabaCloud (linux; x64) Node.js/v20.20.2",
  eventType: "ApiCall",
  eventCategory: "Management",
  eventRW: "Write",
  userIdentity: byUser,
  serviceName,
  requestId: "0A1B2C3D-0000-4000-8000-000000000001",
  eventTime: "2026-11-01T08:00:00Z",
  isGlobal: true,
  acsRegion: "cn-hangzhou",
  eventName,
  recipientAccountId: account,
  ...more,
});

export const updateRole = (more: Raw = {}): Raw =>
  event("Ram", "UpdateRole", {
    requestParameters: {
      RoleName: "Deploy",
      NewAssumeRolePolicyDocument: trust({ RAM: ["acs:ram::9999999999999999:root"] }),
    },
    responseElements: {
      RequestId: "0A1B2C3D-0000-4000-8000-000000000001",
      Role: {
        RoleName: "Deploy",
        RoleId: "301234567890123456",
        Arn: `acs:ram::${account}:role/deploy`,
        AssumeRolePolicyDocument: trust({ RAM: ["acs:ram::9999999999999999:root"] }),
        Description: "deploys",
        MaxSessionDuration: 7200,
        UpdateDate: "2026-11-01T08:00:00Z",
      },
    },
    ...more,
  });

export const createAccessKey = (service: "Ram" | "Ims", requestParameters: Raw, more: Raw = {}): Raw =>
  event(service, "CreateAccessKey", {
    requestParameters,
    responseElements: {
      AccessKey: {
        AccessKeyId: "LTAI5tSyntheticKey0001",
        AccessKeySecret: "the-secret-of-the-new-key",
        Status: "Active",
        CreateDate: "2026-11-01T08:00:00Z",
      },
    },
    ...more,
  });

export const attachPolicy = (requestParameters: Raw, more: Raw = {}): Raw =>
  event("ResourceManager", "AttachPolicy", {
    requestParameters: {
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      PrincipalType: "IMSUser",
      PrincipalName: "alice@corp.onaliyun.com",
      ResourceGroupId: account,
      ...requestParameters,
    },
    ...more,
  });

export const attachToUser = (more: Raw = {}): Raw =>
  event("Ram", "AttachPolicyToUser", {
    requestParameters: { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "alice" },
    ...more,
  });

/** The envelope in which EventBridge is documented to deliver an event. */
export const cloudEvent = (data: unknown, more: Raw = {}): Raw => ({
  id: "45ef4dew-0000-4000-8000-000000000001",
  source: "acs.ram",
  specversion: "1.0",
  subject: `acs.ram:cn-hangzhou:${account}:1`,
  time: "2020-08-17T16:04:46.149Asia/Shanghai",
  type: "ram:ActionTrail:ApiCall",
  aliyunaccountid: account,
  aliyuneventbusname: "default",
  data,
  ...more,
});

export const slsRecord = (data: unknown): Raw => ({
  __topic__: "actiontrail_audit_event",
  __source__: "actiontrail_internal",
  __time__: "1793520000",
  event: JSON.stringify(data),
});
