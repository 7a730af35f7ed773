import type { Snapshot } from "../../../sandbox/index.ts";
import type { JsonObject } from "../../../shared/domain/json.ts";
import { trustOf } from "../../sandbox/client.ts";
import {
  accountBefore,
  accountId,
  ciTrust,
  ecsTrust,
  openTrust,
  partner,
  stranger,
} from "../../support/guarded-account.ts";
import { type Draw, pick } from "./scheduler.ts";
import { allowing, otherKindFrom, policyOfTheTeam } from "./story-kinds.ts";

/** One call of somebody in the account: a slip, an attack, or everyday work. */
export type Action = {
  readonly by: string;
  readonly service: "Ram" | "Ims" | "ResourceManager";
  readonly operation: string;
  readonly parameters: { readonly [name: string]: string };
};

/** The user by whom the account is kept as code, where it is. */
export const pipeline = "pipeline";

/** The guarded account with a pipeline in it. */
export const accountWithPipeline = (): Snapshot => {
  const before = accountBefore();
  const grant = { policyType: "System", policyName: "AdministratorAccess", principalType: "user" } as const;
  return {
    ...before,
    users: [...(before.users ?? []), { userName: pipeline, accessKeys: [{ accessKeyId: "LTAIpipeline" }] }],
    policies: [
      ...(before.policies ?? []),
      {
        policyName: policyOfTheTeam,
        policyType: "Custom",
        versions: [{ versionId: "v1", policyDocument: allowing("oss:GetObject") }],
      },
    ],
    attachments: [
      ...(before.attachments ?? []),
      { ...grant, principalName: pipeline },
      { policyType: "Custom", policyName: policyOfTheTeam, principalType: "group", principalName: "staff" },
    ],
  };
};

const versions = { Ram: "2015-05-01", Ims: "2019-08-15", ResourceManager: "2020-03-31" } as const;
export const versionOf = (service: Action["service"]): string => versions[service];

const ownTrust = trustOf({ RAM: [`acs:ram::${accountId}:user/mallory`, `acs:ram::${accountId}:role/ci`] });
const partnerTrust = trustOf({ RAM: [`acs:ram::${partner}:root`] });
const trusts = [openTrust, openTrust, ciTrust, ecsTrust, ownTrust, partnerTrust];
const roles = ["Deploy", "deploy", "plain", "ci", "break-glass"];
const policies = [
  ["System", "AdministratorAccess"],
  ["System", "AdministratorAccess"],
  ["Custom", "disguised"],
  ["System", "ReadOnlyAccess"],
  ["Custom", "harmless"],
] as const;
const principals = [
  ["User", "alice"],
  ["User", "alice"],
  ["Group", "staff"],
  ["Role", "plain"],
  ["User", "break-glass"],
] as const;

const grant = (draw: Draw, verb: "Attach" | "Detach"): Omit<Action, "by"> => {
  const [PolicyType, PolicyName] = pick(draw, policies);
  const [kind, name] = pick(draw, principals);
  if (draw() < 0.6) {
    const preposition = verb === "Attach" ? "To" : "From";
    return {
      service: "Ram",
      operation: `${verb}Policy${preposition}${kind}`,
      parameters: { PolicyType, PolicyName, [`${kind}Name`]: name },
    };
  }
  const domains = { User: "example.onaliyun.com", Group: "group.example.onaliyun.com", Role: "" };
  const domain = domains[kind];
  return {
    service: "ResourceManager",
    operation: `${verb}Policy`,
    parameters: {
      PolicyType,
      PolicyName,
      PrincipalType: kind === "Role" ? "ServiceRole" : `IMS${kind}`,
      PrincipalName: kind === "Role" ? `${name}@role.${accountId}.onaliyunservice.com` : `${name}@${domain}`,
      ResourceGroupId: draw() < 0.5 ? accountId : "rg-team",
    },
  };
};

