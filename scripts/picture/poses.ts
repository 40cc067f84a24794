/** Several moments of an episode in one picture, as a camera with an open shutter and a flash would take it. */
import { makeEnv, type Policy } from "limpid";

export interface Shown {
  readonly env: string;
  /** How many moments, and how many steps lie between them. */
  readonly poses: number;
  readonly every: number;
  /** Of the episode. */
  readonly seed: number;
  /** Steps at its beginning in which action 1 is taken, whatever the policy says. */
  readonly pushes?: number;
  /** Steps of it to look at; default: all. */
  readonly upTo?: number;
}

type Draw = (canvas: CanvasRenderingContext2D) => void;

/** The last moments of an episode, oldest first. */
export function lastPoses(policy: Policy, { env: id, poses, every, seed, pushes = 0, upTo = 1000 }: Shown): Draw[] {
  const env = makeEnv(id);
  const moments: Draw[] = [];
  const keep = () => {
    const state = env.state!();
    moments.push((canvas) => {
      env.restore!(state);
      env.render!(canvas);
    });
  };
  let { observation } = env.reset({ seed });
  keep();
  for (let step = 0; step < upTo; step++) {
    const action = step < pushes ? 1 : policy.act(observation, { deterministic: true });
    const result = env.step(action);
    observation = result.observation;
    keep();
    if (result.terminated || result.truncated) break;
  }
  return moments.filter((_, i) => (moments.length - 1 - i) % every === 0).slice(-poses);
}

/** Draws the moments over one another, older ones fainter. What stands still is drawn once. */
export function drawPoses(canvas: CanvasRenderingContext2D, moments: readonly Draw[]): void {
  const { width, height } = canvas.canvas;
  const pictures = moments.map((draw) => {
    const picture = new OffscreenCanvas(width, height).getContext("2d")!;
    draw(picture as unknown as CanvasRenderingContext2D);
    return picture;
  });
  // What moves is darker than paper and ground, so the lightest value of each pixel is the scene without it.
  canvas.globalCompositeOperation = "lighten";
  for (const picture of pictures) canvas.drawImage(picture.canvas, 0, 0);
  canvas.globalCompositeOperation = "source-over";
  const scene = canvas.getImageData(0, 0, width, height).data;
  pictures.forEach((picture, i) => {
    const image = picture.getImageData(0, 0, width, height);
    const { data } = image;
    for (let at = 0; at < data.length; at += 4) {
      const difference = [0, 1, 2].reduce((sum, c) => sum + scene[at + c]! - data[at + c]!, 0);
      data[at + 3] = Math.min(255, 3 * difference);
    }
    picture.putImageData(image, 0, 0);
    const age = pictures.length - 1 - i;
    canvas.globalAlpha = age === 0 ? 1 : 0.1 + 0.35 * (1 - age / pictures.length);
    canvas.drawImage(picture.canvas, 0, 0);
  });
  canvas.globalAlpha = 1;
}
