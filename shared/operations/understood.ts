import type { OperationId } from "../domain/operation-id.ts";
import type { SubjectKind } from "../domain/subject.ts";
import { accessKeyOperations } from "./access-keys.ts";
import { attachmentOperations } from "./attachments.ts";
import type { CataloguedId } from "./catalogue.ts";
import { credentialsOperations } from "./credentials.ts";
import { directoryOperations } from "./directory.ts";
import type { OperationEntry } from "./entry.ts";
import { federationOperations } from "./federation.ts";
import { identitiesOperations } from "./identities.ts";
import { policiesOperations } from "./policies.ts";
import { sessionsOperations } from "./sessions.ts";
import { settingsOperations } from "./settings.ts";
import { trustOperations } from "./trust.ts";

/** Every catalogued write operation: one without an entry does not compile. */
export const understoodOperations: { readonly [id in CataloguedId]: OperationEntry } = {
  ...trustOperations,
  ...accessKeyOperations,
  ...attachmentOperations,
  ...identitiesOperations,
  ...credentialsOperations,
  ...policiesOperations,
  ...settingsOperations,
  ...federationOperations,
  ...directoryOperations,
  ...sessionsOperations,
};

const byId = new Map<string, OperationEntry>(Object.entries(understoodOperations));

/** The entry of an operation, or undefined when nothing is known of its effect: then nothing is guessed. */
export const entryOf = (operation: OperationId): OperationEntry | undefined => byId.get(operation);

/** Without their service: a name that two services share is there once. */
const namesOf = (entries: readonly (readonly [string, OperationEntry])[]): readonly string[] => [
  ...new Set(entries.map(([id]) => id.slice(id.indexOf(".") + 1))),
];

/** The names of all operations that are about one of some kinds of subject, whatever they do to it. */
export const operationNamesOn = (kinds: readonly SubjectKind[]): readonly string[] =>
  namesOf([...byId].filter(([, { subject }]) => subject !== "none" && kinds.includes(subject)));

/** The names of the operations that make or change a kind of subject: what the audit trail is asked for its history. */
export const settingNames = (kind: SubjectKind): readonly string[] =>
  namesOf([...byId].filter(([, { subject, effect }]) => subject === kind && effect !== "removed"));
