/* See slots.h. */
#include "crm-connectors/rest/slots.h"

#include "contact/country.h"
#include "contact/diff.h"
#include "contact/phone.h"

/* Slot texts of one object, in the order of the table. */
struct texts {
    struct str now[CRM_SLOTS_MAX];
    struct str next[CRM_SLOTS_MAX];
};

static int read_texts(const struct crm_slots *slots, struct str object, struct arena *arena, struct str *ret_texts,
                      struct err *err)
{
    const char *names[CRM_SLOTS_MAX];
    for (size_t i = 0; i < slots->n; i++)
        names[i] = slots->rows[i].member;
    if (json_members(object, names, slots->n, arena, ret_texts, err) < 0)
        return -1;
    for (size_t i = 0; i < slots->n; i++) {
        ret_texts[i] = str_trim(ret_texts[i]);
        if (str_empty(ret_texts[i]))
            ret_texts[i] = STR_NONE;
    }
    return 0;
}

static struct json_list *list_of(struct contact *contact, const char *field)
{
    return (void *)((char *)contact + contact_field_find(str_c(field))->offset);
}

static struct contact_value value_of(const struct crm_slot *slot, struct str text, const char *region,
                                     struct arena *arena)
{
    struct contact_value value = {.value = text, .kind = slot->kind};
    struct str e164 = strcmp(slot->field, "phones") == 0 ? contact_phone_e164(text, region, arena) : STR_NONE;
    if (e164.p) {
        value.value = e164;
        value.raw = str_eq(e164, text) ? STR_NONE : text;
    } else if (strcmp(slot->field, "urls") == 0 && str_find(text, STR("://"), 0) < 0) {
        value.value = str_printf(arena, "https://%.*s", STR_ARG(text));
    }
    return value;
}

static void add_value(struct contact *contact, const struct crm_slot *slot, struct str text, const char *region,
                      struct arena *arena)
{
    struct json_list *list = list_of(contact, slot->field);
    if (!list->items)
        list->items = arena_array(arena, CRM_SLOTS_MAX, sizeof(struct contact_value));
    ((struct contact_value *)list->items)[list->n++] = value_of(slot, text, region, arena);
}

static struct str *part_of(struct contact_address *address, enum crm_slot_part part)
{
    switch ((int)part) {
    case CRM_SLOT_STREET:
        return &address->street;
    case CRM_SLOT_POSTAL_CODE:
        return &address->postal_code;
    case CRM_SLOT_CITY:
        return &address->city;
    case CRM_SLOT_REGION:
        return &address->region;
    default:
        return &address->country;
    }
}

/* A country's name in any language becomes its code; what is no country we know stays as it is. */
static struct str country_code(struct str text, struct arena *arena)
{
    const char *code = contact_country_known(text) ? "" : contact_country_find(text, arena);
    return *code ? str_c(code) : text;
}

static bool address_empty(const struct contact_address *address)
{
    return !address->street.p && !address->postal_code.p && !address->city.p && !address->region.p &&
           !address->country.p;
}

/* All the addresses that slots can hold, empty ones too. */
static void addresses_of(const struct crm_slots *slots, const struct str *texts, struct arena *arena,
                         struct contact_address ret[CRM_SLOT_ADDRESSES])
{
    for (size_t i = 0; i < slots->n; i++) {
        const struct crm_slot *slot = &slots->rows[i];
        if (slot->part < CRM_SLOT_STREET || !texts[i].p)
            continue;
        bool country = slot->part == CRM_SLOT_COUNTRY;
        *part_of(&ret[slot->address], slot->part) = country ? country_code(texts[i], arena) : texts[i];
    }
}

int crm_slots_read(const struct crm_slots *slots, struct str object, const char *region, struct arena *arena,
                   struct contact *ret_contact, struct err *err)
{
    struct str texts[CRM_SLOTS_MAX];
    struct contact_address found[CRM_SLOT_ADDRESSES] = {0};
    struct contact contact = {0};
    if (read_texts(slots, object, arena, texts, err) < 0)
        return -1;
    for (size_t i = 0; i < slots->n; i++) {
        const struct crm_slot *slot = &slots->rows[i];
        if (!texts[i].p)
            continue;
        if (slot->part == CRM_SLOT_TEXT)
            *(struct str *)((char *)&contact + contact_field_find(str_c(slot->field))->offset) = texts[i];
        else if (slot->part == CRM_SLOT_VALUE)
            add_value(&contact, slot, texts[i], region, arena);
    }
    addresses_of(slots, texts, arena, found);
    struct contact_address *addresses = arena_array(arena, CRM_SLOT_ADDRESSES, sizeof *addresses);
    for (size_t i = 0; i < CRM_SLOT_ADDRESSES; i++)
        if (!address_empty(&found[i]))
            addresses[contact.addresses.n++] = found[i];
    contact.addresses.items = addresses;
    *ret_contact = contact;
    return 0;
}

