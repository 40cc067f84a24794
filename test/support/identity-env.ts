export { IdentityEnv, type IdentityOptions } from "../../src/envs/probes/identity-env.ts";
