import { need, userArn } from "../access/needs.ts";
import { type Account, type MfaDevice, type User, userPrincipalName } from "../account.ts";
import { alreadyExists, deleteConflict, invalid, notExist } from "../api-error.ts";
import { userOfPrincipal } from "../ims/users.ts";
import type { JsonObject } from "../json.ts";
import type { Asked, Need, Operation, Operations, Work } from "../operation.ts";
import { named, required } from "../params.ts";
import { userNameOfPrincipal } from "../principal-names.ts";
import { deviceOf, userOf } from "./look-up.ts";

/** How an API names a user in these calls, and how it answers one. */
type Naming = {
  readonly parameter: "UserName" | "UserPrincipalName";
  readonly user: (account: Account, name: string) => User;
  readonly shape: (account: Account, user: User) => JsonObject;
};

export const ramNaming: Naming = {
  parameter: "UserName",
  user: userOf,
  shape: (_account, user) => ({ UserId: user.userId, UserName: user.userName, DisplayName: user.displayName }),
};

export const imsNaming: Naming = {
  parameter: "UserPrincipalName",
  user: userOfPrincipal,
  shape: (account, user) => ({
    UserId: user.userId,
    UserPrincipalName: userPrincipalName(account, user.userName),
    DisplayName: user.displayName,
  }),
};

const create = ({ account, params, ids }: Work): JsonObject => {
  const name = named(params, "VirtualMFADeviceName", /^[A-Za-z0-9._-]+$/, 64);
  const serialNumber = `acs:ram::${account.accountId}:mfa/${name}`;
  if (account.mfaDevices.has(serialNumber)) throw alreadyExists("VirtualMFADevice", name);
  account.mfaDevices.set(serialNumber, { serialNumber });
  return { VirtualMFADevice: { SerialNumber: serialNumber, Base32StringSeed: ids.otpSeed(), QRCodePNG: "" } };
};

const remove = ({ account, params }: Work): JsonObject => {
  const serialNumber = required(params, "SerialNumber");
  const device = account.mfaDevices.get(serialNumber);
  if (device === undefined) throw notExist("VirtualMFADevice", serialNumber);
  if (device.userName !== undefined) throw deleteConflict("VirtualMFADevice.User", "The device is bound to a user.");
  account.mfaDevices.delete(serialNumber);
  return {};
};

const bind = ({ account, params, now }: Work, user: User): JsonObject => {
  const serialNumber = required(params, "SerialNumber");
  // The seed is not kept, so codes are only looked at for their form.
  for (const name of ["AuthenticationCode1", "AuthenticationCode2"]) {
    if (!/^\d{6}$/.test(required(params, name)))
      throw invalid(name, "Format", `The parameter ${name} must be six digits.`);
  }
  const device = account.mfaDevices.get(serialNumber);
  if (device === undefined) throw notExist("VirtualMFADevice", serialNumber);
  if (device.userName !== undefined) throw alreadyExists("VirtualMFADevice.User", serialNumber);
  if (deviceOf(account, user.userName) !== undefined) throw alreadyExists("User.MFADevice", user.userName);
  account.mfaDevices.set(serialNumber, { serialNumber, userName: user.userName, activateDate: now });
  return {};
};

const bound = (account: Account, user: User): MfaDevice => {
  const device = deviceOf(account, user.userName);
  if (device === undefined) throw notExist("User.MFADevice", user.userName);
  return device;
};

const unbind = ({ account }: Work, user: User): JsonObject => {
  const { serialNumber } = bound(account, user);
  account.mfaDevices.set(serialNumber, { serialNumber });
  return { MFADevice: { SerialNumber: serialNumber } };
};

/** Unbinds the device and deletes it; Ims only. */
const disable = ({ account }: Work, user: User): JsonObject => {
  account.mfaDevices.delete(bound(account, user).serialNumber);
  return {};
};

const anyDevice =
  (action: string) =>
  ({ account }: Asked): readonly Need[] => [need(`ram:${action}`, `acs:ram:*:${account.accountId}:mfa/*`)];

export const mfaOperations = (naming: Naming): Operations => {
  const who = (asked: Asked): User => naming.user(asked.account, required(asked.params, naming.parameter));
  const touches = (asked: Asked) => ({ "ACS::RAM::User": [asked.params[naming.parameter] ?? ""] });
  const onUser = (
    action: string,
    access: Operation["access"],
    run: (work: Work, user: User) => JsonObject,
  ): Operation => ({
    access,
    needs: (asked) => [
      need(`ram:${action}`, userArn(asked, userNameOfPrincipal(asked.params[naming.parameter] ?? ""))),
    ],
    run: (work) => run(work, who(work)),
    touches,
  });
  return {
    CreateVirtualMFADevice: { access: "Write", needs: anyDevice("CreateVirtualMFADevice"), run: create },
    DeleteVirtualMFADevice: { access: "Write", needs: anyDevice("DeleteVirtualMFADevice"), run: remove },
    ListVirtualMFADevices: {
      access: "Read",
      needs: anyDevice("ListVirtualMFADevices"),
      run: ({ account }) => ({
        VirtualMFADevices: {
          VirtualMFADevice: [...account.mfaDevices.values()].map((device) => {
            const user = account.users.get(device.userName ?? "");
            return {
              SerialNumber: device.serialNumber,
              ActivateDate: device.activateDate ?? "",
              ...(user === undefined ? {} : { User: naming.shape(account, user) }),
            };
          }),
        },
        IsTruncated: false,
      }),
    },
    BindMFADevice: onUser("BindMFADevice", "Write", bind),
    UnbindMFADevice: onUser("UnbindMFADevice", "Write", unbind),
    ...(naming === imsNaming ? { DisableVirtualMFA: onUser("DisableVirtualMFA", "Write", disable) } : {}),
    GetUserMFAInfo: onUser("GetUserMFAInfo", "Read", ({ account }, user) => ({
      MFADevice: { SerialNumber: bound(account, user).serialNumber, Type: "VMFA" },
    })),
  };
};