/* One act of writing. */
struct writing {
    const struct crm_slots *slots;
    const char *region;
    struct arena *arena;
    struct texts texts;
    struct json_list left; /* struct str */
};

static void leave(struct writing *w, struct str value)
{
    if (!w->left.items)
        w->left.items = arena_array(w->arena, CRM_SLOTS_MAX, sizeof(struct str));
    if (w->left.n < CRM_SLOTS_MAX)
        ((struct str *)w->left.items)[w->left.n++] = value;
}

static void write_text(struct writing *w, const struct crm_change *change)
{
    for (size_t i = 0; i < w->slots->n; i++) {
        const struct crm_slot *slot = &w->slots->rows[i];
        if (slot->part == CRM_SLOT_TEXT && strcmp(slot->field, change->field->name) == 0) {
            w->texts.next[i] = change->after;
            return;
        }
    }
}

/* The slot that holds this value now, or -1. */
static ptrdiff_t holder(const struct writing *w, const char *field, const struct contact_value *value)
{
    struct str key = contact_value_key(str_c(field), value->value, w->arena);
    for (size_t i = 0; i < w->slots->n; i++) {
        const struct crm_slot *slot = &w->slots->rows[i];
        if (slot->part != CRM_SLOT_VALUE || strcmp(slot->field, field) != 0 || !w->texts.next[i].p)
            continue;
        struct contact_value there = value_of(slot, w->texts.next[i], w->region, w->arena);
        if (str_eq(contact_value_key(str_c(field), there.value, w->arena), key))
            return (ptrdiff_t)i;
    }
    return -1;
}

static bool has_kind(const struct writing *w, const char *field, int kind)
{
    for (size_t i = 0; i < w->slots->n; i++)
        if (w->slots->rows[i].part == CRM_SLOT_VALUE && strcmp(w->slots->rows[i].field, field) == 0 &&
            w->slots->rows[i].kind == kind)
            return true;
    return false;
}

/* A value of a kind that no slot is made for counts as one for work. */
static int kind_there(const struct writing *w, const char *field, int kind)
{
    return kind < 0 || !has_kind(w, field, kind) ? CONTACT_WORK : kind;
}

/* The first empty slot of the kind, else one for any kind; -1 when all are taken. */
static ptrdiff_t free_slot(const struct writing *w, const char *field, int kind)
{
    int wanted = kind_there(w, field, kind);
    bool fax = kind == CONTACT_FAX && wanted != kind; /* nobody should ring it up as a number for work */
    ptrdiff_t any = -1;
    for (size_t i = 0; i < w->slots->n; i++) {
        const struct crm_slot *slot = &w->slots->rows[i];
        if (slot->part != CRM_SLOT_VALUE || strcmp(slot->field, field) != 0 || w->texts.next[i].p)
            continue;
        if (slot->kind == wanted && !fax)
            return (ptrdiff_t)i;
        if (slot->kind < 0 && any < 0 && (kind == wanted || kind < 0 || !has_kind(w, field, kind)))
            any = (ptrdiff_t)i;
    }
    return any;
}

static void write_value(struct writing *w, const char *field, const struct contact_value *before,
                        const struct contact_value *after)
{
    ptrdiff_t at = before ? holder(w, field, before) : -1;
    bool stays = at >= 0 && after &&
                 (w->slots->rows[at].kind < 0 || w->slots->rows[at].kind == kind_there(w, field, after->kind));
    if (at >= 0)
        w->texts.next[at] = stays ? after->value : STR_NONE;
    if (!after || stays || holder(w, field, after) >= 0)
        return;
    ptrdiff_t to = free_slot(w, field, after->kind);
    if (to >= 0)
        w->texts.next[to] = after->value;
    else
        leave(w, after->value);
}

/* The main one is in the first slot: it and whatever is there change places. */
static void write_main(struct writing *w, const char *field, const struct contact_value *main)
{
    ptrdiff_t from = holder(w, field, main), to = 0;
    while (to < from && (w->slots->rows[to].part != CRM_SLOT_VALUE || strcmp(w->slots->rows[to].field, field) != 0))
        to++;
    if (from < 0)
        return;
    struct str displaced = w->texts.next[to];
    w->texts.next[to] = w->texts.next[from];
    if (to != from)
        w->texts.next[from] = displaced;
}

static struct str country_text(const struct crm_slot *slot, struct str now, struct str code, struct arena *arena)
{
    if (slot->part != CRM_SLOT_COUNTRY || !code.p)
        return code;
    if (now.p && str_eq(country_code(now, arena), code)) /* "Deutschland" stays what it is */
        return now;
    struct str name = contact_country_name(code);
    return name.p ? name : code;
}

