/* What a capture brings along: the other side of its card, and the fair at which it was made. */
#include "flow/fairs.h"
#include "flow/submit.h"
#include "store/keep/purge.h"
#include "tests/flow/world.h"
#include "tests/unit/unit.h"

#define W(state) struct world *w = *(state)

static struct str card_said(struct world *w, int n, const struct contact *contact)
{
    return str_printf(
        w->arena,
        "{\"card\":%d,\"quad\":[[0,0],[799,0],[799,499],[0,499]],\"contact\":%.*s,\"fields\":[{\"field\":"
        "\"job_title\",\"value\":\"Einkauf\",\"raw\":\"Einkauf\",\"confidence\":0.9,\"box\":[1,2,3,4],"
        "\"card_box\":[5,6,7,8],\"alternatives\":[]}],\"unassigned\":[{\"text\":\"seit 1899\",\"box\":[1,1,1,1],"
        "\"card_box\":[1,1,1,1]}],\"quality\":{\"advice\":[],\"sharpness\":0.5},\"ms\":{\"decode\":1,\"find\":1,"
        "\"read\":1,\"extract\":1,\"total\":4},\"width\":700,\"height\":400,\"jpeg\":\"/9j/4AAQ\",\"thumb\":"
        "\"/9j/\"}",
        n, STR_ARG(json_write(&contact_shape, contact, w->arena)));
}

/* What the reader says of the next photo: a card for each of them. */
static void say_cards(struct world *w, const struct contact *contacts, int n)
{
    struct strbuf cards = {.arena = w->arena};
    for (int i = 0; i < n; i++)
        strbuf_printf(&cards, "%s%.*s", i ? "," : "", STR_ARG(card_said(w, i + 1, &contacts[i])));
    w->reading = str_printf(w->arena,
                            "{\"width\":800,\"height\":500,\"media_type\":\"image/jpeg\",\"cards\":[%.*s],"
                            "\"problem\":null,\"param\":null}",
                            STR_ARG(strbuf_str(&cards)));
}

static struct flow_submit *upload(struct world *w, const char *what, const struct flow_submit_goal *goal)
{
    struct flow_submit *submit;
    struct str bytes = str_printf(w->arena, "\xff\xd8\xff\xe0 a photo of %s %0200d", what, 0);
    MUST(w, flow_submit_begin(&w->flow, &w->user, goal, &submit, &w->err));
    MUST(w, flow_submit_write(submit, bytes, &w->err));
    return submit;
}

/* `back` NULL: of one side. */
static struct flow_scan capture(struct world *w, const char *front, const char *back, bool *ret_earlier)
{
    const struct flow_submit_goal goal = {.fair = {""}};
    struct flow_submit *one = upload(w, front, &goal), *other = back ? upload(w, back, &goal) : NULL;
    struct flow_scan scan;
    if (other)
        flow_submit_back(one, other);
    MUST(w, flow_submit_commit(one, w->arena, &scan, ret_earlier, &w->err));
    flow_submit_free(one);
    flow_submit_free(other);
    return scan;
}

static struct flow_scan scan_now(struct world *w, const struct flow_scan *scan)
{
    struct flow_scan now;
    MUST(w, flow_scan_get(&w->flow, &w->user, world_id(scan->id), w->arena, &now, &w->err));
    return now;
}

static size_t picture_bytes(struct world *w, const struct flow_image_choice *choice)
{
    _cleanup_(flow_image_freep) struct flow_image *image = NULL;
    if (flow_image_open(&w->flow, &w->user, choice, &image, &w->err) < 0)
        return 0;
    size_t n, bytes = (size_t)flow_image_info(image).bytes;
    char got[512];
    MUST(w, flow_image_read(image, got, sizeof got, &n, &w->err));
    assert_int_equal(n, bytes);
    MUST(w, flow_image_read(image, got, sizeof got, &n, &w->err));
    assert_int_equal(n, 0);
    return bytes;
}

static size_t bytes_of(struct world *w, const struct flow_scan *scan, int64_t card, bool back)
{
    return picture_bytes(w, &(struct flow_image_choice){.scan = world_id(scan->id), .card = card, .back = back});
}

static size_t small_of(struct world *w, const struct flow_scan *scan, int64_t card, bool back)
{
    const struct flow_image_choice choice = {.scan = world_id(scan->id), .card = card, .back = back, .small = true};
    return picture_bytes(w, &choice);
}

