/* See graph.h. The addresses of Microsoft's national clouds are settings; without them it is the worldwide one. */
#include "crm-connectors/mailbox/graph.h"

#include "base/clock.h"
#include "crm-connectors/oauth/refusal.h"
#include "crm-connectors/rest/odata.h"

#define BASE  "https://graph.microsoft.com/v1.0"
#define LOGIN "{login=https://login.microsoftonline.com}/{tenant}"
#define IDS   "IdType=\"ImmutableId\""

enum { MINUTE_MS = 60 * 1000, OLD_MINUTES = 4200 /* what the service allowed until 2024 */, SUBSCRIPTIONS_MAX = 1000 };

/* {"error":{"code":…}}: what means the same whatever the status. */
static bool judge(const struct crm_answer *answer, bool changes, struct arena *arena, struct crm_result *ret)
{
    static const struct crm_odata_code codes[] = {
        {"ErrorItemNotFound", CRM_GONE},
        {"ErrorInvalidIdMalformed", CRM_GONE},
        {"ResourceNotFound", CRM_GONE},
        {"ApplicationThrottled", CRM_QUOTA},
        {"TooManyRequests", CRM_QUOTA},
        {"ErrorServerBusy", CRM_QUOTA},
        {"ErrorMailboxStoreUnavailable", CRM_QUOTA},
        {NULL, CRM_REJECTED},
    };
    crm_odata_judge(answer, changes, codes, arena, ret);
    return true;
}

static int graph_open(struct crm_lent *lent, struct arena *arena, struct crm_rest *ret_rest, struct err *err)
{
    struct str base = crm_records_setting(lent->settings, "graph", arena);
    if (!lent->bearer)
        return err_set(err, ERR_CRM_REAUTHORISE, "%s", "Microsoft 365");
    if (str_ends(base, STR("/")))
        base.n--;
    *ret_rest = (struct crm_rest){.lent = lent, .arena = arena, .judge = judge};
    ret_rest->base = str_empty(base) ? STR(BASE) : base;
    return 0;
}

static struct json_list prefer_ids(struct arena *arena)
{
    struct crm_header *header = arena_one(arena, struct crm_header);
    *header = (struct crm_header){STR("Prefer"), STR(IDS)};
    return (struct json_list){header, 1};
}

static int broken(bool changes, struct crm_result *ret)
{
    crm_rest_broken(changes, ret);
    return 0;
}

bool crm_graph_id(struct str id)
{
    for (size_t i = 0; i < id.n; i++) {
        char c = id.p[i];
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-' ||
              c == '='))
            return false;
    }
    return id.n > 0 && id.n <= 500;
}

/* ---- Who sent it ---- */

/* Its text as part of a header field: no line of its own begins in it. */
static void add_words(struct strbuf *out, struct str text)
{
    for (size_t i = 0; i < text.n; i++)
        strbuf_add_char(out, (unsigned char)text.p[i] < ' ' ? ' ' : text.p[i]);
}

/* {"emailAddress":{"name":…,"address":…}} */
static void add_person(struct strbuf *out, const char *field, struct str person, struct arena *arena)
{
    static const char *const names[] = {"name", "address"};
    struct str m[ARRAY_LEN(names)] = {{0}}, inner = STR_NONE;
    struct err ignored;
    if (json_member(person, "emailAddress", arena, &inner, &ignored) < 0 ||
        json_members(inner, names, ARRAY_LEN(names), arena, m, &ignored) < 0)
        return;
    strbuf_printf(out, "%s: \"", field);
    add_words(out, m[0].p ? m[0] : STR(""));
    strbuf_add_c(out, "\" <");
    add_words(out, m[1].p ? m[1] : STR(""));
    strbuf_add_c(out, ">\r\n");
}

