// After a commit: what became of it, and the way back.
import { html, useEffect, useRef } from "../ui.js";
import { t } from "../i18n.js";
import { everywhere } from "../keys.js";
import { calmly, useLive } from "../live.js";
import { look, undo, undoLast, underWay, untrack, written } from "../written.js";
import { Icon } from "./icon.js";

const BAD = ["conflict", "refused", "undo_conflict"];
const SOON = [400, 1000, 2000, 4000, 8000];

/** @param {{one: import("../types.js").WriteBack}} props */
function Bar({ one }) {
  const busy = underWay(one);
  const bad = BAD.includes(one.state);
  return html`<li class=${bad ? "undo bad" : "undo"}>
    ${busy ? html`<span class="spinner" aria-hidden="true"></span>` : html`<${Icon} name=${bad ? "alert" : "check"} />`}
    <p><strong>${one.connection.name}:</strong> ${one.problem?.detail || one.sentence}</p>
    ${one.state === "written" && one.undoable && html`<button type="button" onClick=${() => undo(one)}>${t("undo")}<kbd aria-hidden="true">U</kbd></button>`}
    ${one.state === "conflict" && html`<a class="button" href=${`/app/contacts/${one.contact_id}/merge?conflict=${one.id}`}>${t("conflict.look")}</a>`}
    ${!busy && html`<button type="button" class="quiet round" aria-label=${t("close")} onClick=${() => untrack(one.id)}><${Icon} name="close" /></button>`}
  </li>`;
}

everywhere.set("u", undoLast); // the bar says so on every screen

export function UndoBars() {
  const list = written.value;
  const calm = useRef(calmly(look, 150));
  useLive(["write_back"], calm.current);
  const open = list.filter(underWay).map((one) => one.id).join();
  useEffect(() => {
    if (!open) return;
    const timers = SOON.map((ms) => setTimeout(look, ms));
    return () => timers.forEach(clearTimeout);
  }, [open]);
  if (!list.length) return null;
  return html`<ul class="undo-bars" aria-label=${t("undo.bars")}>${list.map((one) => html`<${Bar} key=${one.id} one=${one} />`)}</ul>`;
}
