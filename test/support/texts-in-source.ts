import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** The files at a path, and below it. */
export const filesIn = (path: string): readonly string[] =>
  statSync(path).isDirectory() ? readdirSync(path).flatMap((name) => filesIn(join(path, name))) : [path];

/** The texts of a source, what a template is filled with as `X`. Comments have none. */
export const textsIn = (source: string): readonly string[] => {
  const texts: string[] = [];
  const code = source.replace(/\/\*[\s\S]*?\*\//g, "").replace(/^\s*\/\/.*$/gm, "");
  for (let at = 0; at < code.length; at += 1) {
    const quote = code[at];
    if (quote === '"') {
      const end = code.indexOf('"', at + 1);
      texts.push(code.slice(at + 1, end));
      at = end;
    } else if (quote === "`") {
      let text = "";
      for (at += 1; code[at] !== "`"; at += 1) {
        if (code[at] === "\\") {
          at += 1;
          text += code[at];
        } else if (code[at] === "$" && code[at + 1] === "{") {
          let depth = 1;
          for (at += 2; depth > 0; at += 1) depth += code[at] === "{" ? 1 : code[at] === "}" ? -1 : 0;
          at -= 1;
          text += "X";
        } else text += code[at];
      }
      texts.push(text);
    }
  }
  return texts;
};
