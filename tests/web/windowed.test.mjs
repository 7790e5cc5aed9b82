// A long list: which rows are drawn, what room the others take, and what of it is loaded anew.
import assert from "node:assert/strict";
import { test } from "node:test";
import { page } from "./stage.mjs";

const { age } = await page("inbox/row.js");
const { useLanguage } = await page("i18n.js");
const { heights, piecesOf, spanOf } = await page("parts/windowed.js");
const { onto, over } = await page("inbox/load.js");

const ids = Array.from({ length: 1000 }, (_, i) => String(i));

test("rows that were never drawn count as the mean of the first ones, whatever comes later", () => {
  const high = heights();
  assert.equal(high.of("a"), 130);
  high.keep([["a", 100], ["b", 200]]);
  assert.deepEqual([high.of("a"), high.of("c")], [100, 150]);
  high.keep([["b", 100]]);
  assert.deepEqual([high.of("b"), high.of("c")], [100, 150], "a better guess would move the page");
});
test("what is between two heights is drawn, from a whole step to a whole step", () => {
  const high = heights();
  high.keep([["0", 100]]);
  assert.deepEqual(spanOf(ids, high, -500, 1000), { from: 0, to: 10 });
  assert.deepEqual(spanOf(ids, high, 5050, 6050), { from: 50, to: 70 });
  assert.deepEqual(spanOf(ids, high, 99_500, 200_000), { from: 990, to: 1000 });
  assert.deepEqual(spanOf([], high, 0, 1000), { from: 0, to: 0 });
});
test("nothing moves: rows, gaps and the tail are together as high as all rows", () => {
  const high = heights();
  high.keep(ids.map((id, i) => [id, 80 + (i % 7) * 10]));
  const all = ids.reduce((sum, id) => sum + high.of(id), 0);
  for (const kept of [[], [0], [3, 999], [505]]) {
    const { pieces, tail } = piecesOf(ids, high, { from: 500, to: 560 }, kept);
    assert.equal(pieces.reduce((/** @type {number} */ sum, /** @type {{i: number, gap: number}} */ one) => sum + one.gap + high.of(ids[one.i]), 0) + tail, all);
    assert.deepEqual(pieces.map((/** @type {{i: number}} */ one) => one.i), [...new Set([...kept, ...Array.from({ length: 60 }, (_, i) => 500 + i)])].sort((a, b) => a - b), "the row in hand stays");
  }
});
test("a head that came anew replaces its rows; what lies behind stays, and nothing is there twice", () => {
  const row = (/** @type {number} */ i) => ({ contact: { id: String(i) } });
  const old = [1, 2, 3, 4, 5, 6].map(row);
  const names = (/** @type {{contact: {id: string}}[]} */ list) => list.map((one) => one.contact.id).join();
  assert.equal(names(over(old, [0, 1, 3].map(row))), "0,1,3,4,5,6", "0 is new, 2 is gone");
  assert.equal(names(over(old, [5, 1].map(row))), "5,1,6");
  assert.equal(names(over(old, [7, 8].map(row))), "7,8");
  assert.equal(names(over(old, [])), "");
  assert.equal(names(onto(old, [6, 7].map(row))), "1,2,3,4,5,6,7", "what comes again stands where it stood");
});
test("how long ago, in the largest unit that fits", async () => {
  await useLanguage("de");
  const now = Date.parse("2026-12-01T12:00:00Z");
  assert.deepEqual(["2026-12-01T12:00:30Z", "2026-12-01T11:59:30Z", "2026-12-01T11:01:00Z", "2026-12-01T10:59:00Z", "2026-11-30T11:00:00Z", "2026-11-28T11:00:00Z"].map((text) => age(text, now)),
    ["in dieser Minute", "in dieser Minute", "vor 59 Minuten", "vor 1 Stunde", "gestern", "vor 3 Tagen"]);
});
