// The keys of the merge view; every one of them has a button, too.
import { t } from "../i18n.js";
import { useKeys } from "../keys.js";
import { takesOf } from "../merge_state.js";
import { letter } from "../cluster/members.js";
import { memberAt } from "../cluster/cluster.js";
import { undoLast } from "../written.js";
import { focusRow } from "./choices.js";

/** @typedef {import("../types.js").ReviewField} ReviewField */
/**
 * @typedef {object} Desk what keys act on
 * @property {ReviewField[]} rows that can be reached, in the order of the screen
 * @property {ReviewField | undefined} row in hand
 * @property {ReturnType<typeof import("./choices.js").useChoices>} work
 * @property {{dryRun: () => void, writeNow: () => void}} paper
 * @property {import("../cluster/cluster.js").Work} cluster further members
 * @property {(row: ReviewField, member: import("../types.js").ClusterMember, letter: string) => void} takeFrom
 * @property {boolean} held whether nothing may be written now
 * @property {() => void} why @property {() => void} other @property {() => void} different @property {() => void} differentWhy @property {(step: number) => void} way @property {() => void} back @property {() => void} theirs
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

/** The third column is a further member's, where there is one; "both" otherwise. @param {Desk} desk @param {number} key */
function takeNth(desk, key) {
  const member = memberAt(desk.cluster, key);
  if (member && desk.row && takesOf(desk.row).length) desk.takeFrom(desk.row, member, letter(desk.cluster.members.indexOf(member) + 1));
  else if (!member && key === 3) take(desk, "both");
}

/** @param {Desk} desk */
export function useMergeKeys(desk) {
  const { row, work, paper, held, cluster } = desk;
  useKeys([
    { keys: ["ArrowDown"], label: t("keys.next_field"), act: () => move(desk, 1), always: true },
    { keys: ["ArrowUp"], label: t("keys.last_field"), act: () => move(desk, -1), always: true },
    { keys: ["1"], label: t("keys.take_card"), act: () => take(desk, "card") },
    { keys: ["2"], label: t("keys.take_crm"), act: () => take(desk, "crm") },
    { keys: ["b"], label: t("keys.take_both"), act: () => take(desk, "both") },
    { keys: ["3"], label: t("keys.take_third"), act: () => takeNth(desk, 3) },
    { keys: ["4", "5", "6", "7", "8", "9"], label: t("keys.take_nth"), act: (event) => takeNth(desk, Number(event.code.slice(5) || event.key)) },
    { keys: ["e"], label: t("keys.edit"), act: () => row && work.hands.edit(row.field) },
    { keys: ["Shift+1"], label: t("keys.all_card"), act: () => work.all("card") },
    { keys: ["Shift+2"], label: t("keys.all_crm"), act: () => work.all("crm") },
    { keys: ["r"], label: t("keys.reset"), act: () => row && work.hands.reset(row) },
    { keys: ["z"], label: t("keys.zoom"), act: () => row?.snippet && work.hands.zoom(row) },
    { keys: ["w"], label: t("why.title"), act: desk.why },
    { keys: ["o"], label: t("other.title"), act: desk.other },
    { keys: ["n"], label: t("candidate.not_same"), act: desk.different },
    { keys: ["Shift+n"], label: t("keys.different_why"), act: desk.differentWhy },
    { keys: ["x"], label: t("keys.member_turn"), act: () => cluster.hand && cluster.turn(cluster.hand) },
    { keys: [","], label: t("keys.member_before"), act: () => cluster.select(-1) },
    { keys: ["."], label: t("keys.member_after"), act: () => cluster.select(1) },
    { keys: ["["], label: t("merge.before"), act: () => desk.way(-1) },
    { keys: ["]"], label: t("merge.after"), act: () => desk.way(1) },
    { keys: ["d"], label: t("merge.dry_run"), act: () => held || paper.dryRun() },
    { keys: ["m"], label: t("keys.commit"), act: () => held || paper.writeNow() },
    { keys: ["c"], label: t("keys.conflict_now"), act: desk.theirs },
    { keys: ["u"], label: t("keys.undo"), act: () => { if (!cluster.undo()) undoLast(); } },
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
