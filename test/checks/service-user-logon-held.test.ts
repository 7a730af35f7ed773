import { describe } from "vitest";
import { serviceUserLogonHeld } from "../../shared/checks/service-user-logon-held.ts";
import { usualPractices } from "../../shared/domain/settings.ts";
import { settings } from "../rules/changes.ts";
import { checkTable, loginOf, part, unread, userStanding } from "./standings.ts";

const { user } = userStanding();
const service = userStanding({ user: { ...user, userName: "svc-backup" } });
const named = settings({ practices: { ...usualPractices, classes: { service: ["ali*"] } } });

const tagged = settings({
  practices: { ...usualPractices, classes: { service: ["svc-*"], serviceTags: [{ key: "usage", value: "service" }] } },
});

describe("console logons of programs", () => {
  checkTable(serviceUserLogonHeld, {
    broken: {
      "of a name that is a program's": service,
      "of a name by the settings": { standing: userStanding(), facts: { settings: named } },
      "of a tag by the settings": {
        standing: userStanding({ tags: part({ usage: "service" }) }),
        facts: { settings: tagged },
      },
      "of a name, whatever its tags": {
        standing: { ...service, tags: unread },
        facts: { settings: tagged },
      },
    },
    fine: {
      "of a person by other tags": {
        standing: userStanding({ tags: part({ usage: "human" }) }),
        facts: { settings: tagged },
      },
      "that is off, of somebody whose tags could not be read": {
        standing: userStanding({ tags: unread, login: loginOf({ status: "Inactive" }) }),
        facts: { settings: tagged },
      },
      "of a person": userStanding(),
      "that is off": { ...service, login: loginOf({ status: "Inactive" }) },
      "that is not there": { ...service, login: part(null) },
    },
    unread: {
      "that could not be read": { ...service, login: unread },
      "of somebody whose tags could not be read": {
        standing: userStanding({ tags: unread }),
        facts: { settings: tagged },
      },
    },
  });
});
