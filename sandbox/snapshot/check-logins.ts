import { among, date, filled, like, list, object, optional, text } from "./checks.ts";

const status = optional(among("Active", "Inactive"));
const verification = object({ value: filled, status: among("active", "pending") });

/** Tags of users, roles and policies. */
export const tags = optional(list(object({ key: filled, value: text })));

/** Members of a user in a snapshot besides its names, password and access keys. */
export const loginMembers = {
  passkeys: optional(
    list(
      object({
        passkeyId: filled,
        passkeyName: optional(text),
        createDate: optional(date),
        lastUseDate: optional(text),
      }),
    ),
  ),
  publicKeys: optional(
    list(object({ publicKeyId: filled, publicKeySpec: optional(text), status, createDate: optional(date) })),
  ),
  serviceCredentials: optional(
    list(
      object({
        serviceCredentialId: filled,
        serviceCredentialName: optional(text),
        serviceName: filled,
        status,
        createTime: optional(date),
        expirationTime: optional(date),
      }),
    ),
  ),
  securityPhone: optional(
    object({ value: like(/^\d{1,4}-\d{4,15}$/, "a number like 86-13900001234"), status: among("active", "pending") }),
  ),
  securityEmail: optional(verification),
  personalDingTalk: optional(filled),
  tags,
};
