/* Weights as text. */
#include "dedupe/model.h"
#include "dedupe/weights/weights.h"

#include <math.h>

#define MOST_BITS     40.0
#define MOST_EXPONENT 2.0

struct row {
    struct str field, level;
    double bits;
};

struct text {
    int64_t format, basis, decisions;
    double prior, possible, obvious, moved, family_frequency, given_frequency;
    struct json_list rows;
};

static const struct json_field row_fields[] = {
    {"field", JSON_STR, offsetof(struct row, field), JSON_REQUIRED, 16, NULL, NULL, "what is compared"},
    {"level", JSON_STR, offsetof(struct row, level), JSON_REQUIRED, 32, NULL, NULL, "what the comparison found"},
    {"bits", JSON_DOUBLE, offsetof(struct row, bits), JSON_REQUIRED, 0, NULL, NULL,
     "log2 of how much likelier it is for one person"},
};
static const struct json_shape row_shape = {"WeightOfLevel", sizeof(struct row), row_fields, ARRAY_LEN(row_fields),
                                            false};

static const struct json_field text_fields[] = {
    {"format", JSON_INT, offsetof(struct text, format), JSON_REQUIRED, 0, NULL, NULL, "of this text"},
    {"basis", JSON_INT, offsetof(struct text, basis), JSON_REQUIRED, 0, NULL, NULL, "what the levels mean"},
    {"decisions", JSON_INT, offsetof(struct text, decisions), 0, 0, NULL, NULL, "learned from"},
    {"prior", JSON_DOUBLE, offsetof(struct text, prior), JSON_REQUIRED, 0, NULL, NULL,
     "log2 odds of a pair that shares a key"},
    {"possible", JSON_DOUBLE, offsetof(struct text, possible), JSON_REQUIRED, 0, NULL, NULL,
     "probability from which a pair is shown"},
    {"obvious", JSON_DOUBLE, offsetof(struct text, obvious), JSON_REQUIRED, 0, NULL, NULL,
     "probability from which it is preselected"},
    {"moved", JSON_DOUBLE, offsetof(struct text, moved), JSON_REQUIRED, 0, NULL, NULL, "the same with a new employer"},
    {"family_frequency", JSON_DOUBLE, offsetof(struct text, family_frequency), JSON_REQUIRED, 0, NULL, NULL,
     "how much the rarity of a family name counts"},
    {"given_frequency", JSON_DOUBLE, offsetof(struct text, given_frequency), JSON_REQUIRED, 0, NULL, NULL,
     "how much the rarity of a given name counts"},
    {"weights", JSON_LIST, offsetof(struct text, rows), JSON_REQUIRED, DEDUPE_LEVELS, &row_shape, NULL, NULL},
};
static const struct json_shape text_shape = {"Weights", sizeof(struct text), text_fields, ARRAY_LEN(text_fields),
                                             false};

static double four_decimals(double value)
{
    return round(value * 10000.0) / 10000.0;
}

/* A line for each level: people read this, and compare two of them. */
static struct str line_by_line(struct str json, struct arena *arena)
{
    struct strbuf buf = {.arena = arena};
    for (size_t i = 0; i < json.n; i++) {
        if (json.p[i] == '{' && i > 0)
            strbuf_add_char(&buf, '\n');
        strbuf_add_char(&buf, json.p[i]);
    }
    strbuf_add_char(&buf, '\n');
    return strbuf_str(&buf);
}

