import * as z from "zod";
import type { Change } from "../../shared/domain/change.ts";
import type { AccountId, Actor, Principal } from "../../shared/domain/identity.ts";
import type { Gone, PolicyName, Subject, SubjectRef } from "../../shared/domain/subject.ts";
import { gone } from "../../shared/domain/subject.ts";
import type { Facts, HeldDocument } from "../../shared/rules/kit/rule.ts";

// A change as a person writes it down: a subject before and after, in few words. What RAM adds by itself is filled in.

const name = z.string().regex(/^[^/*?]{1,128}$/, "a name, without `/` and wildcards");

/** A document as a map, or as the text that RAM returns. */
const document = z
  .union([z.record(z.string(), z.unknown()), z.string()], "a document is a map, or its text")
  .transform((given) => (typeof given === "string" ? given : JSON.stringify(given)));

const before = <Shape extends z.ZodType>(state: Shape) =>
  z.union([z.literal("gone"), z.literal("unknown"), state], "`gone`, `unknown`, or how it stood");
const after = <Shape extends z.ZodType>(state: Shape) =>
  z.union([z.literal("gone"), state], "`gone`, or how it stands");

const by = z
  .string()
  .regex(
    /^(root|(\d{1,20}:)?(user|role)\/[A-Za-z0-9._-]{1,64})$/,
    "`user/NAME`, `role/NAME`, `root`, or `ACCOUNT:role/NAME`",
  )
  .optional()
  .describe("who made it; nobody that is known unless given");

const trust = z.strictObject({
  document,
  description: z.string().default(""),
  maxSessionSeconds: z.number().int().min(900).max(43_200).default(3_600),
});
const version = z.strictObject({ document, description: z.string().default("") });
const status = z.enum(["Active", "Inactive"]);
const login = z.strictObject({
  status: status.default("Active"),
  mfaRequired: z.boolean().default(false),
  passwordReset: z.boolean().default(false),
});
const present = z.literal("present");
const principal = z
  .string()
  .regex(/^(user|group|role)\/[A-Za-z0-9._-]{1,64}$/, "`user/NAME`, `group/NAME` or `role/NAME`");

const policyOf = z.string().regex(/^(System|Custom)\/[A-Za-z0-9-]{1,128}$/, "`System/NAME` or `Custom/NAME`");

/** A policy that somebody holds, with its text where a rule asks for it. */
const held = z.array(
  z.strictObject({ policy: policyOf, resourceGroup: z.string().min(1).optional(), document: document.optional() }),
);

export const changeSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("role-trust"),
    role: name,
    holds: held.default([]).describe("the policies of the role; none unless given"),
    by,
    before: before(trust),
    after: after(trust),
  }),
  z.strictObject({
    kind: z.literal("grant"),
    to: principal,
    policy: policyOf,
    resourceGroup: z.string().min(1).optional(),
    document: document.optional().describe("the text of the policy, where its name alone does not decide"),
    holds: held.default([]).describe("what whoever gets it holds besides; nothing unless given"),
    trust: document.optional().describe("of a grant to a role: the role's trust policy"),
    by,
    before: before(present),
    after: after(present),
  }),
  z.strictObject({
    kind: z.literal("policy"),
    policy: name,
    holders: z.array(principal).default([]).describe("whom it is attached to; nobody unless given"),
    holds: held.default([]).describe("what they hold besides; nothing unless given"),
    by,
    before: before(version),
    after: after(version),
  }),
  z.strictObject({
    kind: z.literal("access-key"),
    key: z.string().min(1).max(128),
    of: z.string().regex(/^(root|user\/[A-Za-z0-9._-]{1,64})$/, "`user/NAME` or `root`"),
    by,
    before: before(status),
    after: after(status),
  }),
  z.strictObject({
    kind: z.literal("login"),
    user: name,
    mfaForAll: z.boolean().optional().describe("whether the account asks every user for a second factor"),
    tags: z.record(z.string(), z.string()).optional().describe("the tags of the user; left out, they were not read"),
    by,
    before: before(login),
    after: after(login),
  }),
  z.strictObject({
    kind: z.literal("membership"),
    user: name,
    group: name,
    carries: held.default([]).describe("the policies of the group; none unless given"),
    holds: held.default([]).describe("what the user holds besides; nothing unless given"),
    by,
    before: before(present),
    after: after(present),
  }),
]);

export type WrittenChange = z.output<typeof changeSchema>;

const principalOf = (text: string): Principal => {
  const [kind, ...rest] = text.split("/");
  return { kind: kind as Principal["kind"], name: rest.join("/") };
};

