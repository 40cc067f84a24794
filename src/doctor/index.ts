/** The doctor: what may keep an agent from learning, by measurement. */

export { type Certainty, certainties, type Diagnosis, type Evidence, type Part, parts } from "./diagnosis.ts";
export { type DoctorSubject, type Examination, examine } from "./doctor.ts";
export { renderExamination } from "./text.ts";
