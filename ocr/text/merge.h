/* Two readings of one card become one, word by word. */
#ifndef OCR_TEXT_MERGE_H
#define OCR_TEXT_MERGE_H

#include "ocr/text/engine.h"

/* Where both saw text, the more confident reading stands and the other becomes an alternative; where only one did, its
 * word is taken if it is credible. Boxes of both are in the same pixels. */
struct ocr_words ocr_merge(struct ocr_words a, struct ocr_words b, struct arena *arena);

/* Another reading of the word: kept as an alternative unless it is the same. */
void ocr_word_doubt(struct ocr_word *word, struct str text, struct arena *arena);

/* Drops what is no word: specks, ruler lines, texture read as letters. */
void ocr_merge_clean(struct ocr_words *words);

/* Letters around an at sign and a dot, or small letters with a dot and no digit in the end: a mail or web address as
 * one word. The engine is never sure of a word it does not know, but noise does not take this form. */
bool ocr_address_form(struct str text);

#endif
