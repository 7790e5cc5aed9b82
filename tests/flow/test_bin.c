/* Final removal: 29 days and a second less than 30 stay and can be restored, a second more is gone with all that hangs
 * on it; what was erased does not come back by a restored copy; an organisation without keys is unreadable; a clock
 * that jumped removes nothing. */
#include "base/clock.h"
#include "flow/keep/purge.h"
#include "store/contact.h"
#include "store/keep/purge.h"
#include "store/people.h"
#include "store/pg.h"
#include "tests/flow/world.h"

#define HOUR_MS (60LL * 60 * 1000)
#define DAY_MS  (24 * HOUR_MS)

static void as_super(struct world *w, const char *sql)
{
    struct store_pg *pg;
    MUST(w, store_pg_open(getenv("KARTEI_TEST_SUPER"), &pg, &w->err));
    MUST(w, store_pg_command(pg, sql, &w->err));
    store_pg_close(pg);
}

static struct flow_contact binned(struct world *w, int number, const char *age)
{
    struct contact person = world_person(w, number);
    struct flow_contact contact = world_contact(w, &person);
    MUST(w, flow_contact_delete(&w->flow, &w->user, world_id(contact.id), contact.version, &w->err));
    as_super(w, str_printf(w->arena, "update kartei.contacts set deleted_at = now() - interval '%s' where id = '%.*s'",
                           age, STR_ARG(contact.id))
                    .p);
    return contact;
}

static bool there(struct world *w, const struct flow_contact *contact)
{
    struct flow_contact now;
    int r = flow_contact_get(&w->flow, &w->user, world_id(contact->id), w->arena, &now, &w->err);
    return r == 0 || w->err.code != ERR_NOT_FOUND;
}

static struct store_purged purge(struct world *w)
{
    struct store_purge by_age = {.age_ms = STORE_BIN_MS};
    struct store_purged gone;
    MUST(w, store_purge(w->store, &w->admin.org, &by_age, &gone, &w->err));
    return gone;
}

static void the_bin_keeps_for_thirty_days_to_the_second(void **state)
{
    struct world *w = *state;
    struct flow_contact young = binned(w, 81, "29 days"), edge = binned(w, 82, "30 days -5 seconds"),
                        old = binned(w, 83, "30 days 1 second"), back;
    struct contact person = world_person(w, 84);
    struct flow_contact kept = world_contact(w, &person);
    struct store_purged gone = purge(w);
    assert_int_equal(gone.contacts, 1);
    assert_true(there(w, &young) && there(w, &edge) && there(w, &kept));
    assert_false(there(w, &old));
    FAILS(w, ERR_NOT_FOUND, flow_contact_restore(&w->flow, &w->user, world_id(old.id), w->arena, &back, &w->err));
    MUST(w, flow_contact_restore(&w->flow, &w->user, world_id(edge.id), w->arena, &back, &w->err));
    as_super(
        w, str_printf(
               w->arena,
               "do $$ begin if exists (select from kartei.match_subjects where subject_id = '%.*s') or exists (select "
               "from kartei.contact_versions where contact_id = '%.*s') or exists (select from kartei.candidates "
               "where contact_id = '%.*s') then raise exception 'something of it is left'; end if; end $$",
               STR_ARG(old.id), STR_ARG(old.id), STR_ARG(old.id))
               .p);
    assert_int_equal(purge(w).contacts, 0);
}

static void a_jump_since_the_clock_was_looked_at_is_no_age(void **state)
{
    struct world *w = *state;
    struct flow_contact old = binned(w, 86, "30 days 1 second");
    struct store_purge by_age = {.age_ms = STORE_BIN_MS, .as_of_ms = clock_now_ms() - 5 * 1000};
    struct store_purged gone;
    MUST(w, store_purge(w->store, &w->admin.org, &by_age, &gone, &w->err));
    assert_true(there(w, &old)); /* five seconds ago it was four short */
    by_age.as_of_ms = clock_now_ms();
    MUST(w, store_purge(w->store, &w->admin.org, &by_age, &gone, &w->err));
    assert_false(there(w, &old));
}

