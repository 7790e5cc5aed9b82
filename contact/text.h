/* Normal forms and classes of text by Unicode (UAX 15, UAX 44). Only text.c knows ICU. Broken UTF-8 is not expected; it
 * comes back unchanged. Results live in the arena. */
#ifndef CONTACT_TEXT_H
#define CONTACT_TEXT_H

#include "base/str.h"

/* Normalisation forms C and KC. */
struct str contact_text_nfc(struct str s, struct arena *arena);
struct str contact_text_nfkc(struct str s, struct arena *arena);

/* For comparison: case folded, NFKC, accents removed, sharp s as ss, every run of anything but letters and digits one
 * blank, none at the ends ("Müller-Weiß, K." -> "muller weiss k"). */
struct str contact_text_fold(struct str s, struct arena *arena);
/* The same with German umlauts written out (ä -> ae, ö -> oe, ü -> ue; also Danish ø -> oe, å -> aa, æ -> ae), so that
 * "Müller" meets "Mueller". */
struct str contact_text_translit(struct str s, struct arena *arena);
/* contact_text_translit without blanks: letters and digits only, for domains and local parts ("muellerweissk"). */
struct str contact_text_letters(struct str s, struct arena *arena);

/* Full case mappings; title makes the first letter of each word (after a blank, hyphen or apostrophe) a capital. */
struct str contact_text_lower(struct str s, struct arena *arena);
struct str contact_text_upper(struct str s, struct arena *arena);
struct str contact_text_title(struct str s, struct arena *arena);

/* Trimmed, every run of white space (also no-break and zero-width blanks) one blank. */
struct str contact_text_squeeze(struct str s, struct arena *arena);

/* A domain name in its ASCII form ("Bücher.example" -> "xn--bcher-kva.example"; UTS 46), lower case, without a final
 * dot; absent when it has none. */
struct str contact_domain_ascii(struct str domain, struct arena *arena);

bool contact_text_has_digit(struct str s);    /* any of 0-9 */
bool contact_text_starts_upper(struct str s); /* its first character is a capital; false when empty */

/* Classes of one code point. */
bool contact_char_letter(uint32_t c);
bool contact_char_upper(uint32_t c);
bool contact_char_lower(uint32_t c);
bool contact_char_digit(uint32_t c); /* 0-9 only */
bool contact_char_space(uint32_t c);

#endif
