// The self-test of a connection: what its CRM said last, when, and who asked; a page to be printed. While a connection is new, the test
// starts by itself.
import { api } from "../api.js";
import { t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { isAdmin } from "../state.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { STEP_ICONS, StepText, stepState } from "../parts/test_steps.js";
import { OfConnection, WizardStep } from "./connection_step.js";

/** @typedef {import("../types.js").Connection} Connection */
/** @typedef {import("../types.js").ConnectionTest} ConnectionTest */
/** @typedef {import("../types.js").TestStep} TestStep */

/** @param {{step: TestStep}} props */
const Row = ({ step }) => html`<div class=${`self-test-row ${stepState(step)}`}><dt><${Icon} name=${STEP_ICONS[stepState(step)]} />${t(`selftest.step.${step.name}`)}</dt>
  <dd><${StepText} step=${step} /></dd></div>`;

/** Whether nothing was written. @param {ConnectionTest} test */
const untried = ({ steps }) => !steps.some((step) => step.name === "write" && step.weight !== "unsaid");

/** @param {{test: ConnectionTest}} props */
const Result = ({ test }) => html`<section class="panel self-test" aria-labelledby="result-title"><h2 id="result-title">${t(test.ok ? "selftest.passed" : "selftest.failed", { name: test.connection.name })}</h2>
  <p class="soft">${test.by ? t("selftest.when", { when: when(test.at), by: test.by }) : t("selftest.when_gone", { when: when(test.at) })}</p>
  <dl>${test.steps.map((step) => html`<${Row} key=${step.name} step=${step} />`)}</dl>
  ${untried(test) && html`<p class="soft">${t("selftest.only_read")}</p>`}</section>`;

/** The last result, and a way to ask again. @param {string} id @param {boolean} unasked whether a first test starts by itself */
function useTest(id, unasked) {
  const [test, setTest] = useState(/** @type {ConnectionTest | null} */ (null));
  const [never, setNever] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const run = () => {
    setBusy(true);
    setProblem(null);
    api.post(`/v1/connections/${id}/test`).then((now) => { setTest(now); setNever(false); }, setProblem).finally(() => setBusy(false));
  };
  const load = () => {
    setProblem(null);
    api.get(`/v1/connections/${id}/test`).then(setTest, (failed) => {
      if (failed.slug !== "not-found") setProblem(failed);
      else if (unasked) run();
      else setNever(true);
    });
  };
  useEffect(() => { load(); }, [id]);
  return { test, never, busy, problem, run, load };
}

/** @param {{connection: Connection, query: URLSearchParams}} props */
function TestDesk({ connection, query }) {
  const fresh = query.has("new");
  const { test, never, busy, problem, run, load } = useTest(connection.id, fresh);
  return html`<${WizardStep} n=${4} query=${query} />
    <div role="status" aria-busy=${busy ? "true" : undefined}>${busy && html`<p class="notice no-print"><span class="spinner" aria-hidden="true"></span><span>${t("selftest.asking", { name: connection.name })}</span></p>`}
      ${!busy && test && html`<span class="sr">${t(test.ok ? "selftest.passed" : "selftest.failed", { name: test.connection.name })}</span>`}</div>
    ${problem && html`<${Trouble} problem=${problem} again=${test ? undefined : load} />`}
    ${test ? html`<${Result} test=${test} />` : never ? html`<${Empty} icon="question" title=${t("selftest.never")} text=${t("selftest.never_text")} />` : !problem && !busy && html`<${Waiting} />`}
    <div class="acts no-print"><button type="button" class=${fresh ? "" : "primary"} aria-disabled=${busy ? "true" : undefined} onClick=${() => busy || run()}><${Icon} name="refresh" />${t(busy ? "connection.testing" : test ? "selftest.again" : "connection.test")}</button>
      ${test && html`<button type="button" onClick=${() => print()}>${t("selftest.print")}</button>`}
      ${fresh && html`<a class=${test?.ok ? "button primary" : "button"} href=${`/app/connections/${connection.id}/mapping?new`}>${t("selftest.next")}</a>`}</div>`;
}

/** @param {{id: string, query: URLSearchParams}} props */
export const TestScreen = ({ id, query }) => isAdmin()
  ? html`<${OfConnection} id=${id} title=${t("selftest.title")} lead=${t("selftest.lead")} show=${(/** @type {Connection} */ connection) => html`<${TestDesk} connection=${connection} query=${query} />`} />`
  : html`<section class="desk"><h1 tabindex="-1">${t("selftest.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("connections.none_user")} /></section>`;
