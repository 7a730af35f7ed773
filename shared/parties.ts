import type { Principal } from "./domain/identity.ts";
import { touchedBy } from "./domain/kinds.ts";
import type { SubjectRef } from "./domain/subject.ts";

/** The name under which the changes about an identity are remembered. Names of roles compare without case. */
export const aboutParty = ({ kind, name }: Principal): string =>
  `about/${kind}/${kind === "role" ? name.toLowerCase() : name}`;

/** The identities that a subject is about, as the parties under which its changes are remembered. */
export const partiesAbout = (subject: SubjectRef): readonly string[] => {
  const about = touchedBy(subject);
  return typeof about === "object" ? [aboutParty(about)] : [];
};
