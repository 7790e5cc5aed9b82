/* Cuts lines into the parts of addresses; see parts.h. */
#include "ocr/fields/place/parts.h"

#include "contact/country.h"
#include "contact/text.h"
#include "ocr/fields/lexicon.h"
#include "ocr/fields/place/postal.h"

enum { LABEL_WORDS = 4, CITY_WORDS = 4 };

static bool digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool letters(struct str word)
{
    size_t at = 0;
    return !str_empty(word) && contact_char_letter(utf8_next(word, &at));
}

static bool one_of(struct str fold, const char *const *words, size_t n)
{
    for (size_t i = 0; fold.n && i < n; i++)
        if (words[i][0] == fold.p[0] && str_eq(fold, str_c(words[i])))
            return true;
    return false;
}

static bool lone_dash(struct str word)
{
    static const char *const dashes[] = {"-", "–", "/", "—", "~"};
    return one_of(word, dashes, ARRAY_LEN(dashes));
}

/* Lines of the register, the tax office, the bank: full of towns and numbers, never an address. */
static bool imprint(const struct ocr_look_line *line, struct ocr_span span)
{
    static const char *const words[] = {
        "hrb",   "hra",  "ust",        "ustid",       "ust id",          "iban",
        "bic",   "vat",  "gstin",      "siret",       "steuernr",        "steuernummer",
        "abn",   "krs",  "regon",      "amtsgericht", "handelsregister", "ust idnr",
        "p iva", "piva", "firmenbuch", "uid",         "konto",           "registergericht"};
    for (size_t i = span.from; i < span.to; i++)
        if (one_of(line->words[i].fold, words, ARRAY_LEN(words)))
            return true;
    return false;
}

/* Words that only announce an address: "Adresse", "Add". */
static bool label_word(struct str fold)
{
    static const char *const words[] = {"adresse", "address", "anschrift", "add",       "adr",     "adres",
                                        "adress",  "addr",    "indirizzo", "direccion", "endereco"};
    return one_of(fold, words, ARRAY_LEN(words));
}

/* Words with a colon that announce a house number, not an address: "Lale Sokak No: 12". */
static bool number_word(struct str fold)
{
    static const char *const words[] = {"no", "nr", "kat", "daire", "blok", "d", "k", "apt", "n"};
    return one_of(fold, words, ARRAY_LEN(words));
}

/* "Head Office", "Vietnam Office", "CTP Branch" in front of the address they name; "Office 12" is the address. */
static size_t behind_site(const struct ocr_look_line *line, struct ocr_span span)
{
    static const char *const sites[] = {"office",      "branch",        "headquarters", "headquarter", "hq",
                                        "factory",     "niederlassung", "showroom",     "warehouse",   "filiale",
                                        "zweigstelle", "standort",      "siege"};
    static const char *const not_behind[] = {"box", "park", "tower", "building", "center", "centre", "no", "block"};
    for (size_t i = span.from + 1; i < span.to && i < span.from + LABEL_WORDS; i++) {
        const struct ocr_look_word *word = &line->words[i];
        if (contact_text_has_digit(word->word->text))
            break;
        bool whole = i + 1 == span.to;
        if (one_of(word->fold, sites, ARRAY_LEN(sites)) && !whole &&
            !one_of(line->words[i + 1].fold, not_behind, ARRAY_LEN(not_behind)))
            return i + 1;
        if (str_ends(word->word->text, STR(",")))
            break;
    }
    return span.from;
}

/* Another number stands behind the first word: the first may be an icon. */
static bool more_digits(const struct ocr_look_line *line, struct ocr_span span)
{
    for (size_t i = span.from + 1; i < span.to; i++)
        if (contact_text_has_digit(line->words[i].word->text))
            return true;
    return false;
}

/* Specks and pieces of drawings: a letter or two that the engine doubts. */
static bool junk(const struct ocr_look *look, struct ocr_span span)
{
    size_t letters_n = 0;
    for (size_t i = span.from; i < span.to; i++)
        letters_n += look->lines[span.line].words[i].fold.n;
    return letters_n < 2 || (letters_n <= 4 && ocr_look_confidence(look, span) < 0.86);
}

