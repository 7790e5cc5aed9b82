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

enum { URLS = 4, NEXT_ROW = 35, FIRST_ROW = 60 };

/* How sure: the text is exact, its meaning is less so. */
static const double sure = 0.95, likely = 0.8, guess = 0.55;

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
        if (bare.n > 5 && memchr(bare.p, '@', bare.n))
            add_email(c, bare);
        else if (bare.n > 5 && !link && is_url(bare))
            add_url(c, bare);
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

static bool has_digits(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] >= '0' && s.p[i] <= '9';
    return n > 1;
}

static double claim_y(const struct contact_claim *claim)
{
    return claim->card_box.n == 4 ? ((const double *)claim->card_box.items)[1] : -1;
}

static double rest_y(const struct ocr_rest *rest)
{
    return rest->card_box.n == 4 ? ((const double *)rest->card_box.items)[1] : -1;
}

static bool any_word(struct str fold, enum ocr_lexicon list)
{
    struct str rest = fold, word;
    while (str_split(&rest, ' ', &word))
        if (ocr_lexicon_has(list, word) ||
            (list == OCR_LEXICON_JOB_WORDS && ocr_lexicon_ends(OCR_LEXICON_JOB_ENDINGS, word)))
            return true;
    return false;
}

static bool all_words(struct str fold, enum ocr_lexicon list)
{
    struct str rest = fold, word;
    bool all = !str_empty(fold);
    while (str_split(&rest, ' ', &word))
        all = all && ocr_lexicon_has(list, word);
    return all;
}

/* A title without any word of titles was guessed from its place; in letters such lines name a department. */
static void move_guessed_title(struct ocr_mail_completer *c, struct ocr_card *card)
{
    struct contact_claim *claims = card->fields.items;
    struct str title = c->contact->job_title;
    if (!title.p || c->contact->department.p)
        return;
    struct str fold = contact_text_fold(title, c->arena);
    if (any_word(fold, OCR_LEXICON_JOB_WORDS) && !all_words(fold, OCR_LEXICON_DEPARTMENT_WORDS))
        return;
    bool city = ocr_lexicon_has(OCR_LEXICON_CITIES, fold);
    c->contact->department = city ? STR_NONE : title;
    c->contact->job_title = STR_NONE;
    if (city && c->contact->addresses.n == 0) {
        struct contact_address *address = arena_one(c->arena, struct contact_address);
        address->city = title;
        c->contact->addresses = (struct json_list){address, 1};
    }
    for (size_t i = 0; i < card->fields.n; i++)
        if (str_eq(claims[i].field, STR("job_title")))
            claims[i].field = city ? STR("addresses/0/city") : STR("department");
}

static bool university(struct str text, struct arena *arena)
{
    struct str fold = contact_text_fold(text, arena);
    return str_find(fold, STR("universi"), 0) >= 0 || str_find(fold, STR("hochschule"), 0) >= 0;
}

/* "- Referat 31 -" without its dashes. */
static struct str without_dashes(struct str text)
{
    struct str s = str_trim(text);
    while (s.n && (s.p[0] == '-' || s.p[0] == ' '))
        s = str_slice(s, 1, s.n);
    while (s.n && (s.p[s.n - 1] == '-' || s.p[s.n - 1] == ' '))
        s.n--;
    return s;
}

/* "Institut für …", "Department of …": part of something larger. */
static bool part_of_house(struct str text)
{
    static const char *const words[] = {"Institut",   "Lehrstuhl",  "Department",  "Faculty",     "School of",
                                        "Laborator",  "Fakultät",   "Abteilung",   "Fachbereich", "Referat",
                                        "Center for", "Centre for", "Zentrum für", "Dezernat",    "Labor für"};
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        if (str_starts(text, str_c(words[i])))
            return true;
    return false;
}

/* A department that no word of departments speaks for: of a label ("Office Phone"), or the company itself. */
static void move_guessed_department(struct ocr_mail_completer *c, struct ocr_card *card)
{
    static const char *const labels[] = {"office", "home", "work", "direct", "main", "business"};
    struct contact_claim *claims = card->fields.items;
    struct str department = c->contact->department;
    if (!department.p)
        return;
    struct str fold = contact_text_fold(department, c->arena);
    bool label = false;
    for (size_t i = 0; i < ARRAY_LEN(labels); i++)
        label |= str_eq(fold, str_c(labels[i]));
    bool company = !c->contact->organization.p && any_word(fold, OCR_LEXICON_ORGANIZATION_WORDS) &&
                   !part_of_house(department) && !all_words(fold, OCR_LEXICON_DEPARTMENT_WORDS);
    if (!label && !company)
        return;
    c->contact->department = STR_NONE;
    c->contact->organization = company ? department : c->contact->organization;
    for (size_t i = 0; i < card->fields.n; i++)
        if (str_eq(claims[i].field, STR("department")))
            claims[i].field = company ? STR("organization") : STR("");
}

