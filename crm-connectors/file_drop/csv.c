/* See csv.h. */
#include "crm-connectors/file_drop/csv.h"

#include <string.h>

/* Code points of the bytes 0x80 to 0x9f in Windows-1252; those it has not become U+FFFD. */
static const uint16_t windows[32] = {0x20ac, 0xfffd, 0x201a, 0x0192, 0x201e, 0x2026, 0x2020, 0x2021,
                                     0x02c6, 0x2030, 0x0160, 0x2039, 0x0152, 0xfffd, 0x017d, 0xfffd,
                                     0xfffd, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014,
                                     0x02dc, 0x2122, 0x0161, 0x203a, 0x0153, 0xfffd, 0x017e, 0x0178};

static struct str from_windows(struct str text, struct arena *arena)
{
    struct strbuf out = {.arena = arena};
    for (size_t i = 0; i < text.n; i++) {
        unsigned char c = (unsigned char)text.p[i];
        utf8_put(&out, c >= 0x80 && c < 0xa0 ? windows[c - 0x80] : c);
    }
    return strbuf_str(&out);
}

static char separator_of(struct str text)
{
    static const char known[] = {',', ';', '\t'};
    size_t most = 0;
    char best = ',';
    for (size_t k = 0; k < sizeof known; k++) {
        size_t n = 0;
        bool quoted = false;
        for (size_t i = 0; i < text.n && (quoted || (text.p[i] != '\n' && text.p[i] != '\r')); i++) {
            quoted = quoted != (text.p[i] == '"');
            n += !quoted && text.p[i] == known[k];
        }
        if (n > most) {
            most = n;
            best = known[k];
        }
    }
    return best;
}

int crm_csv_begin(struct str text, struct arena *arena, struct crm_csv *ret_csv, struct err *err)
{
    if (text.n && memchr(text.p, 0, text.n))
        return err_field(err, ERR_INVALID, "/text", "this is no table as text (CSV) in UTF-8");
    if (!utf8_valid(text))
        text = from_windows(text, arena);
    if (str_starts(text, STR("\xef\xbb\xbf")))
        text = str_slice(text, 3, text.n);
    *ret_csv = (struct crm_csv){text, 0, separator_of(text)};
    return 0;
}

static bool at_end_of_line(const struct crm_csv *csv)
{
    return csv->at >= csv->text.n || csv->text.p[csv->at] == '\n' || csv->text.p[csv->at] == '\r';
}

/* The inside of quotes, doubled ones single; `at` moves behind the closing one. False when there is none. */
static bool quoted_cell(struct crm_csv *csv, struct strbuf *out)
{
    for (csv->at++; csv->at < csv->text.n; csv->at++) {
        char c = csv->text.p[csv->at];
        if (c == '"') {
            csv->at++;
            if (csv->at >= csv->text.n || csv->text.p[csv->at] != '"')
                return true;
        }
        strbuf_add_char(out, c);
    }
    return false;
}

/* Spreadsheets run what begins so; + and - begin phone numbers, too. */
static bool is_formula(struct str cell)
{
    static const char begins[] = {'=', '+', '-', '@', '\t', '\r'};
    bool number = true;
    if (!cell.n || !memchr(begins, cell.p[0], sizeof begins))
        return false;
    for (size_t i = 1; i < cell.n && number; i++)
        number = (cell.p[i] >= '0' && cell.p[i] <= '9') || cell.p[i] == ' ' || cell.p[i] == '-' || cell.p[i] == '/' ||
                 cell.p[i] == '(' || cell.p[i] == ')';
    return cell.p[0] != '+' || !number || cell.n < 2;
}

static struct str plain(struct str cell)
{
    struct str text = str_trim(cell);
    if (text.n > 1 && text.p[0] == '\'' && is_formula(str_slice(text, 1, text.n)))
        text = str_slice(text, 1, text.n);
    return text.p ? text : STR("");
}

static int read_cell(struct crm_csv *csv, struct arena *arena, struct str *ret_cell, struct err *err)
{
    struct strbuf out = {.arena = arena};
    while (csv->at < csv->text.n && csv->text.p[csv->at] == ' ')
        csv->at++;
    if (!at_end_of_line(csv) && csv->text.p[csv->at] == '"' && !quoted_cell(csv, &out))
        return err_field(err, ERR_INVALID, "/text", "a cell begins with a quotation mark and does not end");
    size_t start = csv->at;
    while (!at_end_of_line(csv) && csv->text.p[csv->at] != csv->separator)
        csv->at++;
    strbuf_add(&out, str_slice(csv->text, start, csv->at));
    *ret_cell = plain(strbuf_str(&out));
    return 0;
}

static int read_line(struct crm_csv *csv, struct arena *arena, struct str *ret_cells, size_t *ret_n, struct err *err)
{
    for (*ret_n = 0;; csv->at++) {
        if (*ret_n == CRM_CSV_COLUMNS)
            return err_field(err, ERR_INVALID, "/text", "more than 200 columns");
        if (read_cell(csv, arena, &ret_cells[(*ret_n)++], err) < 0)
            return -1;
        if (at_end_of_line(csv))
            return 0;
    }
}

int crm_csv_row(struct crm_csv *csv, struct arena *arena, struct str *ret_cells, size_t *ret_n, struct err *err)
{
    while (csv->at < csv->text.n) {
        bool empty = true;
        if (read_line(csv, arena, ret_cells, ret_n, err) < 0)
            return -1;
        while (csv->at < csv->text.n && at_end_of_line(csv))
            csv->at++;
        for (size_t i = 0; i < *ret_n && empty; i++)
            empty = ret_cells[i].n == 0;
        if (!empty)
            return 1;
    }
    return 0;
}

void crm_csv_add(struct strbuf *out, struct str cell, bool first)
{
    strbuf_add_c(out, first ? "\"" : ",\"");
    if (is_formula(cell))
        strbuf_add_char(out, '\'');
    for (size_t i = 0; i < cell.n; i++) {
        if (cell.p[i] == '"')
            strbuf_add_char(out, '"');
        strbuf_add_char(out, cell.p[i]);
    }
    strbuf_add_char(out, '"');
}

void crm_csv_end(struct strbuf *out)
{
    strbuf_add_c(out, "\r\n");
}
