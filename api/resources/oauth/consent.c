/* The page that consent pages of CRMs and mail providers lead back to: connected, refused, or an administrator is
 * needed first. */
#include "api/problem.h"
#include "api/resources/html.h"
#include "api/resources/pages.h"
#include "flow/authorize.h"
#include "flow/people.h"

enum word {
    CONNECTED,
    CONNECTED_MAIL,
    NOT_CONNECTED,
    CONNECTION,
    MAILBOX,
    ORGANISATION,
    USER,
    RIGHT_ONE,
    TOO_FEW,
    TOO_MANY,
    GO_ON,
    GO_ON_MAIL,
    GO_ON_TEST,
    AGAIN,
    AGAIN_MAIL,
    ENTER,
    ADMIN,
    ADMIN_WHY,
    ADMIN_HOW,
    ADMIN_LINK,
    ADMIN_THEN,
    ADMIN_GIVEN,
    ADMIN_GIVEN_THEN,
    ADMIN_REFUSED,
    ADMIN_REFUSED_THEN,
    WORDS
};
static const char *const words[WORDS][2] = {
    [CONNECTED] = {"The CRM is connected", "Das CRM ist verbunden"},
    [CONNECTED_MAIL] = {"The mailbox is connected", "Das Postfach ist verbunden"},
    [NOT_CONNECTED] = {"Not connected", "Nicht verbunden"},
    [CONNECTION] = {"Connection", "Verbindung"},
    [MAILBOX] = {"Mailbox", "Postfach"},
    [ORGANISATION] = {"Organisation", "Organisation"},
    [USER] = {"Signed in as", "Angemeldet als"},
    [RIGHT_ONE] =
        {"Is this the right one? If not, give the permission back on the connection's page before anything is "
         "written.",
         "Ist das die richtige? Wenn nicht, geben Sie die Erlaubnis auf der Seite der Verbindung zurück, bevor "
         "etwas geschrieben wird."},
    [TOO_FEW] = {"Less was granted than Kartei needs; something may not work.",
                 "Es wurde weniger erlaubt, als Kartei braucht; manches wird vielleicht nicht gehen."},
    [TOO_MANY] = {"More was granted than Kartei asked for. Please narrow the app's rights there.",
                  "Es wurde mehr erlaubt, als Kartei wollte. Bitte schränken Sie dort die Rechte der App ein."},
    [GO_ON] = {"To the connection", "Zur Verbindung"},
    [AGAIN] = {"To the connections", "Zu den Verbindungen"},
    [AGAIN_MAIL] = {"To the mailboxes", "Zu den Postfächern"},
    [GO_ON_MAIL] = {"To the mailbox", "Zum Postfach"},
    [GO_ON_TEST] = {"Next: self-test", "Weiter zum Selbsttest"},
    [ENTER] = {"Sign in", "Anmelden"},
    [ADMIN] = {"An administrator is needed", "Eine Administratorin oder ein Administrator ist nötig"},
    [ADMIN_WHY] = {"Your organisation lets only administrators of its Microsoft 365 allow apps. Nothing is lost: the "
                   "mailbox waits.",
                   "In Ihrer Organisation dürfen nur Administratoren von Microsoft 365 Apps erlauben. Nichts geht "
                   "verloren: Das Postfach wartet."},
    [ADMIN_HOW] = {"Send them this address. It asks for reading mail only, and only in mailboxes whose owners connect "
                   "them.",
                   "Geben Sie ihnen diese Adresse. Sie erlaubt nur, Mails zu lesen, und nur in Postfächern, die ihre "
                   "Besitzer selbst verbinden."},
    [ADMIN_LINK] = {"I am an administrator: allow now", "Ich bin Administrator: jetzt erlauben"},
    [ADMIN_THEN] = {"Then connect the mailbox on its page.", "Danach verbinden Sie das Postfach auf seiner Seite."},
    [ADMIN_GIVEN] = {"Allowed", "Erlaubt"},
    [ADMIN_GIVEN_THEN] = {"Whoever waits for it sees it in Kartei and can connect the mailbox now.",
                          "Wer darauf wartet, sieht es in Kartei und kann das Postfach jetzt verbinden."},
    [ADMIN_REFUSED] = {"Not allowed", "Nicht erlaubt"},
    [ADMIN_REFUSED_THEN] = {"Nothing has changed. The address works again at any time.",
                            "Nichts hat sich geändert. Die Adresse lässt sich jederzeit wieder öffnen."},
};

