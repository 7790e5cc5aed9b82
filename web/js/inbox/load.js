// What the inbox holds: contacts that wait for a decision, write-backs that came back, and what was put off on this device.
import { api } from "../api.js";
import { complain } from "../state.js";
import { calmly, useLive } from "../live.js";
import { signal, useEffect, useRef, useState } from "../ui.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").Candidate} Candidate */
/** @typedef {import("../types.js").WriteBack} WriteBack */

const PAGE = 100;
const CAME_BACK = ["conflict", "refused", "undo_conflict"];
const LATER = "kartei.later";
const MOST_LATER = 500;

/** Ids of contacts that were put off. @type {import("../../lib/signals.mjs").Signal<string[]>} */
export const later = signal(JSON.parse(localStorage.getItem(LATER) || "[]"));

/** @param {string} id @param {boolean} off */
export function putOff(id, off) {
  const others = later.value.filter((one) => one !== id);
  later.value = (off ? [...others, id] : others).slice(-MOST_LATER);
  localStorage.setItem(LATER, JSON.stringify(later.value));
}

/** @type {Map<string, Candidate[]>} by contact and version: what was fetched once stays true */
const known = new Map();

/** @param {Contact} contact @returns {Promise<Candidate[]>} */
export async function candidatesOf(contact) {
  const key = `${contact.id} ${contact.version}`;
  const found = known.get(key);
  if (found) return found;
  const { items } = await api.get(`/v1/contacts/${contact.id}/candidates`);
  known.set(key, items);
  return items;
}

/** After a decision the candidates are others. @param {Contact} contact */
export const forget = (contact) => known.delete(`${contact.id} ${contact.version}`);

/** The record that is taken for the same person. @param {Candidate[] | null} list */
export const best = (list) => list?.find((one) => one.decided === "same") || list?.find((one) => one.decided !== "different") || null;

/** @param {string} state @returns {Promise<WriteBack[]>} */
const writeBacks = (state) => api.get(`/v1/write-backs?state=${state}&limit=50`).then((page) => page.items);

/** How many were written since midnight. @param {WriteBack[]} list */
function today(list) {
  const midnight = new Date().setHours(0, 0, 0, 0);
  return list.filter((one) => Date.parse(one.updated_at) >= midnight).length;
}

export function useInbox() {
  const [contacts, setContacts] = useState(/** @type {Contact[] | null} */ (null));
  const [next, setNext] = useState(/** @type {string | null} */ (null));
  const [back, setBack] = useState(/** @type {{conflict: WriteBack[], waiting: WriteBack[], done: number}} */ ({ conflict: [], waiting: [], done: 0 }));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => {
    api.get(`/v1/contacts?state=matched&limit=${PAGE}`).then((page) => { setContacts(page.items); setNext(page.links.next); setProblem(null); }, setProblem);
    Promise.all([...CAME_BACK, "uncertain", "waiting", "written"].map(writeBacks)).then((lists) => {
      const [uncertain, waiting, written] = lists.slice(CAME_BACK.length);
      const parked = uncertain.filter((one) => one.parked);
      setBack({ conflict: [...parked, ...lists.slice(0, CAME_BACK.length).flat()], waiting, done: today(written) });
    }, () => {});
  };
  const more = () => next && api.get(next).then((page) => { setContacts([...(contacts || []), ...page.items]); setNext(page.links.next); }, complain);
  /** @param {Contact} contact as it is now; no longer waiting: gone */
  const put = (contact) => setContacts((old) => (old || []).flatMap((one) => (one.id !== contact.id ? [one] : contact.state === "matched" ? [contact] : [])));
  useEffect(load, []);
  const calm = useRef(calmly(() => load(), 1000));
  useLive(["contact", "write_back"], (event) => event.type !== "tick" && calm.current());
  return { contacts, put, back, next, more, problem, load };
}