const actorOf = (text: string | undefined, own: AccountId): Actor | undefined => {
  if (text === undefined) return undefined;
  if (text === "root") return { kind: "root", accountId: own };
  const colon = text.indexOf(":");
  const accountId = colon === -1 ? own : text.slice(0, colon);
  const { kind, name: who } = principalOf(text.slice(colon + 1));
  return kind === "role"
    ? { kind, accountId, name: who, sessionName: "written-in-a-test" }
    : { kind: "user", accountId, name: who };
};

/** The subject of a written change, and how it reads a state of it. */
const subjectOf = (
  written: WrittenChange,
  accountId: AccountId,
): { readonly ref: SubjectRef; readonly state: (given: never) => Subject } => {
  switch (written.kind) {
    case "role-trust": {
      const { role: roleName } = written;
      return {
        ref: { kind: "role-trust", accountId, route: "Ram", roleName },
        state: (given: z.output<typeof trust>) => ({
          kind: "role-trust",
          roleName,
          roleId: "300000000000000001",
          ...given,
          serviceLinked: false,
          rest: {},
        }),
      };
    }
    case "grant": {
      const { resourceGroup } = written;
      const parts = {
        principal: principalOf(written.to),
        policy: policyNameOf(written.policy),
        scope: resourceGroup === undefined ? ("account" as const) : { resourceGroupId: resourceGroup },
      };
      const route = resourceGroup === undefined ? "Ram" : "ResourceManager";
      return { ref: { kind: "grant", accountId, route, ...parts }, state: () => ({ kind: "grant", ...parts }) };
    }
    case "policy": {
      const { policy: policyName } = written;
      return {
        ref: { kind: "policy", accountId, route: "Ram", policyName },
        state: (given: z.output<typeof version>) => ({
          kind: "policy",
          policyName,
          description: given.description,
          createdAt: "2026-01-01T00:00:00Z",
          defaultVersion: "v1",
          versions: [{ versionId: "v1", document: given.document }],
        }),
      };
    }
    case "access-key": {
      const { key: accessKeyId } = written;
      const owner =
        written.of === "root"
          ? ({ kind: "root" } as const)
          : ({ kind: "user", name: principalOf(written.of).name } as const);
      return {
        ref: { kind: "access-key", accountId, owner, accessKeyId, createdAt: 0 },
        state: (given: "Active" | "Inactive") => ({ kind: "access-key", owner, accessKeyId, status: given }),
      };
    }
    case "login": {
      const { user: userName } = written;
      return {
        ref: { kind: "login", accountId, route: "Ims", userName },
        state: (given: z.output<typeof login>) => ({
          kind: "login",
          status: given.status,
          mfaBindRequired: given.mfaRequired,
          passwordResetRequired: given.passwordReset,
        }),
      };
    }
    case "membership": {
      const { user: userName, group: groupName } = written;
      return {
        ref: { kind: "membership", accountId, route: "Ram", userName, groupName },
        state: () => ({ kind: "membership", userName, groupName }),
      };
    }
  }
};

/** What a rule may know besides the change, as a test says it. */
export type WrittenFacts = Omit<Facts, "settings">;

const heldOf = (list: z.output<typeof held>): readonly HeldDocument[] =>
  list.map(({ policy, resourceGroup, document: text }) => ({
    policy: policyNameOf(policy),
    scope: resourceGroup === undefined ? "account" : { resourceGroupId: resourceGroup },
    text,
  }));

const policyNameOf = (text: string): PolicyName => {
  const [type, ...rest] = text.split("/") as ["System" | "Custom", ...string[]];
  return { type, name: rest.join("/") };
};

const factsOf = (written: WrittenChange): WrittenFacts => {
  switch (written.kind) {
    case "role-trust":
      return { held: heldOf(written.holds) };
    case "grant":
      return { policyDocument: written.document, beside: heldOf(written.holds), roleTrust: written.trust };
    case "policy":
      return { holders: written.holders.map(principalOf), beside: heldOf(written.holds) };
    case "login":
      return { mfaForAll: written.mfaForAll, userTags: written.tags };
    case "membership":
      return { carried: heldOf(written.carries), beside: heldOf(written.holds) };
    case "access-key":
      return {};
  }
};

/** The change that a test writes down, in the account that the settings guard. */
export const changeOfWritten = (
  written: WrittenChange,
  accountId: AccountId,
): { readonly change: Change; readonly facts: WrittenFacts } => {
  const { ref, state } = subjectOf(written, accountId);
  const stateOf = (given: unknown): Subject | Gone => (given === "gone" ? gone : state(given as never));
  const known =
    written.before === "unknown"
      ? { known: false, because: "the test leaves it open" }
      : { known: true, state: stateOf(written.before), provenance: "baseline" };
  const change = {
    kind: ref.kind,
    subject: ref,
    before: known,
    after: stateOf(written.after),
    actor: actorOf(written.by, accountId),
  } as Change;
  return { change, facts: factsOf(written) };
};
