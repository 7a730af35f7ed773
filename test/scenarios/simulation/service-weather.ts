import { between, type Draw, pick } from "./scheduler.ts";

/** How a service fails at a moment where it is out for long: it says nothing, or that it is not there. */
export type ServiceWeather = (service: string, now: number) => "silent" | "unavailable" | undefined;

const minute = 60_000;

/**
 * One service that is out for minutes or hours, as far as things go wrong at all. Drawn by itself, so that seeds without
 * such weather go as they went before it was thought of.
 */
export const serviceWeather = (draw: Draw, start: number, forMs: number): ServiceWeather => {
  if (draw() >= 0.4) return () => undefined;
  const out = pick(draw, ["Ram", "Ims", "ResourceManager", "Sts", "Actiontrail"]);
  const from = start + between(draw, 1, Math.max(2, Math.floor(forMs / minute))) * minute;
  const until = from + between(draw, 5, 180) * minute;
  const how = pick(draw, ["silent", "unavailable"] as const);
  return (service, now) => (service === out && from <= now && now < until ? how : undefined);
};
