/* Are two contacts the same person, and why? Values to values: no clock, file or database. A record is prepared once,
 * meets others by match keys, and is scored pair by pair (Fellegi and Sunter 1969, ordered levels, see model.h). */
#ifndef DEDUPE_DEDUPE_H
#define DEDUPE_DEDUPE_H

#include "contact/contact.h"

/* A contact in its normal forms. Lives in the arena it was prepared in and borrows the contact's texts, so the contact
 * must live as long. */
struct dedupe_record;

/* Never fails; a contact without any text gives a record that has no keys and scores 0 bits against everything. */
struct dedupe_record *dedupe_prepare(const struct contact *contact, struct arena *arena);

/* Date of birth, which business contacts lack and person files have: "1971-06-24"; other forms are compared as text.
 * Borrows the text. */
void dedupe_set_birth(struct dedupe_record *record, struct str date);

/* ---- Match keys: two contacts that share a DEDUPE_FOR_MATCH key are worth scoring. ---- */

enum { DEDUPE_KEYS_MAX = 48 }; /* keys of one record at most; when there are more, NAME_SLIP keys go first */

enum dedupe_key_kind {
#define X(name, tag, use, doc) DEDUPE_KEY_##name,
#include "dedupe/keys.def"
#undef X
    DEDUPE_KEY_KINDS
};

enum dedupe_key_use { DEDUPE_FOR_MATCH = 1, DEDUPE_FOR_SEARCH = 2 };

struct dedupe_key {
    enum dedupe_key_kind kind;
    unsigned use;    /* enum dedupe_key_use, or-ed */
    struct str text; /* "e|anna@x.example": tag of the kind, bar, normal form; unique over all kinds; personal data */
};

struct dedupe_keys {
    struct dedupe_key key[DEDUPE_KEYS_MAX];
    size_t n;
};

/* All keys of a record, for matching and for search, without repeats. Store all; match by those with DEDUPE_FOR_MATCH,
 * search by those with DEDUPE_FOR_SEARCH. Texts live in `arena`. */
void dedupe_keys(const struct dedupe_record *record, struct arena *arena, struct dedupe_keys *ret_keys);
/* Keys of what a person types into a search field (words of names and companies, an e-mail, a domain, the end of a
 * phone number): a contact is found when it has every one of them. None when nothing in the text can be searched. */
void dedupe_query_keys(struct str query, struct arena *arena, struct dedupe_keys *ret_keys);

/* ---- Scoring ---- */

enum dedupe_band {
    DEDUPE_NONE,     /* not worth showing */
    DEDUPE_POSSIBLE, /* a person should look */
    DEDUPE_OBVIOUS,  /* preselected; never by name alone, a shared phone or mailbox, or against a contradiction */
};
extern const char *const dedupe_band_words[]; /* "none", "possible", "obvious", NULL */

enum dedupe_outcome {
    DEDUPE_DIFFERENT,
    DEDUPE_COLLEAGUE, /* same employer, another person */
    DEDUPE_MOVED,     /* same person at a new employer: update, do not merge blindly */
    DEDUPE_SAME,
};
extern const char *const dedupe_outcome_words[]; /* "different", "colleague", "moved", "same", NULL */

/* What two people may be to each other who are not one. */
enum dedupe_rival {
    DEDUPE_RIVAL_COLLEAGUE, /* same employer */
    DEDUPE_RIVAL_NAMESAKE,  /* same or like name */
    DEDUPE_RIVAL_RELATIVE,  /* same family name, and a number or address in common */
    DEDUPE_RIVAL_STRANGER,
    DEDUPE_RIVALS
};
extern const char *const dedupe_rival_words[]; /* "colleague", "namesake", "relative", "stranger", NULL */

/* What one comparison found: one bar of the waterfall chart. */
struct dedupe_reason {
    struct str field;       /* "name", "employer", "email", "phone", "mobile", "address", "birth" */
    struct str level;       /* row of levels.def, e.g. "same_rare"; field and level are the key of the sentence */
    double weight;          /* log2(m/u), > 0 speaks for the same person; with term frequency where it applies */
    struct str left, right; /* the values as the two contacts have them; absent when there is none */
    double rarity;          /* bits of the weight that are the rarity of the name (term frequency) */
    struct json_list left_steps, right_steps; /* struct dedupe_step: filled by dedupe_steps() (steps.h) */
};
extern const struct json_shape dedupe_reason_shape;

enum { DEDUPE_REASONS_MAX = 8 };

struct dedupe_verdict {
    double weight;      /* sum of the reasons' weights, in bits */
    double probability; /* 0..1, from the weight and the model's prior for pairs that share a key */
    enum dedupe_band band;
    enum dedupe_outcome outcome;
    struct dedupe_reason reasons[DEDUPE_REASONS_MAX]; /* strongest first, without comparisons that could not be made */
    size_t n;
    double prior;            /* bits before anything was compared; of prior + weight comes the probability (model.h) */
    enum dedupe_rival rival; /* the likeliest other explanation */
    double rival_bits;       /* log2 of how much likelier it is than one person; > 0: likelier */
};

/* Levels, weights, prior, name frequencies: see model.h. */
struct dedupe_model;
/* The shipped weights (levels.def says how they were estimated). Static, never freed. */
const struct dedupe_model *dedupe_model_default(void);
/* The same for a stock of so many records, in the arena: the more there are, the more namesakes meet by name alone. */
const struct dedupe_model *dedupe_model_for(size_t records, struct arena *arena);
/* Any other weights (dedupe/weights/weights.h) for a stock of so many records. */
const struct dedupe_model *dedupe_model_sized(const struct dedupe_model *model, size_t records, struct arena *arena);

/* Symmetric up to left and right. Values of the reasons live as long as the records and `arena`. */
void dedupe_score(const struct dedupe_model *model, const struct dedupe_record *a, const struct dedupe_record *b,
                  struct arena *arena, struct dedupe_verdict *ret_verdict);

/* The reason in words, "de" or anything else for English: "Same e-mail address: anna@x.example". */
struct str dedupe_reason_sentence(const struct dedupe_reason *reason, const char *language, struct arena *arena);
/* The verdict in one sentence: "Very likely the same person, now with another employer." */
struct str dedupe_verdict_sentence(const struct dedupe_verdict *verdict, const char *language, struct arena *arena);

#endif
