/* See table.h. */
#include "crm-connectors/file_drop/table.h"

#include "base/limits.h"
#include "contact/fold.h"
#include "crm-connectors/rest/records.h"

const struct crm_map crm_drop_map[CRM_DROP_FIELDS] = {
    {"name_prefix", "name_prefix"},   {"given_name", "given_name"},
    {"family_name", "family_name"},   {"name_suffix", "name_suffix"},
    {"job_title", "job_title"},       {"department", "department"},
    {"organization", "company"},      {"emails", "email"},
    {"phones", "phone, mobile, fax"}, {"urls", "website"},
    {"addresses", "street, city …"},
};
static const struct crm_map_list map = {crm_drop_map, CRM_DROP_FIELDS};

static const struct crm_slot slot_rows[] = {
    {"name_prefix", CRM_SLOT_TEXT, "name_prefix", -1, 0},
    {"given_name", CRM_SLOT_TEXT, "given_name", -1, 0},
    {"family_name", CRM_SLOT_TEXT, "family_name", -1, 0},
    {"name_suffix", CRM_SLOT_TEXT, "name_suffix", -1, 0},
    {"job_title", CRM_SLOT_TEXT, "job_title", -1, 0},
    {"department", CRM_SLOT_TEXT, "department", -1, 0},
    {"company", CRM_SLOT_TEXT, "organization", -1, 0},
    {"email", CRM_SLOT_VALUE, "emails", CONTACT_WORK, 0},
    {"email_2", CRM_SLOT_VALUE, "emails", -1, 0},
    {"email_3", CRM_SLOT_VALUE, "emails", -1, 0},
    {"phone", CRM_SLOT_VALUE, "phones", CONTACT_WORK, 0},
    {"phone_2", CRM_SLOT_VALUE, "phones", -1, 0},
    {"mobile", CRM_SLOT_VALUE, "phones", CONTACT_MOBILE, 0},
    {"phone_home", CRM_SLOT_VALUE, "phones", CONTACT_HOME, 0},
    {"fax", CRM_SLOT_VALUE, "phones", CONTACT_FAX, 0},
    {"website", CRM_SLOT_VALUE, "urls", CONTACT_WORK, 0},
    {"website_2", CRM_SLOT_VALUE, "urls", -1, 0},
    {"street", CRM_SLOT_STREET, NULL, -1, 0},
    {"postal_code", CRM_SLOT_POSTAL_CODE, NULL, -1, 0},
    {"city", CRM_SLOT_CITY, NULL, -1, 0},
    {"region", CRM_SLOT_REGION, NULL, -1, 0},
    {"country", CRM_SLOT_COUNTRY, NULL, -1, 0},
};
static const struct crm_slots slots = {slot_rows, ARRAY_LEN(slot_rows), "null", &map};

enum { MARKER, ID, SLOTS, WHOLE = SLOTS + ARRAY_LEN(slot_rows), COLUMNS };

/* Headings: what we write (German, English), and after them what others do, '|' between; compared without case, blanks
 * and punctuation. The rows follow the columns: MARKER, ID, slots, WHOLE. */
