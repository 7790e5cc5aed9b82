/* The walk from a mail to the contact in its signature; see mail.h. */
#include "ocr/mail/mail.h"

#include "base/limits.h"
#include "contact/phone.h"
#include "contact/text.h"
#include "ocr/fields/fields.h"
#include "ocr/mail/block.h"
#include "ocr/mail/complete.h"
#include "ocr/mail/page.h"
#include "ocr/mail/quote.h"
#include "ocr/mail/render/charset.h"
#include "ocr/mail/render/html.h"
#include "ocr/mail/render/mime.h"
#include "ocr/mail/verdict.h"

void ocr_mail_warm(void)
{
    static const char text[] =
        "Hallo,\n\nbis morgen.\n\n-- \nDr. Anna Muster\nMuster GmbH\nIndustriestr. 5\n97076 Würzburg\n"
        "Tel. +49 931 123456\nanna@muster.example\nwww.muster.example\n";
    static bool warm;
    struct ocr_mail mail;
    struct err err;
    if (warm)
        return;
    warm = true;
    ocr_mail_charset_warm();
    ocr_mail_mime_warm();
    _cleanup_(arena_freep) struct arena *arena = arena_new(LIMIT_ARENA_REQUEST);
    (void)ocr_mail_read_text((struct str){text, sizeof text - 1}, "DE", arena, &mail, &err);
}

static struct str ranges_json(const struct ocr_mail_ranges *ranges, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    strbuf_add_char(&buf, '[');
    for (size_t i = 0; i < ranges->n; i++)
        strbuf_printf(&buf, "%s[%zu,%zu]", i ? "," : "", ranges->items[i].first + 1, ranges->items[i].last + 1);
    strbuf_add_char(&buf, ']');
    return strbuf_str(&buf);
}

static bool empty(const struct contact *c)
{
    return !c->given_name.p && !c->family_name.p && !c->organization.p && !c->job_title.p && !c->department.p &&
           c->emails.n + c->phones.n + c->urls.n + c->addresses.n == 0;
}

static int read_lines(struct ocr_mail_lines lines, const struct ocr_mail_evidence *evidence, const char *region,
                      struct arena *arena, struct ocr_mail *ret_mail, struct err *err)
{
    struct ocr_mail mail = {.verdict = OCR_MAIL_NONE};
    struct ocr_card card = {0};
    struct str sender = STR("");
    if (evidence->sender)
        sender = contact_text_fold(
            str_printf(arena, "%.*s %.*s", STR_ARG(evidence->sender->name), STR_ARG(evidence->sender->email)), arena);
    ocr_mail_quote_mark(&lines, arena);
    ocr_mail_footer_mark(&lines, arena);
    struct ocr_mail_ranges ranges = ocr_mail_block_find(ocr_mail_points_of(&lines, sender, arena), arena);
    mail.ranges = ranges_json(&ranges, arena);
    enum ocr_mail_verdict kind = ocr_mail_verdict_kind(evidence, &lines, arena);
    if (kind != OCR_MAIL_PERSON) {
        mail.verdict = kind;
    } else if (ranges.n > 0) {
        struct ocr_page page = ocr_mail_page_of(&lines, &ranges, false, evidence->sender, arena);
        if (ocr_fields_read(&page, region, arena, &card, err) < 0)
            return -1;
        ocr_mail_complete(&lines, &ranges, region, evidence->sender, arena, &card);
        mail.contact = empty(card.contact) ? NULL : card.contact;
        mail.fields = mail.contact ? card.fields : mail.fields;
        if (mail.contact && ocr_mail_verdict_agrees(mail.contact, evidence->sender, arena))
            mail.verdict = OCR_MAIL_PERSON;
    }
    *ret_mail = mail;
    return 0;
}

int ocr_mail_read_text(struct str text, const char *region, struct arena *arena, struct ocr_mail *ret_mail,
                       struct err *err)
{
    const struct ocr_mail_evidence evidence = {0};
    if (text.n > LIMIT_MAIL_BYTES)
        return err_set(err, ERR_TOO_LARGE, "%d MB", LIMIT_MAIL_BYTES / (1024 * 1024));
    struct str utf8 = ocr_mail_charset_utf8(ocr_mail_line_cut(text, OCR_MAIL_TEXT), STR_NONE, arena);
    return read_lines(ocr_mail_lines_of(utf8, arena), &evidence, region, arena, ret_mail, err);
}

static bool looks_like_html(struct str text)
{
    struct str start = ocr_mail_line_cut(text, 4000);
    static const char *const tags[] = {"<html", "<div", "<p>", "<p ", "<br", "<HTML", "<DIV", "<P>", "<BR"};
    for (size_t i = 0; i < ARRAY_LEN(tags); i++)
        if (str_find(start, str_c(tags[i]), 0) >= 0)
            return true;
    return false;
}

/* The body alone, as a file. */
static struct ocr_mail_lines bare_lines(struct str bytes, struct arena *arena)
{
    struct str text = ocr_mail_charset_utf8(str_slice(bytes, 0, OCR_MAIL_TEXT), STR_NONE, arena);
    return ocr_mail_lines_of(looks_like_html(text) ? ocr_mail_html_text(text, arena) : text, arena);
}

/* The text part when there is one with words in it, else the HTML. */
static struct ocr_mail_lines shown_lines(const struct ocr_mail_parts *parts, struct arena *arena)
{
    struct ocr_mail_lines plain = ocr_mail_lines_of(parts->plain, arena);
    return plain.n ? plain : ocr_mail_lines_of(ocr_mail_html_text(parts->html, arena), arena);
}

int ocr_mail_read(struct str bytes, const char *region, struct arena *arena, struct ocr_mail *ret_mail, struct err *err)
{
    struct ocr_mail_head head;
    struct ocr_mail_evidence evidence = {0};
    if (bytes.n > LIMIT_MAIL_BYTES)
        return err_set(err, ERR_TOO_LARGE, "%d MB", LIMIT_MAIL_BYTES / (1024 * 1024));
    struct str trimmed = ocr_mail_trim(bytes, arena, &head);
    if (!head.from)
        return read_lines(bare_lines(bytes, arena), &evidence, region, arena, ret_mail, err);
    struct ocr_mail_parts parts = ocr_mail_mime_read(trimmed, arena);
    struct ocr_mail_sender *sender = arena_one(arena, struct ocr_mail_sender);
    *sender = (struct ocr_mail_sender){parts.from_name, parts.from_email};
    evidence = (struct ocr_mail_evidence){&head, sender, parts.subject, parts.report, parts.calendar};
    if (read_lines(shown_lines(&parts, arena), &evidence, region, arena, ret_mail, err) < 0)
        return -1;
    ret_mail->sender = sender->name.p || sender->email.p ? sender : NULL;
    return 0;
}
