/* What stands before telephone numbers, and before numbers that are none: labels, countries. */
#include "ocr/fields/phone_label.h"

#include "contact/country.h"
#include "contact/text.h"

#include <ctype.h>

static const struct {
    const char *fold;
    int kind;
} labels[] = {
    {"m", CONTACT_MOBILE},
    {"mob", CONTACT_MOBILE},
    {"mobil", CONTACT_MOBILE},
    {"mobile", CONTACT_MOBILE},
    {"cell", CONTACT_MOBILE},
    {"cellular", CONTACT_MOBILE},
    {"handy", CONTACT_MOBILE},
    {"natel", CONTACT_MOBILE},
    {"portable", CONTACT_MOBILE},
    {"gsm", CONTACT_MOBILE},
    {"cep", CONTACT_MOBILE},
    {"c", CONTACT_MOBILE},
    {"hp", CONTACT_MOBILE},
    {"cel", CONTACT_MOBILE},
    {"cellulare", CONTACT_MOBILE},
    {"movil", CONTACT_MOBILE},
    {"kom", CONTACT_MOBILE},
    {"whatsapp", CONTACT_MOBILE},
    {"mobiltelefon", CONTACT_MOBILE},
    {"funk", CONTACT_MOBILE},
    {"f", CONTACT_FAX},
    {"fax", CONTACT_FAX},
    {"telefax", CONTACT_FAX},
    {"faks", CONTACT_FAX},
    {"facsimile", CONTACT_FAX},
    {"telecopie", CONTACT_FAX},
    {"fx", CONTACT_FAX},
    {"tfx", CONTACT_FAX},
    {"t", CONTACT_WORK},
    {"tel", CONTACT_WORK},
    {"telefon", CONTACT_WORK},
    {"phone", CONTACT_WORK},
    {"telephone", CONTACT_WORK},
    {"p", CONTACT_WORK},
    {"ph", CONTACT_WORK},
    {"fon", CONTACT_WORK},
    {"telefono", CONTACT_WORK},
    {"fone", CONTACT_WORK},
    {"o", CONTACT_WORK},
    {"office", CONTACT_WORK},
    {"direct", CONTACT_WORK},
    {"direkt", CONTACT_WORK},
    {"d", CONTACT_WORK},
    {"dw", CONTACT_WORK},
    {"durchwahl", CONTACT_WORK},
    {"zentrale", CONTACT_WORK},
    {"w", CONTACT_WORK},
    {"work", CONTACT_WORK},
    {"b", CONTACT_WORK},
    {"buro", CONTACT_WORK},
    {"main", CONTACT_WORK},
    {"did", CONTACT_WORK},
    {"tlf", CONTACT_WORK},
    {"telefoon", CONTACT_WORK},
    {"hotline", CONTACT_WORK},
    {"line", CONTACT_WORK},
    {"g", CONTACT_WORK},
    {"dir", CONTACT_WORK},
    {"toll", CONTACT_WORK},
    {"tl", CONTACT_WORK},
    {"h", CONTACT_HOME},
    {"home", CONTACT_HOME},
    {"privat", CONTACT_HOME},
    {"private", CONTACT_HOME},
    {"priv", CONTACT_HOME},
    {"box", OCR_NOT_A_PHONE},
    {"postfach", OCR_NOT_A_PHONE},
    {"hrb", OCR_NOT_A_PHONE},
    {"hra", OCR_NOT_A_PHONE},
    {"ust", OCR_NOT_A_PHONE},
    {"id", OCR_NOT_A_PHONE},
    {"uid", OCR_NOT_A_PHONE},
    {"iban", OCR_NOT_A_PHONE},
    {"bic", OCR_NOT_A_PHONE},
    {"konto", OCR_NOT_A_PHONE},
    {"blz", OCR_NOT_A_PHONE},
    {"steuernummer", OCR_NOT_A_PHONE},
    {"vat", OCR_NOT_A_PHONE},
    {"siret", OCR_NOT_A_PHONE},
    {"fn", OCR_NOT_A_PHONE},
    {"iva", OCR_NOT_A_PHONE},
    {"reg", OCR_NOT_A_PHONE},
    {"gstin", OCR_NOT_A_PHONE},
    {"abn", OCR_NOT_A_PHONE},
    {"license", OCR_NOT_A_PHONE},
    {"lic", OCR_NOT_A_PHONE},
    {"nmls", OCR_NOT_A_PHONE},
    {"rcs", OCR_NOT_A_PHONE},
    {"nr", OCR_NOT_A_PHONE},
};

