import { need, ownOrPrincipal, userArn } from "../access/needs.ts";
import type { Asked, Need, Operations } from "../operation.ts";
import { userNameIn } from "../principal-names.ts";
import { createKey, deleteKey, keysOf, lastUsedOf, type Owner, ownerOf, updateKey } from "../ram/access-keys.ts";

/** A call without a principal name acts on the caller's own keys, as with Ram. */
export const ownerIn = (asked: Asked): Owner => {
  const principal = asked.params.UserPrincipalName;
  return ownerOf(asked, principal === undefined ? undefined : userNameIn(asked.account, principal));
};

const needs =
  (action: string) =>
  (asked: Asked): readonly Need[] => [need(`ram:${action}`, userArn(asked, ownOrPrincipal(asked)))];

const touches = (asked: Asked) => ({
  "ACS::RAM::User": [asked.params.UserPrincipalName ?? ownOrPrincipal(asked)],
  ...(asked.params.UserAccessKeyId === undefined ? {} : { "ACS::RAM::AccessKey": [asked.params.UserAccessKeyId] }),
});

export const accessKeyOperations: Operations = {
  CreateAccessKey: {
    access: "Write",
    needs: needs("CreateAccessKey"),
    run: (work) => {
      const key = createKey(work, ownerIn(work));
      return {
        AccessKey: {
          AccessKeyId: key.accessKeyId,
          AccessKeySecret: key.secret,
          Status: key.status,
          CreateDate: key.createDate,
        },
      };
    },
    touches,
  },
  UpdateAccessKey: {
    access: "Write",
    needs: needs("UpdateAccessKey"),
    run: (work) => updateKey(work, ownerIn(work)),
    touches,
  },
  DeleteAccessKey: {
    access: "Write",
    needs: needs("DeleteAccessKey"),
    run: (work) => deleteKey(work, ownerIn(work)),
    touches,
  },
  ListAccessKeys: {
    access: "Read",
    needs: needs("ListAccessKeys"),
    run: (work) => ({
      AccessKeys: {
        AccessKey: keysOf(ownerIn(work)).map((key) => ({
          AccessKeyId: key.accessKeyId,
          Status: key.status,
          CreateDate: key.createDate,
          UpdateDate: key.updateDate,
        })),
      },
    }),
    touches,
  },
  GetAccessKeyLastUsed: {
    access: "Read",
    needs: needs("GetAccessKeyLastUsed"),
    run: (work) => {
      const used = lastUsedOf(work, ownerIn(work));
      return { AccessKeyLastUsed: { LastUsedDate: used?.date ?? "", ServiceName: used?.service ?? "" } };
    },
    touches,
  },
};
