import { COLORS, disc, fillBox, fillPolygon, scene, strokeLine } from "../drawing.ts";
import { CELL, centreOf, drawLattice } from "./draw-cells.ts";
import { GRID, IN_TAXI, isWallRightOf, PLACES, readTaxiState } from "./taxi-state.ts";

/** Red, green, yellow, blue. */
const PLACE_COLORS = ["#e3a2a4", "#a5d1b0", "#efdc9a", "#a5c3e6"];

/** The town from above: walls, four places, a flag at the destination, the passenger where he waits or on the taxi's roof. */
export function drawTaxi(canvas: CanvasRenderingContext2D, state: number): void {
  const { cell, passenger, destination } = readTaxiState(state);
  const side = GRID.columns * CELL;
  scene(canvas, side + 20, side + 20, () => {
    canvas.translate(10, 10);
    fillBox(canvas, 0, 0, side, side, COLORS.paper);
    PLACES.forEach((place, i) => {
      const { x, y } = centreOf(GRID, place);
      fillBox(canvas, x - CELL / 2, y - CELL / 2, CELL, CELL, PLACE_COLORS[i]);
    });
    drawLattice(canvas, GRID);
    drawWalls(canvas, side);
    const goal = centreOf(GRID, PLACES[destination]);
    drawSmallFlag(canvas, goal.x - 30, goal.y - 26);
    const taxi = centreOf(GRID, cell);
    drawCar(canvas, taxi.x, taxi.y + 12, passenger === IN_TAXI);
    if (passenger === IN_TAXI) return drawPassenger(canvas, taxi.x, taxi.y - 22);
    const waiting = centreOf(GRID, PLACES[passenger]);
    drawPassenger(canvas, waiting.x + 32, waiting.y - 28);
  });
}

function drawWalls(canvas: CanvasRenderingContext2D, side: number): void {
  strokeLine(canvas, [0, 0, side, 0, side, side, 0, side, 0, 0], COLORS.ink, 10);
  for (let cell = 0; cell < GRID.rows * GRID.columns; cell++) {
    if (!isWallRightOf(cell)) continue;
    const { x, y } = centreOf(GRID, cell);
    strokeLine(canvas, [x + CELL / 2, y - CELL / 2, x + CELL / 2, y + CELL / 2], COLORS.ink, 10);
  }
}

function drawCar(canvas: CanvasRenderingContext2D, x: number, y: number, isTaken: boolean): void {
  fillPolygon(canvas, [x - 34, y, x + 34, y, x + 34, y + 18, x - 34, y + 18], COLORS.driven, 8);
  fillPolygon(canvas, [x - 20, y - 4, x - 13, y - 20, x + 13, y - 20, x + 20, y - 4], COLORS.driven, 6);
  fillPolygon(canvas, [x - 12, y - 4, x - 8, y - 15, x + 8, y - 15, x + 12, y - 4], COLORS.paper, 2);
  if (!isTaken) fillBox(canvas, x - 9, y - 32, 18, 8, COLORS.carried);
  for (const wheel of [x - 20, x + 20]) disc(canvas, wheel, y + 21, 9, COLORS.ink);
}

function drawPassenger(canvas: CanvasRenderingContext2D, x: number, y: number): void {
  fillPolygon(canvas, [x - 9, y + 22, x + 9, y + 22, x, y], COLORS.carried, 6);
  disc(canvas, x, y - 3, 9, COLORS.carried);
}

function drawSmallFlag(canvas: CanvasRenderingContext2D, x: number, y: number): void {
  fillPolygon(canvas, [x, y - 14, x + 22, y - 6, x, y + 2], COLORS.goal, 2);
  strokeLine(canvas, [x, y - 15, x, y + 22], COLORS.ink, 4);
}
