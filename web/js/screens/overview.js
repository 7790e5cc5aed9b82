// The administrators' overview: what is warned of, and one tile for each thing that is looked after.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { isAdmin } from "../state.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { Warnings } from "../parts/warnings.js";

/** @typedef {import("../types.js").Overview} Overview */
/** @typedef {import("../types.js").Tile} Tile */

const LOOK = /** @type {const} */ ({ good: ["ok", "✓"], look: ["quota", "!"], bad: ["down", "▲"], none: ["unknown", "–"] });
/** Where one goes from a tile. @type {Record<Tile["kind"], string>} */
const WAYS = {
  connections: "/app/connections", mailboxes: "/app/mailboxes", mail: "/proof/firewall", certificate: "/proof/firewall", backup: "/proof/privacy",
  restore: "/proof/privacy", canary: "/proof/privacy", components: "/proof/components", users: "/app/users",
};
const PROOFS = /** @type {const} */ (["firewall", "privacy", "inventory", "changes", "components"]);

/** @param {{tile: Tile}} props */
const TileRow = ({ tile }) => html`<li class="tile"><h2><a href=${WAYS[tile.kind]} target=${WAYS[tile.kind].startsWith("/app/") ? undefined : "_self"}>${t(`overview.${tile.kind}`)}</a></h2>
  ${tile.n >= 0 && html`<p class="figure">${tile.n}</p>`}
  <p><span class=${`badge health ${LOOK[tile.state][0]}`}><span aria-hidden="true">${LOOK[tile.state][1]}</span> ${t(`overview.state.${tile.state}`)}</span></p>
  <p class="soft">${tile.words}${tile.at && html` <time datetime=${tile.at}>${when(tile.at)}</time>`}</p></li>`;

export function OverviewScreen() {
  const [board, setBoard] = useState(/** @type {Overview | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get("/v1/overview").then((got) => { setBoard(got); setProblem(null); }, setProblem);
  useEffect(() => { if (isAdmin()) load(); }, []);
  if (!isAdmin()) return html`<section class="desk"><h1 tabindex="-1">${t("nav.overview")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("users.not_yours")} /></section>`;
  return html`<section class="desk"><header class="screen-head"><div><h1 tabindex="-1">${t("nav.overview")}</h1><p class="lead">${t("overview.lead")}</p></div></header>
    <${Warnings} />
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !board ? html`<${Waiting} />` : html`<ul class="tiles">${board.tiles.map((tile) => html`<${TileRow} key=${tile.kind} tile=${tile} />`)}</ul>`}
    <section class="panel" aria-labelledby="proofs-title"><h2 id="proofs-title">${t("overview.proofs")}</h2><p class="soft">${t("overview.proofs_text")}</p>
      <ul class="plain-list">${PROOFS.map((page) => html`<li key=${page}><a href=${`/proof/${page}`} target="_self">${t(`overview.proof.${page}`)}</a></li>`)}</ul></section>
  </section>`;
}
