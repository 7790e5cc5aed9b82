/* Telephone numbers on cards: labels, "(0)", extensions, ranges, misread digits; libphonenumber has the last word. */
#include "contact/phone.h"
#include "contact/text.h"
#include "ocr/fields/phone_label.h"

#include <ctype.h>

enum {
    DIGITS_MIN = 6,
    DIGITS_MAX = 17,
    DIGITS_RUN = 60 /* more in a row are no numbers */,
    PLAN_MAX = 24 /* of any plan, with prefixes */
};

static bool digit_at(struct str s, size_t i)
{
    return i < s.n && s.p[i] >= '0' && s.p[i] <= '9';
}

/* Letters that readers put for digits count only inside a number: behind a digit or what divides digits, and before a
 * digit, another such letter, or the number's end. */
static char digit_like(struct str s, size_t i)
{
    bool zero = s.p[i] == 'O' || s.p[i] == 'o', one = s.p[i] == 'l' || s.p[i] == 'I' || s.p[i] == '|';
    bool left = i > 0 && (digit_at(s, i - 1) || strchr("()-/.Oo", s.p[i - 1]) ||
                          (s.p[i - 1] == ' ' && i > 1 && digit_at(s, i - 2)));
    bool right =
        digit_at(s, i + 1) || (zero && (i + 1 == s.n || strchr("Oo )", s.p[i + 1])) && i > 0 && s.p[i - 1] != ' ');
    if (!left || !right)
        return 0;
    return zero ? '0' : one ? '1' : 0;
}

static bool number_starts(struct str s, size_t i)
{
    bool label = i > 0 && strchr("tmhpcdfTMHPCDF", s.p[i - 1]) && (i == 1 || strchr(" :|", s.p[i - 2]));
    bool word_before = i > 0 && !label && (isalnum((unsigned char)s.p[i - 1]) || (s.p[i - 1] & 0x80));
    bool zero =
        s.p[i] == 'O' && i + 3 < s.n &&
        (digit_at(s, i + 1) ? digit_at(s, i + 2) : s.p[i + 1] == ' ' && s.p[i + 2] == '(' && digit_at(s, i + 3));
    if (digit_at(s, i) || zero)
        return !word_before;
    if (s.p[i] == '+')
        return digit_at(s, i + 1) || (i + 2 < s.n && strchr(" (", s.p[i + 1]) && (digit_at(s, i + 2)));
    return s.p[i] == '(' && (digit_at(s, i + 1) || (i + 2 < s.n && s.p[i + 1] == '+' && digit_at(s, i + 2)));
}

/* "–" and the no-break hyphen are three bytes of UTF-8. */
static size_t dash_length(struct str s, size_t i)
{
    static const char *const dashes[] = {"–", "‐", "‑", "−", "—", "·", "•"};
    for (size_t k = 0; k < ARRAY_LEN(dashes); k++)
        if (str_starts(str_slice(s, i, s.n), str_c(dashes[k])))
            return strlen(dashes[k]);
    return 0;
}

/* Runs over the digits and what may stand between them; cleaned text into *buf. Returns the end behind the last digit.
 */
static size_t gather(struct str s, size_t from, struct strbuf *buf)
{
    size_t end = from, kept = 0;
    for (size_t i = from; i < s.n;) {
        size_t dash = dash_length(s, i);
        char like = i == from && s.p[i] == 'O' ? '0' : digit_like(s, i);
        if (digit_at(s, i) || like) {
            strbuf_add_char(buf, like ? like : s.p[i]);
            end = ++i;
            kept = buf->n;
        } else if (dash) {
            strbuf_add_char(buf, '-');
            i += dash;
        } else if (s.p[i] == '+' ? i == from || (s.p[from] == '(' && i == from + 1)
                                 : strchr(" ()-/.[]{}'", s.p[i]) != NULL) {
            strbuf_add_char(buf, strchr("[{", s.p[i])   ? '('
                                 : strchr("]}", s.p[i]) ? ')'
                                 : s.p[i] == '\''       ? ' '
                                                        : s.p[i]);
            i++;
        } else {
            break;
        }
    }
    buf->n = kept;
    return end;
}

static size_t count_digits(struct str s)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        n += digit_at(s, i);
    return n;
}

