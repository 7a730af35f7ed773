import type { Policy } from "../../domain/subjects/permissions.ts";

/** The numbers of the versions beside the one in force: a greater one was made later. */
export const otherVersions = ({ versions, defaultVersion }: Policy): readonly number[] =>
  versions
    .filter(({ versionId }) => versionId !== defaultVersion)
    .flatMap(({ versionId }) => {
      const number = /^v(\d+)$/.exec(versionId)?.[1];
      return number === undefined ? [] : [Number(number)];
    });
