// vCards that somebody was sent or has saved: each becomes a contact, in the list and fair that captures go to. Files stay where they are, so
// nothing is held back without a network.
import { api } from "../api.js";
import { cardsOf, textOf } from "../text_file.js";

/** Photos are not read, and make a card large. @param {string} card */
const withoutPicture = (card) => card.replace(/^(?:item\d+\.)?(?:PHOTO|LOGO|SOUND|KEY)[;:].*(?:\r?\n[ \t].*)*\r?\n/gim, "");

/** The contacts that were made. @param {File[]} files @param {{list: string, fair: string}} goal @returns {Promise<number>} */
export async function takeVcards(files, { list, fair }) {
  let n = 0;
  for (const file of files)
    for (const card of cardsOf(textOf(await file.arrayBuffer()))) {
      await api.post("/v1/contacts", { vcard: withoutPicture(card), ...(list && { list_id: list }), ...(fair && { fair_id: fair }) });
      n += 1;
    }
  return n;
}
