import { need, userArn } from "../access/needs.ts";
import { type Account, type LoginProfile, type User, userPrincipalName } from "../account.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operations } from "../operation.ts";
import { required } from "../params.ts";
import { userNameOfPrincipal } from "../principal-names.ts";
import { changePasswordOperation, createLogin, deleteLogin, loginOf, updateLogin } from "../ram/login-profiles.ts";
import { userOfPrincipal } from "./users.ts";

const shape = (account: Account, user: User, login: LoginProfile): JsonObject => ({
  LoginProfile: {
    UserPrincipalName: userPrincipalName(account, user.userName),
    Status: login.status,
    PasswordResetRequired: login.passwordResetRequired,
    MFABindRequired: login.mfaBindRequired,
    AutoDisableLoginStatus: "NotPerform",
    LastLoginTime: user.lastLoginDate,
    UpdateDate: login.updateDate,
  },
});

const named = ({ account, params }: Asked): User => userOfPrincipal(account, required(params, "UserPrincipalName"));

const needs =
  (action: string) =>
  (asked: Asked): readonly Need[] => [
    need(`ram:${action}`, userArn(asked, userNameOfPrincipal(asked.params.UserPrincipalName ?? ""))),
  ];

const touches = (asked: Asked) => ({ "ACS::RAM::User": [asked.params.UserPrincipalName ?? ""] });

export const loginProfileOperations: Operations = {
  ChangePassword: changePasswordOperation,
  CreateLoginProfile: {
    access: "Write",
    needs: needs("CreateLoginProfile"),
    run: (work) => shape(work.account, named(work), createLogin(work, named(work), false)),
    touches,
  },
  GetLoginProfile: {
    access: "Read",
    needs: needs("GetLoginProfile"),
    run: (work) => shape(work.account, named(work), loginOf(named(work))),
    touches,
  },
  UpdateLoginProfile: {
    access: "Write",
    needs: needs("UpdateLoginProfile"),
    run: (work) => shape(work.account, named(work), updateLogin(work, named(work))),
    touches,
  },
  DeleteLoginProfile: {
    access: "Write",
    needs: needs("DeleteLoginProfile"),
    run: (work) => deleteLogin(work, named(work)),
    touches,
  },
};