/* "(0)" between country and area code is for callers at home only. */
static struct str without_zero(struct str s, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < s.n; i++) {
        bool optional = i + 2 < s.n && s.p[i] == '(' && s.p[i + 1] == '0' && s.p[i + 2] == ')' && i > 1;
        if (optional)
            i += 2;
        else
            strbuf_add_char(&buf, s.p[i]);
    }
    return strbuf_str(&buf);
}

/* "Ext. 111", "x111", "ext 111" behind the number. */
static size_t extension(struct str s, size_t at, struct str *ret_extension)
{
    static const char *const words[] = {
        "extension", "extn.", "extn", "ext.:", "ext:", "ext.", "ext", "x", "durchwahl", "dw"};
    size_t i = at;
    while (i < s.n && strchr(" ,;(-", s.p[i]))
        i++;
    for (size_t k = 0; k < ARRAY_LEN(words); k++) {
        size_t n = strlen(words[k]);
        if (!str_eq_nocase(str_slice(s, i, i + n), str_c(words[k])))
            continue;
        size_t from = i + n;
        while (from < s.n && strchr(" .:-", s.p[from]))
            from++;
        size_t to = from;
        while (digit_at(s, to))
            to++;
        if (to == from || to - from > 6)
            continue;
        *ret_extension = str_slice(s, from, to);
        return to;
    }
    return at;
}

/* Plus and digits alone: the shorter, the sooner it is parsed. */
static struct str bare(struct str s, struct arena *arena)
{
    char *out = arena_alloc(arena, s.n + 1);
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++)
        if (digit_at(s, i) || s.p[i] == '+')
            out[n++] = s.p[i];
    return (struct str){out, n};
}

static bool parse_in(const struct ocr_look *look, struct str digits, const char *region,
                     struct contact_phone *ret_phone)
{
    struct str plain = bare(digits, look->arena);
    return plain.n <= PLAN_MAX && contact_phone_parse(plain, region, look->arena, ret_phone) && ret_phone->valid;
}

/* Numbers at home always begin with 0. */
static bool dials_zero(const char *region)
{
    static const char homes[] = " DE AT CH GB FR NL BE SE FI IE ";
    char padded[8];
    (void)snprintf(padded, sizeof padded, " %.2s ", region);
    return region[0] && strstr(homes, padded);
}

/* One that does not there, but with another country's code, has lost its plus. */
static bool lost_plus(const struct ocr_look *look, struct str digits, const char *region,
                      struct contact_phone *ret_phone)
{
    bool bare = !str_empty(digits) && digits.p[0] != '0' && digits.p[0] != '(';
    return bare && dials_zero(region) && count_digits(digits) >= 10 &&
           parse_in(look, str_printf(look->arena, "+%.*s", STR_ARG(digits)), "", ret_phone);
}

/* "123-456-7890", "(123) 456-7890": nothing else is written so; "123 456 7890" only where numbers at home begin with 0.
 */
static bool american(struct str digits, const char *region)
{
    static const char *const forms[] = {"999-999-9999", "(999) 999-9999", "999.999.9999", "999 999 9999"};
    size_t n = ARRAY_LEN(forms) - !dials_zero(region);
    for (size_t f = 0; f < n; f++) {
        size_t i = 0, k = 0;
        for (; i < digits.n && forms[f][k]; i++) {
            bool gap = digits.p[i] == ' ' && k && forms[f][k - 1] == '9' && forms[f][k] == '9'; /* "867-01 35" */
            if (!gap && !(forms[f][k] == '9' ? digit_at(digits, i) : forms[f][k] == digits.p[i]))
                break;
            k += !gap;
        }
        if (i == digits.n && !forms[f][k] && digits.p[digits.p[0] == '('] != '0')
            return true;
    }
    return false;
}

/* A number without "+": at home in the card's region, or with a forgotten plus, or with 00 in front. */
static bool parse_national(const struct ocr_look *look, struct str digits, const char *region,
                           struct contact_phone *ret_phone)
{
    if (str_starts(digits, STR("00")) &&
        parse_in(look, str_printf(look->arena, "+%.*s", STR_ARG(str_slice(digits, 2, digits.n))), "", ret_phone))
        return true;
    if (american(digits, region) && parse_in(look, digits, "US", ret_phone))
        return true;
    if (lost_plus(look, digits, region, ret_phone) || (region[0] && parse_in(look, digits, region, ret_phone)))
        return true;
    bool bare = str_empty(digits) || digits.p[0] != '0';
    return bare && count_digits(digits) >= 11 &&
           parse_in(look, str_printf(look->arena, "+%.*s", STR_ARG(digits)), "", ret_phone);
}

