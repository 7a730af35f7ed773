/** Synthetic feeds, the same on every run: shapes and sizes of documented ActionTrail events, names and ids made up. */

const accountId = "1234567890123456";

/** A small generator of its own (mulberry32), so that every run and every machine measures the same bytes. */
const random = (seed: number): (() => number) => {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

type Feed = readonly Record<string, unknown>[];

const pick = <Item>(from: readonly Item[], next: () => number): Item => from[Math.floor(next() * from.length)] as Item;

const hex = (next: () => number, length: number): string =>
  Array.from({ length }, () => Math.floor(next() * 16).toString(16))
    .join("")
    .toUpperCase();

const uuid = (next: () => number): string =>
  `${hex(next, 8)}-${hex(next, 4)}-${hex(next, 4)}-${hex(next, 4)}-${hex(next, 12)}`;

const timeAt = (index: number): string =>
  new Date(Date.UTC(2026, 10, 1) + index * 1000).toISOString().replace(".000", "");

const common = (next: () => number, index: number, service: string, name: string, version: string) => {
  const requestId = uuid(next);
  const user = `user-${Math.floor(next() * 500)}`;
  return {
    eventId: requestId,
    eventVersion: 1,
    eventSource: `${service.toLowerCase()}.aliyuncs.com`,
    sourceIpAddress: `203.0.113.${Math.floor(next() * 255)}`,
    userAgent: "AlibabaCloud (linux; x64) Node.js/v20.20.2 Core/1.0.1 TeaDSL/2",
    eventType: "ApiCall",
    eventRW: "Write",
    userIdentity: {
      accessKeyId: `STS.${hex(next, 24)}`,
      sessionContext: { attributes: { mfaAuthenticated: "false", creationDate: timeAt(index) } },
      accountId,
      principalId: `3${Math.floor(next() * 1e15)}:${user}`,
      type: "assumed-role",
      userName: `deploy:${user}`,
    },
    serviceName: service,
    additionalEventData: { Scheme: "https", CallerBid: "26842" },
    apiVersion: version,
    requestId,
    eventTime: timeAt(index),
    isGlobal: true,
    acsRegion: "cn-hangzhou",
    eventName: name,
    recipientAccountId: accountId,
  };
};

const noise = (requestId: string, service: string): Record<string, unknown> => ({
  charset: "UTF-8",
  AcsHost: `${service.toLowerCase()}.aliyuncs.com`,
  AcsProduct: service,
  RequestId: requestId,
  HostId: `${service.toLowerCase()}.aliyuncs.com`,
  stsTokenPlayerUid: accountId,
});

const trust = (service: string): string =>
  JSON.stringify({
    Statement: [{ Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: [service] } }],
    Version: "1",
  });

const ramEvent = (next: () => number, index: number): Record<string, unknown> => {
  const kind = Math.floor(next() * 4);
  const name = `name-${Math.floor(next() * 1000)}`;
  if (kind === 0) {
    const event = common(next, index, "Ram", "UpdateRole", "2015-05-01");
    const document = trust(pick(["ecs.aliyuncs.com", "fc.aliyuncs.com", "log.aliyuncs.com"], next));
    const role = { RoleName: name, RoleId: `3${hex(next, 15)}`, AssumeRolePolicyDocument: document };
    return {
      ...event,
      requestParameters: { ...noise(event.requestId, "Ram"), RoleName: name, NewAssumeRolePolicyDocument: document },
      responseElements: {
        RequestId: event.requestId,
        Role: { ...role, Description: "made by the bench", MaxSessionDuration: 3600, UpdateDate: timeAt(index) },
      },
    };
  }
  if (kind === 1) {
    const event = common(next, index, "Ims", "CreateAccessKey", "2019-08-15");
    const key = { AccessKeyId: `LTAI5t${hex(next, 18)}`, Status: "Active", CreateDate: timeAt(index) };
    return {
      ...event,
      requestParameters: { ...noise(event.requestId, "Ims"), UserPrincipalName: `${name}@${accountId}.onaliyun.com` },
      responseElements: { RequestId: event.requestId, AccessKey: key },
    };
  }
  if (kind === 2) {
    const event = common(next, index, "Ram", "AttachPolicyToUser", "2015-05-01");
    const policy = {
      PolicyType: "System",
      PolicyName: pick(["AliyunOSSReadOnlyAccess", "AliyunECSReadOnlyAccess"], next),
    };
    return {
      ...event,
      requestParameters: { ...noise(event.requestId, "Ram"), ...policy, UserName: name },
      responseElements: { RequestId: event.requestId },
    };
  }
  const event = common(next, index, "ResourceManager", "AttachPolicy", "2020-03-31");
  const principal = { PrincipalType: "IMSUser", PrincipalName: `${name}@${accountId}.onaliyun.com` };
  return {
    ...event,
    requestParameters: {
      ...noise(event.requestId, "ResourceManager"),
      ...principal,
      PolicyType: "System",
      PolicyName: "AliyunLogReadOnlyAccess",
      ResourceGroupId: accountId,
    },
    responseElements: { RequestId: event.requestId },
  };
};

const products = [
  ["Ecs", "RunInstances"],
  ["Ecs", "DescribeInstances"],
  ["Slb", "SetBackendServers"],
  ["Oss", "PutBucketAcl"],
  ["Rds", "ModifySecurityIps"],
  ["Kms", "Decrypt"],
  ["Actiontrail", "LookupEvents"],
] as const;

const foreignEvent = (next: () => number, index: number): Record<string, unknown> => {
  const [service, name] = pick(products, next);
  const event = common(next, index, service, name, "2014-05-26");
  const instance = `i-bp1${hex(next, 17).toLowerCase()}`;
  return {
    ...event,
    requestParameters: {
      ...noise(event.requestId, service),
      "Tag.1.Key": "CreatedBy",
      "Tag.1.Value": "bench",
      SecurityGroupId: `sg-bp1${hex(next, 17).toLowerCase()}`,
      VSwitchId: `vsw-bp1${hex(next, 17).toLowerCase()}`,
      InstanceId: instance,
      RegionId: "cn-hangzhou",
    },
    responseElements: { RequestId: event.requestId, InstanceIdSets: { InstanceIdSet: [instance] } },
    referencedResources: { "ACS::ECS::Instance": [instance] },
  };
};

/** Events that are all RAM's: the four kinds of call that intake understands, evenly mixed. */
export const ramFeed = (count: number): Feed => {
  const next = random(20_261_122);
  return Array.from({ length: count }, (_, index) => ramEvent(next, index));
};

/** Events of which one in fifty is RAM's: what a trail of a whole account looks like, or quieter. */
export const foreignFeed = (count: number): Feed => {
  const next = random(19_700_101);
  return Array.from({ length: count }, (_, index) =>
    next() < 0.02 ? ramEvent(next, index) : foreignEvent(next, index),
  );
};

/** The same events as `ramFeed`, one at a time: as many as wanted, without holding them. */
export function* ramStream(count: number): Generator<Record<string, unknown>> {
  const next = random(20_261_122);
  for (let index = 0; index < count; index += 1) yield ramEvent(next, index);
}
