import { need, ownOrPrincipal, userArn } from "../access/needs.ts";
import type { User } from "../account.ts";
import { invalid, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { oneOf, type Params, required } from "../params.ts";
import { userOfPrincipal } from "./users.ts";

const operation = (
  action: string,
  access: Operation["access"],
  run: (work: Work, user: User) => JsonObject,
): Operation => ({
  access,
  needs: (asked: Asked) => [need(`ram:${action}`, userArn(asked, ownOrPrincipal(asked)))],
  run: (work) => run(work, userOfPrincipal(work.account, required(work.params, "UserPrincipalName"))),
  touches: ({ params }) => ({ "ACS::RAM::User": [params.UserPrincipalName ?? ""] }),
});

/** Which factor a call is about, and the number or address that it gives. */
const factorIn = (params: Params) => {
  const type = oneOf(params, "VerifyType", ["sms", "email"] as const);
  const [parameter, form] =
    type === "sms" ? (["MobilePhone", /^\d{1,4}-\d{4,15}$/] as const) : (["Email", /^[^@\s]+@[^@\s]+$/] as const);
  const value = required(params, parameter);
  if (!form.test(value)) throw invalid(parameter, "Format", `The parameter ${parameter} is malformed.`);
  return { field: type === "sms" ? "securityPhone" : "securityEmail", parameter, value } as const;
};

const without = (user: User, field: "securityPhone" | "securityEmail" | "personalDingTalk"): User => {
  const { [field]: _gone, ...rest } = user;
  return rest as User;
};

/** Second factors by message. What is bound stays `pending`: the person who would confirm it is not modelled. */
export const verificationOperations: Operations = {
  SetVerificationInfo: operation("SetVerificationInfo", "Write", ({ account, params }, user) => {
    const { field, value } = factorIn(params);
    account.users.set(user.userName, { ...user, [field]: { value, status: "pending" } });
    return {};
  }),
  /** The value must be the one that is bound. */
  UnbindVerification: operation("UnbindVerification", "Write", ({ account, params }, user) => {
    const { field, parameter, value } = factorIn(params);
    if (user[field]?.value !== value) throw notExist(`User.${parameter}`, user.userName);
    account.users.set(user.userName, without(user, field));
    return {};
  }),
  GetVerificationInfo: operation("GetVerificationInfo", "Read", (_work, { securityPhone, securityEmail }) => {
    const [AreaCode = "", PhoneNumber = ""] = securityPhone?.value.split("-") ?? [];
    return {
      ...(securityPhone === undefined
        ? {}
        : { SecurityPhoneDevice: { AreaCode, PhoneNumber, Status: securityPhone.status } }),
      ...(securityEmail === undefined
        ? {}
        : { SecurityEmailDevice: { Email: securityEmail.value, Status: securityEmail.status } }),
    };
  }),
  /** Named by audit lists only. Nobody binds a DingTalk account by a call, so they come from snapshots. */
  UnbindUserPersonalDingTalk: operation("UnbindUserPersonalDingTalk", "Write", ({ account }, user) => {
    if (user.personalDingTalk === undefined) throw notExist("User.PersonalDingTalk", user.userName);
    account.users.set(user.userName, without(user, "personalDingTalk"));
    return {};
  }),
};
