// What a test of a connection, a mailbox or a sign-on found, step by step: sign, word and sentence, never by colour alone.
import { t } from "../i18n.js";
import { html } from "../ui.js";
import { Icon } from "./icon.js";

/** @typedef {import("../types.js").TestStep} TestStep */

/** How a step came out. @param {TestStep} step @returns {"ok" | "no" | "warning" | "unsaid"} */
export const stepState = (step) => (!step.ok ? "no" : step.weight === "plain" ? "ok" : step.weight);

/** @type {Record<ReturnType<typeof stepState>, string>} */
export const STEP_ICONS = { ok: "check", no: "alert", warning: "alert", unsaid: "question" };

/** The sentence and what it speaks of. @param {{step: TestStep}} props */
export const StepText = ({ step }) => html`<span class="sr">${t(`step.${stepState(step)}`)} </span>${step.sentence}
  ${step.items.length > 0 && html`<ul>${step.items.map((item) => html`<li key=${item}>${item}</li>`)}</ul>`}`;

/** @param {{test: {ok: boolean, steps: TestStep[]}}} props */
export const Steps = ({ test }) => html`<div class=${test.ok ? "test-result good" : "test-result bad"} role="status">
  <p><strong>${t(!test.ok ? "connection.test_failed" : test.steps.some((step) => step.weight === "warning") ? "connection.test_look" : "connection.test_ok")}</strong></p>
  <ol>${test.steps.map((step) => html`<li key=${step.name} class=${stepState(step)}><${Icon} name=${STEP_ICONS[stepState(step)]} /><span><${StepText} step=${step} /></span></li>`)}</ol></div>`;
