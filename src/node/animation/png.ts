/** Figures as PNG, for whoever cannot show SVG. */
import { isMissing } from "../../envs/on-demand.ts";

/** What draws them does not come with limpid; as npm installs it. */
export const PNG_NEEDS = "@napi-rs/canvas@1.1.1";

/** Pixels for one of the figure's own: letters stay sharp on screens of today. */
const SCALE = 2;

export interface PngWriter {
  /** A PNG file of SVG text that says its width and height. */
  write(svg: string): Promise<Uint8Array>;
  /** Bare machines, such as small containers, have no font: words would be missing. */
  readonly hasFonts: boolean;
}

/** Undefined where the library is not installed. */
export async function loadPngWriter(): Promise<PngWriter | undefined> {
  try {
    const { createCanvas, loadImage, GlobalFonts } = await import("@napi-rs/canvas");
    return {
      async write(svg) {
        const image = await loadImage(Buffer.from(svg));
        const [width, height] = [SCALE * image.width, SCALE * image.height];
        const canvas = createCanvas(width, height);
        canvas.getContext("2d").drawImage(image, 0, 0, width, height);
        return canvas.toBuffer("image/png");
      },
      hasFonts: GlobalFonts.families.length > 0,
    };
  } catch (cause) {
    if (!isMissing(PNG_NEEDS, cause)) throw cause;
    return undefined;
  }
}
