// Short notices with a way back. They stay ten seconds, longer while pointed at or focused; failures stay until closed.
import { html, useEffect, useRef } from "../ui.js";
import { t } from "../i18n.js";
import { toasts, untoast } from "../state.js";
import { Icon } from "./icon.js";

const STAY = 10000;

/** @param {{one: import("../state.js").Toast}} props */
function One({ one }) {
  const timer = useRef(/** @type {number | undefined} */ (undefined));
  const close = () => untoast(one.id);
  const hold = () => clearTimeout(timer.current);
  const run = () => {
    hold();
    if (one.kind === "good") timer.current = setTimeout(close, STAY);
  };
  useEffect(() => { run(); return hold; }, []);
  return html`<li class=${`toast ${one.kind}`} onMouseEnter=${hold} onMouseLeave=${run} onFocusIn=${hold} onFocusOut=${run}>
    <${Icon} name=${one.kind === "bad" ? "alert" : "check"} /><p>${one.text}</p>
    ${one.act && html`<button type="button" onClick=${() => { close(); one.act?.(); }}>${one.label}</button>`}
    <button type="button" class="quiet round" aria-label=${t("close")} onClick=${close}><${Icon} name="close" /></button></li>`;
}

export const Toasts = () => (toasts.value.length ? html`<ul class="toasts" aria-label=${t("toasts")}>${toasts.value.map((one) => html`<${One} key=${one.id} one=${one} />`)}</ul>` : null);
