// One's own mailboxes: connected, what they look at, the list they suggest into; administrators see state and counts of all.
import { api } from "../api.js";
import { day, t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { go } from "../router.js";
import { calmly, useLive } from "../live.js";
import { Choice } from "../parts/field.js";
import { Confirm } from "../parts/dialog.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { Steps } from "../parts/test_steps.js";
import { Callback, Scopes } from "./connection_consent.js";
import { HealthBadge } from "./connections.js";
import { AdminConsent, Grant, GrantWarning } from "./mailbox_grant.js";
import { Excluded, ListChoice, MailboxForm, formOf, rulesOf, settingsOf } from "./mailbox_form.js";

/** @typedef {import("../types.js").Mailbox} Mailbox */
/** @typedef {import("../types.js").MailboxKinds} MailboxKinds */
/** @typedef {import("../types.js").List} List */

/** What is promised, in the words that the tests hold it to. */
const Promises = () => html`<section class="panel" aria-labelledby="promise-title"><h2 id="promise-title">${t("mailbox.promise")}</h2>
  <ul class="promise-list"><li><${Icon} name="check" /><span>${t("mailbox.promise.signature")}</span></li>
    <li><${Icon} name="lock" /><span>${t("mailbox.promise.content")}</span></li>
    <li><${Icon} name="check" /><span>${t("mailbox.promise.untouched")}</span></li>
    <li><${Icon} name="people" /><span>${t("mailbox.promise.others")}</span></li></ul></section>`;

/** @param {{mailbox: Mailbox}} props */
const Row = ({ mailbox }) => html`<li><a class="desk-row" href=${`/app/mailboxes/${mailbox.id}`}><span class="desk-icon"><${Icon} name="mail" /></span>
  <span class="desk-text"><strong>${mailbox.name || t("mailbox.of_somebody")}</strong><small>${t("mailbox.counts", { looked: mailbox.looked, suggested: mailbox.suggested })}</small>
    <span class="desk-more">${mailbox.paused ? t("mailbox.paused") : mailbox.checked_at ? t("mailbox.checked", { when: when(mailbox.checked_at) }) : mailbox.health.sentence}</span></span>
  <${HealthBadge} state=${mailbox.health.state} /></a></li>`;

export function Mailboxes() {
  const [list, setList] = useState(/** @type {Mailbox[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get("/v1/mailboxes").then((page) => { setList(page.items); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  const calm = useRef(calmly(load, 1000));
  useLive(["mailbox"], (event) => event.type !== "tick" && calm.current());
  const add = html`<a class="button primary" href="/app/mailboxes/new"><${Icon} name="plus" />${t("mailboxes.add")}</a>`;
  return html`<section class="desk"><header class="screen-head"><div><h1 tabindex="-1">${t("mailboxes.title")}</h1><p class="lead">${t("mailboxes.lead")}</p></div>${!!list?.length && add}</header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !list ? html`<${Waiting} />` : list.length ? html`<ul class="rows">${list.map((one) => html`<${Row} key=${one.id} mailbox=${one} />`)}</ul>`
      : html`<${Empty} icon="mail" title=${t("mailboxes.none")} text=${t("mailboxes.none_text")}>${add}<//>`}</section>`;
}

/** Leaves for the provider's own page; it leads back to ours. @param {string} id */
async function consent(id) {
  const { url } = await api.post(`/v1/mailboxes/${id}/authorize`);
  if (!/^https?:\/\//.test(url)) throw new Error(url);
  location.assign(url);
}

/** Kinds, providers and the lists one may choose. */
function useChoices() {
  const [kinds, setKinds] = useState(/** @type {MailboxKinds | null} */ (null));
  const [lists, setLists] = useState(/** @type {List[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => Promise.all([api.get("/v1/mailbox-kinds"), api.get("/v1/lists")]).then(([all, page]) => { setKinds(all); setLists(page.items); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  return { kinds, lists, problem, load };
}

/** @param {{kinds: MailboxKinds, kind: import("../types.js").Connector, lists: List[]}} props */
function NewForm({ kinds, kind, lists }) {
  const [values, setValues] = useState(formOf(kind));
  const [list, setList] = useState(lists[0]?.id || "");
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const connect = async () => {
    setBusy(true);
    setProblem(null);
    try {
      const fresh = await api.post("/v1/mailboxes", { kind: kind.kind, list_id: list, ...settingsOf(kind, values) });
      go(`/app/mailboxes/${fresh.id}`, true);
      if (fresh.authorization?.state === "needed") await consent(fresh.id).catch(complain);
      else toast({ text: t("mailbox.connected", { name: fresh.name }), kind: "good" });
    } catch (failed) {
      setProblem(failed);
    } finally {
      setBusy(false);
    }
  };
  return html`<section class="panel" aria-labelledby="form-title"><h2 id="form-title">${t("connection.access", { name: kind.name })}</h2>
    ${kind.oauth && html`<${Callback} oauth=${kind.oauth} text=${t("mailbox.callback")} /><${Scopes} scopes=${kind.oauth.scopes} />`}
    <${MailboxForm} kind=${kind} providers=${kinds.providers} values=${values} set=${setValues} send=${connect} busy=${busy} problem=${problem}
      act=${t(kind.oauth ? "mailbox.save_consent" : "connection.connect")} cancel=${() => go("/app/mailboxes")}><${ListChoice} lists=${lists} value=${list} set=${setList} /><//></section>`;
}

export function MailboxNew() {
  const { kinds, lists, problem, load } = useChoices();
  const [chosen, setChosen] = useState("imap");
  const kind = kinds?.kinds.find((one) => one.kind === chosen);
  return html`<section class="desk"><p class="back"><a href="/app/mailboxes"><${Icon} name="left" />${t("mailboxes.title")}</a></p>
    <h1 tabindex="-1">${t("mailboxes.add")}</h1><p class="lead">${t("connection.new_lead")}</p>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !kinds || !kind ? html`<${Waiting} />` : html`
      <${Choice} name="kind" legend=${t("mailbox.which")} value=${chosen} choose=${setChosen} options=${kinds.kinds.map((one) => ({ value: one.kind, label: one.name, text: t(`mailbox.${one.kind}.about`) }))} />
      <div class="desk-columns"><${NewForm} key=${kind.kind} kinds=${kinds} kind=${kind} lists=${lists} /><${Promises} /></div>`}</section>`;
}

/** @param {{mailbox: Mailbox, set: (mailbox: Mailbox) => void}} props */
function State({ mailbox, set }) {
  const [test, setTest] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const tryIt = () => { setBusy(true); setTest(null); api.post(`/v1/mailboxes/${mailbox.id}/test`).then((now) => { setTest(now); set(now.mailbox); }, complain).finally(() => setBusy(false)); };
  const look = () => api.post(`/v1/mailboxes/${mailbox.id}/check`).then(() => toast({ text: t("mailbox.looking"), kind: "good" }), complain);
  return html`<section class=${`panel health-panel ${mailbox.health.state}`} aria-labelledby="health-title"><h2 id="health-title">${t("connection.health")}</h2>
    <p class="health-line"><${HealthBadge} state=${mailbox.health.state} /><span>${mailbox.health.sentence}</span></p>
    ${mailbox.paused && html`<p class="notice"><${Icon} name="pause" /><span>${t("mailbox.paused")}</span></p>`}
    <${GrantWarning} mailbox=${mailbox} />
    <dl class="facts"><div><dt>${t("mailbox.last_check")}</dt><dd>${mailbox.checked_at ? when(mailbox.checked_at) : t("connection.never")}</dd></div>
      <div><dt>${t("mailbox.news")}</dt><dd>${t(mailbox.watching ? "mailbox.news.idle" : mailbox.unreached ? "mailbox.news.unreached" : "mailbox.news.poll")}</dd></div>
      <div><dt>${t("mailbox.looked")}</dt><dd>${mailbox.looked}</dd></div><div><dt>${t("mailbox.header_only")}</dt><dd>${mailbox.header_only}</dd></div>
      <div><dt>${t("mailbox.suggested")}</dt><dd>${mailbox.suggested}</dd></div><div><dt>${t("connection.since")}</dt><dd>${day(mailbox.created_at)}</dd></div></dl>
    ${mailbox.own && html`<div class="acts">${mailbox.authorization && mailbox.authorization.state !== "granted"
      ? html`<button type="button" class="primary" onClick=${() => consent(mailbox.id).catch(complain)}><${Icon} name="external" />${t("mailbox.consent")}</button>`
      : html`<button type="button" class="primary" aria-disabled=${busy ? "true" : undefined} onClick=${() => busy || tryIt()}><${Icon} name="check" />${t(busy ? "connection.testing" : "connection.test")}</button>`}
      ${!mailbox.paused && (!mailbox.authorization || mailbox.authorization.state === "granted") && html`<button type="button" onClick=${look}><${Icon} name="refresh" />${t("mailbox.look")}</button>`}</div>`}
    ${test && html`<${Steps} test=${test} />`}</section>`;
}

/** List and excluded senders. @param {{mailbox: Mailbox, lists: List[], set: (mailbox: Mailbox) => void, load: () => void}} props */
function Choices({ mailbox, lists, set, load }) {
  const [list, setList] = useState(mailbox.list_id || "");
  const [excluded, setExcluded] = useState(mailbox.excluded.join("\n"));
  const [error, setError] = useState("");
  const save = () => api.patch(`/v1/mailboxes/${mailbox.id}`, { list_id: list, excluded: rulesOf(excluded) }, mailbox.version).then((now) => {
    set(now);
    setError("");
    setExcluded(now.excluded.join("\n"));
    toast({ text: t("mailbox.saved"), kind: "good" });
  }, (failed) => {
    if (failed.errors?.some((/** @type {any} */ one) => one.pointer.startsWith("/excluded"))) setError(failed.detail);
    else complain(failed);
    if (failed.slug === "stale") load();
  });
  return html`<section class="panel" aria-labelledby="choices-title"><h2 id="choices-title">${t("mailbox.choices")}</h2>
    <form class="form" onSubmit=${(/** @type {Event} */ e) => { e.preventDefault(); save(); }}><${ListChoice} lists=${lists} value=${list} set=${setList} />
      <${Excluded} value=${excluded} set=${setExcluded} error=${error || undefined} />
      <div class="acts"><button type="submit" class="primary">${t("save")}</button></div></form></section>`;
}

/** @param {{mailbox: Mailbox}} props */
function Parting({ mailbox }) {
  const [asking, setAsking] = useState(false);
  const part = () => api.remove(`/v1/mailboxes/${mailbox.id}`, mailbox.version).then(() => { toast({ text: t("mailbox.deleted"), kind: "good" }); go("/app/mailboxes"); }, complain);
  return html`<section class="panel parting" aria-labelledby="part-title"><h2 id="part-title">${t("mailbox.delete")}</h2><p class="soft">${t("mailbox.delete_text")}</p>
    <button type="button" class="danger" onClick=${() => setAsking(true)}><${Icon} name="bin" />${t("mailbox.delete")}</button>
    ${asking && html`<${Confirm} title=${t("mailbox.delete")} text=${t("mailbox.delete_text")} act=${t("mailbox.delete")} danger yes=${part} close=${() => setAsking(false)} />`}</section>`;
}

/** @param {{id: string}} props */
export function MailboxScreen({ id }) {
  const [mailbox, setMailbox] = useState(/** @type {Mailbox | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const { lists } = useChoices();
  const load = () => api.get(`/v1/mailboxes/${id}`).then((one) => { setMailbox(one); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, [id]);
  const calm = useRef(calmly(() => load(), 500));
  useLive(["mailbox"], (event) => event.type !== "tick" && (!event.id || event.id === id) && calm.current());
  const back = html`<p class="back"><a href="/app/mailboxes"><${Icon} name="left" />${t("mailboxes.title")}</a></p>`;
  if (!mailbox) return html`<section class="desk">${back}<h1 tabindex="-1">${t("mailboxes.title")}</h1>${problem ? html`<${Trouble} problem=${problem} again=${load} />` : html`<${Waiting} />`}</section>`;
  return html`<section class="desk">${back}<header class="screen-head"><div><h1 tabindex="-1">${mailbox.name || t("mailbox.of_somebody")}</h1><p class="lead">${t(mailbox.own ? "mailboxes.lead" : "mailbox.counts_only")}</p></div></header>
    <div class="desk-columns"><div><${AdminConsent} mailbox=${mailbox} /><${State} mailbox=${mailbox} set=${setMailbox} />
      ${mailbox.own && lists.length > 0 && html`<${Choices} key=${mailbox.id} mailbox=${mailbox} lists=${lists} set=${setMailbox} load=${load} />`}</div>
    <div><${Grant} mailbox=${mailbox} /><${Promises} /><${Parting} mailbox=${mailbox} /></div></div></section>`;
}
