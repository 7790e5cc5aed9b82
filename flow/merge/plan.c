/* Rows and proposals of the merge view, and the record that choices make; see plan.h. */
#include "flow/merge/plan.h"

#include "base/limits.h"
#include "contact/diff.h"

static const struct contact nobody;

/* Below this a reading is doubtful: it is shown, but not proposed over or beside what the CRM has. */
static const double doubtful = 0.5;

enum { GROUPS = 4 };

/* The rules, by the keys under which the pages have their sentences. */
#define WHY_SAME        "same"
#define WHY_ONLY_CRM    "only-crm"
#define WHY_ONLY_CARD   "only-card"
#define WHY_ADDS        "card-adds"
#define WHY_DOUBTFUL    "doubtful-reading"
#define WHY_BESIDE      "values-live-side-by-side"
#define WHY_IDENTITY    "crm-knows-names-better"
#define WHY_NEWER       "card-is-newer"
#define WHY_MOVED       "new-employer"
#define WHY_UNMAPPED    "no-place-in-crm"
#define WHY_CARD_LONGER "card-is-longer"
#define WHY_CRM_LONGER  "crm-is-longer"
#define WHY_CARD_FULLER "card-is-fuller"
#define WHY_CRM_FULLER  "crm-is-fuller"
#define WHY_POLICY      "policy-fills-blanks"

static const void *field_at(const struct contact *contact, const struct contact_field *field)
{
    return (const char *)contact + field->offset;
}

static bool field_empty(const struct contact *contact, const struct contact_field *field)
{
    if (field->kind == CONTACT_FIELD_TEXT)
        return str_empty(*(const struct str *)field_at(contact, field));
    return ((const struct json_list *)field_at(contact, field))->n == 0;
}

static size_t field_size(const struct contact_field *field)
{
    return field->kind == CONTACT_FIELD_TEXT        ? sizeof(struct str)
           : field->kind == CONTACT_FIELD_ADDRESSES ? sizeof(struct contact_address)
                                                    : sizeof(struct contact_value);
}

static void field_take(struct contact *to, const struct contact *from, const struct contact_field *field)
{
    size_t n = field->kind == CONTACT_FIELD_TEXT ? sizeof(struct str) : sizeof(struct json_list);
    memcpy((char *)to + field->offset, field_at(from, field), n);
}

/* A contact that says nothing but this field, so that contact_diff() judges one field alone. */
static struct contact field_only(const struct contact *contact, const struct contact_field *field)
{
    struct contact one = nobody;
    field_take(&one, contact, field);
    return one;
}

struct str flow_field_json(const struct contact *contact, const struct contact_field *field, struct arena *arena)
{
    struct err err;
    struct str json = STR_NONE;
    struct contact one = field_only(contact, field);
    if (field_empty(contact, field))
        return STR_NONE;
    if (json_member(json_write(&contact_shape, &one, arena), field->name, arena, &json, &err) < 0)
        return STR_NONE;
    return json;
}

bool flow_field_same(const struct contact *a, const struct contact *b, const struct contact_field *field,
                     struct arena *arena)
{
    struct contact left = field_only(a, field), right = field_only(b, field);
    struct contact_diff_row *rows;
    size_t n = contact_diff(&left, &right, arena, &rows);
    return n == 0 || rows[0].state == CONTACT_DIFF_EQUAL;
}

static struct str main_key(const struct contact *contact, const struct contact_field *field, struct arena *arena)
{
    const struct json_list *list = field_at(contact, field);
    if (field->kind != CONTACT_FIELD_VALUES || list->n == 0)
        return STR_NONE;
    return contact_value_key(str_c(field->name), ((const struct contact_value *)list->items)->value, arena);
}

bool flow_main_same(const struct contact *a, const struct contact *b, const struct contact_field *field,
                    struct arena *arena)
{
    return str_eq(main_key(a, field, arena), main_key(b, field, arena));
}

/* "emails" covers the claims "emails", "emails/0" and "addresses/0/city" alike. */
static bool claim_of(const struct contact_claim *claim, const struct contact_field *field)
{
    struct str name = str_c(field->name);
    return str_starts(claim->field, name) && (claim->field.n == name.n || claim->field.p[name.n] == '/');
}

