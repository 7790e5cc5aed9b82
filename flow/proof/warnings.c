/* See flow/proof.h. */
#include "base/clock.h"
#include "crm-connectors/http.h"
#include "flow/common.h"
#include "flow/oidc/oidc.h"
#include "flow/proof.h"
#include "flow/rights.h"
#include "flow/shape/rows.h"

#include <fcntl.h>

enum { DAY_MS = 24 * 3600 * 1000, SOON_DAYS = 30, GRAVE_DAYS = 7 };

const char *const flow_warning_levels[] = {"info", "warning", "critical", NULL};

static const struct json_field flow_warning_rows[] = {
    TEXT(flow_warning, kind, "What kind of warning it is."),
    WORD(flow_warning, level, flow_warning_levels, NULL),
    TEXT(flow_warning, subject, "What it is about: a name, hosts, a date; null: nothing in particular."),
    TEXT(flow_warning, since, "RFC 3339; null: not known."),
    TEXT(flow_warning, effect, "What may come of it, in the user's language."),
    TEXT(flow_warning, fix, "What to do, in the user's language."),
};
SHAPE(flow_warning, "Warning");

/* One kind: its words in both languages. */
struct words {
    const char *kind, *effect[2], *fix[2];
};
enum { CONTACT, EXPIRES, CERTIFICATE, PRIVATE, VOUCHES };
static const struct words kinds[] = {
    [CONTACT] =
        {"security-contact",
         {"Whoever finds a weakness does not know whom to tell.",
          "Wer eine Schwachstelle findet, weiß nicht, wem er sie melden soll."},
         {"Set KARTEI_SECURITY_CONTACT and KARTEI_SECURITY_EXPIRES; /.well-known/security.txt shows them.",
          "Setzen Sie KARTEI_SECURITY_CONTACT und KARTEI_SECURITY_EXPIRES; /.well-known/security.txt zeigt sie."}},
    [EXPIRES] = {"security-txt-ends",
                 {"After this day nobody trusts /.well-known/security.txt any more (RFC 9116).",
                  "Nach diesem Tag glaubt niemand mehr /.well-known/security.txt (RFC 9116)."},
                 {"Set KARTEI_SECURITY_EXPIRES to a day less than a year ahead.",
                  "Setzen Sie KARTEI_SECURITY_EXPIRES auf einen Tag in weniger als einem Jahr."}},
    [CERTIFICATE] = {"certificate-ends",
                     {"After this day browsers refuse this site.", "Nach diesem Tag lehnen Browser diese Seite ab."},
                     {"Put a new certificate in the place of KARTEI_TLS_PEM, then ./up --reload.",
                      "Legen Sie ein neues Zertifikat an die Stelle von KARTEI_TLS_PEM, dann ./up --reload."}},
    [PRIVATE] = {"egress-private",
                 {"These servers may be contacted although they are private, and also without TLS.",
                  "Diese Server dürfen angesprochen werden, obwohl sie privat sind, auch ohne TLS."},
                 {"Leave only those in KARTEI_EGRESS_ALLOW_PRIVATE that are needed.",
                  "Lassen Sie in KARTEI_EGRESS_ALLOW_PRIVATE nur die stehen, die gebraucht werden."}},
    [VOUCHES] =
        {"provider-vouches",
         {"This identity provider alone decides who has which address of its domains.",
          "Dieser Anbieter entscheidet allein, wer welche Adresse seiner Domains hat."},
         {"Check who may change addresses there, or let it confirm them and take the tick off.",
          "Prüfen Sie, wer dort Adressen ändern darf, oder lassen Sie sie bestätigen und nehmen Sie den Haken weg."}},
};

static struct flow_warning warning(int kind, enum flow_warning_level level, struct str subject, const char *language)
{
    int german = language && strcmp(language, "de") == 0;
    return (struct flow_warning){.kind = str_c(kinds[kind].kind),
                                 .level = (int)level,
                                 .subject = subject,
                                 .effect = str_c(kinds[kind].effect[german]),
                                 .fix = str_c(kinds[kind].fix[german])};
}

