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
/** @typedef {import("../merge_state.js").Choices} Choices */

/** Where one goes from a contact: to the inbox it was opened from, else to the contact. @param {string} id */
export const home = (id) => (around(id).at >= 0 ? "/app/inbox" : `/app/contacts/${id}`);

/** @param {Review} review @param {Preview} preview */
export const write = (review, preview) => api.post("/v1/write-backs", { preview_id: preview.id }, { version: review.contact_version, key: preview.id });

/** Whether a plan raises no question, so that it may be written without being looked at. @param {Preview} preview */
export const unquestioned = (preview) => preview.reversible && preview.warnings.length === 0 && preview.left.length === 0 && !preview.refusal && preview.changes.length > 0;

/** @param {Review} review @param {Choices} choices @param {(review: Review, list: import("../merge_state.js").Clash[]) => void} clashed */
export function usePaper(review, choices, clashed) {
  const [sheet, setSheet] = useState(/** @type {{preview: Preview | null, problem: any} | null} */ (null));
  const [busy, setBusy] = useState(false);
  /** @param {any} problem */
  const failed = async (problem) => {
    if (problem.slug !== "crm-conflict" && problem.slug !== "stale") return setSheet({ preview: null, problem });
    const wanted = { connection: review.connection.id, ...(review.record?.id ? { record: review.record.id } : { create: "true" }) };
    const now = await fetchReview(review.contact_id, wanted).catch(complain);
    setSheet(null);
    if (!now) return;
    clashed(now, clashes(review, choices, now));
    announce(t("conflict.title"));
  };
  const plan = () => api.post("/v1/previews", previewBody(review, choices));
  const dryRun = () => {
    setSheet({ preview: null, problem: null });
    plan().then((preview) => setSheet({ preview, problem: null }), failed);
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
    else setSheet({ preview, problem: null });
  };
  return { sheet, close: () => setSheet(null), busy, dryRun, commit, writeNow };
}
