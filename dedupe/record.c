/* Prepares a contact for comparison: everything that depends on one record alone is done once, here. */
#include "dedupe/batch.h"
#include "dedupe/model.h"

#include "contact/email.h"
#include "contact/fold.h"
#include "dedupe/distance.h"

#include <math.h>
#include <string.h>

/* Where forms are made and kept; pool NULL: every record has its own, and nothing is thrown away. */
struct maker {
    struct dedupe_pool *pool;
    struct arena *arena, *scratch;
};

static struct str stay(const struct maker *maker, struct str text)
{
    return maker->pool ? dedupe_pool_text(maker->pool, text) : text;
}

/* The place of a form in the pool, or `own`. */
static const void **slot_of(const struct maker *maker, enum dedupe_form_kind kind, struct str text, const void **own)
{
    *own = NULL;
    return maker->pool ? dedupe_pool_slot(maker->pool, kind, text) : own;
}

static struct str plain_of(struct str text, struct arena *arena)
{
    return contact_plain(contact_fold(text, arena), arena);
}

/* The bytes of `s` that are decimal digits, or those that are not. */
static struct str digits_of(struct str s, bool digits, struct arena *arena)
{
    char *kept = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if ((s.p[i] >= '0' && s.p[i] <= '9') == digits)
            kept[n++] = s.p[i];
    }
    return (struct str){kept, n};
}

static struct str without_blanks(struct str s, struct arena *arena)
{
    char *kept = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] != ' ')
            kept[n++] = s.p[i];
    }
    return (struct str){kept, n};
}

enum {
    SLIP_FAMILY = DEDUPE_SLIPS, /* letters of a name that are left out in turn */
    SLIP_GIVEN = 6,
    SLIP_BYTES = 64,
    SLIP_MIN = 4, /* shorter names have no slips: too many others are one letter away */
};

/* Hashes of the text with each of its first `most` letters left out in turn. */
static void set_slips(struct dedupe_side *side, size_t most)
{
    struct str text = side->text;
    char rest[SLIP_BYTES];
    if (text.n < SLIP_MIN || text.n > SLIP_BYTES)
        return;
    memcpy(rest, text.p + 1, text.n - 1);
    for (size_t i = 0; i < text.n && i < most; i++) {
        side->slips[side->slips_n++] = dedupe_text_hash((struct str){rest, text.n - 1});
        if (i + 1 < text.n)
            rest[i] = text.p[i]; /* the next one is left out instead */
    }
}

static const struct dedupe_side *make_side(const struct maker *maker, const struct contact_name *name, bool family)
{
    const struct contact_name_part *parts = family ? name->family : name->given;
    struct str text = family ? name->family_text : name->given_text;
    struct dedupe_side *side = arena_one(maker->arena, struct dedupe_side);
    side->n = family ? name->family_n : name->given_n;
    side->text = stay(maker, text);
    struct contact_name_part *copy = arena_array(maker->arena, side->n, sizeof *copy);
    for (size_t i = 0; i < side->n; i++) {
        copy[i].plain = side->n == 1 ? side->text : stay(maker, parts[i].plain);
        copy[i].folded = str_eq(parts[i].folded, copy[i].plain) ? copy[i].plain : stay(maker, parts[i].folded);
    }
    side->parts = copy;
    side->sound = stay(maker, dedupe_sound(side->text, maker->scratch));
    side->ocr = stay(maker, dedupe_ocr_level(side->text, maker->scratch));
    side->share = log2(dedupe_frequency_default(NULL, family ? DEDUPE_FAMILY_NAME : DEDUPE_GIVEN_NAME, side->text));
    side->text_hash = dedupe_text_hash(side->text);
    side->sound_hash = dedupe_text_hash(side->sound);
    side->text_key = (uint32_t)side->text_hash;
    side->sound_key = (uint32_t)side->sound_hash;
    set_slips(side, family ? SLIP_FAMILY : SLIP_GIVEN);
    side->ocr_key = dedupe_text_key(side->ocr);
    for (size_t i = 0; !family && i < side->n; i++)
        side->brief |= contact_name_brief(copy[i].plain);
    side->brief |= !family && contact_name_brief(side->text);
    side->generation = name->generation;
    side->initial = !family && name->initial;
    return side;
}

/* Given and family name each have a form of their own as long as neither holds the whole name, which
 * contact_name_form() looks for where the other is empty: so here it never is. */
