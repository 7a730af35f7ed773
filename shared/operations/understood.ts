import type { OperationId } from "../domain/operation-id.ts";
import { accessKeyOperations } from "./access-keys.ts";
import { attachmentOperations } from "./attachments.ts";
import type { OperationEntry } from "./entry.ts";
import { trustOperations } from "./trust.ts";

/** Every write operation whose effect is understood today. */
export const understoodOperations: readonly OperationEntry[] = [
  ...trustOperations,
  ...accessKeyOperations,
  ...attachmentOperations,
];

const byId = new Map<string, OperationEntry>(understoodOperations.map((entry) => [entry.operation, entry]));

/** The entry of an operation, or undefined when nothing is known of its effect: then nothing is guessed. */
export const entryOf = (operation: OperationId): OperationEntry | undefined => byId.get(operation);
