import { describe } from "vitest";
import { ssoSwitchedOff } from "../../shared/checks/sso-switched-off.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import { settings } from "../rules/changes.ts";
import { accountStanding, checkTable, part, unread } from "./standings.ts";

const facts = { settings: settings({ practices: { ...usualPractices, sso: "required" } }) };
const sso = (fields: Parameters<typeof part>[0]) => ({
  standing: accountStanding({ sso: part(fields as { readonly SsoEnabled?: boolean }) }),
  facts,
});

describe("single sign-on where the settings ask for it", () => {
  checkTable(ssoSwitchedOff, {
    broken: { "it is off": sso({ SsoEnabled: false }), "it was never set": sso({}) },
    fine: { "it is on": sso({ SsoEnabled: true }), "nobody asks for it": accountStanding() },
    unread: { "it could not be read": { standing: accountStanding({ sso: unread }), facts } },
  });
});
