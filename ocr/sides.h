/* The two sides of one card, read by themselves, as one contact. A function from values to values. */
#ifndef OCR_SIDES_H
#define OCR_SIDES_H

#include "ocr/message.h"

/* Joins what was read on the photo of a card's front with that of its back:
 * - a value of the front stays; the back fills what the front lacks, and adds e-mails, phones, URLs and addresses that
 *   the front does not have in other clothes (an address by street and town, a URL without scheme and "www.");
 * - the name is taken whole from one side;
 * - a code (a claim without a place) speaks louder than print, on whichever side it is; so does print that is believed
 *   where the other side's is doubtful. What lost is kept as an alternative reading;
 * - what both sides say counts more than on one.
 * Claims and rests of the back carry side "back"; the card's `back` is the other side's picture.
 *
 * Where only one side could be read, it is the answer. Several cards on the front's photo have no common back: then the
 * back's cards follow as cards of their own, without a quad, and nothing is lost. Texts are shared with both messages.
 */
void ocr_sides_join(const struct ocr_message *front, const struct ocr_message *back, struct arena *arena,
                    struct ocr_message *ret_message);

#endif
