import type { Call } from "../../../shared/domain/plan.ts";
import { gone } from "../../../shared/domain/subject.ts";
import type { Row } from "../../../shared/ports/state-store.ts";
import type { World } from "../../../shared/ports/world.ts";
import type { Conditions } from "./conditions.ts";
import type { Sabotage } from "./simulate.ts";
import type { Invariant } from "./watch.ts";

/** A guard that is broken on purpose, and the invariant that must find it out. */
export type Broken = Sabotage & { readonly name: string; readonly finds: Invariant };

const withSend =
  (change: (send: (call: Call) => Promise<unknown>, call: Call) => Promise<void>) =>
  (world: World): World => ({
    ...world,
    act: async (planId, calls) => {
      const session = await world.act(planId, calls);
      const [call] = calls;
      if (session.ok && call !== undefined) await change(session.value.send, call);
      return session;
    },
  });

const calm: Partial<Conditions> = {
  cloudFaults: 0,
  storeFaults: 0,
  channelFaults: 0,
  crashes: 0,
  slow: 0,
  stalls: 0,
  lostDeliveries: 0,
  actions: 15,
  actForMs: 600_000,
  healAtMs: 900_000,
};

const harmless = [
  ["System", "ReadOnlyAccess"],
  ["Custom", "harmless"],
] as const;

const isLease = (key: string): boolean => key.startsWith("lease/") && !key.endsWith("/sweep");

export const brokenGuards: readonly Broken[] = [
  {
    name: "writes before it says in the ledger that it will",
    finds: "no write without a prior intent",
    conditions: calm,
    world: withSend(async (send, call) => {
      await send(call);
    }),
  },
  {
    name: "does something else than it planned",
    finds: "no write outside the plan",
    conditions: calm,
    world: (world) => ({
      ...world,
      act: async (planId, calls) => {
        const session = await world.act(planId, calls);
        if (!session.ok) return session;
        const { send } = session.value;
        const other = (call: Call): Call => ({
          ...call,
          parameters: { ...call.parameters, PolicyName: "ReadOnlyAccess" },
        });
        return { ok: true, value: { ...session.value, send: (call) => send(other(call)) } };
      },
    }),
  },
  {
    name: "takes no heed of leases",
    finds: "no two live writers on one subject",
    conditions: { ...calm, duplicates: 1, slow: 0.1, actions: 25 },
    world: (world) => {
      const mine = new Map<string, Row>();
      const { state } = world;
      return {
        ...world,
        state: {
          ...state,
          get: async (key) => mine.get(key) ?? state.get(key),
          putIfAbsent: async (key, value, expiry) => {
            if (!isLease(key)) return state.putIfAbsent(key, value, expiry);
            mine.set(key, { key, value, version: 1 });
            return { written: true, version: 1 };
          },
          delete: async (key, version) => mine.delete(key) || state.delete(key, version),
        },
      };
    },
  },
  {
    name: "repeats a write whose answer was lost without a look",
    finds: "one remediation for each incident",
    conditions: calm,
    world: (world) => ({
      ...world,
      act: async (planId, calls) => {
        const session = await world.act(planId, calls);
        if (!session.ok) return session;
        const { send } = session.value;
        return {
          ok: true,
          value: {
            ...session.value,
            send: async (call) => {
              await send(call);
              return send(call);
            },
          },
        };
      },
    }),
  },
  {
    name: "says that it is done when it is not, and is not swept after",
    finds: "no event unaccounted for",
    conditions: { ...calm, cloudFaults: 0.3, storeFaults: 0.1 },
    swallowsFailures: true,
    withoutSweep: true,
  },
  {
    name: "takes every subject for gone",
    finds: "what breaks a rule is ended or told with a reason",
    conditions: calm,
    world: (world) => ({ ...world, read: async () => ({ ok: true, value: gone }) }),
  },
  {
    name: "believes that it wrote",
    finds: "what was told as put back stands so",
    conditions: calm,
    world: (world) => {
      let wrote = false;
      return {
        ...world,
        read: async (subject) => (wrote ? { ok: true, value: gone } : world.read(subject)),
        act: async (planId, calls) => {
          const session = await world.act(planId, calls);
          if (!session.ok) return session;
          const send = async () => {
            wrote = true;
            return { ok: true, value: { requestId: `made up for ${planId}` } } as const;
          };
          return { ok: true, value: { ...session.value, send } };
        },
      };
    },
  },
  {
    name: "forgets which events it has dealt with",
    finds: "few incidents for each event",
    conditions: calm,
    world: (world) => ({
      ...world,
      state: {
        ...world.state,
        putIfAbsent: async (key, value, expiry) =>
          key.startsWith("event/") ? { written: true, version: 1 } : world.state.putIfAbsent(key, value, expiry),
      },
    }),
  },
  {
    name: "believes that it told",
    finds: "each incident is told",
    conditions: calm,
    world: (world) => ({
      ...world,
      channels: world.channels.map((channel) => ({ ...channel, send: async () => ({ kind: "sent" }) as const })),
    }),
  },
  {
    name: "says it twice as if it were new",
    finds: "told twice only where marked",
    conditions: calm,
    world: (world) => ({
      ...world,
      channels: world.channels.map((channel) => ({
        ...channel,
        send: async (message) => {
          await channel.send(message);
          return channel.send(message);
        },
      })),
    }),
  },
  {
    name: "takes harmless grants away as well",
    finds: "nothing that was not judged is touched",
    conditions: calm,
    world: (world) => ({
      ...world,
      act: async (planId, calls) => {
        const more = harmless.map(([PolicyType, PolicyName]): Call => {
          const parameters = { PolicyType, PolicyName, UserName: "alice" };
          return { service: "Ram", operation: "DetachPolicyFromUser", parameters };
        });
        const session = await world.act(planId, [...calls, ...more]);
        if (session.ok) for (const call of more) await session.value.send(call);
        return session;
      },
    }),
  },
  {
    name: "gives up in the middle, and is not swept after",
    finds: "nothing is left open",
    conditions: { ...calm, crashes: 1 },
    swallowsFailures: true,
    withoutSweep: true,
  },
  {
    name: "accepts whatever it sees",
    finds: "only what breaks no rule is accepted",
    conditions: calm,
    world: (world) => ({
      ...world,
      read: async (subject) => {
        const read = await world.read(subject);
        if (subject.kind === "role-trust" && read.ok && read.value.kind === "role-trust") {
          const baseline = { state: read.value, since: world.clock.now(), source: "event" };
          const key = `baseline/${subject.accountId}/${subject.accountId}/role-trust/${subject.roleName.toLowerCase()}`;
          await world.state.putIfAbsent(key, JSON.parse(JSON.stringify(baseline)));
        }
        return read;
      },
    }),
  },
  {
    name: "leaves entries of its record out",
    finds: "ledger chain valid",
    conditions: calm,
    world: (world) => ({
      ...world,
      state: {
        ...world.state,
        putIfAbsent: async (key, value, expiry) =>
          /^journal\/.*[05]$/.test(key) ? { written: true, version: 1 } : world.state.putIfAbsent(key, value, expiry),
      },
    }),
  },
];
