/* Sharpness by the steepest steps, light by the histogram; see quality.h. Thresholds were set on photographed cards:
 * advice is given where reading suffers, not where a photographer would frown. */
#include "ocr/image/quality.h"

const char *const ocr_advice_words[] = {
    "blur",       "glare",       "dark",        "small",     "glare_name",   "glare_organization",
    "glare_role", "glare_email", "glare_phone", "glare_url", "glare_address"};

enum { BURNT = 253 };

enum { BLUR_BELOW = 12, DARK_BELOW = 70, BRIGHT_ABOVE = 90, SMALL_BELOW = 600 };
static const double GLARE_SHARE = 0.04; /* burnt out, on a card that is otherwise not that bright */

static int share_level(const uint32_t histogram[256], double n, double share)
{
    double sum = 0;
    for (int v = 0; v < 256; v++)
        if ((sum += histogram[v]) >= share * n)
            return v;
    return 255;
}

/* Step between pixels two apart along a row that only 1 % exceed, against the contrast of the card: 0..1. */
static double steepness(struct ocr_image gray, int contrast)
{
    uint32_t steps[256] = {0};
    size_t n = 0;
    for (int y = 0; y < gray.h; y += 2)
        for (int x = 2; x < gray.w; x++, n++) {
            const uint8_t *p = gray.p + (size_t)y * (size_t)gray.w + (size_t)x;
            steps[abs(p[0] - p[-2])]++;
        }
    double steep = share_level(steps, (double)n, 0.99);
    return contrast > 0 && steep < contrast ? steep / contrast : 1;
}

struct ocr_judgement ocr_judge(struct ocr_image gray, double source_side)
{
    uint32_t histogram[256] = {0};
    double n = (double)gray.w * gray.h, burnt = 0;
    for (size_t i = 0; i < (size_t)gray.w * (size_t)gray.h; i++)
        histogram[gray.p[i]]++;
    int median = share_level(histogram, n, 0.5), high = share_level(histogram, n, 0.98);
    int contrast = high - share_level(histogram, n, 0.02);
    for (int v = BURNT; v < 256; v++)
        burnt += histogram[v];
    struct ocr_judgement j = {.sharpness = steepness(gray, contrast)};
    j.advice[OCR_ADVICE_BLUR] = j.sharpness * 100 < BLUR_BELOW;
    j.advice[OCR_ADVICE_GLARE] = burnt > GLARE_SHARE * n && median < 215;
    j.advice[OCR_ADVICE_DARK] = median < DARK_BELOW && high < BRIGHT_ABOVE;
    j.advice[OCR_ADVICE_SMALL] = source_side < SMALL_BELOW;
    return j;
}

static int within(double v, int most)
{
    return v < 0 ? 0 : v > most ? most : (int)v;
}

double ocr_burnt(struct ocr_image gray, double x, double y, double w, double h)
{
    int x0 = within(x - h / 2, gray.w), x1 = within(x + w + h / 2, gray.w);
    int y0 = within(y - h / 2, gray.h), y1 = within(y + 1.5 * h, gray.h);
    double burnt = 0;
    for (int py = y0; py < y1; py++)
        for (int px = x0; px < x1; px++)
            burnt += gray.p[(size_t)py * (size_t)gray.w + (size_t)px] >= BURNT;
    return x1 > x0 && y1 > y0 ? burnt / ((double)(x1 - x0) * (y1 - y0)) : 0;
}
