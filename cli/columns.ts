/** How many columns of a terminal a text takes: Chinese letters take two. */
export const columns = (text: string): number =>
  [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 2 : 1), 0);

/** The text, as wide as a column is. */
export const padded = (text: string, width: number): string =>
  `${text}${" ".repeat(Math.max(0, width - columns(text)))}`;
