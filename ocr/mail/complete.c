/* Completes a contact from exact text; see complete.h. */
#include "ocr/mail/complete.h"

#include "base/limits.h"
#include "contact/country.h"
#include "contact/email.h"
#include "contact/phone.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/mail/cues.h"
#include "ocr/mail/quote.h"

enum { URLS = 4, FIRST_ROW = 60 };

/* How sure: the text is exact, its meaning is less so. */
static const double sure = 0.95, likely = 0.8;

struct str ocr_mail_bare_word(struct str word)
{
    static const char around[] = "<>()[]{},;:\"'*!|";
    while (word.n && strchr(around, word.p[0]))
        word = str_slice(word, 1, word.n);
    while (word.n && (strchr(around, word.p[word.n - 1]) || word.p[word.n - 1] == '.'))
        word = str_slice(word, 0, word.n - 1);
    if (word.n > 7 && str_eq_nocase(str_slice(word, 0, 7), STR("mailto:")))
        return ocr_mail_bare_word(str_slice(word, 7, word.n));
    const char *link = word.n ? memchr(word.p, '<', word.n) : NULL; /* "a@b.example<mailto:a@b.example" */
    return link ? str_slice(word, 0, (size_t)(link - word.p)) : word;
}

static bool is_url(struct str word)
{
    return str_starts(word, STR("www.")) || str_starts(word, STR("http://")) || str_starts(word, STR("https://"));
}

/* The host of an address, without www. */
static struct str host_of(struct str url)
{
    ptrdiff_t slashes = str_find(url, STR("://"), 0);
    struct str rest = str_slice(url, slashes >= 0 ? (size_t)slashes + 3 : 0, url.n);
    size_t n = 0;
    while (n < rest.n && !strchr("/?#:", rest.p[n]))
        n++;
    rest = str_slice(rest, 0, n);
    return str_starts(rest, STR("www.")) ? str_slice(rest, 4, rest.n) : rest;
}

bool ocr_mail_odd_address(struct str word, struct arena *arena)
{
    struct contact_email email;
    struct str bare = ocr_mail_bare_word(word);
    if (memchr(bare.p ? bare.p : "", '@', bare.n))
        return contact_email_parse(bare, arena, &email) && !contact_domain_known(email.domain);
    return is_url(bare) && contact_domain_valid(host_of(bare)) && !contact_domain_known(host_of(bare));
}

static struct str url_key(struct str url, struct arena *arena)
{
    ptrdiff_t slashes = str_find(url, STR("://"), 0);
    struct str rest = str_lower(arena, str_slice(url, slashes >= 0 ? (size_t)slashes + 3 : 0, url.n));
    if (str_starts(rest, STR("www.")))
        rest = str_slice(rest, 4, rest.n);
    while (rest.n && rest.p[rest.n - 1] == '/')
        rest.n--;
    return rest;
}

static void add_email(struct ocr_mail_completer *c, struct str word)
{
    struct contact_email email;
    const struct contact_value *known = c->contact->emails.items;
    if (!contact_email_parse(word, c->arena, &email))
        return;
    for (size_t i = 0; i < c->contact->emails.n; i++)
        if (str_eq_nocase(known[i].value, email.address))
            return;
    ocr_mail_add_value(c, &c->contact->emails, "emails",
                       (struct contact_value){.value = email.address, .kind = CONTACT_WORK}, sure);
}

static bool social_host(struct str host)
{
    static const char *const hosts[] = {"facebook.",  "twitter.", "xing.",   "linkedin.", "youtube.",  "instagram.",
                                        "google.",    "pgp.",     "aka.ms",  "x.com",     "tiktok.",   "whatsapp.",
                                        "pinterest.", "vimeo.",   "flickr.", "w3.org",    "calendly.", "github."};
    for (size_t i = 0; i < ARRAY_LEN(hosts); i++)
        if (str_find(host, str_c(hosts[i]), 0) >= 0)
            return true;
    return false;
}

static void add_url(struct ocr_mail_completer *c, struct str word)
{
    struct str key = url_key(word, c->arena);
    const struct contact_value *known = c->contact->urls.items;
    if (!contact_domain_valid(host_of(word)) || c->contact->urls.n >= URLS || social_host(host_of(word)))
        return;
    for (size_t i = 0; i < c->contact->urls.n; i++)
        if (str_eq(url_key(known[i].value, c->arena), key))
            return;
    bool scheme = str_find(word, STR("://"), 0) >= 0;
    struct str value = scheme ? word : str_printf(c->arena, "https://%.*s", STR_ARG(word));
    ocr_mail_add_value(c, &c->contact->urls, "urls", (struct contact_value){.value = value, .kind = -1}, sure);
}

