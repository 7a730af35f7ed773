import { expect, it } from "vitest";
import { principalTexts } from "../../shared/policy/principal-pattern.ts";

it.each<[string, string, readonly string[]]>([
  ["*", "*", ["*"]],
  ["*", "a", ["RAM|a", "Service|a", "Federated|a"]],
  ["RAM", "*", ["RAM|*"]],
  ["RAM", "acs:ram::1:root", ["RAM|acs:ram::1:?*"]],
  ["RAM", "acs:ram:cn:1:root", ["RAM|acs:ram:cn:1:?*"]],
  ["RAM", "acs:ram::*:root", ["RAM|acs:ram::?*:?*"]],
  ["RAM", "acs:ram::1?:root", ["RAM|acs:ram::1?:?*"]],
  ["RAM", "acs:ram::1:*", ["RAM|acs:ram::1:?*"]],
  ["RAM", "acs:ram::*:user/a", ["RAM|acs:ram::?*:user/a"]],
  ["RAM", "acs:ram::*1:user/a", ["RAM|acs:ram::*1:user/a"]],
  ["RAM", "acs:ram:::root", ["RAM|acs:ram:::root"]],
  ["RAM", "acs:ram::1:x:root", ["RAM|acs:ram::1:x:root"]],
  ["RAM", "acs:ram::1:root/a", ["RAM|acs:ram::1:root/a"]],
  ["RAM", "acs:ram:1:root", ["RAM|acs:ram:1:root"]],
  ["RAM", "acs:ecs::1:root", ["RAM|acs:ecs::1:root"]],
  ["RAM", "x:acs:ram::1:root", ["RAM|x:acs:ram::1:root"]],
  ["RAM", "acs:ram::1:role/App", ["RAM|acs:ram::1:role/app"]],
  ["RAM", "acs:ram::1:user/a:*b", ["RAM|acs:ram::1:user/a:*b"]],
  ["RAM", "acs:ram::1:user/**?", ["RAM|acs:ram::1:user/?*"]],
  ["Service", "acs:ram::*:root", ["Service|acs:ram::*:*"]],
  ["Service", "ecs.aliyuncs.com", ["Service|ecs.aliyuncs.com"]],
  ["Federated", "acs:ram::1:*", ["Federated|acs:ram::1:*"]],
])("%s %s", (type, value, texts) => {
  expect(principalTexts({ type, value })).toEqual(texts);
});
