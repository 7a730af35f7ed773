import type { Change } from "../../domain/change.ts";
import type { Bilingual, Verdict } from "../../domain/finding.ts";
import type { Gone } from "../../domain/subject.ts";
import type { Policy } from "../../domain/subjects/permissions.ts";
import type { Attached } from "../../policy/comparison.ts";
import { attachedBy, madeBy, makerOf } from "./actors.ts";
import type { Facts, HeldDocument } from "./rule.ts";

/** The kinds of subject whose change gives permissions to somebody, or takes them. */
export type PermissionKind = "grant" | "membership" | "policy";

/** What holds for somebody before and after a change of permissions, as far as the change goes. */
export type PermissionChange = {
  readonly before: readonly HeldDocument[];
  readonly after: readonly HeldDocument[];
  /** What whoever gains or loses has besides; undefined where that is not known, or there is nobody in particular. */
  readonly beside?: readonly HeldDocument[] | undefined;
  /** Who did what, or how things stand where nobody is known to have made them so: the beginning of a sentence. */
  readonly deed: Bilingual;
  readonly facts: { readonly [name: string]: string };
};

/** Nothing changed for anybody, or nobody can tell what, or this. */
export type PermissionsRead =
  | { readonly kind: "same" }
  | { readonly kind: "unknown"; readonly because: Bilingual }
  | { readonly kind: "changed"; readonly change: PermissionChange };

const same: PermissionsRead = { kind: "same" };

const kinds = { user: "用户", group: "用户组", role: "角色" } as const;

/** What a change of permissions comes to, as documents. */
export const permissionsRead = (change: Change<PermissionKind>, facts: Facts): PermissionsRead => {
  switch (change.kind) {
    case "grant":
      return ofGrant(change, facts);
    case "membership":
      return ofMembership(change, facts);
    case "policy":
      return ofPolicy(change, facts);
  }
};

const unknown = (en: string, zh: string): PermissionsRead => ({
  kind: "unknown",
  because: { en, "zh-CN": zh },
});

/** What a link carries comes and goes with it; undefined where it stands as it did, or nobody knows how that was. */
const linked = (
  { before, after }: Change<"grant" | "membership">,
  carried: readonly HeldDocument[],
): Pick<PermissionChange, "before" | "after"> | "same" | "unknown" => {
  if (!before.known) return after.kind === "gone" ? "unknown" : { before: [], after: carried };
  if ((before.state.kind === "gone") === (after.kind === "gone")) return "same";
  return after.kind === "gone" ? { before: carried, after: [] } : { before: [], after: carried };
};

const notProven = unknown(
  "nothing proves that it was there before, so what was lost is not known",
  "没有证据表明其之前存在，因此不知道失去了什么",
);

const ofGrant = (change: Change<"grant">, facts: Facts): PermissionsRead => {
  const { principal, policy, scope } = change.subject;
  const sides = linked(change, [{ policy, scope, text: facts.policyDocument }]);
  if (sides === "same") return same;
  if (sides === "unknown") return notProven;
  const maker = makerOf(change.actor);
  const where = scope === "account" ? "" : ` in resource group \`${scope.resourceGroupId}\``;
  const zhWhere = scope === "account" ? "" : `（资源组 \`${scope.resourceGroupId}\`）`;
  const [whom, zhWhom] = [`${principal.kind} \`${principal.name}\``, `${kinds[principal.kind]} \`${principal.name}\``];
  const deed: Bilingual =
    change.after.kind === "gone"
      ? {
          en: `\`${maker}\` took \`${policy.name}\` from ${whom}${where}`,
          "zh-CN": `\`${maker}\` 移除了${zhWhom} 的 \`${policy.name}\`${zhWhere}`,
        }
      : attachedBy(change.actor, policy.name, principal, { en: where, "zh-CN": zhWhere });
  return {
    kind: "changed",
    change: {
      ...sides,
      beside: facts.beside,
      deed,
      facts: {
        policy: policy.name,
        policyType: policy.type,
        principal: principal.name,
        principalKind: principal.kind,
        ...madeBy(change.actor),
        ...(scope === "account" ? {} : { resourceGroup: scope.resourceGroupId }),
      },
    },
  };
};

