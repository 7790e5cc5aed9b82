// Matching rules: which version holds, what another would change, what a pair of contacts would be. Nothing holds that was not simulated.
import { api } from "../api.js";
import { number, percent, t, when } from "../i18n.js";
import { html, useEffect, useState } from "../ui.js";
import { complain, isAdmin, toast } from "../state.js";
import { jobDone } from "../job.js";
import { go } from "../router.js";
import { Confirm } from "../parts/dialog.js";
import { Field, Form } from "../parts/field.js";
import { Icon } from "../parts/icon.js";
import { Empty, Trouble, Waiting } from "../parts/notice.js";
import { Waterfall } from "../parts/waterfall.js";

/** @typedef {import("../types.js").MatchingRules} MatchingRules */
/** @typedef {import("../types.js").PairVerdict} PairVerdict */

/** @type {Record<MatchingRules["state"], string>} never by colour alone: sign and word */
const SIGNS = { draft: "○", simulated: "◐", active: "●", retired: "–" };
/** @type {Record<MatchingRules["state"], string>} */
const LOOKS = { draft: "quota", simulated: "quota", active: "ok", retired: "unknown" };
const SURVIVES = /** @type {const} */ (["trusted", "newest", "longest", "fullest", "all"]);
const SEVERAL = ["emails", "phones", "urls", "addresses"];
const PATIENCE = 1500;

/** @param {{state: MatchingRules["state"]}} props */
const StateBadge = ({ state }) => html`<span class=${`badge health ${LOOKS[state]}`}><span aria-hidden="true">${SIGNS[state]}</span> ${t(`rules.state.${state}`)}</span>`;

/** @param {MatchingRules} rules */
const nameOf = (rules) => (rules.number ? t("rules.version", { n: rules.number }) : t("rules.shipped"));

/** @param {{rules: MatchingRules}} props */
const Row = ({ rules }) => html`<li><a class="desk-row" href=${`/app/rules/${rules.id}`}><span class="desk-icon"><${Icon} name="settings" /></span>
  <span class="desk-text"><strong>${nameOf(rules)}</strong><small>${t(`rules.origin.${rules.origin}`)}${rules.author ? ` · ${rules.author}` : ""}${rules.created_at ? ` · ${when(rules.created_at)}` : ""}</small>
    <span class="desk-more">${rules.simulation?.sentence || rules.lesson?.sentence || ""}</span></span><${StateBadge} state=${rules.state} /></a></li>`;

