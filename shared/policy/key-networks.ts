import type { Json, JsonObject } from "../domain/json.ts";
import { canonicalText, isJsonObject } from "../domain/json.ts";
import type { Direction } from "./direction.ts";
import { type IpRange, readIpRange } from "./ip-range.ts";
import { isWithin, mergedRanges } from "./network-masks.ts";

/** From where a key may be used: by network, which is the internet, one VPC, or any VPC. */
type Reach = ReadonlyMap<string, readonly IpRange[]>;

const internet = "internet";
/** The `Value` by which a statement allows every VPC, those of other accounts included. */
const anyVpc = "AllowAllVPC";

const networkOf = ({ Type: type, Value: value }: JsonObject): string | undefined => {
  if (type === "ClassicWhiteList") return internet;
  return type === "VPCWhiteList" && typeof value === "string" && value !== "" ? `vpc ${value}` : undefined;
};

const blocksIn = (list: Json | undefined): readonly IpRange[] | undefined => {
  if (!Array.isArray(list)) return undefined;
  const blocks = list.map((each) => (typeof each === "string" ? readIpRange(each) : undefined));
  return blocks.every((block) => block !== undefined) ? blocks : undefined;
};

/** What a policy in force allows; undefined where it is not what the contract describes. */
const reachOf = ({ Statements: statements }: JsonObject): Reach | undefined => {
  // What a policy in force without a statement means is told nowhere.
  if (!Array.isArray(statements) || statements.length === 0) return undefined;
  const reach = new Map<string, readonly IpRange[]>();
  for (const statement of statements) {
    const network = isJsonObject(statement) ? networkOf(statement) : undefined;
    const blocks = isJsonObject(statement) ? blocksIn(statement.IPList) : undefined;
    if (network === undefined || blocks === undefined) return undefined;
    reach.set(network, mergedRanges([...(reach.get(network) ?? []), ...blocks]));
  }
  return reach;
};

const covers = (outer: Reach, inner: Reach): boolean =>
  [...inner].every(([network, blocks]) =>
    isWithin(
      blocks,
      mergedRanges([
        ...(outer.get(network) ?? []),
        ...(network === internet ? [] : (outer.get(`vpc ${anyVpc}`) ?? [])),
      ]),
    ),
  );

/** A policy limits a key while its status says so; any other leaves the key free. */
export const isKeyPolicyInForce = ({ Status: status }: JsonObject): boolean =>
  typeof status === "string" && status.toLowerCase() === "active";

/** Which way the network policy of a key moves; `unsure` where it lets in some and shuts out others, or cannot be read. */
export const keyPolicyDirection = (from: JsonObject, to: JsonObject): Direction => {
  const [was, is] = [isKeyPolicyInForce(from), isKeyPolicyInForce(to)];
  if (canonicalText(from) === canonicalText(to)) return "neutral";
  if (!was || !is) return was === is ? "neutral" : is ? "stricter" : "looser";
  const [old, next] = [reachOf(from), reachOf(to)];
  if (old === undefined || next === undefined) return "unsure";
  const [narrower, wider] = [covers(old, next), covers(next, old)];
  if (narrower && wider) return "neutral";
  return narrower ? "stricter" : wider ? "looser" : "unsure";
};

/** Whether the later policy of two in force certainly lets in somebody whom the earlier did not. */
export const keyPolicyAdmitsMore = (from: JsonObject, to: JsonObject): boolean => {
  const [old, next] = [reachOf(from), reachOf(to)];
  return old !== undefined && next !== undefined && !covers(old, next);
};