static struct str sender_of(struct str object, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    struct str value;
    struct json_list items;
    struct err ignored;
    static const char *const one[][2] = {{"from", "From"}, {"sender", "Sender"}};
    for (size_t i = 0; i < ARRAY_LEN(one); i++)
        if (json_member(object, one[i][0], arena, &value, &ignored) == 0 && str_starts(value, STR("{")))
            add_person(&out, one[i][1], value, arena);
    if (json_member(object, "replyTo", arena, &value, &ignored) == 0 && str_starts(value, STR("[")) &&
        json_items(value, arena, &items, &ignored) == 0)
        for (size_t i = 0; i < items.n; i++)
            add_person(&out, "Reply-To", ((const struct str *)items.items)[i], arena);
    return strbuf_str(&out);
}

static int get(const struct crm_rest *rest, struct str path, struct crm_answer *ret_answer, struct crm_result *ret,
               struct err *err)
{
    const struct crm_call call = {.method = "GET", .path = path, .headers = prefer_ids(rest->arena)};
    return crm_rest_call(rest, &call, ret_answer, ret, err);
}

static int no_id(struct crm_result *ret)
{
    *ret = (struct crm_result){.outcome = CRM_GONE, .not_sent = true};
    return 0;
}

/* "/me/messages/ID", and what follows. */
static struct str mail_path(struct str id, const char *tail, struct arena *arena)
{
    return str_printf(arena, "/me/messages/%.*s%s", STR_ARG(crm_rest_escaped(id, arena)), tail);
}

static int get_mail(struct crm_lent *lent, struct str path, struct arena *arena, struct str *ret_object,
                    struct crm_result *ret, struct err *err)
{
    struct crm_rest rest;
    struct crm_answer answer;
    if (graph_open(lent, arena, &rest, err) < 0)
        return -1;
    int r = get(&rest, path, &answer, ret, err);
    if (r == 1 && !str_starts(str_trim(answer.body), STR("{")))
        return broken(false, ret);
    if (r == 1)
        *ret_object = answer.body;
    return r;
}

int crm_graph_sender(struct crm_lent *lent, struct str id, struct arena *arena, struct str *ret_fields,
                     struct crm_result *ret, struct err *err)
{
    struct str object = STR_NONE;
    if (!crm_graph_id(id))
        return no_id(ret);
    int r = get_mail(lent, mail_path(id, "?$select=from,sender,replyTo", arena), arena, &object, ret, err);
    if (r == 1)
        *ret_fields = sender_of(object, arena);
    return r;
}

int crm_graph_fields(struct crm_lent *lent, struct str id, struct arena *arena, struct str *ret_fields,
                     struct crm_result *ret, struct err *err)
{
    static const char *const wanted[] = {"From", "Sender", "Reply-To", "List-Id", "Auto-Submitted"};
    static const char *const names[] = {"name", "value"};
    struct strbuf out = {.arena = arena};
    struct str object = STR_NONE, list = STR_NONE, m[ARRAY_LEN(names)];
    struct json_list items = {.n = 0};
    struct err ignored;
    if (!crm_graph_id(id))
        return no_id(ret);
    int r = get_mail(lent, mail_path(id, "?$select=internetMessageHeaders", arena), arena, &object, ret, err);
    if (r < 1)
        return r;
    /* A mail that was written inside of the organisation may have none. */
    if (json_member(object, "internetMessageHeaders", arena, &list, &ignored) == 0 && str_starts(list, STR("[")))
        (void)json_items(list, arena, &items, &ignored);
    for (size_t i = 0; i < items.n; i++) {
        if (json_members(((const struct str *)items.items)[i], names, ARRAY_LEN(names), arena, m, &ignored) < 0 ||
            !m[0].p || !m[1].p)
            continue;
        for (size_t k = 0; k < ARRAY_LEN(wanted); k++)
            if (str_eq_nocase(m[0], str_c(wanted[k]))) {
                strbuf_printf(&out, "%s: ", wanted[k]);
                add_words(&out, m[1]);
                strbuf_add_c(&out, "\r\n");
            }
    }
    *ret_fields = strbuf_str(&out);
    return 1;
}

