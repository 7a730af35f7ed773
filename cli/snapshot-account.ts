import { randomUUID } from "node:crypto";
import type { Snapshot } from "../sandbox/index.ts";
import { sandboxInProcess, snapshotFaults } from "../sandbox/index.ts";
import type { Sender } from "../shared/aliyun/transport.ts";
import type { Result } from "../shared/domain/result.ts";
import { failed, ok } from "../shared/domain/result.ts";
import { answerOf, requestOf } from "./sandbox-wire.ts";

/** Far deeper than any snapshot is, and far from where a walk over it would run out of stack. */
const deepest = 200;

const isTooDeep = (value: unknown): boolean => {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth > deepest) return true;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return false;
};

/** The sandbox names what a link leads to, and what is there twice: values of the file, which are left out here. */
const placed = (fault: string): string => {
  const twice = /^(access key|(?:SAML|OIDC) provider|control policy|\w+) .* is there twice$/s.exec(fault)?.[1];
  if (twice !== undefined) return `$: a ${twice} is there twice`;
  if (fault.startsWith("the snapshot ")) return fault.replace("the snapshot", "$");
  return `$.${fault.replace(/(the unknown (?:resource group|[a-z]+)) .*$/s, "$1").replace(/: .*$/s, "")}`;
};

type Named = { readonly attachments?: Snapshot["attachments"] };

/**
 * Who holds a policy is there: a file that is made by hand for one question need not describe them further. A role has a
 * trust policy, which nobody can guess, so it has to be in the file.
 */
const withHolders = (value: object): object => {
  const { attachments } = value as Named;
  if (!Array.isArray(attachments)) return value;
  const named = (kind: "user" | "group", field: string, list: unknown): readonly unknown[] => {
    const there = Array.isArray(list) ? (list as readonly unknown[]) : [];
    const known = new Set(there.map((one) => (one as { readonly [name: string]: unknown } | null)?.[field]));
    const missing = attachments.flatMap((link) =>
      link?.principalType === kind && typeof link.principalName === "string" && !known.has(link.principalName)
        ? [link.principalName]
        : [],
    );
    return [...there, ...[...new Set(missing)].map((name) => ({ [field]: name }))];
  };
  const { users, groups } = value as { readonly users?: unknown; readonly groups?: unknown };
  const isList = (list: unknown): boolean => list === undefined || Array.isArray(list);
  return {
    ...value,
    ...(isList(users) ? { users: named("user", "userName", users) } : {}),
    ...(isList(groups) ? { groups: named("group", "groupName", groups) } : {}),
  };
};

/** Reads a snapshot's text. The errors name the place in the snapshot, and never quote a value. */
export const readSnapshotText = (text: string): Result<Snapshot, readonly string[]> => {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return failed(["not JSON"]);
  }
  if (isTooDeep(value)) return failed(["nested too deep"]);
  const whole = typeof value === "object" && value !== null && !Array.isArray(value) ? withHolders(value) : value;
  const faults = snapshotFaults(whole);
  return faults.length > 0 ? failed(faults.map(placed)) : ok(whole as Snapshot);
};

/** An account that stands as a snapshot says, with whoever may read all of it. */
export type SnapshotAccount = {
  readonly credentials: { readonly accessKeyId: string; readonly accessKeySecret: string };
  /** Carries calls to it without a socket. */
  readonly sender: Sender;
};

/** `now` is the time in it, epoch milliseconds. */
export const accountOf = (snapshot: Snapshot, now: number): SnapshotAccount => {
  const credentials = { accessKeyId: "LTAIofWhoeverJudges", accessKeySecret: randomUUID() };
  const sandbox = sandboxInProcess({
    seed: 1,
    clock: { now: () => now },
    dateWindowMs: Number.POSITIVE_INFINITY,
    accountId: snapshot.accountId,
  });
  // A snapshot that a sandbox begins with gets an administrator, who would count as one of the account; one that is loaded
  // stands as it is. The key of the account owner reads it: no user and no role has to be added.
  const { accessKeyId, accessKeySecret: secret } = credentials;
  sandbox.load({ ...snapshot, rootKeys: [...(snapshot.rootKeys ?? []), { accessKeyId, secret }] });
  let calls = 0;
  const sender: Sender = async (request) => {
    calls += 1;
    return answerOf(sandbox.answer(requestOf(request, now, `call-${calls}`)));
  };
  return { credentials, sender };
};
