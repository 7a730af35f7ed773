import { need, ownOrPrincipal, userArn } from "../access/needs.ts";
import type { AccessKey } from "../account.ts";
import { ApiError, malformedDocument, notExist } from "../api-error.ts";
import type { Asked, Need, Operations } from "../operation.ts";
import { documentOf, required } from "../params.ts";
import { keysOf, putKeys } from "../ram/access-keys.ts";
import { ownerIn } from "./access-keys.ts";

const keyIn = (asked: Asked): AccessKey => {
  const id = required(asked.params, "UserAccessKeyId");
  const key = keysOf(ownerIn(asked)).find((each) => each.accessKeyId === id);
  if (key === undefined) throw notExist("User.AccessKey", id);
  return key;
};

const needs =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, userArn(asked, ownOrPrincipal(asked)))];

const touches = (asked: Asked) => ({ "ACS::RAM::AccessKey": [asked.params.UserAccessKeyId ?? ""] });

/** Network limits of single keys: kept and answered, but not enforced here. `{}` is refused (`ram-api.md` §5). */
export const accessKeyPolicyOperations: Operations = {
  SetAccessKeyPolicy: {
    access: "Write",
    needs: needs("SetAccessKeyPolicy"),
    run: (work) => {
      const policy = required(work.params, "AccessKeyPolicy");
      const document = documentOf(policy, malformedDocument);
      if (document.Version === undefined || document.Status === undefined) {
        throw new ApiError(400, "InvalidParameter.AccessKeyPolicy.Format", "Version and Status are required.");
      }
      const [owner, key] = [ownerIn(work), keyIn(work)];
      putKeys(
        work,
        owner,
        keysOf(owner).map((each) => (each === key ? { ...key, policy } : each)),
      );
      return { AccessKeyId: key.accessKeyId, AccessKeyPolicy: policy };
    },
    touches,
  },
  GetAccessKeyPolicy: {
    access: "Read",
    needs: needs("GetAccessKeyPolicy"),
    run: (asked) => {
      const key = keyIn(asked);
      if (key.policy === undefined) throw notExist("AccessKeyPolicy", key.accessKeyId);
      return { AccessKeyId: key.accessKeyId, AccessKeyPolicy: key.policy };
    },
    touches,
  },
};
