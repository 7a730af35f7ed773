import { describe } from "vitest";
import type { Actor, KeyOwner } from "../../shared/domain/identity.ts";
import type { JsonObject } from "../../shared/domain/json.ts";
import type { AccessKey, AccessKeyRef } from "../../shared/domain/subject.ts";
import { gone } from "../../shared/domain/subject.ts";
import type {
  KeyPolicy,
  KeyPolicyRef,
  Login,
  LoginRef,
  Mfa,
  MfaDevice,
  MfaDeviceRef,
  MfaRef,
  Passkey,
  PasskeyRef,
  PersonalDingTalkRef,
  PublicKeyRef,
  RecycledKey,
  RecycledKeyRef,
  ServiceCredential,
  ServiceCredentialRef,
  Verification,
  VerificationRef,
} from "../../shared/domain/subjects/credentials.ts";
import { own } from "./changes.ts";
import { changed, goldenPlans } from "./golden-plans.ts";

const alice = { accountId: own, route: "Ims", userName: "alice" } as const;
const by = (name: string, accountId: string = own): { readonly actor: Actor } => ({
  actor: { kind: "user", accountId, name },
});

const ofAlice: KeyOwner = { kind: "user", name: "alice" };
const keyRef: AccessKeyRef = { kind: "access-key", accountId: own, owner: ofAlice, createdAt: 1_700_000_000_000 };
const key = (status: AccessKey["status"], owner: KeyOwner = ofAlice): AccessKey => ({
  kind: "access-key",
  owner,
  accessKeyId: "LTAI5tExampleKey",
  status,
});

describe("an AccessKey", () => {
  goldenPlans("access-keys", {
    "that is new": [changed(keyRef, gone, key("Active"))],
    "that is new, asked to contain": [changed(keyRef, gone, key("Active")), "contain"],
    "that is new, asked to ask": [changed(keyRef, gone, key("Active")), "ask"],
    "that is new and Inactive": [changed(keyRef, gone, key("Inactive"))],
    "that was set Active": [changed(keyRef, key("Inactive"), key("Active"))],
    "that was set Active, asked to contain": [changed(keyRef, key("Inactive"), key("Active")), "contain"],
    "that was set Inactive": [changed(keyRef, key("Active"), key("Inactive"))],
    "that is Active as it was": [changed(keyRef, key("Active"), key("Active"))],
    "that is Inactive as it was": [changed(keyRef, key("Inactive"), key("Inactive"))],
    "that is Active and was not known": [changed(keyRef, undefined, key("Active"))],
    "that is Inactive and was not known": [changed(keyRef, undefined, key("Inactive"))],
    "that was deleted": [changed(keyRef, key("Active"), gone)],
    "of whose owner only the id is known": [
      changed(
        { ...keyRef, owner: { kind: "user-id", id: "200" } },
        gone,
        key("Active", { kind: "user-id", id: "200" }),
      ),
    ],
    "whose owner is found to be root": [changed(keyRef, gone, key("Active", { kind: "root" }))],
  });
});

const loginRef: LoginRef = { kind: "login", ...alice };
const login = (over: Partial<Login> = {}): Login => ({
  kind: "login",
  userId: "200",
  status: "Active",
  mfaBindRequired: true,
  passwordResetRequired: false,
  ...over,
});
const inactive = { status: "Inactive" } as const;

