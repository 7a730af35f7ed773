import type { Response, RuleId } from "../domain/finding.ts";
import type { RecentChange } from "../domain/recent-change.ts";
import type { RuleSettings } from "../domain/settings.ts";
import { backdoorAdministrator } from "./backdoor-administrator.ts";
import { cameAndWent } from "./came-and-went.ts";
import { escalationByPieces } from "./escalation-by-pieces.ts";
import type { ChainFacts, ChainFound, ChainNeeds, ChainRule } from "./kit/chain.ts";
import { revertUndone } from "./revert-undone.ts";

/** Every chain, in the order in which they are looked for. */
export const chains: readonly ChainRule[] = [backdoorAdministrator, revertUndone, escalationByPieces, cameAndWent];

export const chainById = (id: string): ChainRule | undefined => chains.find((chain) => chain.id === id);

export const responseOf = (chain: ChainRule, responses: { readonly [rule: RuleId]: Response }): Response =>
  responses[chain.id] ?? chain.response;

const inForce = (settings: RuleSettings): readonly ChainRule[] =>
  chains.filter((chain) => responseOf(chain, settings.responses) !== "off");

/** What has to be read of the account before the changes can be judged; nothing for most. */
export const chainNeeds = (changes: readonly RecentChange[], settings: RuleSettings): ChainNeeds => {
  const needs = inForce(settings).map((chain) => chain.needs(changes, settings));
  const policies = new Map(
    needs.flatMap(({ policies: some }) => some.map((policy) => [`${policy.type}/${policy.name}`, policy] as const)),
  );
  return { groups: [...new Set(needs.flatMap(({ groups }) => groups))], policies: [...policies.values()] };
};

export type ChainSeen = { readonly chain: ChainRule; readonly found: ChainFound };

/** The chains in force that several changes come to. */
export const recogniseChains = (changes: readonly RecentChange[], facts: ChainFacts): readonly ChainSeen[] =>
  inForce(facts.settings).flatMap((chain) => chain.recognise(changes, facts).map((found) => ({ chain, found })));
