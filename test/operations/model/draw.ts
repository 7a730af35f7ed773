import type { GeneratorValue } from "fast-check";
import fc from "fast-check";

/** Where all that is random comes from: fast-check, so that a failure is repeated by its seed and made smaller. */
export type Draw = {
  readonly int: (min: number, max: number) => number;
  readonly flag: (oneIn?: number) => boolean;
  readonly pick: <Value>(values: readonly Value[]) => Value;
  /** Undefined where there is nothing to pick from. */
  readonly any: <Value>(values: readonly Value[] | undefined) => Value | undefined;
  readonly some: <Value>(values: readonly Value[], atMost?: number) => readonly Value[];
};

/** The draws of one run of a property. */
export const drawsOf = (generate: GeneratorValue): Draw => {
  const int = (min: number, max: number): number => generate(fc.integer, { min, max });
  const any = <Value>(values: readonly Value[] = []): Value | undefined =>
    values.length === 0 ? undefined : values[int(0, values.length - 1)];
  return {
    int,
    flag: (oneIn = 2) => int(0, oneIn - 1) === oneIn - 1,
    any,
    pick: <Value>(values: readonly Value[]) => any(values) as Value,
    some: (values, atMost = values.length) => {
      const left = [...values];
      const chosen: (typeof values)[number][] = [];
      for (let wanted = int(0, Math.min(atMost, left.length)); wanted > 0; wanted -= 1)
        chosen.push(...left.splice(int(0, left.length - 1), 1));
      return chosen;
    },
  };
};
