// How a write-back stands: never by colour alone.
import { html } from "../ui.js";
import { t } from "../i18n.js";

/** Colour, sign and word of a state. @type {Record<string, {tone: string, sign: string}>} */
export const LOOKS = {
  intent: { tone: "exists", sign: "…" }, sending: { tone: "exists", sign: "…" }, uncertain: { tone: "possible", sign: "?" }, waiting: { tone: "possible", sign: "◷" },
  written: { tone: "good", sign: "✓" }, conflict: { tone: "bad", sign: "!" }, refused: { tone: "bad", sign: "!" }, undoing: { tone: "exists", sign: "…" },
  undone: { tone: "", sign: "↶" }, undo_conflict: { tone: "bad", sign: "!" }, left: { tone: "", sign: "–" },
};

/** @param {{state: string}} props */
export const StateBadge = ({ state }) => html`<span class=${`badge ${LOOKS[state]?.tone || ""}`}><span aria-hidden="true">${LOOKS[state]?.sign}</span> ${t(`write_back.${state}`)}</span>`;
