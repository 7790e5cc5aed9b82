// A cluster of more than two in the merge view: members as columns, how they hang together, and splitting one off, which is remembered and
// can be taken back.
import { api } from "../api.js";
import { t } from "../i18n.js";
import { html, useEffect, useRef, useState } from "../ui.js";
import { empty, equal, label } from "../fields.js";
import { takesOf } from "../merge_state.js";
import { Icon } from "../parts/icon.js";
import { mergeAddress } from "../screens/contact_verdict.js";
import { turnMember } from "./decide.js";
import { Links } from "./links.js";
import { Place, SideBySide, letter } from "./members.js";

/** @typedef {import("../types.js").Cluster} Cluster */
/** @typedef {import("../types.js").ClusterMember} Member */
/** @typedef {import("../types.js").ReviewField} ReviewField */
/** @typedef {import("../merge/load.js").Loaded} Loaded */

const FIRST_KEY = 3; // 1 is the card, 2 the record that is compared

/** @param {Loaded} loaded @param {(cluster: Cluster, record: string, belongs: boolean) => void} moved after a split or its undoing */
export function useCluster({ contact, review }, moved) {
  const [cluster, setCluster] = useState(/** @type {Cluster | null} */ (null));
  const [current, setCurrent] = useState("");
  const back = useRef(/** @type {(() => void) | null} */ (null));
  const order = useRef(/** @type {string[]} */ ([]));
  /** Whoever was split off keeps column and letter. @param {Cluster} now */
  const put = (now) => {
    const ids = now.members.map((one) => one.record.record_id);
    order.current = [...order.current, ...ids.filter((id) => !order.current.includes(id))];
    setCluster({ ...now, members: [...now.members].sort((a, b) => order.current.indexOf(a.record.record_id) - order.current.indexOf(b.record.record_id)) });
  };
  useEffect(() => { api.get(`/v1/contacts/${contact.id}/cluster`).then(put, () => {}); }, [contact.id, review.record?.id]);
  const members = cluster?.members || [];
  const shown = review.record?.id;
  const further = members.filter((one) => one.record.record_id !== shown);
  const hand = further.find((one) => one.record.record_id === current) || further[0] || null;
  /** @param {Member} member */
  const turn = async (member) => {
    const record = member.record.record_id;
    const of = { contact: contact.id, version: cluster?.contact_version || review.contact_version, record, name: member.record.display };
    back.current = await turnMember(of, !member.belongs, (now) => { put(now); moved(now, record, !!now.members.find((one) => one.record.record_id === record)?.belongs); });
  };
  /** @param {number} step */
  const select = (step) => {
    const next = further[Math.max(0, Math.min(further.length - 1, (hand ? further.indexOf(hand) : 0) + step))];
    if (!next) return;
    setCurrent(next.record.record_id);
    requestAnimationFrame(() => {
      const box = /** @type {HTMLElement | null} */ (document.querySelector(`[data-member="${next.record.record_id}"] input`));
      box?.focus({ preventScroll: true });
      box?.scrollIntoView({ block: "nearest", inline: "nearest" });
    });
  };
  return {
    cluster, members, hand, select, turn, setCurrent, several: members.length > 1 || further.length > 0,
    /** Those whose values have a key, in its order. */
    keyed: further.filter((one) => one.belongs),
    undo: () => { const act = back.current; back.current = null; act?.(); return !!act; },
  };
}
/** @typedef {ReturnType<typeof useCluster>} Work */

/** @param {Work} work @param {string} record */
const keyOf = (work, record) => {
  const at = work.keyed.findIndex((one) => one.record.record_id === record);
  return at >= 0 && at <= 9 - FIRST_KEY ? String(at + FIRST_KEY) : "";
};

/** The member whose value a number key takes. @param {Work} work @param {number} key */
export const memberAt = (work, key) => work.keyed[key - FIRST_KEY] || null;

/** @param {{member: Member, i: number, work: Work, shown: boolean, loaded: Loaded, merge: (record: string) => void}} props */
function Head({ member: { record, belongs }, i, work, shown, loaded: { contact, review }, merge }) {
  const key = keyOf(work, record.record_id);
  const mergeable = belongs && !shown && review.connection.native_merge && review.record && record.connection.id === review.connection.id;
  const hand = work.hand?.record.record_id === record.record_id;
  return html`${key && html`<kbd aria-hidden="true">${key}</kbd>`} <${Place} connection=${record.connection} remote_id=${record.remote_id} />
    <span class="member-acts" data-member=${record.record_id} onFocusIn=${() => work.setCurrent(record.record_id)}>
      <label class="check"><input type="checkbox" checked=${belongs} aria-label=${t("cluster.belongs_of", { letter: letter(i), name: record.display })} onChange=${() => work.turn({ record, belongs, candidate_id: null })} /><span>${t("cluster.belongs")}${hand && html` <kbd aria-hidden="true">X</kbd>`}</span></label>
      ${shown ? html`<span class="soft">${t("cluster.compared")}</span>` : html`<a href=${mergeAddress(contact.id, /** @type {any} */ (record))}>${t("cluster.compare")}</a>`}
      ${mergeable && html`<button type="button" class="quiet" onClick=${() => merge(record.record_id)}><${Icon} name="merge" />${t("native.open")}</button>`}</span>`;
}

/** @param {{loaded: Loaded, work: Work, takeFrom: (row: ReviewField, member: Member, letter: string) => void, merge: (record: string) => void}} props */
export function ClusterPanel({ loaded, work, takeFrom, merge }) {
  const { contact, review } = loaded;
  const rows = new Map(review.fields.map((row) => [row.field, row]));
  const shown = review.record?.id;
  const n = work.members.filter((one) => one.belongs).length;
  const columns = [{ id: contact.id, contact: contact.contact, head: html`${t("merge.card")} <kbd aria-hidden="true">1</kbd>` }, ...work.members.map((member, i) => ({
    id: member.record.record_id, contact: member.record.contact, off: !member.belongs, current: member === work.hand,
    head: html`<${Head} member=${member} i=${i + 1} work=${work} shown=${member.record.record_id === shown} loaded=${loaded} merge=${merge} />`,
  }))];
  /** @param {string} field @param {import("./members.js").Column} column */
  const cell = (field, column) => {
    const row = rows.get(field);
    const at = work.members.findIndex((one) => one.record.record_id === column.id);
    const member = work.members[at];
    const value = /** @type {any} */ (column.contact)[field];
    if (!row || !member?.belongs || column.id === shown || !takesOf(row).length || empty(value) || equal(value, row.crm) || equal(value, row.card)) return null;
    return html` <button type="button" class="link" aria-label=${t("cluster.take_of", { field: label(field), letter: letter(at + 1) })} onClick=${() => takeFrom(row, member, letter(at + 1))}>${t("take")}</button>`;
  };
  return html`<section class="panel cluster" aria-labelledby="cluster-title"><h2 id="cluster-title">${t("cluster.title", { n })}</h2>
    <p class="soft">${t("cluster.text")}</p>
    ${work.cluster?.notes.map((note) => html`<p key=${note} class="notice warn"><${Icon} name="info" /><span>${note}</span></p>`)}
    <${Links} nodes=${columns.map((one, i) => ({ id: one.id, letter: letter(i), off: "off" in one && one.off }))} links=${work.cluster?.links || []} />
    <${SideBySide} title=${t("duplicates.side_by_side")} columns=${columns} cell=${cell} /></section>`;
}