/* How a number may be read: at home where, and with what doubt. */
struct reading {
    const char *region; /* of national numbers */
    bool labelled;      /* possible by its length is enough where a label or a plus says what it is */
};

static bool parse_number(const struct ocr_look *look, struct str text, struct reading how,
                         struct contact_phone *ret_phone)
{
    struct str digits = without_zero(text, look->arena);
    bool plus = str_find(digits, STR("+"), 0) >= 0;
    if (plus && parse_in(look, digits, "", ret_phone))
        return true;
    if (!plus && parse_national(look, digits, how.region, ret_phone))
        return true;
    return how.labelled &&
           contact_phone_parse(bare(digits, look->arena), plus ? "" : how.region, look->arena, ret_phone);
}

/* Last place in `s` where one of the separators stands, or 0. */
static size_t last_break(struct str s)
{
    for (size_t i = s.n; i > 0; i--)
        if (strchr("-/ (.", s.p[i - 1]))
            return i - 1;
    return 0;
}

/* Takes groups off the end until a valid number is left ("… 40-41-42", two numbers in a row). */
static bool shorten(const struct ocr_look *look, struct str text, const char *region, struct contact_phone *ret_phone,
                    struct str *ret_tail)
{
    struct str head = text;
    for (int cuts = 0; cuts < 6; cuts++) {
        size_t cut = last_break(head);
        if (cut == 0 || count_digits(str_slice(head, 0, cut)) < DIGITS_MIN + 1)
            return false;
        head = str_slice(head, 0, cut);
        struct str digits = without_zero(head, look->arena);
        bool plus = str_find(digits, STR("+"), 0) >= 0;
        if (plus ? parse_in(look, digits, "", ret_phone) : parse_national(look, digits, region, ret_phone)) {
            *ret_tail = str_slice(text, cut, text.n);
            return true;
        }
    }
    return false;
}

static int kind_of(int label, const struct contact_phone *phone)
{
    if (label == CONTACT_FAX || label == CONTACT_HOME)
        return label;
    if (phone->type == CONTACT_PHONE_MOBILE)
        return CONTACT_MOBILE;
    if (label == CONTACT_MOBILE && phone->type == CONTACT_PHONE_FIXED)
        return CONTACT_WORK;
    return label >= 0 ? label : CONTACT_WORK;
}

/* Label in a column of its own: the nearest line to the left at the same height, without digits. */
static int label_beside(const struct ocr_look *look, size_t at)
{
    struct ocr_box box = look->lines[at].line->box;
    double nearest = 0;
    int kind = -1;
    for (size_t i = 0; i < look->n; i++) {
        struct ocr_box b = look->lines[i].line->box;
        bool level = b.y + b.h / 2 > box.y && b.y + b.h / 2 < box.y + box.h;
        if (i == at || !level || b.x + b.w > box.x + 2 || look->lines[i].n > 2)
            continue;
        struct str text = look->lines[i].line->text;
        size_t from = 0;
        if (b.x + b.w > nearest && count_digits(text) == 0) {
            nearest = b.x + b.w;
            kind = ocr_phone_label(text, text.n, look->arena, &from);
        }
    }
    return kind;
}

/* A number as it stands on the card. */
struct printed {
    struct ocr_span span; /* with its label, so that the label is taken too */
    struct str text;      /* without it */
    int label;            /* enum contact_kind or -1 */
};

/* Where numbers at home begin with 0, one that does not was completed by a guess of the country. */
static bool completed(const struct printed *printed, const struct contact_phone *phone)
{
    struct str text = printed->text;
    size_t at = !str_empty(text) && text.p[0] == '(';
    bool national = text.n > at && text.p[at] != '+' && text.p[at] != '0';
    struct str country = str_slice(phone->e164, 1, 3);
    return national && dials_zero(phone->region) && !str_starts(str_slice(text, at, text.n), country);
}