static void row_claims(struct flow_row *row, const struct json_list *claims)
{
    row->confidence = 1;
    for (size_t i = 0; claims && i < claims->n; i++) {
        const struct contact_claim *claim = (const struct contact_claim *)claims->items + i;
        if (!claim_of(claim, row->field))
            continue;
        if (claim->confidence < row->confidence)
            row->confidence = claim->confidence;
        if (!row->claim && claim->card_box.n == 4)
            row->claim = claim;
    }
}

static void propose(struct flow_row *row, enum flow_take take, const char *why)
{
    row->proposal = take;
    row->why = why;
}

/* With no record at all even a doubtful value is proposed: a person is looking, and a gap is harder to see. */
static void propose_addition(struct flow_row *row, const struct contact *crm)
{
    bool crm_empty = !crm || field_empty(crm, row->field);
    row->group = FLOW_GROUP_ADDITION;
    if (crm && row->confidence < doubtful)
        propose(row, FLOW_TAKE_CRM, WHY_DOUBTFUL);
    else if (crm_empty)
        propose(row, FLOW_TAKE_CARD, WHY_ONLY_CARD);
    else
        propose(row, FLOW_TAKE_BOTH, WHY_ADDS);
}

/* Which rule the proposal follows, by the side that it lets stay. */
static const char *const rule_words[][2] = {
    [FLOW_SURVIVES_TRUSTED] = {WHY_IDENTITY, WHY_IDENTITY},
    [FLOW_SURVIVES_NEWEST] = {WHY_NEWER, WHY_NEWER},
    [FLOW_SURVIVES_LONGEST] = {WHY_CRM_LONGER, WHY_CARD_LONGER},
    [FLOW_SURVIVES_FULLEST] = {WHY_CRM_FULLER, WHY_CARD_FULLER},
    [FLOW_SURVIVES_ALL] = {WHY_BESIDE, WHY_BESIDE},
};

static void propose_conflict(struct flow_row *row, const struct flow_sides *sides)
{
    const struct flow_survivorship *rules = sides->survivorship ? sides->survivorship : &flow_survivorship_default;
    enum flow_survives rule = flow_survives(rules, row->field);
    bool card = flow_card_survives(rule, sides->card, sides->crm, row->field);
    row->group = FLOW_GROUP_CONFLICT;
    if (row->confidence < doubtful)
        propose(row, FLOW_TAKE_CRM, WHY_DOUBTFUL);
    else if (rule == FLOW_SURVIVES_ALL)
        propose(row, FLOW_TAKE_BOTH, WHY_BESIDE);
    else if (sides->moved && strcmp(row->field->name, "organization") == 0)
        propose(row, FLOW_TAKE_CARD, WHY_MOVED);
    else
        propose(row, card ? FLOW_TAKE_CARD : FLOW_TAKE_CRM, rule_words[rule][card]);
}

static void row_fill(struct flow_row *row, const struct contact_diff_row *diff, const struct flow_sides *sides)
{
    row->field = diff->field;
    row_claims(row, sides->claims);
    if (sides->mapped && !sides->mapped(sides->mapped_self, diff->field)) {
        row->group = FLOW_GROUP_UNMAPPED;
        propose(row, FLOW_TAKE_CRM, WHY_UNMAPPED);
        return;
    }
    switch (diff->state) {
    case CONTACT_DIFF_EQUAL:
        row->group = FLOW_GROUP_EQUAL;
        propose(row, FLOW_TAKE_CRM, WHY_SAME);
        break;
    case CONTACT_DIFF_RIGHT:
        row->group = FLOW_GROUP_EQUAL;
        propose(row, FLOW_TAKE_CRM, WHY_ONLY_CRM);
        break;
    case CONTACT_DIFF_ADDITION:
        propose_addition(row, sides->crm);
        break;
    case CONTACT_DIFF_CONFLICT:
        propose_conflict(row, sides);
        break;
    }
}

size_t flow_rows(const struct flow_sides *sides, struct arena *arena, struct flow_row **ret_rows)
{
    struct contact_diff_row *diffs;
    size_t n = contact_diff(sides->card, sides->crm ? sides->crm : &nobody, arena, &diffs), out = 0;
    struct flow_row *all = arena_array(arena, n, sizeof *all);
    struct flow_row *rows = arena_array(arena, n, sizeof *rows);
    for (size_t i = 0; i < n; i++)
        row_fill(&all[i], &diffs[i], sides);
    for (int group = 0; group < GROUPS; group++)
        for (size_t i = 0; i < n; i++)
            if (all[i].group == (enum flow_group)group)
                rows[out++] = all[i];
    *ret_rows = rows;
    return n;
}

