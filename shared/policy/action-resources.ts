import { highRiskPolicies } from "./high-risk-policies.ts";

/** Resources of which one must be allowed, as patterns; an action may need several such choices at once. */
type Choice = readonly string[];

const users: Choice = ["acs:ram:*:*:user/*"];
const groups: Choice = ["acs:ram:*:*:group/*"];
const roles: Choice = ["acs:ram:*:*:role/*"];
const policies: Choice = ["acs:ram:*:*:policy/*"];

/** Attaching is escalation when a policy that makes strong may be attached; one limited to weak policies is not. */
const strongPolicies: Choice = Object.entries(highRiskPolicies)
  .filter(([, { tiers }]) => tiers.includes("admin") || tiers.includes("identity-admin"))
  .map(([name]) => `acs:ram:*:system:policy/${name}`);

/** What RAM checks an action on. Source: RAM actions and ARNs, https://help.aliyun.com/document_detail/2337626.html */
const choicesOf: ReadonlyMap<string, readonly Choice[]> = new Map([
  ["ram:attachpolicytouser", [users, strongPolicies]],
  ["ram:attachpolicytogroup", [groups, strongPolicies]],
  ["ram:attachpolicytorole", [roles, strongPolicies]],
  ["ram:detachpolicyfromuser", [users, policies]],
  ["ram:detachpolicyfromgroup", [groups, policies]],
  ["ram:detachpolicyfromrole", [roles, policies]],
  ["ram:createpolicy", [policies]],
  ["ram:createpolicyversion", [policies]],
  ["ram:setdefaultpolicyversion", [policies]],
  ["ram:deletepolicy", [policies]],
  ["ram:createuser", [users]],
  ["ram:updateuser", [users]],
  ["ram:createaccesskey", [users]],
  ["ram:updateaccesskey", [users]],
  ["ram:createloginprofile", [users]],
  ["ram:updateloginprofile", [users]],
  ["ram:addusertogroup", [users, groups]],
  ["ram:removeuserfromgroup", [users, groups]],
  ["ram:deletegroup", [groups]],
  ["ram:createrole", [roles]],
  ["ram:updaterole", [roles]],
  ["ram:deleterole", [roles]],
  ["ram:passrole", [roles]],
  ["sts:assumerole", [roles]],
]);

/** The key by which a grant of the action is bound to services. */
export const serviceKeys: ReadonlyMap<string, string> = new Map([
  ["ram:passrole", "acs:Service"],
  ["ram:createservicelinkedrole", "ram:ServiceName"],
]);

/**
 * The choices of resources that a request of this action needs. An action that is not listed needs a resource of its own
 * service, or the literal `*` of an API without resource-level permissions, which the pattern `?` stands for here.
 */
export const resourceChoices = (action: string): readonly Choice[] => {
  const lower = action.toLowerCase();
  const [service] = lower.split(":");
  return choicesOf.get(lower) ?? [[`acs:${service}:*`, "?"]];
};
