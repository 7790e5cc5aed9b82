// Outlines in the live picture: as many as there are cards, where they lie, in reading order; none where there are none.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./stage.mjs";

const { cardsIn } = await page("phone/cards.js");
const [WIDTH, HEIGHT] = [192, 144];

/** A picture of `aspect`, squeezed into 192 x 144: a table, and cards of {x, y, w, turn} in parts of its width, with three lines of print.
 * @param {number} table @param {number} paper @param {{x: number, y: number, w: number, turn?: number}[]} cards @param {number} [aspect] @param {number} [noise] */
function picture(table, paper, cards, aspect = 4 / 3, noise = 6) {
  const grey = new Uint8Array(WIDTH * HEIGHT);
  let seed = 7;
  const random = () => ((seed = (seed * 1103515245 + 12345) % 2147483648) / 2147483648 - 0.5) * 2 * noise;
  for (let i = 0; i < grey.length; i++) {
    const x = ((i % WIDTH) + 0.5) / WIDTH, y = (Math.floor(i / WIDTH) + 0.5) / HEIGHT / aspect;
    let value = table + 14 * (x - 0.5); // light from one side
    for (const card of cards) {
      const [c, s] = [Math.cos(card.turn || 0), Math.sin(card.turn || 0)];
      const u = (x - card.x) * c + (y - card.y) * s, v = (y - card.y) * c - (x - card.x) * s, h = (card.w * 55) / 85;
      if (Math.abs(u) > card.w / 2 || Math.abs(v) > h / 2) continue;
      const line = Math.abs(((v / h + 0.5) * 5) % 1 - 0.5) < 0.12;
      value = line && Math.abs(u) < card.w * 0.35 ? table : paper;
    }
    grey[i] = Math.max(0, Math.min(255, value + random()));
  }
  return grey;
}
const middle = (/** @type {any[]} */ corners) => [corners.reduce((sum, p) => sum + p.x, 0) / 4, corners.reduce((sum, p) => sum + p.y, 0) / 4];
/** @param {any[][]} found @param {{x: number, y: number, w: number}[]} cards @param {number} [aspect] */
function lie(found, cards, aspect = 4 / 3) {
  assert.equal(found.length, cards.length);
  found.forEach((corners, n) => {
    const [x, y] = middle(corners);
    assert.ok(Math.hypot(x - cards[n].x, y / aspect - cards[n].y) < 0.02, `card ${n + 1}: ${x} ${y}`);
  });
}

test("one card: light on dark, dark on light, turned, in a phone held upright", () => {
  for (const [table, paper] of [[60, 230], [215, 40], [120, 165]])
    for (const turn of [0, 0.3, -0.8, 1.5]) {
      const one = [{ x: 0.5, y: 0.37, w: 0.42, turn }];
      lie(cardsIn(picture(table, paper, one), WIDTH, 4 / 3), one);
    }
  const upright = [{ x: 0.5, y: 0.8, w: 0.7, turn: 0.1 }];
  lie(cardsIn(picture(60, 230, upright, 9 / 16), WIDTH, 9 / 16), upright, 9 / 16);
});

test("several cards are counted in reading order, each turned a little its own way", () => {
  const six = [[0.2, 0.18], [0.5, 0.2], [0.8, 0.17], [0.21, 0.55], [0.52, 0.57], [0.79, 0.54]].map(([x, y], n) => ({ x, y, w: 0.22, turn: 0.08 * (n - 2) }));
  lie(cardsIn(picture(70, 225, six), WIDTH, 4 / 3), six);
});

test("no card: an empty table, noise, a strip, a disc, a table seen through a doorway", () => {
  assert.deepEqual(cardsIn(picture(90, 90, []), WIDTH, 4 / 3), []);
  assert.deepEqual(cardsIn(picture(128, 128, [], 4 / 3, 120), WIDTH, 4 / 3), []);
  const strip = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (Math.abs(Math.floor(i / WIDTH) - 72) < 12 ? 230 : 70));
  assert.deepEqual(cardsIn(strip, WIDTH, 4 / 3), []);
  const disc = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (Math.hypot((i % WIDTH) - 96, Math.floor(i / WIDTH) - 72) < 40 ? 230 : 70));
  assert.deepEqual(cardsIn(disc, WIDTH, 4 / 3), []);
  const door = Uint8Array.from({ length: WIDTH * HEIGHT }, (_, i) => (i % WIDTH > 4 && i % WIDTH < 188 ? 230 : 70));
  assert.deepEqual(cardsIn(door, WIDTH, 4 / 3), []);
});
