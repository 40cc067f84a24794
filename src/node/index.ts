/**
 * The room for Node alone: files that survive crashes, run directories, TensorBoard, environments from the user's files, episodes
 * as animations.
 */
export { openRecording, type Recording, type RecordingOptions } from "./animation/recording.ts";
export { atomicWrite } from "./atomic-write.ts";
export { loadDataset, saveDataset } from "./dataset-file.ts";
export { type EnvFactory, isEnvModule, loadEnvModule } from "./env-module.ts";
export { MetricsLog, type MetricsRow } from "./metrics-log.ts";
export { type LoadedCheckpoint, RunDirectory, type RunName } from "./run-directory.ts";
export { acquireRunLock, type RunLock } from "./run-lock.ts";
export { type TensorBoardOptions, TensorBoardWriter } from "./tensorboard.ts";
