import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { actingAsCaller } from "../../shared/aliyun/sts.ts";
import { consoleChannel } from "../../shared/channels/console.ts";
import type { Actor } from "../../shared/domain/identity.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import type { World } from "../../shared/ports/world.ts";
import { approveIncident, rejectIncident } from "../../shared/response/approve.ts";
import { incidentMessage } from "../../shared/response/messages/incident-message.ts";
import { undoIncident } from "../../shared/response/undo.ts";
import {
  accountId,
  ciTrust,
  type GuardedAccount,
  guardedAccount,
  openTrust,
  stranger,
} from "../support/guarded-account.ts";

// What an incident says when somebody reads it, at once and after a person acted on it.

let account: GuardedAccount;
beforeEach(async () => {
  account = await guardedAccount();
});
afterEach(() => account.stop());

const administrator: Actor = { kind: "user", accountId, name: "administrator" };
const personsWorld = (): World => ({
  ...account.world(),
  act: actingAsCaller({
    credentials: account.sandbox.keyOf("administrator"),
    clock: account.clock,
    region: "cn-hangzhou",
    endpoint: account.sandbox.endpoint,
    protocol: "http",
  }),
});
const { telling } = { telling: { language: "en", timeZone: "UTC" } as const };
const undo = (id: string) => undoIncident(personsWorld(), account.ledger, telling, id, administrator);
const deciding = { approver: administrator, openForMs: 3_600_000 };

const incidentOf = async (id: string): Promise<Incident> => {
  const incident = await account.ledger.incident(id);
  if (incident === undefined) throw new Error("no incident");
  return incident;
};
const last = async (): Promise<Incident> => {
  const incident = (await account.incidents()).at(-1);
  if (incident === undefined) throw new Error("no incident");
  return incident;
};
/** An incident as `warden incidents <id>` prints it. */
const read = async (id: string): Promise<string> => {
  const lines: string[] = [];
  const incident = await incidentOf(id);
  await consoleChannel({ write: (line) => void lines.push(line) }).send(
    incidentMessage(incident, telling, incident.note, { whole: true }),
  );
  return lines.join("\n");
};

const opened = async (): Promise<Incident> => {
  await account.as("administrator")("Ram", "CreateRole", { RoleName: "job", AssumeRolePolicyDocument: ciTrust });
  await account.catchUp();
  account.clock.advance(60_000);
  await account.as("mallory")("Ram", "UpdateRole", { RoleName: "job", NewAssumeRolePolicyDocument: openTrust });
  await account.catchUp();
  return last();
};
const asked = async (): Promise<Incident> => {
  await account.as("mallory")("Ram", "CreateRole", { RoleName: "door", AssumeRolePolicyDocument: openTrust });
  await account.catchUp();
  return last();
};

describe("an incident that put a trust policy back", () => {
  it("says what the change put in and took out, in short where it is told", async () => {
    await opened();
    const { text } = account.messages()[0] ?? { text: "" };
    expect(text).toMatch(
      new RegExp(`The change.*\\+ every RAM user and role of account 「${stranger}」; - RAM role 「ci」 of account`),
    );
    expect(text).not.toContain("Document sent");
  });

  it("is read with the document that was found and the one that was sent", async () => {
    const { id } = await opened();
    const text = await read(id);
    expect(text).toMatch(/The change +\+ every RAM user and role of account 6660666066606660\n +- RAM role ci/);
    expect(text).toMatch(new RegExp(`Document found +.*acs:ram::${stranger}:root`));
    expect(text).toMatch(new RegExp(`Document sent +.*acs:ram::${accountId}:role/ci`));
    expect(text).toContain(`To take it back  npm run -s warden -- undo ${id}`);
  });

  it("shows a document no longer than its bound", async () => {
    const incident = await opened();
    const after =
      incident.after?.kind === "role-trust" ? { ...incident.after, document: "x".repeat(50_000) } : undefined;
    const message = incidentMessage(after === undefined ? incident : { ...incident, after }, telling, undefined, {
      whole: true,
    });
    expect(JSON.stringify(message.fields).length).toBeLessThan(8_000);
    expect(JSON.stringify(message.fields)).toContain("(cut; `--json` has all of it)");
  });

  it("says a span that the event's clock can tell", async () => {
    await opened();
    expect(account.messages()[0]?.text).toMatch(
      /Took.*at most \d+ s after the change, whose event tells whole seconds/,
    );
  });

  it("says once it is undone that it is, and no longer how to", async () => {
    const { id } = await opened();
    const undone = await undo(id);
    const text = await read(id);
    expect(text).toContain("[put back, and taken back since]");
    expect(text).toContain(`taken back by incident ${undone.ok ? undone.value.id : ""}`);
    expect(text).not.toContain("To take it back");
    expect(await read(undone.ok ? undone.value.id : "")).toMatch(
      /The change +\+ every RAM user and role of account 6660666066606660\n +- RAM role ci/,
    );
  });
});

describe("an undo", () => {
  it("names the person, bears the title of what it undoes, and is as serious", async () => {
    await account.as("mallory")("Ram", "AttachPolicyToUser", {
      PolicyType: "System",
      PolicyName: "AdministratorAccess",
      UserName: "alice",
    });
    await account.catchUp();
    const undone = await undo((await last()).id);
    expect(undone).toMatchObject({ ok: true, value: { by: "user administrator" } });
    await account.flush();
    const { title, text } = account.messages()[1] ?? { title: "", text: "" };
    expect(title).toContain("🔴 Critical: [remediation taken back] High-risk policy attached to a user");
    expect(text).toMatch(/\*\*Who\*\*: 「user administrator」/);
  });
});

describe("a question", () => {
  it("says how it is decided, while it waits", async () => {
    const { id } = await asked();
    const [{ text } = { text: "" }] = account.messages();
    expect(text).toContain(`npm run -s warden -- approve ${id}, or npm run -s warden -- reject ${id}`);
    await rejectIncident(personsWorld(), account.ledger, id, deciding);
    expect(await read(id)).not.toContain("To decide");
  });

  it("says once it is approved who did and by what, and no longer what it proposes", async () => {
    const { id } = await asked();
    const done = await approveIncident(personsWorld(), account.ledger, telling, id, deciding);
    const text = await read(id);
    expect(text).toContain("[approved and carried out]");
    expect(text).toContain(`approved by user administrator, carried out by incident ${done.ok ? done.value.id : ""}`);
    expect(text).not.toContain("Proposed call");
    await account.flush();
    expect(account.messages()[1]?.title).toMatch(/Critical: \[put back\] Role trusts an account/);
    expect(account.messages()[1]?.text).toContain("user administrator");
  });

  it("says once it is rejected that the change stands", async () => {
    const { id } = await asked();
    await rejectIncident(personsWorld(), account.ledger, id, deciding);
    const text = await read(id);
    expect(text).toContain("[rejected, the change stands]");
    expect(text).toContain("rejected by user administrator");
    expect(text).not.toContain("waits for a decision");
  });
});

it("an incident in Chinese has its subject and its reason in Chinese", async () => {
  const { id } = await asked();
  const message = incidentMessage(await incidentOf(id), { language: "zh-CN", timeZone: "UTC" });
  const text = JSON.stringify([message.title, message.fields]);
  expect(text).toContain("角色 door 的信任策略");
  expect(text).toContain("该角色是新建的，恢复意味着删除它，须由人决定");
  expect(text).not.toContain("the role is new");
});