struct str dedupe_weights_write(const struct dedupe_model *model, struct arena *arena)
{
    struct row *rows = arena_array(arena, DEDUPE_LEVELS, sizeof *rows);
    struct text text = {
        .format = DEDUPE_WEIGHTS_FORMAT,
        .basis = DEDUPE_LEVELS_BASIS,
        .decisions = model->decisions,
        .prior = four_decimals(model->prior),
        .possible = four_decimals(model->possible),
        .obvious = four_decimals(model->obvious),
        .moved = four_decimals(model->moved),
        .family_frequency = four_decimals(model->family_frequency),
        .given_frequency = four_decimals(model->given_frequency),
        .rows = {rows, 0},
    };
    for (size_t i = 1; i < DEDUPE_LEVELS; i++) {
        const struct dedupe_level_text *words = &dedupe_level_texts[i];
        rows[text.rows.n++] = (struct row){str_c(words->field), str_c(words->level), four_decimals(model->bits[i])};
    }
    return line_by_line(json_write(&text_shape, &text, arena), arena);
}

static enum dedupe_level level_of(const struct row *row)
{
    for (size_t i = 1; i < DEDUPE_LEVELS; i++) {
        if (str_eq(row->field, str_c(dedupe_level_texts[i].field)) &&
            str_eq(row->level, str_c(dedupe_level_texts[i].level)))
            return (enum dedupe_level)i;
    }
    return DEDUPE_LEVEL_NONE;
}

static int read_rows(const struct text *text, struct dedupe_model *model, struct err *err)
{
    bool named[DEDUPE_LEVELS] = {false};
    const struct row *rows = text->rows.items;
    for (size_t i = 0; i < text->rows.n; i++) {
        char pointer[sizeof err->pointer];
        enum dedupe_level level = level_of(&rows[i]);
        (void)snprintf(pointer, sizeof pointer, "/weights/%zu", i);
        if (level == DEDUPE_LEVEL_NONE)
            return err_field(err, ERR_INVALID, pointer, "there is no such field and level");
        if (named[level])
            return err_field(err, ERR_INVALID, pointer, "this level is named twice");
        if (!(fabs(rows[i].bits) <= MOST_BITS))
            return err_field(err, ERR_INVALID, pointer, "bits are within 40 of 0");
        named[level] = true;
        model->bits[level] = rows[i].bits;
    }
    return 0;
}

static int check_numbers(const struct text *text, struct err *err)
{
    if (text->format != DEDUPE_WEIGHTS_FORMAT)
        return err_field(err, ERR_INVALID, "/format", "weights of a format that this version does not read");
    if (text->basis != DEDUPE_LEVELS_BASIS)
        return err_field(err, ERR_INVALID, "/basis", "weights for levels of another version; learn them anew");
    if (text->decisions < 0)
        return err_field(err, ERR_INVALID, "/decisions", "decisions are counted from 0");
    if (!(fabs(text->prior) <= MOST_BITS))
        return err_field(err, ERR_INVALID, "/prior", "the prior is within 40 of 0");
    if (!(text->possible > 0.0 && text->possible <= text->moved && text->moved <= text->obvious &&
          text->obvious <= 1.0))
        return err_field(err, ERR_INVALID, "/possible", "0 < possible <= moved <= obvious <= 1");
    bool family = text->family_frequency >= 0.0 && text->family_frequency <= MOST_EXPONENT;
    if (!family || !(text->given_frequency >= 0.0 && text->given_frequency <= MOST_EXPONENT))
        return err_field(err, ERR_INVALID, family ? "/given_frequency" : "/family_frequency",
                         "the exponents are within 0 and 2");
    return 0;
}

int dedupe_weights_read(struct str json, struct arena *arena, const struct dedupe_model **ret_model, struct err *err)
{
    struct text text;
    if (json_read(&text_shape, json, arena, &text, err) < 0 || check_numbers(&text, err) < 0)
        return -1;
    struct dedupe_model *model = arena_one(arena, struct dedupe_model);
    *model = *dedupe_model_default();
    model->decisions = text.decisions;
    model->prior = text.prior;
    model->possible = text.possible;
    model->obvious = text.obvious;
    model->moved = text.moved;
    model->family_frequency = text.family_frequency;
    model->given_frequency = text.given_frequency;
    if (read_rows(&text, model, err) < 0)
        return -1;
    *ret_model = model;
    return 0;
}
