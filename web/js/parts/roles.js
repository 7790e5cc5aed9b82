// The roles that an administrator gives, as options with their sentences.
import { t } from "../i18n.js";

export const ROLES = /** @type {const} */ (["reporter", "user", "template_curator", "template_manager", "admin"]);
/** What somebody may become by a domain or an invitation: an administrator is made by another one afterwards. */
export const JOINING = /** @type {const} */ (["reporter", "user", "template_curator", "template_manager"]);

/** @param {readonly (typeof ROLES[number])[]} roles */
export const roleOptions = (roles) => roles.map((value) => ({ value, label: t(`role.${value}`), text: t(`role.${value}.text`) }));