static double belief_in(const struct ocr_look *look, const struct printed *printed, const struct contact_phone *phone)
{
    static const double SAID = 0.5; /* less for the card's country than one weak sign: it is the caller's guess */

    bool plus = str_find(printed->text, STR("+"), 0) >= 0;
    if (!phone->valid)
        return plus ? 0.45 : 0.05;
    if (completed(printed, phone))
        return 0.3;
    if (!plus && look->region_votes < SAID && strcmp(phone->region, look->region) == 0)
        return 0.5;
    return printed->label >= 0 || phone->type != CONTACT_PHONE_UNKNOWN ? 0.97 : 0.85;
}

static void add(struct ocr_look *look, const struct printed *printed, const struct contact_phone *phone)
{
    int label = printed->label;
    double belief = belief_in(look, printed, phone);
    struct ocr_find find = ocr_find_new(look, printed->span, phone->e164, belief);
    find.kind = kind_of(label, phone);
    find.raw = printed->text;
    if (ocr_find_add(&look->phones, &find))
        ocr_look_take(look, printed->span);
}

/* "…40-41-42" names three lines: the last digits replaced. A tail that is a number of its own is read by itself. */
static void add_tail(struct ocr_look *look, const struct printed *printed, const struct contact_phone *phone,
                     struct str tail)
{
    struct str rest = str_trim(tail), group;
    if (str_empty(rest) || !strchr("-/", rest.p[0]))
        return; /* a digit that was no digit */
    while (str_split(&rest, '-', &group)) {
        struct contact_phone more;
        group = str_trim(group);
        int64_t value = 0;
        if (group.n < 1 || group.n > 3 || !str_to_int(group, 0, 999, &value))
            continue;
        struct str number =
            str_printf(look->arena, "%.*s%.*s", (int)(phone->e164.n - group.n), phone->e164.p, STR_ARG(group));
        if (parse_in(look, number, "", &more))
            add(look, printed, &more);
    }
}

/* "0422 - 2555123, 2555124": the second is written without its area code. */
static bool add_sibling(struct ocr_look *look, const struct ocr_piece *piece, size_t from, struct str digits)
{
    const struct ocr_find *last = look->phones.n ? &look->phones.items[look->phones.n - 1] : NULL;
    size_t n = count_digits(digits);
    bool bare = n == digits.n && n <= 8 && digits.p[0] != '0';
    bool behind = last && last->n && last->spans[0].line == piece->span.line && from > 1 &&
                  strchr(",/;", piece->text.p[piece->text.p[from - 1] == ' ' ? from - 2 : from - 1]);
    if (!bare || !behind || last->value.n < n + 4 ||
        memcmp(last->value.p + last->value.n - n, digits.p, 2) != 0) /* the same exchange */
        return false;
    struct contact_phone phone;
    struct str number = str_printf(look->arena, "%.*s%.*s", (int)(last->value.n - n), last->value.p, STR_ARG(digits));
    struct printed printed = {ocr_piece_span(look, piece, from, from + n), digits, last->kind};
    if (!parse_in(look, number, "", &phone))
        return false;
    add(look, &printed, &phone);
    return true;
}

/* Byte behind the n-th digit from `from` on; what was gathered may be shorter than what is printed. */
static size_t behind_digits(struct str s, size_t from, size_t n)
{
    size_t i = from;
    for (size_t seen = 0; i < s.n && seen < n; i++)
        seen += digit_at(s, i) || (i == from && s.p[i] == 'O') || digit_like(s, i);
    return i;
}

/* Where to try again when no number begins here: an icon in front of it may have been read as a digit or two. */
static size_t behind_icon(struct str s, size_t from, size_t end)
{
    size_t i = from;
    while (i < end && s.p[i] != ' ')
        i++;
    return i - from <= 2 && i + DIGITS_MIN < end ? i + 1 : end;
}

/* A number with its plus that fits no plan, beside a label at most: one digit was misread, or it was made up. */
static bool as_printed(const struct ocr_look *look, const struct ocr_piece *piece, struct str digits,
                       struct contact_phone *ret_phone)
{
    enum { LEAST = 9, MOST = 13, OTHER = 12 /* letters of a label */ };
    struct str plain = bare(without_zero(digits, look->arena), look->arena);
    size_t n = count_digits(plain), others = 0;
    for (size_t i = 0; i < piece->text.n; i++)
        others += isalpha((unsigned char)piece->text.p[i]) != 0;
    if (plain.n != n + 1 || plain.p[0] != '+' || n < LEAST || n > MOST || others > OTHER || plain.p[1] == '0')
        return false;
    *ret_phone = (struct contact_phone){.e164 = plain};
    return true;
}

