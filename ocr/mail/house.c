/* Company, department, title and town of a signature, where the recognisers of cards left or mistook them; see
 * complete.h. */
#include "contact/country.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/mail/complete.h"
#include "ocr/mail/cues.h"

enum { NEXT_ROW = 35 };

static const double guess = 0.55;

bool ocr_mail_has_digits(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += s.p[i] >= '0' && s.p[i] <= '9';
    return n > 1;
}

double ocr_mail_claim_y(const struct contact_claim *claim)
{
    return claim->card_box.n == 4 ? ((const double *)claim->card_box.items)[1] : -1;
}

bool ocr_mail_any_word(struct str fold, enum ocr_lexicon list)
{
    struct str rest = fold, word;
    while (str_split(&rest, ' ', &word))
        if (ocr_lexicon_has(list, word) ||
            (list == OCR_LEXICON_JOB_WORDS && ocr_lexicon_ends(OCR_LEXICON_JOB_ENDINGS, word)))
            return true;
    return false;
}

static double rest_y(const struct ocr_rest *rest)
{
    return rest->card_box.n == 4 ? ((const double *)rest->card_box.items)[1] : -1;
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
    if (ocr_mail_any_word(fold, OCR_LEXICON_JOB_WORDS) && !all_words(fold, OCR_LEXICON_DEPARTMENT_WORDS))
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
struct str ocr_mail_without_dashes(struct str text)
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
    bool company = !c->contact->organization.p && ocr_mail_any_word(fold, OCR_LEXICON_ORGANIZATION_WORDS) &&
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
    static const char *const words[] = {"Referat ",     "Abteilung ", "Dezernat ", "Sachgebiet ",
                                        "Fachbereich ", "Abt. ",      "Ref. "};
    struct str s = ocr_mail_without_dashes(text);
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
        if (part_of_house(rests[i].text) && rests[i].text.n < 80 && !ocr_mail_has_digits(rests[i].text)) {
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

/* "Universität Muster Institut für …": both lines in one. */
static void cut_university(struct ocr_mail_completer *c)
{
    struct str company = c->contact->organization;
    if (!company.p || !university(str_slice(company, 0, 12), c->arena))
        return;
    for (size_t i = 1; i + 1 < company.n; i++) {
        struct str rest = str_slice(company, i, company.n);
        if (company.p[i - 1] != ' ' || !part_of_house(rest))
            continue;
        c->contact->organization = str_trim(str_slice(company, 0, i));
        if (!c->contact->department.p)
            c->contact->department = rest;
        return;
    }
}

/* A university taken for what somebody does, because it stands below the name. */
static void university_of_title(struct ocr_mail_completer *c, struct ocr_card *card)
{
    struct contact_claim *claims = card->fields.items;
    struct str title = c->contact->job_title, company = c->contact->organization;
    struct str fold = title.p ? contact_text_fold(title, c->arena) : STR("");
    if (!title.p || !university(title, c->arena) || ocr_mail_any_word(fold, OCR_LEXICON_JOB_WORDS) ||
        (company.p && !part_of_house(company)))
        return;
    if (company.p && !c->contact->department.p)
        c->contact->department = company;
    c->contact->organization = title;
    c->contact->job_title = STR_NONE;
    for (size_t i = 0; i < card->fields.n; i++)
        if (str_eq(claims[i].field, STR("organization")))
            claims[i].field = str_eq(c->contact->department.p ? c->contact->department : STR(""), claims[i].value)
                                  ? STR("department")
                                  : STR("");
        else if (str_eq(claims[i].field, STR("job_title")))
            claims[i].field = STR("organization");
}

static bool label_of(struct str address, struct str word)
{
    const char *at = memchr(address.p, '@', address.n);
    struct str labels = at ? str_slice(address, (size_t)(at - address.p) + 1, address.n) : STR(""), label;
    while (str_split(&labels, '.', &label) && labels.n)
        if (str_eq_nocase(label, word))
            return true;
    return false;
}

/* A word of the text is a label of the domain of one of the addresses: "USTA Texas Section", texas.usta.example. */
static bool of_domain(struct ocr_mail_completer *c, struct str text)
{
    const struct contact_value *emails = c->contact->emails.items;
    struct str rest = contact_text_fold(text, c->arena), word;
    while (str_split(&rest, ' ', &word))
        for (size_t i = 0; word.n >= 3 && i < c->contact->emails.n; i++)
            if (label_of(emails[i].value, word))
                return true;
    return false;
}

/* No company was found, but a department or an unknown line that bears the name of the domain. */
static void company_of_domain(struct ocr_mail_completer *c, struct ocr_card *card)
{
    struct contact_claim *claims = card->fields.items;
    struct str department = c->contact->department;
    if (!department.p || !of_domain(c, department) || part_of_house(department))
        return;
    c->contact->organization = department;
    c->contact->department = STR_NONE;
    for (size_t i = 0; i < card->fields.n; i++)
        if (str_eq(claims[i].field, STR("department")))
            claims[i].field = STR("organization");
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

/* Lines of the signature between those of the name and of the street. */
static void find_company(struct ocr_mail_completer *c, const struct ocr_card *card)
{
    const struct contact_claim *claims = card->fields.items;
    const struct ocr_rest *rests = card->unassigned.items;
    double name = -1, street = -1, best = -1;
    for (size_t i = 0; i < card->fields.n; i++) {
        double y = ocr_mail_claim_y(&claims[i]);
        if (str_eq(claims[i].field, STR("family_name")) || str_eq(claims[i].field, STR("job_title")))
            name = y > name ? y : name;
        if (str_eq(claims[i].field, STR("addresses/0/street")))
            street = y;
    }
    for (size_t i = 0; i < card->unassigned.n; i++) {
        double y = rest_y(&rests[i]);
        struct str fold = contact_text_fold(rests[i].text, c->arena);
        size_t words = ocr_mail_cues_of(fold).words;
        bool digits = ocr_mail_has_digits(rests[i].text);
        bool between = name >= 0 && street >= 0 && y > name && y < street && y > best;
        between |= name >= 0 && street < 0 && y > name && y <= name + NEXT_ROW && best < 0;
        bool capital = contact_text_starts_upper(rests[i].text);
        if (!between || digits || words > 5 || !capital || memchr(rests[i].text.p, ':', rests[i].text.n))
            continue;
        best = y;
        c->contact->organization = rests[i].text;
    }
    if (best >= 0)
        ocr_mail_claim(c, STR("organization"), c->contact->organization, c->contact->organization, guess);
}

void ocr_mail_house(struct ocr_mail_completer *c, struct ocr_card *card)
{
    move_guessed_department(c, card);
    move_guessed_title(c, card);
    if (!card->contact->organization.p)
        company_of_domain(c, card);
    if (!card->contact->organization.p)
        find_company(c, card);
    cut_university(c);
    university_of_title(c, card);
    prefer_university(c, card);
    find_department(c, card);
    find_city(c, card);
}
