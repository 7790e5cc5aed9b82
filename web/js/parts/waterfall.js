// Why two records count as one person: the reasons' bits, as bars and as words from the same numbers.
import { html } from "../ui.js";
import { number, percent, t } from "../i18n.js";

/** @typedef {import("../types.js").Reason} Reason */

const WIDTH = 200;
const HEIGHT = 18;

/** Steps of the waterfall with where each begins and ends. @param {Reason[]} reasons */
function stepsOf(reasons) {
  let at = 0;
  return reasons.map((reason) => {
    const from = at;
    at += reason.weight;
    return { reason, from, to: at };
  });
}

/** What was done to the two values before they were compared. @param {{reason: Reason}} props */
function Steps({ reason }) {
  const sides = [[t("why.left"), reason.left_steps], [t("why.right"), reason.right_steps]].filter(([, steps]) => steps.length > 0);
  if (sides.length === 0) return null;
  return html`<details class="compared"><summary>${t("why.steps")}</summary>
    <dl>${sides.map(([side, steps]) => html`<dt>${side}</dt><dd><ol>${/** @type {string[]} */ (steps).map((step) => html`<li>${step}</li>`)}</ol></dd>`)}</dl>
  </details>`;
}

/** @param {{weight: number, probability: number, reasons: Reason[], why: import("../types.js").Why}} props */
export function Waterfall({ weight, probability, reasons, why }) {
  const steps = stepsOf(reasons);
  const low = Math.min(0, ...steps.map((step) => step.to));
  const high = Math.max(1, ...steps.map((step) => step.to));
  /** @param {number} bits */
  const x = (bits) => ((bits - low) / (high - low)) * WIDTH;
  return html`<div class="waterfall">
    <ol>${steps.map(({ reason, from, to }) => html`<li key=${reason.field}>
      <span class="reason">${reason.sentence}</span>
      <span class="bits">${t("why.bits", { bits: number(reason.weight) })}</span>
      <svg viewBox=${`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" aria-hidden="true">
        <line x1=${x(0)} x2=${x(0)} y1="0" y2=${HEIGHT} />
        <rect class=${reason.weight < 0 ? "against" : "for"} x=${Math.min(x(from), x(to))} y="4" width=${Math.max(1.5, Math.abs(x(to) - x(from)))} height=${HEIGHT - 8} />
      </svg>
      ${reason.rarity && html`<small class="soft">${reason.rarity}</small>`}
      <${Steps} reason=${reason} /></li>`)}</ol>
    <p class="sum"><strong>${t("why.sum", { bits: number(weight), p: percent(probability) })}</strong></p>
    ${why.hangs_on && html`<p class="soft">${why.hangs_on}</p>`}
    ${why.rival_sentence && html`<p class="rival">${why.rival_sentence}</p>`}
  </div>`;
}

/** Words for a probability. @param {number} probability */
export const likely = (probability) => t(probability >= 0.98 ? "likely.very" : probability >= 0.85 ? "likely.quite" : probability >= 0.5 ? "likely.maybe" : "likely.hardly");
