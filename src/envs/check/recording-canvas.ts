/** One call of a method of the canvas. */
export interface CanvasCall {
  readonly method: string;
  readonly args: readonly unknown[];
}

/**
 * A 2-D context without pixels that writes down what is called. Methods that return something to draw with
 * (gradients, text measures, image data) return an object that accepts everything.
 */
export function recordingCanvas(
  width: number,
  height: number,
): { canvas: CanvasRenderingContext2D; calls: CanvasCall[] } {
  const calls: CanvasCall[] = [];
  const properties: Record<string | symbol, unknown> = { canvas: { width, height } };
  const context = new Proxy(properties, {
    get(target, name) {
      if (name in target || typeof name === "symbol") return target[name];
      return (...args: unknown[]) => {
        calls.push({ method: name, args });
        return accepting();
      };
    },
    set(target, name, value) {
      target[name] = value;
      return true;
    },
  });
  return { canvas: context as unknown as CanvasRenderingContext2D, calls };
}

/** An object whose every property is a method that does nothing, and that counts as 0. */
function accepting(): unknown {
  return new Proxy(() => undefined, {
    get: (_target, name) => (name === Symbol.toPrimitive ? () => 0 : name === "length" ? 0 : accepting()),
    apply: () => accepting(),
  });
}
