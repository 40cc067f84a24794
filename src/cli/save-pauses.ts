/** How often a run is saved by itself: as often as costs about 1 % of the time, and never more than 4 %. */

/** Without `--checkpoint-every`: wait this many times as long as the last save took, within these seconds. */
const WAIT_PER_SAVE = 100;
const SHORTEST_WAIT = 1;
const LONGEST_WAIT = 60;
/** A large replay buffer takes seconds to save: whatever the limits above say, the pause is so many times as long. */
const LEAST_WAIT_PER_SAVE = 25;
/** An iteration of so many seconds is always saved: the next one may be cut short, and nothing before it shall be lost. */
const LONG_ITERATION = 1;

/** Seconds until the next save, after one that took so many. */
export function pauseAfter(saveSeconds: number): number {
  const longest = Math.max(LONGEST_WAIT, LEAST_WAIT_PER_SAVE * saveSeconds);
  return Math.min(longest, Math.max(SHORTEST_WAIT, WAIT_PER_SAVE * saveSeconds));
}

/** Whether an iteration is saved at once, by how long it took and how long the last save did. */
export function isLong(iterationSeconds: number, saveSeconds: number): boolean {
  return iterationSeconds >= Math.max(LONG_ITERATION, LEAST_WAIT_PER_SAVE * saveSeconds);
}
