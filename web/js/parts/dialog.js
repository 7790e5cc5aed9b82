// Dialogs: the browser's own, so focus stays inside, Escape closes, and focus comes back.
import { html, useEffect, useRef } from "../ui.js";
import { t } from "../i18n.js";
import { Icon } from "./icon.js";

/** @param {{title: string, close: () => void, children?: any, wide?: boolean, sheet?: boolean}} props */
export function Dialog({ title, close, children, wide, sheet }) {
  const dialog = useRef(/** @type {HTMLDialogElement | null} */ (null));
  useEffect(() => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    dialog.current?.showModal();
    return () => before?.isConnected && before.focus();
  }, []);
  const id = `dialog-${title.length}-${title.charCodeAt(0)}`;
  return html`<dialog ref=${dialog} class=${["dialog", wide && "wide", sheet && "sheet"].filter(Boolean).join(" ")} aria-labelledby=${id}
    onCancel=${(/** @type {Event} */ event) => { event.preventDefault(); close(); }}
    onClick=${(/** @type {MouseEvent} */ event) => event.target === dialog.current && close()}>
    <div class="dialog-body">
      <header><h2 id=${id}>${title}</h2>
        <button type="button" class="quiet round" onClick=${close} aria-label=${t("close")}><${Icon} name="close" /></button></header>
      ${children}
    </div>
  </dialog>`;
}

/** @param {{title: string, text: string, act: string, danger?: boolean, yes: () => void, close: () => void}} props */
export const Confirm = ({ title, text, act, danger, yes, close }) => html`<${Dialog} title=${title} close=${close}>
  <p>${text}</p>
  <div class="acts"><button type="button" onClick=${close}>${t("cancel")}</button>
    <button type="button" class=${danger ? "danger solid" : "primary"} onClick=${() => { close(); yes(); }}>${act}</button></div>
<//>`;
