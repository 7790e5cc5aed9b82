// Whether a record is the contact's person: said, remembered, and taken back without a trace.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { complain, toast } from "../state.js";

/** @typedef {import("../types.js").Cluster} Cluster */

/** Whether the record is one of the contact's person. @param {string} contact @param {number} version of the contact @param {string} record @param {boolean} belongs @returns {Promise<Cluster>} */
export const decideMember = (contact, version, record, belongs) => api.post(`/v1/contacts/${contact}/cluster`, { record_id: record, belongs }, { version });

/** Splits off, or puts back, and offers the way back. @param {{contact: string, version: number, record: string, name: string}} of @param {boolean} belongs @param {(now: Cluster) => void} changed */
export async function turnMember(of, belongs, changed) {
  try {
    const now = await decideMember(of.contact, of.version, of.record, belongs);
    const back = () => turnMember({ ...of, version: now.contact_version }, !belongs, changed);
    changed(now);
    toast({ text: t(belongs ? "cluster.joined" : "cluster.split_off", { name: of.name }), kind: "good", label: t("undo"), act: () => { back(); } });
    return back;
  } catch (problem) {
    complain(problem);
    return null;
  }
}
