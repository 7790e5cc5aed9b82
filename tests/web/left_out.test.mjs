// Cards that are tapped away: they stay away while the hand moves, come back by a second tap, and the paint covers them and no other.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./stage.mjs";

const { followed, isLeftOut, paintOver, swapped } = await page("phone/left_out.js");
const { middleOf } = await page("phone/straight.js");

/** @param {number} x @param {number} y @param {number} [w] @param {number} [h] */
const card = (x, y, w = 0.3, h = 0.25) => [{ x, y }, { x: x + w, y }, { x: x + w, y: y + h }, { x, y: y + h }];
const [LEFT, RIGHT] = [card(0.1, 0.3), card(0.6, 0.3)];

test("a tap leaves one out, the next one takes it back in", () => {
  const out = swapped(RIGHT, []);
  assert.deepEqual([isLeftOut(LEFT, out), isLeftOut(RIGHT, out)], [false, true]);
  assert.deepEqual(swapped(RIGHT, out), []);
  assert.equal(isLeftOut([...RIGHT].reverse(), out), true, "whichever way round its corners go");
});

test("it stays out while the picture moves, and while it is not seen for a moment", () => {
  let out = swapped(RIGHT, []);
  for (let step = 1; step <= 20; step++) out = followed(out, step % 5 ? [card(0.1 - step / 100, 0.3), card(0.6 - step / 50, 0.3 + step / 60)] : []);
  assert.equal(isLeftOut(card(0.2, 0.63), out), true, JSON.stringify(out));
  assert.equal(isLeftOut(card(-0.1, 0.3), out), false);
});

test("the paint reaches over the card's edge and not to the next card", () => {
  /** @type {{x: number, y: number}[]} */ const path = [];
  const pen = {
    canvas: { width: 1000, height: 800 }, fillStyle: "", filled: 0,
    getImageData: () => ({ data: [60, 50, 40, 255] }), beginPath() {}, lineTo(/** @type {number} */ x, /** @type {number} */ y) { path.push({ x, y }); }, fill() { this.filled++; },
  };
  paintOver(pen, [RIGHT]);
  assert.equal(pen.filled, 1);
  assert.equal(pen.fillStyle, "rgb(60 50 40)");
  const [xs, ys] = [path.map((p) => p.x), path.map((p) => p.y)];
  assert.ok(Math.min(...xs) < 600 && Math.max(...xs) > 900 && Math.min(...ys) < 240 && Math.max(...ys) > 440, JSON.stringify(path));
  assert.ok(Math.min(...xs) > 400 && middleOf(RIGHT).x === 0.75);
});
