// A CRM that no program writes to: files to carry there, tables that come back.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, toast } from "../state.js";
import { partsOf, textOf } from "../text_file.js";
import { Icon } from "./icon.js";
import { Trouble } from "./notice.js";

/** @typedef {import("../types.js").Connection} Connection */
/** @typedef {import("../types.js").Exports} Exports */

export const BY_FILE = "file_drop";

/** @param {{connection: Connection}} props */
function Out({ connection }) {
  const [exports, setExports] = useState(/** @type {Exports | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const path = `/v1/connections/${connection.id}/exports`;
  const load = () => api.get(path).then((now) => { setExports(now); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, [connection.id, connection.records]);
  const make = () => { setBusy(true); api.post(path).then(() => toast({ text: t("drop.made"), kind: "good" }), complain).then(load).finally(() => setBusy(false)); };
  if (problem) return html`<${Trouble} problem=${problem} again=${load} />`;
  if (!exports) return null;
  return html`<p>${exports.waiting ? t("drop.waiting", { n: exports.waiting }) : t("drop.nothing")}</p>
    ${exports.waiting > 0 && html`<div class="acts"><button type="button" class="primary" aria-disabled=${busy ? "true" : undefined} onClick=${() => busy || make()}><${Icon} name="plus" />${t("drop.make")}</button></div>`}
    ${exports.files.length ? html`<ul class="plain-list">${exports.files.map((file) => html`<li key=${file.id}>${t("drop.file", { n: file.contacts, when: when(file.created_at) })}:
      <a href=${`/v1/exports/${file.id}/file?format=csv`} download>${t("drop.csv")}</a> · <a href=${`/v1/exports/${file.id}/file?format=vcard`} download>${t("drop.vcard")}</a></li>`)}</ul>` : html`<p class="soft">${t("drop.none")}</p>`}`;
}

/** @param {{connection: Connection, load: () => void}} props */
function In({ connection, load }) {
  const [file, setFile] = useState(/** @type {File | null} */ (null));
  const [complete, setComplete] = useState(true);
  const [done, setDone] = useState(/** @type {{done: number, all: number} | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [said, setSaid] = useState("");
  const take = async () => {
    if (!file) return;
    const sum = { n: 0, skipped: 0, gone: 0 };
    let since = null;
    setProblem(null);
    setSaid("");
    try {
      const parts = partsOf(textOf(await file.arrayBuffer()));
      for (let i = 0; i < parts.length; i++) {
        setDone({ done: i, all: parts.length });
        const now = await api.post(`/v1/connections/${connection.id}/imports`, { text: parts[i], since, complete: complete && i === parts.length - 1 });
        since = now.since;
        sum.n += now.contacts;
        sum.skipped += now.skipped;
        sum.gone += now.gone;
      }
      setSaid(t("drop.taken", sum));
      load();
    } catch (failed) {
      setProblem(failed);
    } finally {
      setDone(null);
    }
  };
  return html`<p class="soft">${t("drop.in_text")}</p>
    <p class="field"><label for="drop-file">${t("drop.choose")}</label>
      <input id="drop-file" type="file" accept=".csv,.txt,.vcf,text/csv,text/vcard" onChange=${(/** @type {any} */ event) => setFile(event.target.files[0] || null)} /></p>
    <p><label><input type="checkbox" checked=${complete} onChange=${(/** @type {any} */ event) => setComplete(event.target.checked)} /> ${t("drop.complete")}</label></p>
    <div class="acts"><button type="button" aria-disabled=${!file || done ? "true" : undefined} onClick=${() => done || take()}><${Icon} name="refresh" />${t("drop.take")}</button></div>
    <p role="status">${done ? t("drop.taking", done) : said}</p>
    ${problem && html`<${Trouble} problem=${problem} />`}`;
}

/** @param {{connection: Connection, load: () => void}} props */
export const Drop = ({ connection, load }) => html`<section class="panel" aria-labelledby="drop-out"><h2 id="drop-out">${t("drop.out")}</h2><${Out} connection=${connection} /></section>
  <section class="panel" aria-labelledby="drop-in"><h2 id="drop-in">${t("drop.in")}</h2><${In} connection=${connection} load=${load} /></section>`;