/* Both: the CRM's values first, in their order, then those of the card that the CRM lacks. */
static struct json_list values_both(const struct contact *card, const struct contact *crm,
                                    const struct contact_field *field, struct arena *arena)
{
    struct contact left = field_only(card, field), right = field_only(crm, field);
    const struct json_list *theirs = field_at(crm, field), *ours = field_at(card, field);
    struct contact_diff_row *rows;
    size_t size = field_size(field), n = theirs->n;
    char *items = arena_array(arena, theirs->n + ours->n, size);
    if (theirs->n)
        memcpy(items, theirs->items, theirs->n * size);
    if (contact_diff(&left, &right, arena, &rows) == 0)
        return *theirs;
    for (size_t i = 0; i < rows[0].items.n; i++) {
        const struct contact_diff_item *item = (const struct contact_diff_item *)rows[0].items.items + i;
        if (item->right < 0)
            memcpy(items + n++ * size, (const char *)ours->items + (size_t)item->left * size, size);
    }
    return (struct json_list){items, n};
}

static int value_own(struct contact *to, const struct flow_pick *pick, const char *region, struct arena *arena,
                     struct err *err)
{
    struct contact own;
    struct strbuf json = {.arena = arena};
    strbuf_printf(&json, "{\"%s\":", pick->field->name);
    strbuf_add(&json, pick->own.p ? pick->own : STR("null"));
    strbuf_add_char(&json, '}');
    if (json_read(&contact_shape, strbuf_str(&json), arena, &own, err) < 0 ||
        contact_clean(&own, region, arena, err) < 0)
        return -1;
    field_take(to, &own, pick->field);
    return 0;
}

static int pick_apply(struct contact *after, const struct flow_sides *sides, const struct flow_pick *pick,
                      const char *region, struct arena *arena, struct err *err)
{
    const struct contact *crm = sides->crm ? sides->crm : &nobody;
    switch (pick->take) {
    case FLOW_TAKE_CRM:
        field_take(after, crm, pick->field);
        return 0;
    case FLOW_TAKE_CARD:
        field_take(after, sides->card, pick->field);
        return 0;
    case FLOW_TAKE_OWN:
        return value_own(after, pick, region, arena, err);
    case FLOW_TAKE_BOTH:
        break;
    }
    if (!pick->field->multi)
        return err_set(err, ERR_INVALID, "%s has one value only", pick->field->name);
    struct json_list both = values_both(sides->card, crm, pick->field, arena);
    if (both.n > LIMIT_VALUES)
        return err_set(err, ERR_INVALID, "%s would have more than %d values", pick->field->name, LIMIT_VALUES);
    memcpy((char *)after + pick->field->offset, &both, sizeof both);
    return 0;
}

/* The value that was chosen goes first; the others keep their order. */
static int main_first(struct contact *after, const struct flow_pick *pick, struct arena *arena, struct err *err)
{
    struct json_list *list = (void *)((char *)after + pick->field->offset);
    const struct contact_value *values = list->items;
    struct str field = str_c(pick->field->name), wanted = contact_value_key(field, pick->main, arena);
    size_t at = 0;
    while (pick->field->kind == CONTACT_FIELD_VALUES && at < list->n &&
           !str_eq(contact_value_key(field, values[at].value, arena), wanted))
        at++;
    if (pick->field->kind != CONTACT_FIELD_VALUES || at == list->n)
        return err_set(err, ERR_INVALID, "none of the values is this one");
    struct contact_value *sorted = arena_array(arena, list->n, sizeof *sorted);
    sorted[0] = values[at];
    memcpy(sorted + 1, values, at * sizeof *sorted);
    memcpy(sorted + at + 1, values + at + 1, (list->n - at - 1) * sizeof *sorted);
    list->items = sorted;
    return 0;
}

