/* Runs the recognisers over one card and writes down what they found: contact, claims, rest. */
#include "ocr/fields/fields.h"

#include "contact/text.h"
#include "ocr/fields/lines.h"
#include "ocr/fields/mend/mend.h"
#include "ocr/fields/trust.h"

#include <math.h>

enum { CLAIMS = 160, REASONS = LIMIT_LIST_ITEMS, SINGLES = 7, PLACE_PARTS = 5 };

struct notes {
    struct ocr_look *look;
    struct contact_claim *claims;
    size_t n, room;
    struct ocr_reason *reasons;
    size_t reasons_n, reasons_room;
};

static struct json_list box_list(struct arena *arena, struct ocr_box box)
{
    double *numbers = arena_array(arena, 4, sizeof *numbers);
    double values[] = {box.x, box.y, box.w, box.h};
    memcpy(numbers, values, sizeof values);
    return (struct json_list){numbers, 4};
}

static struct ocr_box unite(struct ocr_box a, struct ocr_box b)
{
    double right = a.x + a.w > b.x + b.w ? a.x + a.w : b.x + b.w;
    double bottom = a.y + a.h > b.y + b.h ? a.y + a.h : b.y + b.h;
    double x = a.x < b.x ? a.x : b.x, y = a.y < b.y ? a.y : b.y;
    return (struct ocr_box){x, y, right - x, bottom - y};
}

static struct json_list find_box(const struct ocr_look *look, const struct ocr_find *find)
{
    if (find->n == 0)
        return (struct json_list){NULL, 0};
    struct ocr_box box = ocr_look_box(look, find->spans[0]);
    for (size_t i = 1; i < find->n; i++)
        box = unite(box, ocr_look_box(look, find->spans[i]));
    return box_list(look->arena, box);
}

/* The other value, then what other passes read in the same words. */
static struct json_list alternatives(const struct ocr_look *look, const struct ocr_find *find)
{
    enum { MOST = 8 };
    struct str *items = arena_array(look->arena, MOST, sizeof *items);
    size_t n = 0;
    if (find->alternative.p)
        items[n++] = find->alternative;
    for (size_t i = 0; i < find->n; i++)
        for (size_t w = find->spans[i].from; w < find->spans[i].to; w++) {
            const struct json_list *other = &look->lines[find->spans[i].line].words[w].word->alternatives;
            for (size_t k = 0; k < other->n && n < MOST; k++)
                items[n++] = ((const struct str *)other->items)[k];
        }
    return (struct json_list){n ? items : NULL, n};
}

static void note_reasons(struct notes *notes, struct str field, const struct ocr_verdict *verdict)
{
    for (int i = 0; i < OCR_SIGNS; i++) {
        if (verdict->value[i] == 0 || notes->reasons_n == notes->reasons_room)
            continue;
        notes->reasons[notes->reasons_n++] = (struct ocr_reason){
            .field = field,
            .sign = str_c(ocr_sign_words[i]),
            .value = round(verdict->value[i] * 1000) / 1000,
            .weight = round(verdict->weight[i] * 1000) / 1000,
        };
    }
}

/* Writes the claim down and gives its value for the contact. */
static struct str note(struct notes *notes, enum ocr_trust kind, struct str field, const struct ocr_find *find)
{
    if (!find->value.p)
        return STR_NONE;
    if (notes->n < notes->room) {
        struct ocr_verdict verdict = ocr_trust_weigh(notes->look, kind, find);
        notes->claims[notes->n++] = (struct contact_claim){
            .field = field,
            .value = find->value,
            .raw = find->raw,
            .confidence = verdict.confidence,
            .card_box = find_box(notes->look, find),
            .alternatives = alternatives(notes->look, find),
        };
        note_reasons(notes, field, &verdict);
    }
    return find->value;
}

static struct json_list note_list(struct notes *notes, enum ocr_trust kind, const char *name,
                                  const struct ocr_find_list *list)
{
    struct arena *arena = notes->look->arena;
    struct contact_value *values = arena_array(arena, list->n, sizeof *values);
    for (size_t i = 0; i < list->n; i++) {
        const struct ocr_find *find = &list->items[i];
        values[i].value = note(notes, kind, str_printf(arena, "%s/%zu", name, i), find);
        values[i].raw = find->raw.p && !str_eq(find->raw, find->value) ? find->raw : STR_NONE;
        values[i].kind = find->kind;
    }
    return (struct json_list){list->n ? values : NULL, list->n};
}

static struct contact_address note_place(struct notes *notes, size_t i)
{
    const struct ocr_place *place = &notes->look->places[i];
    struct contact_address to = {0};
    const struct {
        enum ocr_trust kind;
        const char *part;
        const struct ocr_find *find;
        struct str *to;
    } parts[] = {{OCR_TRUST_STREET, "street", &place->street, &to.street},
                 {OCR_TRUST_CODE, "postal_code", &place->postal_code, &to.postal_code},
                 {OCR_TRUST_CITY, "city", &place->city, &to.city},
                 {OCR_TRUST_CITY, "region", &place->region, &to.region},
                 {OCR_TRUST_COUNTRY, "country", &place->country, &to.country}};
    for (size_t k = 0; k < ARRAY_LEN(parts); k++) {
        struct str field = str_printf(notes->look->arena, "addresses/%zu/%s", i, parts[k].part);
        *parts[k].to = note(notes, parts[k].kind, field, parts[k].find);
    }
    return to;
}

