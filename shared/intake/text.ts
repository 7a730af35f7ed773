import { type Collector, refuse } from "./collector.ts";
import { guarded, takeValue } from "./payload.ts";
import { noEnvelope } from "./record.ts";

type Parsed = { readonly ok: true; readonly value: unknown } | { readonly ok: false; readonly because: string };

/** The parser's message quotes the text, which may hold a secret: only the position is kept. */
const parse = (text: string): Parsed => {
  try {
    return { ok: true, value: JSON.parse(text) };
  } catch (error) {
    const position = /position (\d+)/.exec(error instanceof Error ? error.message : "")?.[1];
    return { ok: false, because: position === undefined ? "is not JSON" : `is not JSON, from position ${position} on` };
  }
};

const isBlank = (text: string): boolean => text.trim() === "";

const takeParsed = (
  text: string,
  parsed: Parsed,
  where: string,
  because: string | undefined,
  into: Collector,
): void => {
  if (parsed.ok) guarded(where, into, () => takeValue(parsed.value, where, 0, noEnvelope, into));
  else refuse(into, where, because ?? parsed.because, text);
};

/** JSON Lines: each line is a payload of its own. False when no line is one, and then nothing was taken. */
const takeLines = (text: string, where: string, into: Collector): boolean => {
  const texts = text.split(/\r?\n/);
  const lines = texts.map((line) => (isBlank(line) ? undefined : parse(line)));
  const records = lines.filter((line) => line?.ok === true && typeof line.value === "object" && line.value !== null);
  if (records.length === 0 || lines.filter((line) => line !== undefined).length < 2) return false;
  lines.forEach((line, index) => {
    if (line !== undefined) takeParsed(texts[index] ?? "", line, `${where} line ${index + 1}`, undefined, into);
  });
  return true;
};

/** The end of the list element that starts at `from`, by brackets and strings alone; -1 when the text ends before it. */
const endOfElement = (text: string, from: number): number => {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      for (at++; at < text.length && text.charCodeAt(at) !== 34; at++) if (text.charCodeAt(at) === 92) at++;
    } else if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) {
      if (depth === 0) return at;
      depth--;
    } else if (code === 44 && depth === 0) return at;
  }
  return -1;
};

/** A broken list: its elements are cut out one by one, so that a bad one costs itself and a cut tail costs the tail. */
const takeBrokenList = (text: string, open: number, where: string, into: Collector): void => {
  let from = open + 1;
  for (let index = 0; ; index++) {
    const end = endOfElement(text, from);
    const element = text.slice(from, end === -1 ? undefined : end);
    const isLast = end === -1 || text.charCodeAt(end) !== 44;
    const because = end === -1 ? "is cut off before its end" : "is not JSON";
    takeParsed(element, parse(element), `${where}[${index}]`, because, into);
    if (isLast) {
      if (end !== -1 && !isBlank(text.slice(end + 1)))
        refuse(into, where, `is not JSON, from position ${end + 1} on`, text.slice(end + 1));
      return;
    }
    from = end + 1;
  }
};

const listOpening = /^\s*\{[^[{]*"(Events|events|logs|Logs)"\s*:\s*\[/;

const takeBrokenText = (text: string, because: string, where: string, into: Collector): void => {
  const start = text.trimStart();
  if (start.startsWith("[") && !parse(start.split(/\r?\n/, 1)[0] ?? "").ok) {
    takeBrokenList(text, text.indexOf("["), where, into);
    return;
  }
  if (takeLines(text, where, into)) return;
  const list = listOpening.exec(text);
  if (list === null) refuse(into, where, because, text);
  else takeBrokenList(text, list[0].length - 1, `${where}.${list[1]}`, into);
};

/** What comes after the head of an HTTP answer, as `curl -i` prints it; undefined for any other text. */
const bodyOfAnswer = (text: string): string | undefined => {
  const start = text.trimStart();
  if (!/^HTTP\/\d(?:\.\d)? \d{3}\b/.test(start)) return undefined;
  const ends = ["\r\n\r\n", "\n\n"].flatMap((blank) => {
    const at = start.indexOf(blank);
    return at === -1 ? [] : [at + blank.length];
  });
  return ends.length === 0 ? "" : start.slice(Math.min(...ends));
};

/** Takes in a text: JSON, JSON Lines, what can be saved of a broken list, or any of them after the head of an HTTP answer. */
export const takeText = (text: string, where: string, into: Collector): void => {
  const parsed = parse(text);
  const body = parsed.ok ? undefined : bodyOfAnswer(text);
  if (parsed.ok) takeValue(parsed.value, where, 0, noEnvelope, into);
  else if (isBlank(text)) refuse(into, where, "is empty", text);
  else if (body !== undefined && isBlank(body))
    refuse(into, where, "is the head of an HTTP answer, without a body", text);
  // A proxy, or a request that asked to go on, puts a head of its own in front.
  else if (body !== undefined) takeText(body, `${where}.body`, into);
  else takeBrokenText(text, parsed.because, where, into);
};