static const char *say(const struct api_request *request, enum word word)
{
    return words[word][strcmp(request->language, "de") == 0];
}

static void add_line(struct strbuf *main, const struct api_request *request, enum word word, struct str value)
{
    strbuf_printf(main, "<dt>%s</dt>\n<dd>", say(request, word));
    api_html_text(main, value);
    strbuf_add_c(main, "</dd>\n");
}

static void add_sentence(struct strbuf *main, const char *class, struct str sentence)
{
    strbuf_printf(main, "<p role=\"%s\" class=\"%s\">", strcmp(class, "problem") == 0 ? "alert" : "status", class);
    api_html_text(main, sentence);
    strbuf_add_c(main, "</p>\n");
}

static void show_connected(struct api *api, struct api_request *request, const struct flow_connected *connected)
{
    struct strbuf main = {.arena = request->arena};
    if (connected->sentence.p)
        add_sentence(&main, connected->works ? "notice" : "problem", connected->sentence);
    if (connected->there.p) {
        add_sentence(&main, "notice", connected->there);
        strbuf_printf(&main, "<p>%s</p>\n", say(request, RIGHT_ONE));
    }
    if (connected->too_few)
        add_sentence(&main, "problem", str_c(say(request, TOO_FEW)));
    if (connected->too_many)
        add_sentence(&main, "problem", str_c(say(request, TOO_MANY)));
    strbuf_add_c(&main, "<dl>\n");
    add_line(&main, request, connected->mailbox ? MAILBOX : CONNECTION, connected->connection);
    add_line(&main, request, ORGANISATION, connected->organisation);
    add_line(&main, request, USER, connected->user);
    strbuf_printf(&main, "</dl>\n<p><a class=\"button\" href=\"/app/%s/%.*s%s\">%s</a></p>\n",
                  connected->mailbox ? "mailboxes" : "connections", STR_ARG(connected->connection_id),
                  connected->first ? "/test?new" : "",
                  say(request, connected->mailbox ? GO_ON_MAIL
                               : connected->first ? GO_ON_TEST
                                                  : GO_ON));
    api_page_give_plain(api, request, 200, str_c(say(request, connected->mailbox ? CONNECTED_MAIL : CONNECTED)),
                        strbuf_str(&main));
}

/* The address to pass on, as a link and as text; then back to the mailbox, which remembers it. */
static void show_admin(struct api *api, struct api_request *request, const struct flow_connected *connected)
{
    struct strbuf main = {.arena = request->arena};
    add_sentence(&main, "notice", str_c(say(request, ADMIN_WHY)));
    strbuf_printf(&main, "<p>%s</p>\n<p class=\"address\"><code>", say(request, ADMIN_HOW));
    api_html_text(&main, connected->admin_url);
    strbuf_add_c(&main, "</code></p>\n<p><a class=\"button\" href=\"");
    api_html_text(&main, connected->admin_url);
    strbuf_printf(&main, "\">%s</a></p>\n<p>%s</p>\n<dl>\n", say(request, ADMIN_LINK), say(request, ADMIN_THEN));
    add_line(&main, request, MAILBOX, connected->connection);
    add_line(&main, request, ORGANISATION, connected->organisation);
    add_line(&main, request, USER, connected->user);
    strbuf_printf(&main, "</dl>\n<p><a class=\"button\" href=\"/app/mailboxes/%.*s\">%s</a></p>\n",
                  STR_ARG(connected->connection_id), say(request, GO_ON_MAIL));
    api_page_give_plain(api, request, 200, str_c(say(request, ADMIN)), strbuf_str(&main));
}

/* An administrator comes back, perhaps one who has no account here: nothing of the mailbox is told. */
static int show_admin_back(struct api *api, struct api_request *request, const struct flow_callback *callback,
                           struct err *err)
{
    struct strbuf main = {.arena = request->arena};
    bool given = false;
    if (flow_admin_end(api->flow, callback, &given, err) < 0)
        return -1;
    add_sentence(&main, "notice", str_c(say(request, given ? ADMIN_GIVEN_THEN : ADMIN_REFUSED_THEN)));
    api_page_give_plain(api, request, 200, str_c(say(request, given ? ADMIN_GIVEN : ADMIN_REFUSED)), strbuf_str(&main));
    return 0;
}

