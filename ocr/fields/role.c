/* Job titles and departments: words that name them, alone or at the end of a compound. */
#include "contact/company.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/lines.h"

enum { LEAST_LETTERS = 4 }; /* of a title made of unknown words */

struct counts {
    size_t words, job, ending, department, organization, digits;
    size_t doing;  /* of `job`: what is done, not who does it */
    bool ministry; /* begins with a word for an employer */
    bool unit;     /* ends with "Department", "Division" …: the name of a place to work, not of a job */
};

static bool is_unit(struct str word)
{
    static const char *const units[] = {
        "department",       "dept",        "division",     "section",      "abteilung", "unit",     "office",
        "bereich",          "fachbereich", "ufficio",      "dipartimento", "reparto",   "servizio", "departement",
        "fakultat",         "faculty",     "facolta",      "lehrstuhl",    "dezernat",  "referat",  "amt",
        "geschaftsbereich", "ressort",     "departamento", "dzial",        "wydzial",   "afdeling", "stabsstelle"};
    return ocr_word_in(word, units, ARRAY_LEN(units));
}

/* Employers whose names read like departments. */
static bool is_authority(struct str word)
{
    static const char *const words[] = {"ministry",   "government",  "university",  "universitat",
                                        "university", "ministere",   "ministerium", "universite",
                                        "universita", "universidad", "hochschule"};
    return ocr_word_in(word, words, ARRAY_LEN(words));
}

/* German departments are compounds: "Stadtentwicklung", "Qualitätssicherung", "Schulverwaltung". */
static bool ends_unit(struct str word)
{
    static const char *const ends[] = {"entwicklung", "verwaltung",   "planung",   "vertrieb",    "einkauf",
                                       "logistik",    "buchhaltung",  "abteilung", "wesen",       "controlling",
                                       "management",  "forschung",    "sicherung", "betreuung",   "marketing",
                                       "produktion",  "konstruktion", "fertigung", "beschaffung", "wartung"};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (word.n > strlen(ends[i]) + 2 && str_ends(word, str_c(ends[i])))
            return true;
    return false;
}

/* Words of titles that name no person: "Facility Management" is a department, "Facility Manager" is not. */
static bool is_doing(struct str word)
{
    static const char *const words[] = {"management",
                                        "engineering",
                                        "consultancy",
                                        "beratung",
                                        "business development",
                                        "customer success",
                                        "geschaftsfuhrung",
                                        "geschaftsleitung",
                                        "gerencia",
                                        "leitung",
                                        "muhasebe",
                                        "tecnica",
                                        "tecnico",
                                        "legale",
                                        "legal",
                                        "data",
                                        "product",
                                        "programme",
                                        "interior",
                                        "medical",
                                        "scientific",
                                        "yazilim",
                                        "isg",
                                        "account",
                                        "key account",
                                        "elektrik",
                                        "makine",
                                        "bilgi",
                                        "muhendisligi",
                                        "danisma",
                                        "general",
                                        "genel",
                                        "technik",
                                        "sekretariat",
                                        "ingenieria",
                                        "commerciale"};
    return ocr_word_in(word, words, ARRAY_LEN(words));
}

static struct counts count(const struct ocr_look *look, struct str text)
{
    struct counts c = {0};
    bool first = false, counted = false; /* counted: the word before is one of departments */
    struct str rest = contact_text_fold(text, look->arena), word, before = STR_NONE;
    while (str_split(&rest, ' ', &word)) {
        bool job = ocr_lexicon_has(OCR_LEXICON_JOB_WORDS, word);
        c.words++;
        c.job += job;
        c.doing += job && is_doing(word);
        c.ending +=
            !job && (ocr_lexicon_ends(OCR_LEXICON_JOB_ENDINGS, word) || ocr_lexicon_has(OCR_LEXICON_JOB_ENDINGS, word));
        bool unit = ocr_lexicon_has(OCR_LEXICON_DEPARTMENT_WORDS, word) || (!job && ends_unit(word));
        bool pair = before.p && ocr_lexicon_has(OCR_LEXICON_DEPARTMENT_WORDS,
                                                (struct str){before.p, before.n + 1 + word.n}); /* "human resources" */
        c.department += (size_t)(unit || pair) + (pair && !counted);
        counted = unit || pair;
        before = word;
        c.organization += !job && ocr_lexicon_has(OCR_LEXICON_ORGANIZATION_WORDS, word);
        c.ministry = c.ministry || (c.words == 1 && is_authority(word));
        first = c.words == 1 ? is_unit(word) || str_starts(word, STR("abteilung")) : first;
        c.unit = first || is_unit(word);
        c.digits += word.n && word.p[0] >= '0' && word.p[0] <= '9';
    }
    return c;
}

