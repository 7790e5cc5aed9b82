// Write-backs of this visit, followed until they are settled; the way back of the last one.
import { api } from "./api.js";
import { signal } from "./ui.js";
import { announce, complain } from "./state.js";

/** @typedef {import("./types.js").WriteBack} WriteBack */

/** Newest first. @type {import("../lib/signals.mjs").Signal<WriteBack[]>} */
export const written = signal([]);
/** The contacts of the inbox, in its order, so that the next one opens. @type {import("../lib/signals.mjs").Signal<string[]>} */
export const order = signal([]);

/** How many there are, also those that were not fetched yet. @type {import("../lib/signals.mjs").Signal<number>} */
export const total = signal(0);

const UNDER_WAY = ["intent", "sending", "uncertain", "waiting", "undoing"];
const KEPT = 3;

/** @param {WriteBack} one */
export const underWay = (one) => UNDER_WAY.includes(one.state);

/** @param {WriteBack} one */
export function track(one) {
  written.value = [one, ...written.value.filter((old) => old.id !== one.id)].slice(0, KEPT);
}

/** @param {string} id */
export function untrack(id) {
  written.value = written.value.filter((one) => one.id !== id);
}

export async function look() {
  for (const one of written.value.filter(underWay)) {
    const now = await api.get(`/v1/write-backs/${one.id}`, { stay: true }).catch(() => null);
    if (!now || now.state === one.state) continue;
    written.value = written.value.map((old) => (old.id === now.id ? now : old));
    announce(now.sentence);
  }
}

/** @param {WriteBack} one */
export async function undo(one) {
  try {
    track(await api.post(`/v1/write-backs/${one.id}/undo`));
  } catch (problem) {
    complain(problem);
  }
}

export function undoLast() {
  const last = written.value.find((one) => one.state === "written" && one.undoable);
  if (last) undo(last);
}

/** The neighbours of a contact in the inbox. @param {string} id */
export function around(id) {
  const at = order.value.indexOf(id);
  return { at, all: Math.max(total.value, order.value.length), before: at > 0 ? order.value[at - 1] : null, after: at >= 0 ? (order.value[at + 1] ?? null) : null };
}
