import { describe, expect, test } from "vitest";
import { takeIn } from "../../shared/intake/take-in.ts";
import {
  attachPolicy,
  attachToUser,
  byRole,
  cloudEvent,
  createAccessKey,
  event,
  type Raw,
  trust,
  updateRole,
} from "./synthetic.ts";

const kept = (...records: readonly Raw[]): readonly string[] => takeIn(records).events.map(({ eventId }) => eventId);
const ids = (id: string): Raw => ({ eventId: id, requestId: id });

const inRam = attachToUser(ids("ram"));
const inResourceManager = attachPolicy({}, ids("rm"));

describe("one change, reported more than once", () => {
  test.each<[string, readonly Raw[]]>([
    ["the same event twice", [inRam, inRam]],
    ["bare and in an envelope", [inRam, cloudEvent(inRam)]],
    ["one call under two event ids", [inRam, attachToUser({ eventId: "other", requestId: "ram" })]],
    [
      "one call whose second record has the first one's id",
      [attachToUser({ eventId: "ram", requestId: "r" }), attachToUser({ eventId: "x", requestId: "r" })],
    ],
    ["one act in two services, at once", [inRam, inResourceManager]],
    [
      "one act in two services, two seconds apart",
      [inRam, attachPolicy({}, { ...ids("rm"), eventTime: "2026-11-01T08:00:02Z" })],
    ],
  ])("%s", (_, records) => {
    expect(kept(...records)).toEqual(["ram"]);
    const intake = takeIn(records);
    expect(intake.passedOver).toHaveLength(1);
    expect(intake.passedOver[0]?.reason).toBe("reports the same change as event `ram`, which is kept");
    expect(intake.refusals).toEqual([]);
  });

  test("a key that Ram and Ims both tell of", () => {
    const viaIms = createAccessKey("Ims", { UserPrincipalName: "alice@c.onaliyun.com" }, ids("ims"));
    expect(kept(createAccessKey("Ram", { UserName: "alice" }, ids("ram")), viaIms)).toEqual(["ram"]);
  });

  test("a third report is passed over too, and names the first", () => {
    const intake = takeIn([inRam, inRam, inResourceManager, event("Ecs", "X"), inRam]);
    expect(intake.events).toHaveLength(1);
    expect(intake.passedOver.map(({ where }) => where)).toEqual(["$[1]", "$[2]", "$[3]", "$[4]"]);
  });
});

describe("two changes", () => {
  test.each<[string, readonly Raw[]]>([
    ["three seconds apart", [inRam, attachPolicy({}, { ...ids("rm"), eventTime: "2026-11-01T08:00:03Z" })]],
    [
      "of two subjects, under one id",
      [
        inRam,
        attachToUser({
          ...ids("ram"),
          requestParameters: { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "bob" },
        }),
      ],
    ],
    [
      "two documents under one id",
      [
        updateRole(ids("a")),
        updateRole({
          ...ids("a"),
          requestParameters: {
            RoleName: "Deploy",
            NewAssumeRolePolicyDocument: trust({ Service: ["x.aliyuncs.com"] }),
          },
          responseElements: undefined,
        }),
      ],
    ],
    ["by two operations, under one id", [inRam, updateRole(ids("ram"))]],
    ["by two actors", [inRam, attachPolicy({}, { ...ids("rm"), userIdentity: byRole })]],
    ["of two subjects", [inRam, attachPolicy({ PrincipalName: "bob@corp.onaliyun.com" }, ids("rm"))]],
    ["in two scopes", [inRam, attachPolicy({ ResourceGroupId: "rg-1" }, ids("rm"))]],
    ["in one service", [inRam, attachToUser(ids("again"))]],
    ["of two accounts with one event id", [inRam, { ...inRam, recipientAccountId: "2222222222222222" }]],
    [
      "two keys in two services",
      [
        createAccessKey("Ram", { UserName: "alice" }, ids("a")),
        createAccessKey(
          "Ims",
          { UserPrincipalName: "alice@x.onaliyun.com" },
          { ...ids("b"), responseElements: { AccessKey: { AccessKeyId: "LTAIother" } } },
        ),
      ],
    ],
    [
      "two documents in two services",
      [
        updateRole(ids("a")),
        event("ResourceManager", "UpdateRole", {
          ...ids("b"),
          requestParameters: {
            RoleName: "deploy",
            NewAssumeRolePolicyDocument: trust({ Service: ["ecs.aliyuncs.com"] }),
          },
        }),
      ],
    ],
    [
      "one request id, two subjects",
      [
        inRam,
        attachToUser({
          eventId: "x",
          requestId: "ram",
          requestParameters: { PolicyType: "System", PolicyName: "AdministratorAccess", UserName: "bob" },
        }),
      ],
    ],
  ])("%s are both kept", (_, records) => {
    expect(kept(...records)).toHaveLength(2);
    expect(takeIn(records).passedOver).toEqual([]);
  });

  test("stay in the order of the payload", () => {
    const order = ["c", "a", "b"];
    const records = order.map((id, index) =>
      attachToUser({ ...ids(id), eventTime: `2026-11-01T08:0${9 - index}:00Z` }),
    );
    expect(kept(...records)).toEqual(order);
  });
});
