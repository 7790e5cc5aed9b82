/* Two states a line, body and signature, and the path with the highest sum; see block.h. */
#include "ocr/mail/block.h"

struct weights {
    double line, enter, leave;
};

static const struct weights model[OCR_MAIL_MARKS] = {
#define X(name, weight, enter, leave) {weight, enter, leave},
#include "ocr/mail/model.def"
#undef X
};

static struct weights weigh(uint64_t marks)
{
    struct weights sum = {0};
    for (int i = 0; i < OCR_MAIL_MARKS; i++)
        if (ocr_mail_marked(marks, (enum ocr_mail_mark)i)) {
            sum.line += model[i].line;
            sum.enter += model[i].enter;
            sum.leave += model[i].leave;
        }
    return sum;
}

struct ocr_mail_ranges ocr_mail_block_find(const struct ocr_mail_points *points, struct arena *arena)
{
    bool from_sign[OCR_MAIL_POINTS][2] = {{false}}; /* the best way into body, signature came from signature */
    bool sign[OCR_MAIL_POINTS];
    double body = 0, best = -1e9;
    for (size_t i = 0; i < points->n; i++) {
        struct weights w = weigh(points->items[i].marks);
        double left = best + w.leave, stayed = best, entered = body + w.enter;
        if (points->items[i].first) { /* what was above is another text: nothing goes on */
            left = best;
            stayed = -1e9;
            entered = (body > best ? body : best) + w.enter;
        }
        from_sign[i][0] = left > body;
        from_sign[i][1] = points->items[i].first ? best > body : stayed > entered;
        best = (stayed > entered ? stayed : entered) + w.line;
        body = left > body ? left : body;
    }
    bool at = best > body;
    for (size_t i = points->n; i-- > 0;) {
        sign[i] = at;
        at = from_sign[i][at];
    }
    struct ocr_mail_ranges ranges = {arena_array(arena, points->n + 1, sizeof *ranges.items), 0};
    for (size_t i = 0; i < points->n; i++) {
        size_t line = points->items[i].line;
        if (sign[i] && i > 0 && sign[i - 1] && !points->items[i].first)
            ranges.items[ranges.n - 1].last = line;
        else if (sign[i])
            ranges.items[ranges.n++] = (struct ocr_mail_range){line, line};
    }
    return ranges;
}
