// The choices of one merge, the field in hand, and everything that can be done to a field; each choice is announced.
import { t } from "../i18n.js";
import { label, plain } from "../fields.js";
import { choiceOf, mainOf, resultOf, takesOf } from "../merge_state.js";
import { announce } from "../state.js";
import { useState } from "../ui.js";

/** @typedef {import("../types.js").ReviewField} ReviewField */
/** @typedef {import("../types.js").FieldValue} FieldValue */
/** @typedef {import("../types.js").Take} Take */
/**
 * @typedef {object} Hands what a row can do
 * @property {(row: ReviewField, take: Take) => void} choose
 * @property {(row: ReviewField, value: FieldValue, said?: string) => void} own said: what is announced, where it is nobody's own
 * @property {(row: ReviewField, main: string) => void} main which of several values is the main one
 * @property {(field: string) => void} edit "" closes
 * @property {(row: ReviewField, box?: number[] | null) => void} zoom
 * @property {(row: ReviewField) => void} reset
 */

/** @param {string} field */
export function focusRow(field) {
  const row = document.querySelector(`[data-field="${field}"]`);
  /** @type {HTMLElement | null | undefined} */ (row?.querySelector("input:checked") || row?.querySelector("input"))?.focus({ preventScroll: true });
  row?.scrollIntoView({ block: "nearest" });
}

/** @param {ReviewField} row @param {Take} take @param {FieldValue} value */
const tell = (row, take, value) => announce(t("merge.chosen", { field: label(row.field), take: t(`take.${take}`), value: plain(row.field, value) || t("value.none") }));

/** @param {import("./load.js").Loaded} loaded */
export function useChoices(loaded) {
  const [choices, setChoices] = useState(loaded.choices);
  const [editing, setEditing] = useState("");
  const [current, setCurrent] = useState("");
  const [zoomed, setZoomed] = useState(/** @type {{row: ReviewField, box: number[] | null} | null} */ (null));
  /** @type {Hands} */
  const hands = {
    choose: (row, take) => {
      setCurrent(row.field);
      if (take === "own") return setEditing(row.field);
      setEditing("");
      const next = { ...choices, [row.field]: { take } };
      setChoices(next);
      tell(row, take, resultOf(row, next));
    },
    edit: (field) => {
      setEditing(field);
      if (field) setCurrent(field);
      else requestAnimationFrame(() => focusRow(current));
    },
    own: (row, value, said) => {
      setCurrent(row.field);
      setChoices({ ...choices, [row.field]: { take: "own", value } });
      setEditing("");
      if (said) announce(said);
      else tell(row, "own", value);
      requestAnimationFrame(() => focusRow(row.field));
    },
    main: (row, main) => {
      setCurrent(row.field);
      const { take, value } = choiceOf(row, choices);
      const next = { ...choices, [row.field]: { take, value, main } };
      const [first] = mainOf(row, { ...choices, [row.field]: { take, value } });
      setChoices(first?.value === main ? { ...choices, [row.field]: { take, value } } : next);
      announce(t("merge.main_chosen", { field: label(row.field), value: main }));
    },
    reset: (row) => {
      const { [row.field]: _, ...rest } = choices;
      setChoices(rest);
      setEditing("");
      announce(t("merge.was_reset", { field: label(row.field), value: plain(row.field, resultOf(row, rest)) || t("value.none") }));
      requestAnimationFrame(() => focusRow(row.field));
    },
    zoom: (row, box) => setZoomed({ row, box: box || row.snippet?.box || null }),
  };
  /** @param {Take} take of every field that has it */
  const all = (take) => {
    setChoices(Object.fromEntries(loaded.review.fields.filter((row) => takesOf(row).includes(take)).map((row) => [row.field, { take }])));
    announce(t("merge.all", { take: t(`take.${take}`) }));
  };
  return { choices, setChoices, editing, current, setCurrent, zoomed, setZoomed, hands, all };
}
