/* Match keys: the texts by which two records, or a record and a search, meet. */
#include "contact/email.h"
#include "contact/fold.h"
#include "dedupe/record.h"

enum {
    STEM_DIGITS = 9,   /* of a phone number with country code: the area and the beginning of the subscriber's number */
    NUMBER_DIGITS = 7, /* the end of a phone number that people search by */
    MAILBOX_LETTERS = 7, /* from here on a mailbox name is worth meeting by */
    SLIP_FAMILY = 10,    /* letters of a name that are left out in turn */
    SLIP_GIVEN = 6,
    SLIP_MIN = 4, /* shorter names have no slips: too many others are one letter away */
};

static const struct {
    const char *tag;
    unsigned use;
} kinds[] = {
#define X(name, tag, use, doc) {tag, use},
#include "dedupe/keys.def"
#undef X
};

/* Where keys are collected. */
struct sink {
    struct dedupe_keys *keys;
    struct arena *arena;
};

/* Texts laid end to end: keys are made by the million, so without printf. */
static struct str concat(struct arena *arena, const struct str *texts, size_t n)
{
    return contact_join(texts, n, "", arena);
}

static void add(struct sink *sink, enum dedupe_key_kind kind, struct str text)
{
    struct dedupe_keys *keys = sink->keys;
    const struct str texts[] = {str_c(kinds[kind].tag), STR("|"), text};
    struct str full = concat(sink->arena, texts, ARRAY_LEN(texts));
    for (size_t i = 0; i < keys->n; i++) {
        if (str_eq(keys->key[i].text, full))
            return;
    }
    if (keys->n < DEDUPE_KEYS_MAX)
        keys->key[keys->n++] = (struct dedupe_key){kind, kinds[kind].use, full};
}

/* "left+right"; nothing when a half is missing. */
static void add_pair(struct sink *sink, enum dedupe_key_kind kind, struct str left, struct str right)
{
    const struct str texts[] = {left, STR("+"), right};
    if (!str_empty(left) && !str_empty(right))
        add(sink, kind, concat(sink->arena, texts, ARRAY_LEN(texts)));
}

static void add_address(struct sink *sink, const struct dedupe_mail *mail)
{
    const struct str texts[] = {mail->local, mail->digits, STR("@"), mail->site};
    add(sink, mail->role ? DEDUPE_KEY_MAILBOX : DEDUPE_KEY_EMAIL, concat(sink->arena, texts, ARRAY_LEN(texts)));
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
    const struct contact_name *name = &record->name;
    struct str given = name->initial ? STR("") : name->given_text;
    struct str word = record->company.n > 0 ? record->company.words[0] : STR("");
    for (size_t i = 0; i < record->sites_n; i++) {
        add_pair(sink, DEDUPE_KEY_FAMILY_DOMAIN, name->family_text, record->sites[i]);
        for (size_t k = 0; k < name->family_n; k++)
            add_pair(sink, DEDUPE_KEY_FAMILY_DOMAIN, name->family[k].plain, record->sites[i]);
        add_pair(sink, DEDUPE_KEY_GIVEN_DOMAIN, given, record->sites[i]);
    }
    add_pair(sink, DEDUPE_KEY_FAMILY_COMPANY, record->family_sound, word);
    add_pair(sink, DEDUPE_KEY_GIVEN_COMPANY, given, word);
    for (size_t i = 0; i < record->phones_n; i++) {
        struct str stem = str_slice(record->phones[i].digits, 0, STEM_DIGITS);
        add_pair(sink, DEDUPE_KEY_FAMILY_STEM, record->family_sound, stem);
        add_pair(sink, DEDUPE_KEY_GIVEN_STEM, given, stem);
    }
}

static void add_names(struct sink *sink, const struct dedupe_record *record)
{
    struct str given = record->name.given_text, family = record->name.family_text;
    if (str_cmp(given, family) <= 0)
        add_pair(sink, DEDUPE_KEY_FULL_NAME, given, family);
    else
        add_pair(sink, DEDUPE_KEY_FULL_NAME, family, given);
    add_pair(sink, DEDUPE_KEY_NAME_SOUND, record->family_sound, record->given_sound);
    add_pair(sink, DEDUPE_KEY_FAMILY_PLACE, family, record->place.postal_code);
    add_pair(sink, DEDUPE_KEY_FAMILY_PLACE, family, record->place.city);
    if (str_empty(given) && str_empty(family) && record->company.n > 0)
        add(sink, DEDUPE_KEY_COMPANY, record->company.joined);
}

/* The whole date; and year, or month and day, with a name: two of three survive a slip in the third. */
static void add_birth(struct sink *sink, const struct dedupe_record *record)
{
    struct str birth = record->birth;
    if (str_empty(birth))
        return;
    add(sink, DEDUPE_KEY_BIRTH, birth);
    add_pair(sink, DEDUPE_KEY_BIRTH, str_slice(birth, 0, 4), record->family_sound);
    add_pair(sink, DEDUPE_KEY_BIRTH, str_slice(birth, 4, birth.n), record->family_sound);
    add_pair(sink, DEDUPE_KEY_BIRTH, str_slice(birth, 4, birth.n), record->name.given_text);
}

static struct str without_letter(struct str s, size_t at, struct arena *arena)
{
    const struct str texts[] = {str_slice(s, 0, at), str_slice(s, at + 1, s.n)};
    return concat(arena, texts, ARRAY_LEN(texts));
}

/* Deletion neighbourhood (Mor and Fraenkel 1982): names one insertion, deletion, substitution or swap apart share one
 * of these texts; first the name as it is, then each letter left out in turn. */
static void add_slips(struct sink *sink, const struct dedupe_record *record)
{
    struct str given = record->name.given_text, family = record->name.family_text;
    if (str_empty(given) || str_empty(family) || record->name.initial)
        return;
    add_pair(sink, DEDUPE_KEY_NAME_SLIP, family, given);
    for (size_t i = 0; i < family.n && i < SLIP_FAMILY && family.n >= SLIP_MIN; i++)
        add_pair(sink, DEDUPE_KEY_NAME_SLIP, without_letter(family, i, sink->arena), given);
    for (size_t i = 0; i < given.n && i < SLIP_GIVEN && given.n >= SLIP_MIN; i++)
        add_pair(sink, DEDUPE_KEY_NAME_SLIP, family, without_letter(given, i, sink->arena));
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

void dedupe_keys(const struct dedupe_record *record, struct arena *arena, struct dedupe_keys *ret_keys)
{
    struct sink sink = {ret_keys, arena};
    ret_keys->n = 0;
    add_reach(&sink, record);
    add_names(&sink, record);
    add_birth(&sink, record);
    add_person_at_employer(&sink, record);
    add_words(&sink, record->contact->family_name);
    add_words(&sink, record->contact->organization);
    add_words(&sink, record->contact->given_name);
    for (size_t i = 0; i < record->sites_n; i++)
        add(&sink, DEDUPE_KEY_DOMAIN, record->sites[i]);
    for (size_t i = 0; i < record->mobiles_n; i++)
        add(&sink, DEDUPE_KEY_NUMBER, number_end(record->mobiles[i].digits));
    for (size_t i = 0; i < record->phones_n; i++)
        add(&sink, DEDUPE_KEY_NUMBER, number_end(record->phones[i].digits));
    add_slips(&sink, record);
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
    struct sink sink = {ret_keys, arena};
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