const updateRole = (draw: Draw): Omit<Action, "by"> => {
  const byRam = draw() < 0.8;
  return {
    service: byRam ? "Ram" : "ResourceManager",
    operation: "UpdateRole",
    parameters: {
      RoleName: pick(draw, roles),
      NewAssumeRolePolicyDocument: pick(draw, trusts),
      ...(draw() < 0.3 ? { NewDescription: `d-${Math.floor(draw() * 9)}` } : {}),
    },
  };
};

const madeRoles = ["job-1", "job-2"];

/** What somebody does next. Some of it the cloud refuses, as it does in life. */
export const actionFrom = (
  draw: Draw,
  keys: readonly { readonly id: string; readonly user: string }[],
  withPipeline: boolean,
): Action => {
  const by = withPipeline && draw() < 0.15 ? pipeline : draw() < 0.75 ? "mallory" : "administrator";
  if (draw() < (withPipeline ? 0.4 : 0.15)) return { by, ...otherKindFrom(draw) };
  const chance = draw();
  if (chance < 0.3) return { by, ...grant(draw, "Attach") };
  if (chance < 0.38) return { by, ...grant(draw, "Detach") };
  if (chance < 0.64) return { by, ...updateRole(draw) };
  if (chance < 0.72) {
    const parameters = { RoleName: pick(draw, madeRoles), AssumeRolePolicyDocument: pick(draw, trusts) };
    return { by, service: "Ram", operation: "CreateRole", parameters };
  }
  if (chance < 0.76)
    return { by, service: "Ram", operation: "DeleteRole", parameters: { RoleName: pick(draw, madeRoles) } };
  if (chance < 0.8)
    return {
      by,
      service: "Ram",
      operation: "UpdateRole",
      parameters: { RoleName: pick(draw, madeRoles), NewAssumeRolePolicyDocument: pick(draw, trusts) },
    };
  if (chance < 0.9) {
    const ims = draw() < 0.5;
    return {
      by,
      service: ims ? "Ims" : "Ram",
      operation: "CreateAccessKey",
      parameters: ims ? { UserPrincipalName: "alice@example.onaliyun.com" } : { UserName: "alice" },
    };
  }
  const key = keys.length === 0 ? undefined : pick(draw, keys);
  if (key === undefined)
    return { by, service: "Ram", operation: "CreateUser", parameters: { UserName: `new-${Math.floor(draw() * 99)}` } };
  return draw() < 0.7
    ? {
        by,
        service: "Ram",
        operation: "UpdateAccessKey",
        parameters: { UserName: key.user, UserAccessKeyId: key.id, Status: draw() < 0.7 ? "Active" : "Inactive" },
      }
    : {
        by,
        service: "Ram",
        operation: "DeleteAccessKey",
        parameters: { UserName: key.user, UserAccessKeyId: key.id },
      };
};

const textAt = (value: unknown, ...path: readonly string[]): string => {
  let at: unknown = value;
  for (const name of path) at = typeof at === "object" && at !== null ? (at as JsonObject)[name] : undefined;
  return typeof at === "string" ? at : "";
};

const highRisk = ["AdministratorAccess", "AliyunRAMFullAccess", "AliyunSTSAssumeRoleAccess", "disguised"];

/**
 * Whether a change breaks a rule whatever was before it, by a reading of its own that knows nothing of the rules' code:
 * it opens a role to a stranger, gives away the account, or makes a key for somebody else.
 */
export const breaksARule = (event: JsonObject): boolean => {
  const name = String(event.eventName);
  const asked = event.requestParameters;
  if (/^AttachPolicy/.test(name)) return highRisk.includes(textAt(asked, "PolicyName"));
  if (name === "UpdateRole" || name === "CreateRole")
    return `${textAt(asked, "NewAssumeRolePolicyDocument")}${textAt(asked, "AssumeRolePolicyDocument")}`.includes(
      stranger,
    );
  return name === "CreateAccessKey";
};
