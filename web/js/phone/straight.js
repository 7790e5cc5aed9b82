// A card cut out by its four corners and laid flat: the plane perspective transform, sampled back to front. Plain arithmetic.

/** @typedef {{x: number, y: number}} Point parts of the picture's width and height, 0 to 1 */
/** @typedef {[Point, Point, Point, Point]} Corners clockwise from the one that shall be top left */
/** @typedef {{data: Uint8ClampedArray, width: number, height: number}} Picture RGBA, as in ImageData */

/** Where a point of the unit square lies in the quadrilateral (Heckbert 1989, 2.2.3). @param {Corners} corners in pixels @returns {(u: number, v: number) => Point} */
export function placeIn([a, b, c, d]) {
  const [dx1, dx2, sx] = [b.x - c.x, d.x - c.x, a.x - b.x + c.x - d.x];
  const [dy1, dy2, sy] = [b.y - c.y, d.y - c.y, a.y - b.y + c.y - d.y];
  const by = dx1 * dy2 - dx2 * dy1;
  const g = (sx * dy2 - dx2 * sy) / by;
  const h = (dx1 * sy - sx * dy1) / by;
  return (u, v) => {
    const w = g * u + h * v + 1;
    return { x: ((b.x - a.x + g * b.x) * u + (d.x - a.x + h * d.x) * v + a.x) / w, y: ((b.y - a.y + g * b.y) * u + (d.y - a.y + h * d.y) * v + a.y) / w };
  };
}

/** Above 0: the way over a, b and the point turns to the right, as seen on a screen. @param {Point} a @param {Point} b @param {Point} point */
export const turn = (a, b, point) => (b.x - a.x) * (point.y - a.y) - (b.y - a.y) * (point.x - a.x);

/** @param {Corners} corners @returns {Point} */
export const middleOf = (corners) => ({ x: corners.reduce((sum, p) => sum + p.x, 0) / 4, y: corners.reduce((sum, p) => sum + p.y, 0) / 4 });

const side = (/** @type {Point} */ a, /** @type {Point} */ b) => Math.hypot(a.x - b.x, a.y - b.y);

/** Whether the corners go round one way without a dent, and hold something. @param {Corners} corners */
export function sound(corners) {
  return corners.every((p, i) => turn(p, corners[(i + 1) % 4], corners[(i + 2) % 4]) > 0.001);
}

/** @param {Picture} from @param {Corners} corners @returns {Picture} */
export function straighten({ data, width, height }, corners) {
  const [a, b, c, d] = corners.map(({ x, y }) => ({ x: x * (width - 1), y: y * (height - 1) }));
  const place = placeIn([a, b, c, d]);
  const w = Math.max(1, Math.round((side(a, b) + side(d, c)) / 2));
  const h = Math.max(1, Math.round((side(a, d) + side(b, c)) / 2));
  const out = new Uint8ClampedArray(4 * w * h);
  for (let j = 0, to = 0; j < h; j++) {
    for (let i = 0; i < w; i++, to += 4) {
      const { x, y } = place((i + 0.5) / w, (j + 0.5) / h);
      const left = Math.min(width - 2, Math.max(0, Math.floor(x)));
      const top = Math.min(height - 2, Math.max(0, Math.floor(y)));
      const [fx, fy] = [x - left, y - top];
      const at = 4 * (top * width + left);
      for (let k = 0; k < 3; k++) {
        const upper = data[at + k] * (1 - fx) + data[at + 4 + k] * fx;
        const lower = data[at + 4 * width + k] * (1 - fx) + data[at + 4 * width + 4 + k] * fx;
        out[to + k] = upper * (1 - fy) + lower * fy;
      }
      out[to + 3] = 255;
    }
  }
  return { data: out, width: w, height: h };
}
