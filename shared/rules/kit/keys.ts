import type { KeyOwner } from "../../domain/identity.ts";

export const ownerName = (owner: KeyOwner): string => (owner.kind === "root" ? "root" : owner.name);
