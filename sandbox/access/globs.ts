/** Whether `text` is one of those that a pattern with `*` (any run) and `?` (one character) stands for. Linear, no regex. */
export const matchesGlob = (pattern: string, text: string): boolean => {
  let inPattern = 0;
  let inText = 0;
  let star = -1;
  let resume = 0;
  while (inText < text.length) {
    const letter = pattern[inPattern];
    if (letter === "*") {
      star = inPattern;
      resume = inText;
      inPattern += 1;
    } else if (letter !== undefined && (letter === "?" || letter === text[inText])) {
      inPattern += 1;
      inText += 1;
    } else if (star >= 0) {
      resume += 1;
      inPattern = star + 1;
      inText = resume;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === "*") inPattern += 1;
  return inPattern === pattern.length;
};

/** Actions compare without case (`policy-semantics.md` §5 A1); blanks around are official slips. */
export const matchesAction = (pattern: string, action: string): boolean =>
  matchesGlob(pattern.trim().toLowerCase(), action.toLowerCase());

const segments = (arn: string, most: number): readonly string[] => {
  const parts = arn.split(":");
  return parts.length <= most ? parts : [...parts.slice(0, most - 1), parts.slice(most - 1).join(":")];
};

/** Names of roles compare without case inside ARNs (A2). */
const foldRole = (relative: string): string => (/^role\//i.test(relative) ? relative.toLowerCase() : relative);

/**
 * Resources compare by segment: a `*` stays within one of the first four, and the last segment of a short pattern takes
 * the rest (A3). The literal resource `*` is matched by the pattern `*` only.
 */
export const matchesResource = (pattern: string, resource: string): boolean => {
  const wanted = segments(pattern.trim(), 5);
  const given = segments(resource, wanted.length);
  if (given.length !== wanted.length) return false;
  return wanted.every((part, index) => matchesGlob(foldRole(part), foldRole(given[index] ?? "")));
};
