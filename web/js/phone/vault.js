// What this device keeps: photos until the service has them, receipts for a month, who was signed in last. IndexedDB; everything
// that says something about people is sealed with a key that no script can read out, bound to the entry's own name.

const DATABASE = "kartei";
const CAPTURES = "captures";
const RECEIPTS = "receipts";
const DEVICE = "device"; // the key, and the sealed memory of who was signed in
const KEY = "key";
const WHO = "who";
const KNOWN = "known"; // the lists and fairs of the last time, of whom is part of the name
const RECEIPT_DAYS = 30;

/**
 * @typedef {{id: string, owner: string, at: number, list: string, fair: string}} Capture at: ms since 1970; list: id or "" for the first; fair: id or ""
 * @typedef {{photo: Blob, back: Blob | null}} Sides of one card
 * @typedef {{id: string, owner: string, at: number, scan: string, digest: string}} Receipt digest: SHA-256 in base64, as the service checked it
 * @typedef {{iv: Uint8Array<ArrayBuffer>, bytes: ArrayBuffer}} Sealed
 */

/** @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const asked = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/** Resolves when the transaction is on the disk. @param {IDBTransaction} transaction @returns {Promise<void>} */
const settled = (transaction) => new Promise((resolve, reject) => {
  transaction.oncomplete = () => resolve();
  transaction.onabort = transaction.onerror = () => reject(transaction.error);
});

/** @type {Promise<{db: IDBDatabase, key: CryptoKey}> | null} */
let opened = null;

async function open() {
  const request = indexedDB.open(DATABASE, 1);
  request.onupgradeneeded = () => {
    for (const name of [CAPTURES, RECEIPTS]) request.result.createObjectStore(name, { keyPath: "id" }).createIndex("owner", "owner");
    request.result.createObjectStore(DEVICE);
  };
  const db = await asked(request);
  const fresh = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  const transaction = db.transaction(DEVICE, "readwrite", { durability: "strict" });
  const store = transaction.objectStore(DEVICE);
  const before = await asked(store.get(KEY)); // of an earlier visit, or of the other tab that was faster
  if (!before) store.put(fresh, KEY);
  await settled(transaction);
  return { db, key: before || fresh };
}

const vault = () => (opened ??= open().catch((problem) => { opened = null; throw problem; }));

/** @param {IDBTransactionMode} mode @param {string[]} names */
const begin = async (mode, ...names) => (await vault()).db.transaction(names, mode, { durability: "strict" });

/** @param {string} name @param {BufferSource} bytes @returns {Promise<Sealed>} */
async function seal(name, bytes) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const way = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) };
  return { iv, bytes: await crypto.subtle.encrypt(way, (await vault()).key, bytes) };
}

/** @param {string} name @param {Sealed} sealed @returns {Promise<ArrayBuffer>} */
async function unseal(name, { iv, bytes }) {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: new TextEncoder().encode(name) }, (await vault()).key, bytes);
}

/** Keeps a card's photos; resolves when they would survive a crash. @param {Capture} capture @param {Sides} sides */
export async function keep(capture, { photo, back }) {
  const sealed = await seal(capture.id, await photo.arrayBuffer());
  const other = back && { type: back.type, ...(await seal(`${capture.id}/back`, await back.arrayBuffer())) };
  const transaction = await begin("readwrite", CAPTURES);
  transaction.objectStore(CAPTURES).put({ ...capture, type: photo.type, ...sealed, back: other });
  await settled(transaction);
}

/** Notes that it may be at the service, whatever answer comes: from now on its photos stay what they are. @param {string} id */
export async function noteTried(id) {
  const transaction = await begin("readwrite", CAPTURES);
  const store = transaction.objectStore(CAPTURES);
  const found = await asked(store.get(id));
  if (found) store.put({ ...found, tried: true });
  await settled(transaction);
}

/** A person's captures that the service does not have, oldest first. @param {string} owner @returns {Promise<(Capture & {tried: boolean})[]>} */
export async function kept(owner) {
  const transaction = await begin("readonly", CAPTURES);
  const all = await asked(transaction.objectStore(CAPTURES).index("owner").getAll(owner));
  return all.map(({ id, at, list, fair, tried }) => ({ id, owner, at, list, fair: fair || "", tried: Boolean(tried) })).sort((a, b) => a.at - b.at);
}

