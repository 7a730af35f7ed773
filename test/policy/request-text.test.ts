import { expect, it } from "vitest";
import type { Witness } from "../../shared/policy/comparison.ts";
import { requestText } from "../../shared/policy/request-text.ts";

const ram = { type: "RAM", value: "acs:ram::1:user/x" };

it.each<[Witness, string]>([
  [{ action: "a:b", context: {} }, "a:b"],
  [{ action: "a:b", resource: "*", context: {} }, "a:b on *"],
  [{ action: "a:b", resource: "", context: {} }, "a:b on "],
  [{ action: "sts:AssumeRole", principal: ram, context: {} }, "sts:AssumeRole by RAM acs:ram::1:user/x"],
  [{ action: "sts:AssumeRole", principal: { type: "*", value: "x" }, context: {} }, "sts:AssumeRole by x"],
  [{ action: "a:b", context: { "k:z": "1", "k:a": "" } }, "a:b when k:a= and k:z=1"],
  [{ action: "a:b", resource: "r", principal: ram, context: { k: "v" } }, "a:b on r by RAM acs:ram::1:user/x when k=v"],
])("%j", (request, text) => {
  expect(requestText(request)).toBe(text);
});
