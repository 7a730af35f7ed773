import { describe, expect, test } from "vitest";
import { grantedWhole, productsIn } from "../../../shared/rules/kit/product-scope.ts";
import { allowing, permitting } from "../changes.ts";

describe("the products of which documents allow anything", () => {
  test.each([
    ["each once, in order", [allowing(["oss:GetObject", "mq:PUB"]), allowing("OSS:PutObject")], ["mq", "oss"]],
    ["none for what is denied", [permitting({ Effect: "Deny", Action: "oss:*", Resource: "*" })], []],
    ["any for all but a list", [permitting({ Effect: "Allow", NotAction: "oss:*", Resource: "*" })], ["*"]],
    ["any for a pattern of several", [allowing(["*", "o*:Get", "a*b:Get", "?ss:Get"])], ["*"]],
    ["any for what cannot be read", ["{"], ["*"]],
    ["any beside a named one", [allowing(["oss:Get", "*:Get"])], ["*", "oss"]],
  ])("%s", (_, texts, products) => {
    expect(productsIn(...texts)).toEqual(products);
  });
});

describe("messaging products that are granted whole", () => {
  const whole = (...texts: readonly string[]) =>
    grantedWhole(...texts).map(({ product, actions, sure }) => [product.code, actions, sure]);

  test.each([
    ["by its own pattern", [allowing("amqp:*")], [["amqp", ["amqp:*"], true]]],
    ["in another case", [allowing("AMQP:Delete*")], [["amqp", ["AMQP:Delete*"], true]]],
    ["by a pattern of several services", [allowing("am*:*")], [["amqp", ["amqp:*"], true]]],
    [
      "by all but a list",
      [permitting({ Effect: "Allow", NotAction: "mq:*", Resource: "acs:amqp:*" })],
      [["amqp", ["amqp:*"], true]],
    ],
    ["once, however often it is written", [allowing("amqp:*"), allowing("amqp:*")], [["amqp", ["amqp:*"], true]]],
    [
      "where another document names one instance",
      [allowing("amqp:*", "acs:amqp:*:*:/instances/one*"), allowing("amqp:Delete*")],
      [["amqp", ["amqp:Delete*"], true]],
    ],
  ])("%s", (_, texts, found) => {
    expect(whole(...texts)).toEqual(found);
  });

  test.each([
    ["what is denied", [permitting({ Effect: "Deny", Action: "amqp:*", Resource: "*" })]],
    ["reading", [allowing(["amqp:List*", "amqp:GetQueue", "alikafka:DescribeInstance"])]],
    ["a pattern that is of no action of it", [allowing("*:Get*")]],
    ["another product", [allowing("oss:*")]],
    // Whether a text that is none allows more is told as undecided elsewhere.
    ["what cannot be read", ["{"]],
    ["what can be read beside what cannot", [allowing("amqp:*"), "{"]],
    [
      "all but one of the names that are asked about",
      [
        permitting(
          { Effect: "Allow", Action: "amqp:Delete*", Resource: "*" },
          { Effect: "Deny", Action: "amqp:*", Resource: "acs:amqp:*:*:/instances/w*" },
        ),
      ],
    ],
  ])("not %s", (_, texts) => {
    expect(whole(...texts)).toEqual([]);
  });
});
