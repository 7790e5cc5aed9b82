// One's own second factor: set up with an app, recovery codes shown once, taken away where nobody demands it.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { CopyButton } from "./copy.js";
import { Dialog } from "./dialog.js";
import { Field, Form } from "./field.js";
import { Icon } from "./icon.js";
import { Trouble, Waiting } from "./notice.js";

/** @typedef {import("../types.js").SecondFactor} Factor */
/** @typedef {import("../types.js").Enrolment} Enrolment */
/** @typedef {{kind: "enrol", enrolment: Enrolment} | {kind: "renew" | "remove"} | {kind: "codes", codes: string[]} | null} Open */

/** In groups of four, for typing. @param {string} secret */
const grouped = (secret) => secret.replace(/(.{4})(?=.)/g, "$1 ");

/** A form of one code. @param {{id: string, label: string, hint?: string, act: string, path: string, close: () => void, done: (answer: any) => void}} props */
function CodeForm({ id, label, hint, act, path, close, done }) {
  const [code, setCode] = useState("");
  const [wrong, setWrong] = useState("");
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const send = () => {
    setBusy(true);
    setProblem(null);
    setWrong("");
    api.post(path, { code }).then(done, (failed) => (failed.errors?.[0]?.pointer === "/code" ? setWrong(t("factor.not_this")) : setProblem(failed))).finally(() => setBusy(false));
  };
  return html`<${Form} send=${send} busy=${busy} act=${act} doing=${t("saving")} cancel=${close} wrong=${(/** @type {string[]} */ ids) => setWrong(ids.length ? t("form.missing") : "")}>
    <${Field} id=${id} label=${label} value=${code} required max=${40} autocomplete="one-time-code" hint=${hint} error=${wrong} set=${setCode} />
    ${problem && html`<${Trouble} problem=${problem} />`}<//>`;
}

/** @param {{enrolment: Enrolment, close: () => void, done: (answer: any) => void}} props */
const Enrol = ({ enrolment, close, done }) => html`<${Dialog} title=${t("factor.enrol_title")} close=${close}>
  <p>${t("factor.scan")}</p>
  <p class="qr"><img src=${`data:image/svg+xml,${encodeURIComponent(enrolment.qr)}`} alt=${t("factor.qr")} width="200" height="200" /></p>
  <p>${t("factor.type")}</p><p class="secret-line"><code translate="no">${grouped(enrolment.secret)}</code></p>
  <${CodeForm} id="factor-first" label=${t("factor.first")} act=${t("factor.confirm")} path="/v1/second-factor/confirmation" close=${close} done=${done} /><//>`;

/** @param {{codes: string[], close: () => void}} props */
function Codes({ codes, close }) {
  return html`<${Dialog} title=${t("factor.codes")} close=${close}>
    <p>${t("factor.codes_text")}</p>
    <ul class="code-list" translate="no">${codes.map((code) => html`<li key=${code}><code>${code}</code></li>`)}</ul>
    <div class="acts"><${CopyButton} value=${codes.join("\n")} />
      <button type="button" class="primary" onClick=${close}>${t("factor.kept")}</button></div><//>`;
}

/** How it stands, in words. @param {Factor} factor */
const standing = (factor) => (factor.enrolled ? t("factor.left", { n: factor.recovery_left }) : t(factor.required ? "factor.none_required" : "factor.none"));

/** What stands above the panel. @param {{open: Open, set: (open: Open) => void, load: () => void}} props */
function Above({ open, set, load }) {
  const close = () => { set(null); load(); };
  /** @param {any} answer */
  const codes = (answer) => set({ kind: "codes", codes: answer.codes });
  if (open?.kind === "enrol") return html`<${Enrol} enrolment=${open.enrolment} close=${close} done=${codes} />`;
  if (open?.kind === "codes") return html`<${Codes} codes=${open.codes} close=${close} />`;
  if (open?.kind === "renew") return html`<${Dialog} title=${t("factor.renew")} close=${close}><p>${t("factor.renew_text")}</p>
    <${CodeForm} id="factor-renew" label=${t("factor.code")} act=${t("factor.renew")} path="/v1/second-factor/recovery-codes" close=${close} done=${codes} /><//>`;
  if (open?.kind === "remove") return html`<${Dialog} title=${t("factor.remove")} close=${close}><p>${t("factor.remove_text")}</p>
    <${CodeForm} id="factor-remove" label=${t("factor.code")} act=${t("factor.remove")} path="/v1/second-factor/removal" close=${close}
      done=${() => { toast({ text: t("factor.removed"), kind: "good" }); close(); }} /><//>`;
  return null;
}

/** Where the sign-in is too old for what was asked: to the sign-in and back. */
const Again = () => html`<div class="notice"><p>${t("factor.fresh")}</p><p><a class="button" href="/sign-in?next=/app/account">${t("factor.again")}</a></p></div>`;

export function SecondFactor() {
  const [factor, setFactor] = useState(/** @type {Factor | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [stale, setStale] = useState(false);
  const [open, setOpen] = useState(/** @type {Open} */ (null));
  const load = () => api.get("/v1/second-factor").then((now) => { setFactor(now); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  const begin = () => api.post("/v1/second-factor/enrolment").then((enrolment) => setOpen({ kind: "enrol", enrolment }), (failed) => (failed.slug === "sign-in-again" ? setStale(true) : complain(failed)));
  return html`<section class="panel" aria-labelledby="factor-title"><h2 id="factor-title">${t("factor.title")}
      ${factor && html` <span class=${factor.enrolled ? "badge health ok" : "badge"}>${t(factor.enrolled ? "factor.on" : "factor.off")}</span>`}</h2>
    <p class="soft">${t("factor.text")}</p>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !factor ? html`<${Waiting} />` : html`<p>${standing(factor)}</p>
      ${stale ? html`<${Again} />` : html`<div class="acts">${factor.enrolled
    ? html`<button type="button" onClick=${() => setOpen({ kind: "renew" })}><${Icon} name="refresh" />${t("factor.renew")}</button>
        ${factor.required ? html`<p class="soft">${t("factor.required")}</p>` : html`<button type="button" class="quiet bad" onClick=${() => setOpen({ kind: "remove" })}>${t("factor.remove")}</button>`}`
    : html`<button type="button" class="primary" onClick=${begin}><${Icon} name="phone" />${t("factor.enrol")}</button>`}</div>`}`}
    <${Above} key=${open?.kind} open=${open} set=${setOpen} load=${load} /></section>`;
}
