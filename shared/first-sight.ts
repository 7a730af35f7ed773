import { objectionsTo } from "./as-it-stands.ts";
import type { CloudError } from "./domain/cloud-error.ts";
import { inventoriedKinds, mostPages } from "./domain/inventoried.ts";
import { keptOf, subjectKey, subjectText } from "./domain/kinds.ts";
import type { Result } from "./domain/result.ts";
import { failed, ok } from "./domain/result.ts";
import type { Gone, Subject, SubjectRef } from "./domain/subject.ts";
import { gone } from "./domain/subject.ts";
import { acceptBaseline, readBaseline } from "./ledger/baselines.ts";
import type { Listed } from "./ports/cloud.ts";
import type { World } from "./ports/world.ts";
import { forbidsState } from "./rules/registry.ts";
import type { Settings } from "./settings.ts";
import { endless, isWaitedFor, unreadSubjects } from "./unread-subjects.ts";

export type FirstSight = {
  readonly accepted: number;
  /** Subjects of which an accepted state is known already: a first sight never replaces it. */
  readonly kept: number;
  /** Subjects that break a rule as they stand: not accepted as a state to go back to. */
  readonly broken: readonly string[];
  /** What could not be listed or read, and so has no state to go back to. */
  readonly problems: readonly string[];
};

/** What a subject came to at first sight: `known` where it has a baseline already. */
export type Sight = "known" | "gone" | "accepted" | "broken";

/** A subject as it stands: a setting of something that the account does not have is gone as well. */
export const readWhole = async (world: World, ref: SubjectRef): Promise<Result<Subject | Gone, CloudError>> => {
  const read = await world.read(ref);
  return !read.ok && read.error.kind === "not-found" ? ok(gone) : read;
};

/**
 * Takes one subject as the state to go back to, unless it has one or breaks a rule as it stands. `listedAt` is when the
 * list that shows it was asked for.
 */
export const firstSightOf = async (
  world: World,
  settings: Settings,
  { ref, state: listed }: Listed,
  listedAt: number,
): Promise<Result<Sight, CloudError>> => {
  const key = subjectKey(ref);
  if ((await readBaseline(world.state, world.accountId, key)) !== undefined) return ok("known");
  const since = listed === undefined ? world.clock.now() : listedAt;
  const read = listed === undefined ? await readWhole(world, ref) : ok(listed);
  if (!read.ok) return failed(read.error);
  const state = keptOf(read.value);
  if (state.kind === "gone") return ok("gone");
  if (forbidsState(objectionsTo(ref, state, settings))) return ok("broken");
  const accepted = await acceptBaseline(world.state, world.accountId, key, { state, since, source: "first-sight" });
  return ok(accepted ? "accepted" : "known");
};

/**
 * Takes all that the account's lists lead to, and that has no baseline yet, as the state to go back to. What breaks a
 * rule as it stands is left out: it is named, and stays without a baseline. A kind that may not be read is left out too;
 * fails where nothing may be, or where trying again can help.
 */
export const takeFirstSight = async (world: World, settings: Settings): Promise<Result<FirstSight, CloudError>> => {
  let [accepted, kept] = [0, 0];
  const broken: string[] = [];
  const unread = unreadSubjects();
  let refused: CloudError | undefined;
  for (const kind of inventoriedKinds) {
    let cursor: string | undefined;
    let pages = 0;
    do {
      const listedAt = world.clock.now();
      const page = await world.inventory(kind, cursor);
      if (!page.ok) {
        if (isWaitedFor(page.error)) return page;
        unread.list(kind, page.error);
        refused ??= page.error;
        break;
      }
      for (const thing of page.value.things) {
        const sight = await firstSightOf(world, settings, thing, listedAt);
        if (!sight.ok) {
          if (isWaitedFor(sight.error)) return sight;
          unread.one(thing.ref, sight.error);
          refused ??= sight.error;
        } else if (sight.value === "broken") broken.push(subjectText(thing.ref));
        else if (sight.value === "accepted") accepted += 1;
        else if (sight.value === "known") kept += 1;
      }
      cursor = page.value.next;
      pages += 1;
    } while (cursor !== undefined && pages < mostPages);
    if (cursor !== undefined) unread.list(kind, endless(kind));
  }
  if (refused !== undefined && accepted + kept + broken.length === 0) return failed(refused);
  return ok({ accepted, kept, broken, problems: unread.problems() });
};
