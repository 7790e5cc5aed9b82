// Photos on their way: sent one after another, each under its own key, so that a repetition never makes a second scan.
// What was sent is followed until its cards are read and compared with the CRM.
import { api, newKey } from "./api.js";
import { signal } from "./ui.js";

/** @typedef {import("./types.js").Scan} Scan */
/**
 * @typedef {object} Item
 * @property {string} key
 * @property {Blob | null} photo null when it was sent on an earlier visit
 * @property {string} picture address of the photo, "" when this visit has none
 * @property {"waiting" | "sending" | "refused" | "sent"} state
 * @property {string} list
 * @property {Scan | null} scan
 * @property {import("./types.js").Contact[]} contacts read from its cards
 * @property {any} problem why it was not sent
 */

/** Newest first. @type {import("../lib/signals.mjs").Signal<Item[]>} */
export const queue = signal([]);
let sending = false;

/** Where an item is: waiting, sending, refused; then as the scan: received, reading, read, failed. @param {Item} item @returns {string} */
export const stateOf = (item) => (item.scan ? item.scan.state : item.state);
/** @param {Item} item */
const settled = (item) => ["refused", "read", "failed"].includes(stateOf(item));
/** @param {Item} item */
const compared = (item) => item.contacts.length > 0 && item.contacts.every((one) => one.verdict.kind !== "checking");
/** Nothing more will become of it by itself. @param {Item} item */
export const finished = (item) => settled(item) && (stateOf(item) !== "read" || compared(item) || !item.scan?.cards.some((card) => card.contact_id));

export const anyOpen = () => queue.value.some((item) => !settled(item));

/** @param {string} key @param {Partial<Item>} change */
function update(key, change) {
  queue.value = queue.value.map((item) => (item.key === key ? { ...item, ...change } : item));
}

/** @param {Item} item */
async function sendOne(item) {
  update(item.key, { state: "sending", problem: null });
  try {
    const scan = await api.upload(/** @type {Blob} */ (item.photo), item.key, item.list);
    // The same photo again is the scan that is there: one row for it.
    queue.value = queue.value.filter((one) => one.key === item.key || one.scan?.id !== scan.id);
    update(item.key, { state: "sent", scan });
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
  await refresh();
}

/** @param {Iterable<File>} files @param {string} list */
export function add(files, list) {
  const items = [...files].map((photo) => ({
    key: newKey(), photo, picture: URL.createObjectURL(photo), state: /** @type {const} */ ("waiting"), list, scan: null, contacts: [], problem: null,
  }));
  queue.value = [...items.reverse(), ...queue.value];
  work();
}

/** Takes up what an earlier visit left: not read yet, or failed. @param {Scan[]} scans newest first */
export function resume(scans) {
  const known = new Set(queue.value.map((item) => item.scan?.id));
  const left = scans.filter((scan) => scan.state !== "read" && !known.has(scan.id));
  queue.value = [...queue.value, ...left.map((scan) => ({ key: scan.id, photo: null, picture: "", state: /** @type {const} */ ("sent"), list: scan.list_id, scan, contacts: [], problem: null }))];
}

/** @param {string} key */
export function resend(key) {
  update(key, { state: "waiting" });
  work();
}

/** What the missing connection held back goes on by itself. */
addEventListener("online", () => queue.value.filter((item) => item.state === "refused" && item.problem?.status === 0).forEach((item) => resend(item.key)));

/** Photos live in this page until they are sent: leaving asks first. */
addEventListener("beforeunload", (event) => {
  if (queue.value.some((item) => item.photo && !item.scan && (item.state !== "refused" || item.problem?.status === 0))) event.preventDefault();
});

/** @param {string} key */
export function dismiss(key) {
  const item = queue.value.find((one) => one.key === key);
  if (item?.picture) URL.revokeObjectURL(item.picture);
  queue.value = queue.value.filter((one) => one.key !== key);
}

export function dismissFinished() {
  queue.value.filter((item) => stateOf(item) === "read" && finished(item)).forEach((item) => dismiss(item.key));
}

/** The contacts of a read scan; those that are settled are not asked for again. @param {Item} item @param {Scan} scan */
async function contactsOf(item, scan) {
  const ids = scan.cards.flatMap((card) => card.contact_id || []);
  const known = new Map(item.contacts.map((one) => [one.id, one]));
  const found = await Promise.all(ids.map((id) => {
    const old = known.get(id);
    return old && old.verdict.kind !== "checking" ? old : api.get(`/v1/contacts/${id}`).catch(() => old || null);
  }));
  return found.filter(Boolean);
}

/** What became of those that were sent. */
export async function refresh() {
  for (const item of queue.value.filter((one) => one.scan && !finished(one))) {
    const scan = stateOf(item) === "read" ? item.scan : await api.get(`/v1/scans/${item.scan?.id}`).catch(() => null);
    if (scan) update(item.key, { scan, contacts: scan.state === "read" ? await contactsOf(item, scan) : [] });
  }
}
