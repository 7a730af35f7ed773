import { need } from "../access/needs.ts";
import { policyKey, roleKey } from "../account.ts";
import { ApiError, invalid, limitExceeded, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operations, Work } from "../operation.ts";
import { flag, listOf, objectsOf, oneOf, type Params, pageByToken, required } from "../params.ts";
import { merged, retagged, type Tag, type Tagged } from "../state/tags.ts";
import { roleOf } from "./look-up.ts";

const tagsPerResource = 20;
const tagsPerCall = 20;
const resourcesPerCall = 50;
const address = /https?:\/\//;

/** How long a value may be: Ram's page says 256, Ims' 128. */
type Limits = { readonly valueAtMost: number };

export const ramLimits: Limits = { valueAtMost: 256 };
export const imsLimits: Limits = { valueAtMost: 128 };

/** The tags that a call gives, checked: a value may be empty, a key may not. */
export const tagsGiven = (params: Params, { valueAtMost }: Limits): readonly Tag[] => {
  const given = objectsOf(params, "Tag").map((each) => ({ key: each.Key ?? "", value: each.Value ?? "" }));
  if (given.length > tagsPerCall) throw limitExceeded("Tag", tagsPerCall);
  for (const { key, value } of given) {
    if (key === "" || key.length > 128) throw invalid("TagKey", "Length", "A tag key has 1 to 128 characters.");
    if (value.length > valueAtMost) throw invalid("TagValue", "Length", `A tag value has ${valueAtMost} at most.`);
    const reserved = /^(?:aliyun|acs:)/i.test(key) || address.test(key);
    if (reserved) throw invalid("TagKey", "InvalidChars", "A tag key starts with a reserved word or holds an address.");
    if (address.test(value)) throw invalid("TagValue", "InvalidChars", "A tag value holds an address.");
  }
  return merged([], given);
};

/** The same thing with more tags; throws `LimitExceeded.Tag` for the twenty-first. */
export const tagged = <Thing extends Tagged>(thing: Thing, given: readonly Tag[]): Thing => {
  const tags = merged(thing.tags ?? [], given);
  if (tags.length > tagsPerResource) throw limitExceeded("Tag", tagsPerResource);
  return retagged(thing, tags);
};

/** `keys` is the parameter that holds them; all tags go only when it is not given (page of Ims:UntagResources). */
export const untagged = <Thing extends Tagged>(thing: Thing, params: Params, keys: "TagKeys" | "TagKey"): Thing => {
  const gone = listOf(params, keys);
  if (gone.length > tagsPerCall) throw limitExceeded("Tag", tagsPerCall);
  if (gone.length === 0 && flag(params, "All") !== true) {
    throw new ApiError(400, `MissingParameter.${keys}`, `Name ${keys}, or say All.`);
  }
  const left = gone.length === 0 ? [] : (thing.tags ?? []).filter((tag) => !gone.includes(tag.key));
  return retagged(thing, left);
};

/** Whether a thing has every wanted tag; a wanted tag without a value asks for the key alone. */
export const hasTags = (thing: Tagged, wanted: readonly Params[]): boolean =>
  wanted.every(({ Key, Value }) =>
    (thing.tags ?? []).some((tag) => tag.key === Key && (Value === undefined || tag.value === Value)),
  );

export const checkCount = (parameter: string, names: readonly string[]): readonly string[] => {
  if (names.length > resourcesPerCall) throw invalid(parameter, "Length", `${resourcesPerCall} resources at most.`);
  return names;
};

type Kind = "role" | "policy";

const kindIn = (params: Params): Kind => oneOf(params, "ResourceType", ["role", "policy"] as const);

const namesIn = (params: Params): readonly string[] => {
  const names = checkCount("ResourceNames", listOf(params, "ResourceNames"));
  if (names.length === 0) required(params, "ResourceNames");
  return names;
};

/** Replaces roles or policies by retagged ones. One name that leads nowhere refuses the whole call. */
const change = (work: Work, next: <Thing extends Tagged>(thing: Thing) => Thing): JsonObject => {
  const { account, params } = work;
  const kind = kindIn(params);
  for (const name of namesIn(params)) {
    if (kind === "role") {
      const role = roleOf(account, name);
      account.roles.set(roleKey(role.roleName), next(role));
      continue;
    }
    const key = policyKey("Custom", name);
    const policy = account.policies.get(key);
    if (policy === undefined) throw notExist("Policy", name);
    account.policies.set(key, next(policy));
  }
  return {};
};

const listed = ({ account, params }: Work): JsonObject => {
  const kind = kindIn(params);
  const names = checkCount("ResourceNames", listOf(params, "ResourceNames"));
  const things =
    kind === "role"
      ? [...account.roles.values()].map((role) => ({ ResourceName: role.roleName, thing: role as Tagged }))
      : [...account.policies.values()].map((policy) => ({ ResourceName: policy.policyName, thing: policy as Tagged }));
  const same = (a: string, b: string) => (kind === "role" ? roleKey(a) === roleKey(b) : a === b);
  const rows = things
    .filter(({ ResourceName }) => names.length === 0 || names.some((name) => same(name, ResourceName)))
    .filter(({ thing }) => hasTags(thing, objectsOf(params, "Tag")))
    .flatMap(({ ResourceName, thing }) =>
      (thing.tags ?? []).map((tag) => ({
        ResourceName,
        ResourceType: kind,
        TagKey: tag.key,
        TagValue: tag.value,
      })),
    );
  const { items, NextToken } = pageByToken(params, rows, { name: "PageSize", usual: 100, most: 100 });
  return { TagResources: items, ...(NextToken === undefined ? {} : { NextToken }) };
};

/** Both APIs' pages say All Resources. */
export const tagNeeds = (action: string) => () => [need(`ram:${action}`, "*")];

const touches = ({ params }: Asked) => ({
  [params.ResourceType === "policy" ? "ACS::RAM::Policy" : "ACS::RAM::Role"]: namesOrNone(params),
});

/** What an event names even when the call is refused for its form. */
const namesOrNone = (params: Params): readonly string[] => {
  try {
    return listOf(params, "ResourceNames");
  } catch {
    return [];
  }
};

export const tagOperations: Operations = {
  TagResources: {
    access: "Write",
    needs: tagNeeds("TagResources"),
    run: (work) => {
      required(work.params, work.params["Tag.1.Key"] === undefined ? "Tag" : "Tag.1.Key");
      const given = tagsGiven(work.params, ramLimits);
      return change(work, (thing) => tagged(thing, given));
    },
    touches,
  },
  UntagResources: {
    access: "Write",
    needs: tagNeeds("UntagResources"),
    run: (work) => change(work, (thing) => untagged(thing, work.params, "TagKeys")),
    touches,
  },
  ListTagResources: { access: "Read", needs: tagNeeds("ListTagResources"), run: listed },
};
