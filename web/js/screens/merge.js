// The merge view: what a card, the CRM's record as it is now and a person's choices become.
import { api } from "../api.js";
import { number, percent, t, when } from "../i18n.js";
import { html, useEffect, useLayoutEffect, useRef, useState } from "../ui.js";
import { announce, complain, toast } from "../state.js";
import { go, guardLeaving } from "../router.js";
import { useKeys } from "../keys.js";
import { label, plain } from "../fields.js";
import { GROUPS, changing, choiceOf, clashes, clashesOf, previewBody, resultOf, settle, takesOf, touched } from "../merge_state.js";
import { around, track, undoLast } from "../written.js";
import { Dialog } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Trouble, Waiting } from "../parts/notice.js";
import { CardPicture, cardImage } from "../parts/snippet.js";
import { Waterfall, likely } from "../parts/waterfall.js";
import { decide, mergeAddress } from "./contact_verdict.js";
import { Conflict } from "./merge_conflict.js";
import { DryRun, Reversible } from "./merge_sheet.js";
import { Group } from "./merge_table.js";

/** @typedef {import("../types.js").Review} Review */
/** @typedef {import("../types.js").Contact} Contact */
/** @typedef {import("../types.js").Candidate} Candidate */
/** @typedef {import("../types.js").Preview} Preview */
/** @typedef {import("../merge_state.js").Choices} Choices */
/** @typedef {import("../merge_state.js").Clash} Clash */
/** @typedef {{contact: Contact, review: Review, candidates: Candidate[], clash: Clash[] | null, choices: Choices}} Loaded */

/** @param {string} id @param {URLSearchParams} query @returns {string} */
function reviewAddress(id, query) {
  const wanted = ["connection", "record", "create"].filter((name) => query.get(name)).map((name) => `${name}=${encodeURIComponent(query.get(name) || "")}`);
  return `/v1/contacts/${id}/review${wanted.length ? `?${wanted.join("&")}` : ""}`;
}

/** @param {string} id @param {URLSearchParams} query @returns {Promise<Loaded>} */
async function loadMerge(id, query) {
  const conflict = query.get("conflict");
  const [contact, review, candidates, before] = await Promise.all([
    api.get(`/v1/contacts/${id}`), api.get(reviewAddress(id, query)), api.get(`/v1/contacts/${id}/candidates`),
    conflict ? api.get(`/v1/write-backs/${conflict}`) : null,
  ]);
  /** @type {Choices} */
  const choices = {};
  for (const change of before?.changes || []) choices[change.field] = { take: "own", value: change.after };
  return { contact, review, candidates: candidates.items, clash: before ? clashesOf(before.changes, review) : null, choices };
}

/** @param {{loaded: Loaded, close: () => void}} props */
function OtherRecord({ loaded, close }) {
  const { contact, review, candidates } = loaded;
  /** @param {Candidate} one */
  const isThis = (one) => one.record_id === review.record?.id;
  return html`<${Dialog} title=${t("other.title")} close=${close}>
    <p class="soft">${t("other.text")}</p>
    <ul class="rows pick-list">${candidates.map((one) => html`<li key=${one.id}><a href=${mergeAddress(contact.id, one)} onClick=${close} aria-current=${isThis(one) ? "true" : undefined}>
        <span><strong>${one.display}</strong><small>${one.connection.name} · ${percent(one.probability)}${one.decided === "different" ? ` · ${t("candidate.different")}` : ""}</small></span><${Icon} name="right" /></a></li>`)}
      <li><a href=${mergeAddress(contact.id, undefined, true)} onClick=${close} aria-current=${review.action === "create" ? "true" : undefined}><span><strong>${t("candidate.create")}</strong><small>${t("other.create")}</small></span><${Icon} name="plus" /></a></li></ul>
  <//>`;
}

/** @param {{review: Review, contact: Contact}} props */
function Why({ review }) {
  const found = review.candidate;
  return html`<aside class="panel why" aria-labelledby="why-title" id="why" tabindex="-1"><h2 id="why-title">${t("why.title")}</h2>
    ${found ? html`<p class="soft">${t("why.text")}</p><${Waterfall} weight=${found.weight} probability=${found.probability} reasons=${found.reasons} />`
      : html`<p>${t("why.none")}</p>`}</aside>`;
}

