import type { Exemption } from "../../domain/exemption.ts";
import type { Language } from "../../domain/finding.ts";
import type { Message, Span } from "../../domain/message.ts";
import type { Telling } from "../../domain/settings.ts";
import { timeText } from "./incident-message.ts";

type Words = {
  readonly title: string;
  readonly until: string;
  readonly owner: string;
  readonly reason: string;
  readonly covers: string;
  readonly next: string;
  readonly renew: string;
};

const words: { readonly [language in Language]: Words } = {
  en: {
    title: "Exemption ends soon",
    until: "Ends",
    owner: "Owner",
    reason: "Reason",
    covers: "Covers",
    next: "Next",
    renew: "what it covers is dealt with from then on: put the account right, or have it renewed",
  },
  "zh-CN": {
    title: "豁免即将到期",
    until: "到期",
    owner: "负责人",
    reason: "理由",
    covers: "范围",
    next: "下一步",
    renew: "到期后，其范围内的情况将被处置：请整改，或续期",
  },
};

const outside = (text: string): Span => ({ untrusted: text.slice(0, 500) });

/** What is told before an exemption ends. Its id is the same however often it is told. */
export const exemptionEndsMessage = (exemption: Exemption, telling: Telling): Message => {
  const { id, rules, subject, actor, change, owner, reason, ticket, until } = exemption;
  const said = words[telling.language];
  const covers = [rules.join(", "), subject, actor, change].filter((part) => part !== undefined).join(" × ");
  return {
    id: `exemption-ends-${id}-${until}`,
    incidentId: `exemption-${id}`,
    severity: "medium",
    rules,
    title: [`${said.title}: `, outside(id)],
    fields: [
      { label: said.until, value: [timeText(until, telling)] },
      { label: said.owner, value: [outside(owner)] },
      {
        label: said.reason,
        value: [outside(reason), ...(ticket === undefined ? [] : [" (", outside(ticket), ")"])],
      },
      { label: said.covers, value: [outside(covers)] },
      { label: said.next, value: [said.renew] },
    ],
    data: {
      exemption: id,
      rules: [...rules],
      ...(subject === undefined ? {} : { subject }),
      ...(actor === undefined ? {} : { actor }),
      ...(change === undefined ? {} : { change }),
      owner,
      until,
    },
  };
};
