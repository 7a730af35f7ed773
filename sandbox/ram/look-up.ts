import {
  type Account,
  type Group,
  type MfaDevice,
  type Policy,
  type PolicyType,
  policyKey,
  type Role,
  roleKey,
  type User,
} from "../account.ts";
import { notExist } from "../api-error.ts";

export const userOf = (account: Account, name: string): User => {
  const user = account.users.get(name);
  if (user === undefined) throw notExist("User", name);
  return user;
};

export const groupOf = (account: Account, name: string): Group => {
  const group = account.groups.get(name);
  if (group === undefined) throw notExist("Group", name);
  return group;
};

export const roleOf = (account: Account, name: string): Role => {
  const role = account.roles.get(roleKey(name));
  if (role === undefined) throw notExist("Role", name);
  return role;
};

export const policyOf = (account: Account, type: PolicyType, name: string): Policy => {
  const policy = account.policies.get(policyKey(type, name));
  if (policy === undefined) throw notExist("Policy", name);
  return policy;
};

/** The MFA device that a user has bound. */
export const deviceOf = (account: Account, userName: string): MfaDevice | undefined =>
  [...account.mfaDevices.values()].find((device) => device.userName === userName);
