/** Counts the steps of a search, so that a document written to be hard ends in bounded time. */
export type Meter = {
  spent: number;
  readonly budget: number;
  /** How often laying patterns over each other was not enough and texts had to be searched. */
  searches: number;
};

export const newMeter = (budget: number): Meter => ({ spent: 0, budget, searches: 0 });

/** Thrown inside the comparer when the budget is gone, and turned into `undecided` at its door. */
export class BudgetSpent extends Error {}

export const spend = (meter: Meter, steps: number): void => {
  meter.spent += steps;
  if (meter.spent > meter.budget) throw new BudgetSpent(`more than ${meter.budget} steps of search`);
};