static void two_sides_are_one_scan_and_one_contact(void **state)
{
    W(state);
    struct contact person = world_person(w, 61);
    struct flow_contact contact;
    bool earlier;
    int before = w->readings;
    say_cards(w, &person, 1);
    struct flow_scan scan = capture(w, "front 61", "the back 61", &earlier);
    assert_false(earlier);
    assert_int_equal(scan.sides, 2);
    (void)world_work(w);
    assert_int_equal(w->readings, before + 2);
    scan = scan_now(w, &scan);
    assert_int_equal(scan.cards.n, 1);
    const struct flow_scan_card *card = scan.cards.items;
    assert_non_null(card->back_image.p);
    assert_int_equal(card->back_width, 700);
    MUST(w, flow_contact_get(&w->flow, &w->user, world_id(card->contact_id), w->arena, &contact, &w->err));
    assert_int_equal(contact.claims.n, 1);
    assert_int_equal(contact.unassigned.n, 2);
    assert_text(((const struct flow_unassigned *)contact.unassigned.items)[1].side, "back");
    assert_int_equal(bytes_of(w, &scan, 1, false), 6);
    assert_int_equal(bytes_of(w, &scan, 1, true), 6);
    assert_true(bytes_of(w, &scan, 0, true) > bytes_of(w, &scan, 0, false)); /* "the back" has more letters */
}

static void the_same_pair_again_is_the_earlier_scan(void **state)
{
    W(state);
    bool earlier;
    struct flow_scan first = capture(w, "front 62", "back 62", &earlier), again;
    again = capture(w, "front 62", "back 62", &earlier);
    assert_true(earlier && str_eq(first.id, again.id));
    again = capture(w, "front 62", NULL, &earlier);
    assert_false(earlier); /* the front alone is another scan */
    assert_int_equal(again.sides, 1);
    assert_int_equal(bytes_of(w, &again, 0, true), 0);
    again = capture(w, "back 62", "front 62", &earlier);
    assert_false(earlier);
}

static void both_sides_go_with_the_card(void **state)
{
    W(state);
    struct contact person = world_person(w, 63);
    struct store_purged gone;
    bool earlier;
    say_cards(w, &person, 1);
    struct flow_scan scan = capture(w, "front 63", "back 63", &earlier);
    (void)world_work(w);
    const struct id contact = world_id(((const struct flow_scan_card *)scan_now(w, &scan).cards.items)->contact_id);
    const struct store_purge what = {.contacts = &contact, .contact_count = 1, .age_ms = STORE_BIN_MS};
    MUST(w, store_purge(w->store, &w->admin.org, &what, &gone, &w->err));
    assert_int_equal(gone.contacts, 1);
    assert_int_equal(gone.scans, 1);
    assert_int_equal(gone.files, 4); /* two photos, two pictures */
}

/* Whole where there is no small one: of the photo, of the other side. */
static void a_small_picture_goes_with_its_person(void **state)
{
    W(state);
    struct contact people[] = {world_person(w, 64), world_person(w, 65)};
    struct store_purged gone;
    bool earlier;
    say_cards(w, people, 2);
    struct flow_scan scan = capture(w, "two people", NULL, &earlier);
    (void)world_work(w);
    scan = scan_now(w, &scan);
    assert_int_equal(small_of(w, &scan, 1, false), 3);
    assert_int_equal(bytes_of(w, &scan, 1, false), 6);
    assert_int_equal(small_of(w, &scan, 0, false), bytes_of(w, &scan, 0, false));
    assert_int_equal(small_of(w, &scan, 1, true), 0);
    const struct id contact = world_id(((const struct flow_scan_card *)scan.cards.items)->contact_id);
    const struct store_purge what = {.contacts = &contact, .contact_count = 1, .age_ms = STORE_BIN_MS};
    MUST(w, store_purge(w->store, &w->admin.org, &what, &gone, &w->err));
    assert_int_equal(gone.scans, 0);
    assert_int_equal(small_of(w, &scan, 1, false), 0);
    assert_int_equal(small_of(w, &scan, 2, false), 3);
}

/* ---- Fairs ---- */

static struct flow_fair fair_made(struct world *w, struct id list)
{
    const struct flow_fair_input input = {.name = STR(" Messe Hannover "),
                                          .tag = STR("HM26"),
                                          .list_id = id_none(&list) ? STR_NONE : str_c(list.s),
                                          .legal_basis = 0,
                                          .state = -1};
    struct flow_fair fair;
    MUST(w, flow_fair_create(&w->flow, &w->user, &input, w->arena, &fair, &w->err));
    return fair;
}

