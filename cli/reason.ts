import { BadInput } from "./output.ts";

/** A reason is a line for people, not a document. */
const longestReason = 500;

/** What `--because` says, without the space around it. */
export const reasonIn = (given: string | undefined): string => {
  const because = (given ?? "").trim();
  if (because === "" || because.length > longestReason)
    throw new BadInput(`\`--because\` takes a reason of 1 to ${longestReason} characters`);
  return because;
};
