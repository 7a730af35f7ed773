import { checkPolicyDocument } from "../access/documents.ts";
import { need, policyArn } from "../access/needs.ts";
import { type Account, type Attachment, type Policy, type PolicyType, policyKey } from "../account.ts";
import { ApiError, alreadyExists, deleteConflict, limitExceeded, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operations, Work } from "../operation.ts";
import { bounded, flag, named, oneOf, optional, pageByMarker, required } from "../params.ts";
import { policyOf } from "./look-up.ts";
import { policyShape, versionShape } from "./shapes.ts";
import { ramLimits, tagged, tagsGiven } from "./tags.ts";

const customPerAccount = 1500;
const versionsPerPolicy = 5;
const rotation = "DeleteOldestNonDefaultVersionWhenLimitExceeded";

const put = (account: Account, policy: Policy): Policy => {
  account.policies.set(policyKey(policy.policyType, policy.policyName), policy);
  return policy;
};

const custom = ({ account, params }: Asked): Policy => {
  const name = required(params, "PolicyName");
  const found = account.policies.get(policyKey("Custom", name));
  if (found !== undefined) return found;
  // System policies cannot be edited (`ram-api.md` §4).
  if (account.policies.has(policyKey("System", name))) {
    throw new ApiError(403, "NoPermission.SystemPolicy", `The system policy ${name} cannot be changed.`);
  }
  throw notExist("Policy", name);
};

export const linksOf = (account: Account, policy: Policy): readonly Attachment[] =>
  [...account.attachments.values()].filter(
    (link) => link.policyName === policy.policyName && link.policyType === policy.policyType,
  );

const versionOf = (policy: Policy, versionId: string) => {
  const version = policy.versions.find((each) => each.versionId === versionId);
  if (version === undefined) throw notExist("Policy.Version", versionId);
  return version;
};

export const createPolicy = ({ account, params, now }: Work): Policy => {
  const policyName = named(params, "PolicyName", /^[A-Za-z0-9-]+$/, 128);
  const document = required(params, "PolicyDocument");
  checkPolicyDocument(document);
  const taken = (["Custom", "System"] as const).some((type) => account.policies.has(policyKey(type, policyName)));
  if (taken) throw alreadyExists("Policy", policyName);
  const count = [...account.policies.values()].filter((policy) => policy.policyType === "Custom").length;
  if (count >= customPerAccount) throw limitExceeded("Policy", customPerAccount);
  const policy: Policy = {
    policyName,
    policyType: "Custom",
    description: bounded(params, "Description", 1024) ?? "",
    defaultVersion: "v1",
    createDate: now,
    updateDate: now,
    versions: [{ versionId: "v1", document, createDate: now }],
    lastVersion: 1,
  };
  return put(account, tagged(policy, tagsGiven(params, ramLimits)));
};

/** Drops the oldest version that is not the default when the caller asked for rotation and five are there. */
const withRoom = (policy: Policy, strategy: string | undefined): Policy => {
  if (policy.versions.length < versionsPerPolicy) return policy;
  if (strategy !== rotation) throw limitExceeded("Policy.Version", versionsPerPolicy);
  const oldest = policy.versions.find((each) => each.versionId !== policy.defaultVersion);
  return { ...policy, versions: policy.versions.filter((each) => each !== oldest) };
};

export const createVersion = (work: Work): JsonObject => {
  const { account, params, now } = work;
  const document = required(params, "PolicyDocument");
  const before = custom(work);
  checkPolicyDocument(document);
  const policy = withRoom(before, optional(params, "RotateStrategy"));
  const version = { versionId: `v${policy.lastVersion + 1}`, document, createDate: now };
  const after = put(account, {
    ...policy,
    versions: [...policy.versions, version],
    lastVersion: policy.lastVersion + 1,
    updateDate: now,
    defaultVersion: flag(params, "SetAsDefault") === true ? version.versionId : policy.defaultVersion,
  });
  return { PolicyVersion: versionShape(after, version) };
};

export const setDefaultVersion = (work: Work): JsonObject => {
  const policy = custom(work);
  const { versionId } = versionOf(policy, required(work.params, "VersionId"));
  put(work.account, { ...policy, defaultVersion: versionId, updateDate: work.now });
  return {};
};

export const deleteVersion = (work: Work): JsonObject => {
  const policy = custom(work);
  const version = versionOf(policy, required(work.params, "VersionId"));
  if (version.versionId === policy.defaultVersion) {
    throw deleteConflict("Policy.Version.Default", "The default version of a policy cannot be deleted.");
  }
  put(work.account, { ...policy, versions: policy.versions.filter((each) => each !== version) });
  return {};
};

const linkWord = { user: "User", group: "Group", role: "Role" } as const;

/** `cascading` takes links and versions along: Ram has it, ResourceManager has not (`ram-api.md` §4). */
export const deletePolicy = (work: Work, cascading: boolean): JsonObject => {
  const { account } = work;
  const policy = custom(work);
  const links = linksOf(account, policy);
  const [link] = links;
  if (!cascading && link !== undefined) {
    throw deleteConflict(`Policy.${linkWord[link.principalType]}`, "The policy is attached.");
  }
  if (!cascading && policy.versions.length > 1) {
    throw deleteConflict("Policy.Version", "The policy has versions besides the default one.");
  }
  for (const [key, each] of account.attachments) if (links.includes(each)) account.attachments.delete(key);
  account.policies.delete(policyKey("Custom", policy.policyName));
  return {};
};

