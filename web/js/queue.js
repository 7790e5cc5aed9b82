// Photos on their way: kept on the device first, then sent one after another, each under its own key, so that a repetition never
// makes a second scan. What was sent is followed until its cards are read and compared with the CRM.
import { api, newKey } from "./api.js";
import { signal } from "./ui.js";
import { session } from "./state.js";
import { net } from "./phone/net.js";
import { digestOf, prepared } from "./phone/photo.js";
import { doubt, knowUsAgain } from "./phone/sign.js";
import * as vault from "./phone/vault.js";

/** @typedef {import("./types.js").Scan} Scan */
/**
 * @typedef {object} Item
 * @property {string} key of the capture: it is the idempotency key, too
 * @property {Blob | null} photo null when it was sent on an earlier visit
 * @property {Blob | null} back the card's other side
 * @property {boolean} held waits for its other side: not sent yet
 * @property {boolean} tried may be at the service already: no other side can be added
 * @property {string} picture address of the photo, "" when this visit has none
 * @property {"waiting" | "sending" | "refused" | "sent"} state
 * @property {boolean} kept on this device: it survives this page
 * @property {string} list
 * @property {string} fair
 * @property {Scan | null} scan
 * @property {import("./types.js").Contact[]} contacts read from its cards
 * @property {any} problem why it was not sent
 * @property {number} at when it was taken, ms since 1970
 * @property {number} tries so often it could not be sent in this visit
 */

/** @typedef {{list: string, fair: string}} Goal where captures go: ids, "" for the first list and for no fair */

const RETRY_MS = { first: 5000, last: 300000 };

/** Newest first. @type {import("../lib/signals.mjs").Signal<Item[]>} */
export const queue = signal([]);
/** Of today: taken on this device, and what of it the service has. @type {import("../lib/signals.mjs").Signal<{taken: number, there: number}>} */
export const proof = signal({ taken: 0, there: 0 });
/** The device has no room, or keeps nothing for us: what is taken now lives in this page only. */
export const homeless = signal(false);
let sending = false;
let pause = RETRY_MS.first;
/** @type {any} */
let timer;

/** Where an item is: waiting, sending, refused; then as the scan: received, reading, read, failed. @param {Item} item @returns {string} */
export const stateOf = (item) => (item.scan ? item.scan.state : item.state);
/** @param {Item} item */
const settled = (item) => ["refused", "read", "failed"].includes(stateOf(item));
/** @param {Item} item */
const compared = (item) => item.contacts.length > 0 && item.contacts.every((one) => one.verdict.kind !== "checking");
/** Nothing more will become of it by itself. @param {Item} item */
export const finished = (item) => settled(item) && (stateOf(item) !== "read" || compared(item) || !item.scan?.cards.some((card) => card.contact_id));

export const anyOpen = () => queue.value.some((item) => !settled(item));
/** On this device and not at the service yet. */
export const unsent = () => queue.value.filter((item) => !item.scan && item.state !== "refused");

const owner = () => session.value?.user.id || "";
const midnight = () => new Date().setHours(0, 0, 0, 0);

/** @param {string} key @param {Partial<Item>} change */
function update(key, change) {
  queue.value = queue.value.map((item) => (item.key === key ? { ...item, ...change } : item));
}

/** @param {Partial<Item> & {key: string}} known @returns {Item} */
const itemOf = (known) => ({ photo: null, picture: known.photo ? URL.createObjectURL(known.photo) : "", back: null, held: false, tried: false, state: "waiting", kept: false, list: "", fair: "", scan: null, contacts: [], problem: null, at: Date.now(), tries: 0, ...known });

async function count() {
  proof.value = await vault.proof(owner(), midnight()).catch(() => proof.value);
}

/** Whether the same again could end better: the way was the trouble, not the photo. @param {any} problem */
const passing = (problem) => !problem.status || problem.status >= 500 || [401, 408, 409, 429].includes(problem.status) || ["cross-site", "digest-mismatch"].includes(problem.slug);

