/** Account ids are strings of digits; they exceed 2^53, so they are never numbers. */
export type AccountId = string;

/** A RAM user, group or role by its short name, whatever spelling an event or an API used for it. */
export type Principal = {
  readonly kind: "user" | "group" | "role";
  /** The short name: `alice`, never `alice@corp.onaliyun.com`. Role names keep their case; compare with `samePrincipal`. */
  readonly name: string;
};

/** The owner of an AccessKey: a RAM user, or the account itself. Some events name a user by the id alone. */
export type KeyOwner =
  | { readonly kind: "user"; readonly name: string }
  | { readonly kind: "user-id"; readonly id: string }
  | { readonly kind: "root" };

/** Who made a call, as ActionTrail tells it. */
export type Actor =
  | { readonly kind: "root"; readonly accountId: AccountId; readonly accessKeyId?: string; readonly sourceIp?: string }
  | {
      readonly kind: "user";
      readonly accountId: AccountId;
      readonly name: string;
      readonly principalId?: string;
      readonly accessKeyId?: string;
      readonly sourceIp?: string;
    }
  | {
      readonly kind: "role";
      readonly accountId: AccountId;
      /** The role's name as the event spells it (often in lower case). */
      readonly name: string;
      readonly sessionName: string;
      /** Present where only a parameter of the request names the role: a caller may have set it, so nobody is trusted by it. */
      readonly namedBy?: "request";
      readonly principalId?: string;
      readonly accessKeyId?: string;
      readonly sourceIp?: string;
    }
  | { readonly kind: "service"; readonly name: string; readonly sourceIp?: string }
  /** A type of identity that this version does not know; `type` and `name` are as received. */
  | { readonly kind: "other"; readonly type: string; readonly name: string; readonly sourceIp?: string };

/** Role names compare without case: ActionTrail and ARNs spell them in lower case at times. */
export const samePrincipal = (a: Principal, b: Principal): boolean =>
  a.kind === b.kind && (a.kind === "role" ? a.name.toLowerCase() === b.name.toLowerCase() : a.name === b.name);

/** A stable text for one actor, without the session or the key: the party behind a change. */
export const actorKey = (actor: Actor): string => {
  switch (actor.kind) {
    case "root":
      return `${actor.accountId}:root`;
    case "user":
      return `${actor.accountId}:user/${actor.name}`;
    case "role":
      return `${actor.accountId}:role/${actor.name.toLowerCase()}`;
    case "service":
      return `service/${actor.name}`;
    case "other":
      return `${actor.type}/${actor.name}`;
  }
};

/** How a person reads an actor: `user alice`, `role ops (session deploy)`, `the account owner (root)`. */
export const actorText = (actor: Actor, language: "en" | "zh-CN" = "en"): string => {
  if (language !== "en") return actorInChinese(actor);
  switch (actor.kind) {
    case "root":
      return "the account owner (root)";
    case "user":
      return `user ${actor.name}`;
    case "role":
      return `role ${actor.name} (session ${actor.sessionName})`;
    case "service":
      return `service ${actor.name}`;
    case "other":
      return `${actor.type} ${actor.name}`;
  }
};

const actorInChinese = (actor: Actor): string => {
  switch (actor.kind) {
    case "root":
      return "主账号（root）";
    case "user":
      return `用户 ${actor.name}`;
    case "role":
      return `角色 ${actor.name}（会话 ${actor.sessionName}）`;
    case "service":
      return `云服务 ${actor.name}`;
    case "other":
      return `${actor.type} ${actor.name}`;
  }
};
