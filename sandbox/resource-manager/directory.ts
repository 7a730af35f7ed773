import { need } from "../access/needs.ts";
import { ApiError } from "../api-error.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { pageByNumber, required } from "../params.ts";
import { type Directory, folderPath, type MemberAccount } from "../state/directory.ts";

/** An ARN of the resource directory, written as the vendor's page on RAM authorization does. */
export const directoryArn = ({ account }: Asked, relative: string): string =>
  `acs:resourcemanager:*:${account.accountId}:${relative}`;

const missing = (what: string, id: string): ApiError =>
  new ApiError(404, `EntityNotExists.${what}`, `The specified ${what} does not exist: ${id}.`);

/** The directory, for callers of the account that manages it: members see and change nothing (`ram-api.md` gotcha 33). */
export const directoryOf = ({ account }: Asked): Directory => {
  const { directory } = account;
  if (directory === undefined) {
    throw new ApiError(
      404,
      "EntityNotExists.ResourceDirectory",
      "The resource directory for the account is not enabled.",
    );
  }
  if (directory.masterAccountId !== account.accountId) {
    throw new ApiError(403, "NoPermission", "Only the management account of the resource directory may do this.");
  }
  return directory;
};

const pathOf = (directory: Directory | undefined, id: string): string => {
  const member = directory?.accounts.find((each) => each.accountId === id);
  if (directory === undefined || member === undefined) return id;
  return `${folderPath(directory, member.folderId)}/${id}`;
};

/** The ARN of a member, or of a folder for ids that are none of digits. */
export const targetArn = (asked: Asked, id: string): string => {
  const { directory } = asked.account;
  if (/^\d+$/.test(id)) return directoryArn(asked, `account/${pathOf(directory, id)}`);
  return directoryArn(asked, `folder/${directory === undefined ? id : folderPath(directory, id)}`);
};

const memberIn = (directory: Directory, { params }: Asked): MemberAccount => {
  const id = required(params, "AccountId");
  if (!/^\d{1,20}$/.test(id)) throw new ApiError(400, "InvalidParameter.AccountId", "The AccountId is invalid.");
  const member = directory.accounts.find((each) => each.accountId === id);
  if (member === undefined) throw missing("Account", id);
  return member;
};

const shape = (directory: Directory, member: MemberAccount): JsonObject => ({
  AccountId: member.accountId,
  DisplayName: member.displayName,
  FolderId: member.folderId,
  ResourceDirectoryId: directory.directoryId,
  ResourceDirectoryPath: pathOf(directory, member.accountId),
  Type: member.type,
  JoinMethod: member.joinMethod,
  Status: member.status,
  JoinTime: member.joinTime,
  ModifyTime: member.modifyTime,
});

/** On the member's ARN; the page of MoveAccount and its like name resource types without saying more. */
const onMember = (action: string, access: Operation["access"], run: (work: Work) => JsonObject): Operation => ({
  access,
  needs: (asked) => [need(`resourcemanager:${action}`, targetArn(asked, asked.params.AccountId ?? "0"))],
  run,
  touches: ({ params }) => ({ "ACS::ResourceManager::Account": [params.AccountId ?? ""] }),
});

const onAll = (action: string, access: Operation["access"], run: (work: Work) => JsonObject): Operation => ({
  access,
  needs: () => [need(`resourcemanager:${action}`, "*")],
  run,
});

const move = (work: Work): JsonObject => {
  const directory = directoryOf(work);
  const member = memberIn(directory, work);
  const folderId = required(work.params, "DestinationFolderId");
  if (folderId !== directory.rootFolderId && !directory.folders.some((each) => each.folderId === folderId)) {
    throw missing("Folder", folderId);
  }
  const accounts = directory.accounts.map((each) =>
    each === member ? { ...member, folderId, modifyTime: work.now } : each,
  );
  work.account.directory = { ...directory, accounts };
  return {};
};

