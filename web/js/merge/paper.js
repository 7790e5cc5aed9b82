// Dry run and commit: what is shown is what is written, and a record that changed meanwhile leads to the conflict view.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { clashes, previewBody } from "../merge_state.js";
import { go, guardLeaving } from "../router.js";
import { announce, complain } from "../state.js";
import { useState } from "../ui.js";
import { around, track } from "../written.js";
import { mergeAddress } from "../screens/contact_verdict.js";
import { fetchReview } from "./load.js";

/** @typedef {import("../types.js").Review} Review */
/** @typedef {import("../types.js").Preview} Preview */
/** @typedef {import("../types.js").Company} Company */
/** @typedef {import("../merge_state.js").Choices} Choices */
/** What is asked about the company, and how it was answered, outlive the plans. @typedef {{preview: Preview | null, problem: any, question: Preview["company"], answer: Company | "without" | null}} Sheet */

/** Where one goes from a contact: to the inbox it was opened from, else to the contact. @param {string} id */
export const home = (id) => (around(id).at >= 0 ? "/app/inbox" : `/app/contacts/${id}`);

/** @param {Review} review @param {Preview} preview */
export const write = (review, preview) => api.post("/v1/write-backs", { preview_id: preview.id }, { version: review.contact_version, key: preview.id });

/** Whether a plan raises no question, so that it may be written without being looked at. @param {Preview} preview */
export const unquestioned = (preview) => preview.reversible && !preview.company && preview.warnings.length === 0 && preview.left.length === 0 && !preview.refusal && preview.changes.length > 0;

/** @param {Review} review @param {Choices} choices @param {(review: Review, list: import("../merge_state.js").Clash[]) => void} clashed */
export function usePaper(review, choices, clashed) {
  const [sheet, setSheet] = useState(/** @type {Sheet | null} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {any} problem */
  const failed = async (problem) => {
    if (problem.slug !== "crm-conflict" && problem.slug !== "stale") return setSheet({ preview: null, problem, question: null, answer: null });
    const wanted = { connection: review.connection.id, ...(review.record?.id ? { record: review.record.id } : { create: "true" }) };
    const now = await fetchReview(review.contact_id, wanted).catch(complain);
    setSheet(null);
    if (!now) return;
    clashed(now, clashes(review, choices, now));
    announce(t("conflict.title"));
  };
  /** @param {Company | null} company */
  const plan = (company = null) => api.post("/v1/previews", { ...previewBody(review, choices), ...(company ? { company } : {}) });
  /** @param {Preview} preview */
  const show = (preview) => setSheet({ preview, problem: null, question: preview.company, answer: null });
  const dryRun = () => {
    setSheet({ preview: null, problem: null, question: null, answer: null });
    plan().then(show, failed);
  };
  /** Plans anew with the company that was chosen, or without one. @param {Company | "without"} answer */
  const link = async (answer) => {
    setBusy(true);
    const preview = await plan(answer === "without" ? null : answer).catch(failed);
    setBusy(false);
    if (preview) setSheet((old) => old && { ...old, preview, answer });
  };
  /** @param {Preview} preview */
  const commit = async (preview) => {
    setBusy(true);
    try {
      const { after } = around(review.contact_id);
      track(await write(review, preview));
      guardLeaving(null);
      setSheet(null);
      go(after ? mergeAddress(after) : home(review.contact_id));
    } catch (problem) {
      await failed(problem);
    } finally {
      setBusy(false);
    }
  };
  /** Writes at once what can be taken back and raises no question; shows the dry run otherwise. */
  const writeNow = async () => {
    if (busy) return;
    setBusy(true);
    const preview = await plan().catch(failed);
    setBusy(false);
    if (!preview) return;
    if (unquestioned(preview)) await commit(preview);
    else show(preview);
  };
  return { sheet, close: () => setSheet(null), busy, dryRun, link, commit, writeNow };
}
