/* Random rows of decisions, taken back: the CRM has again what it had, or the conflict is listed and nothing was
 * overwritten. KARTEI_UNDO_ROWS rows (default 6) from KARTEI_UNDO_SEED on; each failure prints its seed. */
#include "flow/merge/plan.h"
#include "tests/flow/world.h"

#define W(state) struct world *w = *(state)

enum { RECORDS = 3, DEEDS = 6, VALUES = 5 };

static uint32_t dice;

static int roll(int n)
{
    dice = dice * 1664525 + 1013904223;
    return (int)((dice >> 16) % (uint32_t)n);
}

/* ---- The judge: pure, so that it can be shown what it must convict ---- */

/* What an undo found, what the change had made of what, and what the undo left; NULL = no record. */
struct evidence {
    const char *state;        /* of the write-back afterwards */
    const char *pre, *post;   /* before and after the change */
    const char *found, *left; /* before and after the undo */
    size_t listed;            /* fields of the conflict, or 1 when it says that the record is gone */
};

static bool same(const char *a, const char *b)
{
    return a && b ? strcmp(a, b) == 0 : a == b;
}

/* What is wrong, or NULL. */
static const char *verdict(const struct evidence *e)
{
    if (strcmp(e->state, "undone") == 0) {
        if (!same(e->left, e->pre))
            return "not what was there before";
        return same(e->found, e->post) || same(e->found, e->pre) ? NULL : "overwrote what somebody else had written";
    }
    if (strcmp(e->state, "undo_conflict") != 0)
        return "never came to an end";
    if (!same(e->found, e->left))
        return "changed something although it says it did not";
    if (same(e->found, e->post))
        return "a conflict without a reason";
    return e->listed ? NULL : "a conflict that is not listed";
}

static void the_judge_convicts(void **state)
{
    static const struct evidence guilty[] = {
        {"undone", "a", "b", "b", "b", 0},        {"undone", "a", "b", "c", "a", 0},
        {"undone", "a", "b", "b", NULL, 0},       {"undoing", "a", "b", "b", "b", 0},
        {"undo_conflict", "a", "b", "c", "a", 1}, {"undo_conflict", "a", "b", "b", "b", 1},
        {"undo_conflict", "a", "b", "c", "c", 0}, {"undone", NULL, "b", "b", "b", 0},
    };
    static const struct evidence innocent[] = {{"undone", "a", "b", "b", "a", 0},
                                               {"undone", NULL, "b", "b", NULL, 0},
                                               {"undo_conflict", "a", "b", "c", "c", 2}};
    (void)state;
    for (size_t i = 0; i < ARRAY_LEN(guilty); i++)
        assert_non_null(verdict(&guilty[i]));
    for (size_t i = 0; i < ARRAY_LEN(innocent); i++)
        assert_null(verdict(&innocent[i]));
}

/* ---- Decisions ---- */

struct deed {
    struct flow_write_back write_back;
    int record;       /* in the fake */
    char *pre, *post; /* content; NULL = no record */
};

static char *content(struct world *w, int record)
{
    const struct fake_record *r = &fake_crm->records[record];
    return r->used && !r->deleted ? str_z(w->arena, str_c(r->contact)) : NULL;
}

static struct json_list some_phones(struct world *w)
{
    int n = roll(3);
    struct contact_value *phones = arena_array(w->arena, 3, sizeof *phones);
    for (int i = 0; i < n; i++)
        phones[i] =
            (struct contact_value){.value = str_printf(w->arena, "+4993188%d%d", i, roll(9000) + 1000), .kind = i};
    return (struct json_list){phones, (size_t)n};
}

/* The person as a card shows it today: the same one, with some news. */
static struct contact news_of(struct world *w, int person)
{
    static const char *const titles[VALUES] = {"Einkauf", "Leitung", "Prokura", "Vertrieb", "Technik"};
    struct contact card = world_person(w, person);
    card.job_title = str_c(titles[roll(VALUES)]);
    card.phones = some_phones(w);
    return card;
}

/* Each take by chance: the card's, the CRM's, both side by side, or something typed. */
static struct json_list some_choices(struct world *w, const struct flow_review *review)
{
    const struct flow_review_field *fields = review->fields.items;
    struct flow_choice *choices = arena_array(w->arena, review->fields.n + 1, sizeof *choices);
    size_t n = 0;
    for (size_t i = 0; i < review->fields.n; i++) {
        int take = roll(5);
        bool text = str_eq(fields[i].field, STR("job_title"));
        if (take == 4 || (take == FLOW_TAKE_BOTH && !fields[i].multi) || (take == FLOW_TAKE_OWN && !text))
            continue;
        choices[n++] = (struct flow_choice){
            .field = fields[i].field,
            .take = take,
            .value = take == FLOW_TAKE_OWN ? str_printf(w->arena, "\"selbst %d\"", roll(99)) : STR_NONE};
    }
    return (struct json_list){choices, n};
}

