/* The insides of a prepared record, for the files of dedupe/ only. Texts are levelled (contact/fold.h) unless said. */
#ifndef DEDUPE_RECORD_H
#define DEDUPE_RECORD_H

#include "contact/company.h"
#include "contact/name.h"
#include "dedupe/dedupe.h"

enum { DEDUPE_REACH = 4 }; /* mails, sites, numbers of one kind that are compared */

struct dedupe_mail {
    struct str address; /* lower case */
    struct str local;   /* letters of the mailbox, plain: "annamuller" of Anna.Mueller2@… */
    struct str digits;  /* its digits: "2" */
    struct str site;    /* registrable domain, or the free-mail domain */
    struct str shown;   /* as in the contact */
    bool role;          /* info@: a mailbox of many */
    bool free_mail;     /* gmail.com: says nothing of the employer */
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
    const struct contact *contact;
    struct contact_name name;
    struct contact_company company;
    struct str given_sound, family_sound; /* Kölner Phonetik of the joined names */
    struct str given_ocr, family_ocr;     /* dedupe_ocr_level() of the joined names */
    struct str name_shown, company_shown;
    struct dedupe_mail mails[DEDUPE_REACH];
    struct str sites[DEDUPE_REACH];       /* of mails and web addresses, free mail left out */
    struct str site_labels[DEDUPE_REACH]; /* "mustermaschinenbau" of muster-maschinenbau.de */
    struct dedupe_number phones[DEDUPE_REACH], mobiles[DEDUPE_REACH];
    size_t mails_n, sites_n, phones_n, mobiles_n;
    struct dedupe_place place; /* of the first address that has any of it */
    struct str birth;          /* digits of the date of birth, "" = unknown */
    struct str birth_shown;
};

#endif
