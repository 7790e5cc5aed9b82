// The audit trail: what was read or done by a session, an address, a user, a token, or to a record; for administrators.
import { api } from "../api.js";
import { t, textOr, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin } from "../state.js";
import { Form, Field } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Segments } from "../parts/look.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").AuditEntry} AuditEntry */
/** @typedef {import("../types.js").AuditRecord} AuditRecord */
/** @typedef {{by: string, value: string, from: string, to: string, show: "entries" | "records"}} Question */

const BY = ["", "session", "address", "user", "record", "token", "grant"];

/** @param {Question} question */
function addressOf({ by, value, from, to, show }) {
  const query = new URLSearchParams(show === "entries" ? { limit: "50" } : {});
  if (by && value.trim()) query.set(by, value.trim());
  if (from) query.set("from", new Date(from).toISOString());
  if (to) query.set("to", new Date(to).toISOString());
  return `/v1/audit${show === "records" ? "/records" : ""}?${query}`;
}

/** What an action is called, and its own word where there is none. @param {string} action */
const actionName = (action) => textOr(`audit.action.${action}`, action);

/** The same of a kind of record. @param {string} kind */
const kindName = (kind) => textOr(`audit.kind.${kind}`, kind);

/** Who and from where; each leads on to the question that it answers. @param {{entry: AuditEntry, names: Record<string, string>, ask: (by: string, value: string) => void}} props */
function Origin({ entry, names, ask }) {
  const ways = /** @type {[string, string | null | undefined, string?][]} */ ([["user", entry.user_id, names[entry.user_id || ""]], ["session", entry.session_id], ["token", entry.token_id], ["grant", entry.grant_id], ["address", entry.address]]);
  return html`<span class="audit-origin">${ways.filter(([, value]) => value).map(([by, value, name]) => html`<button key=${by} type="button" class="quiet" aria-label=${t("audit.ask_by", { what: t(`audit.by.${by}`), value: name || value || "" })} onClick=${() => ask(by, value || "")}>${t(`audit.by.${by}`)}: ${name || value}</button>`)}
    ${!entry.user_id && html`<span class="soft">${t("audit.system")}</span>`}</span>`;
}

/** @param {{entry: AuditEntry, names: Record<string, string>, ask: (by: string, value: string) => void}} props */
const EntryRow = ({ entry, names, ask }) => html`<li class="audit-row"><span class="desk-text"><strong>${actionName(entry.action)}${entry.records.length > 0 && ` · ${t("audit.records_n", { n: entry.records.length })}`}</strong>
    <small>${when(entry.at)} · ${t("audit.number", { n: entry.number })}${entry.note && ` · ${entry.note}`}</small>${entry.why && html`<small>${t("audit.why", { why: entry.why })}</small>`}
    ${entry.subject_id && html`<button type="button" class="quiet" onClick=${() => ask("record", entry.subject_id || "")}>${kindName(entry.kind)}: ${entry.subject_id}</button>`}</span>
  <${Origin} entry=${entry} names=${names} ask=${ask} /></li>`;

/** @param {{record: AuditRecord}} props */
const RecordRow = ({ record }) => html`<li class="audit-row"><span class="desk-text"><strong>${record.kind === "contact" ? html`<a href=${`/app/contacts/${record.id}`}>${kindName(record.kind)}</a>` : kindName(record.kind)}</strong><small>${record.id}</small></span>
  <span class="desk-text"><small>${t("audit.times", { n: record.times })}</small><small>${when(record.first_at)} – ${when(record.last_at)}</small></span></li>`;

