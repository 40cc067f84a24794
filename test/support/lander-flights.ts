/** What digest-lander.ts gives for seed 1, on every engine and for ever: changed physics, engines or random numbers change it. */
export const FLIGHTS: Readonly<Record<string, string>> = {
  "LunarLander-v3": "35f1eaab24a1e859e77a8e9d5da29c851f0d75e90cab38c15a2833394b2b63f9",
  "LunarLanderContinuous-v3": "b5e96be89aa4cad7688f59f4f728848793d9a883a0e1392fd7f6e9f742386e32",
  "LunarLanderWind-v3": "77f11447dfbea072a256e463b907b86543b2c5d34120778ce26256e00b6eed1b",
  "LunarLanderContinuousWind-v3": "b09cdd4eec09dfcdf87e615a2131d6e2a02e587c9596f87275540ac90b420cf3",
};