struct str ocr_role_mend(const struct ocr_look *look, struct str text)
{
    struct strbuf buf = {.arena = look->arena};
    struct str rest = text, word;
    while (str_split(&rest, ' ', &word))
        strbuf_printf(&buf, "%s%.*s", buf.n ? " " : "", STR_ARG(str_eq(word, STR("Al")) ? STR("AI") : word));
    return strbuf_str(&buf);
}

static bool has_legal(const struct ocr_look *look, struct str text)
{
    struct contact_company company;
    ocr_company_of(look, text, &company);
    return company.legal.n > 2;
}

bool ocr_role_prose(const struct ocr_look *look, struct str text)
{
    static const char *const starts[] = {
        "ihr",     "ihre",   "wir",      "unser",   "unsere", "we",    "our",    "your",  "votre", "vos",
        "notre",   "nous",   "su",       "nuestro", "uw",     "wij",   "sie",    "every", "your",  "where",
        "because", "follow", "visit",    "from",    "since",  "seit",  "depuis", "dal",   "more",  "mehr",
        "let",     "making", "creating", "einfach", "immer",  "bizim", "sizin",  "nasz",  "twoj"};
    struct str rest = contact_text_fold(text, look->arena), first;
    size_t words = 1;
    if (!str_split(&rest, ' ', &first))
        return false;
    for (size_t i = 0; i < rest.n; i++)
        words += rest.p[i] == ' ';
    bool sentence = words >= 3 && (str_ends(text, STR(".")) || str_ends(text, STR("!")) || str_ends(text, STR("?")));
    if (words >= 2 && ocr_word_in(first, starts, ARRAY_LEN(starts)))
        return true;
    return sentence && !ocr_lexicon_has(OCR_LEXICON_ORGANIZATION_WORDS, first);
}

bool ocr_role_person(const struct ocr_look *look, struct str text)
{
    struct counts c = count(look, text);
    return !c.unit && c.job + c.ending > c.doing;
}

double ocr_job_title_score(const struct ocr_look *look, const struct ocr_text *text)
{
    struct counts c = count(look, text->text);
    double hits = (double)c.job + 0.9 * (double)c.ending;
    size_t letters = contact_text_letters(text->text, look->arena).n;
    if (c.words == 0 || c.words > 12 || (hits <= 0 && letters < LEAST_LETTERS))
        return -5;
    double score = hits > 0 ? 0.7 + 0.5 * (hits > 3 ? 3 : hits) + 0.8 * hits / (double)c.words : -1.2;
    if (c.department && hits > 0)
        score += 0.3;
    if (has_legal(look, text->text) || ocr_organization_institution(look, text->text))
        score -= 3;
    if (ocr_role_prose(look, text->text) || ocr_look_dividers(look, text->spans[0].line) > 1)
        score -= 1.8;
    score -= 0.3 * (double)(hits > 0 ? 0 : c.organization) + (double)c.digits;
    if (c.words > 8)
        score -= 0.8;
    return c.unit ? score - 1.8 : score;
}

double ocr_department_score(const struct ocr_look *look, const struct ocr_text *text)
{
    struct counts c = count(look, text->text);
    if (c.words == 0 || c.words > 7 || c.department == 0)
        return -5;
    double score = -0.4 + 0.8 * (double)c.department + 0.6 * (double)c.department / (double)c.words;
    if (has_legal(look, text->text))
        score -= 3;
    if (ocr_role_prose(look, text->text) || ocr_look_dividers(look, text->spans[0].line) > 1)
        score -= 2;
    if (c.ministry)
        score -= 1.5;
    return score + (c.unit ? 1.2 : 0) - 0.8 * (double)(c.job - c.doing + c.ending) - (double)c.digits;
}

bool ocr_role_function(const struct ocr_look *look, struct str text)
{
    static const char *const functions[] = {"sales",  "marketing", "vertrieb", "verkauf", "einkauf",    "export",
                                            "ventes", "ventas",    "vendite",  "satis",   "operations", "delegue"};
    struct str rest = contact_text_fold(text, look->arena), word;
    struct counts c = count(look, text);
    while (!c.unit && str_split(&rest, ' ', &word))
        for (size_t i = 0; i < ARRAY_LEN(functions); i++)
            if (str_eq(word, str_c(functions[i])))
                return true;
    return c.words == 1;
}