static const struct dedupe_side *pooled_side(const struct maker *maker, struct str text, bool family)
{
    const void *own, **slot = slot_of(maker, family ? DEDUPE_FORM_FAMILY : DEDUPE_FORM_GIVEN, text, &own);
    if (!*slot) {
        struct contact contact = {.given_name = family ? STR("x") : text, .family_name = family ? text : STR("x")};
        struct contact_name name;
        contact_name_form(&contact, maker->scratch, &name);
        *slot = make_side(maker, &name, family);
    }
    return *slot;
}

static void set_name(const struct maker *maker, struct dedupe_record *record, const struct contact *contact)
{
    bool both = !str_empty(str_trim(contact->given_name)) && !str_empty(str_trim(contact->family_name));
    if (maker->pool && both && str_empty(contact->name_suffix)) {
        record->given = pooled_side(maker, contact->given_name, false);
        record->family = pooled_side(maker, contact->family_name, true);
        record->generation = record->family->generation ? record->family->generation : record->given->generation;
        return;
    }
    struct contact_name name;
    contact_name_form(contact, maker->scratch, &name);
    record->given = make_side(maker, &name, false);
    record->family = make_side(maker, &name, true);
    record->generation = name.generation;
}

/* A company whose texts stay: the words are views of the core. */
static void keep_company(const struct maker *maker, struct contact_company *company)
{
    company->core = stay(maker, company->core);
    for (size_t i = 0, at = 0; i < company->n; i++) {
        company->words[i] = str_slice(company->core, at, at + company->words[i].n);
        at += company->words[i].n + 1;
    }
    company->joined = company->n == 1 ? company->core : stay(maker, company->joined);
    company->acronym = stay(maker, company->acronym);
    company->legal = stay(maker, company->legal);
}

static const struct contact_company *company_of(const struct maker *maker, struct str organization)
{
    const void *own, **slot = slot_of(maker, DEDUPE_FORM_COMPANY, organization, &own);
    if (!*slot) {
        struct contact_company *company = arena_one(maker->arena, struct contact_company);
        contact_company_form(organization, maker->scratch, company);
        if (maker->pool)
            keep_company(maker, company);
        *slot = company;
    }
    return *slot;
}

/* The form of a domain; its site is "" when it is none. */
static const struct dedupe_site *site_of(const struct maker *maker, struct str domain)
{
    const void *own, **slot = slot_of(maker, DEDUPE_FORM_SITE, domain, &own);
    if (*slot)
        return *slot;
    struct dedupe_site *site = arena_one(maker->arena, struct dedupe_site);
    site->site = site->label = STR("");
    *slot = site;
    struct str lower = str_lower(maker->scratch, domain);
    if (!contact_domain_valid(lower))
        return site;
    struct str registrable = contact_domain_site(lower, maker->scratch);
    site->site = stay(maker, str_empty(registrable) ? lower : registrable);
    ptrdiff_t dot = str_find(site->site, STR("."), 0);
    struct str label = dot > 0 ? str_slice(site->site, 0, (size_t)dot) : site->site;
    site->label = stay(maker, without_blanks(plain_of(label, maker->scratch), maker->scratch));
    site->key = dedupe_text_key(site->site);
    site->free_mail = contact_domain_free_mail(lower);
    return site;
}

/* What set_reach() collects before it knows how much there is. */
struct reach {
    struct dedupe_mail mails[DEDUPE_REACH];
    const struct dedupe_site *sites[DEDUPE_REACH];
    struct dedupe_number phones[DEDUPE_REACH], mobiles[DEDUPE_REACH];
    size_t mails_n, sites_n, phones_n, mobiles_n;
};

static void add_site(struct reach *reach, const struct dedupe_site *site)
{
    if (str_empty(site->site) || site->free_mail || reach->sites_n == DEDUPE_REACH)
        return;
    for (size_t i = 0; i < reach->sites_n; i++) {
        if (str_eq(reach->sites[i]->site, site->site))
            return;
    }
    reach->sites[reach->sites_n++] = site;
}

/* A dot-string of plain characters (RFC 5321), as nearly every mailbox is. */
static bool plain_mailbox(struct str local)
{
    char before = '.';
    for (size_t i = 0; i < local.n; i++) {
        char c = local.p[i];
        bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-' || c == '+';
        if (!letter && (c != '.' || before == '.'))
            return false;
        before = c;
    }
    return local.n > 0 && local.n <= 64 && before != '.';
}

