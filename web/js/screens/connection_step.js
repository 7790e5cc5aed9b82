// What the two steps behind a connection's form share: the way back, the heading, where one is in the wizard.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { Icon } from "../parts/icon.js";
import { Trouble, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").Connection} Connection */

/** Only while a new connection is being set up. @param {{n: number, query: URLSearchParams}} props */
export const WizardStep = ({ n, query }) => (query.has("new") ? html`<p class="wizard-step">${t("wizard.step", { n, all: 6 })}</p>` : null);

/** @param {{id: string, title: string, lead: string, show: (connection: Connection) => any}} props */
export function OfConnection({ id, title, lead, show }) {
  const [connection, setConnection] = useState(/** @type {Connection | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get(`/v1/connections/${id}`).then((one) => { setConnection(one); setProblem(null); }, setProblem);
  useEffect(() => { load(); }, [id]);
  return html`<section class="desk"><p class="back"><a href=${`/app/connections/${id}`}><${Icon} name="left" />${connection?.name || t("connections.title")}</a></p>
    <header class="screen-head"><div><h1 tabindex="-1">${title}</h1><p class="lead">${lead}</p></div></header>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !connection ? html`<${Waiting} />` : show(connection)}</section>`;
}
