import { readFileSync } from "node:fs";

export type Statement = {
  readonly Effect: string;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Principal?: { readonly [kind: string]: readonly string[] };
};

export type RoleDocument = { readonly Version: string; readonly Statement: readonly Statement[] };

export const roleDocumentText = (name: string): string =>
  readFileSync(new URL(`../../functions/roles/${name}`, import.meta.url), "utf8");

/** A role's document with what a deployer fills in. */
export const roleDocument = (name: string, accountId: string): RoleDocument =>
  JSON.parse(
    roleDocumentText(name)
      .replaceAll("<account-id>", accountId)
      .replaceAll("<region>", "cn-hangzhou")
      .replaceAll("<tablestore-instance>", "warden")
      .replaceAll("<log-project>", "audit"),
  ) as RoleDocument;

export const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === "string" ? [value] : value;

/** The three roles with their policies, as the sandbox's snapshot wants them. */
export const wardenRoles = (accountId: string) => {
  const names = ["looking", "acting", "approving"] as const;
  return {
    roles: names.map((name) => ({
      roleName: `ram-warden-${name}`,
      assumeRolePolicyDocument: JSON.stringify(roleDocument(`${name}.trust.json`, accountId)),
    })),
    policies: names.map((name) => ({
      policyName: `ram-warden-${name}`,
      policyType: "Custom" as const,
      versions: [{ versionId: "v1", policyDocument: JSON.stringify(roleDocument(`${name}.json`, accountId)) }],
    })),
    attachments: names.map((name) => ({
      policyType: "Custom" as const,
      policyName: `ram-warden-${name}`,
      principalType: "role" as const,
      principalName: `ram-warden-${name}`,
    })),
  };
};
