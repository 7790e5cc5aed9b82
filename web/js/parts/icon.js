// Icons are one sprite; they say nothing that the words beside them do not.
import { html } from "../ui.js";

const SPRITE = new URL("../../icons/sprite.svg", import.meta.url).pathname;

/** @param {{name: string}} props */
export const Icon = ({ name }) => html`<svg class="icon" aria-hidden="true" focusable="false"><use href=${`${SPRITE}#${name}`} /></svg>`;
