// When the camera takes a photo by itself: the cards in view are good and hold still. Then not again before other cards lie there. Plain
// arithmetic over the corners; switched on by the person, kept on the device.
import { middleOf } from "./straight.js";

/** @typedef {import("./straight.js").Corners} Corners */
/** still: looks in a row; taken: where the cards lay that were taken last. @typedef {{cards: Corners[], still: number, taken: Corners[]}} Steady */

const LOOKS = 4; // in a row, 0.4 s apart
const STILL = 0.012; // of the picture that a corner may move between two looks
const OTHER = 0.08; // so far from the last one's middle, it is another card

const AUTO = "kartei.auto-shutter";
export const isAuto = () => localStorage.getItem(AUTO) === "1";
/** @param {boolean} on */
export function setAuto(on) {
  if (on) localStorage.setItem(AUTO, "1");
  else localStorage.removeItem(AUTO);
}

/** @type {Steady} */
export const restless = { cards: [], still: 0, taken: [] };

/** @param {import("./straight.js").Point} a @param {import("./straight.js").Point} b */
const apart = (a, b) => Math.max(Math.abs(a.x - b.x), Math.abs(a.y - b.y));

/** Whether each lies where one of the others lay. @param {Corners[]} cards @param {Corners[]} before @param {(a: Corners, b: Corners) => boolean} near */
const allNear = (cards, before, near) => cards.length === before.length && cards.every((card) => before.some((other) => near(card, other)));

/** One look more. @param {Steady} was @param {{hint: string, cards: Corners[]}} look @returns {Steady} */
export function looked({ cards: before, still, taken }, { hint, cards }) {
  const same = allNear(cards, before, (a, b) => a.every((corner, i) => apart(corner, b[i]) < STILL));
  const left = taken.length > 0 && !allNear(cards, taken, (a, b) => apart(middleOf(a), middleOf(b)) < OTHER);
  return { cards, still: hint || !cards.length ? 0 : same ? still + 1 : 1, taken: left ? [] : taken };
}

/** @param {Steady} now */
export const ready = ({ still, taken }) => still >= LOOKS && !taken.length;
/** After a photo. @param {Steady} now @returns {Steady} */
export const took = (now) => ({ ...now, still: 0, taken: now.cards });
