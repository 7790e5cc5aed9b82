// What a data subject is given: copies of the own data, the certificate of an erasure. Both can be printed and kept as files.
import { itemText, label, rowsOf } from "../fields.js";
import { day, t, when } from "../i18n.js";
import { html } from "../ui.js";
import { custodyText } from "./custody.js";
import { give } from "./file.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.js").SubjectRemains} Remaining */
/** @typedef {import("../types.js").Person} Person */

/** @param {{name: string, value: unknown}} props */
const Acts = ({ name, value }) => html`<div class="acts no-print"><button type="button" onClick=${() => print()}>${t("subject.print")}</button>
  <button type="button" onClick=${() => give(`${name}.json`, JSON.stringify(value, null, 2), "application/json")}><${Icon} name="down" />${t("subject.file")}</button></div>`;

/** What other systems still have. @param {{remains: Remaining[]}} props */
export const Remains = ({ remains }) => remains.length > 0 && html`<div class="notice warn"><p><strong>${t("subject.remains")}</strong></p>
  <ul>${remains.map((one) => html`<li key=${one.connection_id}>${t("subject.remains_at", { name: one.connection, n: one.records })}</li>`)}</ul></div>`;

/** @param {{person: Person}} props */
const Fields = ({ person }) => html`<dl class="subject-fields">${rowsOf(person, []).map((row) => html`<div key=${row.path}><dt>${label(row.field)}</dt><dd>${row.shape === "text" ? row.item : itemText(row.field, row.item)}</dd></div>`)}</dl>`;

/** @param {{copy: import("../types.js").SubjectAnswer["contacts"][number]}} props */
function Copy({ copy: { contact, versions, write_backs } }) {
  const { scan_id, card, back, fair } = contact.source;
  return html`<article class="subject-paper"><h3>${contact.display}</h3>
    <p class="soft">${t("subject.taken", { when: when(contact.created_at), how: t(`subject.source.${contact.source.kind}`) })}</p><${Fields} person=${contact.contact} />
    ${scan_id && card > 0 && html`<img class="subject-photo" src=${`/v1/scans/${scan_id}/cards/${card}/image`} alt=${t("subject.photo")} loading="lazy" />`}
    ${back && html`<img class="subject-photo" src=${`/v1/scans/${scan_id}/cards/${card}/image?side=back`} alt=${t("subject.photo_back")} loading="lazy" />`}
    ${fair && html`<p>${t("subject.fair", { name: fair.name, basis: t(`basis.${fair.legal_basis}`) })}</p>`}
    ${contact.unassigned.length > 0 && html`<h4>${t("subject.unassigned")}</h4><ul>${contact.unassigned.map((one) => html`<li>${one.text}</li>`)}</ul>`}
    ${write_backs.length > 0 && html`<h4>${t("subject.written")}</h4><ul>${write_backs.map((one) => html`<li key=${one.id}>${when(one.created_at)} · ${one.connection.name} · ${one.sentence}</li>`)}</ul>`}
    ${versions.length > 0 && html`<details class="fold-away"><summary><span>${t("subject.versions", { n: versions.length })}</span></summary>
      ${versions.map((one) => html`<h4>${t("subject.until", { when: when(one.at) })}</h4><${Fields} person=${one.contact} />`)}</details>`}</article>`;
}

/** @param {{answer: import("../types.js").SubjectAnswer, close: () => void}} props */
export const Answer = ({ answer, close }) => html`<div class="subject-papers"><h2>${t("subject.answer_title", { name: answer.organisation, when: day(answer.made_at) })}</h2>
  <${Acts} name=${`kartei-${answer.number}`} value=${answer} /><ul>${answer.notices.map((one) => html`<li>${one}</li>`)}</ul>
  ${answer.contacts.map((copy) => html`<${Copy} key=${copy.contact.id} copy=${copy} />`)}
  ${answer.records.map((record) => html`<article key=${record.id} class="subject-paper"><h3>${record.connection}</h3><p class="soft">${[record.remote_id, when(record.fetched_at), custodyText(record.custody)].filter(Boolean).join(" · ")}</p><${Fields} person=${record.contact} /></article>`)}
  <p class="acts no-print"><button type="button" onClick=${close}>${t("subject.back_to_finds")}</button></p></div>`;

/** @param {{certificate: import("../types.js").ErasureCertificate}} props */
export const Certificate = ({ certificate }) => html`<div class="subject-papers"><h2>${t("subject.certificate")}</h2>
  <p>${t("subject.certified", { name: certificate.organisation, when: when(certificate.erased_at), by: certificate.erased_by })}</p><p>${certificate.statement}</p>
  <dl class="subject-extent">${/** @type {const} */ (["contacts", "records", "scans"]).map((what) => html`<div key=${what}><dt>${t(`subject.extent.${what === "scans" ? "photos" : what}`)}</dt><dd>${certificate[what].length}</dd></div>`)}
    <div><dt>${t("subject.extent.write_backs")}</dt><dd>${certificate.write_backs}</dd></div></dl>
  <${Remains} remains=${certificate.remains} />
  <p class=${certificate.valid ? "notice good" : "notice bad"}><${Icon} name=${certificate.valid ? "check" : "alert"} />${t(certificate.valid ? "subject.valid" : "subject.invalid")}</p>
  <${Acts} name=${`kartei-${certificate.number}`} value=${certificate} />
  <details class="fold-away"><summary><span>${t("subject.signed_text")}</span></summary><pre class="subject-text" tabindex="0" role="region" aria-label=${t("subject.signed_text")}>${certificate.text}</pre>
    <p class="secret-line address"><code>${certificate.signature}</code></p><p class="secret-line address"><code>${certificate.key}</code></p></details></div>`;