/** The scan, also where another page of ours has sent it meanwhile. @param {Item} item @returns {Promise<Scan>} */
async function deliver(item) {
  const receipt = item.kept ? await vault.receiptOf(item.key) : null;
  if (receipt) return api.get(`/v1/scans/${receipt.scan}`, { stay: true });
  await knowUsAgain();
  const photo = /** @type {Blob} */ (item.photo);
  const body = item.back ? (await import("./phone/sides.js")).formOf({ photo, back: item.back }) : photo;
  const digest = await digestOf(body);
  if (item.kept && !item.tried) await vault.noteTried(item.key);
  update(item.key, { tried: true });
  const scan = await api.upload(body, { key: item.key, list: item.list, fair: item.fair, digest });
  if (item.kept) await vault.acknowledge({ id: item.key, owner: owner(), at: Date.now(), scan: scan.id, digest });
  return scan;
}

/** @param {Item} item @returns {Promise<boolean>} whether the way is free for the next */
async function sendOne(item) {
  update(item.key, { state: "sending", problem: null });
  try {
    const scan = await deliver(item);
    // The same photo again is the scan that is there: one row for it.
    queue.value = queue.value.filter((one) => one.key === item.key || one.scan?.id !== scan.id);
    update(item.key, { state: "sent", scan, kept: false });
    pause = RETRY_MS.first;
    return true;
  } catch (caught) {
    const problem = /** @type {any} */ (caught);
    if (problem.slug === "cross-site") doubt();
    update(item.key, { state: passing(problem) ? "waiting" : "refused", problem, tries: item.tries + 1 });
    return !passing(problem);
  }
}

/** One page of ours sends at a time, where browsers can tell. @param {() => Promise<void>} act */
const alone = (act) => (navigator.locks ? navigator.locks.request("kartei:sending", act) : act());

/** @param {Item} item */
const ready = (item) => item.state === "waiting" && !item.held;

async function sendAll() {
  for (;;) {
    if (navigator.onLine === false) net.value = "off"; // that much the browser does know: nothing is tried
    const next = navigator.onLine !== false && queue.value.findLast(ready);
    if (!next || !(await sendOne(next))) break;
  }
}

/** Sends what waits; what the way holds back is tried again, less and less often. */
export async function flush() {
  if (sending) return;
  sending = true;
  clearTimeout(timer);
  await alone(sendAll);
  sending = false;
  if (queue.value.some(ready)) {
    timer = setTimeout(flush, pause * (0.75 + Math.random() / 2));
    pause = Math.min(pause * 2, RETRY_MS.last);
  }
  await Promise.all([count(), refresh()]);
}

/** @param {Item} item */
async function keep(item) {
  try {
    const { key: id, list, fair, back } = item;
    await vault.keep({ id, owner: owner(), at: item.at, list, fair }, { photo: /** @type {Blob} */ (item.photo), back });
    update(item.key, { kept: true });
  } catch {
    homeless.value = true;
  }
}

/**
 * A photo that is ready to be sent; resolves when it is kept on the device, or cannot be.
 * @param {Blob} photo @param {Goal} goal @param {boolean} [held] its other side may follow: release() or addBack() lets it go
 * @returns {Promise<string>} its key
 */
export async function addReady(photo, { list, fair }, held = false) {
  const item = itemOf({ key: newKey(), photo, list, fair, held });
  queue.value = [item, ...queue.value];
  await keep(item);
  await count();
  flush();
  return item.key;
}

/** Whether the other side of its card can still join it. @param {Item | undefined} item */
export const joinable = (item) => Boolean(item && item.photo && !item.back && !item.tried && item.state === "waiting");

/** The other side of a card that is not sent yet; it keeps its key. @param {string} key @param {Blob} back ready to be sent @returns {Promise<boolean>} whether it joined */
export async function addBack(key, back) {
  const item = queue.value.find((one) => one.key === key);
  if (!item || !joinable(item)) return false;
  update(key, { held: true });
  await keep({ ...item, back }); // it is said to be there when it would survive a crash
  update(key, { back, held: false });
  flush();
  return true;
}

