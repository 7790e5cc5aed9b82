/* See letter.h. */
#include "flow/sign_in/letter.h"

#include "base/clock.h"
#include "base/limits.h"
#include "crm-connectors/submission/submission.h"
#include "flow/egress/errand.h"

/* [English, German]; {} stands for the organisation. */
static const struct words {
    const char *subject[2], *says[2], *button[2], *why[2];
} all_words[FLOW_LETTERS] = {
    [FLOW_LETTER_LINK] =
        {{"Your link to sign in", "Ihr Link zum Anmelden"},
         {"With this link you sign in to {}. It works once, within ten minutes, in the browser that asked for it; in "
          "another one you need the code that is shown there.",
          "Mit diesem Link melden Sie sich bei {} an. Er gilt einmal, zehn Minuten lang, in dem Browser, der ihn "
          "angefordert hat; in einem anderen brauchen Sie den Code, der dort angezeigt wird."},
         {"Sign in", "Anmelden"},
         {"You did not ask for it? Then nothing needs to be done: without you the link opens nothing.",
          "Sie haben ihn nicht angefordert? Dann ist nichts zu tun: Ohne Sie öffnet der Link nichts."}},
    [FLOW_LETTER_SIGN_UP] =
        {{"Confirm your address", "Bestätigen Sie Ihre Adresse"},
         {"With this link you confirm your address and join {}. It works once, within ten minutes, in the browser that "
          "asked for it; in another one you need the code that is shown there.",
          "Mit diesem Link bestätigen Sie Ihre Adresse und treten {} bei. Er gilt einmal, zehn Minuten lang, in dem "
          "Browser, der ihn angefordert hat; in einem anderen brauchen Sie den Code, der dort angezeigt wird."},
         {"Confirm and sign in", "Bestätigen und anmelden"},
         {"You did not ask for it? Then nothing needs to be done: without you nobody joins with your address.",
          "Sie haben ihn nicht angefordert? Dann ist nichts zu tun: Ohne Sie tritt niemand mit Ihrer Adresse bei."}},
    [FLOW_LETTER_INVITATION] =
        {{"You are invited", "Sie sind eingeladen"},
         {"You are invited to join {}. Open the page and type this code there, with this address:",
          "Sie sind eingeladen, {} beizutreten. Öffnen Sie die Seite, und geben Sie dort mit dieser Adresse diesen "
          "Code "
          "ein:"},
         {"To the page", "Zur Seite"},
         {"You do not know who invites you? Then nothing needs to be done.",
          "Sie wissen nicht, wer Sie einlädt? Dann ist nichts zu tun."}},
};

static struct str with_org(const char *sentence, struct str org, struct arena *arena)
{
    const char *gap = strstr(sentence, "{}");
    return gap ? str_printf(arena, "%.*s%.*s%s", (int)(gap - sentence), sentence, STR_ARG(org), gap + 2)
               : str_c(sentence);
}

static struct str html_of(const struct flow_letter *letter, struct str says, const struct words *words, struct str url,
                          struct arena *arena)
{
    bool de = letter->language && strcmp(letter->language, "de") == 0;
    struct strbuf out = {.arena = arena};
    strbuf_add_c(&out, "<!doctype html>\n<html><body style=\"font-family:sans-serif\">\n<p>");
    strbuf_add_html(&out, says);
    if (letter->code.p)
        strbuf_printf(&out, "</p>\n<p style=\"font-size:1.5em\"><code>%.*s</code>", STR_ARG(letter->code));
    strbuf_add_c(&out, "</p>\n<p><a href=\"");
    strbuf_add_html(&out, url);
    strbuf_printf(&out, "\">%s</a></p>\n<p>", words->button[de]);
    strbuf_add_html(&out, url);
    strbuf_printf(&out, "</p>\n<p>%s</p>\n</body></html>\n", words->why[de]);
    return strbuf_str(&out);
}

int flow_letter_send(const struct flow *flow, const struct flow_letter *letter, struct err *err)
{
    _cleanup_(arena_freep) struct arena *arena = arena_new_wiping(LIMIT_ARENA_REQUEST);
    _cleanup_(crm_http_freep) struct crm_http *http = NULL;
    const struct words *words = &all_words[letter->kind];
    bool de = letter->language && strcmp(letter->language, "de") == 0;
    if (!flow->mail)
        return err_set(err, ERR_NOT_FOUND, "%s", "");
    struct str base = str_c(flow->public_url);
    if (str_ends(base, STR("/")))
        base.n--;
    struct str url = str_printf(arena, "%.*s%.*s", STR_ARG(base), STR_ARG(letter->path));
    struct str says = with_org(words->says[de], letter->org, arena);
    struct crm_letter mail = {
        .to = letter->to,
        .subject = str_printf(arena, "Kartei: %s", words->subject[de]),
        .text = str_printf(arena, "%.*s\n\n%.*s%s%.*s\n\n%s\n", STR_ARG(says), STR_ARG(letter->code),
                           letter->code.p ? "\n\n" : "", STR_ARG(url), words->why[de]),
        .html = html_of(letter, says, words, url, arena),
        .language = de ? "de" : "en",
    };
    const struct flow_errand errand = {.flow = flow, .org = letter->org_id};
    const struct flow_errand_rules rules = {.reach = crm_reach_mail(flow->mail, flow_egress_allow(flow), arena),
                                            .purposes = 1U << CRM_REACH_SUBMISSION};
    if (flow_errand_open(&errand, &rules, arena, &http, err) < 0)
        return -1;
    return crm_submission_send(http, flow->mail, &mail, clock_now_ms(), err);
}
