import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { takeIn } from "../../shared/intake/take-in.ts";

const folder = new URL("../fixtures/payloads/", import.meta.url);
const bytes = (name: string): Buffer => readFileSync(new URL(name, folder));

/** What each published sample is to us: its place, its operation, and why it is passed over or refused. */
const passedOver: readonly (readonly [file: string, where: string, operation: string | undefined, reason: string])[] = [
  [
    "actiontrail-LookupEvents-assumedrole-crossaccount-docs",
    "$",
    "Actiontrail.LookupEvents",
    "`Actiontrail` is not an identity service",
  ],
  [
    "actiontrail-UpdateTrail-ramuser-console-docs2016",
    "$",
    "Actiontrail.UpdateTrail",
    "`Actiontrail` is not an identity service",
  ],
  [
    "actiontrail-UpdateTrail-ramuser-sdk-docs2016",
    "$",
    "Actiontrail.UpdateTrail",
    "`Actiontrail` is not an identity service",
  ],
  [
    "ecs-CreateNetworkInterface-assumedrole-service-docs",
    "$",
    "Ecs.CreateNetworkInterface",
    "`Ecs` is not an identity service",
  ],
  ["ecs-DeleteDisk-system-sensitive-docs", "$", "Ecs.DeleteDisk", "`Ecs` is not an identity service"],
  ["ecs-DescribeInstances-ramuser-minimal-apidocs", "$", "Ecs.DescribeInstances", "`Ecs` is not an identity service"],
  [
    "eventbridge-envelope-defaultbus-ebs-docs",
    "$.data",
    "DiskBPSExceedDiskMaxLimit",
    "`ebs:Disk:DiskBPSExceedDiskMaxLimit` is not an event of ActionTrail",
  ],
  ["signin-ConsoleSignin-ramuser-nomfa-docs", "$", "AasSub.ConsoleSignin", "`AasSub` is not an identity service"],
  [
    "signin-ConsoleSignin-root-nomfa-docs",
    "$",
    "AasCustomer.ConsoleSignin",
    "`AasCustomer` is not an identity service",
  ],
  [
    "sts-AssumeRole-ramuser-console-docs",
    "$",
    "Sts.AssumeRole",
    "opens a session, which changes nothing that RAM keeps",
  ],
  ["sts-AssumeRole-ramuser-sdk-docs", "$", "Sts.AssumeRole", "opens a session, which changes nothing that RAM keeps"],
];

const events: readonly (readonly [file: string, operation: string, subject: object])[] = [
  [
    "ims-CreateUser-root-console-docs",
    "Ims.CreateUser",
    { kind: "user", userName: "Alice", principalName: "Alice@163205818484****.onaliyun.com", withHoldings: true },
  ],
  ["ram-CreateGroup-ramuser-sdk-docs", "Ram.CreateGroup", { kind: "group", groupName: "grp1", withContents: true }],
];

const refused: readonly (readonly [file: string, where: string, reason: RegExp])[] = [
  ["fc-http-event-v1-docs", "$", /^is an HTTP trigger's request/],
  ["fc-oss-event-docs", "$.events[0]", /^is an OSS trigger's record/],
  ["fc-sls-event-docs", "$", /^is an SLS trigger's payload.*pulled first$/],
  ["fc-timer-event-docs", "$", /^is a timer trigger's payload/],
];

describe("the published samples", () => {
  test.each(passedOver)("%s is passed over", (file, where, operation, reason) => {
    const intake = takeIn(bytes(`${file}.json`));
    expect(intake.events).toEqual([]);
    expect(intake.refusals).toEqual([]);
    expect(intake.passedOver).toMatchObject([{ where, operation, reason }]);
  });

  test.each(events)("%s is an event", (file, operation, subject) => {
    const intake = takeIn(bytes(`${file}.json`));
    // What is starred out of a record is not claimed.
    expect(intake.events).toMatchObject([{ operation, subject, effect: "made", claimed: undefined }]);
    expect(intake.events[0]?.subject).not.toHaveProperty("userId");
    expect([...intake.passedOver, ...intake.refusals]).toEqual([]);
  });

  test.each(refused)("%s is refused", (file, where, reason) => {
    const intake = takeIn(bytes(`${file}.json`));
    expect(intake.events).toEqual([]);
    expect(intake.passedOver).toEqual([]);
    expect(intake.refusals).toEqual([{ where, reason: expect.stringMatching(reason) }]);
  });

  test("a batch from a queue is passed over message by message", () => {
    const intake = takeIn(bytes("fc-eventbridge-batch-mnsqueue-docs.json"));
    expect(intake.passedOver.map(({ where }) => where)).toEqual(["$[0].data", "$[1].data"]);
    expect(intake.passedOver[0]?.reason).toBe("`mns:Queue:SendMessage` is not an event of ActionTrail");
    expect(intake.refusals).toEqual([]);
  });

  test("a record tells who made it and when", () => {
    expect(takeIn(bytes("ims-CreateUser-root-console-docs.json")).events[0]).toMatchObject({
      accountId: "163205818484****",
      actor: { kind: "root", accountId: "163205818484****", sourceIp: "192.168.XX.XX" },
      requestId: "80648075-F89C-555D-974B-78E436FE4331",
      occurredAt: Date.UTC(2021, 7, 5, 6, 59, 52),
    });
  });

  test("every sample has a row here", () => {
    const rows = [...passedOver, ...events, ...refused].map(([file]) => `${file}.json`);
    const files = readdirSync(folder).filter((name) => name.endsWith(".json"));
    expect(files.sort()).toEqual([...rows, "fc-eventbridge-batch-mnsqueue-docs.json"].sort());
  });
});
