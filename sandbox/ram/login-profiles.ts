import { need, userArn } from "../access/needs.ts";
import type { LoginProfile, User } from "../account.ts";
import { alreadyExists, invalid, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operation, Operations, Work } from "../operation.ts";
import { flag, oneOf, required } from "../params.ts";
import { userOf } from "./look-up.ts";

const shortestPassword = 8;

/** Passwords are looked at and forgotten: nothing in the sandbox keeps one. */
const checkPassword = (password: string): void => {
  if (password.length < shortestPassword) {
    throw invalid("Password", "TooWeak", `The password is shorter than ${shortestPassword}.`);
  }
};

export const loginOf = (user: User): LoginProfile => {
  if (user.loginProfile === undefined) throw notExist("User.LoginProfile", user.userName);
  return user.loginProfile;
};

const put = ({ account }: Work, user: User, loginProfile: LoginProfile): LoginProfile => {
  account.users.set(user.userName, { ...user, loginProfile });
  return loginProfile;
};

/** What a call sets; what it leaves out keeps its value. */
const settings = (
  { params }: Asked,
  before: Pick<LoginProfile, "status" | "passwordResetRequired" | "mfaBindRequired">,
) => ({
  // Ram knows no Status; Ims switches console logon off with it.
  status: params.Status === undefined ? before.status : oneOf(params, "Status", ["Active", "Inactive"] as const),
  passwordResetRequired: flag(params, "PasswordResetRequired") ?? before.passwordResetRequired,
  mfaBindRequired: flag(params, "MFABindRequired") ?? before.mfaBindRequired,
});

export const createLogin = (work: Work, user: User, passwordRequired: boolean): LoginProfile => {
  if (user.loginProfile !== undefined) throw alreadyExists("User.LoginProfile", user.userName);
  if (passwordRequired || work.params.Password !== undefined) checkPassword(required(work.params, "Password"));
  const usual = { status: "Active" as const, passwordResetRequired: false, mfaBindRequired: false };
  return put(work, user, { ...settings(work, usual), createDate: work.now, updateDate: work.now });
};

export const updateLogin = (work: Work, user: User): LoginProfile => {
  const before = loginOf(user);
  if (work.params.Password !== undefined) checkPassword(work.params.Password);
  return put(work, user, { ...before, ...settings(work, before), updateDate: work.now });
};

export const deleteLogin = ({ account }: Work, user: User): JsonObject => {
  loginOf(user);
  const { loginProfile: _gone, ...rest } = user;
  account.users.set(user.userName, rest);
  return {};
};

/** The caller's own password: roles and the account's owner have none here. The old one is not kept, so any is right. */
const changePassword = (work: Work): JsonObject => {
  required(work.params, "OldPassword");
  checkPassword(required(work.params, "NewPassword"));
  if (work.caller.kind !== "user") throw notExist("User.LoginProfile", "caller");
  const user = userOf(work.account, work.caller.userName);
  put(work, user, { ...loginOf(user), updateDate: work.now });
  return {};
};

/** The same in Ram and Ims. */
export const changePasswordOperation: Operation = {
  access: "Write",
  needs: (asked) => [
    need("ram:ChangePassword", userArn(asked, asked.caller.kind === "user" ? asked.caller.userName : "*")),
  ],
  run: changePassword,
  touches: ({ caller }) => ({ "ACS::RAM::User": caller.kind === "user" ? [caller.userName] : [] }),
};

const shape = (user: User, login: LoginProfile): JsonObject => ({
  LoginProfile: {
    UserName: user.userName,
    CreateDate: login.createDate,
    PasswordResetRequired: login.passwordResetRequired,
    MFABindRequired: login.mfaBindRequired,
  },
});

const named = ({ account, params }: Asked): User => userOf(account, required(params, "UserName"));

const needs =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, userArn(asked, asked.params.UserName ?? ""))];

const touches = (asked: Asked) => ({ "ACS::RAM::User": [asked.params.UserName ?? ""] });

export const loginProfileOperations: Operations = {
  ChangePassword: changePasswordOperation,
  CreateLoginProfile: {
    access: "Write",
    needs: needs("CreateLoginProfile"),
    run: (work) => shape(named(work), createLogin(work, named(work), true)),
    touches,
  },
  GetLoginProfile: {
    access: "Read",
    needs: needs("GetLoginProfile"),
    run: (work) => shape(named(work), loginOf(named(work))),
    touches,
  },
  UpdateLoginProfile: {
    access: "Write",
    needs: needs("UpdateLoginProfile"),
    run: (work) => {
      updateLogin(work, named(work));
      return {};
    },
    touches,
  },
  DeleteLoginProfile: {
    access: "Write",
    needs: needs("DeleteLoginProfile"),
    run: (work) => deleteLogin(work, named(work)),
    touches,
  },
};
