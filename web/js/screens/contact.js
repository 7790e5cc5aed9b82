// One contact as it was read: the card, every value with its place on it, and whether the CRM has the person.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { go } from "../router.js";
import { calmly, useLive } from "../live.js";
import { useKeys } from "../keys.js";
import { company, label } from "../fields.js";
import { CardPicture, cardImage } from "../parts/snippet.js";
import { Zoom } from "../parts/zoom.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Trouble, VerdictBadge, Waiting } from "../parts/notice.js";
import { Fields, Unassigned } from "./contact_fields.js";
import { NextStep, VerdictPanel, mergeAddress } from "./contact_verdict.js";

/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").Candidate} Candidate */
/** @typedef {import("../types.js").Scan} Scan */
/** @typedef {import("../types.js").Side} Side */
/** @typedef {{box: number[] | null, title: string, side: Side | undefined}} Zoomed */

/** @param {string} id the contact, its candidates and its photo */
function useContact(id) {
  const [contact, setContact] = useState(/** @type {Contact | null} */ (null));
  const [candidates, setCandidates] = useState(/** @type {Candidate[]} */ ([]));
  const [scan, setScan] = useState(/** @type {Scan | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get(`/v1/contacts/${id}`).then((one) => { setContact(one); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, [id]);
  useEffect(() => {
    if (contact) api.get(`/v1/contacts/${id}/candidates`).then((page) => setCandidates(page.items), complain);
  }, [contact?.version, contact?.state]);
  const photo = contact?.source.scan_id;
  useEffect(() => {
    if (photo) api.get(`/v1/scans/${photo}`).then(setScan, () => {});
  }, [photo]);
  const calm = useRef(calmly(() => load()));
  useLive(["contact"], (event) => {
    if (event.type !== "contact" || event.id === id) calm.current();
  });
  return { contact, setContact, candidates, scan, problem, load };
}

/** Sends one change; a contact that changed meanwhile is shown as it now is. @param {Contact | null} contact @param {(contact: Contact) => void} changed @param {() => void} load */
function useSave(contact, changed, load) {
  const [busy, setBusy] = useState(false);
  /** @param {object} patch @returns {Promise<boolean>} */
  const save = async (patch) => {
    setBusy(true);
    try {
      changed(await api.patch(`/v1/contacts/${contact?.id}`, patch, contact?.version));
      toast({ text: t("contact.saved"), kind: "good" });
      return true;
    } catch (problem) {
      complain(problem);
      if (/** @type {any} */ (problem).slug === "stale") load();
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, save };
}

/** @param {{contact: Contact, load: () => void}} props */
function BinBar({ contact, load }) {
  const restore = () => api.post(`/v1/contacts/${contact.id}/restore`).then(() => { toast({ text: t("contact.restored"), kind: "good" }); load(); }, complain);
  return html`<div class="notice warn"><${Icon} name="bin" /><div><p>${t("contact.in_bin", { when: when(contact.deleted_at) })}</p>
    <button type="button" onClick=${restore}>${t("restore")}</button></div></div>`;
}

/** @param {Contact} contact @param {() => void} after */
export async function putIntoBin(contact, after) {
  try {
    await api.remove(`/v1/contacts/${contact.id}`, contact.version);
  } catch (problem) {
    return complain(problem);
  }
  const back = () => api.post(`/v1/contacts/${contact.id}/restore`).then(() => go(`/app/contacts/${contact.id}`), complain);
  toast({ text: t("contact.binned", { name: contact.display || t("nameless") }), kind: "good", label: t("undo"), act: back });
  after();
}

/** A suggestion waits for a word of its owner. @param {{contact: Contact, keep: () => void}} props */
function SuggestionBar({ contact, keep }) {
  const reject = () => api.remove(`/v1/contacts/${contact.id}`, contact.version).then(() => { toast({ text: t("suggestion.rejected"), kind: "good" }); go("/app/contacts"); }, complain);
  return html`<div class="notice"><${Icon} name="mail" /><div><p>${t("suggestion.text", { when: when(contact.source.suggested_at) })}</p>
    <div class="acts"><button type="button" class="primary" onClick=${keep}><${Icon} name="check" />${t("suggestion.keep")}</button>
      <button type="button" onClick=${reject}><${Icon} name="bin" />${t("suggestion.reject")}</button></div></div></div>`;
}

/** @param {{advice: string[]}} props */
const Advice = ({ advice }) => (advice.length ? html`<div class="notice"><${Icon} name="camera" /><div>${advice.map((word) => html`<p key=${word}>${t(`advice.${word}`)}</p>`)}</div></div>` : null);

/** @param {{contact: Contact}} props */
const Head = ({ contact }) => html`<header class="screen-head"><div>
    <p class="back-line"><a href="/app/contacts"><${Icon} name="left" />${t("contacts.title")}</a></p>
    <h1 tabindex="-1">${contact.display || t("nameless")}</h1><p class="lead">${company(contact.contact)}</p></div>
  <p class="contact-state"><${VerdictBadge} kind=${contact.verdict.kind} /><small>${t(`state.${contact.state}`)} · ${when(contact.created_at)}</small>
    ${contact.checked_at && html`<small class="checked"><span aria-hidden="true">✓</span> ${t("contact.checked")}</small>`}</p></header>`;

/** Where it was captured, and on what ground it is kept. @param {{contact: Contact}} props */
const Origin = ({ contact: { source } }) => (source.fair ? html`<p class="origin"><${Icon} name="folder" /><span><strong>${source.fair.name}</strong>${source.fair.tag && html` <span class="tag">#${source.fair.tag}</span>`}
  <small>${t("fair.basis")}: ${t(`basis.${source.fair.legal_basis}`)}</small></span></p>` : null);

/** The card, of one side or of two. @param {{image: (side: Side | undefined) => string, two: boolean, side: Side | undefined, turn: (side: Side | undefined) => void, box: number[] | null, alt: string, zoom: () => void}} props */
const Card = ({ image, two, side, turn, box, alt, zoom }) => html`<div>
  <button type="button" class="card-button" aria-label=${t("card.zoom")} onClick=${zoom}><${CardPicture} key=${side} image=${image(side)} box=${box} alt=${alt} /></button>
  ${two && html`<div class="sides" role="group" aria-label=${t("card.sides")}>${[undefined, /** @type {const} */ ("back")].map((one) => html`<button key=${one || "front"} type="button" aria-pressed=${side === one} onClick=${() => turn(one)}>${t(one ? "card.back" : "card.front")}</button>`)}</div>`}</div>`;

/** The picture of each side; of a back on which nothing could be read, its photo. @param {Contact | null} contact @param {Scan | null} scan */
function useSides(contact, scan) {
  const [side, turn] = useState(/** @type {Side | undefined} */ (undefined));
  const id = contact?.source.scan_id;
  const card = scan?.cards.find((one) => one.n === contact?.source.card);
  /** @param {Side | undefined} wanted */
  const image = (wanted) => (wanted && card && !card.back_image ? `/v1/scans/${id}/image?side=back` : cardImage(id || "", contact?.source.card || 0, wanted));
  return { side, turn, two: scan?.sides === 2 && scan.cards.length === 1, image: id ? image : null };
}

/** @param {{id: string}} props */
export function ContactScreen({ id }) {
  const { contact, setContact, candidates, scan, problem, load } = useContact(id);
  const { busy, save } = useSave(contact, setContact, load);
  const { side, turn, two, image } = useSides(contact, scan);
  const [zoomed, setZoomed] = useState(/** @type {Zoomed | null} */ (null));
  const [draft, setDraft] = useState(/** @type {import("./contact_fields.js").Draft | null} */ (null));
  const [pointed, setPointed] = useState(/** @type {number[] | null} */ (null));
  const whole = () => setZoomed({ box: null, title: t("card.title"), side });
  useKeys([
    { keys: ["m"], label: t("keys.merge"), act: () => contact && go(mergeAddress(contact.id)) },
    { keys: ["z"], label: t("keys.zoom"), act: () => image && whole() },
  ]);
  if (problem && !contact) return html`<h1 tabindex="-1">${t("contact.title")}</h1><${Trouble} problem=${problem} again=${load} /><p><a href="/app/contacts">${t("contacts.title")}</a></p>`;
  if (!contact) return html`<h1 tabindex="-1">${t("contact.title")}</h1><${Waiting} />`;
  const alt = t("card.alt", { name: contact.display || t("nameless") });
  /** Shows it on the card, turned to its side. @param {import("./contact_fields.js").Row | null} row */
  const point = (row) => {
    if (row?.box && two) turn(row.side);
    setPointed(row && row.box);
  };
  /** @param {import("./contact_fields.js").Row} row */
  const zoom = (row) => setZoomed({ box: row.box, title: label(row.field), side: row.side });
  return html`<section class="contact">
    <${Head} contact=${contact} />
    ${contact.deleted_at && html`<${BinBar} contact=${contact} load=${load} />`}
    ${contact.source.suggested_at && html`<${SuggestionBar} contact=${contact} keep=${() => save({})} />`}
    <div class="contact-columns">
      <div class="contact-side">
        ${image && html`<${Card} image=${image} two=${two} side=${side} turn=${(/** @type {Side | undefined} */ one) => { setPointed(null); turn(one); }} box=${pointed} alt=${alt} zoom=${whole} />`}
        <${VerdictPanel} contact=${contact} candidates=${candidates} changed=${load} />
      </div>
      <div class="contact-main">
        <${Origin} contact=${contact} />
        <${Advice} advice=${scan?.quality.advice || []} />
        <${Fields} contact=${contact} save=${save} busy=${busy} image=${image} point=${point} draft=${draft} setDraft=${setDraft} zoom=${zoom} />
        <${Unassigned} contact=${contact} image=${image} setDraft=${setDraft} />
      </div>
      ${!contact.deleted_at && !contact.source.suggested_at && html`<p class="side-acts"><button type="button" class="quiet bad" onClick=${() => putIntoBin(contact, () => go("/app/contacts"))}><${Icon} name="bin" />${t("contact.bin")}</button></p>`}
    </div>
    ${!contact.deleted_at && html`<${NextStep} contact=${contact} candidates=${candidates} changed=${setContact} />`}
    ${zoomed && image && html`<${Dialog} title=${zoomed.title} close=${() => setZoomed(null)} wide><${Zoom} image=${image(zoomed.side)} box=${zoomed.box} alt=${alt} /><//>`}
  </section>`;
}
