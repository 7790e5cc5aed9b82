// Which company is meant: where the CRM keeps employers as records of their own, of several a person chooses, and where it
// has none of the name those alike are offered. Kartei makes no company there.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useState } from "../ui.js";
import { complain } from "../state.js";
import { Icon } from "../parts/icon.js";

/** @typedef {import("../types.js").Company} Company */
/** @typedef {import("../types.js").CompanyQuestion} CompanyQuestion */

/** @param {{company: Company | null, chosen: boolean, busy: boolean, choose: () => void}} props */
const Option = ({ company, chosen, busy, choose }) => html`<label class=${`choice-card${chosen ? " chosen" : ""}`}>
  <input type="radio" name="company" checked=${chosen} disabled=${busy} onChange=${choose} />
  <span><strong>${company ? company.name : t("company.without")}</strong>
    ${company ? company.place && html`<small>${company.place}</small>` : html`<small>${t("company.without_text")}</small>`}</span></label>`;

/** Companies that a search found, beside those of the question. @param {string} connection @param {Company[]} known */
function useSearch(connection, known) {
  const [found, setFound] = useState(/** @type {Company[] | null} */ (null));
  /** @param {string} text */
  const search = (text) => api.get(`/v1/connections/${connection}/companies?${new URLSearchParams({ q: text })}`).then((page) => setFound(page.items), complain);
  const ids = new Set(known.map((one) => one.id));
  return { found, search, more: (found || []).filter((one) => !ids.has(one.id)) };
}

/** @param {{question: CompanyQuestion, connection: import("../types.js").ConnectionRef, answer: Company | "without" | null, busy: boolean, choose: (company: Company | "without") => void}} props */
export function WhichCompany({ question, connection, answer, busy, choose }) {
  const { found, search, more } = useSearch(connection.id, question.choices);
  const [text, setText] = useState("");
  const chosen = answer && answer !== "without" ? answer.id : null;
  /** @param {Event} event */
  const ask = (event) => { event.preventDefault(); if (text.trim().length > 1) search(text.trim()); };
  const names = { name: question.name, crm: connection.name };
  return html`<fieldset class="choices which-company"><legend>${t("company.title")}</legend>
    <p class="soft">${t(question.found === "several" ? "company.several" : question.choices.length ? "company.none" : "company.none_alike", names)}</p>
    <div class="choice-cards">${[...question.choices, ...more].map((one) => html`<${Option} key=${one.id} company=${one} chosen=${one.id === chosen} busy=${busy} choose=${() => choose(one)} />`)}
      <${Option} company=${null} chosen=${answer === "without"} busy=${busy} choose=${() => choose("without")} /></div>
    <form class="inline-search" role="search" onSubmit=${ask}><label class="sr" for="company-search">${t("company.search")}</label>
      <input id="company-search" type="search" value=${text} maxlength="200" autocomplete="off" placeholder=${t("company.search")} onInput=${(/** @type {any} */ e) => setText(e.target.value)} />
      <button type="submit"><${Icon} name="search" />${t("search")}</button></form>
    <p class="soft" role="status">${found && !more.length ? t("company.no_more") : ""}</p>
  </fieldset>`;
}