export function Rules() {
  const [list, setList] = useState(/** @type {MatchingRules[] | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const load = () => api.get("/v1/rules").then((page) => { setList(page.items); setProblem(null); }, setProblem);
  useEffect(() => { if (isAdmin()) load(); }, []);
  const draft = () => api.post("/v1/rules", {}).then((rules) => go(`/app/rules/${rules.id}`), complain);
  const learn = () => {
    setBusy(true);
    api.post("/v1/lessons").then((job) => jobDone(job.id)).then(load).then(() => toast({ text: t("rules.learned"), kind: "good" }), complain).finally(() => setBusy(false));
  };
  if (!isAdmin()) return html`<section class="desk"><h1 tabindex="-1">${t("rules.title")}</h1><${Empty} icon="lock" title=${t("admin.only")} text=${t("rules.not_yours")} /></section>`;
  return html`<section class="desk"><header class="screen-head"><div><h1 tabindex="-1">${t("rules.title")}</h1><p class="lead">${t("rules.lead")}</p></div></header>
    <p class="acts"><button type="button" aria-disabled=${busy ? "true" : undefined} onClick=${() => busy || learn()}>${busy ? html`<span class="spinner" aria-hidden="true"></span>` : html`<${Icon} name="refresh" />`}${t(busy ? "rules.learning" : "rules.learn")}</button>
      <button type="button" class="primary" onClick=${draft}><${Icon} name="plus" />${t("rules.draft")}</button></p>
    ${problem ? html`<${Trouble} problem=${problem} again=${load} />` : !list ? html`<${Waiting} />` : html`<ul class="rows">${list.map((rules) => html`<${Row} key=${rules.id} rules=${rules} />`)}</ul>`}
  </section>`;
}

/** What the rules do, in sentences. @param {{rules: MatchingRules}} props */
const Sentences = ({ rules }) => html`<ul class="plain-list">
  <li>${t("rules.says_obvious", { p: percent(rules.obvious) })}</li><li>${t("rules.says_possible", { p: percent(rules.possible) })}</li>
  ${rules.survivorship.map((row) => html`<li key=${row.field}><strong>${t(`field.${row.field}`)}</strong>: ${t(`survives.${row.rule}`)}</li>`)}</ul>`;

/** The form of a draft. @param {{rules: MatchingRules, saved: (rules: MatchingRules) => void, load: () => void}} props */
function Change({ rules, saved, load }) {
  const [values, setValues] = useState({ possible: String(rules.possible * 100), obvious: String(rules.obvious * 100), survivorship: rules.survivorship });
  const [missing, setMissing] = useState(/** @type {string[]} */ ([]));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {string} text */
  const share = (text) => Number(text.replace(",", ".")) / 100;
  const send = () => {
    setBusy(true);
    setProblem(null);
    api.patch(`/v1/rules/${rules.id}`, { possible: share(values.possible), obvious: share(values.obvious), survivorship: values.survivorship }, rules.version)
      .then((now) => { saved(now); toast({ text: t("rules.saved"), kind: "good" }); }, (failed) => { setProblem(failed); if (failed.slug === "stale") load(); }).finally(() => setBusy(false));
  };
  /** @param {string} id */
  const error = (id) => (missing.includes(id) ? t("form.missing") : undefined);
  return html`<section class="panel" aria-labelledby="change-title"><h2 id="change-title">${t("rules.change")}</h2><p class="soft">${t("rules.change_text")}</p>
    <${Form} send=${send} busy=${busy} act=${t("save")} doing=${t("saving")} wrong=${setMissing}>
      <${Field} id="rules-obvious" label=${t("rules.obvious")} hint=${t("rules.obvious_hint")} value=${values.obvious} required error=${error("rules-obvious")} set=${(/** @type {string} */ obvious) => setValues({ ...values, obvious })} />
      <${Field} id="rules-possible" label=${t("rules.possible")} hint=${t("rules.possible_hint")} value=${values.possible} required error=${error("rules-possible")} set=${(/** @type {string} */ possible) => setValues({ ...values, possible })} />
      <fieldset class="choices"><legend>${t("rules.survivorship")}</legend>${values.survivorship.map((row, i) => html`<p class="form-field" key=${row.field}><label for=${`survives-${row.field}`}>${t(`field.${row.field}`)}</label>
        <select id=${`survives-${row.field}`} onChange=${(/** @type {any} */ e) => setValues({ ...values, survivorship: values.survivorship.map((one, k) => (k === i ? { ...one, rule: e.target.value } : one)) })}>
          ${SURVIVES.filter((rule) => rule !== "all" || SEVERAL.includes(row.field)).map((rule) => html`<option key=${rule} value=${rule} selected=${rule === row.rule}>${t(`survives.${rule}`)}</option>`)}</select></p>`)}</fieldset>
      ${problem && html`<${Trouble} problem=${problem} />`}<//></section>`;
}

/** What a simulation found. @param {{found: NonNullable<MatchingRules["simulation"]>}} props */
const Found = ({ found }) => html`<p><strong>${found.sentence}</strong></p>
  <dl class="facts"><div><dt>${t("rules.lane_obvious")}</dt><dd>${t("rules.before_after", { before: found.obvious_before, after: found.obvious_after })}</dd></div>
    <div><dt>${t("rules.lane_possible")}</dt><dd>${t("rules.before_after", { before: found.possible_before, after: found.possible_after })}</dd></div>
    <div><dt>${t("rules.against", { n: found.decisions })}</dt><dd>${t("rules.before_after", { before: found.against_before, after: found.against_after })}</dd></div>
    ${found.proposals.filter((row) => row.contacts).map((row) => html`<div key=${row.field}><dt>${t("rules.proposals", { field: t(`field.${row.field}`) })}</dt><dd>${t("rules.pairs", { n: row.contacts })}</dd></div>`)}</dl>
  ${!found.complete && html`<p class="soft">${t("rules.progress", { n: found.contacts, total: found.total })}</p>`}`;

/** @param {{rules: MatchingRules, load: () => Promise<void>, saved: (rules: MatchingRules) => void}} props */
function Steps({ rules, load, saved }) {
  const [busy, setBusy] = useState(false);
  const [asking, setAsking] = useState(false);
  const simulate = () => {
    setBusy(true);
    const watch = setInterval(load, PATIENCE);
    api.post(`/v1/rules/${rules.id}/simulation`).then((job) => jobDone(job.id)).then(load).catch(complain).finally(() => { clearInterval(watch); setBusy(false); });
  };
  const activate = () => api.post(`/v1/rules/${rules.id}/activation`, undefined, { version: rules.version })
    .then((now) => { saved(now); toast({ text: t("rules.activated"), kind: "good" }); }, (failed) => { complain(failed); load(); });
  const open = rules.state === "draft" || rules.state === "simulated";
  const ready = (rules.state === "simulated" || rules.state === "retired") && !rules.outdated;
  return html`<section class="panel" aria-labelledby="steps-title"><h2 id="steps-title">${t("rules.effect")}</h2>
    <p class="health-line"><${StateBadge} state=${rules.state} /><span>${t(`rules.state_text.${rules.state}`)}</span></p>
    ${rules.simulation ? html`<${Found} found=${rules.simulation} />` : open && html`<p class="soft">${t("rules.not_simulated")}</p>`}
    <div class="acts">${open && html`<button type="button" aria-disabled=${busy ? "true" : undefined} onClick=${() => busy || simulate()}>${busy ? html`<span class="spinner" aria-hidden="true"></span>` : html`<${Icon} name="search" />`}${t(busy ? "rules.simulating" : "rules.simulate")}</button>`}
      ${ready && html`<button type="button" class="primary" onClick=${() => setAsking(true)}><${Icon} name="check" />${t(rules.state === "retired" ? "rules.roll_back" : "rules.activate")}</button>`}</div>
    ${asking && html`<${Confirm} title=${t("rules.activate_ask", { name: nameOf(rules) })} text=${rules.simulation?.sentence || t("rules.activate_text")} act=${t("rules.activate")} yes=${activate} close=${() => setAsking(false)} />`}</section>`;
}

const EMPTY = { given_name: "", family_name: "", organization: "", email: "", phone: "" };
/** @param {typeof EMPTY} typed */
const contactOf = (typed) => ({
  given_name: typed.given_name || null, family_name: typed.family_name || null, organization: typed.organization || null,
  emails: typed.email ? [{ value: typed.email, kind: "work" }] : [], phones: typed.phone ? [{ value: typed.phone, kind: "work" }] : [],
});
const PAIR_FIELDS = /** @type {const} */ (["given_name", "family_name", "organization", "email", "phone"]);

/** One of two contacts. @param {{side: string, legend: string, value: typeof EMPTY, set: (value: typeof EMPTY) => void}} props */
const Side = ({ side, legend, value, set }) => html`<fieldset><legend>${legend}</legend>${PAIR_FIELDS.map((name) => html`<${Field} key=${name} id=${`${side}-${name}`} label=${t(`pair.${name}`)} value=${value[name]} set=${(/** @type {string} */ text) => set({ ...value, [name]: text })} />`)}</fieldset>`;

/** What these rules say about a pair that is typed in. @param {{rules: MatchingRules}} props */
function PairTest({ rules }) {
  const [left, setLeft] = useState(EMPTY);
  const [right, setRight] = useState(EMPTY);
  const [verdict, setVerdict] = useState(/** @type {PairVerdict | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const [busy, setBusy] = useState(false);
  const ask = () => {
    setBusy(true);
    setProblem(null);
    api.post(`/v1/rules/${rules.id}/pair-test`, { left: contactOf(left), right: contactOf(right) }).then(setVerdict, setProblem).finally(() => setBusy(false));
  };
  return html`<section class="panel" aria-labelledby="pair-title"><h2 id="pair-title">${t("pair.title")}</h2><p class="soft">${t("pair.text")}</p>
    <${Form} send=${ask} busy=${busy} act=${t("pair.ask")} doing=${t("pair.asking")} wrong=${() => {}}>
      <div class="desk-columns even"><${Side} side="left" legend=${t("pair.left")} value=${left} set=${setLeft} /><${Side} side="right" legend=${t("pair.right")} value=${right} set=${setRight} /></div>
      ${problem && html`<${Trouble} problem=${problem} />`}<//>
    ${verdict && html`<div role="status"><p><strong>${t(`pair.lane.${verdict.band}`)}</strong> · ${verdict.sentence}</p>${verdict.reasons.length > 0 && html`<${Waterfall} weight=${verdict.weight} probability=${verdict.probability} reasons=${verdict.reasons} why=${verdict.why} />`}</div>`}</section>`;
}

/** Every finding and what it tells. @param {{rules: MatchingRules}} props */
const Weights = ({ rules }) => html`<details class="panel"><summary><h2>${t("rules.weights")}</h2></summary><p class="soft">${t("rules.weights_text")}</p>
  <ul class="plain-list">${rules.weights.map((row) => html`<li key=${`${row.field}/${row.level}`}>${row.sentence}: <strong>${t("why.bits", { bits: number(row.bits) })}</strong>${Math.abs(row.bits - row.shipped) > 0.05 ? html` <small>${t("rules.was", { bits: number(row.shipped) })}</small>` : ""}</li>`)}</ul></details>`;

/** @param {{id: string}} props */
export function RulesScreen({ id }) {
  const [rules, setRules] = useState(/** @type {MatchingRules | null} */ (null));
  const [problem, setProblem] = useState(/** @type {any} */ (null));
  const load = () => api.get(`/v1/rules/${id}`).then((now) => { setRules(now); setProblem(null); }, setProblem);
  useEffect(() => { setRules(null); load(); }, [id]);
  const back = html`<p class="back"><a href="/app/rules"><${Icon} name="left" />${t("rules.title")}</a></p>`;
  if (problem && !rules) return html`<section class="desk">${back}<h1 tabindex="-1">${t("rules.title")}</h1><${Trouble} problem=${problem} again=${load} /></section>`;
  if (!rules) return html`<section class="desk">${back}<h1 tabindex="-1">${t("rules.title")}</h1><${Waiting} /></section>`;
  const open = rules.state === "draft" || rules.state === "simulated";
  return html`<section class="desk">${back}
    <header class="screen-head"><div><h1 tabindex="-1">${nameOf(rules)}</h1><p class="lead">${t(`rules.origin.${rules.origin}`)}${rules.author ? ` · ${rules.author}` : ""}${rules.activated_by ? ` · ${t("rules.activated_by", { name: rules.activated_by })}` : ""}</p></div></header>
    ${rules.lesson && html`<p class="notice">${rules.lesson.sentence}</p>`}${rules.outdated && html`<p class="notice">${t("rules.outdated")}</p>`}
    <div class="desk-columns"><div><${Steps} rules=${rules} load=${load} saved=${setRules} />
      ${open && html`<${Change} key=${rules.version} rules=${rules} saved=${setRules} load=${load} />`}<${PairTest} rules=${rules} /></div>
    <div><section class="panel" aria-labelledby="says-title"><h2 id="says-title">${t("rules.says")}</h2><${Sentences} rules=${rules} /></section><${Weights} rules=${rules} /></div></div></section>`;
}
