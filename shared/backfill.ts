import type { CloudError } from "./domain/cloud-error.ts";
import type { Json } from "./domain/json.ts";
import type { Service } from "./domain/operation-id.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Trail } from "./ports/cloud.ts";

/** The services whose writes change identities; asked one by one, because a query names at most one. */
export const asked: readonly Service[] = ["Ram", "Ims", "ResourceManager"];

/** ActionTrail keeps 90 days. */
export const reachMs = 90 * 86_400_000;

/**
 * The recorded writes between two instants, both included, oldest first, a page at a time. Pages of different services
 * are not in order with each other: what was before a change comes from the ledger and the history, not from the order.
 */
export async function* historyPages(
  trail: Trail,
  range: { readonly from: number; readonly to: number },
): AsyncGenerator<Result<{ readonly service: Service; readonly events: readonly Json[] }, CloudError>> {
  for (const service of asked) {
    // A token that is given again leads nowhere.
    const tokens = new Set<string>();
    let token: string | undefined;
    do {
      const page = await trail({ ...range, service, writesOnly: true }, token);
      if (!page.ok) {
        yield failed(page.error);
        return;
      }
      yield ok({ service, events: page.value.events });
      const next = page.value.nextToken;
      token = next === undefined || tokens.has(next) ? undefined : next;
      if (token !== undefined) tokens.add(token);
    } while (token !== undefined);
  }
}
