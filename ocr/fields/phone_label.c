/* The words that stand before telephone numbers, and before numbers that are none. */
#include "ocr/fields/phone_label.h"

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

int ocr_phone_label(struct str s, size_t at, struct arena *arena, size_t *ret_from)
{
    struct str folded = contact_text_fold(str_slice(s, at > 24 ? at - 24 : 0, at), arena);
    *ret_from = at;
    for (int words = 0; words < 3 && folded.n; words++) {
        const char *blank = memrchr(folded.p, ' ', folded.n);
        struct str word = blank ? str_slice(folded, (size_t)(blank - folded.p) + 1, folded.n) : folded;
        int kind = words > 0 && word.n == 1 ? -1 : label_of(word); /* a letter counts only right before the number */
        if (kind >= 0) {
            *ret_from = word_start(s, at, words + 1);
            return kind;
        }
        folded.n = blank ? (size_t)(blank - folded.p) : 0;
    }
    return -1;
}