/* Letters and digits of a mailbox apart, plain. */
static void split_local(const struct maker *maker, struct str local, struct dedupe_mail *mail)
{
    struct str plain = without_blanks(plain_of(local, maker->scratch), maker->scratch);
    mail->local = stay(maker, digits_of(plain, false, maker->scratch));
    mail->digits = stay(maker, digits_of(plain, true, maker->scratch));
}

static void add_mail(const struct maker *maker, struct reach *reach, struct str shown)
{
    struct str text = str_lower(maker->scratch, str_trim(shown)), local;
    ptrdiff_t at = str_find(text, STR("@"), 0);
    if (reach->mails_n == DEDUPE_REACH || at < 0)
        return;
    struct dedupe_mail mail = {.address = text, .shown = shown};
    local = str_slice(text, 0, (size_t)at);
    if (!plain_mailbox(local)) {
        struct contact_email email;
        if (!contact_email_parse(text, maker->scratch, &email))
            return;
        mail.address = email.address;
        local = email.local;
    }
    mail.address = stay(maker, mail.address);
    mail.site = site_of(maker, str_slice(mail.address, local.n + 1, mail.address.n));
    if (str_empty(mail.site->site))
        return;
    split_local(maker, local, &mail);
    mail.role = contact_email_role(local);
    reach->mails[reach->mails_n++] = mail;
    add_site(reach, mail.site);
}

/* Host of "https://www.muster.example/team", or absent. */
static struct str host_of(struct str url)
{
    ptrdiff_t scheme = str_find(url, STR("://"), 0);
    struct str host = scheme >= 0 ? str_slice(url, (size_t)scheme + 3, url.n) : url;
    for (size_t i = 0; i < host.n; i++) {
        if (host.p[i] == '/' || host.p[i] == '?' || host.p[i] == '#' || host.p[i] == ':')
            return str_slice(host, 0, i);
    }
    return host;
}

static void add_url(const struct maker *maker, struct reach *reach, struct str url)
{
    struct str host = host_of(str_trim(url));
    if (!str_empty(host) && !str_empty(contact_domain_site(str_lower(maker->scratch, host), maker->scratch)))
        add_site(reach, site_of(maker, stay(maker, str_lower(maker->scratch, host))));
}

/* Ranges of mobile numbers in the numbering plans of our countries; the contact's kind comes first. */
static bool is_mobile(struct str digits)
{
    static const char *const ranges[] = {"4915", "4916", "4917", "4365", "4366", "4367", "4368", "4369", "4174",
                                         "4175", "4176", "4177", "4178", "4179", "316",  "324",  "336",  "337",
                                         "346",  "347",  "393",  "447",  "4845", "4850", "4851", "4853", "4857",
                                         "4860", "4866", "4869", "4872", "4873", "4878", "4879", "4888", "905"};
    for (size_t i = 0; i < ARRAY_LEN(ranges) && digits.n > 2; i++) {
        if (ranges[i][0] == digits.p[0] && ranges[i][1] == digits.p[1] && str_starts(digits, str_c(ranges[i])))
            return true;
    }
    return false;
}

static void add_number(const struct maker *maker, struct reach *reach, const struct contact_value *value)
{
    struct str digits = digits_of(value->value, true, maker->scratch);
    while (digits.n > 0 && digits.p[0] == '0')
        digits = str_slice(digits, 1, digits.n);
    bool mobile = value->kind == CONTACT_MOBILE || (str_starts(value->value, STR("+")) && is_mobile(digits));
    struct dedupe_number *numbers = mobile ? reach->mobiles : reach->phones;
    size_t *n = mobile ? &reach->mobiles_n : &reach->phones_n;
    if (digits.n < 5 || value->kind == CONTACT_FAX || *n == DEDUPE_REACH)
        return;
    for (size_t i = 0; i < *n; i++) {
        if (str_eq(numbers[i].digits, digits))
            return;
    }
    numbers[(*n)++] = (struct dedupe_number){
        .digits = stay(maker, digits),
        .shown = str_empty(value->raw) ? value->value : value->raw,
        .central = !mobile && digits.p[digits.n - 1] == '0',
    };
}

static const void *keep(const void *items, size_t n, size_t size, struct arena *arena)
{
    if (n == 0)
        return NULL;
    void *kept = arena_array(arena, n, size);
    memcpy(kept, items, n * size);
    return kept;
}

