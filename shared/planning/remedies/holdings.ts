import type { Call } from "../../domain/plan.ts";
import type { GrantRef } from "../../domain/subject.ts";
import type { RefBase } from "../../domain/subjects/common.ts";
import type { HeldPolicy, Holdings, RecycledUser, User } from "../../domain/subjects/identities.ts";
import {
  deleteKey,
  deleteLogin,
  fullName,
  removeFromGroup,
  setLoginStatus,
  unbindMfa,
} from "../../operations/identity-calls.ts";
import { detach, setKeyStatus } from "../../operations/remedies.ts";
import type { Step } from "../steps.ts";

/** What may hold keys, a logon, groups and grants. */
type Holder = User | RecycledUser;

type At = Pick<RefBase<string>, "accountId" | "route"> & { readonly principalName?: string };

const bare: Holdings = { accessKeys: [], login: null, mfaSerial: null, groups: [], grants: [] };

/** What a holder holds; nothing where nobody has looked. */
export const heldBy = ({ holdings }: Holder): Holdings => holdings ?? bare;

/** Whether a holder has anything that goes with it when it is deleted. */
export const holdsNothing = (holder: Holder): boolean => {
  const { accessKeys, login, mfaSerial, groups, grants } = heldBy(holder);
  return accessKeys.length === 0 && login === null && mfaSerial === null && groups.length === 0 && grants.length === 0;
};

/** Steps that each change what is held, one after the other. */
const walk = <State extends Holder>(start: State) => {
  const steps: Step<State>[] = [];
  let state = start;
  const step = (call: Call, change: (holdings: Holdings) => Partial<Holdings>): void => {
    const held = heldBy(state);
    state = { ...state, holdings: { ...held, ...change(held) } };
    steps.push({ call, to: state });
  };
  return { step, done: (): readonly Step<State>[] => steps };
};

type KeyStatus = Holdings["accessKeys"][number]["status"];

const withKey =
  (accessKeyId: string, status: KeyStatus) =>
  ({ accessKeys }: Holdings): Partial<Holdings> => ({
    accessKeys: accessKeys.map((key) => (key.accessKeyId === accessKeyId ? { ...key, status } : key)),
  });

/** Sets the given keys, and the logon where there is one in the other state. */
const switched = <State extends Holder>(
  holder: State,
  at: At,
  keys: readonly string[],
  isLogonToo: boolean,
  status: KeyStatus,
): readonly Step<State>[] => {
  const { step, done } = walk(holder);
  for (const key of keys) step(setKeyStatus(holder.userName, key, status), withKey(key, status));
  const { login } = heldBy(holder);
  if (isLogonToo && login !== null)
    step(setLoginStatus(holder.userName, login, status, at), () => ({ login: { ...login, status } }));
  return done();
};

/**
 * Stops what a user can be used by, the strongest first: each key in use, then the logon. And back again. Empty where
 * nothing is in use.
 */
export const stopping = <State extends Holder>(holder: State, at: At) => {
  const { accessKeys, login } = heldBy(holder);
  const keys = accessKeys.filter(({ status }) => status === "Active").map(({ accessKeyId }) => accessKeyId);
  const isLogonToo = login?.status === "Active";
  const steps = switched(holder, at, keys, isLogonToo, "Inactive");
  const stopped = (steps.at(-1)?.to ?? holder) as State;
  return { steps, back: switched(stopped, at, keys, isLogonToo, "Active") };
};

/** How a grant is taken away that its holder shows: RAM's own call knows the whole account, ResourceManager's any scope. */
export const detachHeld = ({ policy, scope }: HeldPolicy, principal: GrantRef["principal"], at: At): Call =>
  detach({
    kind: "grant",
    accountId: at.accountId,
    principal,
    policy,
    scope,
    route: scope === "account" && at.route !== "ResourceManager" ? "Ram" : "ResourceManager",
    ...(principal.kind === "user" ? { principalName: fullName(principal.name, at) } : {}),
  });

/**
 * Takes off a user all that keeps it from being deleted, in the order that RAM demands (`ram-api.md` §9.35): keys out of
 * use and deleted, grants of both kinds, groups, logon, second factor. Keys stay where the recycle bin takes them along.
 */
export const emptying = <State extends Holder>(
  holder: State,
  at: At,
  options: { readonly keys: "deleted" | "kept" },
): readonly Step<State>[] => {
  const { step, done } = walk(holder);
  const name = holder.userName;
  const { accessKeys, login, mfaSerial, groups, grants } = heldBy(holder);
  const service = at.route === "Ims" ? "Ims" : "Ram";
  for (const { accessKeyId: id, status } of accessKeys) {
    if (status === "Active") step(setKeyStatus(name, id, "Inactive"), withKey(id, "Inactive"));
    if (options.keys === "deleted")
      step(deleteKey(name, id), (held) => ({ accessKeys: held.accessKeys.filter((key) => key.accessKeyId !== id) }));
  }
  for (const grant of grants)
    step(detachHeld(grant, { kind: "user", name }, at), (held) => ({
      grants: held.grants.filter((other) => other !== grant),
    }));
  for (const group of groups)
    step(removeFromGroup(service, name, group, at), (held) => ({
      groups: held.groups.filter((other) => other !== group),
    }));
  if (login !== null) step(deleteLogin(name), () => ({ login: null }));
  if (mfaSerial !== null) step(unbindMfa(name), () => ({ mfaSerial: null }));
  return done();
};
