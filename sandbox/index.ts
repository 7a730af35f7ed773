import { randomInt } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import { type Account, attachmentKey, forkAccount, roleKey } from "./account.ts";
import {
  administratorLink,
  administratorName,
  administratorUser,
  defaultAccountId,
  defaultSnapshot,
} from "./default-account.ts";
import { createDingtalkStandIn } from "./dingtalk.ts";
import { faultsFrom } from "./faults.ts";
import { contextFor, type SandboxFunction } from "./fc/functions.ts";
import { answerInvoke, type Invoker, invokedFunction } from "./fc/http.ts";
import { answerCall, type Cloud, type Reply, type Surroundings } from "./gateway.ts";
import { listen, receive, send } from "./http/server.ts";
import type { Received } from "./http/signature.ts";
import { stamp } from "./instants.ts";
import type { Credentials, Mount, Sandbox, SandboxOptions } from "./options.ts";
import { idsFrom } from "./random.ts";
import { sessionsFrom } from "./sessions.ts";
import { dumpAccount } from "./snapshot/dump.ts";
import { loadAccount } from "./snapshot/load.ts";
import { deliveryBy, envelopeOf, usualDelivery } from "./trail/delivery.ts";

export { createDingtalkStandIn, type DingtalkStandIn } from "./dingtalk.ts";
export type { Fault, FaultKind, Faults } from "./faults.ts";
export type { Reply } from "./gateway.ts";
export type { Received } from "./http/signature.ts";
export type { CallRecord, Credentials, FcContext, Mount, Sandbox, SandboxFunction, SandboxOptions } from "./options.ts";
export { snapshotFaults } from "./snapshot/check.ts";
export { readSnapshot } from "./snapshot/file.ts";
export type { Snapshot } from "./snapshot/format.ts";
export type { DeadLetter, DeliverySettings } from "./trail/delivery.ts";

const quarterOfAnHour = 15 * 60_000;

/** A user with AdministratorAccess of its own and a key in use, the one called `administrator` first. */
const findAdministrator = (account: Account) => {
  const users = [...account.users.values()].filter((user) => {
    const key = attachmentKey({ ...administratorLink, principalName: user.userName });
    return account.attachments.has(key) && user.accessKeys.some((each) => each.status === "Active");
  });
  return users.find((user) => user.userName === administratorName) ?? users[0];
};

const keyIn = (account: Account, userName: string): Credentials => {
  const key = account.users.get(userName)?.accessKeys.find((each) => each.status === "Active");
  if (key === undefined) throw new Error(`the user \`${userName}\` has no active access key in the sandbox`);
  return { accessKeyId: key.accessKeyId, accessKeySecret: key.secret };
};

/** A sandbox that no socket leads to: requests are handed over, and answered at once. */
export type SandboxInProcess = Omit<Sandbox, "endpoint" | "url" | "dingtalk" | "stop"> & {
  /** What the cloud answers to a request, signature and all, as it would have come over the wire. */
  readonly answer: (request: Received) => Reply;
};

