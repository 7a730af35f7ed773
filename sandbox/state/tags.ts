export type Tag = { readonly key: string; readonly value: string };

export type Tagged = { readonly tags?: readonly Tag[] };

/** The same thing with other tags. One without tags has no list, whether it ever had one or not. */
export const retagged = <Thing extends Tagged>(thing: Thing, tags: readonly Tag[]): Thing => {
  const { tags: _before, ...rest } = thing;
  return (tags.length === 0 ? rest : { ...rest, tags }) as Thing;
};

/** Adds tags and overwrites those of the same key, which keep their place. */
export const merged = (before: readonly Tag[], given: readonly Tag[]): readonly Tag[] => [
  ...before.map((tag) => given.find((each) => each.key === tag.key) ?? tag),
  ...given.filter((each) => !before.some((tag) => tag.key === each.key)),
];
