// The camera's own shutter: good and still for a moment, once a card.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./stage.mjs";

const { looked, ready, restless, took } = await page("phone/steady.js");

/** @param {number} x @param {number} [y] */
const card = (x, y = 0.3) => [{ x, y }, { x: x + 0.4, y }, { x: x + 0.4, y: y + 0.25 }, { x, y: y + 0.25 }];
/** @param {any} state @param {any[]} looks */
const see = (state, looks) => looks.reduce((was, look) => looked(was, look), state);
const good = (/** @type {any[]} */ ...cards) => ({ hint: "", cards });
const times = (/** @type {number} */ n, /** @type {any} */ look) => Array(n).fill(look);

test("it takes a moment of holding still", () => {
  assert.equal(ready(see(restless, times(3, good(card(0.2))))), false);
  assert.equal(ready(see(restless, times(4, good(card(0.2))))), true);
  assert.equal(ready(see(restless, [good(card(0.2)), good(card(0.25)), good(card(0.2)), good(card(0.25)), good(card(0.2))])), false, "a hand that shakes");
  assert.equal(ready(see(restless, [good(card(0.2)), good(card(0.205)), good(card(0.2)), good(card(0.205))])), true, "a hand is no tripod");
});
test("what would spoil the photo, and an empty table, start it anew", () => {
  assert.equal(ready(see(restless, [...times(3, good(card(0.2))), { hint: "glare", cards: [card(0.2)] }, ...times(3, good(card(0.2)))])), false);
  assert.equal(ready(see(restless, times(9, good()))), false);
  assert.equal(ready(see(restless, [...times(3, good(card(0.2))), good(card(0.2), card(0.6, 0.6)), good(card(0.2))])), false, "one more came");
});
test("once a card: not before it is gone or another lies there", () => {
  const after = took(see(restless, times(4, good(card(0.2)))));
  assert.equal(ready(see(after, times(20, good(card(0.21))))), false);
  assert.equal(ready(see(after, [good(), ...times(4, good(card(0.2)))])), true, "it was taken away, and the next one lies there");
  assert.equal(ready(see(after, times(4, good(card(0.35))))), true, "the next one lies elsewhere");
  assert.equal(ready(see(after, times(4, good(card(0.2), card(0.2, 0.65))))), true, "a second one lies beside it");
});
