// The CRMs that are connected, and one of them: health from the last real call, test, pull, settings, parting.
import { api } from "../api.js";
import { day, t, when } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { complain, isAdmin, toast } from "../state.js";
import { go } from "../router.js";
import { calmly, useLive } from "../live.js";
import { Confirm } from "../parts/dialog.js";
import { BY_FILE, Drop } from "../parts/drop.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { Steps } from "../parts/test_steps.js";
import { Traffic } from "../parts/traffic.js";
import { Consent } from "./connection_consent.js";
import { ConnectionForm, formOf, settingsOf } from "./connection_form.js";

/** @typedef {import("../types.js").Connection} Connection */
/** @typedef {import("../types.js").Connector} Connector */
/** @typedef {import("../types.js").ConnectionTest} ConnectionTest */

const BUILT_IN = "address_book";

/** @type {Record<string, string>} never by colour alone: sign and word */
const SIGNS = { ok: "●", reauthorise: "▲", down: "▲", quota: "◐", unknown: "○", consent: "○" };

/** @param {{state: string}} props */
export const HealthBadge = ({ state }) => html`<span class=${`badge health ${state}`}><span aria-hidden="true">${SIGNS[state] || "○"}</span> ${t(`health.${state}`)}</span>`;

/** @param {Connector[]} connectors @param {string} kind */
const kindName = (connectors, kind) => (kind === BUILT_IN ? t("connector.address_book.name") : connectors.find((one) => one.kind === kind)?.name || kind);

/** @param {{connection: Connection, kind: string}} props */
const Row = ({ connection, kind }) => html`<li><a class="desk-row" href=${`/app/connections/${connection.id}`}>
  <span class="desk-icon"><${Icon} name=${connection.kind === BUILT_IN ? "contacts" : "plug"} /></span>
  <span class="desk-text"><strong>${connection.name}</strong><small>${kind} · ${t("connection.records", { n: connection.records })}</small>
    <span class="desk-more">${connection.health.state !== "ok" ? connection.health.sentence : connection.kind === BUILT_IN ? t("connection.always") : t("connection.pulled_at", { when: connection.pulled_at ? when(connection.pulled_at) : t("connection.never_pulled") })}</span></span>
  <${HealthBadge} state=${connection.health.state} /></a></li>`;

