import type { Lease } from "./ledger/lease.ts";
import { leaseNow, renewLease } from "./ledger/lease.ts";
import type { World } from "./ports/world.ts";

/** What is under way when time runs out takes this long at the most: one event, reading back included. */
export const lastStepMs = 150_000;

/** How often a sweep that works renews its lease: one that died is given up soon, however much time it had. */
const renewEveryMs = 30_000;
export const leaseMs = renewEveryMs + lastStepMs;

/** The lease of a sweep, renewed as it goes on; `isHeld` is asked before anything new is begun. */
export const heldLease = ({ state, clock, log }: World, lease: Lease) => {
  let renewedAt = clock.now();
  let renewing: Promise<void> | undefined;
  let isLost = false;
  const renew = async (): Promise<void> => {
    try {
      isLost = (await renewLease(state, clock, lease, leaseMs)) === undefined;
    } catch {
      log("warn", "the sweep could not renew its lease");
    }
    renewing = undefined;
  };
  return {
    isHeld: (): boolean => {
      if (renewing === undefined && clock.now() - renewedAt >= renewEveryMs) {
        renewedAt = clock.now();
        renewing = renew();
      }
      return !isLost;
    },
    /** The lease as it stands, once nobody renews it any more. */
    end: async (): Promise<Lease> => {
      await renewing;
      return (await leaseNow(state, lease)) ?? lease;
    },
  };
};