static struct contact contact_of(struct world *w, const char *text)
{
    struct contact contact = {.given_name = STR_NONE};
    if (text)
        MUST(w, json_read(&contact_shape, str_c(text), w->arena, &contact, &w->err));
    return contact;
}

/* What the dry run said is what the CRM has got: each listed field with its values, and no other. */
static void assert_as_foretold(struct world *w, const struct flow_preview *preview, const struct deed *deed)
{
    struct contact pre = contact_of(w, deed->pre), post = contact_of(w, deed->post);
    const struct flow_change *changes = preview->changes.items;
    size_t listed = 0;
    for (size_t i = 0; i < contact_field_count; i++) {
        const struct contact_field *field = &contact_fields[i];
        if (flow_field_same(&pre, &post, field, w->arena))
            continue;
        assert_true(listed < preview->changes.n);
        assert_true(str_eq(changes[listed].field, str_c(field->name)));
        assert_true(str_eq(changes[listed].before, flow_field_json(&pre, field, w->arena)));
        assert_true(str_eq(changes[listed].after, flow_field_json(&post, field, w->arena)));
        listed++;
    }
    assert_int_equal(listed, preview->changes.n);
}

/* Decides on a person and sends it. False when nothing would change. */
static bool decide(struct world *w, int person, bool create, struct deed *deed)
{
    struct contact card = news_of(w, person);
    struct flow_contact contact = world_contact(w, &card);
    struct flow_review_query query = {.contact = world_id(contact.id), .connection = w->fake, .create = create};
    struct flow_review review;
    struct flow_preview preview;
    MUST(w, flow_review(&w->flow, &w->user, &query, w->arena, &review, &w->err));
    struct flow_preview_new input = {.contact_id = contact.id,
                                     .contact_version = review.contact_version,
                                     .connection_id = review.connection.id,
                                     .record_id = review.record ? review.record->id : STR_NONE,
                                     .remote_version = review.record ? review.record->version : STR_NONE,
                                     .choices = some_choices(w, &review)};
    int written = fake_crm->entries;
    MUST(w, flow_preview(&w->flow, &w->user, &input, w->arena, &preview, &w->err));
    assert_int_equal(fake_crm->entries, written); /* a dry run writes nothing */
    if (preview.changes.n == 0)
        return false;
    int64_t known = -1;
    if (review.record)
        assert_true(str_to_int(review.record->remote_id, 0, FAKE_RECORDS - 1, &known));
    deed->pre = known >= 0 ? content(w, (int)known) : NULL;
    struct flow_write write = {world_id(preview.id), contact.version};
    MUST(w, flow_write_commit(&w->flow, &w->user, &write, w->arena, &deed->write_back, &w->err));
    (void)world_work(w);
    deed->write_back = world_write_back(w, &deed->write_back);
    assert_state(deed->write_back, "written");
    assert_true(str_to_int(deed->write_back.remote_id, 0, FAKE_RECORDS - 1, &known));
    deed->record = (int)known;
    deed->post = content(w, deed->record);
    assert_as_foretold(w, &preview, deed);
    return true;
}

/* Somebody else works in the CRM too. */
static void others(struct world *w, int record, int person)
{
    struct contact theirs = news_of(w, person);
    if (!content(w, record))
        return;
    theirs.job_title = str_printf(w->arena, "von anderen %d", roll(1000));
    if (roll(6) == 0)
        fake_crm->records[record].deleted = true;
    else
        fake_crm_touch(str_printf(w->arena, "%d", record), &theirs, w->arena);
}

/* ---- Taking back ---- */

static void take_back(struct world *w, struct deed *deed)
{
    static const enum fake_fault faults[] = {FAKE_FINE,        FAKE_FINE, FAKE_LOST_AFTER,
                                             FAKE_LOST_BEFORE, FAKE_DOWN, FAKE_QUOTA};
    struct evidence e = {.pre = deed->pre, .post = deed->post, .found = content(w, deed->record)};
    struct flow_write_back asked;
    struct flow_conflict conflict = {.gone = false};
    MUST(w, flow_write_undo(&w->flow, &w->user, world_id(deed->write_back.id), w->arena, &asked, &w->err));
    fake_crm->fault = faults[roll((int)ARRAY_LEN(faults))];
    for (int i = 0; i < 4; i++) {
        (void)world_work(w);
        deed->write_back = world_write_back(w, &deed->write_back);
        if (deed->write_back.state != FLOW_WRITE_BACK_undoing)
            break;
        world_later(w);
    }
    fake_crm->fault = FAKE_FINE;
    e.state = flow_write_back_words[deed->write_back.state];
    e.left = content(w, deed->record);
    if (deed->write_back.state == FLOW_WRITE_BACK_undo_conflict) {
        MUST(w, flow_write_conflict(&w->flow, &w->user, world_id(deed->write_back.id), w->arena, &conflict, &w->err));
        e.listed = conflict.gone ? 1 : conflict.fields.n;
    }
    const char *fault = verdict(&e);
    if (fault)
        fail_msg("%s: %s\n  before: %s\n  written: %s\n  found: %s\n  left: %s", fault, e.state, e.pre, e.post, e.found,
                 e.left);
}

