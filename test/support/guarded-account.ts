import { guardHandler } from "../../functions/guard/handler.ts";
import { actingIn, worldOf } from "../../functions/wire.ts";
import {
  createDingtalkStandIn,
  type DingtalkStandIn,
  type Sandbox,
  type Snapshot,
  startSandbox,
} from "../../sandbox/index.ts";
import type { Credentials } from "../../shared/aliyun/transport.ts";
import { type Config, readConfig } from "../../shared/config.ts";
import { exemptionsIn, type FoundFile } from "../../shared/exemptions.ts";
import type { Incident } from "../../shared/ledger/incident.ts";
import { type Ledger, openLedger } from "../../shared/ledger/ledger.ts";
import { verifyLedger } from "../../shared/ledger/verify.ts";
import { openLog } from "../../shared/local/log.ts";
import { openSqliteStateStore } from "../../shared/local/sqlite-state-store.ts";
import type { Receipt } from "../../shared/pipeline.ts";
import type { World } from "../../shared/ports/world.ts";
import { flushOutbox } from "../../shared/response/tell.ts";
import { type Swept, sweep } from "../../shared/sweep.ts";
import { wardenRoles } from "../deploy/role-documents.ts";
import { type ManualClock, manualClock } from "../ports/manual-clock.ts";
import { callerOf, ramOf, trustOf } from "../sandbox/client.ts";

export const accountId = "1234567890123456";
export const partner = "2345678901234567";
export const stranger = "6660666066606660";

export const ciTrust = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`] });
export const ecsTrust = trustOf({ Service: ["ecs.aliyuncs.com"] });
/** All whom `ciTrust` lets in, and a service on the list besides: nobody loses anything by it. */
export const bothTrust = trustOf({ RAM: [`acs:ram::${accountId}:role/ci`], Service: ["ecs.aliyuncs.com"] });
export const openTrust = trustOf({ RAM: [`acs:ram::${stranger}:root`] });

/** The settings of the guarded account; the mode may be changed by `changes.mode`. */
const settingsText = (mode: string, language: string, more = ""): string => `
mode: ${mode}
account: "${accountId}"
region: cn-hangzhou
language: ${language}
timeZone: UTC
${more.includes("audit:") ? "" : "audit: off"}
roles: { looking: ram-warden-looking, acting: ram-warden-acting, approving: ram-warden-approving }
trusted:
  accounts: ["${partner}"]
  services: [ecs.aliyuncs.com, fc.aliyuncs.com]
provisioners: [user/provisioner, role/identity-provisioner]
protected: [user/break-glass, role/break-glass, group/on-call]
highRiskPolicies: [AliyunSTSAssumeRoleAccess]
channels:
  - kind: dingtalk
    url: { env: WEBHOOK }
    secret: { env: SECRET }
