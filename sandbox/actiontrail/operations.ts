import { need } from "../access/needs.ts";
import { ApiError } from "../api-error.ts";
import type { Asked, Need, Operations } from "../operation.ts";
import { required } from "../params.ts";
import { lookUpEvents } from "./look-up.ts";

const trailName = "sandbox";

const needs =
  (action: string) =>
  ({ account }: Asked): readonly Need[] => [
    need(`actiontrail:${action}`, `acs:actiontrail:*:${account.accountId}:trail/*`, "*"),
  ];

/** One trail that always logs: enough to see that somebody is watching. */
export const actiontrailOperations: Operations = {
  LookupEvents: { access: "Read", needs: needs("LookupEvents"), run: lookUpEvents },
  DescribeTrails: {
    access: "Read",
    needs: needs("DescribeTrails"),
    run: ({ account }) => ({
      TrailList: [
        {
          Name: trailName,
          HomeRegion: "cn-hangzhou",
          TrailRegion: "All",
          EventRW: "All",
          Status: "Enable",
          IsOrganizationTrail: false,
          TrailArn: `acs:actiontrail:cn-hangzhou:${account.accountId}:trail/${trailName}`,
        },
      ],
    }),
  },
  GetTrailStatus: {
    access: "Read",
    needs: needs("GetTrailStatus"),
    run: ({ params, now }) => {
      if (required(params, "Name") !== trailName) {
        throw new ApiError(404, "TrailNotFoundException", "The specified trail does not exist.");
      }
      return { IsLogging: true, LatestDeliveryTime: now, LatestDeliveryError: "" };
    },
  },
};