/** @param {{loaded: Loaded, choices: Choices}} props */
function Head({ loaded, choices }) {
  const { contact, review } = loaded;
  const { at, all, before, after } = around(contact.id);
  const found = review.candidate;
  const name = contact.display || t("nameless");
  return html`<header class="merge-head">
    <div class="merge-title">
      ${at >= 0 && html`<p class="position"><a class="button quiet round" aria-label=${t("merge.before")} aria-disabled=${before ? undefined : "true"} href=${before ? mergeAddress(before) : undefined}><${Icon} name="left" /></a>
        ${t("merge.position", { n: at + 1, all })}<a class="button quiet round" aria-label=${t("merge.after")} aria-disabled=${after ? undefined : "true"} href=${after ? mergeAddress(after) : undefined}><${Icon} name="right" /></a></p>`}
      <h1 tabindex="-1">${t(review.action === "update" ? "merge.title" : "merge.title_create", { name, crm: review.connection.name })}</h1>
      ${found && html`<p class="lead">${likely(found.probability)} <span class="soft">· ${percent(found.probability)} · ${t("why.bits", { bits: number(found.weight) })}</span></p>`}
    </div>
    <div class="merge-facts"><${Reversible} review=${review} />
      <p class="soft" role="status">${t("merge.changing", { n: changing(review, choices) })}</p></div>
  </header>`;
}

/** Which rows keys can reach, in the order of the screen. @param {Review} review @param {boolean} equalOpen */
function reachable(review, equalOpen) {
  return GROUPS.flatMap((group) => (group === "unmapped" || (group === "equal" && !equalOpen) ? [] : review.fields.filter((row) => row.group === group)));
}

