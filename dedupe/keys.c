/* Match keys: the texts by which two records, or a record and a search, meet. */
#include "contact/email.h"
#include "contact/fold.h"
#include "dedupe/record.h"

#include <string.h>

enum {
    STEM_DIGITS = 9,   /* of a phone number with country code: the area and the beginning of the subscriber's number */
    NUMBER_DIGITS = 7, /* the end of a phone number that people search by */
    MAILBOX_LETTERS = 7, /* from here on a mailbox name is worth meeting by */
};

static const struct {
    struct str tag;
    unsigned use;
} kinds[] = {
#define X(name, tag, use, doc) {{"" tag, sizeof(tag) - 1}, use},
#include "dedupe/keys.def"
#undef X
};

/* Where keys are collected: their texts, or only the hashes of those to match by. */
struct sink {
    struct dedupe_keys *keys;
    struct arena *arena;
    uint64_t *hashes; /* NULL: texts */
    size_t n;
};

/* A key of a kind by the hashes of its two halves. */
static void add_hash(struct sink *sink, enum dedupe_key_kind kind, uint64_t left, uint64_t right)
{
    if (sink->n == DEDUPE_HASHES_MAX || !(kinds[kind].use & DEDUPE_FOR_MATCH))
        return;
    uint64_t h = (left ^ ((uint64_t)kind + 1) * 0x9e3779b97f4a7c15u) * 0xff51afd7ed558ccdu;
    h = (h ^ h >> 32 ^ right) * 0xc4ceb9fe1a85ec53u;
    sink->hashes[sink->n++] = h ^ h >> 31;
}

/* A key of texts laid end to end, of which the first two are the tag and a bar. */
static void add_texts(struct sink *sink, enum dedupe_key_kind kind, const struct str *texts, size_t n)
{
    struct dedupe_keys *keys = sink->keys;
    struct str full = contact_join(texts, n, "", sink->arena); /* keys are made by the million: no printf */
    for (size_t i = 0; i < keys->n; i++) {
        if (str_eq(keys->key[i].text, full))
            return;
    }
    if (keys->n < DEDUPE_KEYS_MAX)
        keys->key[keys->n++] = (struct dedupe_key){kind, kinds[kind].use, full};
}

static void add(struct sink *sink, enum dedupe_key_kind kind, struct str text)
{
    const struct str texts[] = {kinds[kind].tag, STR("|"), text};
    if (sink->hashes)
        add_hash(sink, kind, dedupe_text_hash(text), 0);
    else
        add_texts(sink, kind, texts, ARRAY_LEN(texts));
}

/* "left+right"; nothing when a half is missing. */
static void add_pair(struct sink *sink, enum dedupe_key_kind kind, struct str left, struct str right)
{
    const struct str texts[] = {kinds[kind].tag, STR("|"), left, STR("+"), right};
    if (str_empty(left) || str_empty(right))
        return;
    if (sink->hashes)
        add_hash(sink, kind, dedupe_text_hash(left), dedupe_text_hash(right));
    else
        add_texts(sink, kind, texts, ARRAY_LEN(texts));
}

/* Half of a key whose hash is known. */
struct half {
    struct str text;
    uint64_t hash;
};

static struct half side_text(const struct dedupe_side *side)
{
    return (struct half){side->text, side->text_hash};
}

static struct half side_sound(const struct dedupe_side *side)
{
    return (struct half){side->sound, side->sound_hash};
}

/* Any other text; its hash is made once for all keys that it is half of. */
static struct half half_of(const struct sink *sink, struct str text)
{
    return (struct half){text, sink->hashes && text.n > 0 ? dedupe_text_hash(text) : 0};
}

static void add_sides(struct sink *sink, enum dedupe_key_kind kind, struct half left, struct half right)
{
    if (!sink->hashes)
        add_pair(sink, kind, left.text, right.text);
    else if (left.text.n > 0 && right.text.n > 0)
        add_hash(sink, kind, left.hash, right.hash);
}

static void add_address(struct sink *sink, const struct dedupe_mail *mail)
{
    enum dedupe_key_kind kind = mail->role ? DEDUPE_KEY_MAILBOX : DEDUPE_KEY_EMAIL;
    const struct str texts[] = {kinds[kind].tag, STR("|"), mail->local, mail->digits, STR("@"), mail->site->site};
    if (sink->hashes)
        add_hash(sink, kind, dedupe_text_hash(mail->local) + 31 * dedupe_text_hash(mail->digits), mail->site->key);
    else
        add_texts(sink, kind, texts, ARRAY_LEN(texts));
}

static void add_mail(struct sink *sink, const struct dedupe_mail *mail)
{
    add_address(sink, mail);
    if (!mail->role && mail->local.n >= MAILBOX_LETTERS)
        add(sink, DEDUPE_KEY_LOCAL_PART, mail->local);
}

