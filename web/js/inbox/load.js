// What the inbox holds: the contacts of a lane as the service sorts them, how many lie in each, and write-backs that came back.
import { api } from "../api.js";
import { complain } from "../state.js";
import { calmly, useLive } from "../live.js";
import { useEffect, useRef, useState } from "../ui.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").InboxItem} InboxItem */
/** @typedef {import("../types.js").InboxLane} InboxLane */
/** @typedef {import("../types.js").WriteBack} WriteBack */
/** What the service is asked for beside the lane. @typedef {{list: string, owner: string, assignee: string, connection: string, fair: string, days: string, reason: string, sort: string}} Filter */

const PAGE = 50;
const HEAD = 200; // so many are asked for anew at once; more stay as they are
const CAME_BACK = ["conflict", "refused", "undo_conflict"];
const COUNTED = ["list", "owner", "assignee", "connection", "fair", "days", "reason"];
/** @type {Filter} */
export const EVERYTHING = { list: "", owner: "", assignee: "", connection: "", fair: "", days: "", reason: "", sort: "" };

/** @param {string} state @returns {Promise<WriteBack[]>} */
const writeBacks = (state) => api.get(`/v1/write-backs?state=${state}&limit=50`).then((page) => page.items);

/** How many were written since midnight: of the last day's, all pages. @returns {Promise<number>} */
async function writtenToday() {
  const midnight = new Date().setHours(0, 0, 0, 0);
  let n = 0;
  for (let next = "/v1/write-backs?state=written&days=1&limit=200"; next;) {
    const page = await api.get(next);
    n += page.items.filter((/** @type {WriteBack} */ one) => Date.parse(one.updated_at) >= midnight).length;
    next = page.links.next;
  }
  return n;
}

/** What was written today, asked for when it is to be told. @param {boolean} wanted */
export function useDone(wanted) {
  const [done, setDone] = useState(0);
  useEffect(() => { if (wanted) writtenToday().then(setDone, () => {}); }, [wanted]);
  return done;
}

/** @param {Filter} filter @param {string[]} [names] */
const query = (filter, names = Object.keys(filter)) => Object.entries(filter).filter(([name, value]) => value && names.includes(name)).map(([name, value]) => `&${name}=${encodeURIComponent(value)}`).join("");

/** Conflicts, and what waits for the CRM. */
function useBack() {
  const [back, setBack] = useState(/** @type {{conflict: WriteBack[], waiting: WriteBack[]}} */ ({ conflict: [], waiting: [] }));
  const load = () => Promise.all([...CAME_BACK, "uncertain", "waiting"].map(writeBacks)).then((lists) => {
    const [uncertain, waiting] = lists.slice(CAME_BACK.length);
    const parked = uncertain.filter((one) => one.parked);
    setBack({ conflict: [...parked, ...lists.slice(0, CAME_BACK.length).flat()], waiting });
  }, () => {});
  return { back, load };
}

/** What came anew over what was loaded so far: behind the head everything stays. @param {InboxItem[]} old @param {InboxItem[]} head */
export function over(old, head) {
  const known = new Set(head.map((one) => one.contact.id));
  const last = old.findLastIndex((one) => known.has(one.contact.id));
  return last < 0 ? head : [...head, ...old.slice(last + 1)];
}

/** A page behind what is there; in an order that changes, what was seen may come again. @param {InboxItem[]} old @param {InboxItem[]} page */
export function onto(old, page) {
  const known = new Set(old.map((one) => one.contact.id));
  return [...old, ...page.filter((one) => !known.has(one.contact.id))];
}

/** @param {InboxLane | null} lane null: not known yet, or one of write-backs @param {Filter} filter */
export function useInbox(lane, filter) {
  const [items, setItems] = useState(/** @type {InboxItem[] | null} */ (null));
  const [next, setNext] = useState(/** @type {string | null} */ (null));
  const [counts, setCounts] = useState(/** @type {Record<InboxLane, number> | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const { back, load: loadBack } = useBack();
  const asked = useRef("");
  const going = useRef("");
  const wanted = `lane=${lane}${query(filter)}`;
  const told = useRef(/** @type {Set<string>} */ (new Set()));
  const count = () => api.get(`/v1/inbox/lanes?${query(filter, COUNTED).slice(1)}`).then((page) => setCounts(/** @type {Record<InboxLane, number>} */ (Object.fromEntries(page.items.map((/** @type {{lane: InboxLane, n: number}} */ one) => [one.lane, one.n])))), setProblem);
  const load = () => {
    const all = asked.current === wanted && items ? items : [];
    const limit = Math.max(PAGE, Math.min(HEAD, Math.ceil(all.length / PAGE) * PAGE));
    asked.current = wanted;
    if (lane) api.get(`/v1/inbox?limit=${limit}&${wanted}`).then((page) => {
      if (asked.current !== wanted) return;
      setItems((old) => (all.length > HEAD ? over(old || [], page.items) : page.items));
      if (all.length <= HEAD) { going.current = ""; setNext(page.links.next); } // what is on its way goes on from somewhere else
      setProblem(null);
    }, setProblem);
    count();
    loadBack();
  };
  /** Rows behind the head that somebody is said to have changed. @param {string[]} ids */
  const again = (ids) => ids.forEach((id) => api.get(`/v1/contacts/${id}`, { stay: true }).then(
    (contact) => setItems((old) => (old || []).flatMap((one) => (one.contact.id !== id ? [one] : contact.state === "matched" ? [{ ...one, contact }] : []))),
    (failed) => failed.status === 404 && setItems((old) => (old || []).filter((one) => one.contact.id !== id))));
  const fresh = () => {
    const tail = new Set((items || []).slice(HEAD).map((one) => one.contact.id));
    again([...told.current].filter((id) => tail.has(id)));
    told.current.clear();
    load();
  };
  const more = () => {
    if (!next || going.current === next) return;
    going.current = next;
    api.get(next).then((page) => { if (going.current === next) { setItems((old) => onto(old || [], page.items)); setNext(page.links.next); } }, complain).finally(() => { if (going.current === next) going.current = ""; });
  };
  /** @param {InboxItem} item */
  const put = (item) => setItems((old) => (old || []).flatMap((one) => (one.contact.id !== item.contact.id ? [one] : item.lane === lane && item.contact.state === "matched" ? [item] : [])));
  /** @param {string} id gone from this lane */
  const drop = (id) => { setItems((old) => (old || []).filter((one) => one.contact.id !== id)); count(); };
  useEffect(() => { setItems(null); going.current = ""; load(); }, [wanted]);
  const latest = useRef(fresh);
  latest.current = fresh;
  const calm = useRef(calmly(() => latest.current(), 1000));
  useLive(["contact", "write_back"], (event) => {
    if (event.type === "tick") return;
    if (event.type === "contact" && event.id) told.current.add(event.id);
    calm.current();
  });
  return { items, put, drop, counts, back, next, more, problem, load };
}
