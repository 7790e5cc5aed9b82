/* See sides.h. */
#include "ocr/sides.h"

#include "base/limits.h"
#include "contact/text.h"

enum { ALTERNATIVES = 16 };

static const double DOUBTFUL = 0.75; /* below this people are asked to look (web/js/fields.js) */

struct side {
    const struct ocr_card *card;
    bool back;
};

struct join {
    struct side front, back;
    struct contact *contact;
    struct contact_claim *claims;
    struct ocr_reason *reasons;
    size_t n, reasons_n;
    struct arena *arena;
};

/* ---- One side ---- */

static const struct contact_claim *claim_of(const struct side *side, struct str field)
{
    const struct contact_claim *claims = side->card->fields.items;
    for (size_t i = 0; i < side->card->fields.n; i++)
        if (str_eq(claims[i].field, field))
            return &claims[i];
    return NULL;
}

static bool from_code(const struct contact_claim *claim)
{
    return claim && claim->card_box.n == 0 && claim->confidence >= 0.99;
}

static struct str text_of(const struct side *side, const struct contact_field *field)
{
    return *(const struct str *)((const char *)side->card->contact + field->offset);
}

/* ---- Keeping ---- */

/* The claims at `path` of a side (and below it), with their reasons, as claims at `as`. */
static void keep_claims(struct join *join, const struct side *side, struct str path, struct str as)
{
    const struct contact_claim *claims = side->card->fields.items;
    const struct ocr_reason *reasons = side->card->reasons.items;
    struct str below = str_printf(join->arena, "%.*s/", STR_ARG(path));
    for (size_t i = 0; i < side->card->fields.n; i++) {
        if (!str_eq(claims[i].field, path) && !str_starts(claims[i].field, below))
            continue;
        struct str tail = str_slice(claims[i].field, path.n, claims[i].field.n);
        struct str field = str_printf(join->arena, "%.*s%.*s", STR_ARG(as), STR_ARG(tail));
        join->claims[join->n] = claims[i];
        join->claims[join->n].field = field;
        if (side->back)
            join->claims[join->n].side = STR(CONTACT_SIDE_BACK);
        join->n++;
        for (size_t k = 0; k < side->card->reasons.n; k++)
            if (str_eq(reasons[k].field, claims[i].field)) {
                join->reasons[join->reasons_n] = reasons[k];
                join->reasons[join->reasons_n++].field = field;
            }
    }
}

static struct contact_claim *kept(const struct join *join, struct str field)
{
    for (size_t i = join->n; i > 0; i--)
        if (str_eq(join->claims[i - 1].field, field))
            return &join->claims[i - 1];
    return NULL;
}

/* Two readings that do not hang together: wrong only if both are. */
static void agree(const struct join *join, struct str field, const struct contact_claim *other)
{
    struct contact_claim *claim = kept(join, field);
    if (claim && other)
        claim->confidence = 1 - (1 - claim->confidence) * (1 - other->confidence);
}

static void offer(const struct join *join, struct str field, struct str value)
{
    struct contact_claim *claim = kept(join, field);
    if (!claim || claim->alternatives.n >= ALTERNATIVES)
        return;
    struct str *texts = arena_array(join->arena, claim->alternatives.n + 1, sizeof *texts);
    texts[0] = value;
    for (size_t i = 0; i < claim->alternatives.n; i++)
        texts[i + 1] = ((const struct str *)claim->alternatives.items)[i];
    claim->alternatives = (struct json_list){texts, claim->alternatives.n + 1};
}

/* ---- Fields of one text ---- */

/* Whether the back's claim is to be preferred to the front's, where both sides say something. */
static bool louder(const struct contact_claim *front, const struct contact_claim *back)
{
    if (from_code(front) || !back)
        return false;
    return from_code(back) || (front && front->confidence < DOUBTFUL && back->confidence > front->confidence);
}

static void join_text(struct join *join, const struct contact_field *field, bool back_first)
{
    struct str name = str_c(field->name);
    struct side *first = back_first ? &join->back : &join->front, *second = back_first ? &join->front : &join->back;
    struct str mine = text_of(first, field), other = text_of(second, field);
    struct str *to = (struct str *)((char *)join->contact + field->offset);
    if (!mine.p) {
        struct side *swap = first;
        first = second;
        second = swap;
        *to = other;
    } else {
        *to = mine;
    }
    keep_claims(join, first, name, name);
    if (!mine.p || !other.p)
        return;
    if (str_eq(contact_text_translit(mine, join->arena), contact_text_translit(other, join->arena)))
        agree(join, name, claim_of(second, name));
    else
        offer(join, name, other);
}

/* Given name, family name and what stands around them belong together: all from one side. */
static const char *const name_fields[] = {"name_prefix", "given_name", "family_name", "name_suffix"};

