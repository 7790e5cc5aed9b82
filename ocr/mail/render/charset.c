/* Character sets of mail (IANA names) by iconv(3); see charset.h. */
#include "ocr/mail/render/charset.h"

#include <errno.h>
#include <iconv.h>

/* What mails are written in. ISO 8859-1 and -9 are read as the Windows sets that contain them, as browsers do. */
static const struct charset {
    const char *name, *iconv;
} charsets[] = {
    {"iso-8859-1", "WINDOWS-1252"},
    {"latin1", "WINDOWS-1252"},
    {"windows-1252", "WINDOWS-1252"},
    {"cp1252", "WINDOWS-1252"},
    {"iso-8859-2", "ISO-8859-2"},
    {"iso-8859-3", "ISO-8859-3"},
    {"iso-8859-4", "ISO-8859-4"},
    {"iso-8859-5", "ISO-8859-5"},
    {"iso-8859-7", "ISO-8859-7"},
    {"iso-8859-9", "WINDOWS-1254"},
    {"iso-8859-10", "ISO-8859-10"},
    {"iso-8859-13", "ISO-8859-13"},
    {"iso-8859-14", "ISO-8859-14"},
    {"iso-8859-15", "ISO-8859-15"},
    {"iso-8859-16", "ISO-8859-16"},
    {"windows-1250", "WINDOWS-1250"},
    {"cp1250", "WINDOWS-1250"},
    {"windows-1251", "WINDOWS-1251"},
    {"windows-1253", "WINDOWS-1253"},
    {"windows-1254", "WINDOWS-1254"},
    {"windows-1257", "WINDOWS-1257"},
    {"koi8-r", "KOI8-R"},
    {"koi8-u", "KOI8-U"},
    {"macintosh", "MACINTOSH"},
    {"iso-2022-jp", "ISO-2022-JP"},
    {"shift_jis", "SHIFT_JIS"},
    {"euc-jp", "EUC-JP"},
    {"euc-kr", "EUC-KR"},
    {"gb2312", "GB18030"},
    {"gbk", "GB18030"},
    {"gb18030", "GB18030"},
    {"big5", "BIG5"},
};

void ocr_mail_charset_warm(void)
{
    for (size_t i = 0; i < ARRAY_LEN(charsets); i++) {
        static iconv_t kept[ARRAY_LEN(charsets)]; /* an open conversion keeps its files loaded */
        if (!kept[i])
            kept[i] = iconv_open("UTF-8", charsets[i].iconv);
    }
}

/* False when the bytes are not in the set. */
static bool convert(struct str bytes, const char *set, struct arena *arena, bool anyway, struct str *ret_text)
{
    iconv_t cd = iconv_open("UTF-8", set);
    if (cd == (iconv_t)-1)
        return false;
    size_t room = bytes.n * 4 + 16, left = bytes.n, out_left = room;
    char *out = arena_alloc(arena, room), *to = out, *from = (char *)bytes.p;
    bool whole = true;
    while (left > 0 && iconv(cd, &from, &left, &to, &out_left) == (size_t)-1) {
        whole = false;
        if (!anyway || out_left < 8)
            break;
        from++; /* left out */
        left--;
    }
    (void)iconv_close(cd);
    *ret_text = (struct str){out, (size_t)(to - out)};
    return whole || anyway;
}

static struct str without_nul(struct str text, struct arena *arena)
{
    if (!text.n || !memchr(text.p, '\0', text.n))
        return text;
    char *out = arena_alloc(arena, text.n);
    size_t n = 0;
    for (size_t i = 0; i < text.n; i++)
        if (text.p[i])
            out[n++] = text.p[i];
    return (struct str){out, n};
}

struct str ocr_mail_charset_utf8(struct str bytes, struct str name, struct arena *arena)
{
    struct str text = STR("");
    bytes = without_nul(bytes, arena);
    if (bytes.n == 0)
        return text;
    for (size_t i = 0; name.p && i < ARRAY_LEN(charsets); i++)
        if (str_eq_nocase(name, str_c(charsets[i].name)) && convert(bytes, charsets[i].iconv, arena, false, &text))
            return utf8_valid(text) ? text : STR("");
    if (utf8_valid(bytes))
        return bytes;
    /* A text cut at the ceiling may end within a character. */
    for (size_t cut = 1; cut < 4 && cut < bytes.n; cut++)
        if (utf8_valid(str_slice(bytes, 0, bytes.n - cut)))
            return str_slice(bytes, 0, bytes.n - cut);
    return convert(bytes, "WINDOWS-1252", arena, true, &text) && utf8_valid(text) ? text : STR("");
}
