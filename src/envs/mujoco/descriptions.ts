import type { EnvDescription } from "../spec.ts";

const source = "as Gymnasium 1.3.0, on MuJoCo 3.14.0";

/** What is known of each of these environments before MuJoCo is loaded. */
export const mujocoDescriptions = [
  {
    id: "InvertedPendulum-v5",
    maxEpisodeSteps: 1000,
    renderFps: 25,
    rewardThreshold: 950,
    description: "Balance a pole on a cart by forces of any size on the cart.",
    source,
  },
  {
    id: "InvertedDoublePendulum-v5",
    maxEpisodeSteps: 1000,
    renderFps: 20,
    rewardThreshold: 9100,
    description: "Balance a pole on a pole on a cart by forces on the cart.",
    source,
  },
  {
    id: "Reacher-v5",
    maxEpisodeSteps: 50,
    renderFps: 50,
    rewardThreshold: -3.75,
    description: "Bring the tip of an arm of two links to a target by torques in its joints.",
    source,
  },
  {
    id: "Hopper-v5",
    maxEpisodeSteps: 1000,
    renderFps: 125,
    rewardThreshold: 3800,
    description: "Hop forward on one leg without falling.",
    source,
  },
  {
    id: "HalfCheetah-v5",
    maxEpisodeSteps: 1000,
    renderFps: 20,
    rewardThreshold: 4800,
    description: "Run forward on one hind and one fore leg, as fast as possible.",
    source,
  },
  {
    id: "Walker2d-v5",
    maxEpisodeSteps: 1000,
    renderFps: 125,
    description: "Walk forward on two legs without falling.",
    source,
  },
  {
    id: "Ant-v5",
    maxEpisodeSteps: 1000,
    renderFps: 20,
    rewardThreshold: 6000,
    description: "Run towards +x in space on four legs.",
    source,
  },
] as const satisfies readonly EnvDescription[];

type MujocoId = (typeof mujocoDescriptions)[number]["id"];

/** The description of one of them. */
export function facts(id: MujocoId): EnvDescription {
  return mujocoDescriptions.find((description) => description.id === id)!;
}