static int label_of(struct str fold)
{
    for (size_t i = 0; i < ARRAY_LEN(labels); i++)
        if (str_eq(fold, str_c(labels[i].fold)))
            return labels[i].kind;
    return -1;
}

static bool letter_before(struct str s, size_t at)
{
    return at > 0 && (isalpha((unsigned char)s.p[at - 1]) || (s.p[at - 1] & 0x80));
}

/* Where the n-th word before byte `at` begins. */
static size_t word_start(struct str s, size_t at, int n)
{
    for (int back = 0; at > 0 && back < n; back++) {
        while (at > 0 && !letter_before(s, at))
            at--;
        while (letter_before(s, at))
            at--;
    }
    return at;
}

/* The "G" of "(N.G.)" is no label. */
static bool in_initials(struct str s, size_t at)
{
    return at > 1 && s.p[at - 1] == '.' && letter_before(s, at - 1);
}

int ocr_phone_label(struct str s, size_t at, struct arena *arena, size_t *ret_from)
{
    struct str folded = contact_text_fold(str_slice(s, at > 24 ? at - 24 : 0, at), arena);
    *ret_from = at;
    for (int words = 0; words < 3 && folded.n; words++) {
        const char *blank = memrchr(folded.p, ' ', folded.n);
        struct str word = blank ? str_slice(folded, (size_t)(blank - folded.p) + 1, folded.n) : folded;
        bool letter = word.n == 1 && (words > 0 || in_initials(s, word_start(s, at, 1)));
        int kind = letter ? -1 : label_of(word); /* a letter counts only right before the number */
        if (kind >= 0) {
            *ret_from = word_start(s, at, words + 1);
            return kind;
        }
        folded.n = blank ? (size_t)(blank - folded.p) : 0;
    }
    return -1;
}

/* Country named in a line, or coded in its label ("TEL (VN mobile)"); "" when there is none. */
static const char *country_said(const struct ocr_look *look, size_t line, size_t words)
{
    const struct ocr_look_line *l = &look->lines[line];
    for (size_t i = words; i > 0; i--) {
        struct str text = l->words[i - 1].word->text;
        bool open = text.n && text.p[0] == '(';
        struct str bare = str_slice(text, open, text.n - (text.n && strchr("),.:", text.p[text.n - 1])));
        if (open && bare.n == 2 && contact_country_known(bare))
            return str_z(look->arena, bare);
        const char *country = bare.n >= 4 ? contact_country_find(bare, look->arena) : "";
        if (country[0])
            return country;
    }
    return "";
}

/* What country each line says, once for the card. */
static void note_countries(struct ocr_look *look)
{
    const char *seen = "";
    look->line_country = arena_array(look->arena, look->n, sizeof *look->line_country);
    for (size_t i = 0; i < look->n; i++) {
        look->line_country[i] = country_said(look, i, look->lines[i].n);
        look->countries += look->line_country[i][0] && strcmp(look->line_country[i], seen) != 0;
        seen = look->line_country[i][0] ? look->line_country[i] : seen;
    }
}

const char *ocr_phone_home(struct ocr_look *look, const struct ocr_piece *piece, size_t label_from)
{
    struct ocr_span before = ocr_piece_span(look, piece, 0, label_from ? label_from : 1);
    const char *own = country_said(look, piece->span.line, before.to);
    if (own[0])
        return own;
    if (!look->line_country)
        note_countries(look);
    for (size_t i = piece->span.line; look->countries > 1 && i > 0; i--)
        if (look->line_country[i - 1][0] && look->lines[i - 1].line->block == look->lines[piece->span.line].line->block)
            return look->line_country[i - 1];
    return look->region;
}
