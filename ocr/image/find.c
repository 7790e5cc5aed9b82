/* Card outlines, gated by where the text is; see find.h. */
#include "ocr/image/find.h"

struct ocr_found ocr_find_cards(struct ocr_image photo, struct arena *arena _unused_)
{
    struct ocr_found found = {.n = 1, .whole = true};
    found.quads[0] = (struct ocr_quad){{{0, 0}, {photo.w, 0}, {photo.w, photo.h}, {0, photo.h}}};
    return found;
}
