import type { EnvDescription } from "../spec.ts";

/** The kinds of lander by id: what they are without their physics. */
export const LANDERS = {
  "LunarLander-v3": { continuous: false, enableWind: false },
  "LunarLanderContinuous-v3": { continuous: true, enableWind: false },
  "LunarLanderWind-v3": { continuous: false, enableWind: true },
  "LunarLanderContinuousWind-v3": { continuous: true, enableWind: true },
} as const;

/** What is known of each before it is loaded. */
export const lunarLanderDescriptions: readonly EnvDescription[] = Object.entries(LANDERS).map(
  ([id, { continuous, enableWind }]) => ({
    id,
    maxEpisodeSteps: 1000,
    rewardThreshold: 200,
    renderFps: 50,
    description:
      `Land between two flags on the moon with three engines, ${continuous ? "each throttled" : "one at a time"}` +
      `${enableWind ? ", in gusts of wind" : ""}.`,
    source: "Klimov 2016, in OpenAI Gym; on the physics of Box2D (planck); as Gymnasium 1.3.0",
  }),
);
