/* Any bytes as a vCard: reading must end with a contact or an error, and what was read must be writable and readable.
 */
#include "contact/vcard.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena *arena = arena_new((size_t)256 * 1024 * 1024);
    struct contact contact, again;
    struct contact_vcard_extra extra;
    struct err err;
    struct str text = {size ? (const char *)data : "", size};
    if (size <= 65536 && contact_vcard_read(text, "DE", arena, &contact, &extra, &err) == 0) {
        struct str card = contact_vcard(&contact, &extra, arena);
        assert(contact_vcard_read(card, "DE", arena, &again, NULL, &err) == 0);
        assert(again.emails.n == contact.emails.n);
        (void)contact_vcard3(&contact, &extra, arena);
        (void)contact_jscontact(&contact, extra.uid, arena);
        (void)contact_jcard(&contact, arena);
    }
    arena_free(arena);
    return 0;
}
