/** A canvas of pixels that knows filled boxes alone, and refuses edges that are not on whole pixels: they would be blurred. */
export class RasterCanvas {
  readonly canvas: { readonly width: number; readonly height: number };
  fillStyle = "#000000";
  /** `[height, width]` colours. */
  readonly pixels: string[];
  #place = { x: 0, y: 0, scale: 1 };
  readonly #saved: { x: number; y: number; scale: number }[] = [];

  constructor(width: number, height: number) {
    this.canvas = { width, height };
    this.pixels = new Array<string>(width * height).fill("");
  }

  /** As what drawings take. */
  get context(): CanvasRenderingContext2D {
    return this as unknown as CanvasRenderingContext2D;
  }

  save(): void {
    this.#saved.push({ ...this.#place });
  }

  restore(): void {
    this.#place = this.#saved.pop()!;
  }

  translate(x: number, y: number): void {
    const { scale } = this.#place;
    this.#place = { x: this.#place.x + x * scale, y: this.#place.y + y * scale, scale };
  }

  scale(x: number, y: number): void {
    if (x !== y) throw new Error("scaled differently in x and y");
    this.#place = { ...this.#place, scale: this.#place.scale * x };
  }

  fillRect(x: number, y: number, width: number, height: number): void {
    const [left, right] = [this.#pixel("x", x), this.#pixel("x", x + width)];
    const [top, bottom] = [this.#pixel("y", y), this.#pixel("y", y + height)];
    for (let row = Math.max(top, 0); row < Math.min(bottom, this.canvas.height); row++) {
      for (let column = Math.max(left, 0); column < Math.min(right, this.canvas.width); column++) {
        this.pixels[row * this.canvas.width + column] = this.fillStyle;
      }
    }
  }

  at(row: number, column: number): string {
    return this.pixels[row * this.canvas.width + column];
  }

  #pixel(axis: "x" | "y", place: number): number {
    const exact = this.#place[axis] + place * this.#place.scale;
    const nearest = Math.round(exact);
    if (Math.abs(exact - nearest) > 1e-6) throw new Error(`an edge at ${axis} = ${exact} is not on a whole pixel`);
    return nearest;
  }
}
