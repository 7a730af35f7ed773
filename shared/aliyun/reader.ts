import type { Reader } from "../ports/cloud.ts";
import { readAccessKey, readAccountGrant, readRoleTrust } from "./ram.ts";
import { readScopedGrant } from "./resource-manager.ts";
import type { Transport } from "./transport.ts";

/** Reads any subject as it stands now, with the credentials of the transport: those of the looking role. */
export const reader =
  (send: Transport): Reader =>
  async (ref) => {
    switch (ref.kind) {
      case "role-trust":
        return readRoleTrust(send, ref);
      case "access-key":
        return readAccessKey(send, ref);
      case "grant":
        return ref.scope === "account" && ref.route === "Ram"
          ? readAccountGrant(send, ref)
          : readScopedGrant(send, ref);
    }
  };
