/* The insides of a prepared record, for the files of dedupe/ only. Texts are levelled (contact/fold.h) unless said.
 * What many records have is one object in a pool, so that a pointer tells whether two values are the same. */
#ifndef DEDUPE_RECORD_H
#define DEDUPE_RECORD_H

#include "contact/company.h"
#include "contact/name.h"
#include "dedupe/dedupe.h"

enum { DEDUPE_REACH = 4, DEDUPE_SLIPS = 10 }; /* mails, sites, numbers of one kind that are compared */

/* Given or family name. */
struct dedupe_side {
    const struct contact_name_part *parts;
    size_t n;
    struct str text;       /* plain parts joined */
    struct str sound, ocr; /* of the text: dedupe_sound(), dedupe_ocr_level() */
    /* Hashes of the three: texts that differ are known without reading them. */
    uint32_t text_key, sound_key, ocr_key;
    uint64_t text_hash, sound_hash; /* of which keys are made */
    uint64_t slips[DEDUPE_SLIPS];   /* of the text with one of its first letters left out */
    uint8_t slips_n;
    bool brief;   /* given name: may be short for another */
    bool initial; /* given name: the first is a single letter */
    double share; /* log2 of the shipped share of people with this name */
    enum contact_generation generation;
};

/* Internet domain of an employer or a mail provider. */
struct dedupe_site {
    struct str site;  /* registrable domain, or the free-mail domain */
    struct str label; /* "mustermaschinenbau" of muster-maschinenbau.de */
    uint32_t key;     /* hash of the site */
    bool free_mail;   /* gmail.com: says nothing of the employer */
};

struct dedupe_mail {
    struct str address; /* lower case */
    struct str local;   /* letters of the mailbox, plain: "annamuller" of Anna.Mueller2@… */
    struct str digits;  /* its digits: "2" */
    struct str shown;   /* as in the contact */
    const struct dedupe_site *site;
    bool role; /* info@: a mailbox of many */
};

struct dedupe_number {
    struct str digits; /* E.164 without the plus sign */
    struct str shown;  /* as in the contact */
    bool central;      /* ends in 0: a switchboard rather than a desk */
};

struct dedupe_place {
    struct str street, postal_code, city; /* levelled, "" = unknown */
    struct str shown;
};

struct dedupe_record {
    const struct contact *contact; /* NULL: only for matching within a stock */
    const struct dedupe_side *given, *family;
    const struct contact_company *company;
    uint32_t company_key; /* hash of its joined name */
    const struct dedupe_mail *mails;
    const struct dedupe_site *const *sites; /* of mails and web addresses, free mail left out */
    const struct dedupe_number *phones, *mobiles;
    const struct dedupe_place *place; /* the first address that has any of it */
    struct str company_shown;
    struct str birth; /* date of birth as text, "" = unknown */
    uint8_t mails_n, sites_n, phones_n, mobiles_n;
    enum contact_generation generation;
};

/* Hashes for telling texts apart, not for keeping. */
uint64_t dedupe_text_hash(struct str text);
static inline uint32_t dedupe_text_key(struct str text)
{
    return (uint32_t)dedupe_text_hash(text);
}

struct dedupe_pool;

/* Forms that repeat, by the text they come from. Without a pool every record has its own. */
enum dedupe_form_kind {
    DEDUPE_FORM_GIVEN,
    DEDUPE_FORM_FAMILY,
    DEDUPE_FORM_COMPANY,
    DEDUPE_FORM_SITE,
    DEDUPE_FORM_STREET,
    DEDUPE_FORM_POSTAL,
    DEDUPE_FORM_CITY,
};
/* Where the form of a text is kept, *slot NULL at first; valid until the next call. */
const void **dedupe_pool_slot(struct dedupe_pool *pool, enum dedupe_form_kind kind, struct str text);
/* For what is gone after some records. */
struct arena *dedupe_pool_scratch(struct dedupe_pool *pool);
struct arena *dedupe_pool_arena(struct dedupe_pool *pool);
/* A copy that stays, without padding; "" for the empty text. */
struct str dedupe_pool_text(struct dedupe_pool *pool, struct str text);

enum { DEDUPE_HASHES_MAX = 64 };
/* Hashes of the keys to match by, for blocking in memory; a key may be there twice. */
size_t dedupe_match_hashes(const struct dedupe_record *record, uint64_t ret_hashes[DEDUPE_HASHES_MAX]);

#endif
