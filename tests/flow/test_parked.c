/* A create that nobody can find is parked, and a person has the word: send it once more, or leave it. What waits can be
 * left, too. Nothing else can. */
#include "tests/flow/world.h"

#define W(state) struct world *w = *(state)

static int people = 1200;

struct act {
    struct flow_contact contact;
    struct flow_write_back write_back;
    struct contact after;
};

static struct act act_new(struct world *w, struct id connection)
{
    struct contact card = world_person(w, people++);
    struct act act = {.contact = world_contact(w, &card), .after = world_mapped(&card)};
    act.write_back = world_write(w, &act.contact, connection);
    return act;
}

static void settle(struct world *w)
{
    do
        world_later(w);
    while (world_work(w) > 0);
}

static struct flow_write_back now(struct world *w, const struct act *act)
{
    return world_write_back(w, &act->write_back);
}

/* Sent twice into nothing. */
static struct act act_parked(struct world *w)
{
    struct act act = act_new(w, w->forgetful);
    fake_crm->mood = FAKE_LOST_BEFORE;
    (void)world_work(w);
    settle(w);
    settle(w);
    fake_crm->mood = FAKE_FINE;
    assert_state(now(w, &act), "uncertain");
    assert_true(now(w, &act).parked);
    return act;
}

static const char *contact_state(struct world *w, const struct act *act)
{
    struct flow_contact contact;
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(act->contact.id), w->arena, &contact, &w->err));
    return flow_contact_words[contact.state];
}

static void what_is_parked_is_sent_once_more_when_a_person_says_so(void **state)
{
    W(state);
    struct act act = act_parked(w);
    struct flow_write_back asked;
    int before = fake_crm->writes_seen;
    settle(w); /* nothing is sent by itself */
    assert_int_equal(fake_crm->writes_seen, before);
    MUST(w, flow_write_resend(&w->flow, &w->user, world_id(act.write_back.id), w->arena, &asked, &w->err));
    assert_state(asked, "intent");
    assert_false(asked.parked);
    FAILS(w, ERR_CONFLICT,
          flow_write_resend(&w->flow, &w->user, world_id(act.write_back.id), w->arena, &asked, &w->err));
    (void)world_work(w);
    assert_state(now(w, &act), "written");
    assert_int_equal(fake_crm_count("create", &act.after, w->arena), 1);
    assert_int_equal(fake_crm->writes_seen, before + 1);
    assert_string_equal(contact_state(w, &act), "written");
}

static void what_is_lost_again_is_looked_for_and_parked_again(void **state)
{
    W(state);
    struct act act = act_parked(w);
    struct flow_write_back asked;
    int before = fake_crm->writes_seen;
    MUST(w, flow_write_resend(&w->flow, &w->user, world_id(act.write_back.id), w->arena, &asked, &w->err));
    fake_crm->fault = FAKE_LOST_BEFORE;
    (void)world_work(w);
    assert_state(now(w, &act), "uncertain");
    assert_false(now(w, &act).parked); /* its search may lag: nobody knows yet */
    FAILS(w, ERR_CONFLICT,
          flow_write_resend(&w->flow, &w->user, world_id(act.write_back.id), w->arena, &asked, &w->err));
    settle(w);
    assert_true(now(w, &act).parked);
    assert_int_equal(fake_crm->writes_seen, before + 1);
}

static void what_is_parked_can_be_left(void **state)
{
    W(state);
    struct act act = act_parked(w);
    struct flow_write_back asked;
    int before = fake_crm->writes_seen;
    MUST(w, flow_write_leave(&w->flow, &w->user, world_id(act.write_back.id), w->arena, &asked, &w->err));
    assert_state(asked, "left");
    assert_false(asked.undoable);
    settle(w);
    assert_state(now(w, &act), "left");
    assert_int_equal(fake_crm->writes_seen, before);
    assert_string_equal(contact_state(w, &act), "matched");
    FAILS(w, ERR_CONFLICT,
          flow_write_retry(&w->flow, &w->user, world_id(act.write_back.id), w->arena, &asked, &w->err));
    FAILS(w, ERR_CONFLICT,
          flow_write_leave(&w->flow, &w->user, world_id(act.write_back.id), w->arena, &asked, &w->err));
    struct flow_contact contact; /* and the contact can be decided anew */
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(act.contact.id), w->arena, &contact, &w->err));
    struct flow_write_back again = world_write(w, &contact, w->fake);
    (void)world_work(w);
    assert_state(world_write_back(w, &again), "written");
}

static void what_waits_can_be_left_and_is_not_sent(void **state)
{
    W(state);
    struct act act = act_new(w, w->fake);
    struct flow_write_back asked;
    fake_crm->fault = FAKE_DOWN;
    (void)world_work(w);
    assert_state(now(w, &act), "waiting");
    MUST(w, flow_write_leave(&w->flow, &w->user, world_id(act.write_back.id), w->arena, &asked, &w->err));
    settle(w);
    assert_state(now(w, &act), "left");
    assert_int_equal(fake_crm_count("create", &act.after, w->arena), 0);
}

static void nothing_else_is_resent_or_left(void **state)
{
    W(state);
    struct act act = act_new(w, w->fake);
    struct id id = world_id(act.write_back.id);
    struct flow_write_back asked;
    for (int done = 0; done < 2; done++) {
        FAILS(w, ERR_CONFLICT, flow_write_resend(&w->flow, &w->user, id, w->arena, &asked, &w->err));
        FAILS(w, ERR_CONFLICT, flow_write_leave(&w->flow, &w->user, id, w->arena, &asked, &w->err));
        (void)world_work(w);
    }
    assert_state(now(w, &act), "written");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_parked_is_sent_once_more_when_a_person_says_so),
        cmocka_unit_test(what_is_lost_again_is_looked_for_and_parked_again),
        cmocka_unit_test(what_is_parked_can_be_left),
        cmocka_unit_test(what_waits_can_be_left_and_is_not_sent),
        cmocka_unit_test(nothing_else_is_resent_or_left),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