const ofMembership = (change: Change<"membership">, { carried, beside }: Facts): PermissionsRead => {
  const { userName, groupName } = change.subject;
  const sides = linked(change, carried ?? []);
  if (sides === "same") return same;
  if (sides === "unknown") return notProven;
  if (carried === undefined)
    return unknown(
      `what group \`${groupName}\` carries could not be read, so what that gives or takes is not known`,
      `无法读取用户组 \`${groupName}\` 的策略，因此不知道其授予或移除了什么`,
    );
  const maker = makerOf(change.actor);
  const deed: Bilingual =
    change.after.kind === "gone"
      ? {
          en: `\`${maker}\` took user \`${userName}\` out of group \`${groupName}\``,
          "zh-CN": `\`${maker}\` 将用户 \`${userName}\` 移出用户组 \`${groupName}\``,
        }
      : change.actor === undefined
        ? {
            en: `user \`${userName}\` is in group \`${groupName}\``,
            "zh-CN": `用户 \`${userName}\` 属于用户组 \`${groupName}\``,
          }
        : {
            en: `\`${maker}\` added user \`${userName}\` to group \`${groupName}\``,
            "zh-CN": `\`${maker}\` 将用户 \`${userName}\` 加入用户组 \`${groupName}\``,
          };
  return {
    kind: "changed",
    change: { ...sides, beside, deed, facts: { user: userName, group: groupName, ...madeBy(change.actor) } },
  };
};

/** The document that a policy's holders have: that of its default version. */
const inForce = (state: Policy | Gone, policyName: string): readonly HeldDocument[] | undefined => {
  if (state.kind === "gone") return [];
  const version = state.versions.find(({ versionId }) => versionId === state.defaultVersion);
  return version === undefined
    ? undefined
    : [{ policy: { type: "Custom", name: policyName }, scope: "account", text: version.document }];
};

/** Whether the call that led here can have changed which document is in force. */
export const mayChangeDefault = ({ subject, after }: Change<"policy">): boolean => {
  if (subject.did === "described" || subject.did === "version-deleted") return false;
  if (subject.did !== "version-made" || subject.asDefault === true || after.kind === "gone") return true;
  return subject.versionId === undefined || subject.versionId === after.defaultVersion;
};

const ofPolicy = (change: Change<"policy">, { holders }: Facts): PermissionsRead => {
  const { subject, before, after, actor } = change;
  const { policyName } = subject;
  if (!mayChangeDefault(change)) return same;
  if (!before.known)
    return unknown(
      `what policy \`${policyName}\` allowed before is not known (${before.because}), so what is new is not either`,
      `不知道策略 \`${policyName}\` 之前允许什么，因此也不知道新增了什么`,
    );
  const [was, is] = [inForce(before.state, policyName), inForce(after, policyName)];
  if (was === undefined || is === undefined)
    return unknown(
      `policy \`${policyName}\` has no version that is its default`,
      `策略 \`${policyName}\` 没有默认版本`,
    );
  if (was[0]?.text === is[0]?.text) return same;
  const maker = makerOf(actor);
  const [verb, zhVerb, zhWhat] =
    after.kind === "gone"
      ? ["deleted", "删除了", ""]
      : before.state.kind === "gone"
        ? ["made", "创建了", ""]
        : ["changed what is in force of", "更改了", " 的生效内容"];
  const held = holders?.map(({ kind, name }) => `${kind}/${name}`).join(", ") ?? "";
  return {
    kind: "changed",
    change: {
      before: was,
      after: is,
      deed:
        actor === undefined && after.kind !== "gone" && before.state.kind === "gone"
          ? { en: `there is a custom policy \`${policyName}\``, "zh-CN": `存在自定义策略 \`${policyName}\`` }
          : {
              en: `\`${maker}\` ${verb} custom policy \`${policyName}\``,
              "zh-CN": `\`${maker}\` ${zhVerb}自定义策略 \`${policyName}\`${zhWhat}`,
            },
      facts: { policy: policyName, policyType: "Custom", ...madeBy(actor), ...(held === "" ? {} : { holders: held }) },
    },
  };
};

/** Documents in the form that the comparer takes, each where it holds; those without a text are left out. */
export const attachedOf = (held: readonly HeldDocument[]): readonly Attached[] =>
  held.flatMap(({ text, scope }) => (text === undefined ? [] : [{ document: text, scope }]));

export const textsOf = (held: readonly HeldDocument[]): readonly string[] =>
  held.flatMap(({ text }) => (text === undefined ? [] : [text]));

/** Why nothing is decided where the text of a policy that counts was not read. */
export const unreadText = (held: readonly HeldDocument[]): Verdict | undefined => {
  const unread = held.find(({ text }) => text === undefined);
  return unread === undefined
    ? undefined
    : {
        kind: "undetermined",
        because: {
          en: `the text of policy \`${unread.policy.name}\` could not be read, so what it allows is not known`,
          "zh-CN": `无法读取策略 \`${unread.policy.name}\` 的内容，因此不知道它允许什么`,
        },
      };
};
