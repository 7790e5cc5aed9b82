// Something to be taken elsewhere, with a button that copies it.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { announce, complain } from "../state.js";
import { Icon } from "./icon.js";

/** @param {{label: string, value: string}} props */
export const Copy = ({ label, value }) => html`<p class="soft">${label}</p><p class="secret-line"><code>${value}</code><button type="button"
  onClick=${() => navigator.clipboard.writeText(value).then(() => announce(t("copied")), complain)}><${Icon} name="copy" />${t("copy")}</button></p>`;