static bool names_somebody(const struct side *side)
{
    return side->card->contact->given_name.p || side->card->contact->family_name.p;
}

static bool name_same(const struct join *join, const struct contact_field *field)
{
    struct str front = text_of(&join->front, field), back = text_of(&join->back, field);
    return front.p && back.p &&
           str_eq(contact_text_translit(front, join->arena), contact_text_translit(back, join->arena));
}

/* One part of the name from `from`; what `other` says fills it only when both mean the same person. */
static void join_name_part(struct join *join, const struct contact_field *field, bool back, bool same_person)
{
    const struct side *from = back ? &join->back : &join->front, *other = back ? &join->front : &join->back;
    struct str name = str_c(field->name), mine = text_of(from, field), theirs = text_of(other, field);
    if (!mine.p && !same_person)
        return;
    *(struct str *)((char *)join->contact + field->offset) = mine.p ? mine : theirs;
    keep_claims(join, mine.p ? from : other, name, name);
    if (name_same(join, field))
        agree(join, name, claim_of(other, name));
    else if (mine.p && theirs.p)
        offer(join, name, theirs);
}

static void join_name(struct join *join)
{
    struct str family = STR("family_name"), given = STR("given_name");
    bool both = names_somebody(&join->front) && names_somebody(&join->back);
    bool back = both ? louder(claim_of(&join->front, family), claim_of(&join->back, family)) ||
                           louder(claim_of(&join->front, given), claim_of(&join->back, given))
                     : names_somebody(&join->back);
    bool same_person = name_same(join, contact_field_find(family));
    for (size_t i = 0; i < ARRAY_LEN(name_fields); i++)
        join_name_part(join, contact_field_find(str_c(name_fields[i])), back, same_person);
}

static bool of_name(const struct contact_field *field)
{
    for (size_t i = 0; i < ARRAY_LEN(name_fields); i++)
        if (strcmp(field->name, name_fields[i]) == 0)
            return true;
    return false;
}

/* ---- Fields of several values ---- */

/* The form under which two values count as one. */
static struct str value_form(const struct contact_field *field, const void *item, struct arena *arena)
{
    if (field->kind == CONTACT_FIELD_ADDRESSES) {
        const struct contact_address *a = item;
        struct str town = a->postal_code.p ? a->postal_code : a->city;
        struct str form = contact_text_letters(str_printf(arena, "%.*s%.*s", STR_ARG(a->street), STR_ARG(town)), arena);
        return form;
    }
    struct str form = contact_text_lower(((const struct contact_value *)item)->value, arena);
    static const char *const heads[] = {"https://", "http://", "www."};
    for (size_t i = 0; i < ARRAY_LEN(heads); i++)
        if (str_starts(form, str_c(heads[i])))
            form = str_slice(form, strlen(heads[i]), form.n);
    while (form.n && form.p[form.n - 1] == '/')
        form.n--;
    return form;
}

struct values {
    const struct contact_field *field;
    size_t size, n;
    char *items;
};

static void *value_at(const struct values *values, size_t i)
{
    return values->items + i * values->size;
}

/* Its place among those that are there already; values->n: nowhere. */
static size_t value_find(const struct values *values, const void *item, struct arena *arena)
{
    struct str form = value_form(values->field, item, arena);
    for (size_t i = 0; i < values->n; i++)
        if (str_eq(value_form(values->field, value_at(values, i), arena), form))
            return i;
    return values->n;
}

static void add_value(struct join *join, struct values *values, const struct side *side, size_t i)
{
    const struct json_list *list =
        (const struct json_list *)((const char *)side->card->contact + values->field->offset);
    const void *item = (const char *)list->items + i * values->size;
    struct str path = str_printf(join->arena, "%s/%zu", values->field->name, i);
    size_t at = value_find(values, item, join->arena);
    struct str as = str_printf(join->arena, "%s/%zu", values->field->name, at);
    if (at < values->n) {
        struct contact_value *there = value_at(values, at);
        if (values->field->kind == CONTACT_FIELD_VALUES && there->kind < 0)
            there->kind = ((const struct contact_value *)item)->kind;
        agree(join, as, claim_of(side, path));
        return;
    }
    if (values->n == LIMIT_VALUES)
        return;
    memcpy(value_at(values, values->n++), item, values->size);
    keep_claims(join, side, path, as);
}

static void join_values(struct join *join, const struct contact_field *field)
{
    const struct side *sides[] = {&join->front, &join->back};
    size_t size =
        field->kind == CONTACT_FIELD_ADDRESSES ? sizeof(struct contact_address) : sizeof(struct contact_value);
    struct values values = {field, size, 0, arena_alloc(join->arena, LIMIT_VALUES * size)};
    for (size_t s = 0; s < ARRAY_LEN(sides); s++) {
        const struct json_list *list =
            (const struct json_list *)((const char *)sides[s]->card->contact + field->offset);
        for (size_t i = 0; i < list->n; i++)
            add_value(join, &values, sides[s], i);
    }
    *(struct json_list *)((char *)join->contact + field->offset) =
        (struct json_list){values.n ? values.items : NULL, values.n};
}

