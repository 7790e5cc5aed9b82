// What somebody may become by a domain or an invitation: an administrator is made by another one afterwards.
import { t } from "../i18n.js";

const ROLES = /** @type {const} */ (["reporter", "user", "template_curator", "template_manager"]);
export const joiningRoles = () => ROLES.map((value) => ({ value, label: t(`role.${value}`), text: t(`role.${value}.text`) }));
