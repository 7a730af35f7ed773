import type { SubjectReader } from "./read-subject.ts";
import { notRead } from "./read-subject.ts";

type Kind =
  | "control-policy"
  | "control-policy-attachment"
  | "control-policy-switch"
  | "delegated-administrator"
  | "member-account"
  | "resource-group-of"
  | "resource-group-setting";

export const directoryReaders: { readonly [kind in Kind]: SubjectReader<kind> } = {
  "control-policy": notRead,
  "control-policy-attachment": notRead,
  "control-policy-switch": notRead,
  "delegated-administrator": notRead,
  "member-account": notRead,
  "resource-group-of": notRead,
  "resource-group-setting": notRead,
};