/** Another picture of the same side, cut or turned by hand; only as long as it is not sent. @param {string} key @param {Blob} photo @returns {Promise<boolean>} */
export async function replacePhoto(key, photo) {
  const item = queue.value.find((one) => one.key === key);
  if (!item || !joinable(item)) return false;
  update(key, { held: true });
  await keep({ ...item, photo });
  URL.revokeObjectURL(item.picture);
  update(key, { photo, picture: URL.createObjectURL(photo), held: false });
  flush();
  return true;
}

/** Waits no longer for another side. @param {string} key */
export function release(key) {
  if (!queue.value.some((item) => item.key === key && item.held)) return;
  update(key, { held: false });
  flush();
}

/** While a person turns a card: it is not sent before the other side is there. @param {string} key */
export const hold = (key) => update(key, { held: true });

/** @param {Iterable<Blob>} files as cameras and scanners write them @param {Goal} goal @param {boolean} [held] @returns {Promise<string>} key of the last */
export async function add(files, goal, held = false) {
  let key = "";
  vault.stay();
  for (const file of files) key = await addReady(await prepared(file), goal, held);
  return key;
}

/** Takes up what an earlier visit left: not read yet, or failed. @param {Scan[]} scans newest first */
export function resume(scans) {
  const known = new Set(queue.value.map((item) => item.scan?.id));
  const left = scans.filter((scan) => scan.state !== "read" && !known.has(scan.id));
  queue.value = [...queue.value, ...left.map((scan) => itemOf({ key: scan.id, state: "sent", list: scan.list_id, scan, at: Date.parse(scan.created_at) }))];
}

/** Takes up what this device has kept for whoever is signed in. */
export async function resumeKept() {
  const captures = await vault.kept(owner()).catch(() => []);
  for (const { id, list, fair, tried, at } of captures) {
    const sides = queue.value.some((item) => item.key === id) ? null : await vault.photosOf(id).catch(() => null);
    if (sides) queue.value = [itemOf({ key: id, ...sides, list, fair, tried, at, kept: true }), ...queue.value];
  }
  await count();
  if (captures.length) flush();
}

/** @param {string} key */
export function resend(key) {
  update(key, { state: "waiting" });
  return flush();
}

/** What the missing connection held back goes on by itself. */
function wake() {
  if (document.visibilityState !== "visible" || !unsent().length) return;
  pause = RETRY_MS.first;
  flush();
}
addEventListener("online", wake);
document.addEventListener("visibilitychange", wake);

/** Only photos that the device could not keep are lost by leaving: then it asks first. */
addEventListener("beforeunload", (event) => {
  if (queue.value.some((item) => item.photo && !item.kept && !item.scan && (item.state !== "refused" || passing(item.problem)))) event.preventDefault();
});

/** @param {string} key */
export function dismiss(key) {
  const item = queue.value.find((one) => one.key === key);
  if (item?.picture) URL.revokeObjectURL(item.picture);
  queue.value = queue.value.filter((one) => one.key !== key);
}

/** A photo that was never sent: from the device, with a way back. @param {Item} item @returns {Promise<() => Promise<void>>} the way back */
export async function discard(item) {
  queue.value = queue.value.filter((one) => one.key !== item.key);
  await vault.discard(item.key).catch(() => {});
  await count();
  return async () => {
    queue.value = [item, ...queue.value];
    await keep(item);
    await count();
    flush();
  };
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
    return old && old.verdict.kind !== "checking" ? old : api.get(`/v1/contacts/${id}`, { stay: true }).catch(() => old || null);
  }));
  return found.filter(Boolean);
}

/** What became of those that were sent. */
export async function refresh() {
  for (const item of queue.value.filter((one) => one.scan && !finished(one))) {
    const scan = stateOf(item) === "read" ? item.scan : await api.get(`/v1/scans/${item.scan?.id}`, { stay: true }).catch(() => null);
    if (net.value !== "on") return;
    if (scan) update(item.key, { scan, contacts: scan.state === "read" ? await contactsOf(item, scan) : [] });
  }
}