int crm_graph_mime(struct crm_lent *lent, struct str id, struct arena *arena, struct crm_into *into,
                   struct crm_result *ret, struct err *err)
{
    struct crm_rest rest;
    struct crm_answer answer;
    if (!crm_graph_id(id))
        return no_id(ret);
    if (graph_open(lent, arena, &rest, err) < 0)
        return -1;
    const struct crm_call call = {.method = "GET",
                                  .path = mail_path(id, "/$value", arena),
                                  .headers = prefer_ids(arena),
                                  .accept = "text/plain, message/rfc822, */*;q=0.5",
                                  .into = into};
    return crm_rest_call(&rest, &call, &answer, ret, err);
}

/* ---- What is new ---- */

static bool page_mails(struct str list, struct arena *arena, struct json_list *ret_mails)
{
    static const char *const names[] = {"id"};
    struct json_list items;
    struct str removed;
    struct err ignored;
    if (json_items(list, arena, &items, &ignored) < 0)
        return false;
    struct crm_graph_mail *mails = arena_array(arena, items.n + 1, sizeof *mails);
    for (size_t i = 0; i < items.n; i++) {
        struct str object = ((const struct str *)items.items)[i];
        if (json_members(object, names, 1, arena, &mails[i].id, &ignored) < 0 || !crm_graph_id(mails[i].id) ||
            json_member(object, "@removed", arena, &removed, &ignored) < 0)
            return false;
        mails[i].fields = removed.p ? STR_NONE : sender_of(object, arena);
    }
    *ret_mails = (struct json_list){mails, items.n};
    return true;
}

static struct str first_page(int64_t since_ms, struct arena *arena)
{
    struct strbuf path = {.arena = arena};
    strbuf_add_c(&path, "/me/mailFolders/inbox/messages/delta?changeType=created&$select=from,sender,replyTo");
    struct str when = str_printf(arena, "receivedDateTime ge %.*s", STR_ARG(clock_text(since_ms, arena)));
    crm_odata_option(&path, "$filter", when);
    return strbuf_str(&path);
}

int crm_graph_delta(struct crm_lent *lent, const struct crm_graph_from *from, struct arena *arena,
                    struct crm_graph_page *ret_page, struct crm_result *ret, struct err *err)
{
    struct crm_odata_list list;
    struct crm_rest rest;
    *ret_page = (struct crm_graph_page){.forgotten = false};
    if (graph_open(lent, arena, &rest, err) < 0)
        return -1;
    bool below = from->link.n > rest.base.n && str_starts(from->link, rest.base); /* else another cloud is set now */
    struct str path = below ? from->link : first_page(from->since_ms, arena);
    int r = crm_odata_list(&rest, path, STR(IDS ", odata.maxpagesize=50"), &list, ret, err);
    ret_page->forgotten = r == 0 && below && (list.status == 410 || list.status == 404 || list.status == 400);
    if (r < 1)
        return r;
    if (!list.next.p == !list.delta.p || !page_mails(list.value, arena, &ret_page->mails))
        return broken(false, ret);
    ret_page->next = list.next;
    ret_page->delta = list.delta;
    return 1;
}

/* ---- Subscriptions ---- */

static bool read_subscription(struct str body, struct arena *arena, struct crm_graph_subscription *subscription)
{
    static const char *const names[] = {"id", "expirationDateTime"};
    struct str m[ARRAY_LEN(names)];
    struct err ignored;
    if (json_members(body, names, ARRAY_LEN(names), arena, m, &ignored) < 0 || !crm_graph_id(m[0]) || !m[1].p)
        return false;
    int64_t expires = clock_parse(m[1]);
    if (expires < 0)
        return false;
    subscription->id = m[0];
    subscription->expires_at = expires;
    return true;
}

/* The service thinks that the time asked for is too long. */
static bool too_long(const struct crm_result *ret)
{
    return ret->outcome == CRM_REJECTED && ret->sentence.p && str_find(ret->sentence, STR("xpiration"), 0) >= 0;
}