/** @param {string} id @returns {Promise<Sides | null>} null when it is not kept (any more) */
export async function photosOf(id) {
  const transaction = await begin("readonly", CAPTURES);
  const found = await asked(transaction.objectStore(CAPTURES).get(id));
  if (!found) return null;
  const back = found.back ? new Blob([await unseal(`${id}/back`, found.back)], { type: found.back.type }) : null;
  return { photo: new Blob([await unseal(id, found)], { type: found.type }), back };
}

/** The service has it: the photo goes, the receipt stays, both or neither. @param {Receipt} receipt */
export async function acknowledge(receipt) {
  const transaction = await begin("readwrite", CAPTURES, RECEIPTS);
  transaction.objectStore(CAPTURES).delete(receipt.id);
  transaction.objectStore(RECEIPTS).put(receipt);
  await settled(transaction);
}

/** @param {string} id @returns {Promise<Receipt | null>} */
export async function receiptOf(id) {
  const transaction = await begin("readonly", RECEIPTS);
  return (await asked(transaction.objectStore(RECEIPTS).get(id))) || null;
}

/** @param {string} id */
export async function discard(id) {
  const transaction = await begin("readwrite", CAPTURES);
  transaction.objectStore(CAPTURES).delete(id);
  await settled(transaction);
}

/** How many a person has taken since then, and how many of them the service has. Old receipts go. @param {string} owner @param {number} since ms @returns {Promise<{taken: number, there: number}>} */
export async function proof(owner, since) {
  const transaction = await begin("readwrite", CAPTURES, RECEIPTS);
  const waiting = await asked(transaction.objectStore(CAPTURES).index("owner").getAll(owner));
  const store = transaction.objectStore(RECEIPTS);
  const receipts = /** @type {Receipt[]} */ (await asked(store.index("owner").getAll(owner)));
  const old = Date.now() - RECEIPT_DAYS * 24 * 3600 * 1000;
  receipts.filter((one) => one.at < old).forEach((one) => store.delete(one.id));
  await settled(transaction);
  const there = receipts.filter((one) => one.at >= since).length;
  return { taken: there + waiting.filter((one) => one.at >= since).length, there };
}

/** @param {string} name @param {object} value kept sealed on this device */
async function put(name, value) {
  const sealed = await seal(name, new TextEncoder().encode(JSON.stringify(value)));
  const transaction = await begin("readwrite", DEVICE);
  transaction.objectStore(DEVICE).put(sealed, name);
  await settled(transaction);
}

/** @param {string} name @returns {Promise<any>} null when there is none */
async function get(name) {
  const transaction = await begin("readonly", DEVICE);
  const sealed = await asked(transaction.objectStore(DEVICE).get(name));
  return sealed ? JSON.parse(new TextDecoder().decode(await unseal(name, sealed))) : null;
}

/** Who is signed in, for the next start without a network. @param {object} who */
export const remember = (who) => put(WHO, who);
/** @returns {Promise<any>} null when nobody is */
export const remembered = () => get(WHO);

/** Where captures can go, for choosing without a network. @param {string} owner @param {object} places */
export const rememberPlaces = (owner, places) => put(`${KNOWN}/${owner}`, places);
/** @param {string} owner @returns {Promise<any>} null when this device does not know any */
export const rememberedPlaces = (owner) => get(`${KNOWN}/${owner}`);

export async function forget() {
  const transaction = await begin("readwrite", DEVICE);
  transaction.objectStore(DEVICE).delete(WHO);
  await settled(transaction);
}

/** Bytes this device still has for us; null where it does not say. @returns {Promise<number | null>} */
export async function room() {
  const { quota, usage } = (await navigator.storage?.estimate?.()) || {};
  return quota === undefined || usage === undefined ? null : quota - usage;
}

/** Asks the browser not to clear us away when it needs space. Some ask the person, most decide by themselves. */
export const stay = () => navigator.storage?.persist?.().catch(() => false);
