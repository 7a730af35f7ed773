import { isJsonObject, type Json, type JsonObject } from "../domain/json.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import { gone } from "../domain/subject.ts";
import type { ResourceGroupOfRef } from "../domain/subjects/directory.ts";
import { controlPolicyOf } from "../domain/subjects/directory-answers.ts";
import type { Claim } from "../domain/trail-event.ts";
import type { CataloguedId } from "./catalogue.ts";
import type { About, CallRecord, Entries, OperationEntry, Reading, Remedy } from "./entry.ts";
import { documentOf, objectOf, textOf } from "./fields.ts";

const full = (why: string, ...calls: readonly CataloguedId[]): Remedy => ({ level: "full", why, calls });

type Named = Pick<OperationEntry, "effect" | "lost" | "remedy">;

/** The texts at some parameters; the error names the one that is missing. */
const textsOf = <Name extends string>(
  from: JsonObject | undefined,
  ...names: readonly Name[]
): Result<{ readonly [name in Name]: string }, string> => {
  const texts: { [name: string]: string } = {};
  for (const name of names) {
    const value = textOf(from, name);
    if (value === undefined) return failed(`says nothing at \`${name}\`, which names its subject`);
    texts[name] = value;
  }
  return ok(texts as { readonly [name in Name]: string });
};

const at = (record: CallRecord) => ({ accountId: record.accountId, route: "ResourceManager" }) as const;

const controlPolicy = (
  entry: Named,
  source: "request" | "response",
  claimed: (record: CallRecord) => Claim,
): OperationEntry => ({
  subject: "control-policy",
  ...entry,
  read: (record) => {
    const from = source === "request" ? record.request : objectOf(record.response, "ControlPolicy");
    const named = textsOf(from, "PolicyId");
    if (!named.ok) return named;
    const subject = { kind: "control-policy", ...at(record), policyId: named.value.PolicyId } as const;
    return ok({ kind: "subject", subject, claimed: claimed(record) });
  },
});

/** The answer tells all but the document: a call that does not set that does not tell the whole policy. */
const toldPolicy =
  (parameter: string) =>
  (record: CallRecord): Claim => {
    const [answer, document] = [objectOf(record.response, "ControlPolicy"), documentOf(record.request, parameter)];
    return answer === undefined || document === undefined ? undefined : controlPolicyOf(answer, document);
  };

const attachment = (attaches: boolean): OperationEntry => ({
  subject: "control-policy-attachment",
  effect: attaches ? "made" : "removed",
  lost: [],
  remedy: attaches
    ? full(
        "a policy that is attached already is refused, so success proves that it was new; detaching it takes a guard-rail away, so a person decides",
        "ResourceManager.DetachControlPolicy",
      )
    : full(
        "it is attached again; that binds whole accounts, so a person decides",
        "ResourceManager.AttachControlPolicy",
      ),
  read: (record) => {
    const named = textsOf(record.request, "PolicyId", "TargetId");
    if (!named.ok) return named;
    const { PolicyId: policyId, TargetId: targetId } = named.value;
    const kind = "control-policy-attachment";
    return ok({
      kind: "subject",
      subject: { kind, ...at(record), policyId, targetId },
      claimed: attaches ? { kind, policyId, targetId } : gone,
    });
  },
});

/** The status in the answer is one that passes, and says nothing of the attachments. */
const readSwitch = (record: CallRecord): Result<Reading, string> =>
  ok({ kind: "subject", subject: { kind: "control-policy-switch", ...at(record) }, claimed: undefined });

