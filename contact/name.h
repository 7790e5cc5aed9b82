/* Normal form of a person's name: titles, particles and generation taken apart, double names split, order restored,
 * umlauts levelled both ways, nicknames (German, English and neighbours) known. */
#ifndef CONTACT_NAME_H
#define CONTACT_NAME_H

#include "contact/contact.h"

enum { CONTACT_NAME_PARTS = 4 }; /* given names, or parts of a family name, that are kept */

/* How an elder and a younger of the same name tell themselves apart. */
enum contact_generation {
    CONTACT_GENERATION_NONE,
    CONTACT_GENERATION_JUNIOR,
    CONTACT_GENERATION_SENIOR,
    CONTACT_GENERATION_SECOND,
    CONTACT_GENERATION_THIRD,
};

/* One word of a name. */
struct contact_name_part {
    struct str folded; /* "mueller" for Müller: contact_fold(), digits that OCR put for letters undone */
    struct str plain;  /* "muller": contact_plain() */
};

struct contact_name {
    struct contact_name_part given[CONTACT_NAME_PARTS], family[CONTACT_NAME_PARTS];
    size_t given_n, family_n; /* either may be 0 */
    struct str given_text;    /* plain parts joined: "hanspeter" for Hans-Peter, "" when there is none */
    struct str family_text;   /* "schmidtlehmann", without particles */
    enum contact_generation generation;
    bool initial; /* the first given name is a single letter */
};

/* Takes given_name, family_name and name_suffix apart; a whole name in one of the two ("Schmidt, Anna", "Dr. Anna
 * SCHMIDT") is put in order. Texts live in the arena. Both counts are 0 for a contact without a person. */
void contact_name_form(const struct contact *contact, struct arena *arena, struct contact_name *ret_name);

/* True when one given name may be short for the other, or both for the same ("andi", "andy"); plain spelling. Not for
 * equal names. */
bool contact_name_nickname(struct str a, struct str b);

/* True when the name is short for another one at all; of two nicknames of each other, one is. Plain spelling. */
bool contact_name_brief(struct str name);

#endif