/* Whether the provider said what is wrong: the page is then called so. */
static bool is_named(const struct err *why)
{
    return why->code == ERR_APP_UNKNOWN || why->code == ERR_APP_USER || why->code == ERR_APP_NETWORK ||
           why->code == ERR_APP_ADDRESS || why->code == ERR_APP_ADMIN || why->code == ERR_APP_REDIRECT ||
           why->code == ERR_APP_SCOPES || why->code == ERR_APP_CLIENT;
}

/* Where it goes on: to the connection it was about, as far as that is known. */
static void add_way_out(struct strbuf *main, const struct api_request *request, const struct flow_connected *about)
{
    if (about->connection_id.p && !about->mailbox)
        strbuf_printf(main, "<p><a class=\"button\" href=\"/app/connections/%.*s\">%s</a></p>\n",
                      STR_ARG(about->connection_id), say(request, GO_ON));
    else
        strbuf_printf(main, "<p><a class=\"button\" href=\"/app/connections\">%s</a></p>\n", say(request, AGAIN));
}

/* Who is signed in is said here too: a person with two accounts sees which one it was. */
static void show_refused(struct api *api, struct api_request *request, const struct err *why,
                         const struct flow_connected *about)
{
    struct strbuf main = {.arena = request->arena};
    struct flow_session session;
    struct err ignored;
    bool known = !id_none(&request->who.actor.user);
    add_sentence(&main, "problem", err_sentence(why, request->language, request->arena));
    if (known && flow_session_get(api->flow, &request->who, request->arena, &session, &ignored) == 0) {
        strbuf_add_c(&main, "<dl>\n");
        add_line(&main, request, ORGANISATION, session.org.name);
        add_line(&main, request, USER, session.user.email);
        strbuf_add_c(&main, "</dl>\n");
    }
    if (known && flow_may(api->flow, &request->who.actor, "connection", "authorize", &ignored) == 0)
        add_way_out(&main, request, about);
    if (!is_named(why) || about->mailbox)
        strbuf_printf(&main, "<p><a class=\"button\" href=\"%s\">%s</a></p>\n",
                      known ? "/app/mailboxes" : "/sign-in?next=%2Fapp%2Fmailboxes",
                      say(request, known ? AGAIN_MAIL : ENTER));
    const char *title = is_named(why) ? err_title(why->code, request->language) : say(request, NOT_CONNECTED);
    api_page_give_plain(api, request, api_problem_status(why->code), str_c(title), strbuf_str(&main));
}

/* The parameters as they came. */
static struct flow_callback callback_of(const struct api_request *request)
{
    static const char *const names[] = {"state", "code", "error", "iss", "error_description", "admin_consent"};
    struct flow_callback callback = {.state = api_request_param(request, "state"),
                                     .code = api_request_param(request, "code"),
                                     .error = api_request_param(request, "error"),
                                     .iss = api_request_param(request, "iss"),
                                     .description = api_request_param(request, "error_description"),
                                     .admin_consent = api_request_param(request, "admin_consent")};
    for (size_t i = 0; i < ARRAY_LEN(names); i++)
        callback.repeated = callback.repeated || api_request_count(request, names[i]) > 1;
    return callback;
}

/* A person comes back, signed in here: tokens, or why not. */
static int person_back(struct api *api, struct api_request *request, const struct flow_callback *callback,
                       struct flow_connected *ret_connected, struct err *err)
{
    if (id_none(&request->who.actor.user))
        return err_set(err, ERR_UNAUTHENTICATED, "%s", "");
    if (flow_may(api->flow, &request->who.actor, "mailbox", "authorize", err) < 0 ||
        flow_authorize_end(api->flow, &request->who, callback, request->arena, ret_connected, err) < 0)
        return -1;
    if (ret_connected->admin_url.p)
        show_admin(api, request, ret_connected);
    else
        show_connected(api, request, ret_connected);
    return 0;
}

int api_oauth_callback(struct api *api, struct api_request *request, struct err *err)
{
    struct flow_connected connected = {.mailbox = false};
    const struct flow_callback callback = callback_of(request);
    if (request->head.method != API_GET || !api_request_is_visit(request))
        return err_set(err, ERR_METHOD, "%s", "GET");
    if ((flow_admin_back(callback.state) ? show_admin_back(api, request, &callback, err)
                                         : person_back(api, request, &callback, &connected, err)) == 0)
        return 0;
    if (api_problem_status(err->code) >= 500 && api->settings.on_failure)
        api->settings.on_failure(err, request->route->path, request->id);
    show_refused(api, request, err, &connected);
    return 0;
}
