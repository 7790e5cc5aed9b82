// Why two records count as one person: the reasons' bits, as bars and as words from the same numbers.
import { html } from "../ui.js";
import { number, percent, t } from "../i18n.js";

/** @typedef {import("../types.js").Reason} Reason */

const WIDTH = 200;
const HEIGHT = 18;

/** Bits with which nothing is known yet, as weight and probability imply it; null where rounding hides it. @param {number} weight @param {number} probability */
function start(weight, probability) {
  if (probability < 1e-6 || probability > 1 - 1e-6) return null;
  return Math.log2(probability / (1 - probability)) - weight;
}

/** Steps of the waterfall with where each begins and ends. @param {Reason[]} reasons */
function stepsOf(reasons) {
  let at = 0;
  return reasons.map((reason) => {
    const from = at;
    at += reason.weight;
    return { reason, from, to: at };
  });
}

/** @param {{weight: number, probability: number, reasons: Reason[]}} props */
export function Counterfactual({ weight, probability, reasons }) {
  const strongest = reasons.reduce((a, b) => (b.weight > a.weight ? b : a), reasons[0]);
  const begin = start(weight, probability);
  if (begin === null || !strongest || strongest.weight <= 0) return null;
  const without = 1 / (1 + 2 ** -(begin + weight - strongest.weight));
  return html`<p class="soft">${t("why.without", { field: t(`reason.${strongest.field}`), p: percent(without) })}</p>`;
}

/** @param {{weight: number, probability: number, reasons: Reason[]}} props */
export function Waterfall({ weight, probability, reasons }) {
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
      </svg></li>`)}</ol>
    <p class="sum"><strong>${t("why.sum", { bits: number(weight), p: percent(probability) })}</strong></p>
    <${Counterfactual} weight=${weight} probability=${probability} reasons=${reasons} />
  </div>`;
}

/** Words for a probability. @param {number} probability */
export const likely = (probability) => t(probability >= 0.98 ? "likely.very" : probability >= 0.85 ? "likely.quite" : probability >= 0.5 ? "likely.maybe" : "likely.hardly");
