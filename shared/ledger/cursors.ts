import type { AccountId } from "../domain/identity.ts";
import type { StateStore } from "../ports/state-store.ts";
import { asJson } from "./incident.ts";
import { rowKey } from "./keys.ts";

/** Where a piece of work that goes on over many invocations stands. `version` is undefined where it never began. */
export type Cursor<Place> = { readonly place: Place | undefined; readonly version: number | undefined };

export const readCursor = async <Place>(
  state: StateStore,
  accountId: AccountId,
  name: string,
): Promise<Cursor<Place>> => {
  const row = await state.get(rowKey("cursor", accountId, name));
  return { place: row?.value as Place | undefined, version: row?.version };
};

/** Moves a cursor on. Undefined when somebody else has moved it meanwhile: then the work is theirs. */
export const moveCursor = async <Place>(
  state: StateStore,
  accountId: AccountId,
  name: string,
  { version }: Cursor<Place>,
  place: Place,
): Promise<Cursor<Place> | undefined> => {
  const key = rowKey("cursor", accountId, name);
  const moved =
    version === undefined
      ? await state.putIfAbsent(key, asJson(place))
      : await state.compareAndSet(key, version, asJson(place));
  return moved.written ? { place, version: moved.version } : undefined;
};
