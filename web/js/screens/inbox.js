// What waits for a decision: lanes, rows that suffice to decide, a preview of what would change.
import { api } from "../api.js";
import { percent, t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { go } from "../router.js";
import { calmly, useLive } from "../live.js";
import { useKeys } from "../keys.js";
import { company, label } from "../fields.js";
import { order, undoLast } from "../written.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, VerdictBadge, Waiting } from "../parts/notice.js";
import { likely } from "../parts/waterfall.js";
import { Reasons, decide, mergeAddress } from "./contact_verdict.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").Candidate} Candidate */

const LANES = /** @type {const} */ (["exists", "possible", "new", "conflict"]);
/** @typedef {typeof LANES[number]} Lane */
const PAGE = 100;
const AHEAD = 12; // rows whose candidates are fetched without being looked at

/** @type {Map<string, Candidate[]>} by contact and version: what was fetched once stays true */
const known = new Map();

/** @param {Contact} contact @returns {Promise<Candidate[]>} */
async function candidatesOf(contact) {
  const key = `${contact.id} ${contact.version}`;
  const found = known.get(key);
  if (found) return found;
  const items = (await api.get(`/v1/contacts/${contact.id}/candidates`)).items;
  known.set(key, items);
  return items;
}

/** @param {Candidate[] | null} list */
const best = (list) => list?.find((one) => one.decided === "same") || list?.find((one) => one.decided !== "different") || null;

/** @param {{contact: Contact, current: boolean, eager: boolean, select: () => void}} props */
function Row({ contact, current, eager, select }) {
  const [list, setList] = useState(/** @type {Candidate[] | null} */ (null));
  const wanted = eager || current;
  useEffect(() => {
    if (wanted && contact.verdict.kind !== "new") candidatesOf(contact).then(setList, () => {});
  }, [wanted, contact.version]);
  const found = best(list);
  return html`<li class=${current ? "inbox-row current" : "inbox-row"} data-contact=${contact.id}>
    <a href=${mergeAddress(contact.id, found || undefined)} onFocus=${select} aria-current=${current ? "true" : undefined}>
      <span class="inbox-who"><strong>${contact.display || t("nameless")}</strong><small>${company(contact.contact)}</small></span>
      <span class="inbox-state"><${VerdictBadge} kind=${contact.verdict.kind} />${found && html`<small>${percent(found.probability)}</small>`}</span>
      ${found ? html`<${Reasons} reasons=${found.reasons} most=${2} />` : html`<p class="soft">${contact.verdict.sentence}</p>`}
    </a></li>`;
}

/** @param {{contact: Contact}} props */
function Preview({ contact }) {
  const [found, setFound] = useState(/** @type {Candidate | null} */ (null));
  const [review, setReview] = useState(/** @type {import("../types.js").Review | null} */ (null));
  useEffect(() => {
    let wanted = true;
    setFound(null);
    setReview(null);
    const timer = setTimeout(() => {
      candidatesOf(contact).then((list) => wanted && setFound(best(list)), () => {});
      api.get(`/v1/contacts/${contact.id}/review`).then((now) => wanted && setReview(now), () => {});
    }, 150);
    return () => { wanted = false; clearTimeout(timer); };
  }, [contact.id, contact.version]);
  /** @param {string} group */
  const of = (group) => review?.fields.filter((row) => row.group === group) || [];
  return html`<aside class="panel inbox-preview" aria-labelledby="preview-title"><h2 id="preview-title">${contact.display || t("nameless")}</h2>
    <p class="soft">${t("inbox.captured", { when: when(contact.created_at) })}</p>
    <p>${contact.verdict.sentence}</p>
    ${found && html`<p><strong>${found.display}</strong><br /><small>${likely(found.probability)} · ${percent(found.probability)}</small></p><${Reasons} reasons=${found.reasons} />`}
    ${review && html`<p><strong>${t(review.action === "create" ? "inbox.would_create" : "inbox.would_change", { name: review.connection.name })}</strong></p>
      <ul class="plain-list">${of("conflict").length > 0 && html`<li>${t("inbox.conflicts", { n: of("conflict").length })}: ${of("conflict").map((row) => label(row.field)).join(", ")}</li>`}
        ${of("addition").length > 0 && html`<li>${t("inbox.additions", { n: of("addition").length })}: ${of("addition").map((row) => label(row.field)).join(", ")}</li>`}
        ${of("conflict").length + of("addition").length === 0 && html`<li>${t("inbox.nothing")}</li>`}</ul>`}
    <div class="acts"><a class="button primary" href=${mergeAddress(contact.id, found || undefined)}>${t("inbox.open")}<kbd>↵</kbd></a>
      <a class="button" href=${`/app/contacts/${contact.id}`}>${t("inbox.card")}</a></div></aside>`;
}

/** @param {{list: import("../types.js").WriteBack[]}} props */
const Conflicts = ({ list }) => html`<ul class="rows inbox-list">${list.map((one) => html`<li key=${one.id} class="inbox-row"><a href=${`/app/contacts/${one.contact_id}/merge?conflict=${one.id}`}>
  <span class="inbox-who"><strong>${one.connection.name}</strong><small>${when(one.updated_at)} · ${one.changes.map((change) => label(change.field)).join(", ")}</small></span>
  <p class="bad-text">${one.problem?.detail || one.sentence}</p></a></li>`)}</ul>`;

