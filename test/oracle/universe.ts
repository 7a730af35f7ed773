// The small world in which the oracle tries everything. Patterns are made of the letters a, b and the wildcards; z is
// the letter that no pattern names.

const words = (letters: readonly string[], longest: number): readonly string[] => {
  const found: string[] = [];
  let last: readonly string[] = [""];
  for (let length = 1; length <= longest; length += 1) {
    last = last.flatMap((word) => letters.map((letter) => word + letter));
    found.push(...last);
  }
  return found;
};

export const actions: readonly string[] = ["a", "b", "z", "ab"].flatMap((service) =>
  [...words(["a", "b", "z"], 2), "aba", "zab", "abz", "azb", "bza", "a:b"].map((name) => `${service}:${name}`),
);

const tails = [
  "a",
  "b",
  "z",
  "aa",
  "ab",
  "az",
  "ba",
  "bz",
  "a/a",
  "a/b",
  "a/z",
  "b/a",
  "a:b",
  "a:a/b",
  "z:1:a",
  "role/a",
  "role/z",
];

export const resources: readonly string[] = [
  "*",
  "a",
  "z",
  "ab",
  "acs:o",
  "acs:z:a",
  "a:b:a",
  "acs:o:r:1",
  ...["o", "ram", "z"].flatMap((service) =>
    ["", "r", "z"].flatMap((region) =>
      ["1", "2", "z"].flatMap((account) => tails.map((tail) => `acs:${service}:${region}:${account}:${tail}`)),
    ),
  ),
];

export type Principal = { readonly type: string; readonly value: string };

export const principals: readonly Principal[] = [
  ...["1", "2", "12", "z"].flatMap((account) =>
    ["user/a", "user/A", "user/z", "role/a", "role/z", "role/a/z"].map((name) => ({
      type: "RAM",
      value: `acs:ram::${account}:${name}`,
    })),
  ),
  ...["a.com", "b.com", "1@a.com", "z.com"].map((value) => ({ type: "Service", value })),
  ...["1", "2", "z"].flatMap((account) =>
    ["saml-provider/a", "oidc-provider/a", "oidc-provider/z"].map((name) => ({
      type: "Federated",
      value: `acs:ram::${account}:${name}`,
    })),
  ),
];

/** What each condition key can be in a request; `undefined` is a request without it. One family of operators a key. */
export const keyValues: Readonly<Record<string, readonly (string | undefined)[]>> = {
  "k:string": [
    undefined,
    "",
    "a",
    "A",
    "b",
    "B",
    "ab",
    "aB",
    "Ab",
    "AB",
    "ba",
    "z",
    "az",
    "zb",
    "aza",
    "a*",
    "?b",
    "zz",
  ],
  "k:other": [undefined, "", "a", "A", "b", "B", "ab", "aB", "Ab", "AB", "z", "az", "zb", "a*", "?b"],
  "k:number": [undefined, "0", "1", "1.5", "2", "2.5", "3", "4"],
  "k:date": [
    undefined,
    "2025-12-31T00:00:00Z",
    "2026-01-01T00:00:00Z",
    "2026-01-15T00:00:00Z",
    "2026-02-01T00:00:00Z",
    "2026-03-01T00:00:00Z",
  ],
  "k:bool": [undefined, "true", "false"],
  "k:ip": [
    undefined,
    "1.2.3.4",
    "10.0.0.0",
    "10.1.2.3",
    "10.200.0.1",
    "192.0.2.7",
    "::1",
    "2001:db8::1",
    "2001:db8:8000::1",
  ],
};