/* An icon read as letters: "B| Anytown", "(2) London". */
static bool drawing(const struct ocr_word *word)
{
    enum { LETTERS = 4 };
    static const double UNREAD = 0.5, DOUBTFUL = 0.8;
    bool drawn = false;
    for (size_t i = 0; i < word->text.n; i++)
        drawn = drawn || strchr("|<>()[]{}=~*&", word->text.p[i]);
    return word->text.n <= LETTERS && (word->confidence < UNREAD || (drawn && word->confidence < DOUBTFUL));
}

/* Leaves out what stands before an address in its line: labels up to a colon, icons read as a letter. */
static struct ocr_span without_label(const struct ocr_look_line *line, struct ocr_span span)
{
    const struct ocr_look_word *words = line->words;
    for (size_t i = span.from;
         i < span.to && i < span.from + LABEL_WORDS && !contact_text_has_digit(words[i].word->text); i++)
        if (number_word(words[i].fold))
            break;
        else if (label_word(words[i].fold) || (str_ends(words[i].word->text, STR(":")) && i + 1 < span.to))
            return (struct ocr_span){span.line, i + 1, span.to};
    while (span.from < span.to) {
        struct str text = words[span.from].word->text;
        bool doubtful = words[span.from].word->confidence < 0.65 && more_digits(line, span);
        bool icon = (utf8_count(text) == 1 && (!digit(text.p[0]) || doubtful) && text.p[0] != '#') ||
                    (span.from + 1 < span.to && drawing(words[span.from].word));
        bool pair = span.from + 1 < span.to && str_eq(words[span.from + 1].word->text, STR("&"));
        if ((!icon && !str_empty(words[span.from].fold)) || pair)
            break;
        span.from++;
    }
    span.from = behind_site(line, span);
    return span;
}

/* Where the parts go. */
struct cutter {
    const struct ocr_look *look;
    struct ocr_parts *parts;
    struct ocr_part open;
};

static void close_part(struct cutter *c, bool comma)
{
    c->open.comma = comma;
    if (c->open.n && c->parts->n < c->parts->room)
        c->parts->items[c->parts->n++] = c->open;
    c->open = (struct ocr_part){.line = c->open.line};
}

static void put(struct cutter *c, struct str text, size_t word)
{
    struct ocr_part *part = &c->open;
    while (text.n && strchr(",;:", text.p[text.n - 1]))
        text.n--;
    if (str_empty(text) || part->n == OCR_PART_WORDS)
        return;
    part->word[part->n] = word;
    part->text[part->n] = text;
    part->fold[part->n++] = contact_text_fold(text, c->look->arena);
}

/* "22™ FI.": raised letters behind a number and the floor they count. */
static struct str mend_floor(const struct cutter *c, struct str text)
{
    static const char *const endings[] = {"th", "st", "nd", "rd"};
    size_t n = 0;
    while (n < text.n && digit(text.p[n]))
        n++;
    struct str tail = str_slice(text, n, text.n), before = c->open.n ? c->open.text[c->open.n - 1] : STR_NONE;
    bool raised = str_eq(tail, STR("™")) || str_eq(tail, STR("*")) || str_eq(tail, STR("“")) || str_eq(tail, STR("”"));
    if (n > 0 && n <= 2 && raised) {
        int number = text.p[n - 1] - '0', teen = n == 2 && text.p[0] == '1';
        const char *ending = endings[!teen && number >= 1 && number <= 3 ? number : 0];
        return str_printf(c->look->arena, "%.*s%s", (int)n, text.p, ending);
    }
    bool ordinal = before.n > 2 && digit(before.p[0]) && !digit(before.p[before.n - 1]);
    return ordinal && str_starts(text, STR("FI")) && text.n <= 3 ? STR("Fl.") : text;
}

/* Byte where "Delhi-110067" falls into city and code, or 0. Three ("Delhi-110 067") and four digits are a code behind a
 * known city only. */
