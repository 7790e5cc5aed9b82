// What an administrator should know of how the instance is set up, the gravest first; nothing where there is nothing.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain } from "../state.js";

/** @typedef {import("../types.js").Warning} Warning */

const LOOK = /** @type {const} */ ({ info: ["unknown", "i"], warning: ["quota", "!"], critical: ["down", "▲"] });

export function Warnings() {
  const [list, setList] = useState(/** @type {Warning[]} */ ([]));
  useEffect(() => { api.get("/v1/warnings").then((page) => setList(page.items), complain); }, []);
  if (list.length === 0) return null;
  return html`<section class="panel" aria-labelledby="warnings-title"><h2 id="warnings-title">${t("warnings.title")}</h2>
    <ul class="plain-list">${list.map((one, n) => html`<li key=${n}><p><span class=${`badge health ${LOOK[one.level][0]}`}><span aria-hidden="true">${LOOK[one.level][1]}</span> ${t(`warning.level.${one.level}`)}</span>
      ${one.subject && html` <strong>${/^\d{4}-\d\d-\d\dT/.test(one.subject) ? when(one.subject) : one.subject}</strong>`}${one.since && html` <small>${t("warnings.since", { when: when(one.since) })}</small>`}</p>
      <p>${one.effect}</p><p class="soft">${one.fix}</p></li>`)}</ul></section>`;
}