function useInbox() {
  const [contacts, setContacts] = useState(/** @type {Contact[] | null} */ (null));
  const [conflicts, setConflicts] = useState(/** @type {import("../types.js").WriteBack[]} */ ([]));
  const [next, setNext] = useState(/** @type {string | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => {
    api.get(`/v1/contacts?state=matched&limit=${PAGE}`).then((page) => { setContacts(page.items); setNext(page.links.next); setProblem(null); }, setProblem);
    Promise.all(["conflict", "refused"].map((state) => api.get(`/v1/write-backs?state=${state}&limit=20`))).then((pages) => setConflicts(pages.flatMap((page) => page.items)), () => {});
  };
  const more = () => next && api.get(next).then((page) => { setContacts([...(contacts || []), ...page.items]); setNext(page.links.next); }, complain);
  useEffect(load, []);
  const calm = useRef(calmly(load, 1000));
  useLive(["contact", "write_back"], (event) => event.type !== "tick" && calm.current());
  return { contacts, setContacts, conflicts, next, more, problem, load };
}

let lastLane = /** @type {Lane | null} */ (null);

/** @param {{lane: Lane, counts: Record<Lane, number>, choose: (lane: Lane) => void, more: boolean}} props */
const Lanes = ({ lane, counts, choose, more }) => html`<div class="lanes" role="group" aria-label=${t("inbox.lanes")}>
  ${LANES.map((one) => html`<button key=${one} type="button" class=${one === lane ? "lane on" : "lane"} aria-pressed=${one === lane ? "true" : "false"} onClick=${() => choose(one)}>
    ${t(`lane.${one}`)}<span class="count">${counts[one]}${more && one !== "conflict" ? "+" : ""}</span></button>`)}</div>`;

export function Inbox() {
  const { contacts, setContacts, conflicts, next, more, problem, load } = useInbox();
  const [chosen, setLane] = useState(lastLane);
  const [current, setCurrent] = useState("");
  /** @param {Lane} one */
  const inLane = (one) => (contacts || []).filter((contact) => contact.verdict.kind === one);
  const counts = { exists: inLane("exists").length, possible: inLane("possible").length, new: inLane("new").length, conflict: conflicts.length };
  const lane = chosen || LANES.find((one) => counts[one] > 0) || "exists";
  const rows = lane === "conflict" ? [] : inLane(lane);
  const at = Math.max(0, rows.findIndex((one) => one.id === current));
  const contact = rows[at];
  useEffect(() => { order.value = rows.map((one) => one.id); }, [rows.map((one) => one.id).join()]);
  /** @param {number} to */
  const select = (to) => {
    const one = rows[Math.max(0, Math.min(rows.length - 1, to))];
    if (!one) return;
    setCurrent(one.id);
    /** @type {HTMLElement | null} */ (document.querySelector(`[data-contact="${one.id}"] a`))?.focus();
  };
  /** @param {Lane} one */
  const choose = (one) => { lastLane = one; setLane(one); setCurrent(""); };
  /** @param {number} step */
  const turn = (step) => choose(LANES[(LANES.indexOf(lane) + step + LANES.length) % LANES.length]);
  const different = async () => {
    const found = contact && best(await candidatesOf(contact).catch(() => null));
    if (!found) return;
    try {
      await decide(found, contact.version, false);
      known.delete(`${contact.id} ${contact.version}`);
      const now = await api.get(`/v1/contacts/${contact.id}`);
      setContacts((contacts || []).map((one) => (one.id === now.id ? now : one)));
      toast({ text: t("candidate.different_done"), kind: "good", label: t("undo"), act: () => decide(found, now.version, true).then(load, complain) });
    } catch (failed) {
      complain(failed);
    }
  };
  useKeys([
    { keys: ["j", "ArrowDown"], label: t("keys.next"), act: () => select(current ? at + 1 : 0) },
    { keys: ["k", "ArrowUp"], label: t("keys.last"), act: () => select(at - 1) },
    { keys: ["Enter", "a"], label: t("inbox.open"), act: async () => contact && go(mergeAddress(contact.id, best(await candidatesOf(contact).catch(() => null)) || undefined)) },
    { keys: ["n"], label: t("candidate.not_same"), act: different },
    { keys: ["u"], label: t("keys.undo"), act: undoLast },
    { keys: ["["], label: t("keys.lane_before"), act: () => turn(-1) },
    { keys: ["]"], label: t("keys.lane_after"), act: () => turn(1) },
    { keys: ["/"], label: t("keys.search"), act: () => go("/app/contacts") },
  ]);
  return html`<section class="inbox"><h1 tabindex="-1">${t("inbox.title")}</h1><p class="lead">${t("inbox.lead")}</p>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !contacts ? html`<${Waiting} />` : html`
      <${Lanes} lane=${lane} counts=${counts} choose=${choose} more=${!!next} />
      ${lane === "conflict" && conflicts.length > 0 ? html`<${Conflicts} list=${conflicts} />`
        : !rows.length ? html`<${Empty} icon="check" title=${t(`inbox.empty_${lane}`)} text=${t("inbox.empty_text")}><a class="button" href="/">${t("nav.capture")}</a><//>`
        : html`<div class="inbox-columns"><ul class="rows inbox-list">${rows.map((one, i) => html`<${Row} key=${one.id} contact=${one} current=${i === at} eager=${i < AHEAD} select=${() => setCurrent(one.id)} />`)}
            ${next && html`<li><button type="button" onClick=${more}>${t("more")}</button></li>`}</ul>
          ${contact && html`<${Preview} contact=${contact} />`}</div>`}`}
  </section>`;
}
