/* Two scales, each payload once; see codes.h. */
#include "ocr/codes.h"

#include "ocr/codes_shim.h"

struct found {
    struct arena *arena;
    struct ocr_code *codes;
    int n;
    double scale; /* of the image looked at to the photo */
};

static void keep(void *arg, const char *text, size_t n, double x, double y)
{
    struct found *found = arg;
    struct str payload = {text, n};
    if (found->n == OCR_CODES || n == 0 || !utf8_valid(payload))
        return;
    for (int i = 0; i < found->n; i++)
        if (str_eq(found->codes[i].text, payload))
            return;
    found->codes[found->n++] = (struct ocr_code){str_dup(found->arena, payload), {x * found->scale, y * found->scale}};
}

int ocr_find_codes(struct ocr_image gray, struct arena *arena, struct ocr_code ret_codes[OCR_CODES])
{
    struct found found = {.arena = arena, .codes = ret_codes};
    struct ocr_image half = ocr_image_scale(gray, (gray.w + 1) / 2, (gray.h + 1) / 2, arena);
    found.scale = (double)gray.w / half.w;
    ocr_codes_shim_read(half.p, half.w, half.h, keep, &found);
    found.scale = 1;
    ocr_codes_shim_read(gray.p, gray.w, gray.h, keep, &found);
    return found.n;
}
