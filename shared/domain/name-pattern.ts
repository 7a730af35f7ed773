/**
 * Whether a pattern with `*` and `?` stands for the whole of a text: anchored at both ends, case counts. Linear in the text
 * for each `*` of the pattern, so that no pattern can be made slow.
 */
export const standsFor = (pattern: string, text: string): boolean => {
  let [at, inText, star, afterStar] = [0, 0, -1, 0];
  while (inText < text.length) {
    if (pattern[at] === "?" || (pattern[at] !== "*" && pattern[at] === text[inText])) {
      at += 1;
      inText += 1;
    } else if (pattern[at] === "*") {
      star = at;
      afterStar = inText;
      at += 1;
    } else if (star !== -1) {
      at = star + 1;
      afterStar += 1;
      inText = afterStar;
    } else return false;
  }
  while (pattern[at] === "*") at += 1;
  return at === pattern.length;
};

/** Whether a text is a pattern, and not a name by itself. */
export const hasWildcard = (text: string): boolean => /[*?]/.test(text);
