/**
 * Remembers the last answers of a pure function of texts. One event asks the same of the same documents several times:
 * each rule, for the claim and for the live subject. `most` bounds what is kept; the oldest answer goes first.
 */
export const remembered = <Answer>(ask: (...texts: readonly string[]) => Answer, most = 64) => {
  const answers = new Map<string, Answer>();
  return (...texts: readonly string[]): Answer => {
    // Lengths in front, so that two lists of texts never share a key.
    const key = `${texts.map((text) => text.length).join(",")}:${texts.join("")}`;
    const known = answers.get(key);
    if (known !== undefined) return known;
    const answer = ask(...texts);
    const oldest = answers.keys().next().value;
    if (answers.size >= most && oldest !== undefined) answers.delete(oldest);
    answers.set(key, answer);
    return answer;
  };
};
