import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { readSnapshot, type Snapshot, startSandbox } from "./index.ts";

/**
 * Runs a sandbox until it is interrupted: `tsx sandbox/main.ts [--port n] [--snapshot file] [--seed n] [--ready-file file]`.
 * What a client needs is printed as one JSON line, and written to the ready file once the sandbox listens.
 */
const { values } = parseArgs({
  options: {
    port: { type: "string" },
    snapshot: { type: "string" },
    seed: { type: "string" },
    "ready-file": { type: "string" },
  },
});
const snapshot: Snapshot | undefined = values.snapshot === undefined ? undefined : readSnapshot(values.snapshot);
const sandbox = await startSandbox({
  ...(values.port === undefined ? {} : { port: Number(values.port) }),
  ...(values.seed === undefined ? {} : { seed: Number(values.seed) }),
  ...(snapshot === undefined ? {} : { snapshot }),
});
const { endpoint, url, accountId, seed } = sandbox;
const ready = JSON.stringify({ endpoint, url, accountId, seed, ...sandbox.administrator });
if (values["ready-file"] !== undefined) writeFileSync(values["ready-file"], ready, { mode: 0o600 });
console.log(ready);
for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => void sandbox.stop());
