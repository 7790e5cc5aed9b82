// What each role may do: the rows of the rights as a matrix. Nothing is changed here; a person's role is changed on the page of users.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { isAdmin } from "../state.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";

/** @typedef {import("../types.js").Right} Right */

const ROLES = /** @type {const} */ (["reporter", "user", "template_curator", "template_manager", "admin", "support", "support_content"]);

/** The sign beside the word: nothing rests on colour. @param {{how: "any" | "own" | null}} props */
const Cell = ({ how }) => (how ? html`<span class=${`reach ${how}`}><span aria-hidden="true">${how === "any" ? "●" : "◐"}</span> ${t(`reach.${how}`)}</span>`
  : html`<span class="reach none"><span aria-hidden="true">–</span><span class="sr">${t("reach.none")}</span></span>`);

/** @param {{rights: Right[]}} props */
const Matrix = ({ rights }) => html`<div class="matrix" role="region" aria-labelledby="roles-title" tabindex="0"><table>
  <thead><tr><th scope="col">${t("roles.right")}</th>${ROLES.map((role) => html`<th key=${role} scope="col">${t(`role.${role}`)}</th>`)}</tr></thead>
  <tbody>${rights.map((one, i) => html`<tr key=${`${one.resource} ${one.action}`} class=${i && rights[i - 1].resource !== one.resource ? "begins" : ""}>
    <th scope="row"><code translate="no">${one.resource}</code> <span>${one.action}</span></th>
    ${ROLES.map((role) => html`<td key=${role}><${Cell} how=${one[role]} /></td>`)}</tr>`)}</tbody></table></div>`;

export function Roles() {
  const [rights, setRights] = useState(/** @type {Right[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get("/v1/roles").then((page) => { setRights(page.items); setProblem(null); }, setProblem);
  useEffect(() => { if (isAdmin()) load(); }, []);
  const head = html`<p class="back"><a href="/app/users"><${Icon} name="left" />${t("users.title")}</a></p><h1 tabindex="-1" id="roles-title">${t("roles.title")}</h1>`;
  if (!isAdmin()) return html`<section class="desk">${head}<${Empty} icon="lock" title=${t("admin.only")} text=${t("users.not_yours")} /></section>`;
  return html`<section class="desk wide">${head}<p class="lead">${t("roles.lead")}</p>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : rights ? html`<${Matrix} rights=${rights} />` : html`<${Waiting} />`}</section>`;
}
