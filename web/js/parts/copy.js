// Something to be taken elsewhere, with a button that copies it.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { announce, complain } from "../state.js";
import { Icon } from "./icon.js";

/** @param {string} text */
const copy = (text) => navigator.clipboard.writeText(text).then(() => announce(t("copied")), complain);

/** @param {{value: string}} props */
export const CopyButton = ({ value }) => html`<button type="button" onClick=${() => copy(value)}><${Icon} name="copy" />${t("copy")}</button>`;

/** @param {{value: string, address?: boolean}} props address: it is long and has no blanks */
export const CopyLine = ({ value, address }) => html`<p class=${address ? "secret-line address" : "secret-line"}><code>${value}</code><${CopyButton} value=${value} /></p>`;

/** @param {{label: string, value: string}} props */
export const Copy = ({ label, value }) => html`<p class="soft">${label}</p><${CopyLine} value=${value} />`;