static struct json_list note_places(struct notes *notes)
{
    const struct ocr_look *look = notes->look;
    struct contact_address *addresses = arena_array(look->arena, look->places_n, sizeof *addresses);
    for (size_t i = 0; i < look->places_n; i++)
        addresses[i] = note_place(notes, i);
    return (struct json_list){look->places_n ? addresses : NULL, look->places_n};
}

/* Not labels that have lost their value, not icons and specks. */
static bool worth_showing(const struct ocr_look *look, const struct ocr_piece *piece)
{
    static const char *const labels[] = {
        "tel",    "telefon", "phone", "mobile", "mobil", "fax",     "telefax", "email", "e mail",  "mail",
        "web",    "website", "www",   "direkt", "t",     "m",       "f",       "e",     "w",       "mob",
        "office", "p",       "ph",    "d",      "cell",  "address", "adresse", "http",  "internet"};
    struct str text = contact_text_fold(piece->text, look->arena);
    for (size_t i = 0; i < ARRAY_LEN(labels); i++)
        if (str_eq(text, str_c(labels[i])))
            return false;
    return text.n >= 3;
}

static struct json_list rest_of(const struct ocr_look *look)
{
    size_t lines = 0, n = 0;
    for (size_t i = 0; i < look->n; i++)
        lines += look->lines[i].n;
    struct ocr_rest *rests = arena_array(look->arena, lines + look->spare.n, sizeof *rests);
    for (size_t i = 0; i < look->n; i++) {
        struct ocr_piece *pieces;
        size_t count = ocr_look_pieces(look, i, true, &pieces);
        for (size_t k = 0; k < count; k++)
            if (worth_showing(look, &pieces[k]))
                rests[n++] = (struct ocr_rest){
                    .text = pieces[k].text,
                    .card_box = box_list(look->arena, ocr_look_box(look, pieces[k].span)),
                };
    }
    for (size_t i = 0; i < look->spare.n; i++)
        rests[n++] = (struct ocr_rest){.text = look->spare.items[i].value};
    return (struct json_list){n ? rests : NULL, n};
}

static void write_down(struct ocr_look *look, struct ocr_card *ret_card)
{
    size_t finds = SINGLES + look->emails.n + look->phones.n + look->urls.n + look->places_n * PLACE_PARTS;
    size_t reasons = finds * OCR_SIGNS;
    struct notes notes = {
        .look = look,
        .claims = arena_array(look->arena, finds, sizeof(struct contact_claim)),
        .room = finds < CLAIMS ? finds : CLAIMS,
        .reasons = arena_array(look->arena, reasons, sizeof(struct ocr_reason)),
        .reasons_room = reasons < REASONS ? reasons : REASONS,
    };
    struct contact *contact = arena_one(look->arena, struct contact);
    contact->name_prefix = note(&notes, OCR_TRUST_AFFIX, STR("name_prefix"), &look->name_prefix);
    contact->given_name = note(&notes, OCR_TRUST_NAME, STR("given_name"), &look->given_name);
    contact->family_name = note(&notes, OCR_TRUST_NAME, STR("family_name"), &look->family_name);
    contact->name_suffix = note(&notes, OCR_TRUST_AFFIX, STR("name_suffix"), &look->name_suffix);
    contact->job_title = note(&notes, OCR_TRUST_TITLE, STR("job_title"), &look->job_title);
    contact->department = note(&notes, OCR_TRUST_DEPARTMENT, STR("department"), &look->department);
    contact->organization = note(&notes, OCR_TRUST_ORGANIZATION, STR("organization"), &look->organization);
    contact->emails = note_list(&notes, OCR_TRUST_EMAIL, "emails", &look->emails);
    contact->phones = note_list(&notes, OCR_TRUST_PHONE, "phones", &look->phones);
    contact->urls = note_list(&notes, OCR_TRUST_URL, "urls", &look->urls);
    contact->addresses = note_places(&notes);
    ret_card->contact = contact;
    ret_card->fields = (struct json_list){notes.n ? notes.claims : NULL, notes.n};
    ret_card->reasons = (struct json_list){notes.reasons_n ? notes.reasons : NULL, notes.reasons_n};
    ret_card->unassigned = rest_of(look);
}

int ocr_fields_read(const struct ocr_page *page, const char *region, struct arena *arena, struct ocr_card *ret_card,
                    struct err *err)
{
    if (page->n > OCR_FIELDS_LINES)
        return err_set(err, ERR_TOO_LARGE, "%d lines", OCR_FIELDS_LINES);
    struct ocr_look *look = ocr_look_new(page, arena);
    if (!page->written)
        ocr_fields_spell(look);
    ocr_fields_region(look, region);
    ocr_fields_marks(look);
    ocr_fields_email(look);
    ocr_fields_url(look);
    if (!page->written)
        ocr_fields_domain_agree(look);
    ocr_fields_phone(look);
    ocr_fields_address(look);
    ocr_fields_arbitrate(look);
    if (!page->written) {
        ocr_fields_firm_agree(look);
        ocr_fields_name_agree(look);
        ocr_fields_email_agree(look);
    }
    ocr_fields_code(look);
    ocr_name_locals(look);
    ocr_organization_domains(look); /* with what agreement and codes have changed */
    write_down(look, ret_card);
    return 0;
}