static struct flow_contact captured_at(struct world *w, const struct flow_fair *fair, int number)
{
    struct contact person = world_person(w, number);
    const struct flow_submit_goal goal = {.fair = world_id(fair->id)};
    struct flow_submit *one = upload(w, str_printf(w->arena, "fair %d", number).p, &goal);
    struct flow_contact contact;
    struct flow_scan scan;
    bool earlier;
    say_cards(w, &person, 1);
    MUST(w, flow_submit_commit(one, w->arena, &scan, &earlier, &w->err));
    flow_submit_free(one);
    (void)world_work(w);
    scan = scan_now(w, &scan);
    MUST(w,
         flow_contact_get(&w->flow, &w->user, world_id(((const struct flow_scan_card *)scan.cards.items)->contact_id),
                          w->arena, &contact, &w->err));
    return contact;
}

static void a_capture_brings_the_fair_along(void **state)
{
    W(state);
    const struct flow_folder_input folder = {.name = STR("Hannover")};
    struct flow_folder list;
    MUST(w, flow_folder_create(&w->flow, &w->user, &folder, w->arena, &list, &w->err));
    struct flow_fair fair = fair_made(w, world_id(list.id));
    struct flow_contact contact = captured_at(w, &fair, 64);
    assert_non_null(contact.source.fair);
    assert_text(contact.source.fair->name, "Messe Hannover");
    assert_text(contact.source.fair->tag, "HM26");
    assert_int_equal(contact.source.fair->legal_basis, 0);
    assert_true(str_eq(contact.list_id, list.id));

    const struct flow_contact_query query = {.fair = world_id(fair.id), .state = -1, .page = {.limit = 10}};
    struct flow_list found;
    MUST(w, flow_contact_list(&w->flow, &w->user, &query, w->arena, &found, &w->err));
    assert_int_equal(found.items.n, 1);
}

static void the_legal_basis_stays_once_something_was_captured(void **state)
{
    W(state);
    struct flow_fair fair = fair_made(w, (struct id){""}), now;
    struct flow_fair_patch patch = {world_id(fair.id), fair.version, {.legal_basis = 2, .state = -1, .tag = STR("")}};
    MUST(w, flow_fair_change(&w->flow, &w->user, &patch, w->arena, &now, &w->err));
    assert_int_equal(now.legal_basis, 2);
    assert_null(now.tag.p);
    FAILS(w, ERR_STALE, flow_fair_change(&w->flow, &w->user, &patch, w->arena, &now, &w->err));
    patch = (struct flow_fair_patch){world_id(fair.id), now.version, {.legal_basis = -1, .state = 1}};
    MUST(w, flow_fair_change(&w->flow, &w->user, &patch, w->arena, &now, &w->err));
    struct flow_contact contact = captured_at(w, &fair, 65); /* a phone held it back until the fair was closed */
    assert_int_equal(contact.source.fair->legal_basis, 2);
    patch = (struct flow_fair_patch){world_id(fair.id), now.version, {.legal_basis = 0, .state = -1}};
    FAILS(w, ERR_CONFLICT, flow_fair_change(&w->flow, &w->user, &patch, w->arena, &now, &w->err));
}

static void a_fair_with_a_list_of_others_is_not_there(void **state)
{
    W(state);
    const struct flow_folder_input folder = {.name = STR("Nur ich")};
    struct flow_folder list;
    struct flow_list seen;
    struct flow_submit *submit;
    MUST(w, flow_folder_create(&w->flow, &w->user, &folder, w->arena, &list, &w->err));
    struct flow_fair fair = fair_made(w, world_id(list.id)), now;
    struct flow_actor stranger = w->user;
    stranger.user = w->admin.user; /* somebody else, without rights */
    MUST(w, flow_fair_list(&w->flow, &stranger, w->arena, &seen, &w->err));
    for (size_t i = 0; i < seen.items.n; i++)
        assert_false(str_eq(((const struct flow_fair *)seen.items.items)[i].id, fair.id));
    const struct flow_submit_goal goal = {.fair = world_id(fair.id)};
    FAILS(w, ERR_NOT_FOUND, flow_submit_begin(&w->flow, &stranger, &goal, &submit, &w->err));
    const struct flow_fair_patch patch = {world_id(fair.id), fair.version, {.legal_basis = -1, .state = 1}};
    FAILS(w, ERR_NOT_FOUND, flow_fair_change(&w->flow, &stranger, &patch, w->arena, &now, &w->err));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_sides_are_one_scan_and_one_contact),
        cmocka_unit_test(the_same_pair_again_is_the_earlier_scan),
        cmocka_unit_test(both_sides_go_with_the_card),
        cmocka_unit_test(a_small_picture_goes_with_its_person),
        cmocka_unit_test(a_capture_brings_the_fair_along),
        cmocka_unit_test(the_legal_basis_stays_once_something_was_captured),
        cmocka_unit_test(a_fair_with_a_list_of_others_is_not_there),
    };
    return cmocka_run_group_tests(tests, world_setup, world_teardown);
}