static void set_reach(const struct maker *maker, struct dedupe_record *record, const struct contact *contact)
{
    struct reach reach;
    reach.mails_n = reach.sites_n = reach.phones_n = reach.mobiles_n = 0;
    const struct contact_value *values = contact->emails.items;
    for (size_t i = 0; i < contact->emails.n; i++)
        add_mail(maker, &reach, values[i].value);
    values = contact->urls.items;
    for (size_t i = 0; i < contact->urls.n; i++)
        add_url(maker, &reach, values[i].value);
    values = contact->phones.items;
    for (size_t i = 0; i < contact->phones.n; i++)
        add_number(maker, &reach, &values[i]);
    record->mails = keep(reach.mails, reach.mails_n, sizeof reach.mails[0], maker->arena);
    record->sites = keep(reach.sites, reach.sites_n, sizeof reach.sites[0], maker->arena);
    record->phones = keep(reach.phones, reach.phones_n, sizeof reach.phones[0], maker->arena);
    record->mobiles = keep(reach.mobiles, reach.mobiles_n, sizeof reach.mobiles[0], maker->arena);
    record->mails_n = (uint8_t)reach.mails_n;
    record->sites_n = (uint8_t)reach.sites_n;
    record->phones_n = (uint8_t)reach.phones_n;
    record->mobiles_n = (uint8_t)reach.mobiles_n;
}

/* "Industriestraße 5", "Industriestr. 5" and "Industrie Str 5" are one: "industriestr5". */
static struct str street_of(struct str street, struct arena *arena)
{
    struct str joined = without_blanks(plain_of(street, arena), arena);
    static const char *const endings[] = {"strasse", "strase"};
    for (size_t i = 0; i < ARRAY_LEN(endings); i++) {
        ptrdiff_t at = str_find(joined, str_c(endings[i]), 0);
        if (at >= 0)
            return str_printf(arena, "%.*sstr%.*s", (int)at, joined.p,
                              STR_ARG(str_slice(joined, (size_t)at + str_c(endings[i]).n, joined.n)));
    }
    return joined;
}

/* Street, postal code or city in its form. */
static struct str place_text(const struct maker *maker, enum dedupe_form_kind kind, struct str text)
{
    if (str_empty(text))
        return STR("");
    const void *own, **slot = slot_of(maker, kind, text, &own);
    if (!*slot) {
        struct str *form = arena_one(maker->arena, struct str);
        struct str made = kind == DEDUPE_FORM_STREET ? street_of(text, maker->scratch) : plain_of(text, maker->scratch);
        if (kind == DEDUPE_FORM_POSTAL)
            made = without_blanks(contact_fold(text, maker->scratch), maker->scratch);
        *form = stay(maker, made);
        *slot = form;
    }
    return *(const struct str *)*slot;
}

static const struct dedupe_place *place_of(const struct maker *maker, const struct contact *contact)
{
    static const struct dedupe_place nowhere = {{"", 0}, {"", 0}, {"", 0}, {"", 0}};
    const struct contact_address *all = contact->addresses.items;
    for (size_t i = 0; i < contact->addresses.n; i++) {
        const struct contact_address *address = &all[i];
        struct dedupe_place place = {
            .street = place_text(maker, DEDUPE_FORM_STREET, address->street),
            .postal_code = place_text(maker, DEDUPE_FORM_POSTAL, address->postal_code),
            .city = place_text(maker, DEDUPE_FORM_CITY, address->city),
            .shown = str_empty(address->street) ? address->city : address->street,
        };
        if (place.street.n + place.postal_code.n + place.city.n > 0)
            return keep(&place, 1, sizeof place, maker->arena);
    }
    return &nowhere;
}

static struct dedupe_record *make_record(const struct maker *maker, const struct contact *contact)
{
    struct dedupe_record *record = arena_one(maker->arena, struct dedupe_record);
    set_name(maker, record, contact);
    record->company = company_of(maker, contact->organization);
    record->company_key = dedupe_text_key(record->company->joined);
    record->company_shown = contact->organization;
    record->birth = STR("");
    set_reach(maker, record, contact);
    record->place = place_of(maker, contact);
    return record;
}

struct dedupe_record *dedupe_prepare(const struct contact *contact, struct arena *arena)
{
    struct dedupe_record *record = make_record(&(struct maker){NULL, arena, arena}, contact);
    record->contact = contact;
    return record;
}

struct dedupe_record *dedupe_prepare_lean(struct dedupe_pool *pool, const struct contact *contact)
{
    struct maker maker = {pool, dedupe_pool_arena(pool), dedupe_pool_scratch(pool)};
    return make_record(&maker, contact);
}

void dedupe_set_birth(struct dedupe_record *record, struct str date)
{
    record->birth = str_trim(date);
}
