/** The labs: questions that are answered by running an experiment, with a verdict that is computed from its figures. */

export type { Claim, Outcome, Verdict } from "./claims.ts";
export {
  type Cell,
  type Chart,
  type Findings,
  type Lab,
  type LabResult,
  type LabSettings,
  type LabTable,
  runLab,
} from "./lab.ts";
export { draw, labPage } from "./page.ts";
export { findLab, labs } from "./registry.ts";
export { renderLab } from "./text.ts";