/** All of a sandbox but the way in: what answers, and what looks at it from outside. */
const assemble = (options: SandboxOptions) => {
  const seed = options.seed ?? randomInt(2 ** 31);
  const ids = idsFrom(seed);
  const now = (): number => options.clock?.now() ?? Date.now();
  const region = options.region ?? "cn-hangzhou";
  const begin = (snapshot: unknown): { account: Account; trail: Cloud["trail"] } => {
    const loaded = loadAccount(snapshot, ids, stamp(now()));
    return { account: loaded.account, trail: [...(loaded.snapshot.trail ?? [])] };
  };
  const first = begin(
    options.snapshot ?? defaultSnapshot(options.accountId ?? defaultAccountId, options.alias ?? "example", ids),
  );
  // A snapshot without an administrator gets one, so that there is always somebody who can begin.
  if (findAdministrator(first.account) === undefined) {
    const lent = begin({
      version: 1,
      accountId: first.account.accountId,
      users: [administratorUser(ids)],
      attachments: [administratorLink],
    }).account;
    for (const [name, user] of lent.users) {
      const there = first.account.users.get(name);
      const whole = there && { ...there, accessKeys: [...there.accessKeys, ...user.accessKeys] };
      first.account.users.set(name, whole ?? user);
    }
    for (const [key, link] of lent.attachments) first.account.attachments.set(key, link);
  }

  const cloud: Cloud = {
    account: first.account,
    previous: forkAccount(first.account),
    wroteAt: Number.NEGATIVE_INFINITY,
    trail: first.trail,
    calls: [],
    sessions: sessionsFrom(ids),
    ids,
    usedNonces: new Map(),
    foreigners: new Map(),
  };
  const functions = new Map<string, SandboxFunction>();
  const run = async (name: string, payload: Buffer): Promise<unknown> => {
    const fn = functions.get(name);
    if (fn === undefined) throw new Error(`the function \`${name}\` is not registered`);
    const { account, sessions } = cloud;
    return await fn.handler(payload, contextFor(fn, { account, sessions, ids, at: now(), region, log: options.log }));
  };
  const delivery = deliveryBy({ ...usualDelivery, ...options.delivery }, seed + 1, run);
  const invoker: Invoker = {
    has: (name) => functions.has(name),
    invoke: run,
    queue: (name, payload) => delivery.send(name, payload.toString()),
  };
  const faults = faultsFrom(seed + 2);
  const around: Surroundings = {
    now,
    staleReadMs: options.staleReadMs ?? 0,
    lookupDelayMs: options.lookupDelayMs ?? 0,
    dateWindowMs: options.dateWindowMs ?? quarterOfAnHour,
    trail: {
      region,
      secretsInEvents: options.secretsInEvents ?? false,
      dropResponseElements: options.dropResponseElements ?? false,
    },
    nextFault: faults.next,
    publish: (event) => {
      const payload = JSON.stringify(envelopeOf(event, cloud.account.accountId, region, now()));
      for (const fn of functions.values()) if (fn.subscribesToTrail === true) delivery.send(fn.name, payload);
    },
  };

  const looking: Omit<Sandbox, "endpoint" | "url" | "dingtalk" | "stop"> = {
    get accountId() {
      return cloud.account.accountId;
    },
    get administrator() {
      const user = findAdministrator(cloud.account);
      if (user === undefined) throw new Error("the account has no administrator with an active access key");
      return { userName: user.userName, ...keyIn(cloud.account, user.userName) };
    },
    keyOf: (userName) => keyIn(cloud.account, userName),
    sessionOf: (roleName, sessionName = "sandbox") => {
      const role = cloud.account.roles.get(roleKey(roleName));
      if (role === undefined) throw new Error(`the role \`${roleName}\` does not exist in the sandbox`);
      const whose = { roleName: role.roleName, roleId: role.roleId, sessionName, handedTo: cloud.account.accountId };
      const session = cloud.sessions.issue(whose, now(), 3600);
      const { accessKeyId, accessKeySecret, securityToken } = session;
      return { accessKeyId, accessKeySecret, securityToken };
    },
    foreigner: (accountId, userName = "stranger") => {
      const [accessKeyId, accessKeySecret] = [ids.accessKeyId(), ids.accessKeySecret()];
      cloud.foreigners.set(accessKeyId, { accountId, userName, secret: accessKeySecret });
      return { accessKeyId, accessKeySecret };
    },
    registerFunction: (fn) => void functions.set(fn.name, fn),
    invoke: async (name, payload) => run(name, Buffer.from(payload)),
    settle: delivery.settle,
    dump: (wish) => dumpAccount(cloud.account, cloud.trail, wish),
    load: (snapshot) => {
      const { account, trail } = begin(snapshot);
      cloud.account = account;
      cloud.previous = forkAccount(account);
      cloud.wroteAt = Number.NEGATIVE_INFINITY;
      cloud.trail = trail;
    },
    faults: faults.control,
    calls: {
      list: () => [...cloud.calls],
      clear: () => {
        cloud.calls = [];
      },
    },
    get trail() {
      return cloud.trail;
    },
    deadLetters: delivery.deadLetters,
    seed,
  };
  return { looking, cloud, around, invoker, stop: delivery.stop };
};

/** A sandbox without a socket: whoever holds it hands over requests as they would come over the wire. */
export const sandboxInProcess = (options: SandboxOptions = {}): SandboxInProcess => {
  const { looking, cloud, around } = assemble(options);
  const answer = (request: Received): Reply => answerCall(cloud, around, request, "127.0.0.1");
  return Object.defineProperties({ answer } as SandboxInProcess, Object.getOwnPropertyDescriptors(looking));
};

/** Starts an Alibaba Cloud in a box on 127.0.0.1. See README.md beside this file for what it models. */
export const startSandbox = async (options: SandboxOptions = {}): Promise<Sandbox> => {
  const { looking, cloud, around, invoker, stop } = assemble(options);
  const robot = options.dingtalk === undefined ? undefined : createDingtalkStandIn(options.dingtalk);
  const mounts: readonly Mount[] = [
    ...(options.mounts ?? []),
    ...(robot === undefined
      ? []
      : [
          { path: "/robot/send", handle: robot.handle },
          {
            path: "/inbox",
            handle: (_request: IncomingMessage, response: ServerResponse) => {
              response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(robot.messages()));
            },
          },
        ]),
  ];

  const server = await listen(options.port ?? 0, async (request, response) => {
    const path = (request.url ?? "/").split("?")[0] ?? "/";
    const mount = mounts.find((each) => path === each.path || path.startsWith(`${each.path}/`));
    if (mount !== undefined) return mount.handle(request, response);
    const received = await receive(request);
    const sourceIp = request.socket.remoteAddress ?? "127.0.0.1";
    const name = invokedFunction(received);
    const reply =
      name === undefined
        ? answerCall(cloud, around, received, sourceIp)
        : await answerInvoke(cloud, around, invoker, received, name, sourceIp);
    send(response, reply, options.holdMs ?? 60_000);
  });

  const url = `http://127.0.0.1:${server.port}`;
  const place = {
    endpoint: `127.0.0.1:${server.port}`,
    url,
    ...(robot === undefined || options.dingtalk === undefined
      ? {}
      : {
          dingtalk: {
            url: `${url}/robot/send?access_token=${encodeURIComponent(options.dingtalk.accessToken)}`,
            inboxUrl: `${url}/inbox`,
            robot,
          },
        }),
    stop: async () => {
      stop();
      await server.stop();
    },
  };
  // Some of it is read anew each time, so it is not copied.
  return Object.defineProperties(place as unknown as Sandbox, Object.getOwnPropertyDescriptors(looking));
};