/* ---- The whole card ---- */

static struct json_list join_rests(const struct join *join)
{
    const struct json_list *front = &join->front.card->unassigned, *back = &join->back.card->unassigned;
    struct ocr_rest *rests = arena_array(join->arena, front->n + back->n, sizeof *rests);
    for (size_t i = 0; i < front->n; i++)
        rests[i] = ((const struct ocr_rest *)front->items)[i];
    for (size_t i = 0; i < back->n; i++) {
        rests[front->n + i] = ((const struct ocr_rest *)back->items)[i];
        rests[front->n + i].side = STR(CONTACT_SIDE_BACK);
    }
    return (struct json_list){rests, front->n + back->n};
}

static bool among(const struct str *words, size_t n, struct str word)
{
    for (size_t i = 0; i < n; i++)
        if (str_eq(words[i], word))
            return true;
    return false;
}

static struct ocr_quality join_quality(const struct join *join)
{
    const struct ocr_quality *front = &join->front.card->quality, *back = &join->back.card->quality;
    struct str *words = arena_array(join->arena, front->advice.n + back->advice.n, sizeof *words);
    size_t n = 0;
    for (size_t i = 0; i < front->advice.n; i++)
        words[n++] = ((const struct str *)front->advice.items)[i];
    for (size_t i = 0; i < back->advice.n; i++)
        if (!among(words, n, ((const struct str *)back->advice.items)[i]))
            words[n++] = ((const struct str *)back->advice.items)[i];
    double sharpness = front->sharpness < back->sharpness ? front->sharpness : back->sharpness;
    return (struct ocr_quality){{words, n}, sharpness};
}

static struct ocr_times join_times(struct ocr_times a, struct ocr_times b)
{
    return (struct ocr_times){a.decode + b.decode, a.find + b.find, a.read + b.read, a.extract + b.extract,
                              a.total + b.total};
}

static struct ocr_card join_cards(const struct ocr_card *front, const struct ocr_card *back, struct arena *arena)
{
    struct join join = {.front = {front, false}, .back = {back, true}, .arena = arena};
    join.contact = arena_one(arena, struct contact);
    join.claims = arena_array(arena, front->fields.n + back->fields.n, sizeof *join.claims);
    join.reasons = arena_array(arena, front->reasons.n + back->reasons.n, sizeof *join.reasons);
    join_name(&join);
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        struct str name = str_c(field->name);
        if (field->kind != CONTACT_FIELD_TEXT)
            join_values(&join, field);
        else if (!of_name(field))
            join_text(&join, field, louder(claim_of(&join.front, name), claim_of(&join.back, name)));
    }
    struct ocr_card card = *front;
    card.contact = join.contact;
    card.fields = (struct json_list){join.claims, join.n};
    card.reasons = (struct json_list){join.reasons, join.reasons_n};
    card.unassigned = join_rests(&join);
    card.quality = join_quality(&join);
    card.ms = join_times(front->ms, back->ms);
    card.back = front->back ? front->back : back;
    return card;
}

static bool readable(const struct ocr_message *message)
{
    return !message->problem.p && message->cards.n > 0;
}

void ocr_sides_join(const struct ocr_message *front, const struct ocr_message *back, struct arena *arena,
                    struct ocr_message *ret_message)
{
    const struct ocr_card *fronts = front->cards.items, *backs = back->cards.items;
    struct ocr_message joined = *front;
    if (!readable(front) || !readable(back)) {
        *ret_message = readable(back) ? *back : *front;
        return;
    }
    struct ocr_card *cards = arena_array(arena, LIMIT_CARDS_PER_PHOTO, sizeof *cards);
    size_t n = front->cards.n < LIMIT_CARDS_PER_PHOTO ? front->cards.n : LIMIT_CARDS_PER_PHOTO;
    for (size_t i = 0; i < n; i++)
        cards[i] = fronts[i];
    for (size_t i = 0; i < back->cards.n; i++) {
        if (front->cards.n == 1 && cards[0].contact && backs[i].contact) {
            cards[0] = join_cards(&cards[0], &backs[i], arena);
        } else if (n < LIMIT_CARDS_PER_PHOTO) {
            cards[n] = backs[i];
            cards[n].quad = STR("[]");
            cards[n].card = (int64_t)n + 1;
            n++;
        }
    }
    joined.cards = (struct json_list){cards, n};
    *ret_message = joined;
}
