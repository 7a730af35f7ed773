import { need } from "../access/needs.ts";
import type { Account } from "../account.ts";
import { notExist } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Operation, Operations, Work } from "../operation.ts";
import { pageByToken } from "../params.ts";
import { deviceOf } from "../ram/look-up.ts";

const heading = "user,user_creation_time,user_last_logon,password_exist,password_active,mfa_active,access_keys_active";
const rowsPerPage = 3501;

const rowsOf = (account: Account): readonly string[] =>
  [...account.users.values()].map((user) =>
    [
      user.userName,
      user.createDate,
      user.lastLoginDate === "" ? "-" : user.lastLoginDate,
      user.loginProfile !== undefined,
      user.loginProfile?.status === "Active",
      deviceOf(account, user.userName) !== undefined,
      user.accessKeys.filter((key) => key.status === "Active").length,
    ].join(","),
  );

const operation = (action: string, access: Operation["access"], run: (work: Work) => JsonObject): Operation => ({
  access,
  needs: () => [need(`ram:${action}`, "*")],
  run,
});

/** Reports about all users. They are made at once; the cloud takes minutes and says `INPROGRESS` meanwhile. */
export const reportOperations: Operations = {
  GenerateCredentialReport: operation("GenerateCredentialReport", "Write", ({ account, now }) => {
    account.reports = { ...account.reports, credential: { generatedTime: now, rows: rowsOf(account) } };
    return { State: "STARTED" };
  }),
  GetCredentialReport: operation("GetCredentialReport", "Read", ({ account, params }) => {
    const report = account.reports.credential;
    if (report === undefined) throw notExist("CredentialReport", account.accountId);
    const { items, IsTruncated, ...page } = pageByToken(params, report.rows, {
      name: "MaxItems",
      usual: rowsPerPage,
      most: rowsPerPage,
    });
    return {
      ...page,
      Content: Buffer.from([heading, ...items].join("\n")).toString("base64"),
      GeneratedTime: report.generatedTime,
      IsTruncated: String(IsTruncated),
    };
  }),
  GenerateGovernanceReport: operation("GenerateGovernanceReport", "Write", ({ account, now }) => {
    account.reports = { ...account.reports, governance: { generatedTime: now } };
    return { State: "STARTED" };
  }),
  GetGovernanceReportStatus: operation("GetGovernanceReportStatus", "Read", ({ account }) => {
    const Status = account.reports.governance === undefined ? "NotStarted" : "Completed";
    return {
      WholeReportStatus: Status,
      GovernanceItemsStatus: {
        GovernanceItemStatus: [{ GovernanceItem: "AccountRecentUsingAccessKey", Status }],
      },
    };
  }),
};
