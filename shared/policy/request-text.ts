import type { Witness } from "./comparison.ts";

/**
 * A request in one line: `sts:AssumeRole by RAM acs:ram::1:user/x when oidc:sub=repo:o/r`. Its parts can come from an
 * attacker's document: neutralise the text for the place where it is shown.
 */
export const requestText = ({ action, resource, principal, context }: Witness): string => {
  const when = Object.keys(context)
    .sort()
    .map((key) => `${key}=${context[key]}`);
  return [
    action,
    ...(resource === undefined ? [] : [`on ${resource}`]),
    ...(principal === undefined ? [] : [`by ${principal.type === "*" ? "" : `${principal.type} `}${principal.value}`]),
    ...(when.length === 0 ? [] : [`when ${when.join(" and ")}`]),
  ].join(" ");
};
