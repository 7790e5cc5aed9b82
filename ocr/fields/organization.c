/* Organisations: legal forms, words of company names, agreement with the domain of mail and website, print size. */
#include "contact/company.h"
#include "contact/email.h"
#include "contact/text.h"
#include "ocr/fields/domain.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/lines.h"

#include <math.h>

enum { LOCAL_LETTERS = 7 };
static const double UNREAD = 0.5; /* confidence of what is rather no text */

static const char *const public_sites[] = {"linkedin.com", "facebook.com", "instagram.com", "twitter.com", "xing.com",
                                           "youtube.com",  "x.com",        "github.com",    "linktr.ee",   "wa.me",
                                           "qrco.de",      "bit.ly",       "me-qr.com"};

static bool public_site(struct str site)
{
    for (size_t i = 0; i < ARRAY_LEN(public_sites); i++)
        if (str_eq(site, str_c(public_sites[i])))
            return true;
    return false;
}

enum { MEMOS = 64 };

/* The same texts are weighed again and again: what contact_company_form made of them, by where they lie. */
struct ocr_memo {
    struct str text;
    struct contact_company company;
};

void ocr_company_of(const struct ocr_look *look, struct str text, struct contact_company *ret_company)
{
    if (!look->memo) {
        contact_company_form(text, look->arena, ret_company);
        return;
    }
    struct ocr_memo *memo = &look->memo[((uintptr_t)text.p >> 4 ^ text.n) % MEMOS];
    if (memo->text.p != text.p || memo->text.n != text.n) {
        memo->text = text;
        contact_company_form(text, look->arena, &memo->company);
    }
    *ret_company = memo->company;
}

/* Labels of the card's own domains, mail first. */
static size_t own_labels(const struct ocr_look *look, struct str labels[OCR_DOMAINS])
{
    size_t n = 0;
    for (size_t i = 0; i < look->emails.n && n < OCR_DOMAINS; i++) {
        struct contact_email email;
        if (!contact_email_parse(look->emails.items[i].value, look->arena, &email))
            continue;
        bool free_mail = contact_domain_free_mail(email.domain);
        if (free_mail && email.local.n < LOCAL_LETTERS)
            continue;
        /* "silverline.blr@gmail.com": small firms name their mailbox */
        struct str label = free_mail ? email.local : ocr_domain_label(email.domain, look->arena);
        if (!str_empty(label))
            labels[n++] = label;
    }
    for (size_t i = 0; i < look->urls.n && n < OCR_DOMAINS; i++) {
        struct str host = look->urls.items[i].value, site;
        ptrdiff_t slashes = str_find(host, STR("://"), 0);
        host = slashes >= 0 ? str_slice(host, (size_t)slashes + 3, host.n) : host;
        struct str rest = host;
        str_split(&rest, '/', &host);
        site = contact_domain_site(host, look->arena);
        if (!str_empty(site) && !public_site(site))
            labels[n++] = ocr_domain_label(host, look->arena);
    }
    return n;
}

/* The local part of an address anybody can have. */
static bool mailbox(const struct ocr_look *look, struct str label)
{
    for (size_t i = 0; i < look->emails.n; i++) {
        struct str value = look->emails.items[i].value;
        if (str_starts(value, label) && value.n > label.n && value.p[label.n] == '@')
            return true;
    }
    return false;
}

void ocr_organization_domains(struct ocr_look *look)
{
    if (!look->memo)
        look->memo = arena_array(look->arena, MEMOS, sizeof *look->memo);
    look->domains.n = own_labels(look, look->domains.labels);
    for (size_t i = 0; i < look->domains.n; i++)
        look->domains.letters[i] = contact_text_letters(look->domains.labels[i], look->arena);
}

struct str ocr_organization_domain(const struct ocr_look *look)
{
    const struct ocr_domains *own = &look->domains;
    for (size_t i = 0; i < own->n; i++)
        if (!mailbox(look, own->labels[i]))
            return own->labels[i];
    return STR_NONE;
}

/* "zqrgames" of "zuqranarygames": the domain leaves letters out. */
static bool shortened(struct str label, struct str core)
{
    enum { LEAST = 5, TAIL = 3 };
    size_t at = 0;
    if (label.n < LEAST || label.n >= core.n || 2 * label.n < core.n || label.p[0] != core.p[0] ||
        !str_ends(core, str_slice(label, label.n - TAIL, label.n)))
        return false;
    for (size_t i = 0; i < core.n && at < label.n; i++)
        at += core.p[i] == label.p[at];
    return at == label.n;
}

