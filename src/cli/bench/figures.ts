/** Measured figures by name; the unit is the end of the name. */
export type Figures = Record<string, number>;
