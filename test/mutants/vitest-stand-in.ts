import { format } from "node:util";
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  type ExpectStatic,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
  setState,
} from "@vitest/expect";
import * as chai from "chai";

/** A test as its file declares it. */
export type Collected = { readonly name: string; readonly run: () => unknown };

type Body = (...args: readonly unknown[]) => unknown;
type Declare = (name: string, ...rest: readonly unknown[]) => void;
type Each = Declare & {
  readonly each: (table: readonly unknown[]) => (name: string, ...rest: readonly unknown[]) => void;
};

/** The part of Vitest that the tests of shared/policy use; what they declare is told to `collect`. */
export const standIn = (collect: (test: Collected) => void): object => {
  const around: string[] = [];
  const declareTest = (name: string, body: Body, args: readonly unknown[]): void =>
    collect({ name: [...around, name].join(" "), run: () => body(...args) });
  const declareGroup = (name: string, body: Body, args: readonly unknown[]): void => {
    around.push(name);
    body(...args);
    around.pop();
  };
  const declaring = (declare: typeof declareTest): Each => {
    const one: Declare = (name, ...rest) => declare(name, bodyIn(rest), []);
    const each =
      (table: readonly unknown[]): Declare =>
      (name, ...rest) => {
        for (const row of table) {
          const args: readonly unknown[] = Array.isArray(row) ? row : [row];
          declare(titled(name, args), bodyIn(rest), args);
        }
      };
    return Object.assign(one, { each });
  };
  const test = declaring(declareTest);
  return { describe: declaring(declareGroup), test, it: test, expect };
};

/** `%s` is the next argument, `$name` the first one's member. */
const titled = (name: string, args: readonly unknown[]): string => {
  const [first] = args;
  const named = name.replaceAll(/\$(\w+)/g, (whole, member: string) =>
    typeof first === "object" && first !== null ? String((first as Record<string, unknown>)[member]) : whole,
  );
  return named === name ? format(name, ...args) : named;
};

const bodyIn = (rest: readonly unknown[]): Body => {
  const body = rest.find((one): one is Body => typeof one === "function");
  if (body === undefined) throw new Error("a test without a body");
  return body;
};

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);

const expectOf = (value: unknown, message?: string): unknown => chai.expect(value, message);
const expect = Object.assign(
  expectOf,
  chai.expect,
  (globalThis as unknown as Record<symbol, object>)[ASYMMETRIC_MATCHERS_OBJECT],
) as unknown as ExpectStatic;
setState({ assertionCalls: 0, isExpectingAssertions: false, expectedAssertionsNumber: null }, expect);
