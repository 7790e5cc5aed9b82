// What `?` shows: the keys of the screen, and the switch that turns them off.
import { html } from "../ui.js";
import { t } from "../i18n.js";
import { active, helpOpen } from "../keys.js";
import { setShortcuts, shortcuts } from "../state.js";
import { Dialog } from "./dialog.js";

/** @type {Record<string, string>} */
const SIGNS = { ArrowDown: "↓", ArrowUp: "↑", ArrowLeft: "←", ArrowRight: "→", Escape: "Esc", Enter: "↵" };

/** @param {string} key "Shift+j", "ArrowDown", "m" */
const keyCap = (key) => key.split("+").map((part) => SIGNS[part] || (part.length === 1 ? part.toUpperCase() : part)).join(" + ");

export function KeyHelp() {
  if (!helpOpen.value) return null;
  return html`<${Dialog} title=${t("keys.title")} close=${() => { helpOpen.value = false; }}>
    <dl class="keys">${[{ keys: ["?"], label: t("keys.help") }, ...active.value].map((one, i) => html`<div key=${i}><dt>${one.keys.map((key) => html`<kbd key=${key}>${keyCap(key)}</kbd>`)}</dt><dd>${one.label}</dd></div>`)}</dl>
    <label class="check"><input type="checkbox" checked=${shortcuts.value} onChange=${(/** @type {any} */ e) => setShortcuts(e.target.checked)} /><span>${t("keys.on")}</span></label>
    <p class="soft">${t("keys.note")}</p>
  <//>`;
}