const delegation = (registers: boolean): OperationEntry => ({
  subject: "delegated-administrator",
  effect: registers ? "made" : "removed",
  lost: registers ? [] : ["what the service keeps for its administrator"],
  remedy: registers
    ? full(
        "an account that is registered already is refused, so success proves that it was new; it is deregistered",
        "ResourceManager.DeregisterDelegatedAdministrator",
      )
    : full(
        "it is registered again, which gives it power over the whole organisation, so a person decides",
        "ResourceManager.RegisterDelegatedAdministrator",
      ),
  read: (record) => {
    const named = textsOf(record.request, "AccountId", "ServicePrincipal");
    if (!named.ok) return named;
    const { AccountId: memberId, ServicePrincipal: service } = named.value;
    const kind = "delegated-administrator";
    return ok({
      kind: "subject",
      subject: { kind, ...at(record), memberId, service },
      claimed: registers ? { kind, memberId, service } : gone,
    });
  },
});

const member = (entry: Named, claimed: (record: CallRecord, memberId: string) => Claim): OperationEntry => ({
  subject: "member-account",
  ...entry,
  read: (record) => {
    const named = textsOf(record.request, "AccountId");
    if (!named.ok) return named;
    const memberId = named.value.AccountId;
    const subject = { kind: "member-account", ...at(record), memberId } as const;
    return ok({ kind: "subject", subject, claimed: claimed(record, memberId) });
  },
});

const parsed = (value: Json | undefined): Json | undefined => {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as Json;
  } catch {
    return undefined;
  }
};

/** A list of objects in any form in which events carry one: a list, its text, or `Resources.1.Service` and so on. */
const objectsOf = (from: JsonObject | undefined, name: string): readonly JsonObject[] => {
  const whole = parsed(from?.[name]);
  if (Array.isArray(whole)) return whole.filter(isJsonObject);
  const rows = new Map<string, { [key: string]: Json }>();
  for (const [key, value] of Object.entries(from ?? {})) {
    const match = /^([A-Za-z]+)\.(\d+)\.([A-Za-z]+)$/.exec(key);
    const [, list, index = "", field = ""] = match ?? [];
    if (list === name) rows.set(index, { ...rows.get(index), [field]: value });
  }
  return [...rows.values()];
};

type Resource = Pick<ResourceGroupOfRef, "service" | "resourceType" | "resourceId" | "regionId">;

const resourceOf = (row: JsonObject): Resource | undefined => {
  const named = textsOf(row, "Service", "ResourceType", "ResourceId");
  if (!named.ok) return undefined;
  const { Service: service, ResourceType: resourceType, ResourceId: resourceId } = named.value;
  return { service, resourceType, resourceId, regionId: textOf(row, "RegionId") ?? "" };
};

const isSame = (one: Resource, other: Resource): boolean =>
  one.service === other.service && one.resourceType === other.resourceType && one.resourceId === other.resourceId;

/** The call succeeds when it moved some: the answer tells of each resource by itself. */
const readMove = (record: CallRecord): Result<Reading, string> => {
  const named = textsOf(record.request, "ResourceGroupId");
  if (!named.ok) return named;
  const rows = objectsOf(record.request, "Resources").map(resourceOf);
  if (rows.length === 0 || !rows.every((row) => row !== undefined))
    return failed("does not name its resources at `Resources`");
  const results = objectsOf(record.response, "Responses");
  const moved = rows.flatMap((row) => {
    const result = results.find((one) => {
      const other = resourceOf(one);
      return other !== undefined && isSame(row, other);
    });
    if (result !== undefined && textOf(result, "Status")?.toUpperCase() !== "SUCCESS") return [];
    return [{ ...row, regionId: row.regionId === "" ? (textOf(result, "RegionId") ?? "") : row.regionId }];
  });
  const [first, ...others] = moved.map(
    (resource): About => ({
      subject: { kind: "resource-group-of", ...at(record), ...resource },
      claimed: { kind: "resource-group-of", resourceGroupId: named.value.ResourceGroupId },
    }),
  );
  return first === undefined
    ? ok({ kind: "beside", because: "none of the resources was moved" })
    : ok({ kind: "subjects", all: [first, ...others] });
};

