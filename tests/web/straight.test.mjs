// A card laid flat: corners land on corners, straight stays straight, and a quarter turn is one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./stage.mjs";

const { placeIn, sound, straighten } = await page("phone/straight.js");
const { glareAt } = await page("phone/hints.js");
const near = (/** @type {number} */ a, /** @type {number} */ b) => assert.ok(Math.abs(a - b) < 1e-6, `${a} ${b}`);
const QUAD = [{ x: 20, y: 10 }, { x: 90, y: 25 }, { x: 80, y: 95 }, { x: 5, y: 70 }];

test("corners land on corners, and the diagonals cross in the middle", () => {
  const place = placeIn(QUAD);
  [[0, 0], [1, 0], [1, 1], [0, 1]].forEach(([u, v], i) => { near(place(u, v).x, QUAD[i].x); near(place(u, v).y, QUAD[i].y); });
  const middle = place(0.5, 0.5); // perspective keeps lines: the middle of the card lies on both diagonals of the photo
  const on = (/** @type {any} */ p, /** @type {any} */ q) => (q.x - p.x) * (middle.y - p.y) - (q.y - p.y) * (middle.x - p.x);
  near(on(QUAD[0], QUAD[2]), 0);
  near(on(QUAD[1], QUAD[3]), 0);
});

/** 40 x 20: left half black, right half white. */
const half = () => {
  const data = new Uint8ClampedArray(40 * 20 * 4).fill(255);
  for (let y = 0; y < 20; y++) for (let x = 0; x < 20; x++) data.set([0, 0, 0], 4 * (40 * y + x));
  return { data, width: 40, height: 20 };
};
const dot = (/** @type {any} */ { data, width }, /** @type {number} */ x, /** @type {number} */ y) => data[4 * (width * y + x)];
const ALL = [{ x: 0, y: 0 }, { x: 1, y: 0 }, { x: 1, y: 1 }, { x: 0, y: 1 }];

test("a quarter turn stands it up", () => {
  const flat = straighten(half(), ALL);
  assert.deepEqual([flat.width, flat.height, dot(flat, 3, 9), dot(flat, 35, 9)], [39, 19, 0, 255]);
  const turned = straighten(half(), [3, 0, 1, 2].map((i) => ALL[i]));
  assert.deepEqual([turned.width, turned.height, dot(turned, 9, 3), dot(turned, 9, 35)], [19, 39, 0, 255]);
});
test("corners that cross are no card", () => {
  assert.ok(sound(ALL));
  assert.ok(!sound([ALL[0], ALL[2], ALL[1], ALL[3]]));
  assert.ok(!sound([ALL[0], ALL[1], { x: 0.1, y: 0.1 }, ALL[3]]));
});
test("a reflection is said where it lies", () => {
  const grey = new Uint8Array(120 * 90).fill(120);
  for (let y = 5; y < 20; y++) for (let x = 95; x < 115; x++) grey[120 * y + x] = 255;
  assert.equal(glareAt(grey, 120), "top_right");
  assert.equal(glareAt(new Uint8Array(120 * 90).fill(120), 120), "");
});
