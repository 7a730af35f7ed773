import type { StateStore } from "../../shared/ports/state-store.ts";
import { StoreUnavailable } from "../../shared/ports/state-store.ts";
import type { World } from "../../shared/ports/world.ts";

export type Interruption = {
  /** The how-manieth call to the outside fails, counted from 1. */
  readonly at: number;
  /** Counts only calls of this name. */
  readonly of?: string;
  /** Whether the call takes effect first. */
  readonly when: "before" | "after";
  /** `death`: nothing works from then on, as when the process is gone. `hiccup`: only this one call fails. */
  readonly kind: "death" | "hiccup";
};

export type Interrupted = { readonly world: World; readonly calls: () => readonly string[] };

/** A world in which one call to the outside (state, cloud, channel) does not come back. */
export const interrupted = (world: World, { at, of, when, kind }: Interruption): Interrupted => {
  const calls: string[] = [];
  let dead = false;
  const fail = (name: string): never => {
    throw new StoreUnavailable(`interrupted at ${name}`);
  };
  const through =
    <Given extends readonly unknown[], Answer>(name: string, call: (...given: Given) => Promise<Answer>) =>
    async (...given: Given): Promise<Answer> => {
      if (dead) fail(name);
      if (of === undefined || of === name) calls.push(name);
      const now = of === undefined || of === name ? calls.length : 0;
      dead = kind === "death" && now === at && when === "before";
      if (now === at && when === "before") fail(name);
      const answer = await call(...given);
      if (now === at) {
        dead = kind === "death";
        fail(name);
      }
      return answer;
    };
  const { state } = world;
  const store: StateStore = {
    get: through("state.get", state.get),
    putIfAbsent: through("state.putIfAbsent", state.putIfAbsent),
    compareAndSet: through("state.compareAndSet", state.compareAndSet),
    delete: through("state.delete", state.delete),
    list: through("state.list", state.list),
  };
  return {
    calls: () => calls,
    world: {
      ...world,
      state: store,
      read: through("read", world.read),
      policyDocument: through("policyDocument", world.policyDocument),
      trail: through("trail", world.trail),
      holdersOf: through("holdersOf", world.holdersOf),
      grantsOf: through("grantsOf", world.grantsOf),
      groupsOf: through("groupsOf", world.groupsOf),
      membersOf: through("membersOf", world.membersOf),
      keeperOf: through("keeperOf", world.keeperOf),
      act: through("act", async (planId, planned) => {
        const session = await world.act(planId, planned);
        return session.ok
          ? { ok: true, value: { ...session.value, send: through("send", session.value.send) } }
          : session;
      }),
      channels: world.channels.map((channel) => ({ ...channel, send: through("channel.send", channel.send) })),
    },
  };
};
