// Whose a record is in its CRM, and when and by whom it was last changed there, in words; empty where the CRM tells nothing.
import { day, t } from "../i18n.js";

/** @typedef {import("../types.js").Custody} Custody */

/** @param {Custody} custody */
export const changedText = ({ changed_at: at, changed_by: by }) => !at ? "" : by ? t("custody.changed_by", { when: day(at), who: by }) : t("custody.changed", { when: day(at) });

/** @param {Custody} custody */
export const custodyText = (custody) => [custody.owner ? t("custody.owner", { who: custody.owner }) : "", changedText(custody)].filter(Boolean).join(", ");
