import type { AccountId } from "../domain/identity.ts";
import type { Renaming } from "../domain/renaming.ts";
import type { StateStore } from "../ports/state-store.ts";
import { rowKey } from "./keys.ts";
import { rows } from "./rows.ts";

/** Who is known to have been given a name by a renaming, and when, epoch milliseconds. */
export const renamedTo = async (
  { state, accountId }: { readonly state: StateStore; readonly accountId: AccountId },
  { kind, to }: Pick<Renaming, "kind" | "to">,
): Promise<readonly { readonly from: string; readonly at: number }[]> => {
  const found: { readonly from: string; readonly at: number }[] = [];
  const prefix = rowKey("renamed", accountId, `${kind}/`);
  for await (const { key, value } of rows(state, prefix))
    for (const one of value as unknown as readonly { readonly to: string; readonly at: number }[])
      if (one.to === to) found.push({ from: key.slice(prefix.length), at: one.at });
  return found;
};