/* Words of a line that are addresses. Links behind their own text are not looked at. */
static void add_addresses(struct ocr_mail_completer *c, struct str text)
{
    struct str rest = text;
    while (rest.n) {
        size_t n = 0;
        while (n < rest.n && rest.p[n] != ' ' && rest.p[n] != '\t')
            n++;
        struct str word = str_slice(rest, 0, n), bare = ocr_mail_bare_word(word);
        rest = str_slice(rest, n + (n < rest.n), rest.n);
        bool link = word.n && (word.p[0] == '[' || (word.p[0] == '<' && !memchr(word.p, '@', word.n)));
        bool alone = link && c->contact->urls.n == 0 && url_key(bare, c->arena).n == host_of(bare).n;
        if (bare.n > 5 && memchr(bare.p, '@', bare.n))
            add_email(c, bare);
        else if (bare.n > 5 && (!link || alone) && is_url(bare))
            add_url(c, bare);
    }
}

/* Takes value i out of the web addresses; claims behind it move up. */
static void drop_url(struct ocr_mail_completer *c, struct ocr_card *card, size_t i)
{
    struct contact_value *urls = c->contact->urls.items;
    struct contact_claim *claims = card->fields.items;
    memmove(&urls[i], &urls[i + 1], (--c->contact->urls.n - i) * sizeof *urls);
    for (size_t m = 0; m < card->fields.n; m++) {
        struct str field = claims[m].field;
        size_t index = field.n == 6 && str_starts(field, STR("urls/")) ? (size_t)(field.p[5] - '0') : i;
        if (index > i)
            claims[m].field = str_printf(c->arena, "urls/%zu", index - 1);
        else if (index == i && str_eq(field, str_printf(c->arena, "urls/%zu", i)))
            claims[m].field = STR("");
    }
}

static size_t printed(const struct contact_value *value)
{
    return (value->raw.p ? value->raw : value->value).n;
}

/* The same address twice ("muster.example", "www.muster.example"): the fuller one stays. */
static void drop_twins(struct ocr_mail_completer *c, struct ocr_card *card)
{
    const struct contact_value *urls = c->contact->urls.items;
    for (size_t i = 0; i < c->contact->urls.n;) {
        bool twin = false;
        for (size_t k = 0; k < c->contact->urls.n && !twin; k++)
            twin = i != k && str_eq(url_key(urls[i].value, c->arena), url_key(urls[k].value, c->arena)) &&
                   printed(&urls[i]) <= printed(&urls[k]);
        if (twin)
            drop_url(c, card, i);
        else
            i++;
    }
}

/* A lone word that can be a given name: "-Anna", "Anna.", "Mfg Anna"; absent when the line is something else. */
static struct str lone_name(struct str text, bool below_closing, struct arena *arena)
{
    struct str fold = contact_text_fold(text, arena);
    struct ocr_mail_cues cues = ocr_mail_cues_of(fold);
    size_t closing = cues.first_words[OCR_MAIL_CUE_CLOSING];
    bool dash = text.n > 1 && strchr("-/~", text.p[0]);
    size_t from = 0;
    for (size_t i = 0; i < closing; i++) { /* past the closing */
        while (from < text.n && text.p[from] != ' ' && text.p[from] != ',')
            from++;
        while (from < text.n && (text.p[from] == ' ' || text.p[from] == ','))
            from++;
    }
    struct str word = str_slice(text, from, text.n);
    while (word.n && strchr("-/~*_ ,", word.p[0]))
        word = str_slice(word, 1, word.n);
    while (word.n && strchr(".,!*_ -", word.p[word.n - 1]))
        word.n--;
    if (word.n < 2 || word.n > 24 || !utf8_valid(word))
        return STR_NONE;
    for (size_t at = 0; at < word.n;) {
        uint32_t letter = utf8_next(word, &at);
        if (!contact_char_letter(letter) && letter != '-')
            return STR_NONE;
    }
    bool known = ocr_lexicon_has(OCR_LEXICON_GIVEN_NAMES, contact_text_fold(word, arena));
    return known || dash || closing || below_closing ? word : STR_NONE;
}

static void find_lone_name(struct ocr_mail_completer *c, const struct ocr_mail_lines *lines,
                           const struct ocr_mail_ranges *ranges)
{
    for (size_t r = 0; r < ranges->n; r++) {
        size_t above = ranges->items[r].first;
        while (above > 0 && lines->items[above - 1].text.n == 0)
            above--;
        struct str before =
            above ? contact_text_fold(ocr_mail_line_cut(lines->items[above - 1].text, 80), c->arena) : STR("");
        struct ocr_mail_cues cues = ocr_mail_cues_of(before);
        bool below = cues.first_words[OCR_MAIL_CUE_CLOSING] && cues.words <= cues.first_words[OCR_MAIL_CUE_CLOSING] + 1;
        for (size_t i = ranges->items[r].first, seen = 0; i <= ranges->items[r].last && seen < 3; i++) {
            struct str text = ocr_mail_line_start(lines->items[i].text);
            if (text.n == 0 || ocr_mail_delimiter(text) || ocr_mail_rule(text))
                continue;
            struct str word = lone_name(text, below && seen == 0, c->arena);
            seen++;
            if (!word.p)
                continue;
            c->contact->given_name = word;
            ocr_mail_claim(c, STR("given_name"), word, word, likely);
            return;
        }
    }
}

/* The first line of the card, when it is two or three words and the first of them a known given name: in a mail that
 * prints no address to compare with it is taken for a company now and then. */