/* Reads one number that begins at `from`; returns where to look on. */
static size_t try_at(struct ocr_look *look, const struct ocr_piece *piece, size_t from)
{
    struct str s = piece->text, tail = STR_NONE, ext = STR_NONE;
    struct strbuf buf = {.arena = look->arena};
    struct contact_phone phone;
    size_t label_from = from, end = gather(s, from, &buf);
    struct str digits = strbuf_str(&buf);
    size_t n = count_digits(digits);
    int label = ocr_phone_label(s, from, look->arena, &label_from);
    bool own = label >= 0; /* one in another column may be an icon's */
    if (!own)
        label = label_beside(look, piece->span.line);
    if (n < DIGITS_MIN || n > DIGITS_RUN || label == OCR_NOT_A_PHONE)
        return end;
    if (add_sibling(look, piece, from, digits))
        return end;
    if (from + 2 < end && s.p[from + 1] == ' ' && (s.p[from + 2] == '0' || s.p[from + 2] == '+'))
        return from + 2; /* an icon read as a digit */
    if (n < 8 && label < 0 && digits.p[0] != '+' && digits.p[0] != '0')
        return end;
    if (label < 0 && n == 9 && digits.n == 10 && digits.p[5] == '-')
        return end; /* a ZIP+4 code */
    struct reading how = {.region = ocr_phone_home(look, piece, label_from)};
    bool whole = n <= DIGITS_MAX && parse_number(look, digits, how, &phone);
    how.labelled = own || digits.p[0] == '+' || american(digits, how.region);
    if (!whole && shorten(look, digits, how.region, &phone, &tail)) {
        size_t groups = count_digits(tail);
        if (groups >= DIGITS_MIN) /* a second number: begin anew behind the first */
            end = behind_digits(s, from, n - groups);
    } else if (!whole && !(n <= DIGITS_MAX && parse_number(look, digits, how, &phone)) &&
               !as_printed(look, piece, digits, &phone)) {
        return behind_icon(s, from, end);
    }
    size_t after = extension(s, end, &ext);
    struct printed printed = {ocr_piece_span(look, piece, label_from, after), str_trim(str_slice(s, from, after)),
                              label};
    add(look, &printed, &phone);
    if (count_digits(tail) < DIGITS_MIN)
        add_tail(look, &printed, &phone, tail);
    return after > from ? after : from + 1;
}

/* "t49 151…", "*49 …": the plus was read as something else; taken only when a country's code follows. */
static struct ocr_piece mend_plus(const struct ocr_look *look, struct ocr_piece piece)
{
    char *p = str_z(look->arena, piece.text);
    for (size_t i = 0; i + 3 < piece.text.n; i++) {
        bool start = i == 0 || p[i - 1] == ' ' || p[i - 1] == ':' || p[i - 1] == '.';
        int code = 0;
        if (!start || !strchr("tmhpcdfTMHPCDF*#%~", p[i]) || !digit_at(piece.text, i + 1) || p[i + 1] == '0')
            continue;
        for (size_t k = 1; k <= 3 && digit_at(piece.text, i + k); k++) {
            code = code * 10 + p[i + k] - '0';
            if (contact_phone_region(code)[0]) {
                p[i] = '+';
                break;
            }
        }
    }
    piece.text.p = p;
    return piece;
}

static void read_piece(struct ocr_look *look, const struct ocr_piece *piece)
{
    for (size_t at = 0; at < piece->text.n;) {
        size_t next = number_starts(piece->text, at) ? try_at(look, piece, at) : at;
        at = next > at ? next : at + 1;
    }
}

void ocr_fields_phone(struct ocr_look *look)
{
    for (size_t i = 0; i < look->n; i++) {
        struct ocr_piece *pieces;
        size_t n = ocr_look_pieces(look, i, false, &pieces);
        for (size_t k = 0; k < n; k++) {
            struct ocr_piece piece = mend_plus(look, pieces[k]);
            read_piece(look, &piece);
        }
    }
}
