/** Draws numbers of [0, 1). The same seed gives the same row of numbers (mulberry32). */
export type Draw = () => number;

export const drawsFrom = (seed: number): Draw => {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 15), mixed | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
};

const pick = (draw: Draw, alphabet: string, length: number): string => {
  let text = "";
  for (let index = 0; index < length; index += 1) text += alphabet.charAt(Math.floor(draw() * alphabet.length));
  return text;
};

const digits = "0123456789";
const hex = "0123456789ABCDEF";
const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";

/** Makes ids and secrets in the cloud's shapes, all from one seed. */
export const idsFrom = (seed: number) => {
  const draw = drawsFrom(seed);
  return {
    uuid: () => [8, 4, 4, 4, 12].map((length) => pick(draw, hex, length)).join("-"),
    userId: () => `2${pick(draw, digits, 17)}`,
    roleId: () => `3${pick(draw, digits, 17)}`,
    groupId: () => `g-${pick(draw, letters, 16)}`,
    resourceGroupId: () => `rg-${pick(draw, letters.toLowerCase(), 15)}`,
    accessKeyId: () => `LTAI5t${pick(draw, letters, 18)}`,
    publicKeyId: () => `LTPK${pick(draw, letters, 20)}`,
    serviceCredentialId: () => `SC${pick(draw, letters, 20)}`,
    applicationId: () => `4${pick(draw, digits, 17)}`,
    appSecretId: () => [8, 4, 4, 4, 12].map((length) => pick(draw, hex.toLowerCase(), length)).join("-"),
    controlPolicyId: () => `cp-${pick(draw, letters, 14)}`,
    accessKeySecret: () => pick(draw, letters, 30),
    sessionKeyId: () => `STS.N${pick(draw, letters, 24)}`,
    securityToken: () => `CAIS${pick(draw, letters, 180)}`,
    otpSeed: () => pick(draw, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 32),
  };
};

export type Ids = ReturnType<typeof idsFrom>;
