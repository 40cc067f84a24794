/**
 * An environment of one's own, a plain object: a ball falls, and the paddle should be where it lands.
 *
 *   limpid check-env ./examples/my-env.ts
 *   limpid train ppo --env-module ./examples/my-env.ts --steps 30000
 */
import { Box, Discrete, type Env, Key } from "limpid";

const [WIDTH, HEIGHT] = [9, 12];

export default function catchTheBall(): Env<ArrayLike<number>, number> {
  let random = Key.fromSeed(0).stream();
  let [ball, height, paddle] = [0, 0, 0];
  const observe = () => [(ball - paddle) / WIDTH, height / HEIGHT];

  return {
    observationSpace: new Box([-1, 0], [1, 1]),
    actionSpace: new Discrete(3), // left, stay, right
    reset({ seed }) {
      if (seed !== undefined) random = Key.fromSeed(seed).stream();
      [ball, height, paddle] = [random.integer(WIDTH), HEIGHT, random.integer(WIDTH)];
      return { observation: observe(), info: {} };
    },
    step(action) {
      paddle = Math.min(WIDTH - 1, Math.max(0, paddle + action - 1));
      height--;
      const reward = height > 0 ? 0 : ball === paddle ? 1 : -1;
      return { observation: observe(), reward, terminated: height === 0, truncated: false, info: {} };
    },
    render(canvas) {
      const [w, h] = [canvas.canvas.width / WIDTH, canvas.canvas.height / (HEIGHT + 1)];
      canvas.clearRect(0, 0, canvas.canvas.width, canvas.canvas.height);
      canvas.fillRect(ball * w, (HEIGHT - height) * h, w, h);
      canvas.fillRect(paddle * w, (HEIGHT + 0.5) * h, w, h / 2);
    },
  };
}
