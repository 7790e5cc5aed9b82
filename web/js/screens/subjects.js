// What people ask about their own data: the requests of the organisation with their terms, and taking a new one; for administrators.
import { api } from "../api.js";
import { day, t } from "../i18n.js";
import { go } from "../router.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin } from "../state.js";
import { Dialog } from "../parts/dialog.js";
import { Choice, Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").SubjectRequest} SubjectRequest */

const KINDS = /** @type {const} */ (["access", "erasure"]);

/** Whom it is about, in a line; after an erasure nobody knows. @param {SubjectRequest} request */
export const whoOf = ({ subject }) => [subject.name, subject.email, subject.phone].filter(Boolean).join(" · ") || t("subject.forgotten");

/** @param {{state: SubjectRequest["state"]}} props */
export const StateBadge = ({ state }) => html`<span class=${`badge health ${{ open: "quota", overdue: "down", done: "ok" }[state]}`}>${t(`subject.state.${state}`)}</span>`;

/** @param {{close: () => void, made: (request: SubjectRequest) => void}} props */
function NewRequest({ close, made }) {
  const [values, setValues] = useState({ kind: "access", name: "", email: "", phone: "", reference: "" });
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {Partial<typeof values>} change */
  const set = (change) => setValues({ ...values, ...change });
  const add = () => {
    const { kind, reference, ...subject } = values;
    setBusy(true);
    setProblem(null);
    api.post("/v1/subject-requests", { kind, reference, subject }).then(made, setProblem).finally(() => setBusy(false));
  };
  const at = problem?.errors?.[0]?.pointer;
  const whole = at === "/subject" ? t("subject.nobody") : undefined;
  return html`<${Dialog} title=${t("subject.add")} close=${close}>
    <${Form} send=${add} busy=${busy} act=${t("subject.add")} doing=${t("saving")} cancel=${close} wrong=${() => undefined}>
      <${Choice} name="kind" legend=${t("subject.kind")} value=${values.kind} options=${KINDS.map((value) => ({ value, label: t(`subject.kind.${value}`), text: t(`subject.kind.${value}.text`) }))} choose=${(/** @type {string} */ kind) => set({ kind })} />
      <${Field} id="subject-name" label=${t("subject.name")} value=${values.name} error=${whole} set=${(/** @type {string} */ name) => set({ name })} />
      <${Field} id="subject-email" label=${t("subject.email")} type="email" max=${254} value=${values.email} error=${at === "/subject/email" ? t("user.email_bad") : undefined} set=${(/** @type {string} */ email) => set({ email })} />
      <${Field} id="subject-phone" label=${t("subject.phone")} type="tel" max=${64} value=${values.phone} set=${(/** @type {string} */ phone) => set({ phone })} />
      <${Field} id="subject-reference" label=${t("subject.reference")} hint=${t("subject.reference_hint")} value=${values.reference} set=${(/** @type {string} */ reference) => set({ reference })} />
      ${problem && !at && html`<${Trouble} problem=${problem} />`}<//><//>`;
}

/** @param {{request: SubjectRequest}} props */
const Row = ({ request }) => html`<li><a class=${request.state === "done" ? "desk-row off" : "desk-row"} href=${`/app/subjects/${request.id}`}>
  <span class="desk-icon"><${Icon} name=${request.kind === "erasure" ? "bin" : "person"} /></span>
  <span class="desk-text"><strong>${t("subject.numbered", { n: request.number, kind: t(`subject.kind.${request.kind}`) })}</strong><small>${whoOf(request)}</small>
    ${request.reference && html`<small>${request.reference}</small>`}
    <small>${request.done_at ? t("subject.done", { when: day(request.done_at), name: request.done_by || "" }) : t("subject.due", { when: day(request.due_at), name: request.created_by })}</small></span>
  <span class="desk-side"><${StateBadge} state=${request.state} /></span></a></li>`;

export function Subjects() {
  const [page, setPage] = useState(/** @type {any} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [open, setOpen] = useState(false);
  const load = () => api.get("/v1/subject-requests").then((got) => { setPage(got); setProblem(null); }, setProblem);
  useEffect(() => { if (isAdmin()) load(); }, []);
  const more = () => api.get(page.links.next).then((next) => setPage({ ...next, items: [...page.items, ...next.items] }), complain);
  const back = html`<p class="back"><a href="/app/audit"><${Icon} name="left" />${t("audit.title")}</a></p>`;
  if (!isAdmin()) return html`<section class="desk">${back}<h1 tabindex="-1">${t("subject.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("audit.not_yours")} /></section>`;
  const add = html`<button type="button" class="primary" onClick=${() => setOpen(true)}><${Icon} name="plus" />${t("subject.add")}</button>`;
  return html`<section class="desk">${back}<header class="screen-head"><div><h1 tabindex="-1">${t("subject.title")}</h1><p class="lead">${t("subject.lead")}</p></div>${page?.items.length > 0 && add}</header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !page ? html`<${Waiting} />`
      : page.items.length ? html`<ul class="rows">${page.items.map((/** @type {SubjectRequest} */ request) => html`<${Row} key=${request.id} request=${request} />`)}</ul>
        ${page.links.next && html`<p class="acts"><button type="button" onClick=${more}>${t("audit.more")}</button></p>`}`
      : html`<${Empty} icon="person" title=${t("subject.none")} text=${t("subject.none_text")}>${add}<//>`}
    ${open && html`<${NewRequest} close=${() => setOpen(false)} made=${(/** @type {SubjectRequest} */ request) => go(`/app/subjects/${request.id}`)} />`}
  </section>`;
}