static void put_address(struct writing *w, int number, const struct contact_address *address)
{
    static const struct contact_address none = {0};
    struct contact_address after = address ? *address : none;
    for (size_t i = 0; i < w->slots->n; i++) {
        const struct crm_slot *slot = &w->slots->rows[i];
        if (slot->part < CRM_SLOT_STREET || slot->address != number)
            continue;
        w->texts.next[i] = country_text(slot, w->texts.now[i], *part_of(&after, slot->part), w->arena);
    }
}

static int address_count(const struct crm_slots *slots)
{
    int count = 0;
    for (size_t i = 0; i < slots->n; i++)
        if (slots->rows[i].part >= CRM_SLOT_STREET && slots->rows[i].address >= count)
            count = slots->rows[i].address + 1;
    return count;
}

static void write_address(struct writing *w, const struct contact_address *before, const struct contact_address *after)
{
    struct contact_address there[CRM_SLOT_ADDRESSES] = {0};
    addresses_of(w->slots, w->texts.next, w->arena, there);
    int n = address_count(w->slots);
    for (int i = 0; i < n; i++) {
        bool empty = address_empty(&there[i]);
        if (before ? !empty && str_eq(contact_address_key(&there[i], w->arena), contact_address_key(before, w->arena))
                   : empty) {
            put_address(w, i, after);
            return;
        }
    }
    if (after)
        leave(w, after->street.p ? after->street : after->city.p ? after->city : STR("address"));
}

static void write_list(struct writing *w, const struct crm_change *change)
{
    const struct crm_value_change *values = change->values.items;
    /* What goes first makes room for what comes. */
    for (int adding = 0; adding < 2; adding++)
        for (size_t i = 0; i < change->values.n; i++) {
            if ((values[i].before == NULL) != (adding == 1))
                continue;
            if (change->field->kind == CONTACT_FIELD_ADDRESSES)
                write_address(w, values[i].before, values[i].after);
            else
                write_value(w, change->field->name, values[i].before, values[i].after);
        }
    if (change->main)
        write_main(w, change->field->name, change->main);
}

/* Whether the member takes the text, as far as its description is known. */
static enum crm_misfit misfit_of(const struct crm_slots *slots, const char *member, struct str text, bool new)
{
    const struct crm_field *field = crm_field_find(slots->fields, str_c(member));
    if (slots->fields.n == 0)
        return CRM_FITS;
    if (!field)
        return CRM_MISFIT_GONE;
    if (!(new ? field->create : field->update))
        return CRM_MISFIT_READ_ONLY;
    if (!crm_field_long_enough(field, text))
        return CRM_MISFIT_LONG;
    return text.p && !crm_field_offers(field, text) ? CRM_MISFIT_CHOICE : CRM_FITS;
}

/* The members that differ, checked: the first that does not fit is told. */
static void write_members(const struct writing *w, bool new, struct crm_slots_written *ret)
{
    struct strbuf out = {.arena = w->arena};
    for (size_t i = 0; i < w->slots->n; i++) {
        const char *member = w->slots->rows[i].member;
        struct str text = w->texts.next[i];
        if (str_eq(text, w->texts.now[i]))
            continue;
        if (ret->misfit == CRM_FITS) {
            ret->misfit = misfit_of(w->slots, member, text, new);
            ret->member = member;
        }
        strbuf_printf(&out, "%s\"%s\":", out.n ? "," : "", member);
        if (text.p)
            json_quote(&out, text);
        else
            strbuf_add_c(&out, w->slots->empty);
    }
    ret->members = strbuf_str(&out);
}

int crm_slots_write(const struct crm_slots *slots, const struct crm_slots_change *change, struct arena *arena,
                    struct crm_slots_written *ret, struct err *err)
{
    struct writing w = {.slots = slots, .region = change->region, .arena = arena};
    if (read_texts(slots, change->live, arena, w.texts.now, err) < 0)
        return -1;
    memcpy(w.texts.next, w.texts.now, sizeof w.texts.now);
    struct json_list fields = crm_changes(slots->map, change->before, change->after, arena);
    for (size_t i = 0; i < fields.n; i++) {
        const struct crm_change *field = (const struct crm_change *)fields.items + i;
        if (field->field->kind == CONTACT_FIELD_TEXT)
            write_text(&w, field);
        else
            write_list(&w, field);
    }
    struct crm_slots_written written = {.left = w.left};
    write_members(&w, str_eq(change->live, STR("{}")), &written);
    *ret = written;
    return 0;
}

void crm_slots_members(const struct crm_slots *slots, const char *before, const char *after, struct strbuf *out)
{
    for (size_t i = 0; i < slots->n; i++)
        strbuf_printf(out, "%s%s%s", before, slots->rows[i].member, after);
}