describe("a console logon", () => {
  goldenPlans("logins", {
    "that is new": [changed(loginRef, gone, login())],
    "that is new, asked to ask": [changed(loginRef, gone, login()), "ask"],
    "that is new, asked to contain": [changed(loginRef, gone, login()), "contain"],
    "that is new and Inactive, asked to contain": [changed(loginRef, gone, login(inactive)), "contain"],
    "that is new with a password": [changed(loginRef, gone, login(), { unseen: ["password"] })],
    "that was set Active": [changed(loginRef, login(inactive), login())],
    "that was set Active and never demanded anything": [
      changed(loginRef, login({ ...inactive, mfaBindRequired: false }), login({ mfaBindRequired: false })),
    ],
    "that was set Active, asked to ask": [changed(loginRef, login(inactive), login()), "ask"],
    "that was set Inactive": [changed(loginRef, login(), login(inactive))],
    "that demands no second factor any more": [changed(loginRef, login(), login({ mfaBindRequired: false }))],
    "that demands a second factor now": [changed(loginRef, login({ mfaBindRequired: false }), login())],
    "that demands a new password now": [changed(loginRef, login(), login({ passwordResetRequired: true }))],
    "that demands no new password any more": [changed(loginRef, login({ passwordResetRequired: true }), login())],
    "that is Active now and demands more": [
      changed(loginRef, login({ status: "Inactive", mfaBindRequired: false }), login()),
    ],
    "that is Active now and demands a new password, and never a second factor": [
      changed(
        loginRef,
        login({ ...inactive, mfaBindRequired: false }),
        login({ mfaBindRequired: false, passwordResetRequired: true }),
      ),
    ],
    "that is Active now and demands more, asked to ask": [
      changed(loginRef, login({ status: "Inactive", mfaBindRequired: false }), login()),
      "ask",
    ],
    "that demands a new password now and no second factor any more": [
      changed(loginRef, login(), login({ mfaBindRequired: false, passwordResetRequired: true })),
    ],
    "that was set Inactive and demands no second factor any more": [
      changed(loginRef, login(), login({ ...inactive, mfaBindRequired: false })),
    ],
    "that was set Inactive and demands no new password any more": [
      changed(loginRef, login({ passwordResetRequired: true }), login(inactive)),
    ],
    "that is what it was": [changed(loginRef, login(), login())],
    "that was not known": [changed(loginRef, undefined, login())],
    "whose password somebody set": [
      changed(loginRef, login(), login({ mfaBindRequired: false }), { unseen: ["password"], ...by("mallory") }),
    ],
    "whose password somebody set, asked to ask": [
      changed(loginRef, login(), login(), { unseen: ["password"], ...by("mallory") }),
      "ask",
    ],
    "whose password nobody knows who set": [
      changed(
        loginRef,
        login({ passwordResetRequired: true, mfaBindRequired: false }),
        login({ mfaBindRequired: false }),
        {
          unseen: ["password"],
        },
      ),
    ],
    "that was not known and lost its second factor": [
      changed(loginRef, undefined, login({ mfaBindRequired: false }), { unseen: ["second-factor"], ...by("mallory") }),
    ],
    "that demanded a new password and lost its second factor": [
      changed(loginRef, undefined, login({ passwordResetRequired: true }), { unseen: ["second-factor"] }),
    ],
    "that its own user gave a password": [
      changed(loginRef, login(), login(), { unseen: ["password"], ...by("alice") }),
    ],
    "that a user of that name in another account gave a password": [
      changed(loginRef, login(), login(), { unseen: ["password"], ...by("alice", "9876543210987654") }),
    ],
    "that a role of the user's name gave a password": [
      changed(loginRef, login(), login(), {
        unseen: ["password"],
        actor: { kind: "role", accountId: own, name: "alice", sessionName: "s" },
      }),
    ],
    "that is Inactive and got a password": [
      changed(loginRef, login(inactive), login(inactive), { unseen: ["password"] }),
    ],
    "that was set Inactive and got a password": [changed(loginRef, login(), login(inactive), { unseen: ["password"] })],
    "that was set Inactive, demands less and got a password": [
      changed(loginRef, login(), login({ ...inactive, mfaBindRequired: false }), { unseen: ["password"] }),
    ],
    "that was Inactive, demands more and got a password": [
      changed(loginRef, login({ ...inactive, mfaBindRequired: false }), login(inactive), { unseen: ["password"] }),
    ],
    "that is Inactive, was not known and got a password": [
      changed(loginRef, undefined, login(inactive), { unseen: ["password"] }),
    ],
    "that was deleted": [changed(loginRef, login(), gone)],
    "that was deleted and was not known": [changed(loginRef, undefined, gone)],
    "that never was": [changed(loginRef, gone, gone)],
    "that is not there, and its user lost a second factor": [
      changed(loginRef, undefined, gone, { unseen: ["second-factor"] }),
    ],
  });
});