static struct str expiry(const struct crm_rest *rest, int minutes)
{
    return clock_text(rest->lent->now_ms + (int64_t)minutes * MINUTE_MS, rest->arena);
}

static int create(const struct crm_rest *rest, struct crm_graph_subscription *subscription, int minutes,
                  struct crm_result *ret, struct err *err)
{
    const struct {
        const char *name;
        struct str value;
    } members[] = {
        {"changeType", STR("created")},
        {"notificationUrl", subscription->url},
        {"lifecycleNotificationUrl", subscription->lifecycle_url},
        {"resource", STR("/me/mailFolders('inbox')/messages")},
        {"expirationDateTime", expiry(rest, minutes)},
        {"clientState", subscription->secret},
    };
    struct strbuf body = {.arena = rest->arena};
    struct crm_answer answer;
    for (size_t i = 0; i < ARRAY_LEN(members); i++) {
        strbuf_printf(&body, "%s\"%s\":", i ? "," : "{", members[i].name);
        json_quote(&body, members[i].value);
    }
    strbuf_add_char(&body, '}');
    const struct crm_call call = {.method = "POST",
                                  .path = STR("/subscriptions"),
                                  .body = strbuf_str(&body),
                                  .headers = prefer_ids(rest->arena),
                                  .changes = true};
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    return r == 1 && !read_subscription(answer.body, rest->arena, subscription) ? broken(true, ret) : r;
}

static int erase(const struct crm_rest *rest, struct str id, struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    const struct crm_call call = {
        .method = "DELETE", .path = str_printf(rest->arena, "/subscriptions/%.*s", STR_ARG(id)), .changes = true};
    return crm_rest_call(rest, &call, &answer, ret, err);
}

/* Takes away those of this app and person that lead to the same address of ours: their answer was lost. */
static int erase_ours(const struct crm_rest *rest, struct str url, struct crm_result *ret, struct err *err)
{
    static const char *const names[] = {"id", "notificationUrl"};
    struct crm_odata_list list = {.value = STR_NONE};
    struct str m[ARRAY_LEN(names)], path = STR("/subscriptions");
    struct json_list items;
    struct err ignored;
    for (int page = 0; page < SUBSCRIPTIONS_MAX / 20 && path.p; page++) {
        int r = crm_odata_list(rest, path, STR_NONE, &list, ret, err);
        if (r < 1)
            return r;
        if (json_items(list.value, rest->arena, &items, &ignored) < 0)
            return broken(false, ret);
        for (size_t i = 0; i < items.n; i++)
            if (json_members(((const struct str *)items.items)[i], names, ARRAY_LEN(names), rest->arena, m, &ignored) ==
                    0 &&
                m[1].p && str_eq(m[1], url) && crm_graph_id(m[0]) && erase(rest, m[0], ret, err) < 0)
                return -1;
        path = list.next;
    }
    return 1;
}

int crm_graph_subscribe(struct crm_lent *lent, struct crm_graph_subscription *subscription, struct arena *arena,
                        struct crm_result *ret, struct err *err)
{
    struct crm_rest rest;
    if (graph_open(lent, arena, &rest, err) < 0)
        return -1;
    int r = create(&rest, subscription, CRM_GRAPH_MINUTES, ret, err);
    if (r == 0 && ret->outcome == CRM_CONFLICT && erase_ours(&rest, subscription->url, ret, err) == 1)
        r = create(&rest, subscription, CRM_GRAPH_MINUTES, ret, err);
    return r == 0 && too_long(ret) ? create(&rest, subscription, OLD_MINUTES, ret, err) : r;
}