static const char *const headings[COLUMNS] = {
    "Kartei-ID|Kartei ID",
    "Datensatz-ID|Record ID|id|contact id|person id|kontakt id|kontaktnummer|uid",
    "Titel|Prefix|akad titel|anredetitel|name prefix|salutation",
    "Vorname|First name|given name|firstname",
    "Nachname|Last name|family name|lastname|surname|familienname",
    "Namenszusatz|Suffix|name suffix",
    "Position|Job title|title|funktion|jobtitle|berufsbezeichnung|rolle",
    "Abteilung|Department",
    "Firma|Company|organization|organisation|unternehmen|account name|firmenname|company name|account",
    "E-Mail|Email|e mail adresse|email address|email 1|e mail 1 value|mail|person email work",
    "E-Mail 2|Email 2|e mail 2 adresse|email 2 address|person email other",
    "E-Mail 3|Email 3|e mail 3 adresse|email 3 address",
    "Telefon|Phone|telefon geschaeftlich|business phone|work phone|phone number|telefonnummer|person phone work",
    "Telefon 2|Phone 2|telefon geschaeftlich 2|business phone 2|other phone|weiteres telefon",
    "Mobil|Mobile|handy|mobiltelefon|mobile phone|mobile phone number|person phone mobile",
    "Telefon privat|Home phone|telefon privat 1",
    "Fax|Fax number|fax geschaeftlich|business fax|faxnummer",
    "Website|Website|webseite|homepage|url|web page|website url|internet",
    "Website 2|Website 2",
    "Straße|Street|strasse geschaeftlich|business street|mailing street|street address|anschrift|address",
    "PLZ|Postal code|postleitzahl|zip|zip code|postcode|business postal code|mailing zip|mailing postal code",
    "Ort|City|stadt|ort geschaeftlich|business city|mailing city",
    "Bundesland|Region|state|state region|province|mailing state|business state",
    "Land|Country|country region|mailing country|business country region|land region geschaeftlich",
    "Name|Full name|vollstaendiger name|kontakt|ansprechpartner|display name|anzeigename",
};

/* Letters alone, umlauts as two of them, and then the digits. */
static struct str heading_key(struct str heading, struct arena *arena)
{
    struct str folded = contact_fold(heading, arena);
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < folded.n; i++)
        if (folded.p[i] != ' ')
            strbuf_add_char(&out, folded.p[i]);
    for (size_t i = 0; i < heading.n; i++)
        if (heading.p[i] >= '0' && heading.p[i] <= '9')
            strbuf_add_char(&out, heading.p[i]);
    return strbuf_str(&out);
}

/* Our column with the heading, -1 for none. */
static int column_of(struct str heading, struct arena *arena)
{
    struct str key = heading_key(heading, arena), rest, word;
    for (int column = 0; key.n && column < COLUMNS; column++) {
        rest = str_c(headings[column]);
        while (str_split(&rest, '|', &word))
            if (str_eq(heading_key(word, arena), key))
                return column;
    }
    return -1;
}

int crm_drop_header(const struct str *cells, size_t n, struct crm_drop_columns *ret_columns, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct crm_drop_columns columns = {.n = n};
    bool taken[COLUMNS] = {false}, named = false;
    for (size_t i = 0; i < n; i++) {
        int column = column_of(cells[i], arena);
        columns.member[i] = column < 0 || taken[column] ? -1 : column;
        if (column < 0)
            continue;
        taken[column] = true;
        const char *field = column >= SLOTS && column < WHOLE ? slot_rows[column - SLOTS].field : NULL;
        named =
            named || column == WHOLE || (field && (strcmp(field, "family_name") == 0 || strcmp(field, "emails") == 0));
    }
    if (!named)
        return err_field(err, ERR_INVALID, "/text", "the first line has no heading for a name or an e-mail address");
    *ret_columns = columns;
    return 0;
}

/* "Anna Maria Schmidt" where a table has but one column for the name. */
static void divide(struct str whole, struct contact *contact)
{
    size_t cut = whole.n;
    while (cut > 0 && whole.p[cut - 1] != ' ')
        cut--;
    contact->family_name = str_slice(whole, cut, whole.n);
    if (cut > 0)
        contact->given_name = str_trim(str_slice(whole, 0, cut));
}

/* An id for a row of a table that has none: stays the same as long as the person has the same address or name. */
static struct str made_id(const struct contact *contact, struct arena *arena)
{
    struct strbuf key = {.arena = arena};
    json_quote(&key, contact->emails.n ? str_lower(arena, ((const struct contact_value *)contact->emails.items)->value)
                                       : str_printf(arena, "%.*s|%.*s|%.*s", STR_ARG(contact->given_name),
                                                    STR_ARG(contact->family_name), STR_ARG(contact->organization)));
    return str_printf(arena, "row-%.*s", STR_ARG(crm_records_hash(strbuf_str(&key), arena)));
}

