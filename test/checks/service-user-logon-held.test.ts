import { describe } from "vitest";
import { serviceUserLogonHeld } from "../../shared/checks/service-user-logon-held.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import { settings } from "../rules/changes.ts";
import { checkTable, loginOf, part, unread, userStanding } from "./standings.ts";

const { user } = userStanding();
const service = userStanding({ user: { ...user, userName: "svc-backup" } });
const named = settings({ practices: { ...usualPractices, classes: { service: ["ali*"] } } });

describe("console logons of programs", () => {
  checkTable(serviceUserLogonHeld, {
    broken: {
      "of a name that is a program's": service,
      "of a name by the settings": { standing: userStanding(), facts: { settings: named } },
    },
    fine: {
      "of a person": userStanding(),
      "that is off": { ...service, login: loginOf({ status: "Inactive" }) },
      "that is not there": { ...service, login: part(null) },
    },
    unread: { "that could not be read": { ...service, login: unread } },
  });
});
