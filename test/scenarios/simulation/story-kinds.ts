import { type Draw, pick } from "./scheduler.ts";
import type { Action } from "./story.ts";

type Deed = Omit<Action, "by">;

const userParameter = (ims: boolean, name: string): Action["parameters"] =>
  ims ? { UserPrincipalName: `${name}@example.onaliyun.com` } : { UserName: name };

const serviceOf = (draw: Draw): "Ram" | "Ims" => (draw() < 0.5 ? "Ims" : "Ram");

const membership = (draw: Draw): Deed => {
  const service = serviceOf(draw);
  const user = userParameter(service === "Ims", pick(draw, ["alice", "mallory", "administrator", "break-glass"]));
  const operation = draw() < 0.7 ? "AddUserToGroup" : "RemoveUserFromGroup";
  return { service, operation, parameters: { ...user, GroupName: "staff" } };
};

/** A policy whose versions change: of what it allows no other check says anything. */
export const policyOfTheTeam = "team";

export const allowing = (action: string): string =>
  JSON.stringify({ Version: "1", Statement: [{ Effect: "Allow", Action: [action], Resource: ["*"] }] });

const documents = ["oss:GetObject", "oss:*", "*"].map(allowing);

const policyVersion = (draw: Draw): Deed => {
  const service = draw() < 0.8 ? "Ram" : "ResourceManager";
  const chance = draw();
  const version = { PolicyName: policyOfTheTeam, VersionId: pick(draw, ["v1", "v2", "v3"]) };
  if (chance < 0.2) return { service, operation: "SetDefaultPolicyVersion", parameters: version };
  if (chance < 0.3) return { service, operation: "DeletePolicyVersion", parameters: version };
  const SetAsDefault = draw() < 0.7 ? "true" : "false";
  const parameters = { PolicyName: policyOfTheTeam, PolicyDocument: pick(draw, documents), SetAsDefault };
  return { service, operation: "CreatePolicyVersion", parameters };
};

const logon = (draw: Draw): Deed => {
  const service = serviceOf(draw);
  const user = userParameter(service === "Ims", pick(draw, ["alice", "administrator"]));
  const chance = draw();
  if (chance < 0.15) return { service, operation: "DeleteLoginProfile", parameters: user };
  const flags = {
    PasswordResetRequired: pick(draw, ["true", "false"]),
    MFABindRequired: pick(draw, ["true", "false"]),
  };
  if (chance < 0.5) return { service, operation: "UpdateLoginProfile", parameters: { ...user, ...flags } };
  const parameters = { ...user, ...flags, Password: "Simulated-Pass-1" };
  return { service, operation: "CreateLoginProfile", parameters };
};

const securityPreference = (draw: Draw): Deed => ({
  service: serviceOf(draw),
  operation: "SetSecurityPreference",
  parameters: {
    EnableSaveMFATicket: pick(draw, ["true", "false"]),
    LoginSessionDuration: pick(draw, ["6", "24"]),
    ...(draw() < 0.3 ? { AllowUserToManageAccessKeys: "true" } : {}),
  },
});

/** Changes of kinds that only a rule about any change looks at. */
export const otherKindFrom = (draw: Draw): Deed => {
  const kind = pick(draw, [membership, membership, policyVersion, policyVersion, logon, securityPreference]);
  return kind(draw);
};
