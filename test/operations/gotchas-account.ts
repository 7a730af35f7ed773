import type { Snapshot } from "../../sandbox/index.ts";
import type { SubjectRef } from "../../shared/domain/subject.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { trustOf } from "../sandbox/client.ts";
import {
  accountId,
  ciTrust,
  type GuardedAccount,
  type GuardedOptions,
  guardedAccount,
} from "../support/guarded-account.ts";
import { everyChange } from "../support/remedies.ts";
import { accountWithCredentials, device, withUser } from "./account-with-credentials.ts";
import { crowdedAccount } from "./identities-account.ts";

const date = "2026-01-02T03:04:05Z";
const old = { createDate: date, updateDate: date };

/** An account with something for each trap of `ram-api.md` §9 to catch on. */
export const gotchaAccount = (): Snapshot => {
  const { users = [] } = accountWithCredentials();
  const logins = users.find(({ userName }) => userName === "alice");
  const account = withUser(crowdedAccount(), "alice", (alice) => ({
    ...logins,
    ...alice,
    accessKeys: logins?.accessKeys,
  }));
  return {
    ...account,
    roles: [
      ...(account.roles ?? []),
      { roleName: "AliyunFcDefaultRole", ...old, assumeRolePolicyDocument: ciTrust },
      {
        roleName: "partnered",
        ...old,
        assumeRolePolicyDocument: trustOf({ RAM: [`acs:ram::${accountId}:role/gone`] }),
      },
    ],
    mfaDevices: [
      { serialNumber: device("bound"), userName: "alice", activateDate: date },
      { serialNumber: device("free") },
    ],
    securityPreference: {
      LoginNetworkMasks: "10.0.0.0/8",
      LoginSessionDuration: 2,
      MFAOperationForLogin: "mandatory",
      AllowUserToManageMFADevices: false,
      MaxIdleDaysForUsers: 90,
    },
    userSsoSettings: { SsoEnabled: true, MetadataDocument: "bWV0YQ==", AuxiliaryDomain: "corp.example" },
    oidcProviders: [
      {
        name: "ci",
        description: "of the pipeline",
        issuerUrl: "https://ci.example",
        clientIds: ["a", "b"],
        fingerprints: ["f"],
        issuanceLimitTime: 24,
        ...old,
      },
    ],
    directory: {
      directoryId: "rd-1",
      rootFolderId: "r-1",
      controlPolicyStatus: "Enabled",
      createTime: date,
      accounts: [{ accountId: "1001", folderId: "r-1", type: "CloudAccount", joinMethod: "invited", joinTime: date }],
      controlPolicies: [
        {
          policyId: "cp-1",
          policyName: "guard",
          policyDocument: '{"Version":"1","Statement":[{"Effect":"Deny","Action":"ram:*","Resource":"*"}]}',
          ...old,
        },
      ],
      controlPolicyAttachments: ["r-1", "1001"]
        .map((targetId) => ({ policyId: "FullAliyunAccess", targetId, attachDate: date }))
        .concat([{ policyId: "cp-1", targetId: "1001", attachDate: date }]),
    },
  };
};

export type Service = "Ram" | "Ims" | "ResourceManager";
export type Params = Readonly<Record<string, unknown>>;

/** The account of the traps, where every change but those of `provisioner` is to be put back. */
export const openGotchas = (options: GuardedOptions = {}): Promise<GuardedAccount> =>
  guardedAccount({ snapshot: gotchaAccount(), ...options, settings: everyChange() });

export const ref = <Kind extends SubjectRef["kind"]>(kind: Kind, more: object, route: Service = "Ram"): SubjectRef =>
  ({ kind, accountId, route, ...more }) as unknown as SubjectRef;

/** `Ram.UpdateRole` of each call that was planned. */
export const planned = ({ remediation }: Incident): readonly string[] =>
  (remediation?.calls ?? []).map(({ service, operation }) => `${service}.${operation}`);
