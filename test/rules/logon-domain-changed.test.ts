import { describe } from "vitest";
import { logonDomainChanged } from "../../shared/rules/logon-domain-changed.ts";
import { changed, own, ruleTable, user } from "./changes.ts";

const alias = (from: string | undefined, to: string, actor = user("mallory")) =>
  changed<"account-alias">(
    { kind: "account-alias", accountId: own, route: "Ram" },
    from === undefined ? "unknown" : { kind: "account-alias", alias: from },
    { kind: "account-alias", alias: to },
    { actor },
  );
const domain = (then: "nothing" | "there", actor = user("mallory")) =>
  changed<"domain">(
    { kind: "domain", accountId: own, route: "Ims", domainName: "evil.example" },
    then === "nothing" ? then : { kind: "domain", domainName: "evil.example" },
    { kind: "domain", domainName: "evil.example" },
    { actor },
  );

describe("what logon names end in", () => {
  ruleTable(logonDomainChanged, {
    violates: {
      "the alias is another": alias("corp", "evil"),
      "there is none any more": alias("corp", ""),
      "there is one now": alias("", "evil"),
      "a domain is added": domain("nothing"),
    },
    complies: {
      "the alias is what it was": alias("corp", "corp"),
      "the domain was there": domain("there"),
      "the domain is gone, of which nothing else is known": changed<"domain">(
        { kind: "domain", accountId: own, route: "Ims", domainName: "evil.example" },
        "unknown",
        undefined,
      ),
      "the alias is gone, of which nothing else is known": changed<"account-alias">(
        { kind: "account-alias", accountId: own, route: "Ram" },
        "unknown",
        undefined,
      ),
      "a pipeline changes the alias": alias("corp", "new", user("helpdesk")),
      "a pipeline adds a domain": domain("nothing", user("helpdesk")),
    },
    undetermined: {
      "nobody knows what the alias was": alias(undefined, "corp"),
      "nobody knows what it was, and there is none": alias(undefined, ""),
    },
  });
});