static int prolong(const struct crm_rest *rest, struct crm_graph_subscription *subscription, int minutes,
                   struct crm_result *ret, struct err *err)
{
    struct crm_answer answer;
    const struct crm_call call = {
        .method = "PATCH",
        .path = str_printf(rest->arena, "/subscriptions/%.*s", STR_ARG(subscription->id)),
        .body = str_printf(rest->arena, "{\"expirationDateTime\":\"%.*s\"}", STR_ARG(expiry(rest, minutes))),
        .changes = true};
    int r = crm_rest_call(rest, &call, &answer, ret, err);
    return r == 1 && !read_subscription(answer.body, rest->arena, subscription) ? broken(true, ret) : r;
}

int crm_graph_renew(struct crm_lent *lent, struct crm_graph_subscription *subscription, struct arena *arena,
                    struct crm_result *ret, struct err *err)
{
    struct crm_rest rest;
    if (!crm_graph_id(subscription->id))
        return no_id(ret);
    if (graph_open(lent, arena, &rest, err) < 0)
        return -1;
    int r = prolong(&rest, subscription, CRM_GRAPH_MINUTES, ret, err);
    return r == 0 && too_long(ret) ? prolong(&rest, subscription, OLD_MINUTES, ret, err) : r;
}

int crm_graph_unsubscribe(struct crm_lent *lent, struct str id, struct arena *arena, struct crm_result *ret,
                          struct err *err)
{
    struct crm_rest rest;
    if (!crm_graph_id(id))
        return no_id(ret);
    return graph_open(lent, arena, &rest, err) < 0 ? -1 : erase(&rest, id, ret, err);
}

/* ---- The entry of the table ---- */

/* User.Read shows who has signed in, Mail.Read the inbox. */
static int graph_test(struct crm_lent *lent, struct arena *arena, struct crm_result *ret, struct err *err)
{
    struct crm_rest rest;
    struct crm_answer answer;
    if (graph_open(lent, arena, &rest, err) < 0)
        return -1;
    int r = get(&rest, STR("/me?$select=mail,userPrincipalName"), &answer, ret, err);
    if (r == 1)
        r = get(&rest, STR("/me/mailFolders/inbox?$select=id"), &answer, ret, err);
    if (r == 1)
        *ret = (struct crm_result){.outcome = CRM_FOUND, .not_sent = true};
    return r < 0 ? -1 : 0;
}

static const struct crm_form_field form[] = {
    {.name = "address", .label = "mailbox.form.address", .type = "email", .required = true},
    {.name = "tenant",
     .label = "connector.microsoft.tenant",
     .type = "text",
     .required = true,
     .preset = "organizations"},
    {.name = "client_id", .label = "connector.client_id", .type = "text", .required = true},
    {.name = "client_secret", .label = "connector.client_secret", .type = "password", .secret = true},
    {.name = "login", .label = "mailbox.form.login", .type = "url", .preset = "https://login.microsoftonline.com"},
    {.name = "graph", .label = "mailbox.form.graph", .type = "url", .preset = BASE},
};

static const struct crm_scope scopes[] = {
    {"Mail.Read", "scope.read_mail"},
    {"User.Read", "scope.read_user"},
    {"offline_access", "scope.stay_connected"},
};

static const struct crm_oauth oauth = {
    .authorize = LOGIN "/oauth2/v2.0/authorize",
    .token = LOGIN "/oauth2/v2.0/token",
    .scopes = scopes,
    .n_scopes = ARRAY_LEN(scopes),
    .grants = CRM_GRANT_CODE,
    .pkce = true,
    .extra = "&response_mode=query&prompt=select_account",
    .lifetime_s = 3600,
    .refusals = crm_refusals_microsoft,
    .admin = LOGIN "/v2.0/adminconsent",
    .resource = "https://graph.microsoft.com/ https://graph.microsoft.us/ https://dod-graph.microsoft.us/ "
                "https://microsoftgraph.chinacloudapi.cn/",
    .exact = true,
};

const struct crm_connector crm_graph_mailbox = {.kind = "microsoft",
                                                .name = "Microsoft 365",
                                                .form = {form, ARRAY_LEN(form)},
                                                .oauth = &oauth,
                                                .api = "{graph=" BASE "}",
                                                .test = graph_test};
