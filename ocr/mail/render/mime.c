/* Walks the parts of a mail with GMime; see mime.h. */
#include "ocr/mail/render/mime.h"

#include "ocr/mail/lines.h"
#include "ocr/mail/render/charset.h"

#include <gmime/gmime.h>

struct walk {
    struct arena *arena;
    struct strbuf plain, html;
    bool report, calendar;
};

static void unref(void *object)
{
    GObject **o = object;
    if (*o)
        g_object_unref(*o);
}
#define _unref_ __attribute__((cleanup(unref)))

void ocr_mail_mime_warm(void)
{
    static const char mail[] = "From: =?iso-8859-1?q?A?= <a@muster.example>\n\nx";
    static bool warm;
    if (warm)
        return;
    warm = true;
    g_mime_init();
    _cleanup_(arena_freep) struct arena *arena = arena_new(64 * 1024);
    (void)ocr_mail_mime_read((struct str){mail, sizeof mail - 1}, arena);
}

/* The decoded bytes of a part as UTF-8. */
static struct str text_of(GMimePart *part, struct arena *arena)
{
    GMimeDataWrapper *content = g_mime_part_get_content(part);
    if (!content)
        return STR("");
    _unref_ GMimeStream *stream = g_mime_stream_mem_new();
    (void)g_mime_data_wrapper_write_to_stream(content, stream);
    const GByteArray *bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));
    struct str data = {(const char *)bytes->data, bytes->len < OCR_MAIL_TEXT ? bytes->len : OCR_MAIL_TEXT};
    struct str name = str_c(g_mime_object_get_content_type_parameter(GMIME_OBJECT(part), "charset"));
    return ocr_mail_charset_utf8(data.n ? str_dup(arena, data) : STR(""), name, arena);
}

static void add(struct strbuf *buf, struct str text)
{
    if (buf->n + text.n > OCR_MAIL_TEXT)
        return;
    if (buf->n > 0)
        strbuf_add_char(buf, '\n');
    strbuf_add(buf, text);
}

static void walk_part(struct walk *walk, GMimePart *part)
{
    GMimeContentType *type = g_mime_object_get_content_type(GMIME_OBJECT(part));
    const char *disposition = g_mime_object_get_disposition(GMIME_OBJECT(part));
    if (disposition && g_ascii_strcasecmp(disposition, "attachment") == 0)
        return;
    if (g_mime_content_type_is_type(type, "text", "plain") && !g_mime_part_get_filename(part))
        add(&walk->plain, text_of(part, walk->arena));
    else if (g_mime_content_type_is_type(type, "text", "html"))
        add(&walk->html, text_of(part, walk->arena));
    else if (g_mime_content_type_is_type(type, "text", "calendar"))
        walk->calendar = true;
}

static void walk_object(struct walk *walk, GMimeObject *object, int depth)
{
    if (depth > OCR_MAIL_DEPTH || !object)
        return;
    if (GMIME_IS_PART(object)) {
        walk_part(walk, GMIME_PART(object));
    } else if (GMIME_IS_MULTIPART(object)) {
        GMimeMultipart *parts = GMIME_MULTIPART(object);
        walk->report |= g_mime_content_type_is_type(g_mime_object_get_content_type(object), "multipart", "report");
        for (int i = 0; i < g_mime_multipart_get_count(parts); i++)
            walk_object(walk, g_mime_multipart_get_part(parts, i), depth + 1);
    }
}

/* One line of valid UTF-8 without control characters; absent when empty. */
static struct str header_text(const char *value, struct arena *arena)
{
    struct str text = str_c(value);
    struct strbuf buf = {.arena = arena};
    for (size_t at = 0; at < text.n && at < 1024;) {
        uint32_t c = utf8_next(text, &at);
        utf8_put(&buf, c < ' ' || c == 0x7F ? ' ' : c);
    }
    struct str line = buf.n ? str_trim(strbuf_str(&buf)) : STR_NONE;
    return line.n ? line : STR_NONE;
}

static void read_head(GMimeMessage *message, struct arena *arena, struct ocr_mail_parts *parts)
{
    InternetAddressList *list = g_mime_message_get_from(message);
    InternetAddress *first = list ? internet_address_list_get_address(list, 0) : NULL;
    if (first)
        parts->from_name = header_text(internet_address_get_name(first), arena);
    if (first && INTERNET_ADDRESS_IS_MAILBOX(first))
        parts->from_email = header_text(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)), arena);
    parts->subject = header_text(g_mime_message_get_subject(message), arena);
}

struct ocr_mail_parts ocr_mail_mime_read(struct str trimmed, struct arena *arena)
{
    struct ocr_mail_parts parts = {.plain = STR(""), .html = STR("")};
    struct walk walk = {.arena = arena, .plain = {.arena = arena}, .html = {.arena = arena}};
    ocr_mail_mime_warm();
    _unref_ GMimeStream *stream = g_mime_stream_mem_new_with_buffer(trimmed.p, trimmed.n);
    _unref_ GMimeParser *parser = g_mime_parser_new_with_stream(stream);
    _unref_ GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);
    if (!message)
        return parts;
    read_head(message, arena, &parts);
    walk_object(&walk, g_mime_message_get_mime_part(message), 0);
    parts.plain = strbuf_str(&walk.plain);
    parts.html = strbuf_str(&walk.html);
    parts.report = walk.report;
    parts.calendar = walk.calendar;
    return parts;
}