static size_t glued_code(const struct cutter *c, struct str text)
{
    size_t end = text.n;
    while (end > 0 && digit(text.p[end - 1]))
        end--;
    size_t n = text.n - end;
    if (n < 3 || n > 6 || end < 4 || text.p[end - 1] != '-' || contact_text_has_digit(str_slice(text, 0, end)))
        return 0;
    struct str city = contact_text_fold(str_slice(text, 0, end - 1), c->look->arena);
    return n > 4 || ocr_lexicon_has(OCR_LEXICON_CITIES, city) ? end : 0;
}

/* "Ahmedabad-4": a town with its old zone, which is no code; its letters, or absent. */
static struct str zoned_city(const struct cutter *c, struct str text)
{
    text.n -= str_ends(text, STR("."));
    const char *dash = text.n ? memrchr(text.p, '-', text.n) : NULL;
    size_t at = dash ? (size_t)(dash - text.p) : 0;
    struct str zone = str_slice(text, at + 1, text.n), city = str_slice(text, 0, at);
    bool short_number = at >= 4 && zone.n >= 1 && zone.n <= 2 && digit(zone.p[0]) && digit(zone.p[zone.n - 1]);
    return short_number && ocr_lexicon_has(OCR_LEXICON_CITIES, contact_text_fold(city, c->look->arena)) ? city
                                                                                                        : STR_NONE;
}

/* "FL33178" */
static bool glued_state(struct str text)
{
    const char *country = "";
    for (size_t i = 2; i < text.n; i++)
        if (!digit(text.p[i]))
            return false;
    return text.n == 7 && ocr_postal_state(str_slice(text, 0, 2), "US", &country);
}

/* Byte of the speck in "Park'Building", or 0. */
static size_t apostrophe(const struct cutter *c, struct str text)
{
    const char *sign = text.n ? memchr(text.p, '\'', text.n) : NULL;
    size_t at = sign ? (size_t)(sign - text.p) : 0;
    struct str tail = contact_text_fold(str_slice(text, at + 1, text.n), c->look->arena);
    return at >= 3 && tail.n >= 3 && contact_text_starts_upper(str_slice(text, at + 1, text.n)) &&
                   ocr_lexicon_has(OCR_LEXICON_BUILDING_WORDS, tail)
               ? at
               : 0;
}

/* Byte of the slash in "Maltepe/İstanbul", or 0. */
static size_t slash_between(struct str text)
{
    const char *slash = text.n ? memchr(text.p, '/', text.n) : NULL;
    size_t at = slash ? (size_t)(slash - text.p) : 0;
    return at >= 3 && at + 4 <= text.n && !contact_text_has_digit(text) ? at : 0;
}

/* Byte of the house number in "Lindenstr14", or 0. */
static size_t glued_number(const struct cutter *c, struct str text)
{
    enum { LETTERS = 5, DIGITS = 3 };
    size_t end = text.n - (text.n > LETTERS && text.p[text.n - 1] >= 'a' && text.p[text.n - 1] <= 'f'), at = end;
    while (at > 0 && digit(text.p[at - 1]))
        at--;
    bool number = end > at && end - at <= DIGITS && at >= LETTERS && !contact_text_has_digit(str_slice(text, 0, at));
    return number && ocr_lexicon_ends(OCR_LEXICON_STREET_ENDINGS,
                                      contact_text_fold(str_slice(text, 0, at), c->look->arena))
               ? at
               : 0;
}

/* Byte behind the colon of "No:12", "Kat:3", or 0. */
static size_t number_behind(struct str text)
{
    const char *colon = text.n ? memchr(text.p, ':', text.n) : NULL;
    size_t at = colon ? (size_t)(colon - text.p) + 1 : 0;
    return at > 1 && at < text.n && digit(text.p[at]) && !contact_text_has_digit(str_slice(text, 0, at)) ? at : 0;
}