/* Company and department change places. */
static void exchange(struct ocr_mail_completer *c, struct ocr_card *card)
{
    struct contact_claim *claims = card->fields.items;
    struct str company = c->contact->organization;
    c->contact->organization = c->contact->department;
    c->contact->department = company;
    for (size_t i = 0; i < card->fields.n; i++)
        if (str_eq(claims[i].field, STR("organization")))
            claims[i].field = STR("department");
        else if (str_eq(claims[i].field, STR("department")))
            claims[i].field = STR("organization");
}

bool ocr_mail_numbered_part(struct str text)
{
    static const char *const words[] = {"Referat ", "Abteilung ", "Dezernat ", "Sachgebiet ", "Fachbereich ", "Abt. "};
    struct str s = without_dashes(text);
    bool digits = false, part = false;
    for (size_t i = 0; i < s.n; i++)
        digits |= s.p[i] >= '0' && s.p[i] <= '9';
    for (size_t i = 0; i < ARRAY_LEN(words); i++)
        part |= str_starts(s, str_c(words[i]));
    return part && digits && s.n < 60;
}

/* A line nobody took that names a part of the house. */
static void find_department(struct ocr_mail_completer *c, const struct ocr_card *card)
{
    const struct ocr_rest *rests = card->unassigned.items;
    for (size_t i = 0; i < card->unassigned.n && !c->contact->department.p; i++)
        if (part_of_house(rests[i].text) && rests[i].text.n < 80 && !has_digits(rests[i].text)) {
            c->contact->department = rests[i].text;
            ocr_mail_claim(c, STR("department"), rests[i].text, rests[i].text, guess);
        }
}

/* An institute of a university is a department of it. */
static void prefer_university(struct ocr_mail_completer *c, struct ocr_card *card)
{
    const struct ocr_rest *rests = card->unassigned.items;
    struct contact_claim *claims = card->fields.items;
    struct str company = c->contact->organization;
    if (!company.p || university(company, c->arena) || !part_of_house(company))
        return;
    if (c->contact->department.p && university(c->contact->department, c->arena)) {
        exchange(c, card);
        return;
    }
    for (size_t i = 0; i < card->unassigned.n; i++) {
        if (!university(rests[i].text, c->arena) || rests[i].text.n > 80)
            continue;
        c->contact->organization = rests[i].text;
        for (size_t k = 0; k < card->fields.n; k++)
            if (str_eq(claims[k].field, STR("organization")))
                claims[k].value = claims[k].raw = rests[i].text;
        if (!c->contact->department.p) {
            c->contact->department = company;
            ocr_mail_claim(c, STR("department"), company, company, guess);
        }
        return;
    }
}

/* A town that stands below the street without a postal code ("Dublin 8"), or alone behind the company. */
static void find_city(struct ocr_mail_completer *c, struct ocr_card *card)
{
    const struct ocr_rest *rests = card->unassigned.items;
    struct contact_address *address = c->contact->addresses.items;
    if (!c->contact->organization.p || c->contact->addresses.n > 1 || (c->contact->addresses.n == 1 && address->city.p))
        return;
    for (size_t i = 0; i < card->unassigned.n; i++) {
        struct str text = rests[i].text, fold = contact_text_fold(text, c->arena);
        bool district =
            fold.n > 2 && fold.p[fold.n - 1] >= '0' && fold.p[fold.n - 1] <= '9' && fold.p[fold.n - 2] == ' ';
        if (district) {
            fold.n -= 2;
            text = str_slice(text, 0, text.n - 2);
        }
        bool name = ocr_lexicon_has(OCR_LEXICON_GIVEN_NAMES, fold) || !contact_char_upper((unsigned char)text.p[0]);
        if (name || !ocr_lexicon_has(OCR_LEXICON_CITIES, fold) || contact_country_find(text, c->arena)[0])
            continue;
        if (c->contact->addresses.n == 0) {
            address = arena_one(c->arena, struct contact_address);
            c->contact->addresses = (struct json_list){address, 1};
        }
        address->city = text;
        ocr_mail_claim(c, STR("addresses/0/city"), text, rests[i].text, guess);
        return;
    }
}

/* The first line of the card, when it is two or three words and the first of them a known given name: in a mail that
 * prints no address to compare with it is taken for a company now and then. */