static bool names_nobody(const struct contact *contact)
{
    return !contact->given_name.p && !contact->family_name.p && !contact->organization.p && contact->emails.n == 0;
}

int crm_drop_read(const struct crm_drop_columns *columns, struct json_list cells, const char *region,
                  struct arena *arena, struct crm_drop_row *ret_row, struct err *err)
{
    const struct str *texts = cells.items;
    struct strbuf object = {.arena = arena};
    struct str other[COLUMNS] = {{0}};
    struct crm_drop_row row = {.id = STR_NONE};
    strbuf_add_c(&object, "{");
    for (size_t i = 0; i < cells.n && i < columns->n; i++) {
        int column = columns->member[i];
        if (column < 0 || texts[i].n == 0)
            continue;
        other[column] = texts[i];
        if (column < SLOTS || column == WHOLE)
            continue;
        strbuf_printf(&object, "%s\"%s\":", object.n > 1 ? "," : "", slot_rows[column - SLOTS].member);
        json_quote(&object, texts[i]);
    }
    strbuf_add_c(&object, "}");
    if (crm_slots_read(&slots, strbuf_str(&object), region, arena, &row.contact, err) < 0)
        return -1;
    if (other[WHOLE].n && !row.contact.given_name.p && !row.contact.family_name.p)
        divide(other[WHOLE], &row.contact);
    if (contact_clean(&row.contact, region, arena, err) < 0)
        return -1;
    row.marker = other[MARKER];
    row.id = other[ID].n ? other[ID] : made_id(&row.contact, arena);
    *ret_row = row;
    return !names_nobody(&row.contact);
}

static struct str heading_for(int column, const char *language)
{
    struct str rest = str_c(headings[column]), german = STR_NONE, english = STR_NONE;
    (void)str_split(&rest, '|', &german);
    (void)str_split(&rest, '|', &english);
    return language && strcmp(language, "de") == 0 ? german : english;
}

void crm_drop_add_header(struct strbuf *out, const char *language)
{
    for (int column = 0; column < WHOLE; column++)
        crm_csv_add(out, heading_for(column, language), column == 0);
    crm_csv_end(out);
}

static int members_of(const struct contact *contact, const char *region, struct arena *arena,
                      struct crm_slots_written *ret_written, struct err *err)
{
    static const struct contact nobody = {0};
    const struct crm_slots_change change = {STR("{}"), &nobody, contact, region};
    return crm_slots_write(&slots, &change, arena, ret_written, err);
}

struct json_list crm_drop_left(const struct contact *contact, struct arena *arena)
{
    struct crm_slots_written written;
    struct err ignored;
    return members_of(contact, "DE", arena, &written, &ignored) < 0 ? (struct json_list){NULL, 0} : written.left;
}

int crm_drop_add(struct strbuf *out, const struct crm_drop_row *row, const char *region, struct err *err)
{
    const char *names[ARRAY_LEN(slot_rows)];
    struct str cells[ARRAY_LEN(slot_rows)];
    struct crm_slots_written written;
    for (size_t i = 0; i < ARRAY_LEN(slot_rows); i++)
        names[i] = slot_rows[i].member;
    if (members_of(&row->contact, region, out->arena, &written, err) < 0 ||
        json_members(str_printf(out->arena, "{%.*s}", STR_ARG(written.members)), names, ARRAY_LEN(names), out->arena,
                     cells, err) < 0)
        return -1;
    crm_csv_add(out, row->marker, true);
    crm_csv_add(out, row->id, false);
    for (size_t i = 0; i < ARRAY_LEN(slot_rows); i++)
        crm_csv_add(out, cells[i], false);
    crm_csv_end(out);
    return 0;
}