export function Connections() {
  const [list, setList] = useState(/** @type {Connection[] | null} */ (null));
  const [connectors, setConnectors] = useState(/** @type {Connector[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => Promise.all([api.get("/v1/connections"), api.get("/v1/connectors")]).then(([page, kinds]) => { setList(page.items); setConnectors(kinds.items); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, []);
  const calm = useRef(calmly(load, 1000));
  useLive(["connection"], (event) => event.type !== "tick" && calm.current());
  const outside = (list || []).filter((one) => one.kind !== BUILT_IN);
  const add = html`<a class="button primary" href="/app/connections/new"><${Icon} name="plus" />${t("connections.add")}</a>`;
  return html`<section class="desk"><header class="screen-head"><div><h1 tabindex="-1">${t("connections.title")}</h1><p class="lead">${t("connections.lead")}</p></div>
      ${isAdmin() && outside.length > 0 && add}</header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !list ? html`<${Waiting} />` : html`
      <ul class="rows">${list.map((one) => html`<${Row} key=${one.id} connection=${one} kind=${kindName(connectors, one.kind)} />`)}</ul>
      ${!outside.length && html`<${Empty} icon="plug" title=${t("connections.none")} text=${t(isAdmin() ? "connections.none_text" : "connections.none_user")}>${isAdmin() && add}<//>`}`}
  </section>`;
}

/** How far a pull has come. @param {NonNullable<Connection["pulling"]>} pulling */
const soFar = ({ records, of }) => (of ? t("connection.so_far_of", { n: records, of }) : t("connection.so_far", { n: records }));

/** @param {{connection: Connection, kind: Connector | undefined, name: string}} props */
const Facts = ({ connection, kind, name }) => html`<dl class="facts">
  <div><dt>${t("connection.kind")}</dt><dd>${name}</dd></div>
  <div><dt>${t("connection.known")}</dt><dd>${t("connection.records", { n: connection.records })}</dd></div>
  ${connection.kind !== BUILT_IN && html`<div><dt>${t("connection.pulled")}</dt><dd>${connection.pulled_at ? when(connection.pulled_at) : t("connection.never_pulled")}${connection.pulling && html`<br /><span role="status">${soFar(connection.pulling)}</span>`}</dd></div>
    <div><dt>${t("connection.last_ok")}</dt><dd>${connection.health.last_ok_at ? when(connection.health.last_ok_at) : t("connection.never")}</dd></div>`}
  <div><dt>${t("connection.since")}</dt><dd>${day(connection.created_at)}</dd></div>
  ${kind && html`<div><dt>${t("connection.undo")}</dt><dd><ul class="plain-list"><li>${t(kind.undo_create_key)}</li><li>${t(kind.undo_update_key)}</li></ul></dd></div>`}
</dl>`;

/** Settings and credentials of an existing connection; a secret is only replaced, never shown. @param {{connection: Connection, kind: Connector, saved: (connection: Connection) => void, load: () => void}} props */
function Change({ connection, kind, saved, load }) {
  const [open, setOpen] = useState(connection.health.state === "reauthorise" && !connection.authorization);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [values, setValues] = useState(formOf(kind, connection));
  useEffect(() => setValues(formOf(kind, connection)), [connection.version]);
  useEffect(() => { if (connection.health.state === "reauthorise" && !connection.authorization) setOpen(true); }, [connection.health.state]);
  const save = async () => {
    setBusy(true);
    setProblem(null);
    try {
      saved(await api.patch(`/v1/connections/${connection.id}`, settingsOf(kind, values), connection.version));
      setOpen(false);
      toast({ text: t("connection.saved"), kind: "good" });
    } catch (failed) {
      setProblem(failed);
      if (/** @type {any} */ (failed).slug === "stale") load();
    } finally {
      setBusy(false);
    }
  };
  return html`<section class="panel" aria-labelledby="change-title"><h2 id="change-title">${t("connection.change")}</h2>
    <p class="soft">${t("connection.change_text")}</p>
    ${open ? html`<${ConnectionForm} kind=${kind} values=${values} set=${setValues} send=${save} busy=${busy} problem=${problem} connection=${connection} act=${t("connection.save")} cancel=${() => { setOpen(false); setProblem(null); setValues(formOf(kind, connection)); }} />`
      : html`<button type="button" onClick=${() => setOpen(true)}><${Icon} name="edit" />${t("connection.change")}</button>`}</section>`;
}

/** @param {{connection: Connection, load: () => void}} props */
function Parting({ connection, load }) {
  const [asking, setAsking] = useState(false);
  const part = () => api.remove(`/v1/connections/${connection.id}`, connection.version).then(() => {
    toast({ text: t("connection.deleted", { name: connection.name }), kind: "good" });
    go("/app/connections");
  }, (failed) => {
    if (failed.slug === "conflict") failed.detail = t("connection.busy");
    complain(failed);
    load();
  });
  return html`<section class="panel parting" aria-labelledby="part-title"><h2 id="part-title">${t("connection.delete")}</h2>
    <p class="soft">${t("connection.delete_text", { n: connection.records })}</p>
    <button type="button" class="danger" onClick=${() => setAsking(true)}><${Icon} name="bin" />${t("connection.delete")}</button>
    ${asking && html`<${Confirm} title=${t("connection.delete_ask", { name: connection.name })} text=${t("connection.delete_text", { n: connection.records })} act=${t("connection.delete")} danger yes=${part} close=${() => setAsking(false)} />`}
  </section>`;
}

/** @param {string} id */
function useConnection(id) {
  const [connection, setConnection] = useState(/** @type {Connection | null} */ (null));
  const [connectors, setConnectors] = useState(/** @type {Connector[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => Promise.all([api.get(`/v1/connections/${id}`), api.get("/v1/connectors")]).then(([one, kinds]) => { setConnection(one); setConnectors(kinds.items); setProblem(null); }, setProblem);
  useEffect(() => { setConnection(null); load(); }, [id]);
  const calm = useRef(calmly(() => load(), 500));
  useLive(["connection"], (event) => event.type !== "tick" && (!event.id || event.id === id) && calm.current());
  return { connection, setConnection, connectors, problem, load };
}

const PATIENCE = 1500;

/** Follows a pull until it is done. @param {string} job @param {() => void} after @param {(running: boolean) => void} running */
async function followPull(job, after, running) {
  for (;;) {
    const now = await api.get(`/v1/jobs/${job}`).catch(() => null);
    if (!now || (now.state !== "queued" && now.state !== "running")) break;
    after();
    await new Promise((resolve) => setTimeout(resolve, PATIENCE));
  }
  running(false);
  after();
}

/** @param {{connection: Connection, tested: (connection: Connection) => void, load: () => void}} props */
function Health({ connection, tested, load }) {
  const [test, setTest] = useState(/** @type {ConnectionTest | null} */ (null));
  const [testing, setTesting] = useState(false);
  const [pulling, setPulling] = useState(false);
  const { health } = connection;
  const tryIt = () => { setTesting(true); setTest(null); api.post(`/v1/connections/${connection.id}/test`).then((now) => { setTest(now); tested(now.connection); }, complain).finally(() => setTesting(false)); };
  const pull = () => { setPulling(true); api.post(`/v1/connections/${connection.id}/pull`).then((job) => { toast({ text: t("connection.pulling"), kind: "good" }); followPull(job.id, load, setPulling); }, (failed) => { setPulling(false); complain(failed); }); };
  return html`<section class=${`panel health-panel ${health.state}`} aria-labelledby="health-title"><h2 id="health-title">${t("connection.health")}</h2>
    <p class="health-line"><${HealthBadge} state=${health.state} /><span>${health.sentence}</span></p>
    ${isAdmin() && health.state === "reauthorise" && html`<p>${t(connection.authorization ? "consent.renew" : "connection.renew")}</p>`}
    ${isAdmin() && health.state !== "consent" && html`<div class="acts"><button type="button" class=${health.state === "reauthorise" ? "" : "primary"} aria-disabled=${testing ? "true" : undefined} onClick=${() => testing || tryIt()}>${testing ? html`<span class="spinner" aria-hidden="true"></span>` : html`<${Icon} name="check" />`}${t(testing ? "connection.testing" : "connection.test")}</button>
      ${connection.kind !== BUILT_IN && connection.kind !== BY_FILE && html`<button type="button" aria-disabled=${pulling ? "true" : undefined} onClick=${() => pulling || pull()}>${pulling ? html`<span class="spinner" aria-hidden="true"></span>` : html`<${Icon} name="refresh" />`}${t(pulling ? "connection.pull_runs" : "connection.pull")}</button>`}</div>`}
    ${test && html`<${Steps} test=${test} />`}
    ${isAdmin() && connection.tested_at && html`<p class="self-test-link"><a href=${`/app/connections/${connection.id}/test`}>${t("selftest.link", { when: when(connection.tested_at) })}</a></p>`}
  </section>`;
}

/** What may be written, and which field holds what. @param {{connection: Connection}} props */
const Writing = ({ connection }) => html`<section class="panel" aria-labelledby="writing-title"><h2 id="writing-title">${t("writing.title")}</h2>
  <dl class="facts"><div><dt>${t("policy.title")}</dt><dd><strong>${t(`policy.${connection.policy}`)}</strong> <small>${t(`policy.${connection.policy}.text`)}</small></dd></div>
    <div><dt>${t("mapping.title")}</dt><dd>${connection.mapping_version ? t("mapping.version", { version: connection.mapping_version }) : t("mapping.shipped")}</dd></div></dl>
  ${connection.mapping_warnings > 0 && html`<p class="notice warn"><${Icon} name="alert" /><span>${t("mapping.warnings", { n: connection.mapping_warnings })}</span></p>`}
  ${isAdmin() && html`<div class="acts"><a class="button" href=${`/app/connections/${connection.id}/policy`}>${t("policy.change")}</a>
    <a class="button" href=${`/app/connections/${connection.id}/mapping`}>${t("mapping.open")}</a></div>`}</section>`;

/** @param {{id: string}} props */
export function ConnectionScreen({ id }) {
  const { connection, setConnection, connectors, problem, load } = useConnection(id);
  const back = html`<p class="back"><a href="/app/connections"><${Icon} name="left" />${t("connections.title")}</a></p>`;
  if (problem && !connection) return html`<section class="desk">${back}<h1 tabindex="-1">${t("connections.title")}</h1><${Trouble} problem=${problem} again=${load} /></section>`;
  if (!connection) return html`<section class="desk">${back}<h1 tabindex="-1">${t("connections.title")}</h1><${Waiting} /></section>`;
  const kind = connectors.find((one) => one.kind === connection.kind);
  const ours = connection.kind === BUILT_IN;
  return html`<section class="desk">${back}
    <header class="screen-head"><div><h1 tabindex="-1">${connection.name}</h1><p class="lead">${t(ours ? "connection.ours" : "connection.lead", { kind: kindName(connectors, connection.kind) })}</p></div></header>
    ${problem && html`<${Trouble} problem=${problem} again=${load} />`}
    <div class="desk-columns"><div>
      <${Health} connection=${connection} tested=${setConnection} load=${load} />
      ${!ours && connection.kind !== BY_FILE && html`<${Traffic} id=${id} name=${connection.name} oauth=${!!connection.authorization} />`}
      ${kind?.oauth && html`<${Consent} connection=${connection} oauth=${kind.oauth} load=${load} />`}
      <${Writing} connection=${connection} />
      ${isAdmin() && connection.kind === BY_FILE && html`<${Drop} connection=${connection} load=${load} />`}
      ${isAdmin() && kind && kind.form.length > 0 && html`<${Change} connection=${connection} kind=${kind} saved=${setConnection} load=${load} />`}</div>
    <div><section class="panel" aria-labelledby="facts-title"><h2 id="facts-title">${t("connection.facts")}</h2><${Facts} connection=${connection} kind=${kind} name=${kindName(connectors, connection.kind)} /></section>
      ${isAdmin() && !ours && html`<${Parting} connection=${connection} load=${load} />`}
      ${!isAdmin() && html`<p class="notice">${t("connection.admin_only")}</p>`}</div></div>
  </section>`;
}
