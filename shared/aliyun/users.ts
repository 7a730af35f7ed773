import type { CloudError } from "../domain/cloud-error.ts";
import { failed, ok, type Result } from "../domain/result.ts";
import type { Gone } from "../domain/subject.ts";
import { objectAt, textAt } from "./answers.ts";
import { unexpectedAnswer } from "./failure.ts";
import { goneWhenMissing } from "./missing.ts";
import type { Parameters, Transport } from "./transport.ts";

type UserFound = { readonly userId: string; readonly userName: string };

const userBy = async (send: Transport, parameters: Parameters): Promise<Result<UserFound | Gone, CloudError>> => {
  const result = await send({ service: "Ims", operation: "GetUser", parameters, effect: "read" });
  if (!result.ok) return goneWhenMissing(result.error);
  const user = objectAt(result.value.body, "User") ?? {};
  const userId = textAt(user, "UserId");
  const userName = textAt(user, "UserPrincipalName")?.split("@")[0];
  return userId === undefined || userName === undefined || userName === ""
    ? failed(unexpectedAnswer("Ims.GetUser", "read", result.value.requestId))
    : ok({ userId, userName });
};

/** The name of the user that has an id. */
export const userNameById = async (send: Transport, userId: string): Promise<Result<string | Gone, CloudError>> => {
  const found = await userBy(send, { UserId: userId });
  if (!found.ok) return found;
  return ok("userName" in found.value ? found.value.userName : found.value);
};

/** The id of the user that logs on under a name. */
export const userIdByLogon = async (send: Transport, logonName: string): Promise<Result<string | Gone, CloudError>> => {
  const found = await userBy(send, { UserPrincipalName: logonName });
  if (!found.ok) return found;
  return ok("userId" in found.value ? found.value.userId : found.value);
};
