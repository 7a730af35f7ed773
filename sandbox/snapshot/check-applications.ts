import { among, type Check, date, filled, list, numberFrom, object, optional, text, yesOrNo } from "./checks.ts";

const dates = { createDate: optional(date), updateDate: optional(date) };

export const applications: Check = optional(
  list(
    object({
      appId: filled,
      appName: filled,
      appType: among("WebApp", "NativeApp", "ServerApp"),
      displayName: optional(text),
      scopes: optional(list(object({ name: filled, required: yesOrNo }))),
      redirectUris: optional(list(filled)),
      accessTokenValidity: optional(numberFrom(900, 10_800)),
      refreshTokenValidity: optional(numberFrom(7200, 31_536_000)),
      secretRequired: optional(yesOrNo),
      isMultiTenant: optional(yesOrNo),
      protocolVersion: optional(text),
      ...dates,
      secrets: optional(list(object({ appSecretId: filled, createDate: optional(date) }))),
      provision: optional(object({ scopes: list(filled), ...dates })),
    }),
  ),
);

export const externalApplications: Check = optional(
  list(object({ appId: filled, displayName: optional(text), scopes: optional(list(filled)), ...dates })),
);
