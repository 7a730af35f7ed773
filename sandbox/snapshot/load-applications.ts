import type { Account } from "../account.ts";
import { refreshTokenValidityOf } from "../state/applications.ts";
import type { Snapshot } from "./format.ts";

/** Applications of the account, and those of others that are installed in it. */
export const loadApplications = (account: Account, snapshot: Snapshot, now: string): void => {
  for (const { secrets = [], provision, ...given } of snapshot.applications ?? []) {
    const dates = { createDate: now, updateDate: given.createDate ?? now };
    account.applications.set(given.appId, {
      displayName: given.appName,
      scopes: [{ name: "openid", required: false }],
      redirectUris: [],
      accessTokenValidity: 3600,
      refreshTokenValidity: refreshTokenValidityOf(given.appType),
      secretRequired: given.appType !== "NativeApp",
      isMultiTenant: given.appType !== "WebApp",
      protocolVersion: "2.0",
      ...dates,
      ...given,
      secrets: secrets.map((secret) => ({ createDate: now, ...secret })),
      ...(provision === undefined ? {} : { provision: { createDate: now, updateDate: now, ...provision } }),
    });
  }
  for (const given of snapshot.externalApplications ?? []) {
    const usual = { displayName: given.appId, scopes: ["openid"], createDate: now, updateDate: now };
    account.externalApplications.set(given.appId, { ...usual, ...given });
  }
};
