import type { Grant, Reading, Witness } from "./comparison.ts";
import { type Atom, testKey } from "./condition-atom.ts";
import type { ConditionTest } from "./document.ts";
import { type EffectiveSet, type NewRegion, regionsBetween } from "./effective-set.ts";
import { type Effective, isAllowed } from "./evaluate.ts";
import { BudgetSpent, type Meter } from "./meter.ts";
import { likeliest, readable } from "./readable.ts";
import { type Dimension, keyOf } from "./ready.ts";
import { type Found, findRequest, type Memory } from "./region.ts";
import { keysComparedTwice, opaqueThatHold, spellWitness, unusedCharacter } from "./witness.ts";

export type Sides = { readonly before: Effective; readonly after: Effective };

/** A reading's answer. A witness is only here once the evaluator has agreed to it. */
export type Answer =
  | { readonly result: "no-new-access"; readonly grants: readonly [] }
  | { readonly result: "undecided"; readonly grants: readonly []; readonly because: string }
  | { readonly result: "new-access"; readonly grants: readonly [Proof, ...Proof[]] };

/** A grant, and the tests that its witness takes to hold without understanding them. */
export type Proof = { readonly grant: Grant; readonly held: ReadonlySet<string> };

/** The new documents allow the request and the old ones do not, by the evaluator's word. */
export const isNew = (
  { before, after }: Sides,
  witness: Witness,
  reading: Reading,
  held: ReadonlySet<string>,
): boolean => {
  const opaqueHolds = (test: ConditionTest): boolean => held.has(`opaque ${testKey(test)}`);
  const options = { ...reading, opaqueHolds };
  return isAllowed(after, witness, options) && !isAllowed(before, witness, options);
};

const allTexts = function* ({ before, after }: Sides): Generator<string> {
  for (const { documents, session } of [before, after]) {
    for (const document of [...documents.map((attached) => attached.document), ...(session ?? [])]) {
      for (const { action, resource, principal, conditions } of document.statements) {
        yield* action.patterns;
        yield* resource?.patterns ?? [];
        for (const { value } of principal?.patterns ?? []) yield value;
        for (const { values } of conditions) yield* values;
      }
    }
  }
};

/** Spells what was found as a request and has it checked; a text is why it could not be proven. */
const prove = (found: Found, region: NewRegion, sides: Sides, reading: Reading): Proof | string => {
  const held = opaqueThatHold(found);
  const agreed = (witness: Witness): boolean => isNew(sides, witness, reading, held);
  const spelled = spellWitness(found, "x");
  // Mostly this is agreed to, and then nothing else needs to be.
  const told = likeliest(spelled[0], region);
  const witness = agreed(told)
    ? told
    : (spelled.find(agreed) ?? spellWitness(found, unusedCharacter(allTexts(sides))).find(agreed));
  if (witness === undefined) {
    const [twice] = keysComparedTwice(found);
    const key = [...found.assignment.values()]
      .flatMap(({ atoms }) => atoms)
      .find(({ test }) => test.key.toLowerCase() === twice);
    return key === undefined ? "a witness failed its check" : `\`${key.test.key}\` is compared in two ways`;
  }
  const denied = region.noLongerDeniedBy;
  const grant = {
    witness: witness === told ? told : readable(witness, region, agreed),
    allowedBy: region.allowedBy.ref,
    ...(denied === undefined ? {} : { noLongerDeniedBy: denied.ref }),
  };
  return { grant, held };
};

export type Task = {
  readonly sides: Sides;
  readonly before: EffectiveSet;
  readonly after: EffectiveSet;
  readonly dimensions: readonly Dimension[];
  readonly meter: Meter;
  readonly memory: Memory;
  readonly met: (atoms: readonly Atom[]) => void;
  readonly all: boolean;
};

/** Searches every region of new access under one reading, until one witness is found or, with `all`, one for each Allow. */
export const answer = (task: Task, reading: Reading): Answer => {
  const search = { dimensions: task.dimensions, reading, meter: task.meter, memory: task.memory, met: task.met };
  const regions = regionsBetween(task.before, task.after);
  const grants: Proof[] = [];
  const granting = new Set<string>();
  let unproven: string | undefined;
  try {
    for (const allow of task.after.allows) {
      // What is said twice is told once.
      if (granting.size > 0 && granting.has(keyOf(allow))) continue;
      for (const region of regions(allow)) {
        const found = findRequest(region.inside, region.outside, search);
        if (found === undefined) continue;
        const proof = prove(found, region, task.sides, reading);
        if (typeof proof === "string") {
          unproven ??= proof;
          continue;
        }
        grants.push(proof);
        if (task.all) granting.add(keyOf(allow));
        break;
      }
      if (grants.length > 0 && !task.all) break;
    }
  } catch (error) {
    if (!(error instanceof BudgetSpent)) throw error;
    if (grants.length === 0) return { result: "undecided", grants: [], because: error.message };
  }
  const [first, ...others] = grants;
  if (first === undefined && unproven !== undefined) return { result: "undecided", grants: [], because: unproven };
  return first === undefined
    ? { result: "no-new-access", grants: [] }
    : { result: "new-access", grants: [first, ...others] };
};
