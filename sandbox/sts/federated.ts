import { contextOf } from "../access/authorise.ts";
import type { Account } from "../account.ts";
import { ApiError, invalid, notExist } from "../api-error.ts";
import type { Federated } from "../callers.ts";
import { stamp } from "../instants.ts";
import { isObject, type JsonObject, parseJson } from "../json.ts";
import type { Asked, Operation, Operations, Work } from "../operation.ts";
import { type Params, required } from "../params.ts";
import { roleOf } from "../ram/look-up.ts";
import { askTrust, durationIn, issueSession, parseRoleArn, sessionNameIn, sessionPolicyIn } from "./issue.ts";

const refused = (kind: "OIDCToken" | "SAMLAssertion", why: "Invalid" | "Expired"): ApiError =>
  new ApiError(400, `AuthenticationFail.${kind}.${why}`, `This ${kind} is ${why.toLowerCase()}.`);

const providerName = ({ account, params }: Asked, kind: "saml" | "oidc"): string => {
  const parameter = kind === "saml" ? "SAMLProviderArn" : "OIDCProviderArn";
  const found = new RegExp(`^acs:ram:[^:]*:(\\d+):${kind}-provider/(.+)$`).exec(required(params, parameter));
  if (found === null) throw invalid(parameter, "Format", `The parameter ${parameter} is malformed.`);
  const [, accountId, name = ""] = found;
  if (accountId !== account.accountId) throw notExist(kind === "saml" ? "SAMLProvider" : "OIDCProvider", name);
  return name;
};

const roleIn = ({ account, params }: Work) => {
  const { accountId, roleName } = parseRoleArn(required(params, "RoleArn"));
  if (accountId !== account.accountId) throw notExist("Role", roleName);
  return roleOf(account, roleName);
};

const federated = (account: Account, kind: "saml" | "oidc", name: string) => ({
  kind: "Federated" as const,
  arn: `acs:ram::${account.accountId}:${kind}-provider/${name}`,
});

const text = (claim: unknown): string | undefined => (typeof claim === "string" ? claim : undefined);

/** The claims of a token. **Its signature is not verified:** the sandbox has no keys of the provider. */
const claimsOf = (token: string): JsonObject => {
  const [, payload = ""] = token.split(".");
  const claims = parseJson(Buffer.from(payload, "base64url").toString());
  if (!isObject(claims)) throw refused("OIDCToken", "Invalid");
  return claims;
};

const withOidc = (work: Work): JsonObject => {
  const { account, params, at, caller, sourceIp } = work;
  const name = providerName(work, "oidc");
  const provider = account.oidcProviders.get(name);
  if (provider === undefined) throw notExist("OIDCProvider", name);
  const role = roleIn(work);
  const sessionName = sessionNameIn(work);
  const policy = sessionPolicyIn(work);
  const claims = claimsOf(required(params, "OIDCToken"));
  const audiences = Array.isArray(claims.aud) ? claims.aud : [claims.aud];
  const audience = provider.clientIds.find((each) => audiences.includes(each));
  const subject = text(claims.sub);
  if (claims.iss !== provider.issuerUrl || audience === undefined || subject === undefined) {
    throw refused("OIDCToken", "Invalid");
  }
  const [issued, expires] = [Number(claims.iat ?? 0) * 1000, Number(claims.exp ?? 0) * 1000];
  if (expires <= at || at - issued > provider.issuanceLimitTime * 3600 * 1000) throw refused("OIDCToken", "Expired");
  const seconds = durationIn(work, role);
  const keys = { "oidc:iss": provider.issuerUrl, "oidc:aud": audience, "oidc:sub": subject };
  const context = { ...contextOf(caller, at, sourceIp), "sts:rolesessionname": sessionName, ...keys };
  askTrust(role, federated(account, "oidc", name), context, subject);
  return {
    ...issueSession(work, role, sessionName, policy, seconds),
    OIDCTokenInfo: {
      Issuer: provider.issuerUrl,
      ClientIds: provider.clientIds.join(","),
      Subject: subject,
      IssuanceTime: stamp(issued),
      ExpirationTime: stamp(expires),
      VerificationInfo: "Success",
    },
  };
};

/** What of an assertion counts here, read by pattern. **Its signature is not verified.** */
const assertionOf = (encoded: string) => {
  const xml = Buffer.from(encoded, "base64").toString();
  const first = (pattern: RegExp): string | undefined => pattern.exec(xml)?.[1]?.trim();
  const subject = first(/<(?:\w+:)?NameID[^>]*>([^<]+)</);
  const issuer = first(/<(?:\w+:)?Issuer[^>]*>([^<]+)</);
  const recipient = first(/Recipient="([^"]+)"/);
  const expires = first(/NotOnOrAfter="([^"]+)"/);
  const roles = [...xml.matchAll(/<(?:\w+:)?AttributeValue[^>]*>\s*(acs:ram:[^<,]+:role\/[^<,]+),([^<]+?)\s*</gi)];
  if (subject === undefined || issuer === undefined || recipient === undefined) {
    throw refused("SAMLAssertion", "Invalid");
  }
  return { subject, issuer, recipient, expires, roles: roles.map(([, role = "", by = ""]) => ({ role, by })) };
};

const withSaml = (work: Work): JsonObject => {
  const { account, params, at, caller, sourceIp } = work;
  const name = providerName(work, "saml");
  if (!account.samlProviders.has(name)) throw notExist("SAMLProvider", name);
  const role = roleIn(work);
  const policy = sessionPolicyIn(work);
  const { subject, issuer, recipient, expires, roles } = assertionOf(required(params, "SAMLAssertion"));
  const who = federated(account, "saml", name);
  const granted = roles.some(({ role: arn, by }) => {
    const { roleName } = parseRoleArn(arn);
    return roleName.toLowerCase() === role.roleName.toLowerCase() && by === who.arn;
  });
  if (!granted) throw refused("SAMLAssertion", "Invalid");
  if (expires !== undefined && Date.parse(expires) <= at) throw refused("SAMLAssertion", "Expired");
  const seconds = durationIn(work, role);
  askTrust(role, who, { ...contextOf(caller, at, sourceIp), "saml:recipient": recipient }, subject);
  const sessionName = subject.replace(/[^A-Za-z0-9.@_-]/g, "-").slice(0, 64);
  return {
    ...issueSession(work, role, sessionName, policy, seconds),
    SAMLAssertionInfo: { Issuer: issuer, Recipient: recipient, Subject: subject, SubjectType: "persistent" },
  };
};

/** Who knocks, for the record: the provider's name, since nobody has proven to be anybody yet. */
const anonymous =
  (identity: Federated["identity"], parameter: string) =>
  (account: Account, params: Params): Federated => ({
    kind: "federated",
    accountId: account.accountId,
    identity,
    name: params[parameter]?.split("/")[1] ?? "",
  });

const operation = (who: ReturnType<typeof anonymous>, run: (work: Work) => JsonObject): Operation => ({
  access: "Read",
  // Only the trust policy counts (`policy-semantics.md` §2): nobody here has an identity policy of this account.
  needs: () => [],
  anonymous: who,
  run,
  touches: ({ params }) => ({ "ACS::RAM::Role": [/role\/(.+)$/i.exec(params.RoleArn ?? "")?.[1] ?? ""] }),
});

/** Called without keys: a token or an assertion of an identity provider stands for them. */
export const federatedOperations: Operations = {
  AssumeRoleWithOIDC: operation(anonymous("oidc-user", "OIDCProviderArn"), withOidc),
  AssumeRoleWithSAML: operation(anonymous("saml-user", "SAMLProviderArn"), withSaml),
};
