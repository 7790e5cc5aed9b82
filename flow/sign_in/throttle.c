/* See throttle.h. */
#include "flow/sign_in/throttle.h"

#include <arpa/inet.h>

enum { MINUTE = 60 * 1000, QUARTER = 15 * MINUTE, HOUR = 60 * MINUTE };

/* What of a limit's name stands for whom; of EVERYBODY nothing. */
enum part { BOTH, ADDRESS, ACCOUNT, EVERYBODY };
static const struct limit {
    enum flow_attempt attempt;
    enum part part;
    const char *name;
    int64_t limit, window_ms;
    bool strange; /* counts only where the account has never signed in */
} limits[] = {
    {FLOW_TRY_PASSWORD, BOTH, "password", 10, QUARTER, false},
    {FLOW_TRY_PASSWORD, ADDRESS, "password", 50, QUARTER, false},
    {FLOW_TRY_PASSWORD, ACCOUNT, "password", 100, HOUR, true},
    {FLOW_TRY_LINK, ACCOUNT, "mail", 5, QUARTER, false},
    {FLOW_TRY_LINK, ADDRESS, "mail", 20, QUARTER, false},
    {FLOW_TRY_TOKEN, ADDRESS, "token", 50, QUARTER, false},
    {FLOW_TRY_FACTOR, ACCOUNT, "factor", 5, QUARTER, false},
    {FLOW_TRY_OWN, ACCOUNT, "own password", 10, QUARTER, false},
    {FLOW_TRY_SSO, BOTH, "sso", 10, QUARTER, false},
    {FLOW_TRY_SSO, ADDRESS, "sso", 50, QUARTER, false},
    {FLOW_TRY_INVITATION, ADDRESS, "invitation", 10, QUARTER, false},
    {FLOW_TRY_INVITATION, EVERYBODY, "invitation", 1000, HOUR, false},
    {FLOW_TRY_JOIN, ACCOUNT, "join", 300, HOUR, false},
};

const struct flow_asker flow_anywhere = {.language = "en"};

/* Whoever has one IPv6 address has its network of 64 bits. */
static struct str place_of(struct str address, struct arena *arena)
{
    unsigned char b[16];
    if (str_find(address, STR(":"), 0) < 0 || inet_pton(AF_INET6, str_z(arena, address), b) != 1)
        return address;
    return crypto_hex((struct str){(const char *)b, 8}, arena);
}

static struct str key_of(const struct limit *limit, struct str account, struct str place, struct arena *arena)
{
    bool who = limit->part == BOTH || limit->part == ACCOUNT, where = limit->part == BOTH || limit->part == ADDRESS;
    return str_printf(arena, "%s|%d|%.*s|%.*s", limit->name, (int)limit->part, STR_ARG(who ? account : STR("")),
                      STR_ARG(where ? place : STR("")));
}

static struct str place_key(struct str account, struct str place, struct arena *arena)
{
    return str_printf(arena, "%.*s|%.*s", STR_ARG(account), STR_ARG(place));
}

static struct str account_of(struct str who, struct arena *arena)
{
    return str_lower(arena, str_trim(who));
}

int flow_try(const struct flow *flow, enum flow_attempt attempt, const struct flow_asker *asker, struct str who,
             struct flow_tries *tries, struct err *err)
{
    struct arena *arena = tries->arena;
    struct str account = account_of(who, arena), place = place_of(asker->address, arena);
    bool known = false, allowed = false;
    if (attempt == FLOW_TRY_PASSWORD &&
        store_place_known(flow->store, place_key(account, place, arena), &known, err) < 0)
        return -1;
    tries->n = 0;
    for (size_t i = 0; i < ARRAY_LEN(limits); i++)
        if (limits[i].attempt == attempt && !(limits[i].strange && known))
            tries->list[tries->n++] =
                (struct store_try){key_of(&limits[i], account, place, arena), limits[i].limit, limits[i].window_ms};
    if (store_throttle_take(flow->store, tries->list, tries->n, &allowed, err) < 0)
        return -1;
    return allowed ? 0 : err_set(err, ERR_RATE, "%s", "");
}

int flow_try_good(const struct flow *flow, const struct flow_tries *tries, struct err *err)
{
    if (store_throttle_give(flow->store, tries->list, 1, true, err) < 0)
        return -1;
    return tries->n > 1 ? store_throttle_give(flow->store, tries->list + 1, tries->n - 1, false, err) : 0;
}

int flow_try_back(const struct flow *flow, const struct flow_tries *tries, struct err *err)
{
    return store_throttle_give(flow->store, tries->list, tries->n, false, err);
}

int flow_place_note(const struct flow *flow, const struct flow_asker *asker, struct str email, struct arena *arena,
                    struct err *err)
{
    struct str account = account_of(email, arena), place = place_of(asker->address, arena);
    return store_place_note(flow->store, place_key(account, place, arena), err);
}
