import { type User, userPrincipalName } from "../account.ts";
import { ApiError, notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operations, Work } from "../operation.ts";
import { listOf, objectsOf, oneOf, pageByToken, required } from "../params.ts";
import { checkCount, hasTags, imsLimits, tagged, tagNeeds, tagsGiven, untagged } from "../ram/tags.ts";
import { userOfPrincipal } from "./users.ts";

/** Users by id or by principal name: a call gives one of the two lists (page of Ims:TagResources). */
const sought = ({ account, params }: Asked): readonly User[] | undefined => {
  oneOf(params, "ResourceType", ["user"] as const);
  const ids = checkCount("ResourceId", listOf(params, "ResourceId"));
  const names = checkCount("ResourcePrincipalName", listOf(params, "ResourcePrincipalName"));
  if (ids.length > 0 && names.length > 0) {
    throw new ApiError(400, "InvalidParameter.ResourceId", "Give ResourceId or ResourcePrincipalName, not both.");
  }
  if (ids.length + names.length === 0) return undefined;
  const byId = (id: string): User => {
    const user = [...account.users.values()].find((each) => each.userId === id);
    if (user === undefined) throw notExist("User", id);
    return user;
  };
  return [...ids.map(byId), ...names.map((name) => userOfPrincipal(account, name))];
};

const change = (work: Work, next: (user: User) => User): JsonObject => {
  const users = sought(work);
  if (users === undefined) throw new ApiError(400, "MissingParameter.ResourceId", "Name the users to be tagged.");
  for (const user of users) work.account.users.set(user.userName, next(user));
  return {};
};

const touches = ({ account, params }: Asked) => ({
  "ACS::RAM::User": Object.entries(params)
    .filter(([name]) => /^Resource(?:Id|PrincipalName)\.\d+$/.test(name))
    .map(([name, value]) => {
      const user = [...account.users.values()].find((each) => name.startsWith("ResourceId") && each.userId === value);
      return user === undefined ? value : userPrincipalName(account, user.userName);
    }),
});

export const tagOperations: Operations = {
  TagResources: {
    access: "Write",
    needs: tagNeeds("TagResources"),
    run: (work) => {
      required(work.params, work.params.Tag === undefined ? "Tag.1.Key" : "Tag");
      const given = tagsGiven(work.params, imsLimits);
      return change(work, (user) => tagged(user, given));
    },
    touches,
  },
  UntagResources: {
    access: "Write",
    needs: tagNeeds("UntagResources"),
    run: (work) => change(work, (user) => untagged(user, work.params, "TagKey")),
    touches,
  },
  ListTagResources: {
    access: "Read",
    needs: tagNeeds("ListTagResources"),
    run: (work) => {
      const wanted = objectsOf(work.params, "Tag");
      const users = sought(work);
      if (users === undefined && wanted.length === 0) {
        throw new ApiError(400, "MissingParameter.ResourceId", "Give ResourceId, ResourcePrincipalName or Tag.");
      }
      const rows = (users ?? [...work.account.users.values()])
        .filter((user) => hasTags(user, wanted))
        .flatMap((user) =>
          (user.tags ?? []).map((tag) => ({
            ResourceId: user.userId,
            ResourceType: "user",
            TagKey: tag.key,
            TagValue: tag.value,
          })),
        );
      const { items, ...page } = pageByToken(work.params, rows, { name: "PageSize", usual: 100, most: 100 });
      return { ...page, TagResources: { TagResource: items } };
    },
  },
};
