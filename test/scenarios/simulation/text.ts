import type { Simulated } from "./simulate.ts";

/** What a seed found, and how to see it again. */
export const violationsText = ({ seed, digest, violations }: Simulated): string =>
  [
    `seed ${seed}, trace ${digest}; again: npm run test:sim -- --seeds 1 --from ${seed}`,
    ...violations.map(({ invariant, at, what }) => `  ${invariant}: ${what}, at ${new Date(at).toISOString()}`),
  ].join("\n");
