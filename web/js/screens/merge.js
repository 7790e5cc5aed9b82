// The merge view: what a card, the CRM's record as it is now and a person's choices become.
import { t, when } from "../i18n.js";
import { html, useLayoutEffect, useRef, useState } from "../ui.js";
import { go, guardLeaving } from "../router.js";
import { label, plain } from "../fields.js";
import { changing, settle, touched } from "../merge_state.js";
import { changedText } from "../parts/custody.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Trouble, Waiting } from "../parts/notice.js";
import { CardPicture, cardImage } from "../parts/snippet.js";
import { ClusterPanel, useCluster } from "../cluster/cluster.js";
import { turnMember } from "../cluster/decide.js";
import { Lookers, usePresence } from "../inbox/presence.js";
import { useChoices } from "../merge/choices.js";
import { Conflict, allTheirs } from "../merge/conflict.js";
import { Head, Why } from "../merge/head.js";
import { rowArrows, useMergeKeys } from "../merge/keys.js";
import { loadMerge } from "../merge/load.js";
import { MergeRecords } from "../merge/native.js";
import { OtherRecord } from "../merge/other.js";
import { WhyDifferent } from "../merge/reason.js";
import { home, usePaper } from "../merge/paper.js";
import { DryRun, mayWrite } from "../merge/sheet.js";
import { Groups, reachable } from "../merge/table.js";
import { around } from "../written.js";
import { mergeAddress } from "./contact_verdict.js";

/** @typedef {import("../types.js").Review} Review */
/** @typedef {import("../merge/load.js").Loaded} Loaded */
/** @typedef {import("../merge_state.js").Choices} Choices */

const PLAIN = 0.98; // from here on the reasons are not what one looks at first

/** Asks before choices are lost. @param {boolean} dirty */
function useGuard(dirty) {
  const [leaving, setLeaving] = useState("");
  // With the drawing, not after it: the next key may be the one that leaves.
  useLayoutEffect(() => {
    guardLeaving(dirty ? (address) => { setLeaving(address); return false; } : null);
    return () => guardLeaving(null);
  }, [dirty]);
  return leaving && html`<${Dialog} title=${t("merge.leave_title")} close=${() => setLeaving("")}><p>${t("merge.leave")}</p>
    <div class="acts end"><button type="button" class="danger" onClick=${() => { guardLeaving(null); go(leaving); }}>${t("merge.leave_yes")}</button>
      <button type="button" class="primary" onClick=${() => setLeaving("")} ref=${(/** @type {HTMLElement | null} */ button) => button?.focus()}>${t("merge.leave_no")}</button></div><//>`;
}

/** Says that the record is another person; can be taken back. @param {Loaded} loaded @param {() => void} again */
function notSame({ candidates, contact, review }, again) {
  const found = candidates.find((one) => one.record_id === review.record?.id);
  if (!found) return null;
  const of = { contact: contact.id, version: review.contact_version, record: found.record_id, name: found.display };
  /** @param {boolean} belongs */
  const moved = (belongs) => {
    guardLeaving(null);
    go(mergeAddress(contact.id, belongs ? found : undefined), !belongs);
    if (!belongs) again();
  };
  return { found, act: () => turnMember(of, false, (now) => moved(!!now.members.find((one) => one.record.record_id === found.record_id)?.belongs)), gone: () => moved(false) };
}

/** Takes a further member's value for a field. @param {ReturnType<typeof useChoices>} work */
const taker = (work) => (/** @type {import("../types.js").ReviewField} */ row, /** @type {import("../types.js").ClusterMember} */ member, /** @type {string} */ letter) => {
  const value = /** @type {any} */ (member.record.contact)[row.field];
  work.hands.own(row, value, t("merge.chosen_of", { field: label(row.field), letter, value: plain(row.field, value) || t("value.none") }));
};

/** @param {{review: Review, choices: Choices, paper: ReturnType<typeof usePaper>, held: boolean, back: () => void}} props */
const ActionBar = ({ review, choices, paper, held, back }) => html`<div class="action-bar" role="group" aria-label=${t("merge.acts")}>
  <button type="button" class="quiet leave" onClick=${back}>${t("back")}<kbd aria-hidden="true">Esc</kbd></button>
  <p class="tally" role="status">${t("merge.changing", { n: changing(review, choices) })}</p>
  ${review.connection.policy === "read" ? html`<p class="policy-line">${t("policy.here_read")}</p>` : html`<button type="button" onClick=${paper.dryRun} disabled=${paper.busy || held}>${t("merge.dry_run")}<kbd aria-hidden="true">D</kbd></button>`}
  ${mayWrite(review) && html`<button type="button" class="primary" onClick=${paper.writeNow} disabled=${paper.busy || held}>${t(review.action === "create" ? "merge.create" : "merge.write")}<kbd aria-hidden="true">M</kbd></button>`}
</div>`;

