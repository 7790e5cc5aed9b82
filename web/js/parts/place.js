// A place of a contact as people read it: "phones.mobile" -> "Telefon (Mobil)", "addresses.2.city" -> "Adresse 2: Ort".
import { t } from "../i18n.js";
import { ADDRESS_PARTS, KINDS, label } from "../fields.js";

/** @param {string} ours as in a mapping's rows */
export function placeName(ours) {
  const [field, second, third] = ours.split(".");
  if (!second) return label(field);
  const part = ADDRESS_PARTS.find((one) => one === third);
  if (field === "addresses") return t("mapping.address", { n: second, part: part ? t(`address.${part}`) : t("mapping.country_code") });
  const kind = KINDS.find((one) => one === second);
  return t("mapping.of_kind", { field: label(field), kind: kind ? t(`kind.${kind}`) : t("mapping.any") });
}
