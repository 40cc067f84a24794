export { checkDataset, type Dataset } from "./dataset.ts";
export { datasetArrays, readDataset, writeDataset } from "./dataset-file.ts";
export { joinDatasets } from "./join.ts";
export { addDataset, replayOf } from "./replay-of.ts";
