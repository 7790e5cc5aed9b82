// Which company is meant: where the CRM keeps employers as records of their own, of several a person chooses, and where it
// has none of the name those alike are offered, or a new one is made there.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { complain } from "../state.js";
import { Icon } from "../parts/icon.js";
import { Trouble } from "../parts/notice.js";

/** @typedef {import("../types.js").Company} Company */
/** @typedef {import("../types.js").CompanyQuestion} CompanyQuestion */

/** @param {{company: Company | null, chosen: boolean, busy: boolean, choose: () => void, hint?: string}} props */
const Option = ({ company, chosen, busy, choose, hint }) => html`<label class=${`choice-card${chosen ? " chosen" : ""}`}>
  <input type="radio" name="company" checked=${chosen} disabled=${busy} onChange=${choose} />
  <span><strong>${company ? company.name : t("company.without")}</strong>
    ${company ? company.place && html`<small>${company.place}</small>` : html`<small>${hint}</small>`}</span></label>`;

/** Companies that a search found, beside those of the question. @param {string} connection @param {Company[]} known */
function useSearch(connection, known) {
  const [found, setFound] = useState(/** @type {Company[] | null} */ (null));
  /** @param {string} text */
  const search = (text) => api.get(`/v1/connections/${connection}/companies?${new URLSearchParams({ q: text })}`).then((page) => setFound(page.items), complain);
  const ids = new Set(known.map((one) => one.id));
  return { found, search, more: (found || []).filter((one) => !ids.has(one.id)) };
}

/** Has the CRM make the company, right away and for good: what it is linked to is decided after that.
 * @param {{name: string, connection: import("../types.js").ConnectionRef, busy: boolean, done: (company: Company) => void}} props */
function NewCompany({ name, connection, busy, done }) {
  const [making, setMaking] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const make = async () => {
    setMaking(true);
    setProblem(null);
    await api.post(`/v1/connections/${connection.id}/companies`, { name }).then(done, setProblem);
    setMaking(false);
  };
  return html`${problem && html`<${Trouble} problem=${problem} />`}
    <p class="new-company"><button type="button" disabled=${busy || making} aria-busy=${making} onClick=${make}><${Icon} name="plus" />${t("company.make", { name, crm: connection.name })}</button>
      <small>${t("company.make_text")}</small></p>`;
}

/** @param {{question: CompanyQuestion, connection: import("../types.js").ConnectionRef, answer: Company | "without" | null, busy: boolean, choose: (company: Company | "without") => void}} props */
export function WhichCompany({ question, connection, answer, busy, choose }) {
  const [made, setMade] = useState(/** @type {Company | null} */ (null));
  const known = made ? [made, ...question.choices] : question.choices;
  const { found, search, more } = useSearch(connection.id, known);
  const [text, setText] = useState("");
  const chosen = answer && answer !== "without" ? answer.id : null;
  /** @param {Event} event */
  const ask = (event) => { event.preventDefault(); if (text.trim().length > 1) search(text.trim()); };
  const names = { name: question.name, crm: connection.name };
  /** @param {Company} company */
  const take = (company) => { setMade(company); choose(company); };
  return html`<fieldset class="choices which-company"><legend>${t("company.title")}</legend>
    <p class="soft" role="status">${t(made ? "company.made" : question.found === "several" ? "company.several" : question.choices.length ? "company.none" : "company.none_alike", names)}</p>
    <div class="choice-cards">${[...known, ...more].map((one) => html`<${Option} key=${one.id} company=${one} chosen=${one.id === chosen} busy=${busy} choose=${() => choose(one)} />`)}
      <${Option} company=${null} chosen=${answer === "without"} busy=${busy} choose=${() => choose("without")} hint=${t(question.can_make ? "company.without_plain" : "company.without_text")} /></div>
    ${question.can_make && !made && html`<${NewCompany} name=${question.name} connection=${connection} busy=${busy} done=${take} />`}
    <form class="inline-search" role="search" onSubmit=${ask}><label class="sr" for="company-search">${t("company.search")}</label>
      <input id="company-search" type="search" value=${text} maxlength="200" autocomplete="off" placeholder=${t("company.search")} onInput=${(/** @type {any} */ e) => setText(e.target.value)} />
      <button type="submit"><${Icon} name="search" />${t("search")}</button></form>
    <p class="soft" role="status">${found && !more.length ? t("company.no_more") : ""}</p>
  </fieldset>`;
}