/** @param {string} field */
function focusRow(field) {
  const row = document.querySelector(`[data-field="${field}"]`);
  /** @type {HTMLElement | null | undefined} */ (row?.querySelector("input:checked") || row?.querySelector("input"))?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

/** Choices, the field in hand, and everything a row can do. @param {Loaded} loaded */
function useChoices(loaded) {
  const { review } = loaded;
  const [choices, setChoices] = useState(loaded.choices);
  const [editing, setEditing] = useState("");
  const [current, setCurrent] = useState("");
  const [zoomed, setZoomed] = useState(/** @type {import("../types.js").ReviewField | null} */ (null));
  /** @param {import("../types.js").ReviewField} row @param {import("../types.js").Take} take */
  const choose = (row, take) => {
    setCurrent(row.field);
    if (take === "own") return setEditing(row.field);
    setEditing("");
    const next = { ...choices, [row.field]: { take } };
    setChoices(next);
    announce(t("merge.chosen", { field: label(row.field), take: t(`take.${take}`), value: plain(row.field, resultOf(row, next)) || t("value.none") }));
  };
  /** @type {import("./merge_table.js").Hands} */
  const hands = {
    choose,
    edit: (field) => { setEditing(field); if (!field) requestAnimationFrame(() => focusRow(current)); else setCurrent(field); },
    zoom: setZoomed,
    reset: (row) => { const { [row.field]: _, ...rest } = choices; setChoices(rest); setEditing(""); },
    own: (row, value) => {
      setChoices({ ...choices, [row.field]: { take: "own", value } });
      setEditing("");
      announce(t("merge.chosen", { field: label(row.field), take: t("take.own"), value: plain(row.field, value) || t("value.none") }));
      requestAnimationFrame(() => focusRow(row.field));
    },
  };
  /** @param {import("../types.js").Take} take */
  const all = (take) => {
    setChoices(Object.fromEntries(review.fields.filter((row) => takesOf(row).includes(take)).map((row) => [row.field, { take }])));
    announce(t("merge.all", { take: t(`take.${take}`) }));
  };
  return { choices, setChoices, editing, current, setCurrent, zoomed, setZoomed, hands, all };
}

/** Dry run and commit. @param {Loaded} loaded @param {Choices} choices @param {(review: Review, list: Clash[]) => void} clashed */
function useSheet(loaded, choices, clashed) {
  const { contact, review } = loaded;
  const [sheet, setSheet] = useState(/** @type {{preview: Preview | null, problem: any} | null} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {any} problem */
  const failed = async (problem) => {
    if (problem.slug !== "crm-conflict" && problem.slug !== "stale") return setSheet({ preview: null, problem });
    const query = new URLSearchParams({ connection: review.connection.id, ...(review.record?.id ? { record: review.record.id } : { create: "true" }) });
    const now = await api.get(reviewAddress(contact.id, query)).catch(complain);
    setSheet(null);
    if (now) clashed(now, clashes(review, choices, now));
  };
  const plan = () => api.post("/v1/previews", previewBody(review, choices));
  const dryRun = () => {
    setSheet({ preview: null, problem: null });
    plan().then((preview) => setSheet({ preview, problem: null }), failed);
  };
  /** @param {Preview} preview */
  const write = async (preview) => {
    setBusy(true);
    try {
      const { after } = around(contact.id);
      track(await api.post("/v1/write-backs", { preview_id: preview.id }, { version: review.contact_version, key: preview.id }));
      guardLeaving(null);
      setSheet(null);
      go(after ? mergeAddress(after) : around(contact.id).all ? "/app/inbox" : `/app/contacts/${contact.id}`);
    } catch (problem) {
      await failed(problem);
    } finally {
      setBusy(false);
    }
  };
  /** Writes at once what can be taken back and raises no question; shows the sheet otherwise. */
  const commit = async () => {
    if (busy) return;
    setBusy(true);
    const preview = await plan().catch(failed);
    setBusy(false);
    if (!preview) return;
    if (preview.warnings.length || !preview.reversible || !preview.changes.length) setSheet({ preview, problem: null });
    else await write(preview);
  };
  return { sheet, setSheet, busy, dryRun, write, commit };
}

/** @param {{loaded: Loaded, reload: (review: Review, choices: Choices) => void}} props */
function Merge({ loaded, reload }) {
  const { contact, review } = loaded;
  const work = useChoices(loaded);
  const { choices, current, setCurrent, hands } = work;
  const [clash, setClash] = useState(loaded.clash);
  const [open, setOpen] = useState({ equal: false, unmapped: false });
  const [why, setWhy] = useState(matchMedia("(min-width: 1500px)").matches);
  const [other, setOther] = useState(false);
  const paper = useSheet(loaded, choices, (now, list) => { reload(now, choices); setClash(list); });
  const rows = reachable(review, open.equal);
  const row = rows.find((one) => one.field === current) || rows[0];
  const dirty = touched(review, choices);
  const back = () => go(around(contact.id).all ? "/app/inbox" : `/app/contacts/${contact.id}`);
  useEffect(() => {
    guardLeaving(dirty ? () => confirm(t("merge.leave")) : null);
    return () => guardLeaving(null);
  }, [dirty]);
  /** @param {number} step */
  const move = (step) => {
    const next = rows[Math.max(0, Math.min(rows.length - 1, current ? rows.indexOf(row) + step : 0))];
    if (next) { setCurrent(next.field); focusRow(next.field); }
  };
  /** @param {number} n */
  const take = (n) => { const one = row && takesOf(row)[n]; if (one) { hands.choose(row, one); focusRow(row.field); } };
  const different = async () => {
    const found = loaded.candidates.find((one) => one.record_id === review.record?.id);
    if (!found) return;
    await decide(found, review.contact_version, false).then(() => { toast({ text: t("candidate.different_done"), kind: "good" }); guardLeaving(null); go(mergeAddress(contact.id)); }, complain);
  };
  useKeys([
    { keys: ["ArrowDown"], label: t("keys.next_field"), act: () => move(1), always: true },
    { keys: ["ArrowUp"], label: t("keys.last_field"), act: () => move(-1), always: true },
    { keys: ["1"], label: t("take.card"), act: () => take(0) },
    { keys: ["2"], label: t("take.crm"), act: () => take(1) },
    { keys: ["3"], label: t("take.both"), act: () => take(2) },
    { keys: ["b"], label: t("take.both"), act: () => row && takesOf(row).includes("both") && hands.choose(row, "both") },
    { keys: ["e"], label: t("keys.edit"), act: () => row && hands.edit(row.field) },
    { keys: ["Shift+1"], label: t("keys.all_card"), act: () => work.all("card") },
    { keys: ["Shift+2"], label: t("keys.all_crm"), act: () => work.all("crm") },
    { keys: ["r"], label: t("merge.reset"), act: () => row && hands.reset(row) },
    { keys: ["w"], label: t("why.title"), act: () => setWhy(!why) },
    { keys: ["o"], label: t("other.title"), act: () => setOther(true) },
    { keys: ["d"], label: t("merge.dry_run"), act: paper.dryRun },
    { keys: ["m"], label: t("keys.commit"), act: paper.commit },
    { keys: ["n"], label: t("candidate.not_same"), act: different },
    { keys: ["z"], label: t("keys.zoom"), act: () => row?.snippet && work.setZoomed(row) },
    { keys: ["u"], label: t("keys.undo"), act: undoLast },
    { keys: ["Escape"], label: t("back"), act: back, always: true },
  ]);
  /** A radio moved by its own arrow keys would change the choice; up and down belong to the rows. @param {KeyboardEvent} event */
  const arrows = (event) => {
    const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
    if (!step || /** @type {HTMLInputElement} */ (event.target).type !== "radio" || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    move(step);
  };
  const stamp = review.record ? t("merge.as_of", { when: when(review.record.fetched_at) }) : "";
  return html`<section class="merge">
    <${Head} loaded=${loaded} choices=${choices} />
    ${clash && html`<${Conflict} list=${clash} set=${setClash} done=${() => { work.setChoices(settle(choices, clash)); setClash(null); }} />`}
    <div class="merge-tools"><button type="button" aria-expanded=${why ? "true" : "false"} aria-controls="why" onClick=${() => setWhy(!why)}><${Icon} name="question" />${t("why.title")}<kbd>W</kbd></button>
      <button type="button" onClick=${() => setOther(true)}><${Icon} name="swap" />${t("other.title")}<kbd>O</kbd></button>
      ${review.record && loaded.candidates.some((one) => one.record_id === review.record?.id) && html`<button type="button" onClick=${different}><${Icon} name="split" />${t("candidate.not_same")}<kbd>N</kbd></button>`}</div>
    <div class=${why ? "merge-columns with-why" : "merge-columns"}>
      <div class="merge-groups" onKeyDown=${arrows} onFocusIn=${(/** @type {FocusEvent} */ event) => {
        const field = /** @type {Element} */ (event.target).closest("[data-field]")?.getAttribute("data-field");
        if (field && field !== current) setCurrent(field);
      }}>
        ${GROUPS.map((group) => html`<${Group} key=${group} group=${group} rows=${review.fields.filter((one) => one.group === group)} choices=${choices} hands=${hands}
          editing=${work.editing} current=${current} crm=${t("merge.crm_now", { name: review.connection.name })} stamp=${stamp}
          open=${group === "equal" ? open.equal : open.unmapped} toggle=${() => setOpen({ ...open, [group]: !(/** @type {any} */ (open)[group]) })} />`)}
      </div>
      ${why && html`<${Why} review=${review} contact=${contact} />`}
    </div>
    <div class="action-bar" role="group" aria-label=${t("merge.acts")}>
      <button type="button" onClick=${back}>${t("back")}<kbd>Esc</kbd></button>
      <button type="button" onClick=${paper.dryRun} disabled=${paper.busy || !!clash}>${t("merge.dry_run")}<kbd>D</kbd></button>
      <button type="button" class="primary" onClick=${paper.commit} disabled=${paper.busy || !!clash}>${t(review.action === "create" ? "merge.create" : "merge.write")}<kbd>M</kbd></button>
    </div>
    ${work.zoomed?.snippet && html`<${Dialog} title=${label(work.zoomed.field)} close=${() => work.setZoomed(null)} wide>
      <${CardPicture} image=${cardImage(work.zoomed.snippet.scan_id, work.zoomed.snippet.card)} box=${work.zoomed.snippet.box} alt=${t("card.alt", { name: contact.display })} /><//>`}
    ${other && html`<${OtherRecord} loaded=${loaded} close=${() => setOther(false)} />`}
    ${paper.sheet && html`<${DryRun} ...${paper.sheet} review=${review} busy=${paper.busy} close=${() => paper.setSheet(null)} write=${() => paper.sheet?.preview && paper.write(paper.sheet.preview)} />`}
  </section>`;
}

/** @param {{id: string, query: URLSearchParams}} props */
export function MergeScreen({ id, query }) {
  const [loaded, setLoaded] = useState(/** @type {Loaded | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const asked = useRef("");
  const address = `${id}?${query}`;
  const load = () => {
    asked.current = address;
    setLoaded(null);
    setProblem(null);
    loadMerge(id, query).then((found) => asked.current === address && setLoaded(found), (failed) => asked.current === address && setProblem(failed));
  };
  useLayoutEffect(load, [address]);
  if (problem) return html`<h1 tabindex="-1">${t("merge.name")}</h1><${Trouble} problem=${problem} again=${load} /><p><a href=${`/app/contacts/${id}`}>${t("merge.to_contact")}</a></p>`;
  if (!loaded) return html`<h1 tabindex="-1">${t("merge.name")}</h1><${Waiting} />`;
  return html`<${Merge} key=${address} loaded=${loaded} reload=${(/** @type {Review} */ review, /** @type {Choices} */ choices) => setLoaded({ ...loaded, review, choices })} />`;
}
