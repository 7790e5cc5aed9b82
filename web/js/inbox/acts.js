// What can be done to a row without opening it: write what the rules propose, or say that it is another person.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { complain, toast } from "../state.js";
import { decideMember } from "../cluster/decide.js";
import { track } from "../written.js";
import { fetchReview } from "../merge/load.js";
import { unquestioned, write } from "../merge/paper.js";
import { previewBody } from "../merge_state.js";

/** @typedef {import("../types.js").InboxItem} InboxItem */

/** Writes what the rules propose, unless that raises a question. @param {InboxItem} item @returns {Promise<"written" | "question" | "failed">} */
export async function accept({ contact, best: found }) {
  try {
    const review = await fetchReview(contact.id, found ? { connection: found.connection.id, record: found.record_id } : {});
    const preview = await api.post("/v1/previews", previewBody(review, {}));
    if (!unquestioned(preview)) return "question";
    track(await write(review, preview));
    return "written";
  } catch (problem) {
    complain(problem);
    return "failed";
  }
}

/** @param {InboxItem} item @param {() => void} again @returns {Promise<boolean>} */
export async function someoneElse({ contact, best: found }, again) {
  try {
    if (!found) return false;
    const now = await decideMember(contact.id, contact.version, found.record_id, false);
    const back = async () => { await decideMember(contact.id, now.contact_version, found.record_id, true); again(); };
    again();
    toast({ text: t("candidate.different_done"), kind: "good", label: t("undo"), act: () => back().catch(complain) });
    return true;
  } catch (problem) {
    complain(problem);
    return false;
  }
}
