import { expect, it } from "vitest";
import { mirrorOf } from "../../../test/support/pong.ts";
import { Key } from "../../random/index.ts";
import { differenceView } from "./difference-view.ts";
import { framesView } from "./frames-view.ts";
import { memorySize, remember, rememberStart } from "./picture.ts";
import * as game from "./rules.ts";
import { vectorView } from "./vector-view.ts";
import type { PongView } from "./view.ts";

const VIEWS = { vectorView, differenceView, framesView };

/** A game and its mirror image, played side by side: what is seen of both after each step. */
function playBoth(view: PongView, see: (state: Float64Array, mirrored: Float64Array) => void): void {
  const size = game.GAME_SIZE + memorySize(view.pictures);
  const [state, mirrored] = [new Float64Array(size), new Float64Array(size)];
  const draws = [0, 1].map(() => Key.fromSeed(3).stream());
  game.startGame(state, 0, draws[0]);
  draws[1].integer(2);
  mirrored.set(mirrorOf(state));
  for (const one of [state, mirrored]) if (view.pictures > 0) rememberStart(one, 0, view.pictures);
  const moves = Key.fromSeed(4).stream();
  for (let t = 0; t < 300; t++) {
    see(state, mirrored);
    const [left, right] = [moves.integer(3) - 1, moves.integer(3) - 1];
    game.play(state, 0, left, right, 4, draws[0]);
    game.play(mirrored, 0, right, left, 4, draws[1]);
    for (const one of [state, mirrored]) if (view.pictures > 0) remember(one, 0, view.pictures);
  }
}

const bits = (row: Float32Array) => Buffer.from(row.buffer).toString("latin1");

it.each(Object.entries(VIEWS))("%s shows the left player what the right one sees of the mirror image", (_, view) => {
  const different = new Set<boolean>();
  playBoth(view, (state, mirrored) => {
    const [left, right, own] = [0, 1, 2].map(() => new Float32Array(view.space.flatSize));
    view.writeMirrored(state, 0, left, 0);
    view.write(mirrored, 0, right, 0);
    view.write(state, 0, own, 0);
    expect(bits(left) === bits(right)).toBe(true);
    different.add(bits(left) !== bits(own));
  });
  // Or else there would be nothing to mirror.
  expect(different).toContain(true);
});

it.each(Object.entries(VIEWS))("%s writes the same over zeros as over what it wrote before", (_, view) => {
  const kept = new Float32Array(view.space.flatSize);
  playBoth(view, (state) => {
    const fresh = new Float32Array(view.space.flatSize);
    view.write(state, 0, kept, 0);
    view.write(state, 0, fresh, 0);
    expect(bits(kept) === bits(fresh)).toBe(true);
  });
});

it("nine numbers from -1 to 1 say where everything is and how fast", () => {
  const state = new Float64Array(game.GAME_SIZE);
  game.startGame(state, 0, Key.fromSeed(1).stream());
  const observe = (write: PongView["write"]) => {
    const row = new Float32Array(9);
    write(state, 0, row, 0);
    return [...row];
  };
  state[game.BALL_SPEED_X] = 2;
  expect(observe(vectorView.write)).toEqual([0, 0, 0, 0, 0, 0, 0.5, 0, 1]);
  for (const [place, value] of [
    [game.RIGHT_Y, 188],
    [game.RIGHT_SPEED, -4],
    [game.LEFT_Y, 65],
    [game.LEFT_SPEED, 2],
    [game.BALL_X, 160],
    [game.BALL_Y, 34],
    [game.BALL_SPEED_X, 4],
    [game.BALL_SPEED_Y, -3],
    [game.WAIT, 0],
  ])
    state[place] = value;
  expect(observe(vectorView.write)).toEqual([1, -1, -0.5, 0.5, 1, -1, 1, -0.5, 0]);
  expect(observe(vectorView.writeMirrored)).toEqual([-0.5, 0.5, 1, -1, -1, -1, -1, -0.5, 0]);
});
