/* Guessing passwords gets slow, by account and by address. */
#include "tests/unit/unit.h"

#include "api/throttle.h"

static int tries_until_full(struct api_throttle *t, const char *account, const char *address, int64_t now)
{
    struct err err;
    int n = 0;
    for (; n < 1000 && api_throttle_check(t, str_c(account), str_c(address), now, &err) == 0; n++)
        api_throttle_failed(t, str_c(account), str_c(address), now);
    return n;
}

static void an_account_is_closed_after_its_failures_and_opens_again(void **state)
{
    struct err err;
    struct api_throttle *t = api_throttle_new();
    (void)state;
    assert_int_equal(tries_until_full(t, "a@x", "1.1.1.1", 1000), API_THROTTLE_ACCOUNT);
    assert_int_equal(api_throttle_check(t, STR("A@X"), STR("1.1.1.1"), 1000, &err), -1);
    assert_int_equal(err.code, ERR_RATE);
    assert_int_equal(api_throttle_check(t, STR("a@x"), STR("2.2.2.2"), 1000, &err), 0);
    assert_int_equal(api_throttle_check(t, STR("a@x"), STR("1.1.1.1"), 1002 + API_THROTTLE_WINDOW_MS, &err), 0);
    api_throttle_free(t);
}

static void an_address_is_closed_over_all_accounts(void **state)
{
    struct api_throttle *t = api_throttle_new();
    char account[16];
    int n = 0;
    (void)state;
    for (int i = 0; i < 20; i++) {
        (void)snprintf(account, sizeof account, "u%d@x", i);
        n += tries_until_full(t, account, "3.3.3.3", 1000);
    }
    assert_int_equal(n, API_THROTTLE_ADDRESS);
    api_throttle_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_account_is_closed_after_its_failures_and_opens_again),
        cmocka_unit_test(an_address_is_closed_over_all_accounts),
    };
    return cmocka_run_group_tests_name("api throttle", tests, NULL, NULL);
}