static void what_was_erased_does_not_come_back_with_a_copy(void **state)
{
    struct world *w = *state;
    int64_t n;
    as_super(w, "create table kartei.kept as select * from kartei.contacts");
    struct flow_contact old = binned(w, 85, "31 days");
    as_super(w, "drop table kartei.kept; create table kartei.kept as select * from kartei.contacts");
    assert_int_equal(purge(w).contacts, 1);
    assert_false(there(w, &old));
    as_super(w, str_printf(w->arena, "insert into kartei.contacts select * from kartei.kept where id = '%.*s'",
                           STR_ARG(old.id))
                    .p);
    assert_true(there(w, &old)); /* the restored copy has it again */
    MUST(w, store_erasures_replay(w->store, &n, &w->err));
    assert_int_equal(n, 1);
    assert_false(there(w, &old));
    MUST(w, store_erasures_replay(w->store, &n, &w->err));
    assert_int_equal(n, 0);
    as_super(w, "drop table kartei.kept");
}

static void an_organisation_without_keys_is_unreadable(void **state)
{
    struct world *w = *state;
    struct json_list orgs;
    struct id org;
    struct str name;
    int64_t n;
    MUST(w, store_org_create(w->store, STR("Kurzlebig GmbH"), &org, &w->err));
    MUST(w, store_org_erase(w->store, &org, &w->err));
    FAILS(w, ERR_CONFLICT, store_org_erase(w->store, &org, &w->err));
    MUST(w, store_orgs(w->store, w->arena, &orgs, &w->err));
    for (size_t i = 0; i < orgs.n; i++)
        assert_false(id_eq((const struct id *)orgs.items + i, &org));
    struct store *fresh; /* as a program that is started anew: it holds no key */
    const char *dir = getenv("KARTEI_TEST_DIR");
    struct store_settings settings = {.conninfo = getenv("KARTEI_TEST_DB"),
                                      .master_key = str_printf(w->arena, "%s/master.key", dir).p,
                                      .blob_dir = str_printf(w->arena, "%s/blobs", dir).p,
                                      .keep_dir = str_printf(w->arena, "%s/erasures", dir).p,
                                      .connections = 2};
    MUST(w, store_open(&settings, &fresh, &w->err));
    struct store_tx *tx;
    MUST(w, store_begin(fresh, &org, &tx, &w->err));
    FAILS(w, ERR_SEAL, store_org_name(tx, w->arena, &name, &w->err));
    store_rollbackp(&tx);
    MUST(w, store_erasures_replay(fresh, &n, &w->err));
    assert_int_equal(n, 0);
    store_close(fresh);
}

static void a_clock_that_jumped_removes_nothing(void **state)
{
    struct flow_clock clock = {0};
    int64_t wall = 1000 * DAY_MS, mono = 5 * DAY_MS;
    (void)state;
    assert_false(flow_clock_tick(&clock, wall, wall, mono)); /* the first tick knows nothing */
    assert_true(flow_clock_tick(&clock, wall + 60000, wall + 60000, mono + 60000));
    assert_true(
        flow_clock_tick(&clock, wall + 60000 + HOUR_MS - 1000, wall + 60000 + HOUR_MS - 1000, mono + 60000 + 1000));
    wall += 40 * DAY_MS;
    assert_false(flow_clock_tick(&clock, wall, wall, mono + 120000)); /* forty days within a minute */
    assert_false(flow_clock_tick(&clock, wall + HOUR_MS, wall + HOUR_MS, mono + 120000 + HOUR_MS));
    assert_true(
        flow_clock_tick(&clock, wall + DAY_MS + HOUR_MS, wall + DAY_MS + HOUR_MS, mono + 120000 + DAY_MS + HOUR_MS));
    assert_false(flow_clock_tick(&clock, wall, wall, mono + 180000 + DAY_MS + HOUR_MS)); /* and back */
    clock = (struct flow_clock){0};
    (void)flow_clock_tick(&clock, wall, wall, mono);
    assert_false(
        flow_clock_tick(&clock, wall + 60000, wall - DAY_MS, mono + 60000)); /* database and machine disagree */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bin_keeps_for_thirty_days_to_the_second),
        cmocka_unit_test(a_jump_since_the_clock_was_looked_at_is_no_age),
        cmocka_unit_test(what_was_erased_does_not_come_back_with_a_copy),
        cmocka_unit_test(an_organisation_without_keys_is_unreadable),
        cmocka_unit_test(a_clock_that_jumped_removes_nothing),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
