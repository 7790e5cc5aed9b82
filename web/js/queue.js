// Photos on their way: sent one after another, each under its own key, so that a repetition never makes a second scan.
import { api, newKey } from "./api.js";
import { signal } from "./ui.js";

/**
 * @typedef {{key: string, photo: Blob, picture: string, state: "waiting" | "sending" | "refused" | "sent", list: string,
 *   scan: import("./types.js").Scan | null, problem: any}} Item
 */

/** Newest first. @type {import("../lib/signals.mjs").Signal<Item[]>} */
export const queue = signal([]);
let sending = false;

/** @param {string} key @param {Partial<Item>} change */
function update(key, change) {
  queue.value = queue.value.map((item) => (item.key === key ? { ...item, ...change } : item));
}

/** @param {Item} item */
async function sendOne(item) {
  update(item.key, { state: "sending", problem: null });
  try {
    const answer = await api.upload(item.photo, item.key, item.list);
    update(item.key, { state: "sent", scan: answer });
  } catch (problem) {
    update(item.key, { state: "refused", problem });
  }
}

async function work() {
  if (sending) return;
  sending = true;
  for (;;) {
    const next = queue.value.findLast((item) => item.state === "waiting");
    if (!next) break;
    await sendOne(next);
  }
  sending = false;
}

/** @param {Iterable<File>} files @param {string} list */
export function add(files, list) {
  const items = [...files].map((photo) => ({
    key: newKey(), photo, picture: URL.createObjectURL(photo), state: /** @type {const} */ ("waiting"), list, scan: null, problem: null,
  }));
  queue.value = [...items.reverse(), ...queue.value];
  work();
}

/** @param {string} key */
export function resend(key) {
  update(key, { state: "waiting" });
  work();
}

/** @param {string} key */
export function dismiss(key) {
  const item = queue.value.find((one) => one.key === key);
  if (item) URL.revokeObjectURL(item.picture);
  queue.value = queue.value.filter((one) => one.key !== key);
}

/** What became of those that were sent. */
export async function refresh() {
  const open = queue.value.filter((item) => item.scan && item.scan.state !== "read" && item.scan.state !== "failed");
  for (const item of open) {
    const scan = await api.get(`/v1/scans/${item.scan?.id}`).catch(() => null);
    if (scan) update(item.key, { scan });
  }
}

export const anyOpen = () => queue.value.some((item) => item.state !== "refused" && item.scan?.state !== "read" && item.scan?.state !== "failed");