/* One printed word: parentheses and commas inside it cut too. */
static void put_word(struct cutter *c, struct str text, size_t word)
{
    bool opens = text.n > 1 && text.p[0] == '(', closes = false;
    if (opens && c->open.n) {
        close_part(c, false);
        c->open.paren = true;
    }
    text = opens ? str_slice(text, 1, text.n) : text;
    struct str rest = text, segment;
    while (str_split(&rest, ',', &segment)) {
        bool more = segment.p + segment.n < text.p + text.n;
        size_t bracket = segment.n && segment.p[segment.n - 1] == ')' && !memchr(segment.p, '(', segment.n);
        segment.n -= bracket;
        closes = closes || bracket;
        size_t cut = glued_code(c, segment), slash = slash_between(segment), colon = number_behind(segment);
        struct str zoned = zoned_city(c, segment);
        if (zoned.p) {
            put(c, zoned, word);
            close_part(c, more);
            continue;
        }
        if (colon) { /* "No:12" */
            put(c, str_slice(segment, 0, colon), word);
            segment = str_slice(segment, colon, segment.n);
        }
        if (slash) {
            put(c, str_slice(segment, 0, slash), word);
            close_part(c, true);
            segment = str_slice(segment, slash + 1, segment.n);
        }
        size_t apart = glued_state(segment) ? 2 : apostrophe(c, segment);
        apart = apart ? apart : glued_number(c, segment);
        if (apart) {
            put(c, str_slice(segment, 0, apart), word);
            segment = str_slice(segment, apart + (segment.p[apart] == '\''), segment.n);
        }
        if (cut)
            put(c, str_slice(segment, 0, cut - 1), word);
        put(c, mend_floor(c, str_slice(segment, cut, segment.n)), word);
        if (more || str_ends(segment, STR(";")))
            close_part(c, true);
    }
    if (closes && c->open.paren)
        close_part(c, false);
}

static void cut_piece(struct cutter *c, struct ocr_span piece)
{
    const struct ocr_look_line *line = &c->look->lines[piece.line];
    const struct ocr_look_word *last = &line->words[piece.to - 1];
    bool label = str_ends(last->word->text, STR(":")) && !(piece.to - piece.from > 2 && number_word(last->fold));
    if (junk(c->look, piece) || imprint(line, piece) || label)
        return;
    struct ocr_span span = without_label(line, piece);
    c->open = (struct ocr_part){.line = piece.line};
    for (size_t w = span.from; w < span.to; w++) {
        struct str text = line->words[w].word->text;
        if (lone_dash(text))
            close_part(c, true);
        else
            put_word(c, text, w);
    }
    close_part(c, false);
}

/* More parts than the words can be cut into: each word ends one at most, and so does each sign that cuts. */
static size_t most_parts(const struct ocr_look *look)
{
    size_t n = 1;
    for (size_t i = 0; i < look->n; i++)
        for (size_t k = 0; k < look->lines[i].n; k++) {
            struct str text = look->lines[i].words[k].word->text;
            n += 2;
            for (size_t b = 0; b < text.n; b++)
                n += strchr(",;()/", text.p[b]) != NULL;
        }
    return n < OCR_PARTS ? n : OCR_PARTS;
}

struct ocr_parts *ocr_parts_cut(const struct ocr_look *look)
{
    struct cutter c = {.look = look, .parts = arena_one(look->arena, struct ocr_parts)};
    c.parts->room = most_parts(look);
    c.parts->items = arena_array(look->arena, c.parts->room, sizeof *c.parts->items);
    for (size_t i = 0; i < look->n; i++) {
        struct ocr_piece *pieces;
        size_t n = ocr_look_pieces(look, i, true, &pieces);
        for (size_t k = 0; k < n; k++)
            cut_piece(&c, pieces[k].span);
    }
    return c.parts;
}

struct str ocr_part_text(const struct ocr_part *part, size_t from, size_t to, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = from; i < to && i < part->n; i++) {
        if (buf.n)
            strbuf_add_char(&buf, ' ');
        strbuf_add(&buf, part->text[i]);
    }
    return strbuf_str(&buf);
}

struct ocr_span ocr_part_span(const struct ocr_part *part, size_t from, size_t to)
{
    return (struct ocr_span){part->line, part->word[from], part->word[to - 1] + 1};
}

