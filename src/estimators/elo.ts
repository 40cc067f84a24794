import { ConfigError } from "../errors.ts";
import { log, pow } from "../math/index.ts";

/**
 * The score that a player of rating `own` is expected to take from one of rating `other`: 1 for a win, 0 for a loss, ½ for a draw.
 * Elo 1978, *The rating of chessplayers*: 1 / (1 + 10^((other − own) / 400)), so that 400 points are odds of ten to one.
 */
export function expectedScore(own: number, other: number): number {
  return 1 / (1 + pow(10, (other - own) / 400));
}

/** A rating after a game with that score against a player of rating `other`: own + k (score − expected score). */
export function updatedElo(own: number, other: number, score: number, k = 16): number {
  if (!(score >= 0 && score <= 1)) throw new ConfigError({ field: "score", value: score, allowed: "from 0 to 1" });
  return own + k * (score - expectedScore(own, other));
}

/**
 * Ratings of P players of whom each pair may have met: those under which every player's expected score is the one that was taken (the
 * most likely ones under Elo's model, also Bradley & Terry 1952), by the iteration of Hunter 2004, "MM algorithms for generalized
 * Bradley–Terry models". The first player has rating `first`. One draw with everyone met is added to all scores, without which who
 * won all games would have no finite rating.
 *
 * @param scores `[P][P]`: what the player of the row took from that of the column; symmetric pairs sum up to the games played
 * @throws ConfigError unless the table is square and holds nothing below 0
 */
export function eloRatings(scores: readonly (readonly number[])[], first = 0): number[] {
  const players = scores.length;
  if (scores.some((row) => row.length !== players || row.some((score) => !(score >= 0)))) {
    throw new ConfigError({ field: "scores", value: scores, allowed: "a square table of numbers of at least 0" });
  }
  const games = scores.map((row, i) => row.map((score, j) => (i === j ? 0 : score + scores[j]![i]!)));
  const met = games.map((row) => row.map((count) => (count > 0 ? count + 1 : 0)));
  const taken = scores.map((row, i) => row.reduce((sum, score, j) => sum + (met[i]![j]! > 0 ? score + 0.5 : 0), 0));
  let strengths = new Array<number>(players).fill(1);
  for (let round = 0; round < 10_000; round++) {
    const next = strengths.map((own, i) => {
      const expected = met[i]!.reduce((sum, count, j) => sum + count / (own + strengths[j]!), 0);
      return expected > 0 ? taken[i]! / expected : own;
    });
    const change = next.reduce((most, value, i) => Math.max(most, Math.abs(value / strengths[i]! - 1)), 0);
    strengths = next.map((value) => value / next[0]!);
    if (change < 1e-12) break;
  }
  return strengths.map((strength) => first + (400 * log(strength)) / Math.LN10);
}