static double domain_match(struct str label, struct str core, struct str acronym, struct str first)
{
    if (core.n < 2)
        return 0;
    if (str_eq(core, label))
        return 4.5;
    if (label.n >= 5 && core.n >= 5 && ocr_distance(core, label, 1) == 1)
        return 3.5;
    if (core.n >= 4 && str_find(label, core, 0) >= 0)
        return 2.2 + 1.5 * (double)core.n / (double)label.n;
    if (label.n >= 4 && str_find(core, label, 0) >= 0)
        return 2.8;
    if (shortened(label, core))
        return 2.4;
    if (acronym.n >= 2 && (str_eq(acronym, label) || (acronym.n >= 3 && str_starts(label, acronym))))
        return 2.2;
    if (first.n >= 4 && str_starts(label, first))
        return 1.6;
    return 0;
}

/* A trade, a kind of company: not what tells one company from another. */
static bool generic(struct str word)
{
    return ocr_lexicon_has(OCR_LEXICON_ORGANIZATION_WORDS, word) ||
           ocr_lexicon_ends(OCR_LEXICON_ORGANIZATION_ENDINGS, word);
}

/* The words without generic ones, joined: "sonnenkamp" of "Sonnenkamp Fahrzeugtechnik". */
static struct str distinctive(const struct contact_company *company, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < company->n; i++)
        if (!generic(company->words[i]))
            strbuf_add(&buf, company->words[i]);
    return buf.n ? strbuf_str(&buf) : STR("");
}

static double domain_score(const struct ocr_look *look, struct str text, const struct contact_company *company)
{
    const struct ocr_domains *own = &look->domains;
    double best = 0;
    if (own->n == 0)
        return 0;
    struct str whole[] = {contact_text_letters(text, look->arena),
                          ocr_domain_close(contact_text_fold(text, look->arena), look->arena)};
    struct str first = company->n ? company->words[0] : STR(""), core = distinctive(company, look->arena);
    for (size_t i = 0; i < own->n; i++) {
        struct str label = own->letters[i];
        double fits = domain_match(label, company->joined, company->acronym, first);
        fits = fmax(fits, str_eq(core, label) ? 4.5 : 0);
        for (size_t k = 0; k < ARRAY_LEN(whole); k++)
            fits = fmax(fits, domain_match(label, whole[k], STR(""), STR("")));
        bool first_label = str_eq(own->labels[i], own->labels[0]); /* the mail's, which is the employer's */
        best = fmax(best, first_label ? fits : 0.8 * fits);
    }
    return best;
}

double ocr_organization_domain_score(const struct ocr_look *look, struct str text)
{
    struct contact_company company;
    ocr_company_of(look, text, &company);
    return domain_score(look, text, &company);
}

/* Legal forms whose letters readers mix up, put right: "Itd." -> "Ltd.". */
struct str ocr_organization_mend(const struct ocr_look *look, struct str text)
{
    static const struct {
        const char *seen, *meant;
    } slips[] = {{"Itd", "Ltd"},   {"ltd", "Ltd"},     {"lnc", "Inc"},   {"1nc", "Inc"},    {"GmbHl", "GmbH"},
                 {"GmbI", "GmbH"}, {"GmbI-I", "GmbH"}, {"6mbH", "GmbH"}, {"GrnbH", "GmbH"}, {"Gmbh", "GmbH"},
                 {"GMBH", "GMBH"}, {"A6", "AG"},       {"K6", "KG"},     {"Lta", "Ltd"}};
    struct strbuf buf = {.arena = look->arena};
    struct str rest = text, word;
    while (str_split(&rest, ' ', &word)) {
        struct str core = word;
        while (core.n && strchr(".,;", core.p[core.n - 1]))
            core.n--;
        struct str tail = str_slice(word, core.n, word.n);
        for (size_t i = 0; i < ARRAY_LEN(slips); i++)
            if (core.n && core.p[0] == slips[i].seen[0] && str_eq(core, str_c(slips[i].seen))) {
                core = str_c(slips[i].meant);
                break;
            }
        if (buf.n)
            strbuf_add_char(&buf, ' ');
        strbuf_add(&buf, core);
        strbuf_add(&buf, tail);
    }
    return strbuf_str(&buf);
}

/* Legal form at the end of the text, printed as one: "as" and "se" are words elsewhere. A form with nothing but
 * generic words in front ("Holding GmbH") is the tail of a name. */
static double legal_score_of(const struct ocr_look *look, struct str text, const struct contact_company *company)
{
    if (str_empty(company->legal))
        return 0;
    if (company->legal.n > 2)
        return company->n && str_empty(distinctive(company, look->arena)) ? 1.5 : 3.5;
    struct str tail = str_slice(text, text.n > 12 ? text.n - 12 : 0, text.n);
    for (size_t i = 0; i + 1 < tail.n; i++)
        if (tail.p[i] >= 'A' && tail.p[i] <= 'Z' &&
            ((tail.p[i + 1] >= 'A' && tail.p[i + 1] <= 'Z') || tail.p[i + 1] == '.'))
            return 2.5;
    return 0;
}