/* What ends: nothing, a warning for a month, grave for a week and behind; a time that is none is grave. */
static bool ends_soon(struct str end, int64_t now_ms, enum flow_warning_level *ret_level)
{
    int64_t at = clock_parse(end), left = at < 0 ? -1 : at - now_ms;
    *ret_level = left < (int64_t)GRAVE_DAYS * DAY_MS ? FLOW_WARNING_CRITICAL : FLOW_WARNING_WARNING;
    return left < (int64_t)SOON_DAYS * DAY_MS;
}

size_t flow_warnings_of(const struct flow_warning_facts *facts, struct arena *arena,
                        struct flow_warning ret[FLOW_WARNINGS_OF_SETTINGS])
{
    enum flow_warning_level level;
    size_t n = 0;
    if (str_empty(facts->contact))
        ret[n++] = warning(CONTACT, FLOW_WARNING_INFO, STR_NONE, facts->language);
    else if (ends_soon(facts->expires, facts->now_ms, &level))
        ret[n++] = warning(EXPIRES, level, facts->expires, facts->language);
    if (!str_empty(facts->ends) && ends_soon(facts->ends, facts->now_ms, &level))
        ret[n++] = warning(CERTIFICATE, level, facts->ends, facts->language);
    if (!str_empty(str_trim(facts->private)))
        ret[n++] = warning(PRIVATE, FLOW_WARNING_INFO, str_dup(arena, str_trim(facts->private)), facts->language);
    return n;
}

/* The first line of a small file, absent when it cannot be read. */
static struct str line_of(const char *path, struct arena *arena)
{
    char text[64];
    _cleanup_(cleanup_close) int fd = path && *path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    ssize_t n = fd < 0 ? -1 : read(fd, text, sizeof text);
    return n <= 0 ? STR_NONE : str_dup(arena, str_trim((struct str){text, (size_t)n}));
}

static int gravest_first(const void *a, const void *b)
{
    return ((const struct flow_warning *)b)->level - ((const struct flow_warning *)a)->level;
}

int flow_warning_list(const struct flow *flow, const struct flow_actor *actor, const struct flow_posture *posture,
                      struct arena *arena, struct flow_list *ret_list, struct err *err)
{
    _cleanup_(store_rollbackp) struct store_tx *tx = NULL;
    struct json_list rows;
    const struct flow_warning_facts facts = {.contact = str_c(posture->security_contact),
                                             .expires = str_c(posture->security_expires),
                                             .ends = line_of(posture->certificate_ends_file, arena),
                                             .private = str_c(flow_oidc_allow(flow)),
                                             .language = actor->language,
                                             .now_ms = clock_now_ms()};
    if (flow_may(flow, actor, "warning", "list", err) < 0 || flow_begin(flow, actor, &tx, err) < 0 ||
        store_provider_list(tx, arena, &rows, err) < 0)
        return -1;
    struct flow_warning *all = arena_array(arena, FLOW_WARNINGS_OF_SETTINGS + rows.n, sizeof *all);
    size_t n = flow_warnings_of(&facts, arena, all);
    for (size_t i = 0; i < rows.n; i++) {
        const struct store_provider *row = (const struct store_provider *)rows.items + i;
        struct flow_provider_settings settings;
        if (flow_oidc_settings(row, arena, &settings, err) < 0)
            return -1;
        if (!settings.vouches || !str_eq(row->state, STR("on")))
            continue;
        all[n] = warning(VOUCHES, FLOW_WARNING_INFO, settings.name, actor->language);
        all[n++].since = flow_time_text(row->created_at, arena);
    }
    qsort(all, n, sizeof *all, gravest_first);
    *ret_list = (struct flow_list){{all, n}, STR_NONE};
    return 0;
}
