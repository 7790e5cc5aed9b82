// One person's request: what may be theirs is found, somebody says what is, and it is handed out, or looked at once more and erased.
import { api } from "../api.js";
import { day, t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { isAdmin } from "../state.js";
import { Dialog } from "../parts/dialog.js";
import { Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { Answer, Certificate, Remains } from "../parts/subject_papers.js";
import { StateBadge, whoOf } from "./subjects.js";

/** @typedef {import("../types.js").SubjectRequest} SubjectRequest */
/** @typedef {import("../types.js").SubjectFinds} SubjectFinds */
/** @typedef {import("../types.js").SubjectChoice} SubjectChoice */

const back = () => html`<p class="back"><a href="/app/subjects"><${Icon} name="left" />${t("subject.title")}</a></p>`;
/** @param {string[]} by */
const foundBy = (by) => t("subject.found_by", { by: by.map((word) => t(`subject.by.${word}`)).join(", ") });

/** @param {{id: string, chosen: boolean, flip: () => void, head: string, lines: (string | null | false)[], link?: string}} props */
const Find = ({ id, chosen, flip, head, lines, link }) => html`<li class="subject-find"><label class="check"><input type="checkbox" name=${id} checked=${chosen} onChange=${flip} />
  <span><strong>${head}</strong>${lines.filter(Boolean).map((line) => html`<small>${line}</small>`)}</span></label>
  ${link && html`<a class="button quiet" href=${link} target="_blank" rel="noopener" aria-label=${t("subject.look_at", { name: head })}><${Icon} name="external" />${t("subject.look")}</a>`}</li>`;

/** @param {{finds: SubjectFinds, choice: SubjectChoice, set: (choice: SubjectChoice) => void}} props */
function Finds({ finds, choice, set }) {
  /** @param {"contacts" | "records"} kind @param {string} id */
  const flip = (kind, id) => set({ ...choice, [kind]: choice[kind].includes(id) ? choice[kind].filter((one) => one !== id) : [...choice[kind], id] });
  return html`${finds.more && html`<p class="notice warn">${t("subject.more")}</p>`}
    ${finds.user && html`<p class="notice">${t("subject.is_user", { name: finds.user })}</p>`}
    ${finds.contacts.length + finds.records.length === 0 && html`<${Empty} icon="search" title=${t("subject.nothing")} text=${t("subject.nothing_text")} />`}
    ${finds.contacts.length > 0 && html`<h2>${t("subject.contacts")}</h2><ul class="rows">${finds.contacts.map((one) => html`<${Find} key=${one.id} id=${one.id} chosen=${choice.contacts.includes(one.id)}
      flip=${() => flip("contacts", one.id)} head=${one.display || t("subject.nameless")} link=${`/app/contacts/${one.id}`}
      lines=${[one.organization, t("subject.in_list", { list: one.list || "", when: day(one.created_at) }), one.deleted_at && t("subject.in_bin", { when: day(one.deleted_at) }), foundBy(one.by)]} />`)}</ul>`}
    ${finds.records.length > 0 && html`<h2>${t("subject.records")}</h2><ul class="rows">${finds.records.map((one) => html`<${Find} key=${one.id} id=${one.id} chosen=${choice.records.includes(one.id)}
      flip=${() => flip("records", one.id)} head=${one.display || t("subject.nameless")}
      lines=${[one.organization, `${one.connection || ""} · ${one.remote_id}`, t(one.kept_here ? "subject.kept_here" : "subject.kept_there"), foundBy(one.by)]} />`)}</ul>`}`;
}

/** Looks at what would go, and asks for the number of the request before it goes. @param {{request: SubjectRequest, choice: SubjectChoice, close: () => void, done: (request: SubjectRequest) => void}} props */
function Erasure({ request, choice, close, done }) {
  const [seen, setSeen] = useState(/** @type {import("../types.js").ErasurePreview | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [typed, setTyped] = useState("");
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  useEffect(() => { api.post(`/v1/subject-requests/${request.id}/preview`, choice).then(setSeen, setProblem); }, []);
  const erase = () => {
    if (typed.trim() !== String(request.number)) { setWrong(true); return; }
    setBusy(true);
    api.post(`/v1/subject-requests/${request.id}/erasure`, { ...choice, confirm: seen?.confirm }).then(done, setProblem).finally(() => setBusy(false));
  };
  return html`<${Dialog} title=${t("subject.erase_title")} close=${close} wide>
    ${problem && html`<${Trouble} problem=${problem} />`}
    ${!seen ? !problem && html`<${Waiting} />` : html`<p>${t("subject.erase_text")}</p>
      <dl class="subject-extent">${/** @type {const} */ (["contacts", "records", "photos", "write_backs"]).map((what) => html`<div key=${what}><dt>${t(`subject.extent.${what}`)}</dt><dd>${seen[what]}</dd></div>`)}</dl>
      ${seen.shared_photos > 0 && html`<p class="notice warn">${t("subject.shared_photos", { n: seen.shared_photos })}</p>`}
      <${Remains} remains=${seen.remains} />
      <details class="fold-away"><summary><span>${t("subject.notices")}</span></summary><ul>${seen.notices.map((one) => html`<li>${one}</li>`)}</ul></details>
      ${seen.under_way > 0 ? html`<p class="notice bad">${t("subject.under_way", { n: seen.under_way })}</p><div class="acts"><button type="button" onClick=${close}>${t("close")}</button></div>`
        : html`<${Form} send=${erase} busy=${busy} danger act=${t("subject.erase")} doing=${t("subject.erasing")} cancel=${close} wrong=${(/** @type {string[]} */ ids) => setWrong(ids.length > 0)}>
          <${Field} id="subject-number" label=${t("subject.confirm", { n: request.number })} required max=${12} value=${typed} error=${wrong ? t("subject.confirm_wrong", { n: request.number }) : undefined} set=${(/** @type {string} */ text) => { setTyped(text); setWrong(false); }} /><//>`}`}<//>`;
}

/** @param {{request: SubjectRequest, renew: (request: SubjectRequest) => void}} props */
function Desk({ request, renew }) {
  const [finds, setFinds] = useState(/** @type {SubjectFinds | null} */ (null));
  const [choice, setChoice] = useState(/** @type {SubjectChoice} */ ({ contacts: [], records: [] }));
  const [answer, setAnswer] = useState(/** @type {import("../types.js").SubjectAnswer | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [erasing, setErasing] = useState(false);
  const load = () => api.get(`/v1/subject-requests/${request.id}/finds`).then((found) => {
    setFinds(found);
    setProblem(null);
  }, setProblem);
  useEffect(() => { load(); }, []);
  const n = choice.contacts.length + choice.records.length;
  const hand = () => api.post(`/v1/subject-requests/${request.id}/answer`, choice).then((made) => { setAnswer(made); api.get(`/v1/subject-requests/${request.id}`).then(renew, () => undefined); }, setProblem);
  if (answer) return html`<${Answer} answer=${answer} close=${() => setAnswer(null)} />`;
  return html`${problem && html`<${Trouble} problem=${problem} again=${load} />`}
    ${!finds ? !problem && html`<${Waiting} />` : html`<p class="lead">${t("subject.choose")}</p><${Finds} finds=${finds} choice=${choice} set=${setChoice} />
    ${finds.contacts.length + finds.records.length > 0 && html`<div class="acts"><p role="status">${t("subject.chosen", { n })}</p>
      ${request.kind === "access" ? html`<button type="button" class="primary" disabled=${n === 0} onClick=${hand}><${Icon} name="person" />${t("subject.answer")}</button>`
        : html`<button type="button" class="danger solid" disabled=${n === 0} onClick=${() => setErasing(true)}><${Icon} name="bin" />${t("subject.erase_look")}</button>`}</div>`}`}
    ${erasing && html`<${Erasure} request=${request} choice=${choice} close=${() => setErasing(false)} done=${(/** @type {SubjectRequest} */ made) => { setErasing(false); renew(made); }} />`}`;
}

/** @param {{id: string}} props */
export function Subject({ id }) {
  const [request, setRequest] = useState(/** @type {SubjectRequest | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get(`/v1/subject-requests/${id}`).then((got) => { setRequest(got); setProblem(null); }, setProblem);
  useEffect(() => { if (isAdmin()) load(); }, [id]);
  if (!isAdmin()) return html`<section class="desk">${back()}<h1 tabindex="-1">${t("subject.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("audit.not_yours")} /></section>`;
  if (!request) return html`<section class="desk">${back()}<h1 tabindex="-1">${t("subject.title")}</h1>${problem ? html`<${Trouble} problem=${problem} again=${load} />` : html`<${Waiting} />`}</section>`;
  return html`<section class="desk">${back()}<header class="screen-head"><div><h1 tabindex="-1">${t("subject.numbered", { n: request.number, kind: t(`subject.kind.${request.kind}`) })}</h1>
      <p class="lead">${whoOf(request)}${request.reference && ` · ${request.reference}`}</p>
      <p class="soft">${t("subject.due", { when: day(request.due_at), name: request.created_by })}</p></div><${StateBadge} state=${request.state} /></header>
    ${request.certificate ? html`<${Certificate} certificate=${request.certificate} />` : html`<${Desk} key=${request.id} request=${request} renew=${setRequest} />`}
  </section>`;
}