static void add_reach(struct sink *sink, const struct dedupe_record *record)
{
    for (size_t i = 0; i < record->mails_n; i++)
        add_mail(sink, &record->mails[i]);
    for (size_t i = 0; i < record->mobiles_n; i++)
        add(sink, DEDUPE_KEY_PHONE, record->mobiles[i].digits);
    for (size_t i = 0; i < record->phones_n; i++) {
        if (!record->phones[i].central)
            add(sink, DEDUPE_KEY_PHONE, record->phones[i].digits);
    }
}

/* The person at the employer: by family name and by given name, so that one of the two may be wrong. */
static void add_person_at_employer(struct sink *sink, const struct dedupe_record *record)
{
    const struct dedupe_side *family = record->family;
    struct half given = record->given->initial ? (struct half){STR(""), 0} : side_text(record->given);
    struct half word = half_of(sink, record->company->n > 0 ? record->company->words[0] : STR(""));
    for (size_t i = 0; i < record->sites_n; i++) {
        struct half site = half_of(sink, record->sites[i]->site);
        add_sides(sink, DEDUPE_KEY_FAMILY_DOMAIN, side_text(family), site);
        for (size_t k = 0; k < family->n && family->n > 1; k++)
            add_sides(sink, DEDUPE_KEY_FAMILY_DOMAIN, half_of(sink, family->parts[k].plain), site);
        add_sides(sink, DEDUPE_KEY_GIVEN_DOMAIN, given, site);
    }
    add_sides(sink, DEDUPE_KEY_FAMILY_COMPANY, side_sound(family), word);
    add_sides(sink, DEDUPE_KEY_GIVEN_COMPANY, given, word);
    for (size_t i = 0; i < record->phones_n; i++) {
        struct half stem = half_of(sink, str_slice(record->phones[i].digits, 0, STEM_DIGITS));
        add_sides(sink, DEDUPE_KEY_FAMILY_STEM, side_sound(family), stem);
        add_sides(sink, DEDUPE_KEY_GIVEN_STEM, given, stem);
    }
}

static void add_names(struct sink *sink, const struct dedupe_record *record)
{
    const struct dedupe_side *given = record->given, *family = record->family;
    bool given_first = str_cmp(given->text, family->text) <= 0;
    add_sides(sink, DEDUPE_KEY_FULL_NAME, side_text(given_first ? given : family),
              side_text(given_first ? family : given));
    add_sides(sink, DEDUPE_KEY_NAME_SOUND, side_sound(family), side_sound(given));
    add_sides(sink, DEDUPE_KEY_FAMILY_PLACE, side_text(family), half_of(sink, record->place->postal_code));
    add_sides(sink, DEDUPE_KEY_FAMILY_PLACE, side_text(family), half_of(sink, record->place->city));
    if (str_empty(given->text) && str_empty(family->text) && record->company->n > 0)
        add(sink, DEDUPE_KEY_COMPANY, record->company->joined);
}

/* The whole date; and year, or month and day, with a name: two of three survive a slip in the third. */
static void add_birth(struct sink *sink, const struct dedupe_record *record)
{
    struct str birth = record->birth;
    if (str_empty(birth))
        return;
    add(sink, DEDUPE_KEY_BIRTH, birth);
    add_pair(sink, DEDUPE_KEY_BIRTH, str_slice(birth, 0, 4), record->family->sound);
    add_pair(sink, DEDUPE_KEY_BIRTH, str_slice(birth, 4, birth.n), record->family->sound);
    add_pair(sink, DEDUPE_KEY_BIRTH, str_slice(birth, 4, birth.n), record->given->text);
}

/* Each of the first letters of `slipped` left out in turn, with the other name; `front`: it stands first. */
static void add_left_out(struct sink *sink, const struct dedupe_side *slipped, const struct dedupe_side *other,
                         bool front)
{
    static const enum dedupe_key_kind kind = DEDUPE_KEY_NAME_SLIP;
    for (size_t i = 0; i < slipped->slips_n; i++) {
        if (sink->hashes) {
            add_hash(sink, kind, front ? slipped->slips[i] : other->text_hash,
                     front ? other->text_hash : slipped->slips[i]);
            continue;
        }
        struct strbuf left = {.arena = sink->arena};
        strbuf_add(&left, str_slice(slipped->text, 0, i));
        strbuf_add(&left, str_slice(slipped->text, i + 1, slipped->text.n));
        add_pair(sink, kind, front ? strbuf_str(&left) : other->text, front ? other->text : strbuf_str(&left));
    }
}