const mfaRef: MfaRef = { kind: "mfa", ...alice };
const mfa = (serialNumber: string): Mfa => ({ kind: "mfa", serialNumber });

describe("a second factor", () => {
  goldenPlans("mfa", {
    "that was bound": [changed(mfaRef, gone, mfa("one"))],
    "that was bound instead of another": [changed(mfaRef, mfa("one"), mfa("two"))],
    "that was unbound": [changed(mfaRef, mfa("one"), gone)],
    "that was not known": [changed(mfaRef, undefined, mfa("one"))],
  });
});

const serialNumber = `acs:ram::${own}:mfa/d`;
const deviceRef: MfaDeviceRef = { kind: "mfa-device", accountId: own, route: "Ims", serialNumber };
const device = (boundTo = ""): MfaDevice => ({ kind: "mfa-device", serialNumber, boundTo });

describe("a virtual device", () => {
  goldenPlans("mfa-devices", {
    "that is new": [changed(deviceRef, gone, device())],
    "that is new, asked to ask": [changed(deviceRef, gone, device()), "ask"],
    "that is new and somebody's": [changed(deviceRef, gone, device("bob"))],
    "that is new and somebody's, by Ram": [changed({ ...deviceRef, route: "Ram" }, gone, device("bob"))],
    "that was there before": [changed(deviceRef, device(), device("bob"))],
    "that was deleted": [changed(deviceRef, device(), gone)],
    "that was not known": [changed(deviceRef, undefined, device())],
  });
});

const passkeyRef: PasskeyRef = { kind: "passkey", ...alice, passkeyId: "P1" };
const passkey = (name: string): Passkey => ({ kind: "passkey", passkeyId: "P1", name });

describe("a passkey", () => {
  goldenPlans("passkeys", {
    "that was renamed": [changed(passkeyRef, passkey("one"), passkey("two"))],
    "that was renamed, asked to ask": [changed(passkeyRef, passkey("one"), passkey("two")), "ask"],
    "that is called what it was": [changed(passkeyRef, passkey("one"), passkey("one"))],
    "that is new": [changed(passkeyRef, gone, passkey("one"))],
    "that was deleted": [changed(passkeyRef, passkey("one"), gone)],
    "that was not known": [changed(passkeyRef, undefined, passkey("one"))],
  });
});

const verificationRef: VerificationRef = { kind: "verification", ...alice, type: "email" };
const verification = (value: string): Verification => ({ kind: "verification", type: "email", value });
const [here, there] = [verification("a@shop.example"), verification("b@elsewhere.example")];
const smsRef: VerificationRef = { ...verificationRef, type: "sms" };
const sms: Verification = { kind: "verification", type: "sms", value: "86-13900001234" };

describe("a means of verification", () => {
  goldenPlans("verifications", {
    "that is new": [changed(verificationRef, gone, here)],
    "that is new, of messages": [changed(smsRef, gone, sms)],
    "that is another": [changed(verificationRef, here, there)],
    "that is what it was": [changed(verificationRef, here, here)],
    "that was not known": [changed(verificationRef, undefined, here)],
    "that was taken away": [changed(verificationRef, here, gone)],
    "that was taken away, of messages": [changed(smsRef, sms, gone)],
    "that was taken away, where only the request tells which": [
      changed({ ...verificationRef, former: "a@shop.example" }, undefined, gone),
    ],
    "that was taken away, where a baseline knows another than the request": [
      changed({ ...verificationRef, former: "c@shop.example" }, here, gone),
    ],
    "that was taken away, where nothing tells which": [changed(verificationRef, undefined, gone)],
    "that never was": [changed({ ...verificationRef, former: "a@shop.example" }, gone, gone)],
  });
});

const serviceRef: ServiceCredentialRef = { kind: "service-credential", ...alice, name: "build" };
const service = (over: Partial<ServiceCredential> = {}): ServiceCredential => ({
  kind: "service-credential",
  credentialId: "SC1",
  name: "build",
  status: "Active",
  ...over,
});