/** What hung on the member goes with it. It comes back only by an invitation that it accepts itself. */
const remove = (work: Work): JsonObject => {
  const directory = directoryOf(work);
  const { accountId, type } = memberIn(directory, work);
  if (type !== "CloudAccount") {
    throw new ApiError(409, "AccountTypeMismatch", "The type or status of the member account does not match.");
  }
  work.account.directory = {
    ...directory,
    accounts: directory.accounts.filter((each) => each.accountId !== accountId),
    controlPolicyAttachments: directory.controlPolicyAttachments.filter((each) => each.targetId !== accountId),
    delegatedAdministrators: directory.delegatedAdministrators.filter((each) => each.accountId !== accountId),
  };
  return {};
};

const delegationIn = (directory: Directory, work: Work) => {
  const { accountId } = memberIn(directory, work);
  const servicePrincipal = required(work.params, "ServicePrincipal");
  const found = directory.delegatedAdministrators.find(
    (each) => each.accountId === accountId && each.servicePrincipal === servicePrincipal,
  );
  return { accountId, servicePrincipal, found };
};

const register = (work: Work): JsonObject => {
  const directory = directoryOf(work);
  const { accountId, servicePrincipal, found } = delegationIn(directory, work);
  if (found !== undefined) {
    throw new ApiError(409, "AccountAlreadyRegistered", "The account is a delegated administrator for this service.");
  }
  const added = { accountId, servicePrincipal, delegationEnabledTime: work.now };
  work.account.directory = { ...directory, delegatedAdministrators: [...directory.delegatedAdministrators, added] };
  return {};
};

const deregister = (work: Work): JsonObject => {
  const directory = directoryOf(work);
  const { found } = delegationIn(directory, work);
  if (found === undefined) {
    throw new ApiError(409, "AccountNotRegistered", "The account is no delegated administrator for this service.");
  }
  const delegatedAdministrators = directory.delegatedAdministrators.filter((each) => each !== found);
  work.account.directory = { ...directory, delegatedAdministrators };
  return {};
};

const listDelegated = (work: Work): JsonObject => {
  const directory = directoryOf(work);
  const wanted = work.params.ServicePrincipal;
  const rows = directory.delegatedAdministrators
    .filter((each) => wanted === undefined || each.servicePrincipal === wanted)
    .map((each) => {
      const member = directory.accounts.find(({ accountId }) => accountId === each.accountId);
      return {
        AccountId: each.accountId,
        DisplayName: member?.displayName ?? "",
        JoinMethod: member?.joinMethod ?? "",
        ServicePrincipal: each.servicePrincipal,
        DelegationEnabledTime: each.delegationEnabledTime,
      };
    });
  const { items, ...page } = pageByNumber(work.params, rows);
  return { ...page, Accounts: { Account: items } };
};

/** Members of the resource directory and who administers services for it. The directory itself comes from snapshots. */
export const directoryOperations: Operations = {
  GetResourceDirectory: onAll("GetResourceDirectory", "Read", (work) => {
    const directory = directoryOf(work);
    return {
      ResourceDirectory: {
        ResourceDirectoryId: directory.directoryId,
        RootFolderId: directory.rootFolderId,
        MasterAccountId: directory.masterAccountId,
        ControlPolicyStatus: directory.controlPolicyStatus,
        CreateTime: directory.createTime,
      },
    };
  }),
  GetAccount: onMember("GetAccount", "Read", (work) => {
    const directory = directoryOf(work);
    return { Account: shape(directory, memberIn(directory, work)) };
  }),
  ListAccounts: onAll("ListAccounts", "Read", (work) => {
    const directory = directoryOf(work);
    const { items, ...page } = pageByNumber(work.params, directory.accounts);
    return { ...page, Accounts: { Account: items.map((each) => shape(directory, each)) } };
  }),
  MoveAccount: onMember("MoveAccount", "Write", move),
  RemoveCloudAccount: onMember("RemoveCloudAccount", "Write", remove),
  RegisterDelegatedAdministrator: onMember("RegisterDelegatedAdministrator", "Write", register),
  DeregisterDelegatedAdministrator: onMember("DeregisterDelegatedAdministrator", "Write", deregister),
  ListDelegatedAdministrators: onAll("ListDelegatedAdministrators", "Read", listDelegated),
};