static double legal_score(const struct ocr_look *look, struct str printed)
{
    struct str text = ocr_organization_mend(look, printed);
    struct contact_company company;
    ocr_company_of(look, text, &company);
    return legal_score_of(look, text, &company);
}

/* The city of the card's address, alone. */
static bool own_city(const struct ocr_look *look, struct str folded)
{
    for (size_t i = 0; i < look->places_n; i++)
        if (look->places[i].city.value.p && str_eq(contact_text_fold(look->places[i].city.value, look->arena), folded))
            return true;
    return false;
}

/* "University of …", "… Institute for …": a kind of house that names itself in full. *ret_last: the kind is its
 * last word. */
static bool institution(struct str folded, bool *ret_last)
{
    static const char *const kinds[] = {"university",      "universitat", "universite",
                                        "universita",      "universidad", "universiteit",
                                        "universitesi",    "uniwersytet", "hochschule",
                                        "fachhochschule",  "college",     "school",
                                        "academy",         "institute",   "institut",
                                        "istituto",        "instituto",   "instytut",
                                        "hospital",        "klinikum",    "universitatsklinikum",
                                        "krankenhaus",     "spital",      "landratsamt",
                                        "stadtverwaltung", "ministerium", "ministry",
                                        "ministere",       "association", "foundation",
                                        "stiftung",        "council"};
    struct str rest = folded, word;
    size_t words = 0, at = 0;
    *ret_last = false;
    while (str_split(&rest, ' ', &word)) {
        words++;
        if (str_eq(word, STR("government")) || str_eq(word, STR("govt")))
            return false; /* stands above it */
        at = !at && ocr_word_in(word, kinds, ARRAY_LEN(kinds)) ? words : at;
    }
    *ret_last = at && at == words;
    return at && words >= 2 && words <= 7;
}

/* "Head Office, Hemisphere House", "Akabe Plaza": where they are, not who. */
static bool premises(struct str folded)
{
    const char *blank = folded.n ? memrchr(folded.p, ' ', folded.n) : NULL;
    struct str last = blank ? str_slice(folded, (size_t)(blank - folded.p) + 1, folded.n) : folded;
    static const char *const places[] = {"house", "tower",   "towers", "plaza",  "building", "bldg", "mall",  "arcade",
                                         "court", "merkezi", "han",    "office", "floor",    "park", "estate"};
    return blank && (ocr_word_in(last, places, ARRAY_LEN(places)) || str_find(folded, STR("head office"), 0) >= 0);
}

/* "Muster & Co.", "Muster & Söhne", "Muster & Partners": a firm without a legal form. */
static bool house(struct str text, struct arena *arena)
{
    static const char *const ends[] = {"co",    "company",    "cie",      "sohne",       "sohn",      "sons",
                                       "son",   "partner",    "partners", "partenaires", "fils",      "figli",
                                       "hijos", "associates", "associes", "associati",   "asociados", "kollegen",
                                       "bros",  "brothers",   "tochter",  "zonen",       "ortaklari"};
    ptrdiff_t sign = str_find(text, STR("&"), 1);
    return sign > 0 &&
           ocr_word_in(contact_text_fold(str_slice(text, (size_t)sign + 1, text.n), arena), ends, ARRAY_LEN(ends));
}

/* "Sales, Lessons & Rental", "Steel, Copper, Brass, Tin": what they do or deal in, one after the other. */
static bool offers(struct str text)
{
    enum { MANY = 3 };
    ptrdiff_t comma = str_find(text, STR(", "), 1), sign = str_find(text, STR(" & "), 1);
    int commas = 0;
    for (ptrdiff_t at = comma; at > 0; at = str_find(text, STR(", "), (size_t)at + 1))
        commas++;
    return commas >= MANY || (comma > 0 && sign > comma);
}

