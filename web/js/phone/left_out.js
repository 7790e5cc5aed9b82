// Cards in the live picture that a person taps away. Each is remembered by a point inside it, which goes along with the card from
// look to look; in the photo it is painted over, so that nobody reads it.

import { middleOf, turn } from "./straight.js";

/** @typedef {import("./straight.js").Point} Point */
/** @typedef {import("./straight.js").Corners} Corners */

const WIDER = 1.08; // the paint reaches over the card's edge

/** Whether the point lies in the quadrilateral, whichever way round its corners go. @param {Corners} card @param {Point} point */
function holds(card, point) {
  const turns = card.map((corner, i) => turn(corner, card[(i + 1) % 4], point));
  return turns.every((one) => one > 0) || turns.every((one) => one < 0);
}

/** @param {Corners} card @param {Point[]} points */
export const isLeftOut = (card, points) => points.some((point) => holds(card, point));

/** A card is taken out, or back in. @param {Corners} card @param {Point[]} points @returns {Point[]} */
export const swapped = (card, points) => (isLeftOut(card, points) ? points.filter((point) => !holds(card, point)) : [...points, middleOf(card)]);

/** The points after the next look: each in the middle of its card again, or where it was when that is not seen just now.
 * @param {Point[]} points @param {Corners[]} cards @returns {Point[]} */
export const followed = (points, cards) => points.map((point) => { const card = cards.find((one) => holds(one, point)); return card ? middleOf(card) : point; });

/** The card and a little around it. @param {Corners} card @returns {Point[]} */
function around(card) {
  const middle = middleOf(card);
  return card.map(({ x, y }) => ({ x: middle.x + (x - middle.x) * WIDER, y: middle.y + (y - middle.y) * WIDER }));
}

/** Paints cards over in the table's colour beside them. @param {CanvasRenderingContext2D} pen @param {Corners[]} cards */
export function paintOver(pen, cards) {
  const { width, height } = pen.canvas;
  for (const corners of cards.map(around)) {
    const beside = corners.filter(({ x, y }) => x > 0 && y > 0 && x < 1 && y < 1).map(({ x, y }) => pen.getImageData(Math.floor(x * width), Math.floor(y * height), 1, 1).data);
    const tone = [0, 1, 2].map((k) => beside.reduce((sum, dot) => sum + dot[k], 0) / (beside.length || 1));
    pen.fillStyle = `rgb(${tone.map(Math.round).join(" ")})`;
    pen.beginPath();
    for (const { x, y } of corners) pen.lineTo(x * width, y * height);
    pen.fill();
  }
}