static void find_full_name(struct ocr_mail_completer *c, struct ocr_card *card)
{
    struct contact_claim *claims = card->fields.items;
    struct str text = c->contact->organization, given = STR_NONE, rest;
    if (!text.p || memchr(text.p, '&', text.n) || ocr_mail_has_digits(text))
        return;
    rest = text;
    bool cut = str_split(&rest, ' ', &given);
    struct str fold = contact_text_fold(text, c->arena);
    size_t words = ocr_mail_cues_of(fold).words;
    if (!cut || words < 2 || words > 3 ||
        !ocr_lexicon_has(OCR_LEXICON_GIVEN_NAMES, contact_text_fold(given, c->arena)) ||
        ocr_mail_any_word(fold, OCR_LEXICON_ORGANIZATION_WORDS))
        return;
    for (size_t i = 0; i < card->fields.n; i++)
        if (str_eq(claims[i].field, STR("organization"))) {
            if (ocr_mail_claim_y(&claims[i]) > FIRST_ROW)
                return;
            claims[i].field = STR("family_name");
            claims[i].value = claims[i].raw = rest;
        }
    c->contact->organization = STR_NONE;
    c->contact->given_name = given;
    c->contact->family_name = rest;
    ocr_mail_claim(c, STR("given_name"), given, given, likely);
}

/* A company that stands nowhere is a guess from a domain: on cards a good one, where logos are drawings. */
static void drop_unwritten(struct ocr_card *card)
{
    struct contact_claim *claims = card->fields.items;
    size_t kept = 0;
    for (size_t i = 0; i < card->fields.n; i++) {
        if (str_eq(claims[i].field, STR("organization")) && claims[i].card_box.n == 0)
            card->contact->organization = STR_NONE;
        else
            claims[kept++] = claims[i];
    }
    card->fields.n = kept;
}

/* The claims that still are of a field, without places: a mail has none. */
static struct json_list all_claims(struct ocr_mail_completer *c, const struct ocr_card *card)
{
    struct contact_claim *claims = arena_array(c->arena, card->fields.n + c->n, sizeof *claims);
    size_t n = 0;
    for (size_t i = 0; i < card->fields.n + c->n; i++) {
        const struct contact_claim *from = i < card->fields.n ? &((const struct contact_claim *)card->fields.items)[i]
                                                              : &c->claims[i - card->fields.n];
        if (from->field.n == 0)
            continue;
        claims[n] = *from;
        claims[n].card_box = claims[n].box = (struct json_list){NULL, 0};
        n++;
    }
    return (struct json_list){claims, n};
}

/* One word was read as a family name: friends sign with the given one. */
static void first_name_first(struct ocr_mail_completer *c, struct ocr_card *card, const struct ocr_mail_sender *sender)
{
    struct contact_claim *claims = card->fields.items;
    struct str word = c->contact->family_name;
    if (c->contact->given_name.p || c->contact->name_prefix.p || !word.p || memchr(word.p, ' ', word.n))
        return;
    struct str fold = contact_text_fold(word, c->arena);
    struct str shown = sender && sender->name.p ? contact_text_fold(sender->name, c->arena) : STR("");
    bool first = str_starts(shown, fold) && shown.n > fold.n && shown.p[fold.n] == ' ';
    if (!first && (str_ends(shown, fold) || !ocr_lexicon_has(OCR_LEXICON_GIVEN_NAMES, fold)))
        return;
    c->contact->given_name = word;
    c->contact->family_name = STR_NONE;
    for (size_t i = 0; i < card->fields.n; i++)
        if (str_eq(claims[i].field, STR("family_name")))
            claims[i].field = STR("given_name");
}

void ocr_mail_complete(const struct ocr_mail_lines *lines, const struct ocr_mail_ranges *ranges, const char *region,
                       const struct ocr_mail_sender *sender, struct arena *arena, struct ocr_card *card)
{
    struct ocr_mail_completer *c = arena_one(arena, struct ocr_mail_completer);
    *c = (struct ocr_mail_completer){.arena = arena, .contact = card->contact, .region = region};
    drop_unwritten(card);
    drop_twins(c, card);
    for (size_t r = 0; r < ranges->n; r++)
        for (size_t i = ranges->items[r].first; i <= ranges->items[r].last; i++) {
            struct str text = ocr_mail_line_cut(lines->items[i].text, 2 * OCR_MAIL_LOOK);
            if (lines->items[i].zone != OCR_MAIL_AUTHOR || text.n == 0)
                continue;
            if (!c->contact->department.p && ocr_mail_numbered_part(text)) {
                c->contact->department = ocr_mail_without_dashes(text);
                ocr_mail_claim(c, STR("department"), c->contact->department, text, likely);
            }
            add_addresses(c, text);
            ocr_mail_add_numbers(c, text);
        }
    if (!card->contact->given_name.p && !card->contact->family_name.p)
        find_full_name(c, card);
    if (!card->contact->given_name.p && !card->contact->family_name.p)
        find_lone_name(c, lines, ranges);
    first_name_first(c, card, sender);
    ocr_mail_house(c, card);
    card->fields = all_claims(c, card);
}