/** @param {{loaded: Loaded, reload: (review: Review, choices: Choices) => void, again: () => void}} props */
function Merge({ loaded, reload, again }) {
  const { contact, review } = loaded;
  const work = useChoices(loaded);
  const { choices, current, setCurrent, zoomed } = work;
  const [clash, setClash] = useState(loaded.clash);
  const [open, setOpen] = useState({ equal: false, unmapped: false });
  const [why, setWhy] = useState(!!review.candidate && review.candidate.probability < PLAIN);
  const [other, setOther] = useState(false);
  const [card, setCard] = useState(false);
  const [twin, setTwin] = useState("");
  const [reason, setReason] = useState(false);
  const paper = usePaper(review, choices, (now, list) => { reload(now, choices); setClash(list); });
  const leaving = useGuard(touched(review, choices));
  const others = usePresence(contact.id);
  const rows = reachable(review.fields, open);
  const different = notSame(loaded, again);
  const cluster = useCluster(loaded, (now, record, belongs) => {
    if (record === review.record?.id && !belongs) (different?.gone || again)();
    else reload({ ...review, contact_version: now.contact_version }, choices);
  });
  const takeFrom = taker(work);
  /** @param {import("../merge_state.js").Clash[]} list */
  const settled = (list) => { work.setChoices(settle(choices, list)); setClash(null); };
  const desk = {
    rows, work, paper, held: !!clash, row: rows.find((one) => one.field === current) || rows[0],
    cluster, takeFrom, why: () => setWhy(!why), other: () => setOther(true), different: () => { different?.act(); }, differentWhy: () => setReason(!!different),
    way: (/** @type {number} */ step) => { const { before, after } = around(contact.id); const to = step < 0 ? before : after; if (to) go(mergeAddress(to)); },
    back: () => go(home(contact.id)),
    theirs: () => clash && settled(allTheirs(clash)),
  };
  useMergeKeys(desk);
  const crm = t("merge.crm_now", { name: review.connection.name });
  const stamp = review.record ? changedText(review.record.custody) || t("merge.as_of", { when: when(review.record.fetched_at) }) : "";
  const image = contact.source.scan_id ? cardImage(contact.source.scan_id, contact.source.card) : "";
  /** @param {FocusEvent} event */
  const focused = (event) => {
    const field = /** @type {Element} */ (event.target).closest("[data-field]")?.getAttribute("data-field");
    if (field && field !== current) setCurrent(field);
  };
  return html`<section class="merge">
    <${Head} loaded=${loaded} zoom=${() => setCard(true)} />
    <${Lookers} others=${others} />
    ${clash && html`<${Conflict} list=${clash} set=${setClash} done=${settled} />`}
    <div class="merge-tools">${review.candidate && html`<button type="button" aria-expanded=${why ? "true" : "false"} aria-controls="why" onClick=${desk.why}><${Icon} name="question" />${t("why.title")}<kbd aria-hidden="true">W</kbd></button>`}
      <button type="button" onClick=${desk.other}><${Icon} name="swap" />${t("other.title")}<kbd aria-hidden="true">O</kbd></button>
      ${different && html`<button type="button" onClick=${desk.different}><${Icon} name="split" />${t("candidate.not_same")}<kbd aria-hidden="true">N</kbd></button>`}
      <span class="take-all" role="group" aria-label=${t("merge.take_all")}><button type="button" class="quiet" onClick=${() => work.all("card")}>${t("keys.all_card")}</button>
        <button type="button" class="quiet" onClick=${() => work.all("crm")}>${t("keys.all_crm")}</button></span></div>
    ${cluster.several && html`<${ClusterPanel} loaded=${loaded} work=${cluster} takeFrom=${takeFrom} merge=${setTwin} />`}
    <div id="why">${why && html`<${Why} review=${review} />`}</div>
    <div class="merge-groups" onKeyDown=${(/** @type {KeyboardEvent} */ event) => rowArrows(desk, event)} onFocusIn=${focused}>
      <${Groups} shown=${{ loaded, work, crm, stamp }} open=${open} setOpen=${setOpen} /></div>
    <${ActionBar} review=${review} choices=${choices} paper=${paper} held=${!!clash} back=${desk.back} />
    ${zoomed && html`<${Dialog} title=${label(zoomed.row.field)} close=${() => work.setZoomed(null)} wide><${CardPicture} image=${image} box=${zoomed.box} alt=${t("card.alt", { name: contact.display })} /><//>`}
    ${card && html`<${Dialog} title=${t("card.title")} close=${() => setCard(false)} wide><${CardPicture} image=${image} alt=${t("card.alt", { name: contact.display })} /><//>`}
    ${other && html`<${OtherRecord} loaded=${loaded} close=${() => setOther(false)} merge=${(/** @type {string} */ record) => { setOther(false); setTwin(record); }} />`}
    ${reason && different && html`<${WhyDifferent} candidate=${different.found} version=${review.contact_version} done=${() => different.gone()} close=${() => setReason(false)} />`}
    ${twin && html`<${MergeRecords} review=${review} other=${twin} close=${() => setTwin("")} />`}
    ${paper.sheet && html`<${DryRun} sheet=${paper.sheet} review=${review} busy=${paper.busy} link=${paper.link} close=${paper.close} write=${() => paper.sheet?.preview && paper.commit(paper.sheet.preview)} />`}
    ${leaving}
  </section>`;
}

/** @param {{id: string, query: URLSearchParams}} props */
export function MergeScreen({ id, query }) {
  const [loaded, setLoaded] = useState(/** @type {Loaded | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const asked = useRef(0);
  const address = `${id}?${query}`;
  const load = () => {
    const mine = ++asked.current;
    setLoaded(null);
    setProblem(null);
    loadMerge(id, query).then((found) => asked.current === mine && setLoaded(found), (failed) => asked.current === mine && setProblem(failed));
  };
  useLayoutEffect(load, [address]);
  if (problem) return html`<h1 tabindex="-1">${t("merge.name")}</h1><${Trouble} problem=${problem} again=${load} /><p><a href=${`/app/contacts/${id}`}>${t("merge.to_contact")}</a></p>`;
  if (!loaded) return html`<h1 tabindex="-1">${t("merge.name")}</h1><${Waiting} />`;
  return html`<${Merge} key=${`${address} ${asked.current}`} loaded=${loaded} again=${load}
    reload=${(/** @type {Review} */ review, /** @type {Choices} */ choices) => setLoaded({ ...loaded, review, choices })} />`;
}
