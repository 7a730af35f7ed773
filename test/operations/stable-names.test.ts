import fc from "fast-check";
import { expect, it } from "vitest";
import { readingByStableNames } from "../../shared/aliyun/reading-by-stable-names.ts";
import type { ApiCall, Transport } from "../../shared/aliyun/transport.ts";
import type { CloudError } from "../../shared/domain/cloud-error.ts";
import { failed, ok } from "../../shared/domain/result.ts";
import { inStableNames, isMisnamed } from "../../shared/domain/stable-names.ts";
import { principalNameOf, shortName } from "../../shared/operations/principals.ts";

const accountId = "1234567890123456";

it.each([
  ["alice@corp.onaliyun.com", "alice@1234567890123456.onaliyun.com"],
  ["alice@corp.example", "alice@1234567890123456.onaliyun.com"],
  ["ops@group.corp.onaliyun.com", "ops@group.1234567890123456.onaliyun.com"],
  ["deploy@role.corp.onaliyunservice.com", "deploy@role.1234567890123456.onaliyunservice.com"],
])("the name that stays of %s", (given, stable) => {
  for (const key of ["UserPrincipalName", "NewUserPrincipalName", "PrincipalName"])
    expect(inStableNames({ [key]: given, UserName: given, Count: 3 }, accountId)).toEqual({
      [key]: stable,
      UserName: given,
      Count: 3,
    });
});

it("names the same principal, and is left as it is", () => {
  const names = fc.stringMatching(/^[A-Za-z0-9._-]{1,64}$/);
  const kinds = fc.constantFrom("user", "group", "role");
  fc.assert(
    fc.property(names, kinds, fc.stringMatching(/^[a-z][a-z0-9-]{2,31}$/), (name, kind, alias) => {
      const given = principalNameOf({ kind, name }, alias);
      const stable = inStableNames({ PrincipalName: given }, accountId);
      expect(shortName(stable.PrincipalName)).toBe(name);
      expect(stable.PrincipalName).toBe(principalNameOf({ kind, name }, accountId));
      expect(inStableNames(stable, accountId)).toBe(stable);
    }),
  );
});

it.each([
  ["InvalidParameter.UserPrincipalName.Format", true],
  ["InvalidParameter.PrincipalName.Format", true],
  ["EntityNotExist.User", true],
  ["EntityNotExist.User.LoginProfile", false],
  ["EntityNotExist.Group", false],
  ["InvalidParameter.Policy.Format", false],
  [undefined, false],
])("%s speaks of a name: %s", (code, says) => expect(isMisnamed(code)).toBe(says));

const error = (code: string): CloudError => ({ kind: "invalid", operation: "Ims.GetLoginProfile", code });
const asked = (parameters: ApiCall["parameters"], effect: ApiCall["effect"] = "read"): ApiCall => ({
  service: "Ims",
  operation: "GetLoginProfile",
  parameters,
  effect,
});
/** A cloud that knows one full name, and what it was asked for. */
const knowing = (name: string, code = "InvalidParameter.UserPrincipalName.Format") => {
  const seen: unknown[] = [];
  const send: Transport = async ({ parameters }) => {
    seen.push(parameters.UserPrincipalName);
    return parameters.UserPrincipalName === name ? ok({ requestId: "r", body: {} }) : failed(error(code));
  };
  return { seen, send: readingByStableNames(send, accountId) };
};
const [former, stable] = ["alice@corp.onaliyun.com", "alice@1234567890123456.onaliyun.com"];

it("a read by a name that is none any more is made again by the one that stays", async () => {
  const { seen, send } = knowing(stable);
  expect(await send(asked({ UserPrincipalName: former }))).toMatchObject({ ok: true });
  expect(seen).toEqual([former, stable]);
});

it.each([
  ["the name is known", knowing(former), former, "read", 1],
  ["it is about something else", knowing(stable, "EntityNotExist.Group"), former, "read", 1],
  ["the name is the one that stays", knowing("nobody"), stable, "read", 1],
  ["it is a write, whose calls are a plan's", knowing(stable), former, "write", 1],
] as const)("a call is made once where %s", async (_, { seen, send }, name, effect, times) => {
  await send(asked({ UserPrincipalName: name }, effect));
  expect(seen).toHaveLength(times);
});