/* The last pick of a field counts. */
static const struct flow_pick *pick_of(const struct flow_picks *picks, const struct contact_field *field)
{
    const struct flow_pick *found = NULL;
    for (size_t i = 0; i < picks->n; i++)
        if (picks->picks[i].field == field)
            found = &picks->picks[i];
    return found;
}

/* Where a rule would have written something, a policy that fills blanks has the word instead. */
static struct flow_ruling ruling_of(const struct flow_row *row, const struct flow_pick *pick, bool by_policy)
{
    enum flow_take take = pick ? pick->take : row->proposal;
    if (by_policy && row->proposal != FLOW_TAKE_CRM)
        return (struct flow_ruling){
            .field = str_c(row->field->name), .rule = STR(WHY_POLICY), .proposal = (int)take, .take = (int)take};
    return (struct flow_ruling){.field = str_c(row->field->name),
                                .rule = row->why ? str_c(row->why) : STR_NONE,
                                .proposal = (int)row->proposal,
                                .take = (int)take,
                                .overridden = take != row->proposal || take == FLOW_TAKE_OWN || (pick && pick->main.p)};
}

static struct json_list rulings_of(const struct flow_row *rows, size_t n_rows, const struct flow_picks *picks,
                                   struct arena *arena)
{
    struct flow_ruling *rulings = arena_array(arena, contact_field_count, sizeof *rulings);
    size_t n = 0;
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        struct flow_row none = {.field = field, .group = FLOW_GROUP_EQUAL, .proposal = FLOW_TAKE_CRM};
        const struct flow_row *row = &none;
        for (size_t k = 0; k < n_rows && row == &none; k++)
            row = rows[k].field == field ? &rows[k] : row;
        struct flow_ruling ruling = ruling_of(row, pick_of(picks, field), picks->by_policy);
        if (row->group == FLOW_GROUP_CONFLICT || row->group == FLOW_GROUP_ADDITION || ruling.overridden)
            rulings[n++] = ruling;
    }
    return (struct json_list){rulings, n};
}

int flow_merge(const struct flow_sides *sides, const struct flow_picks *picks, struct arena *arena,
               struct contact *ret_after, struct json_list *ret_rulings, struct err *err)
{
    struct contact after = sides->crm ? *sides->crm : nobody;
    struct flow_row *rows;
    size_t n = flow_rows(sides, arena, &rows);
    for (size_t i = 0; i < n; i++) {
        struct flow_pick proposed = {.field = rows[i].field, .take = rows[i].proposal};
        if (pick_apply(&after, sides, &proposed, picks->region, arena, err) < 0)
            return -1;
    }
    for (size_t i = 0; i < picks->n; i++) {
        const struct flow_pick *pick = &picks->picks[i];
        bool mapped = !sides->mapped || sides->mapped(sides->mapped_self, pick->field);
        int r = mapped || pick->take == FLOW_TAKE_CRM
                    ? 0
                    : err_set(err, ERR_INVALID, "the CRM has no place for %s", pick->field->name);
        if (r < 0 || pick_apply(&after, sides, pick, picks->region, arena, err) < 0) {
            (void)snprintf(err->pointer, sizeof err->pointer, "/choices/%zu", i);
            return -1;
        }
    }
    /* What is no change to people is none to the CRM: a kind or a spelling of the card's is not written unseen. */
    for (size_t i = 0; sides->crm && i < contact_field_count; i++)
        if (flow_field_same(&after, sides->crm, &contact_fields[i], arena))
            field_take(&after, sides->crm, &contact_fields[i]);
    for (size_t i = 0; i < picks->n; i++)
        if (picks->picks[i].main.p && main_first(&after, &picks->picks[i], arena, err) < 0) {
            (void)snprintf(err->pointer, sizeof err->pointer, "/choices/%zu/main", i);
            return -1;
        }
    *ret_after = after;
    *ret_rulings = rulings_of(rows, n, picks, arena);
    return 0;
}

void flow_overrule(struct json_list *rulings, const char *field)
{
    struct flow_ruling *all = rulings->items;
    size_t at = 0;
    while (at < rulings->n && !str_eq(all[at].field, str_c(field)))
        at++;
    if (at == rulings->n)
        all[rulings->n++] = (struct flow_ruling){.field = str_c(field), .proposal = FLOW_TAKE_CRM};
    all[at].take = FLOW_TAKE_OWN;
    all[at].overridden = true;
}
