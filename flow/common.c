/* See common.h. */
#include "flow/common.h"

#include "base/clock.h"
#include "base/limits.h"
#include "flow/audit/audit.h"
#include "store/contact.h"
#include "store/list.h"
#include "store/people.h"
#include "store/store.h"

int flow_begin(const struct flow *flow, const struct flow_actor *actor, struct store_tx **ret_tx, struct err *err)
{
    if (store_begin(flow->store, &actor->org, ret_tx, err) < 0)
        return -1;
    if (flow_is_person(actor))
        store_act_as(*ret_tx, &actor->user, actor->role);
    return 0;
}

const char *flow_region(const struct flow *flow)
{
    return flow->default_region ? flow->default_region : "DE";
}

static bool list_has(const struct store_list *list, const struct id *user, bool change)
{
    if (id_eq(&list->owner, user))
        return true;
    for (size_t i = 0; i < list->members.n; i++) {
        const struct store_list_member *member = (const struct store_list_member *)list->members.items + i;
        if (id_eq(&member->user, user))
            return !change || str_eq(member->role, STR("editor"));
    }
    return false;
}

int flow_reach(struct store_tx *tx, const struct flow_actor *actor, const struct id *list, bool change, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    struct store_list row;
    if (store_list_get(tx, list, arena, &row, err) < 0)
        return -1;
    if (actor->any || list_has(&row, &actor->user, change))
        return 0;
    return err_set(err, list_has(&row, &actor->user, false) ? ERR_FORBIDDEN : ERR_NOT_FOUND, "list");
}

/* What lies in a list is for those whom its owner lets into it, whoever put it there. A suggestion stays theirs: being
 * an administrator is no reason. */
static int contact_reach(struct store_tx *tx, const struct flow_actor *actor, const struct store_contact *row,
                         bool change, struct err *err)
{
    struct flow_actor viewer = *actor;
    viewer.any = actor->any && row->suggested_at == 0;
    return flow_reach(tx, &viewer, &row->list, change, err);
}

int flow_contact_load(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                      struct store_contact *ret_row, struct err *err)
{
    struct store_contact row;
    if (store_contact_get(tx, id, arena, &row, err) < 0 || contact_reach(tx, actor, &row, false, err) < 0)
        return -1;
    *ret_row = row;
    return 0;
}

int flow_contact_own(struct store_tx *tx, const struct flow_actor *actor, const struct id *id, struct arena *arena,
                     struct store_contact *ret_row, struct err *err)
{
    struct store_contact row;
    if (store_contact_get(tx, id, arena, &row, err) < 0 || contact_reach(tx, actor, &row, true, err) < 0)
        return -1;
    *ret_row = row;
    return 0;
}

const struct id *flow_only(const struct flow_actor *actor)
{
    return actor->any ? NULL : &actor->user;
}

int flow_id_read(struct str text, const char *pointer, struct id *ret_id, struct err *err)
{
    return id_parse(text, ret_id) ? 0 : err_field(err, ERR_INVALID, pointer, "a UUID is expected");
}

struct str flow_id_text(const struct id *id, struct arena *arena)
{
    return id_none(id) ? STR_NONE : str_dup(arena, id_str(id));
}

struct str flow_time_text(int64_t ms, struct arena *arena)
{
    return ms ? clock_text(ms, arena) : STR_NONE;
}

struct flow_problem *flow_problem_of(const struct flow_actor *actor, struct str slug, struct str param,
                                     struct arena *arena)
{
    struct err err = {.code = slug.p ? err_from_slug(slug) : ERR_NONE};
    if (err.code == ERR_NONE)
        return NULL;
    (void)snprintf(err.param, sizeof err.param, "%.*s", STR_ARG(param));
    struct flow_problem *problem = arena_one(arena, struct flow_problem);
    problem->type = str_printf(arena, "/problems/%s", err_slug(err.code));
    problem->title = str_c(err_title(err.code, actor->language));
    problem->detail = err_sentence(&err, actor->language, arena);
    return problem;
}

int flow_page_ask(const struct flow_page *page, struct id *ret_before, int *ret_limit, struct err *err)
{
    if (page->limit < 1 || page->limit > LIMIT_PAGE)
        return err_field(err, ERR_INVALID, "/limit", "1 to %d", LIMIT_PAGE);
    *ret_before = (struct id){""};
    if (page->after.p && !id_parse(page->after, ret_before))
        return err_set(err, ERR_BAD_CURSOR, "cursor");
    *ret_limit = (int)page->limit + 1;
    return 0;
}

void flow_tell(struct store_tx *tx, const struct flow_actor *actor, const struct flow_deed *deed)
{
    struct store_audit entry = flow_audit_entry(actor, deed);
    store_audit(tx, &entry);
    if (deed->state)
        store_event(tx, deed->kind, deed->subject, deed->state);
}

struct str flow_name_of(struct store_tx *tx, const struct id *user, struct arena *arena)
{
    struct store_user row;
    struct err ignored;
    return !id_none(user) && store_user_get(tx, user, arena, &row, &ignored) == 0 ? row.name : STR_NONE;
}

void flow_contact_keep_sound(struct contact *contact, const char *region, struct arena *arena)
{
    struct err err;
    for (size_t tries = 0; tries < contact_field_count; tries++) {
        struct contact copy = *contact;
        if (contact_clean(&copy, region, arena, &err) == 0) {
            *contact = copy;
            return;
        }
        struct str name = str_slice(str_c(err.pointer), 1, sizeof err.pointer);
        ptrdiff_t slash = str_find(name, STR("/"), 0);
        const struct contact_field *field = contact_field_find(slash < 0 ? name : str_slice(name, 0, (size_t)slash));
        if (!field)
            break;
        size_t size = field->kind == CONTACT_FIELD_TEXT ? sizeof(struct str) : sizeof(struct json_list);
        memset((char *)contact + field->offset, 0, size);
    }
    *contact = (struct contact){.organization = STR_NONE};
}