static void find_full_name(struct ocr_mail_completer *c, struct ocr_card *card)
{
    struct contact_claim *claims = card->fields.items;
    struct str text = c->contact->organization, given = STR_NONE, rest;
    if (!text.p || memchr(text.p, '&', text.n) || has_digits(text))
        return;
    rest = text;
    bool cut = str_split(&rest, ' ', &given);
    struct str fold = contact_text_fold(text, c->arena);
    size_t words = ocr_mail_cues_of(fold).words;
    if (!cut || words < 2 || words > 3 ||
        !ocr_lexicon_has(OCR_LEXICON_GIVEN_NAMES, contact_text_fold(given, c->arena)) ||
        any_word(fold, OCR_LEXICON_ORGANIZATION_WORDS))
        return;
    for (size_t i = 0; i < card->fields.n; i++)
        if (str_eq(claims[i].field, STR("organization"))) {
            if (claim_y(&claims[i]) > FIRST_ROW)
                return;
            claims[i].field = STR("family_name");
            claims[i].value = claims[i].raw = rest;
        }
    c->contact->organization = STR_NONE;
    c->contact->given_name = given;
    c->contact->family_name = rest;
    ocr_mail_claim(c, STR("given_name"), given, given, likely);
}

/* Lines of the signature between those of the name and of the street. */
static void find_company(struct ocr_mail_completer *c, const struct ocr_card *card)
{
    const struct contact_claim *claims = card->fields.items;
    const struct ocr_rest *rests = card->unassigned.items;
    double name = -1, street = -1, best = -1;
    for (size_t i = 0; i < card->fields.n; i++) {
        double y = claim_y(&claims[i]);
        if (str_eq(claims[i].field, STR("family_name")) || str_eq(claims[i].field, STR("job_title")))
            name = y > name ? y : name;
        if (str_eq(claims[i].field, STR("addresses/0/street")))
            street = y;
    }
    for (size_t i = 0; i < card->unassigned.n; i++) {
        double y = rest_y(&rests[i]);
        struct str fold = contact_text_fold(rests[i].text, c->arena);
        size_t words = ocr_mail_cues_of(fold).words;
        bool digits = has_digits(rests[i].text);
        bool between = name >= 0 && street >= 0 && y > name && y < street && y > best;
        between |= name >= 0 && street < 0 && y > name && y <= name + NEXT_ROW && best < 0;
        size_t at = 0;
        bool capital = rests[i].text.n && contact_char_upper(utf8_next(rests[i].text, &at));
        if (!between || digits || words > 5 || !capital || memchr(rests[i].text.p, ':', rests[i].text.n))
            continue;
        best = y;
        c->contact->organization = rests[i].text;
    }
    if (best >= 0)
        ocr_mail_claim(c, STR("organization"), c->contact->organization, c->contact->organization, guess);
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

void ocr_mail_complete(const struct ocr_mail_lines *lines, const struct ocr_mail_ranges *ranges, const char *region,
                       struct arena *arena, struct ocr_card *card)
{
    struct ocr_mail_completer *c = arena_one(arena, struct ocr_mail_completer);
    *c = (struct ocr_mail_completer){.arena = arena, .contact = card->contact, .region = region};
    drop_unwritten(card);
    for (size_t r = 0; r < ranges->n; r++)
        for (size_t i = ranges->items[r].first; i <= ranges->items[r].last; i++) {
            struct str text = ocr_mail_line_cut(lines->items[i].text, 2 * OCR_MAIL_LOOK);
            if (lines->items[i].zone != OCR_MAIL_AUTHOR || text.n == 0)
                continue;
            if (!c->contact->department.p && ocr_mail_numbered_part(text)) {
                c->contact->department = without_dashes(text);
                ocr_mail_claim(c, STR("department"), c->contact->department, text, likely);
            }
            add_addresses(c, text);
            ocr_mail_add_numbers(c, text);
        }
    if (!card->contact->given_name.p && !card->contact->family_name.p)
        find_full_name(c, card);
    if (!card->contact->given_name.p && !card->contact->family_name.p)
        find_lone_name(c, lines, ranges);
    move_guessed_department(c, card);
    move_guessed_title(c, card);
    if (!card->contact->organization.p)
        find_company(c, card);
    prefer_university(c, card);
    find_department(c, card);
    find_city(c, card);
    struct contact_claim *claims = arena_array(arena, card->fields.n + c->n, sizeof *claims);
    if (card->fields.n)
        memcpy(claims, card->fields.items, card->fields.n * sizeof *claims);
    memcpy(claims + card->fields.n, c->claims, c->n * sizeof *claims);
    for (size_t i = 0; i < card->fields.n + c->n; i++)
        claims[i].card_box = claims[i].box = (struct json_list){NULL, 0};
    card->fields = (struct json_list){claims, card->fields.n + c->n};
}
