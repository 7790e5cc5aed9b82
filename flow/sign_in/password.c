/* Signing in with address and password, and new passwords. */
#include "flow/sign_in/password.h"

#include "base/password.h"
#include "flow/common.h"
#include "flow/sign_in/door.h"
#include "flow/sign_in/factor.h"
#include "flow/sign_in/method.h"
#include "flow/sign_in/password_rule.h"

#include <errno.h>
#include <pthread.h>
#include <semaphore.h>

enum { HASHES_AT_ONCE = 3, HASH_WAIT_SECONDS = 10 };

static sem_t hash_slots;
static pthread_once_t hash_once = PTHREAD_ONCE_INIT;

static void hash_slots_init(void)
{
    (void)sem_init(&hash_slots, 0, HASHES_AT_ONCE);
}

int flow_password_enter(struct err *err)
{
    struct timespec until;
    (void)pthread_once(&hash_once, hash_slots_init);
    (void)clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += HASH_WAIT_SECONDS;
    while (sem_timedwait(&hash_slots, &until) < 0)
        if (errno != EINTR)
            return err_set(err, ERR_BUSY, "sign-in");
    return 0;
}

void flow_password_leave(void)
{
    (void)sem_post(&hash_slots);
}

int flow_password_set(struct store_tx *tx, struct store_user *user, struct str password, struct arena *arena,
                      struct err *err)
{
    struct flow_password_of of = {.email = user->email, .name = user->name};
    enum flow_factor_need need;
    user->password_hash = STR_NONE;
    if (!password.p)
        return 0;
    if (store_org_name(tx, arena, &of.org, err) < 0 ||
        flow_factor_need(tx, &user->id, user->role, arena, &need, err) < 0)
        return -1;
    of.second_factor = need != FLOW_NO_FACTOR;
    if (flow_password_judge(password, &of, err) < 0 || flow_password_enter(err) < 0)
        return -1;
    int r = password_hash(password, arena, &user->password_hash, err);
    flow_password_leave();
    return r;
}

/* The form is the sign-in page's own. */
static int choices(const struct flow *flow _unused_, const char *language, struct arena *arena,
                   struct json_list *ret_choices, struct err *err _unused_)
{
    struct flow_actor reader = {.language = language};
    struct flow_sign_in_choice *form = arena_array(arena, 1, sizeof *form);
    form->label = str_c(flow_say(&reader, "Sign in", "Anmelden"));
    *ret_choices = (struct json_list){form, 1};
    return 0;
}

const struct flow_sign_in_method flow_method_password = {"password", choices, false};

/* The first of the users with this address whose password it is. An unknown address costs one hash too. */
static const struct store_sign_in *password_owner(const struct json_list *users, struct str password)
{
    const struct store_sign_in *all = users->items, *owner = NULL;
    if (users->n == 0)
        (void)password_verify(STR_NONE, password);
    for (size_t i = 0; i < users->n && !owner; i++)
        if (password_verify(all[i].password_hash, password))
            owner = &all[i];
    return owner && str_eq(owner->state, STR("active")) ? owner : NULL;
}

/* For known and unknown addresses alike: the worker tells those who are meant. */
static int refuse(const struct flow *flow, const struct flow_asker *asker, struct str email, struct err *err)
{
    struct flow_door_note note = {.kind = FLOW_DOOR_REFUSED,
                                  .email = email,
                                  .method = str_c(flow_method_password.name),
                                  .request = str_c(asker->request),
                                  .address = asker->address};
    return flow_door_leave(flow, &note, err) < 0 ? -1 : err_set(err, ERR_BAD_LOGIN, "password");
}

int flow_sign_in_password(const struct flow *flow, const struct flow_asker *asker,
                          const struct flow_password_sign_in *input, struct arena *arena,
                          struct flow_signed_in *ret_signed_in, struct err *err)
{
    struct json_list users;
    struct flow_tries tries = {.arena = arena};
    struct flow_signed_in in;
    if (flow_try(flow, FLOW_TRY_PASSWORD, asker, input->email, &tries, err) < 0 ||
        store_sign_in_find(flow->store, input->email, arena, &users, err) < 0 || flow_password_enter(err) < 0)
        return -1;
    const struct store_sign_in *owner = password_owner(&users, input->password);
    flow_password_leave();
    if (!owner)
        return refuse(flow, asker, input->email, err);
    struct flow_identified identified = {.org = owner->org,
                                         .user = owner->user,
                                         .method = &flow_method_password,
                                         .weak = utf8_count(input->password) < FLOW_PASSWORD_ALONE};
    if (flow_try_good(flow, &tries, err) < 0 || flow_sign_in_end(flow, asker, &identified, arena, &in, err) < 0)
        return -1;
    struct flow_asker half = *asker;
    half.browser = in.token;
    if (in.stage == FLOW_ASKS_CODE && input->code.p && flow_sign_in_code(flow, &half, input->code, arena, &in, err) < 0)
        return -1;
    *ret_signed_in = in;
    return 0;
}
