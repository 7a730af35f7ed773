// The oracle's own words for documents. It shares nothing with the code under test.

export type ConditionBlock = Readonly<
  Record<string, Readonly<Record<string, string | boolean | number | readonly string[]>>>
>;

export type RawStatement = {
  readonly Effect: "Allow" | "Deny";
  readonly Action?: string | readonly string[];
  readonly NotAction?: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly NotResource?: string | readonly string[];
  readonly Principal?: RawPrincipal;
  readonly NotPrincipal?: RawPrincipal;
  readonly Condition?: ConditionBlock;
};

export type RawPrincipal = string | readonly string[] | Readonly<Record<string, string | readonly string[]>>;

export type RawDocument = { readonly Version: "1"; readonly Statement: RawStatement | readonly RawStatement[] };

/** `group` is the resource group to which the document is attached, if it is not the account. */
export type RawAttached = { readonly document: RawDocument; readonly group: string | undefined };

export type RawSide = { readonly documents: readonly RawAttached[]; readonly session: RawDocument | undefined };

export type RawPair = { readonly kind: "permission" | "trust"; readonly before: RawSide; readonly after: RawSide };

export type OracleReading = { readonly segments: boolean; readonly negationHolds: boolean };

export const oracleReadings: readonly OracleReading[] = [
  { segments: true, negationHolds: true },
  { segments: true, negationHolds: false },
  { segments: false, negationHolds: true },
  { segments: false, negationHolds: false },
];

export const list = <Item>(given: Item | readonly Item[] | undefined): readonly Item[] => {
  if (given === undefined) return [];
  return Array.isArray(given) ? (given as readonly Item[]) : [given as Item];
};
