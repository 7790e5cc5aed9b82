/* The answer of reading a mail, for those who only receive it; see mail.h. */
#include "base/limits.h"
#include "ocr/mail/mail.h"

const char *const ocr_mail_verdict_words[] = {"person", "none", "newsletter", "automatic", NULL};

#define ROW(shape_, member, kind_, ...)                                                                                \
    {                                                                                                                  \
        .name = #member, .kind = kind_, .offset = offsetof(struct shape_, member), __VA_ARGS__                         \
    }

static const struct json_field sender_rows[] = {
    ROW(ocr_mail_sender, name, JSON_STR),
    ROW(ocr_mail_sender, email, JSON_STR),
};
const struct json_shape ocr_mail_sender_shape = {"MailSender", sizeof(struct ocr_mail_sender), sender_rows,
                                                 ARRAY_LEN(sender_rows), false};

static const struct json_field mail_rows[] = {
    ROW(ocr_mail, ranges, JSON_ANY, .max = LIMIT_JSON_BYTES),
    ROW(ocr_mail, contact, JSON_REF, .shape = &contact_shape),
    ROW(ocr_mail, verdict, JSON_WORD, .words = ocr_mail_verdict_words),
    ROW(ocr_mail, sender, JSON_REF, .shape = &ocr_mail_sender_shape),
    ROW(ocr_mail, fields, JSON_LIST, .shape = &contact_claim_shape),
    ROW(ocr_mail, problem, JSON_STR, .flags = JSON_OMIT),
    ROW(ocr_mail, param, JSON_STR, .flags = JSON_OMIT),
};
const struct json_shape ocr_mail_shape = {"ReadMail", sizeof(struct ocr_mail), mail_rows, ARRAY_LEN(mail_rows), false};

struct ocr_mail ocr_mail_of(const struct err *err, struct arena *arena)
{
    return (struct ocr_mail){
        .verdict = OCR_MAIL_NONE,
        .ranges = STR("[]"),
        .problem = str_c(err_slug(err->code)),
        .param = str_dup(arena, str_c(err->param)),
    };
}