${more}
`;

const madeAt = "2026-01-02T03:04:05Z";

const role = (roleName: string, trust: string, more: object = {}) => ({
  roleName,
  assumeRolePolicyDocument: trust,
  createDate: madeAt,
  updateDate: madeAt,
  ...more,
});

/** An account with somebody in each part, and RAM Warden's own roles exactly as they are deployed. */
export const accountBefore = (): Snapshot => {
  const own = wardenRoles(accountId);
  return {
    version: 1,
    accountId,
    alias: "example",
    rootKeys: [{ accessKeyId: "LTAIroot" }],
    users: [
      { userName: "administrator", accessKeys: [{ accessKeyId: "LTAIadministrator" }] },
      { userName: "mallory", accessKeys: [{ accessKeyId: "LTAImallory", createDate: madeAt }] },
      { userName: "provisioner", accessKeys: [{ accessKeyId: "LTAIprovisioner" }] },
      { userName: "alice", accessKeys: [{ accessKeyId: "LTAIalice", createDate: madeAt }] },
      { userName: "break-glass" },
    ],
    groups: [{ groupName: "staff", members: [{ userName: "alice" }] }],
    roles: [
      ...own.roles,
      role("ci", ecsTrust),
      role("Deploy", ciTrust, {
        description: "of the pipeline",
        maxSessionDuration: 7200,
        extra: { AllowConsoleLogin: true },
      }),
      role("plain", ciTrust, { description: "the plain one", maxSessionDuration: 5400 }),
      role("break-glass", ciTrust),
      role("AliyunServiceRoleForActionTrail", ecsTrust),
      role("AliyunReservedSSO-ops", ciTrust),
    ],
    policies: [
      ...own.policies,
      {
        policyName: "disguised",
        policyType: "Custom",
        versions: [
          {
            versionId: "v1",
            policyDocument: '{"Version":"1","Statement":[{"Effect":"Allow","NotAction":["none:*"],"Resource":["*"]}]}',
          },
        ],
      },
      {
        policyName: "harmless",
        policyType: "Custom",
        versions: [
          {
            versionId: "v1",
            policyDocument:
              '{"Version":"1","Statement":[{"Effect":"Allow","Action":["oss:GetObject"],"Resource":["*"]}]}',
          },
        ],
      },
    ],
    resourceGroups: [{ id: "rg-team", name: "team" }],
    attachments: [
      ...own.attachments,
      ...["administrator", "mallory", "provisioner"].map((principalName) => ({
        policyType: "System" as const,
        policyName: "AdministratorAccess",
        principalType: "user" as const,
        principalName,
      })),
      { policyType: "System", policyName: "ReadOnlyAccess", principalType: "group", principalName: "staff" },
    ],
  };
};

type TrailRecord = { readonly eventId: string; readonly eventName: string; readonly [name: string]: unknown };

/** How a delivery ended: with a receipt, or by throwing, so that the platform would come again. */
export type Delivered = { readonly receipt?: Receipt; readonly answer?: unknown; readonly error?: Error };

export type GuardedAccount = {
  readonly sandbox: Sandbox;
  readonly clock: ManualClock;
  readonly config: Config;
  readonly ledger: Ledger;
  readonly robot: DingtalkStandIn;
  readonly logLines: readonly string[];
  /** The world of one invocation, as the function gets it. */
  readonly world: () => World;
  /** The world of a person who approves: writes are made in the approving role. */
  readonly approving: () => World;
  /** Changes the world of every later invocation. */
  readonly wrap: (change: ((world: World) => World) | undefined) => void;
  /** The successful writes so far that have this name. */
  readonly events: (name?: string) => readonly TrailRecord[];
  /** Hands a payload to the deployed handler, with fresh credentials, as Function Compute does. */
  readonly deliver: (payload: unknown) => Promise<Delivered>;
  /** Delivers what was not delivered yet, the guard's own writes included; throws what a handler throws. */
  readonly catchUp: () => Promise<readonly Receipt[]>;
  /** Never delivers what happened so far, but for the calls of that name. */
  readonly skipAll: (but?: string) => void;
  readonly isSkipped: (eventId: string) => boolean;
  /** What the timer of an installation does: sends what waits, once its time has come. */
  readonly flush: () => Promise<void>;
  /** A tick of the timer, by the looking role, for at most `forMs`. */
  readonly sweep: (forMs?: number) => Promise<Swept>;
  readonly as: (userName: string) => ReturnType<typeof callerOf>;
  readonly ramAs: (userName: string) => ReturnType<typeof ramOf>;
  readonly asRoot: ReturnType<typeof callerOf>;
  readonly messages: () => readonly { readonly title: string; readonly text: string }[];
  /** Incidents that were not given up, oldest first. */
  readonly incidents: () => Promise<readonly Incident[]>;
  /** Writes of Ram, Ims and ResourceManager that took effect and that the acting role made. */
  readonly actingWrites: () => readonly { readonly operation: string; readonly caller: string }[];
  /** The account without its audit trail, and without the times that any call moves. */
  readonly standing: () => Snapshot;
  readonly setMode: (mode: "observe" | "enforce") => void;
  /** Puts a file of exemptions beside the settings, as it is found from then on. */
  readonly setExemptions: (found: FoundFile, isNamed?: boolean) => void;
  readonly stop: () => Promise<void>;
};

export type GuardedOptions = {
  readonly snapshot?: Snapshot;
  readonly language?: "en" | "zh-CN";
  /** Further lines of the settings. */
  readonly settings?: string;
  readonly sandbox?: Parameters<typeof startSandbox>[0];
};

const identityServices = ["Ram", "Ims", "ResourceManager"];

/** A sandbox account that the deployed handler guards, on one clock that only moves when somebody sleeps. */
export const guardedAccount = async (options: GuardedOptions = {}): Promise<GuardedAccount> => {
  const clock = manualClock();
  const robot = createDingtalkStandIn({ accessToken: "token-of-the-robot", secret: "SECofTheRobot", now: clock.now });
  const rootSecret = "secretOfTheRoot0000000000000000";
  const snapshot = options.snapshot ?? accountBefore();
  const sandbox = await startSandbox({
    seed: 11,
    clock,
    dateWindowMs: Number.POSITIVE_INFINITY,
    holdMs: 2_000,
    snapshot: { ...snapshot, rootKeys: [{ accessKeyId: "LTAIroot", secret: rootSecret }] },
    mounts: [{ path: "/robot/send", handle: robot.handle }],
    ...options.sandbox,
  });
  const read = readConfig(settingsText("enforce", options.language ?? "en", options.settings ?? ""), "warden.yaml", {
    WEBHOOK: `${sandbox.url}/robot/send?access_token=token-of-the-robot`,
    SECRET: "SECofTheRobot",
  });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  let config = read.value;
  const state = openSqliteStateStore(":memory:", clock);
  const ledger = openLedger(state, clock, accountId);
  const logLines: string[] = [];
  const log = openLog({ level: "debug", sink: { write: (line) => void logLines.push(line) } });
  let change: ((world: World) => World) | undefined;
  const reach = { endpoint: sandbox.endpoint, protocol: "http", timeoutMs: 250 } as const;
  const worldWith = (credentials: Credentials): World => {
    const world = worldOf({ config, credentials, state, log, clock, reach });
    return change === undefined ? world : change(world);
  };
  let last: Receipt | undefined;
  const register = (): void =>
    sandbox.registerFunction({
      name: "guard",
      role: "ram-warden-looking",
      handler: guardHandler({
        config,
        log,
        world: async (credentials) => worldWith(credentials),
        onReceipt: (receipt) => {
          last = receipt;
        },
      }),
    });
  register();

  const delivered = new Set<string>();
  const skipped = new Set<string>();
  const events = (name?: string): readonly TrailRecord[] =>
    (sandbox.trail as readonly TrailRecord[]).filter(
      (event) =>
        event.eventRW === "Write" && event.errorCode === undefined && (name === undefined || event.eventName === name),
    );
  const deliver = async (payload: unknown): Promise<Delivered> => {
    last = undefined;
    const bytes = Buffer.isBuffer(payload) || typeof payload === "string" ? payload : JSON.stringify(payload);
    try {
      const answer = await sandbox.invoke("guard", bytes);
      return last === undefined ? { answer } : { answer, receipt: last };
    } catch (error) {
      const thrown = error instanceof Error ? error : new Error(String(error));
      return last === undefined ? { error: thrown } : { error: thrown, receipt: last };
    }
  };
  const catchUp = async (): Promise<readonly Receipt[]> => {
    const receipts: Receipt[] = [];
    for (;;) {
      const next = events().find(({ eventId }) => !delivered.has(eventId));
      if (next === undefined) return receipts;
      const { receipt, error } = await deliver(next);
      if (error !== undefined) throw error;
      delivered.add(next.eventId);
      if (receipt !== undefined) receipts.push(receipt);
    }
  };
  return {
    sandbox,
    clock,
    get config() {
      return config;
    },
    ledger,
    robot,
    logLines,
    world: () => worldWith(sandbox.sessionOf("ram-warden-looking", "by-hand")),
    approving: () => {
      const credentials = sandbox.keyOf("administrator");
      const options = { credentials, clock, region: config.region, ...reach };
      const world = worldOf({
        config,
        credentials: sandbox.sessionOf("ram-warden-looking", "by-hand"),
        state,
        log,
        clock,
        reach,
        act: () => actingIn(options, accountId, "ram-warden-approving"),
      });
      return change === undefined ? world : change(world);
    },
    wrap: (wanted) => {
      change = wanted;
    },
    events,
    deliver,
    catchUp,
    flush: async () => {
      clock.advance(3_600_000);
      await flushOutbox(worldWith(sandbox.sessionOf("ram-warden-looking")), config.telling.language);
    },
    sweep: (forMs = 600_000) =>
      sweep(worldWith(sandbox.sessionOf("ram-warden-looking", "sweep")), config, { until: clock.now() + forMs }),
    skipAll: (but) => {
      for (const { eventId, eventName } of events()) {
        if (eventName === but || delivered.has(eventId)) continue;
        delivered.add(eventId);
        skipped.add(eventId);
      }
    },
    isSkipped: (eventId) => skipped.has(eventId),
    as: (userName) => callerOf(sandbox, sandbox.keyOf(userName)),
    ramAs: (userName) => ramOf(sandbox, sandbox.keyOf(userName)),
    asRoot: callerOf(sandbox, { accessKeyId: "LTAIroot", accessKeySecret: rootSecret }),
    messages: () =>
      robot.messages().map(({ body }) => (body as { markdown: { title: string; text: string } }).markdown),
    incidents: async () => (await ledger.incidents()).filter(({ abandoned }) => abandoned === undefined).reverse(),
    actingWrites: () =>
      sandbox.calls
        .list()
        .filter(
          ({ caller, service, fault, status, denied }) =>
            /^ram-warden-(acting|approving):/.test(caller) &&
            identityServices.includes(service) &&
            denied !== true &&
            (status === 200 || fault?.endsWith("-after") === true || fault === "empty"),
        ),
    standing: () => {
      const { trail: _, ...rest } = sandbox.dump();
      return JSON.parse(JSON.stringify(rest), (name, value: unknown) =>
        ["updateDate", "attachDate", "lastUsed", "lastVersion"].includes(name) ? undefined : value,
      ) as Snapshot;
    },
    setMode: (mode) => {
      config = { ...config, guardrails: { ...config.guardrails, mode } };
      register();
    },
    setExemptions: (found, isNamed = false) => {
      config = { ...config, exemptions: exemptionsIn(found, "exemptions.yaml", isNamed) };
      register();
    },
    stop: async () => {
      await sandbox.stop();
      const { flaws } = await verifyLedger(state, accountId);
      state.close();
      // Whatever a test did to the guard, what it decided is on record.
      if (flaws.length > 0) throw new Error(`the ledger does not verify: ${JSON.stringify(flaws)}`);
    },
  };
};
