/** The microscope: what each sample does to the network, and what the weights really did. It listens, and never touches. */

export { figures } from "./figures/index.ts";
export { Microscope, type MicroscopeOptions } from "./microscope.ts";
export { type GradientNoise, gradientNoise } from "./noise.ts";
export type {
  GroupRecord,
  HeaderRecord,
  InspectionRecord,
  LayerRecord,
  ParameterRecord,
  SampleRecord,
  TermMeans,
  UpdateRecord,
} from "./records.ts";
export { type GroupSummary, type Interval, type Period, type Summary, summarise } from "./summary.ts";
export { renderSummary } from "./table.ts";
