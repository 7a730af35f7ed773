import { withoutPercents } from "./read-json.ts";

/** As often as `readJson` looks inside. */
const mostWrappings = 3;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/**
 * A document's own text, out of the percent-encoding and the JSON strings in which events carry it at times: what RAM
 * takes when it is sent again. What is no JSON inside stays as it came.
 */
export const documentText = (given: string): string => {
  let text = given;
  for (let round = 0; round < mostWrappings; round += 1) {
    const plain = withoutPercents(text.startsWith("\uFEFF") ? text.slice(1) : text);
    if (!plain.trimStart().startsWith('"')) return isJson(plain) ? plain : given;
    try {
      text = JSON.parse(plain) as string;
    } catch {
      return given;
    }
  }
  return given;
};