struct tally {
    int deeds, undone, conflicts, restored;
};

static void row_of_decisions(struct world *w, uint32_t seed, struct tally *tally)
{
    struct deed deeds[DEEDS];
    char *original[RECORDS];
    int person = (int)(seed % 1000) * 10 + 20000, n = 0;
    bool alone = seed % 2, backwards = seed % 3;
    struct id job;
    dice = seed;
    memset(fake_crm, 0, sizeof *fake_crm);
    for (int i = 0; i < RECORDS; i++) {
        struct contact known = news_of(w, person + i);
        (void)fake_crm_add(&known, w->arena);
        original[i] = content(w, i);
    }
    MUST(w, flow_connection_pull(&w->flow, &w->admin, w->fake, &job, &w->err));
    (void)world_work(w);
    for (int i = 0; i < DEEDS; i++) {
        int who = roll(RECORDS);
        n += decide(w, person + who, roll(4) == 0, &deeds[n]);
        if (!alone && roll(3) == 0)
            others(w, who, person + who);
    }
    for (int left = n; left > 0; left--) {
        int at = backwards ? left - 1 : roll(left);
        struct deed deed = deeds[at];
        take_back(w, &deed);
        tally->undone += deed.write_back.state == FLOW_WRITE_BACK_undone;
        tally->conflicts += deed.write_back.state == FLOW_WRITE_BACK_undo_conflict;
        memmove(&deeds[at], &deeds[at + 1], (size_t)(left - 1 - at) * sizeof *deeds);
    }
    tally->deeds += n;
    if (!alone || !backwards)
        return;
    for (int i = 0; i < FAKE_RECORDS; i++) /* nobody else was there, and the last went first: all of it is as it was */
        if (!same(content(w, i), i < RECORDS ? original[i] : NULL))
            fail_msg("record %d is not what it was: %s", i, content(w, i));
    tally->restored++;
}

static int setting(const char *name, int otherwise)
{
    const char *text = getenv(name);
    int64_t n;
    return text && str_to_int(str_c(text), 1, 100000, &n) ? (int)n : otherwise;
}

static void rows_of_decisions_are_taken_back(void **state)
{
    W(state);
    int rows = setting("KARTEI_UNDO_ROWS", 6), seed = setting("KARTEI_UNDO_SEED", 1);
    struct tally tally = {0};
    for (int i = 0; i < rows; i++) {
        (void)fprintf(stderr, "%s%d", i ? " " : "seeds ", seed + i); /* the last one is the one that failed */
        row_of_decisions(w, (uint32_t)(seed + i), &tally);
    }
    (void)fprintf(stderr, "\n%d decisions: %d taken back, %d conflicts listed, %d rows restored to the letter\n",
                  tally.deeds, tally.undone, tally.conflicts, tally.restored);
    assert_true(tally.undone > 0 && tally.conflicts > 0 && tally.restored > 0);
}

/* ---- Thirty days ---- */

static void what_was_before_is_kept_for_thirty_days(void **state)
{
    W(state);
    struct deed deed;
    struct flow_write_back asked;
    memset(fake_crm, 0, sizeof *fake_crm);
    assert_true(decide(w, 40000, true, &deed));
    world_age(w, &deed.write_back, 29);
    for (int i = 0; i < 6; i++) /* one of six sweeps cleans the house */
        MUST(w, flow_job_sweep(&w->flow, w->arena, &w->err));
    assert_true(world_write_back(w, &deed.write_back).undoable);
    world_age(w, &deed.write_back, 31);
    for (int i = 0; i < 6; i++)
        MUST(w, flow_job_sweep(&w->flow, w->arena, &w->err));
    struct flow_write_back old = world_write_back(w, &deed.write_back);
    assert_state(old, "written"); /* that it was written stays known; what, does not */
    assert_int_equal(old.changes.n, 0);
    assert_false(old.undoable);
    assert_true(str_find(old.not_undoable, STR("30 days"), 0) > 0);
    FAILS(w, ERR_NOT_UNDOABLE, flow_write_undo(&w->flow, &w->user, world_id(old.id), w->arena, &asked, &w->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_judge_convicts),
        cmocka_unit_test(rows_of_decisions_are_taken_back),
        cmocka_unit_test(what_was_before_is_kept_for_thirty_days),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
