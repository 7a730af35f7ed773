/** What a call did that no reading of its subject shows afterwards. */
export type Unseen = "password" | "second-factor" | "secret";