/* "Engineering", "Repairing": no ring road. */
static bool doing(struct str fold)
{
    static const char *const ends[] = {"ering", "uring", "iring", "paring", "oring"};
    for (size_t i = 0; i < ARRAY_LEN(ends); i++)
        if (str_ends(fold, str_c(ends[i])))
            return true;
    return false;
}

bool ocr_part_street_word(const struct ocr_part *part, size_t i)
{
    return ocr_lexicon_has(OCR_LEXICON_STREET_WORDS, part->fold[i]) ||
           (ocr_lexicon_ends(OCR_LEXICON_STREET_ENDINGS, part->fold[i]) && !doing(part->fold[i]));
}

bool ocr_part_city(const struct ocr_part *part, size_t from, size_t to, struct arena *arena)
{
    if (from >= to || to > part->n)
        return false;
    bool other = to - from == 1 && (ocr_lexicon_has(OCR_LEXICON_STREET_WORDS, part->fold[from]) ||
                                    ocr_lexicon_has(OCR_LEXICON_BUILDING_WORDS, part->fold[from]));
    return !other &&
           ocr_lexicon_has(OCR_LEXICON_CITIES, contact_text_fold(ocr_part_text(part, from, to, arena), arena));
}

bool ocr_word_country(struct str word, struct arena *arena)
{
    static const char *const cities[] = {"SG", "HK", "LU", "MC", "MO", "KW", "PA",
                                         "GT", "SM", "DJ", "MX", "BR", "GI", "JE"};
    struct str bare = str_ends(word, STR(".")) ? str_slice(word, 0, word.n - 1) : word;
    const char *country =
        bare.n > 3 || str_eq(bare, STR("UK")) || str_eq_nocase(bare, STR("USA")) || str_eq(bare, STR("UAE"))
            ? contact_country_find(bare, arena)
            : "";
    for (size_t i = 0; i < ARRAY_LEN(cities); i++)
        if (strcmp(country, cities[i]) == 0)
            return false;
    return country[0] != '\0';
}

bool ocr_part_region(const struct ocr_part *part, size_t from, size_t to, struct arena *arena)
{
    if (from >= to || to > part->n)
        return false;
    bool county = to - from > 1 && (str_eq(part->fold[from], STR("co")) || str_eq(part->fold[from], STR("county")));
    return county ||
           ocr_lexicon_has(OCR_LEXICON_REGIONS, contact_text_fold(ocr_part_text(part, from, to, arena), arena));
}

/* "Rue de Paris" ends with a street, not with a city. */
static bool belongs_to_left(struct str fold)
{
    static const char *const words[] = {"de", "of", "der", "di", "van", "am", "an", "zur", "zum", "von", "the", "d"};
    return one_of(fold, words, ARRAY_LEN(words));
}

static bool direction(struct str text)
{
    static const char *const words[] = {"N", "S", "E", "W", "NE", "NW", "SE", "SW", "O"};
    while (str_ends(text, STR(".")))
        text.n--;
    return one_of(text, words, ARRAY_LEN(words));
}

size_t ocr_part_city_start(const struct ocr_part *part, size_t to, struct arena *arena)
{
    size_t cut = 0;
    for (size_t from = 0; from < to; from++)
        if (ocr_part_city(part, from, to, arena) && !(from > 0 && belongs_to_left(part->fold[from - 1])))
            return from;
    for (size_t i = 0; i < to; i++)
        if (ocr_part_street_word(part, i) || contact_text_has_digit(part->text[i]) ||
            (cut == i && cut > 0 && direction(part->text[i])))
            cut = i + 1;
    bool district = to > cut + 1 && str_eq(part->fold[to - 1], STR("district"));
    for (size_t i = cut; i < to - district; i++)
        if (!letters(part->text[i]) || ocr_lexicon_has(OCR_LEXICON_BUILDING_WORDS, part->fold[i]))
            return to;
    return to - cut <= CITY_WORDS ? cut : to;
}
