import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { families, operationsPage } from "../../scripts/operations-page.ts";
import type { OperationEntry } from "../../shared/operations/entry.ts";
import { understoodOperations } from "../../shared/operations/understood.ts";

type Reference = {
  readonly id: string;
  readonly revertable: OperationEntry["remedy"]["level"];
  readonly inverse: readonly string[];
};

const reference: readonly Reference[] = JSON.parse(
  readFileSync(new URL("../fixtures/operations/write-operations.json", import.meta.url), "utf8"),
).operations;

const known: { readonly [id: string]: OperationEntry } = understoodOperations;
const ours = (id: string): string => id.replace(":", ".");
const entryFor = (id: string): OperationEntry => {
  const entry = known[ours(id)];
  if (entry === undefined) throw new Error(`no entry for ${id}`);
  return entry;
};

const belongsToService =
  "a service-linked role belongs to its service: it is told and never written, whatever a call could do";
const mintsSecret = "making a logon again would mint a password that nobody can hand over safely";
const contained = "what cannot be put back is contained: the logon is set Inactive, which only Ims can do";
const wholeUser = "a user that has keys or a logon in use by now is contained before it is deleted";
const neverDeleted = "a credential is set Inactive and never deleted, so that it can be taken back";
const oneForKeys = "Ram's call takes the short name, which has one spelling, and serves a key of either service";
const sameRoute = "what came through ResourceManager is put back through it; the reference writes it through Ram";
const furtherVersions = "RAM deletes no policy that has further versions, so those go first";
const rotated = "a version that the call's rotation dropped is made again as well";

/** Each operation where we differ from the reference, and why. */
const differences: { readonly [id: string]: { readonly level?: string; readonly calls?: string } } = {
  "Ram:CreateServiceLinkedRole": { level: belongsToService, calls: belongsToService },
  "Ram:DeleteServiceLinkedRole": { level: belongsToService, calls: belongsToService },
  "ResourceManager:CreateServiceLinkedRole": { level: belongsToService, calls: belongsToService },
  "ResourceManager:DeleteServiceLinkedRole": { level: belongsToService, calls: belongsToService },
  "Ram:DeleteLoginProfile": { level: mintsSecret, calls: mintsSecret },
  "Ims:DeleteLoginProfile": { level: mintsSecret, calls: mintsSecret },
  "Ims:AddUserToUserGroup": {
    level: "it has no contract, but the group's members can be read, and a person can take the user out of it",
    calls: "it has no contract, but the group's members can be read, and a person can take the user out of it",
  },
  "Ims:BatchCreateUser": {
    level: "it has no contract, but names the users that it makes, and each is a user like any other",
    calls: wholeUser,
  },
  "Ram:CreateUser": { calls: wholeUser },
  "Ims:CreateUser": { calls: wholeUser },
  "Ims:RestoreUserFromRecycleBin": { calls: wholeUser },
  "Ram:ChangePassword": { calls: contained },
  "Ims:ChangePassword": { calls: contained },
  "Ram:UnbindMFADevice": { calls: contained },
  "Ims:UnbindMFADevice": { calls: contained },
  "Ims:DisableVirtualMFA": { calls: contained },
  "Ram:UpdateLoginProfile": { calls: contained },
  "Ram:CreateAccessKey": { calls: neverDeleted },
  "Ims:CreateAccessKey": { calls: `${neverDeleted}; ${oneForKeys}` },
  "Ims:RestoreAccessKeyFromRecycleBin": { calls: `${neverDeleted}; ${oneForKeys}` },
  "Ims:CreateServiceCredential": { calls: neverDeleted },
  "Ims:UpdateAccessKey": { calls: oneForKeys },
  "Ims:SetVerificationInfo": { calls: "the former value is proposed again, for the person to confirm" },
  "Ims:UpdateOIDCProvider": { calls: "client ids that changed are put back one by one, which touches no other" },
  "Ram:CreatePolicy": { calls: furtherVersions },
  "ResourceManager:CreatePolicy": { calls: `${furtherVersions}; ${sameRoute}` },
  "Ram:CreatePolicyVersion": { calls: rotated },
  "ResourceManager:CreatePolicyVersion": { calls: `${rotated}; ${sameRoute}` },
  "ResourceManager:CreateRole": { calls: sameRoute },
  "ResourceManager:DeletePolicy": { calls: sameRoute },
  "ResourceManager:DeletePolicyVersion": { calls: sameRoute },
  "ResourceManager:DeleteRole": { calls: sameRoute },
  "ResourceManager:SetDefaultPolicyVersion": { calls: sameRoute },
  "ResourceManager:UpdateRole": { calls: sameRoute },
};

const sorted = (texts: readonly string[]): readonly string[] => [...texts].sort();

describe("what is understood against the reference's list", () => {
  test("is the same operations", () => {
    expect(Object.keys(understoodOperations).sort()).toEqual(reference.map(({ id }) => ours(id)).sort());
  });

  test("is put back as far, or the difference has its reason", () => {
    const differ = reference.filter(({ id, revertable }) => entryFor(id).remedy.level !== revertable);
    const told = Object.keys(differences).filter((id) => differences[id]?.level !== undefined);
    expect(sorted(differ.map(({ id }) => id))).toEqual(sorted(told));
  });

  test("is put back by the same calls, or the difference has its reason", () => {
    const differ = reference.filter(
      ({ id, inverse }) => sorted(inverse.map(ours)).join() !== sorted(entryFor(id).remedy.calls).join(),
    );
    const told = Object.keys(differences).filter((id) => differences[id]?.calls !== undefined);
    expect(sorted(differ.map(({ id }) => id))).toEqual(sorted(told));
  });
});

describe("the page of operations", () => {
  const rows = operationsPage()
    .split("\n")
    .filter((line) => line.startsWith("| `"));

  test("has each operation of the reference once", () => {
    const named = rows.map((line) => line.split("`")[1] ?? "");
    expect(sorted(named)).toEqual(sorted(reference.map(({ id }) => ours(id))));
    expect(families.flatMap(({ entries }) => Object.keys(entries))).toEqual(named);
  });

  test("tells of each its subject, effect, level, reason and calls", () => {
    for (const line of rows) {
      const entry = entryFor(line.split("`")[1] ?? "");
      expect(line.split(" | ")).toHaveLength(6);
      expect(line).toContain(` | ${entry.subject} | ${entry.effect} | `);
      expect(line).toContain(`**${entry.remedy.level}**: ${entry.remedy.why}`);
      for (const call of entry.remedy.calls) expect(line).toContain(`\`${call}\``);
      for (const value of entry.lost) expect(line).toContain(value);
    }
  });
});