export const typed = ({ account, params }: Asked): Policy =>
  policyOf(account, oneOf(params, "PolicyType", ["System", "Custom"] as const), required(params, "PolicyName"));

export const getVersion = (asked: Asked): JsonObject => {
  const policy = typed(asked);
  return { PolicyVersion: versionShape(policy, versionOf(policy, required(asked.params, "VersionId"))) };
};

export const getPolicy = (asked: Asked): JsonObject => {
  const policy = typed(asked);
  return {
    Policy: policyShape(asked.account, policy),
    DefaultPolicyVersion: versionShape(policy, versionOf(policy, policy.defaultVersion)),
  };
};

export const listVersions = (asked: Asked): JsonObject => {
  const policy = typed(asked);
  return { PolicyVersions: { PolicyVersion: policy.versions.map((version) => versionShape(policy, version)) } };
};

/** Policies of one type, or of both. */
export const policiesOf = (account: Account, type: string | undefined): readonly Policy[] =>
  [...account.policies.values()].filter((policy) => type === undefined || type === "" || policy.policyType === type);

const onPolicy =
  (action: string, type?: PolicyType) =>
  (asked: Asked): readonly Need[] => [
    need(`ram:${action}`, policyArn(asked, type ?? asked.params.PolicyType, asked.params.PolicyName ?? "")),
  ];

const onPolicies =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, policyArn(asked, "Custom", "*"))];

const touches = (asked: Asked) => ({ "ACS::RAM::Policy": [asked.params.PolicyName ?? ""] });

/** What Ram and ResourceManager do in the same way on the same policies. */
export const sharedPolicyOperations: Operations = {
  CreatePolicy: {
    access: "Write",
    needs: onPolicies("CreatePolicy"),
    run: (work) => {
      const { AttachmentCount: _count, ...shape } = policyShape(work.account, createPolicy(work));
      return { Policy: shape };
    },
    touches,
  },
  CreatePolicyVersion: {
    access: "Write",
    needs: onPolicy("CreatePolicyVersion", "Custom"),
    run: createVersion,
    touches,
  },
  SetDefaultPolicyVersion: {
    access: "Write",
    needs: onPolicy("SetDefaultPolicyVersion", "Custom"),
    run: setDefaultVersion,
    touches,
  },
  DeletePolicyVersion: {
    access: "Write",
    needs: onPolicy("DeletePolicyVersion", "Custom"),
    run: deleteVersion,
    touches,
  },
  GetPolicyVersion: { access: "Read", needs: onPolicy("GetPolicyVersion"), run: getVersion, touches },
  ListPolicyVersions: { access: "Read", needs: onPolicy("ListPolicyVersions"), run: listVersions, touches },
};

export const policyOperations: Operations = {
  ...sharedPolicyOperations,
  GetPolicy: { access: "Read", needs: onPolicy("GetPolicy"), run: getPolicy, touches },
  DeletePolicy: {
    access: "Write",
    needs: onPolicy("DeletePolicy", "Custom"),
    run: (work) => deletePolicy(work, flag(work.params, "CascadingDelete") === true),
    touches,
  },
  UpdatePolicyDescription: {
    access: "Write",
    needs: onPolicy("UpdatePolicyDescription", "Custom"),
    run: (work) => {
      const description = bounded(work.params, "NewDescription", 1024) ?? "";
      const policy = put(work.account, { ...custom(work), description, updateDate: work.now });
      return { Policy: policyShape(work.account, policy) };
    },
    touches,
  },
  ListPolicies: {
    access: "Read",
    needs: onPolicies("ListPolicies"),
    run: ({ account, params }) => {
      const { items, ...page } = pageByMarker(params, policiesOf(account, params.PolicyType), 1000);
      return { ...page, Policies: { Policy: items.map((policy) => policyShape(account, policy)) } };
    },
  },
  ListEntitiesForPolicy: {
    access: "Read",
    needs: onPolicy("ListEntitiesForPolicy"),
    run: (asked) => {
      const links = linksOf(asked.account, typed(asked)).filter((link) => link.resourceGroupId === undefined);
      const of = (kind: Attachment["principalType"], shape: (name: string) => JsonObject) =>
        links
          .filter((link) => link.principalType === kind)
          .map((link) => ({ ...shape(link.principalName), AttachDate: link.attachDate }));
      const { users, groups, roles, accountId } = asked.account;
      return {
        Users: {
          User: of("user", (name) => ({
            UserName: name,
            UserId: users.get(name)?.userId ?? "",
            DisplayName: users.get(name)?.displayName ?? "",
          })),
        },
        Groups: { Group: of("group", (name) => ({ GroupName: name, Comments: groups.get(name)?.comments ?? "" })) },
        Roles: {
          Role: of("role", (name) => ({
            RoleName: name,
            RoleId: roles.get(name.toLowerCase())?.roleId ?? "",
            Arn: `acs:ram::${accountId}:role/${name.toLowerCase()}`,
            Description: roles.get(name.toLowerCase())?.description ?? "",
          })),
        },
      };
    },
  },
};
