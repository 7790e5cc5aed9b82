// What an administrator should know of how the instance is set up, the gravest first; put off only with a reason and an end.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { Dialog } from "./dialog.js";
import { Field, Form } from "./field.js";
import { Trouble } from "./notice.js";

/** @typedef {import("../types.js").Warning} Warning */

const LOOK = /** @type {const} */ ({ info: ["unknown", "i"], warning: ["quota", "!"], critical: ["down", "▲"] });
const DAYS = /** @type {const} */ ({ info: 90, warning: 90, critical: 7 }); // at most, as the service has it

/** @param {number} days @returns {string} that day, as a date field wants it */
const dayIn = (days) => new Date(Date.now() + days * 86400000).toISOString().slice(0, 10);
/** @param {Warning} one @param {{until: string | null, reason: string | null}} change */
const change = (one, { until, reason }) => api.patch(`/v1/warnings/${one.id}`, { until, reason }, one.version);

/** @param {{one: Warning, close: () => void, done: () => void}} props */
function PutOff({ one, close, done }) {
  const [reason, setReason] = useState("");
  const [until, setUntil] = useState(dayIn(Math.min(30, DAYS[one.level])));
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const send = () => { setBusy(true); setProblem(null); change(one, { until: `${until}T00:00:00Z`, reason }).then(done, setProblem).finally(() => setBusy(false)); };
  /** @param {string} id */
  const error = (id) => (missing.includes(id) ? t("form.missing") : undefined);
  return html`<${Dialog} title=${t("warnings.put_off")} close=${close}>
    <${Form} send=${send} busy=${busy} act=${t("warnings.put_off")} doing=${t("saving")} cancel=${close} wrong=${setMissing}>
      <p>${one.effect}</p>
      <${Field} id="off-reason" label=${t("warnings.reason")} hint=${t("warnings.reason_hint")} value=${reason} required max=${500} error=${error("off-reason")} set=${setReason} />
      <${Field} id="off-until" label=${t("warnings.until")} type="date" hint=${t("warnings.until_hint", { n: DAYS[one.level] })} value=${until} required error=${error("off-until")} set=${setUntil} />
      ${problem && html`<${Trouble} problem=${problem} />`}<//><//>`;
}

/** @param {{one: Warning, off: () => void, back: () => void}} props */
const Row = ({ one, off, back }) => html`<li class=${one.put_off ? "off" : ""}><p><span class=${`badge health ${LOOK[one.level][0]}`}><span aria-hidden="true">${LOOK[one.level][1]}</span> ${t(`warning.level.${one.level}`)}</span>
  ${one.subject && html` <strong>${/^\d{4}-\d\d-\d\dT/.test(one.subject) ? when(one.subject) : one.subject}</strong>`}${one.since && html` <small>${t("warnings.since", { when: when(one.since) })}</small>`}</p>
  <p>${one.effect}</p><p class="soft">${one.fix}</p>
  ${one.put_off && html`<p class="soft">${t("warnings.is_off", { when: when(one.put_off.until), reason: one.put_off.reason })}</p>`}
  <p class="acts">${one.link && html`<a class="button" href=${one.link} target=${one.link.startsWith("/app/") ? undefined : "_self"}>${t("warnings.fix")}</a>`}
    ${one.put_off ? html`<button type="button" class="quiet" onClick=${back}>${t("warnings.resume")}</button>` : html`<button type="button" class="quiet" onClick=${off}>${t("warnings.put_off")}</button>`}</p></li>`;

export function Warnings() {
  const [list, setList] = useState(/** @type {Warning[]} */ ([]));
  const [open, setOpen] = useState(/** @type {Warning | null} */ (null));
  const load = () => api.get("/v1/warnings").then((page) => setList(page.items), complain);
  useEffect(() => { load(); }, []);
  const close = () => setOpen(null);
  const done = () => { close(); toast({ text: t("warnings.done"), kind: "good" }); load(); };
  if (list.length === 0) return html`<p class="soft">${t("warnings.none")}</p>`;
  return html`<section class="panel warnings" aria-labelledby="warnings-title"><h2 id="warnings-title">${t("warnings.title")}</h2>
    <ul class="plain-list">${list.map((one) => html`<${Row} key=${one.id} one=${one} off=${() => setOpen(one)} back=${() => change(one, { until: null, reason: null }).then(done, complain)} />`)}</ul>
    ${open && html`<${PutOff} one=${open} close=${close} done=${done} />`}</section>`;
}
