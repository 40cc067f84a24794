export { checkDataset, type Dataset } from "./dataset.ts";
export { datasetArrays, readDataset, writeDataset } from "./dataset-file.ts";
export { addDataset, replayOf } from "./replay-of.ts";