/** @param {{question: Question, set: (question: Question) => void, search: () => void, busy: boolean}} props */
const Ask = ({ question, set, search, busy }) => html`<${Form} send=${search} busy=${busy} act=${t("audit.search")} doing=${t("loading")} wrong=${() => undefined}>
  <div class="audit-ask"><div class="form-field"><label for="by">${t("audit.by")}</label><select id="by" value=${question.by} onChange=${(/** @type {any} */ e) => set({ ...question, by: e.target.value })}>
      ${BY.map((one) => html`<option key=${one} value=${one}>${one ? t(`audit.by.${one}`) : t("audit.by_any")}</option>`)}</select></div>
    ${question.by && html`<${Field} id="audit-value" label=${t("audit.value")} value=${question.value} max=${64} required set=${(/** @type {string} */ value) => set({ ...question, value })} />`}
    <${Field} id="audit-from" type="datetime-local" label=${t("audit.from")} value=${question.from} set=${(/** @type {string} */ from) => set({ ...question, from })} />
    <${Field} id="audit-to" type="datetime-local" label=${t("audit.to")} value=${question.to} set=${(/** @type {string} */ to) => set({ ...question, to })} /></div>
  <${Segments} name="show" title=${t("audit.show")} now=${question.show} choose=${(/** @type {any} */ show) => set({ ...question, show })} options=${[{ value: "entries", text: t("audit.entries") }, { value: "records", text: t("audit.records") }]} /><//>`;

/** Names of the organisation's users, so that a person reads names. */
function useNames() {
  const [names, setNames] = useState(/** @type {Record<string, string>} */ ({}));
  useEffect(() => { if (isAdmin()) api.get("/v1/users").then((page) => setNames(Object.fromEntries(page.items.map((/** @type {any} */ one) => [one.id, one.name || one.email]))), () => undefined); }, []);
  return names;
}

/** @param {{query: URLSearchParams}} props */
export function Audit({ query }) {
  const asked = BY.find((by) => by && query.get(by)) || "";
  const [question, setQuestion] = useState(/** @type {Question} */ ({ by: asked, value: asked ? query.get(asked) || "" : "", from: "", to: "", show: "entries" }));
  const [found, setFound] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const names = useNames();
  /** @param {Question} wanted */
  const search = (wanted) => {
    setQuestion(wanted);
    setBusy(true);
    setProblem(null);
    api.get(addressOf(wanted)).then((answer) => setFound({ ...answer, show: wanted.show }), setProblem).finally(() => setBusy(false));
  };
  useEffect(() => { if (isAdmin()) search(question); }, []);
  const more = () => api.get(found.links.next).then((next) => setFound({ ...found, items: [...found.items, ...next.items], links: next.links }), complain);
  if (!isAdmin()) return html`<section class="desk"><h1 tabindex="-1">${t("audit.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("audit.not_yours")} /></section>`;
  const ask = (/** @type {string} */ by, /** @type {string} */ value) => { scrollTo(0, 0); search({ ...question, by, value }); };
  return html`<section class="desk"><header class="screen-head"><div><h1 tabindex="-1">${t("audit.title")}</h1><p class="lead">${t("audit.lead")}</p></div>
      <span class="acts"><a class="button" href="/app/subjects"><${Icon} name="person" />${t("subject.title")}</a><a class="button" href="/app/alerts"><${Icon} name="alert" />${t("nav.alerts")}</a></span></header>
    <${Ask} question=${question} set=${setQuestion} search=${() => search(question)} busy=${busy} />
    ${problem ? html`<${Trouble} problem=${problem} again=${() => search(question)} />` : !found ? html`<${Waiting} />`
      : found.items.length === 0 ? html`<${Empty} icon="search" title=${t("audit.nothing")} text=${t("audit.nothing_text")} />`
        : html`<p role="status">${t(found.show === "records" ? "audit.found_records" : "audit.found_entries", { n: found.items.length })}</p>
      <ul class="rows">${found.items.map((/** @type {any} */ one) => (found.show === "records" ? html`<${RecordRow} key=${one.kind + one.id} record=${one} />` : html`<${EntryRow} key=${one.number} entry=${one} names=${names} ask=${ask} />`))}</ul>
      ${found.links?.next && html`<p class="acts"><button type="button" onClick=${more}>${t("audit.more")}</button></p>`}${found.more && html`<p class="notice warn">${t("audit.too_many")}</p>`}`}
  </section>`;
}
