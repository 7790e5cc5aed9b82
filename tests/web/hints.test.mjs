// The live camera's hints, on pictures made for them.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./stage.mjs";

const { greyOf, hintOf } = await page("phone/hints.js");
const WIDTH = 192;
const HEIGHT = 144;

/** @param {(x: number, y: number) => number} value */
const picture = (value) => Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => value(i % WIDTH, Math.floor(i / WIDTH)));
/** A light card with lines of print on a darker table. @param {number} x @param {number} y */
const card = (x, y) => (x < 24 || x > 168 || y < 24 || y > 120 ? 90 : y % 12 < 3 && x > 40 && x < 130 && (x * 7) % 5 < 3 ? 40 : 225);
/** @param {Uint8Array} from @param {number} times */
const blurred = (from, times) => { // box blur of 5 x 5
  let now = from;
  for (let n = 0; n < times; n++) {
    const before = now;
    now = picture((x, y) => {
      let sum = 0;
      for (let dy = -2; dy <= 2; dy++) for (let dx = -2; dx <= 2; dx++) sum += before[Math.min(HEIGHT - 1, Math.max(0, y + dy)) * WIDTH + Math.min(WIDTH - 1, Math.max(0, x + dx))];
      return sum / 25;
    });
  }
  return now;
};

test("a card in good light is good", () => assert.equal(hintOf(picture(card), WIDTH), ""));
test("too little light", () => assert.equal(hintOf(picture((x, y) => card(x, y) / 5), WIDTH), "dark"));
test("a lamp in the card", () => assert.equal(hintOf(picture((x, y) => (Math.hypot(x - 100, y - 70) < 14 ? 255 : card(x, y))), WIDTH), "glare"));
test("a shaken hand", () => assert.equal(hintOf(blurred(picture(card), 6), WIDTH), "blur"));
test("nothing but a table", () => assert.equal(hintOf(picture((x) => 120 + x / 40), WIDTH), "empty"));
test("white paper is no lamp", () => assert.equal(hintOf(picture((x, y) => (card(x, y) > 200 ? 252 : card(x, y))), WIDTH), ""));
test("grey values by the eye's weights", () => assert.deepEqual([...greyOf(Uint8ClampedArray.of(255, 0, 0, 255, 0, 255, 0, 255))], [76, 149]));
