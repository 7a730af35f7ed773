/** What users log on or sign with besides passwords, access keys and virtual MFA devices. No secret of these is kept. */
export type Passkey = {
  readonly passkeyId: string;
  readonly passkeyName: string;
  readonly createDate: string;
  readonly lastUseDate: string;
};

export type PublicKey = {
  readonly publicKeyId: string;
  readonly publicKeySpec: string;
  readonly status: "Active" | "Inactive";
  readonly createDate: string;
};

export type ServiceCredential = {
  readonly serviceCredentialId: string;
  readonly serviceCredentialName: string;
  readonly serviceName: string;
  readonly status: "Active" | "Inactive";
  readonly createTime: string;
  /** Left out of one that never expires. */
  readonly expirationTime?: string;
};

/** A phone or an address for second factors; `pending` until the person has confirmed it. */
export type Verification = { readonly value: string; readonly status: "active" | "pending" };

export type Logins = {
  readonly passkeys?: readonly Passkey[];
  readonly publicKeys?: readonly PublicKey[];
  readonly serviceCredentials?: readonly ServiceCredential[];
  /** `86-13900001234`. */
  readonly securityPhone?: Verification;
  readonly securityEmail?: Verification;
  /** The name of the DingTalk account that the user bound. */
  readonly personalDingTalk?: string;
};

type Lists = Required<Pick<Logins, "passkeys" | "publicKeys" | "serviceCredentials">>;

/** The same user with another list; an empty list is left out, so that what was undone leaves no trace. */
export const withList = <Thing extends Logins, Field extends keyof Lists>(
  user: Thing,
  field: Field,
  list: Lists[Field],
): Thing => {
  const { [field]: _before, ...rest } = user;
  return (list.length === 0 ? rest : { ...rest, [field]: list }) as Thing;
};