/* Deletion neighbourhood (Mor and Fraenkel 1982): names one insertion, deletion, substitution or swap apart share one
 * of these texts; first the name as it is, then each letter left out in turn. */
static void add_slips(struct sink *sink, const struct dedupe_record *record)
{
    const struct dedupe_side *given = record->given, *family = record->family;
    if (str_empty(given->text) || str_empty(family->text) || given->initial)
        return;
    add_sides(sink, DEDUPE_KEY_NAME_SLIP, side_text(family), side_text(given));
    add_left_out(sink, family, given, true);
    add_left_out(sink, given, family, false);
}

/* Words as people type them: names and companies go the same way, so that one search word has one key. */
static void add_words(struct sink *sink, struct str text)
{
    struct contact_company words;
    contact_company_form(text, sink->arena, &words);
    for (size_t i = 0; i < words.n; i++) {
        if (words.words[i].n > 1)
            add(sink, DEDUPE_KEY_WORD, words.words[i]);
    }
}

static struct str number_end(struct str digits)
{
    return digits.n > NUMBER_DIGITS ? str_slice(digits, digits.n - NUMBER_DIGITS, digits.n) : digits;
}

static void add_people(struct sink *sink, const struct dedupe_record *record)
{
    add_reach(sink, record);
    add_names(sink, record);
    add_birth(sink, record);
    add_person_at_employer(sink, record);
}

void dedupe_keys(const struct dedupe_record *record, struct arena *arena, struct dedupe_keys *ret_keys)
{
    struct sink sink = {.keys = ret_keys, .arena = arena};
    const struct contact *contact = record->contact;
    ret_keys->n = 0;
    add_people(&sink, record);
    if (contact) {
        add_words(&sink, contact->family_name);
        add_words(&sink, contact->organization);
        add_words(&sink, contact->given_name);
    }
    for (size_t i = 0; i < record->sites_n; i++)
        add(&sink, DEDUPE_KEY_DOMAIN, record->sites[i]->site);
    for (size_t i = 0; i < record->mobiles_n; i++)
        add(&sink, DEDUPE_KEY_NUMBER, number_end(record->mobiles[i].digits));
    for (size_t i = 0; i < record->phones_n; i++)
        add(&sink, DEDUPE_KEY_NUMBER, number_end(record->phones[i].digits));
    add_slips(&sink, record);
}

size_t dedupe_match_hashes(const struct dedupe_record *record, uint64_t ret_hashes[DEDUPE_HASHES_MAX])
{
    struct sink sink = {.hashes = ret_hashes};
    add_people(&sink, record);
    add_slips(&sink, record);
    return sink.n;
}

/* Digits of a text that is nothing but a phone number as people write it; "" otherwise. */
static struct str phone_digits(struct str text, struct arena *arena)
{
    char *digits = arena_alloc(arena, text.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++) {
        char c = text.p[i];
        bool separator = c == ' ' || c == '+' || c == '-' || c == '/' || c == '(' || c == ')' || c == '.';
        if (c >= '0' && c <= '9')
            digits[n++] = c;
        else if (!separator)
            return STR("");
    }
    return (struct str){digits, n};
}

/* One word without blanks: an address, a domain, or a word of a name. False when it is a word. */
static bool add_query_address(struct sink *sink, struct str word)
{
    struct str lower = str_lower(sink->arena, word);
    struct str domain = str_starts(lower, STR("@")) ? str_slice(lower, 1, lower.n) : lower;
    if (contact_domain_valid(domain) && contact_domain_known(domain)) {
        struct str site = contact_domain_site(domain, sink->arena);
        add(sink, DEDUPE_KEY_DOMAIN, str_empty(site) ? domain : site);
        return true;
    }
    struct contact_value value = {.value = word, .kind = -1};
    struct contact contact = {.emails = {&value, 1}};
    struct dedupe_record *record = dedupe_prepare(&contact, sink->arena);
    for (size_t i = 0; i < record->mails_n; i++)
        add_address(sink, &record->mails[i]);
    return record->mails_n > 0;
}

void dedupe_query_keys(struct str query, struct arena *arena, struct dedupe_keys *ret_keys)
{
    struct sink sink = {.keys = ret_keys, .arena = arena};
    struct strbuf names = {.arena = arena};
    struct str rest = str_trim(query), word, digits = phone_digits(query, arena);
    ret_keys->n = 0;
    if (digits.n >= NUMBER_DIGITS) {
        add(&sink, DEDUPE_KEY_NUMBER, number_end(digits));
        return;
    }
    while (str_split(&rest, ' ', &word)) {
        if (str_empty(word) || add_query_address(&sink, word))
            continue;
        strbuf_add(&names, word);
        strbuf_add_char(&names, ' ');
    }
    add_words(&sink, strbuf_str(&names));
}
