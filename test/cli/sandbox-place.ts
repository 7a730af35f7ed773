import { join } from "node:path";
import { inboxMount, snapshotMount } from "../../cli/mounts.ts";
import { writeSession } from "../../cli/sandbox-session.ts";
import type { Sandbox, SandboxOptions } from "../../sandbox/index.ts";
import { createDingtalkStandIn, startSandbox } from "../../sandbox/index.ts";
import { openLedger } from "../../shared/ledger/ledger.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import { systemClock } from "../../shared/local/system.ts";
import { accountBefore, accountId, partner } from "../support/guarded-account.ts";
import type { Folder } from "./warden.ts";
import { newFolder } from "./warden.ts";

const settings = (mode: string): string => `
mode: ${mode}
account: "${accountId}"
audit: off
roles: { looking: ram-warden-looking, acting: ram-warden-acting, approving: ram-warden-approving }
trusted: { accounts: ["${partner}"], services: [ecs.aliyuncs.com] }
provisioners: [user/provisioner]
channels:
  - { kind: dingtalk, url: { env: DINGTALK_WEBHOOK }, secret: { env: DINGTALK_SECRET } }
`;

/** A folder in which a sandbox runs, as `npm start` leaves it for the other commands. */
export type SandboxPlace = {
  readonly folder: Folder;
  readonly sandbox: Sandbox;
  readonly messages: () => readonly unknown[];
  /** Incidents in the ledger, oldest first. */
  readonly incidents: () => Promise<
    readonly {
      readonly id: string;
      readonly openedAt: number;
      readonly outcome?: { readonly kind: string } | undefined;
    }[]
  >;
  /** Changes the mode of the settings. */
  readonly setMode: (mode: "observe" | "enforce") => void;
  readonly leave: () => Promise<void>;
};

/** The account as it is before the attack, but for the policy in disguise: nothing in it breaks a rule as it stands. */
const inOrder = () => {
  const { policies, ...account } = accountBefore();
  return { ...account, policies: policies?.filter(({ policyName }) => policyName !== "disguised") ?? [] };
};

/** Starts one and goes there: commands that run in this process then work on it. */
export const sandboxPlace = async (
  options: SandboxOptions = {},
  people: readonly string[] = [],
): Promise<SandboxPlace> => {
  const back = process.cwd();
  const folder = newFolder();
  const robot = createDingtalkStandIn({ accessToken: "sandbox", secret: "SECsandbox" });
  const sandbox: Sandbox = await startSandbox({
    seed: 5,
    snapshot: inOrder(),
    mounts: [
      { path: "/robot/send", handle: robot.handle },
      inboxMount(robot.messages),
      snapshotMount(() => sandbox.dump()),
    ],
    ...options,
  });
  const statePath = join(folder.path, "state.sqlite");
  const config = folder.file("settings.yaml", settings("enforce"));
  writeSession(
    {
      endpoint: sandbox.endpoint,
      accountId: sandbox.accountId,
      ...sandbox.keyOf("administrator"),
      ...(people.length === 0 ? {} : { people: people.map((userName) => ({ userName, ...sandbox.keyOf(userName) })) }),
      inbox: `${sandbox.url}/inbox`,
      config,
      statePath,
      pid: process.pid,
      startedAt: Date.now(),
    },
    folder.path,
  );
  process.chdir(folder.path);
  return {
    folder,
    sandbox,
    messages: robot.messages,
    incidents: async () => {
      const state = openSqliteStateStore(statePath, systemClock);
      try {
        return (await openLedger(state, systemClock, accountId).incidents()).toReversed();
      } finally {
        state.close();
      }
    },
    setMode: (mode) => void folder.file("settings.yaml", settings(mode)),
    leave: async () => {
      process.chdir(back);
      await sandbox.stop();
      folder.remove();
    },
  };
};
