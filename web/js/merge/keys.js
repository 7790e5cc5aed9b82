// The keys of the merge view; every one of them has a button, too.
import { t } from "../i18n.js";
import { useKeys } from "../keys.js";
import { takesOf } from "../merge_state.js";
import { undoLast } from "../written.js";
import { focusRow } from "./choices.js";

/** @typedef {import("../types.js").ReviewField} ReviewField */
/**
 * @typedef {object} Desk what keys act on
 * @property {ReviewField[]} rows that can be reached, in the order of the screen
 * @property {ReviewField | undefined} row in hand
 * @property {ReturnType<typeof import("./choices.js").useChoices>} work
 * @property {{dryRun: () => void, writeNow: () => void}} paper
 * @property {boolean} held whether nothing may be written now
 * @property {() => void} why @property {() => void} other @property {() => void} different @property {() => void} back @property {() => void} theirs
 */

/** Goes to the next field, or to the first when none is in hand. @param {Desk} desk @param {number} step */
export function move({ rows, row, work }, step) {
  const next = rows[Math.max(0, Math.min(rows.length - 1, work.current && row ? rows.indexOf(row) + step : 0))];
  if (!next) return;
  work.setCurrent(next.field);
  focusRow(next.field);
}

/** @param {Desk} desk @param {import("../types.js").Take} one */
function take({ row, work }, one) {
  if (!row || !takesOf(row).includes(one)) return;
  work.hands.choose(row, one);
  requestAnimationFrame(() => focusRow(row.field));
}

/** @param {Desk} desk */
export function useMergeKeys(desk) {
  const { row, work, paper, held } = desk;
  useKeys([
    { keys: ["ArrowDown"], label: t("keys.next_field"), act: () => move(desk, 1), always: true },
    { keys: ["ArrowUp"], label: t("keys.last_field"), act: () => move(desk, -1), always: true },
    { keys: ["1"], label: t("keys.take_card"), act: () => take(desk, "card") },
    { keys: ["2"], label: t("keys.take_crm"), act: () => take(desk, "crm") },
    { keys: ["3", "b"], label: t("keys.take_both"), act: () => take(desk, "both") },
    { keys: ["e"], label: t("keys.edit"), act: () => row && work.hands.edit(row.field) },
    { keys: ["Shift+1"], label: t("keys.all_card"), act: () => work.all("card") },
    { keys: ["Shift+2"], label: t("keys.all_crm"), act: () => work.all("crm") },
    { keys: ["r"], label: t("keys.reset"), act: () => row && work.hands.reset(row) },
    { keys: ["z"], label: t("keys.zoom"), act: () => row?.snippet && work.hands.zoom(row) },
    { keys: ["w"], label: t("why.title"), act: desk.why },
    { keys: ["o"], label: t("other.title"), act: desk.other },
    { keys: ["n"], label: t("candidate.not_same"), act: desk.different },
    { keys: ["d"], label: t("merge.dry_run"), act: () => held || paper.dryRun() },
    { keys: ["m"], label: t("keys.commit"), act: () => held || paper.writeNow() },
    { keys: ["c"], label: t("keys.conflict_now"), act: desk.theirs },
    { keys: ["u"], label: t("keys.undo"), act: undoLast },
    { keys: ["Escape"], label: t("back"), act: desk.back, always: true },
  ]);
}

/** A radio moved by its own up and down keys would change the choice; these two belong to the rows. @param {Desk} desk @param {KeyboardEvent} event */
export function rowArrows(desk, event) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  if (!step || /** @type {HTMLInputElement} */ (event.target).type !== "radio" || event.ctrlKey || event.altKey || event.metaKey) return;
  event.preventDefault();
  move(desk, step);
}