double ocr_organization_score(const struct ocr_look *look, const struct ocr_text *text)
{
    struct str folded = contact_text_fold(text->text, look->arena), rest = folded, word;
    size_t words = 0, org = 0, job = 0, noise = 0;
    size_t letters = ocr_domain_close(folded, look->arena).n;
    while (str_split(&rest, ' ', &word)) {
        words++;
        org += generic(word);
        job += ocr_lexicon_has(OCR_LEXICON_JOB_WORDS, word) && !ocr_lexicon_has(OCR_LEXICON_ORGANIZATION_WORDS, word);
        noise += word.n > 3 && ocr_lexicon_has(OCR_LEXICON_NOT_NAMES, word) &&
                 !ocr_lexicon_has(OCR_LEXICON_ORGANIZATION_WORDS, word);
    }
    if (letters < 2)
        return -5;
    struct contact_company company;
    struct str mended = ocr_organization_mend(look, text->text);
    ocr_company_of(look, text->text, &company);
    double domain = domain_score(look, text->text, &company);
    double legal = str_eq(mended, text->text) ? legal_score_of(look, mended, &company) : legal_score(look, mended);
    if (legal <= 0 && domain < 4 && str_empty(distinctive(&company, look->arena)))
        org = 0; /* "Transport & Logistik" says what, not who */
    double trade = org ? 1.0 + 0.6 * (double)(org > 3 ? 3 : org) : 0;
    bool last;
    double score = -1.6 + legal + domain + trade - (double)job - (legal > 0 ? 0 : 0.7 * (double)noise);
    if (domain < 4 && legal <= 0 &&
        (ocr_role_prose(look, text->text) || ocr_look_dividers(look, text->spans[0].line) > 1))
        score -= 1.5;
    if (str_starts(folded, STR("government of")) || str_starts(folded, STR("govt of")))
        score -= 1.2; /* what stands above an employer of the state */
    if (institution(folded, &last) && (job == 0 || last))
        score += 1.2 + (double)job;
    if (legal <= 0 && house(text->text, look->arena))
        score += 2.4;
    else if (legal <= 0 && domain < 2 && offers(text->text))
        score -= 1.5;
    if (own_city(look, folded) && domain < 4)
        score -= 2.5;
    if (text->height > 1.15)
        score += fmin(0.9, 1.2 * log(text->height));
    if (words > 6)
        score -= 0.5 * (double)(words - 6);
    if (letters < 3)
        score -= 1;
    if (domain < 4 && legal <= 0 && premises(folded))
        score -= 1.5;
    if (domain < 4 && ocr_look_confidence(look, text->spans[0]) < UNREAD)
        score -= 2; /* pieces of a drawing */
    return score;
}

bool ocr_organization_institution(const struct ocr_look *look, struct str text)
{
    bool last;
    return institution(contact_text_fold(text, look->arena), &last) && last;
}

bool ocr_organization_legal_alone(const struct ocr_look *look, struct str text)
{
    struct contact_company company;
    struct str mended = ocr_organization_mend(look, text);
    contact_company_form(str_printf(look->arena, "x %.*s", STR_ARG(mended)), look->arena, &company);
    return company.n == 1 && !str_empty(company.legal);
}

bool ocr_organization_slogan(const struct ocr_look *look, const struct ocr_text *a, const struct ocr_text *b)
{
    size_t words = b->spans[0].to - b->spans[0].from;
    if (ocr_organization_legal_alone(look, b->text))
        return false;
    if (a->n == 1 && legal_score(look, a->text) >= 2.5 && !str_starts(b->text, STR("&")))
        return true; /* a legal form ends a name */
    if (ocr_look_dividers(look, b->spans[0].line) && legal_score(look, b->text) <= 0)
        return true; /* what they sell, one by one */
    if (ocr_look_confidence(look, b->spans[0]) < 0.6 || ocr_look_confidence(look, a->spans[0]) < 0.45)
        return true;
    return words > 1 && legal_score(look, b->text) <= 0 && ocr_organization_domain_score(look, a->text) >= 4.5 &&
           ocr_organization_domain_score(look, b->text) <= 0;
}

bool ocr_organization_legal(const struct ocr_look *look, struct str text)
{
    return legal_score(look, text) > 0;
}

struct str ocr_organization_whole(const struct ocr_look *look, struct str text)
{
    const struct str *labels = look->domains.labels;
    struct str core = contact_text_letters(text, look->arena);
    for (size_t i = 0; i < look->domains.n && core.n >= 4 && !memchr(text.p, ' ', text.n); i++) {
        struct str rest = str_slice(labels[i], core.n, labels[i].n);
        bool word = generic(rest) || ocr_lexicon_has(OCR_LEXICON_JOB_WORDS, rest) || rest.n > 4;
        if (str_starts(labels[i], core) && !str_empty(rest) && !word && !memchr(rest.p, '-', rest.n))
            return contact_text_title(labels[i], look->arena);
        bool end = core.n >= 6 && core.n < labels[i].n && core.n + 3 >= labels[i].n && str_ends(labels[i], core);
        if (end) /* "DEFENSE" of a logo whose first letters are a drawing */
            return contact_text_title(labels[i], look->arena);
    }
    return text;
}

bool ocr_organization_trade(const struct ocr_look *look, struct str text)
{
    struct str rest = contact_text_fold(text, look->arena), word;
    while (str_split(&rest, ' ', &word))
        if (generic(word))
            return true;
    return false;
}
