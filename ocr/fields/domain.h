/* Domain names as a reader misreads them: repair towards names that can exist. Internal to ocr/fields. */
#ifndef OCR_FIELDS_DOMAIN_H
#define OCR_FIELDS_DOMAIN_H

#include "ocr/fields/look.h"

/* Lower case; a comma before a top-level domain becomes a dot, a missing dot before a common one is put in, letters
 * that readers mix up are exchanged until the top-level domain exists. Absent when it stays impossible. *ret_repaired
 * says whether anything but case changed. */
struct str ocr_domain_repair(struct str domain, struct arena *arena, bool *ret_repaired);
/* True for top-level domains that are common on cards. */
bool ocr_domain_common(struct str top);
/* Letters before the public suffix ("muster-bau" of www.muster-bau.de), absent when there are none. */
struct str ocr_domain_label(struct str domain, struct arena *arena);
/* End of the domain that begins at byte `from` of a line's text; blanks that a reader saw beside its dots are inside.
 */
size_t ocr_domain_walk(struct str s, size_t from);
/* The text without blanks; a blank where the dot before a common top-level domain belongs ("werk com sg") becomes that
 * dot. */
struct str ocr_domain_join(struct str s, struct arena *arena);
/* The text without blanks. */
struct str ocr_domain_close(struct str s, struct arena *arena);

#endif