/** The operations on the resource directory and on resource groups. */
export const directoryOperations = {
  "ResourceManager.CreateControlPolicy": controlPolicy(
    {
      effect: "made",
      lost: [],
      remedy: full(
        "the policy did not exist before; it does no harm until it is attached, so a person deletes it",
        "ResourceManager.DeleteControlPolicy",
      ),
    },
    "response",
    toldPolicy("PolicyDocument"),
  ),
  "ResourceManager.UpdateControlPolicy": controlPolicy(
    {
      effect: "changed",
      lost: ["document", "name", "description"],
      remedy: full(
        "the former policy is sent again, as the service keeps no versions; a document binds whole accounts, so a person decides",
        "ResourceManager.UpdateControlPolicy",
      ),
    },
    "request",
    toldPolicy("NewPolicyDocument"),
  ),
  "ResourceManager.DeleteControlPolicy": controlPolicy(
    {
      effect: "removed",
      lost: ["the policy's id", "document", "name", "description"],
      remedy: {
        level: "partial",
        why: "the policy is made again, with another id and attached to nothing",
        calls: ["ResourceManager.CreateControlPolicy"],
      },
    },
    "request",
    () => gone,
  ),
  "ResourceManager.AttachControlPolicy": attachment(true),
  "ResourceManager.DetachControlPolicy": attachment(false),
  "ResourceManager.EnableControlPolicy": {
    subject: "control-policy-switch",
    effect: "changed",
    lost: [],
    remedy: full(
      "control policies are switched off again, which takes every guard-rail away, so a person decides",
      "ResourceManager.DisableControlPolicy",
    ),
    read: readSwitch,
  },
  "ResourceManager.DisableControlPolicy": {
    subject: "control-policy-switch",
    effect: "changed",
    lost: ["every attachment of a control policy"],
    remedy: {
      level: "partial",
      why: "they are switched on again, and the custom policies attached where they are known to have been; a person decides",
      calls: ["ResourceManager.EnableControlPolicy", "ResourceManager.AttachControlPolicy"],
    },
    read: readSwitch,
  },
  "ResourceManager.RegisterDelegatedAdministrator": delegation(true),
  "ResourceManager.DeregisterDelegatedAdministrator": delegation(false),
  "ResourceManager.MoveAccount": member(
    {
      effect: "changed",
      lost: ["the former folder"],
      remedy: full(
        "the account is moved back, under other control policies, so a person decides",
        "ResourceManager.MoveAccount",
      ),
    },
    (record, memberId) => {
      const folderId = textOf(record.request, "DestinationFolderId");
      return folderId === undefined ? undefined : { kind: "member-account", memberId, folderId };
    },
  ),
  "ResourceManager.RemoveCloudAccount": member(
    {
      effect: "removed",
      lost: ["the membership, its guard-rails and its part in the organisation's trail"],
      remedy: {
        level: "none",
        why: "an account comes back only by an invitation that it accepts itself",
        calls: [],
      },
    },
    () => gone,
  ),
  "ResourceManager.MoveResources": {
    subject: "resource-group-of",
    effect: "changed",
    lost: ["the former resource group of each resource"],
    remedy: {
      level: "partial",
      why: "each resource is moved back by itself; whoever has rights in its former group gets them back, so a person decides",
      calls: ["ResourceManager.MoveResources"],
    },
    read: readMove,
  },
  "ResourceManager.UpdateResourceGroupAdminSetting": {
    subject: "resource-group-setting",
    effect: "changed",
    lost: ["the former position of the switch"],
    remedy: full(
      "the switch is set back where that gives nobody power, else a person decides",
      "ResourceManager.UpdateResourceGroupAdminSetting",
    ),
    read: (record) => {
      const given = record.request.CreatorAsAdmin;
      const creatorAsAdmin =
        given === true || given === "true" ? true : given === false || given === "false" ? false : undefined;
      const kind = "resource-group-setting";
      return ok({
        kind: "subject",
        subject: { kind, ...at(record) },
        claimed: creatorAsAdmin === undefined ? undefined : { kind, creatorAsAdmin },
      });
    },
  },
} as const satisfies Entries;
