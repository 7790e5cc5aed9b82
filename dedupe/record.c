/* Prepares a contact for comparison: everything that depends on one record alone is done once, here. */
#include "dedupe/record.h"

#include "contact/email.h"
#include "contact/fold.h"
#include "dedupe/distance.h"

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

static bool known(const struct str *list, size_t n, struct str item)
{
    for (size_t i = 0; i < n; i++) {
        if (str_eq(list[i], item))
            return true;
    }
    return false;
}

static void add_site(struct dedupe_record *record, struct str site, struct arena *arena)
{
    if (str_empty(site) || record->sites_n == DEDUPE_REACH || known(record->sites, record->sites_n, site))
        return;
    ptrdiff_t dot = str_find(site, STR("."), 0);
    struct str label = dot > 0 ? str_slice(site, 0, (size_t)dot) : site;
    record->sites[record->sites_n] = site;
    record->site_labels[record->sites_n++] = without_blanks(plain_of(label, arena), arena);
}

static void add_mail(struct dedupe_record *record, struct str shown, struct arena *arena)
{
    struct contact_email email;
    if (record->mails_n == DEDUPE_REACH || !contact_email_parse(str_lower(arena, str_trim(shown)), arena, &email))
        return;
    struct str local = without_blanks(plain_of(email.local, arena), arena);
    struct dedupe_mail *mail = &record->mails[record->mails_n++];
    *mail = (struct dedupe_mail){
        .address = email.address,
        .local = digits_of(local, false, arena),
        .digits = digits_of(local, true, arena),
        .site = str_empty(email.site) ? email.domain : email.site,
        .shown = shown,
        .role = contact_email_role(email.local),
        .free_mail = contact_domain_free_mail(email.domain),
    };
    if (!mail->free_mail)
        add_site(record, mail->site, arena);
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

static void add_url(struct dedupe_record *record, struct str url, struct arena *arena)
{
    struct str host = str_lower(arena, host_of(str_trim(url)));
    if (contact_domain_valid(host) && !contact_domain_free_mail(host))
        add_site(record, contact_domain_site(host, arena), arena);
}

/* Ranges of mobile numbers in the numbering plans of our countries; the contact's kind comes first. */
static bool is_mobile(struct str digits)
{
    static const char *const ranges[] = {"4915", "4916", "4917", "4365", "4366", "4367", "4368", "4369", "4174",
                                         "4175", "4176", "4177", "4178", "4179", "316",  "324",  "336",  "337",
                                         "346",  "347",  "393",  "447",  "4845", "4850", "4851", "4853", "4857",
                                         "4860", "4866", "4869", "4872", "4873", "4878", "4879", "4888", "905"};
    for (size_t i = 0; i < ARRAY_LEN(ranges); i++) {
        if (str_starts(digits, str_c(ranges[i])))
            return true;
    }
    return false;
}

static void add_number(struct dedupe_record *record, const struct contact_value *value, struct arena *arena)
{
    struct str digits = digits_of(value->value, true, arena);
    while (digits.n > 0 && digits.p[0] == '0')
        digits = str_slice(digits, 1, digits.n);
    bool mobile = value->kind == CONTACT_MOBILE || (str_starts(value->value, STR("+")) && is_mobile(digits));
    struct dedupe_number *numbers = mobile ? record->mobiles : record->phones;
    size_t *n = mobile ? &record->mobiles_n : &record->phones_n;
    if (digits.n < 5 || value->kind == CONTACT_FAX || *n == DEDUPE_REACH)
        return;
    for (size_t i = 0; i < *n; i++) {
        if (str_eq(numbers[i].digits, digits))
            return;
    }
    numbers[(*n)++] = (struct dedupe_number){
        .digits = digits,
        .shown = str_empty(value->raw) ? value->value : value->raw,
        .central = !mobile && digits.p[digits.n - 1] == '0',
    };
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

static void set_place(struct dedupe_record *record, struct arena *arena)
{
    const struct contact_address *all = record->contact->addresses.items;
    for (size_t i = 0; i < record->contact->addresses.n; i++) {
        const struct contact_address *address = &all[i];
        record->place = (struct dedupe_place){
            .street = street_of(address->street, arena),
            .postal_code = without_blanks(contact_fold(address->postal_code, arena), arena),
            .city = plain_of(address->city, arena),
            .shown = str_empty(address->street) ? address->city : address->street,
        };
        if (record->place.street.n + record->place.postal_code.n + record->place.city.n > 0)
            return;
    }
}

static void set_reach(struct dedupe_record *record, struct arena *arena)
{
    const struct contact *contact = record->contact;
    const struct contact_value *values = contact->emails.items;
    for (size_t i = 0; i < contact->emails.n; i++)
        add_mail(record, values[i].value, arena);
    values = contact->urls.items;
    for (size_t i = 0; i < contact->urls.n; i++)
        add_url(record, values[i].value, arena);
    values = contact->phones.items;
    for (size_t i = 0; i < contact->phones.n; i++)
        add_number(record, &values[i], arena);
}

/* "Anna Schmidt" as the contact has it, for the reasons. */
static struct str shown_name(const struct contact *contact, struct arena *arena)
{
    if (str_empty(contact->given_name))
        return contact->family_name;
    if (str_empty(contact->family_name))
        return contact->given_name;
    return str_printf(arena, "%.*s %.*s", STR_ARG(contact->given_name), STR_ARG(contact->family_name));
}

struct dedupe_record *dedupe_prepare(const struct contact *contact, struct arena *arena)
{
    struct dedupe_record *record = arena_one(arena, struct dedupe_record);
    record->contact = contact;
    contact_name_form(contact, arena, &record->name);
    contact_company_form(contact->organization, arena, &record->company);
    record->given_sound = dedupe_sound(record->name.given_text, arena);
    record->family_sound = dedupe_sound(record->name.family_text, arena);
    record->given_ocr = dedupe_ocr_level(record->name.given_text, arena);
    record->family_ocr = dedupe_ocr_level(record->name.family_text, arena);
    record->name_shown = shown_name(contact, arena);
    record->company_shown = contact->organization;
    record->birth = STR("");
    set_reach(record, arena);
    set_place(record, arena);
    return record;
}

void dedupe_set_birth(struct dedupe_record *record, struct str date)
{
    record->birth_shown = date;
    record->birth = str_trim(date);
}
