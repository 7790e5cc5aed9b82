/* Contacts in the words of others: vCard 4.0 (RFC 6350), 3.0 (RFC 2426), 2.1 (reading only), jCard (RFC 7095) and
 * JSContact (RFC 9553). */
#ifndef CONTACT_VCARD_H
#define CONTACT_VCARD_H

#include "contact/contact.h"

enum {
    CONTACT_VCARD_BYTES = 1024 * 1024, /* one vCard read, photo included */
    CONTACT_VCARD_LINES = 2000,        /* properties of one vCard read */
};

/* What a vCard says beyond the contact. */
struct contact_vcard_extra {
    struct str uid;        /* UID, or absent */
    struct json_list rest; /* struct str: unfolded raw lines of properties the contact has no place for, in order, so
                              that writing back loses nothing (NOTE, PHOTO, BDAY, X-… and groups) */
};

/* vCard 4.0, CRLF, folded at 75 octets between characters. `extra` may be NULL; its UID and raw lines are written too
 * (raw lines whose name a contact field already covers are kept out). */
struct str contact_vcard(const struct contact *contact, const struct contact_vcard_extra *extra, struct arena *arena);
/* The same in version 3.0, for old address books (CardDAV servers, phones). */
struct str contact_vcard3(const struct contact *contact, const struct contact_vcard_extra *extra, struct arena *arena);

/* Reads the first vCard of the text: 2.1 with quoted-printable, 3.0, 4.0; CRLF or LF; folded lines; groups. Phones
 * become E.164 where libphonenumber can (`region` for national numbers), otherwise they stay as printed. Texts live in
 * the arena. `ret_extra` may be NULL. Errors: ERR_INVALID (no BEGIN:VCARD, no END:VCARD, not UTF-8), ERR_TOO_LARGE. */
int contact_vcard_read(struct str text, const char *region, struct arena *arena, struct contact *ret_contact,
                       struct contact_vcard_extra *ret_extra, struct err *err);

/* JSContact Card (RFC 9553), compact JSON; `uid` as URI or text, absent: one made from the content. */
struct str contact_jscontact(const struct contact *contact, struct str uid, struct arena *arena);
/* jCard (RFC 7095): the vCard 4.0 as a JSON array. */
struct str contact_jcard(const struct contact *contact, struct arena *arena);

#endif