describe("a service credential", () => {
  goldenPlans("service-credentials", {
    "that is new": [changed(serviceRef, gone, service())],
    "that is new, asked to ask": [changed(serviceRef, gone, service()), "ask"],
    "that is new and Inactive": [changed(serviceRef, gone, service(inactive))],
    "that was set Active": [changed(serviceRef, service(inactive), service())],
    "that was set Inactive": [changed(serviceRef, service(), service(inactive))],
    "that was renamed": [changed(serviceRef, service({ name: "old" }), service())],
    "that was renamed while it was Inactive": [
      changed(serviceRef, service({ name: "old", ...inactive }), service(inactive)),
    ],
    "that is what it was": [changed(serviceRef, service(), service())],
    "that is Active and was not known": [changed(serviceRef, undefined, service())],
    "that is Inactive and was not known": [changed(serviceRef, undefined, service(inactive))],
    "that was deleted": [changed(serviceRef, service(), gone)],
  });
});

const keyPolicyRef: KeyPolicyRef = { kind: "key-policy", ...alice, accessKeyId: "LTAI1" };
const { userName: _, ...ofNobody } = keyPolicyRef;
const keyPolicy = (document: JsonObject): KeyPolicy => ({ kind: "key-policy", document });
const networks = (...allowed: readonly string[]): KeyPolicy =>
  keyPolicy({
    Status: "Active",
    Statements: [{ Networks: { AllowedSourceIps: allowed }, Policy: { SourceIps: allowed } }],
  });
const noPolicy = keyPolicy({ Status: "Inactive", Statements: [] });

describe("the network policy of a key", () => {
  goldenPlans("key-policies", {
    "that lets in more": [changed(keyPolicyRef, networks("10.0.0.0/8"), noPolicy)],
    "that lets in more, asked to ask": [changed(keyPolicyRef, networks("10.0.0.0/8"), noPolicy), "ask"],
    "that lets in fewer": [changed(keyPolicyRef, noPolicy, networks("10.0.0.0/8"))],
    "that is what it was": [changed(keyPolicyRef, noPolicy, noPolicy)],
    "of the account owner": [changed(ofNobody, networks("10.0.0.0/8"), noPolicy)],
    "of a key that is gone": [changed(keyPolicyRef, noPolicy, gone)],
    "of a key that was not there": [changed(keyPolicyRef, gone, noPolicy)],
    "that was not known": [changed(keyPolicyRef, undefined, noPolicy)],
  });
});

const recycledRef: RecycledKeyRef = { kind: "recycled-key", ...alice, accessKeyId: "LTAI1" };
const recycled: RecycledKey = { kind: "recycled-key", accessKeyId: "LTAI1", userId: "200" };
const byId: RecycledKeyRef = {
  kind: "recycled-key",
  accountId: own,
  route: "Ims",
  accessKeyId: "LTAI1",
  userId: "200",
};

describe("a key and the recycle bin", () => {
  goldenPlans("recycled-keys", {
    "that went there": [changed(recycledRef, gone, recycled)],
    "that went there, where only the owner's id is known": [changed(byId, gone, recycled)],
    "that was there before": [changed(recycledRef, recycled, recycled)],
    "that is there no more": [changed(recycledRef, recycled, gone)],
    "that was not known": [changed(recycledRef, undefined, recycled)],
  });
});

const publicKeyRef: PublicKeyRef = { kind: "public-key", ...alice, publicKeyId: "PK1" };
const dingTalkRef: PersonalDingTalkRef = { kind: "personal-dingtalk", ...alice };

describe("credentials without a published contract", () => {
  goldenPlans("credentials-without-contract", {
    "a public key": [changed(publicKeyRef, gone, { kind: "public-key", publicKeyId: "PK1", status: "Active" })],
    "a personal DingTalk account": [changed(dingTalkRef, gone, { kind: "personal-dingtalk", userName: "alice" })],
  });
});
