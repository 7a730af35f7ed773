import { type Draw, drawsFrom } from "./random.ts";

/**
 * What can go wrong on the way. The `-after` kinds and `empty` let the call take effect first; `timeout-*` holds the
 * connection open without an answer; `stale-read` answers a read from the account before its last write.
 */
export const faultKinds = [
  "throttle",
  "server-error",
  "server-error-after",
  "html",
  "timeout-before",
  "timeout-after",
  "cut-before",
  "cut-after",
  "stale-read",
  "empty",
  "unavailable",
  "concurrent-call",
] as const;

export type FaultKind = (typeof faultKinds)[number];

export type Fault = {
  /** What is left out matches everything. `caller` is a user's name, a role's name, or `role:session`. */
  readonly match: {
    readonly service?: string;
    readonly operation?: string;
    readonly caller?: string;
    /** The how-manieth matching call since the fault was set, counted from 1. */
    readonly nth?: number;
  };
  readonly kind: FaultKind;
  /** How many calls it strikes, 1 unless told; `Infinity` for all. */
  readonly times?: number;
};

export type FaultedCall = {
  readonly service: string;
  readonly operation: string;
  readonly caller: string;
  readonly access: "Read" | "Write";
};

export type Rates = Partial<Readonly<Record<FaultKind, number>>>;

export type Faults = {
  readonly inject: (fault: Fault) => void;
  readonly clear: () => void;
  /** Strikes calls by chance from now on: `rates` are odds of 0 to 1 by kind. The same seed strikes the same calls. */
  readonly random: (seed: number, rates: Rates) => void;
  readonly seed: number;
};

const matches = ({ match, kind }: Fault, call: FaultedCall): boolean =>
  (match.service === undefined || match.service === call.service) &&
  (match.operation === undefined || match.operation === call.operation) &&
  (match.caller === undefined || match.caller === call.caller || match.caller === call.caller.split(":")[0]) &&
  (kind !== "stale-read" || call.access === "Read");

/** Faults that were asked for strike first; then chance does. */
export const faultsFrom = (
  seed: number,
): { readonly control: Faults; readonly next: (call: FaultedCall) => FaultKind | undefined } => {
  let active: { readonly fault: Fault; seen: number; left: number }[] = [];
  let chance: { readonly draw: Draw; readonly rates: Rates } | undefined;
  let current = seed;
  const asked = (call: FaultedCall): FaultKind | undefined => {
    let struck: FaultKind | undefined;
    for (const entry of active) {
      if (!matches(entry.fault, call)) continue;
      entry.seen += 1;
      if (struck !== undefined || entry.left <= 0 || entry.seen < (entry.fault.match.nth ?? 1)) continue;
      entry.left -= 1;
      struck = entry.fault.kind;
    }
    return struck;
  };
  const byChance = (call: FaultedCall): FaultKind | undefined => {
    if (chance === undefined) return undefined;
    let rest = chance.draw();
    for (const kind of faultKinds) {
      rest -= chance.rates[kind] ?? 0;
      if (rest < 0) return kind === "stale-read" && call.access === "Write" ? undefined : kind;
    }
    return undefined;
  };
  return {
    control: {
      inject: (fault) => active.push({ fault, seen: 0, left: fault.times ?? 1 }),
      clear: () => {
        active = [];
        chance = undefined;
      },
      random: (newSeed, rates) => {
        current = newSeed;
        chance = { draw: drawsFrom(newSeed), rates };
      },
      get seed() {
        return current;
      },
    },
    next: (call) => asked(call) ?? byChance(call),
  };
};
