import { matchesAny } from "../../policy/action-globs.ts";
import { parseDocument } from "../../policy/parse.ts";
import { questionsAbout } from "../../policy/questions.ts";
import type { LevelledProduct } from "./messaging-products.ts";
import { messagingProducts } from "./messaging-products.ts";
import { remembered } from "./remembered.ts";

/** Names that no document is about: who may act on all of them may act on any. They differ in how they begin. */
const anyNames = ["any-name", "some-name", "whatever"];

/** Reading is of little harm, and consoles list what there is before they can show anything. */
const isReading = (action: string): boolean => /:(get|list|query|describe|check|search)/i.test(action);

const isOfAccount = ({ ofAccount }: LevelledProduct, action: string): boolean =>
  matchesAny({ complement: false, patterns: ofAccount }, action);

/** Documents that people write name few actions of a product; the limit is for those that nobody should have to wait for. */
const mostActions = 20;

/** The patterns of actions by which a document allows something of a product that could be granted at a narrower level. */
const actionsOf = (texts: readonly string[], product: LevelledProduct): readonly string[] => {
  const prefix = `${product.code}:`;
  const patterns = texts.flatMap((text) => {
    const parsed = parseDocument(text, "permission");
    if (!parsed.ok) return [];
    return parsed.value.statements
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ action }) => {
        // All but a list, and a pattern of any service, are of the whole product as well.
        if (action.complement) return [`${prefix}*`];
        return action.patterns.flatMap((pattern) => {
          const written = pattern.toLowerCase();
          if (written.startsWith(prefix)) return [pattern];
          return matchesAny({ complement: false, patterns: [pattern] }, `${prefix}x`) ? [`${prefix}*`] : [];
        });
      });
  });
  return [...new Set(patterns)].filter((one) => !isReading(one) && !isOfAccount(product, one)).slice(0, mostActions);
};

/** What of a product is allowed on all of it. `sure` is false where that could not be decided. */
export type Wide = { readonly product: LevelledProduct; readonly actions: readonly string[]; readonly sure: boolean };

/** The products of the table of which documents, attached together, allow something on whatever instance there is. */
export const grantedWhole = remembered((...texts): readonly Wide[] => {
  const questions = questionsAbout([], texts);
  if (!questions.ok) return [];
  const { holds } = questions.value;
  return messagingProducts.flatMap((product): readonly Wide[] => {
    const found = actionsOf(texts, product).flatMap((action) => {
      const answers = product.shapes.map((shape) =>
        anyNames.map((name) => holds({ action, resources: [shape.replaceAll("{any}", name)] })),
      );
      const wide = answers.find((perName) => perName.every(({ yes }) => yes));
      return wide === undefined ? [] : [{ action, sure: wide.every(({ sure }) => sure) }];
    });
    if (found.length === 0) return [];
    return [{ product, actions: found.map(({ action }) => action), sure: found.some(({ sure }) => sure) }];
  });
});

/** The codes of the products of which documents allow anything; `*` for one that names none. */
export const productsIn = remembered((...texts): readonly string[] => {
  const codes = texts.flatMap((text) => {
    const parsed = parseDocument(text, "permission");
    if (!parsed.ok) return ["*"];
    return parsed.value.statements
      .filter(({ effect }) => effect === "Allow")
      .flatMap(({ action }) =>
        action.complement
          ? ["*"]
          : action.patterns.map((pattern) => /^([^:*?]+):/.exec(pattern)?.[1]?.toLowerCase() ?? "*"),
      );
  });
  return [...new Set(codes)].sort();
});
