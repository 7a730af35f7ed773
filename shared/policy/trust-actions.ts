import type { Globs } from "./document.ts";

/**
 * The actions that let a caller take on a role. RAM documents `sts:AssumeRole` for all principals; the other two occur
 * in documents of third parties, and are read as what they say.
 */
export const assumeActions: readonly string[] = ["sts:AssumeRole", "sts:AssumeRoleWithSAML", "sts:AssumeRoleWithOIDC"];

/** Whether one text matches a pattern of `*` and `?`: greedy, with one place to go back to, so never more than n × m steps. */
export const matchesPattern = (pattern: string, text: string): boolean => {
  let at = 0;
  let star = -1;
  let resume = 0;
  let position = 0;
  while (position < text.length) {
    const letter = pattern[at];
    if (letter === "*") {
      star = at;
      resume = position;
      at += 1;
    } else if (letter === "?" || letter === text[position]) {
      at += 1;
      position += 1;
    } else if (star >= 0) {
      at = star + 1;
      resume += 1;
      position = resume;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
};

/** Whether an action is in a set of action patterns; actions have no case. */
export const matchesAny = (globs: Globs, action: string): boolean => {
  const text = action.toLowerCase();
  return globs.patterns.some((pattern) => matchesPattern(pattern.toLowerCase(), text)) !== globs.complement;
};
