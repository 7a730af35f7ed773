import type { Remedier } from "../chosen.ts";
import { noRemedy } from "../chosen.ts";

type Kind =
  | "control-policy"
  | "control-policy-attachment"
  | "control-policy-switch"
  | "delegated-administrator"
  | "member-account"
  | "resource-group-of"
  | "resource-group-setting";

const none = (): ReturnType<Remedier<Kind>> => noRemedy("not-reversible", "nothing is known that puts it back");

export const directoryRemedies: { readonly [kind in Kind]: Remedier<kind> } = {
  "control-policy": none,
  "control-policy-attachment": none,
  "control-policy-switch": none,
  "delegated-administrator": none,
  "member-account": none,
  "resource-group-of": none,
  "resource-group-setting": none,
};
