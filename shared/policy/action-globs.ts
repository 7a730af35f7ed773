import type { Globs } from "./document.ts";

/** Whether one action, written without wildcards, is in a set of action patterns; actions have no case. */
export const matchesAny = ({ complement, patterns }: Globs, action: string): boolean => {
  const name = action.toLowerCase();
  return patterns.some((pattern) => matches(pattern.toLowerCase(), name)) !== complement;
};

/** Greedy, with one place to go back to: never more than pattern × text steps, whatever the pattern. */
const matches = (pattern: string, text: string): boolean => {
  let at = 0;
  let position = 0;
  let run: { readonly after: number; resume: number } | undefined;
  while (position < text.length) {
    const letter = pattern[at];
    if (letter === "*") {
      at += 1;
      run = { after: at, resume: position };
    } else if (letter === "?" || letter === text[position]) {
      at += 1;
      position += 1;
    } else if (run !== undefined) {
      run.resume += 1;
      at = run.after;
      position = run.resume;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
};

/**
 * The actions that let a caller take on a role. RAM documents `sts:AssumeRole` for all principals; the other two occur
 * in documents of third parties, and are read as what they say.
 */
export const assumeActions: readonly string[] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithOIDC"];
