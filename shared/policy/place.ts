import { memberPath } from "./text-scan.ts";

/** A place in a document as a chain of steps; spelled only when there is something to say of it. */
export type Place = { readonly under: Place | undefined; readonly step: string | number };

export const root: Place = { under: undefined, step: "$" };

export const inside = (under: Place, step: string | number): Place => ({ under, step });

/** `$.Statement[2].Condition.StringEquals`. */
export const spellPlace = ({ under, step }: Place): string =>
  under === undefined ? String(step) : memberPath(spellPlace(under), step);
