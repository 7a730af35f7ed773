import { need, policyArn } from "../access/needs.ts";
import { documentText } from "../account.ts";
import type { Asked, Need, Operations } from "../operation.ts";
import { pageByNumber } from "../params.ts";
import { deletePolicy, policiesOf, sharedPolicyOperations, typed } from "../ram/policies.ts";
import { policyShape } from "../ram/shapes.ts";

const onPolicy =
  (action: string) =>
  (asked: Asked): readonly Need[] => [
    need(`ram:${action}`, policyArn(asked, asked.params.PolicyType, asked.params.PolicyName ?? "")),
  ];

const touches = (asked: Asked) => ({ "ACS::RAM::Policy": [asked.params.PolicyName ?? ""] });

/** The same policies as Ram's: only the shapes and the paging differ, and nothing is deleted in cascade. */
export const policyOperations: Operations = {
  ...sharedPolicyOperations,
  GetPolicy: {
    access: "Read",
    needs: onPolicy("GetPolicy"),
    run: (asked) => {
      const policy = typed(asked);
      const version = policy.versions.find((each) => each.versionId === policy.defaultVersion);
      return {
        Policy: {
          ...policyShape(asked.account, policy),
          PolicyDocument: version === undefined ? "" : documentText(version.document),
        },
      };
    },
    touches,
  },
  DeletePolicy: {
    access: "Write",
    needs: onPolicy("DeletePolicy"),
    run: (work) => deletePolicy(work, false),
    touches,
  },
  ListPolicies: {
    access: "Read",
    needs: (asked) => [need("ram:ListPolicies", policyArn(asked, "Custom", "*"))],
    run: ({ account, params }) => {
      const { items, ...page } = pageByNumber(params, policiesOf(account, params.PolicyType));
      return { ...page, Policies: { Policy: items.map((policy) => policyShape(account, policy)) } };
    },
  },
};
