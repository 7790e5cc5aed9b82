/* Headers that lie: sizes, loops, endless scans, nothing at all. */
#include "tests/unit/unit.h"

#include "base/limits.h"
#include "ocr/image/probe.h"

static struct str png_of(struct arena *arena, uint32_t w, uint32_t h)
{
    struct strbuf b = {.arena = arena};
    strbuf_add(&b, STR("\x89PNG\r\n\x1a\n\0\0\0\rIHDR"));
    for (int shift = 24; shift >= 0; shift -= 8)
        strbuf_add_char(&b, (char)(w >> shift));
    for (int shift = 24; shift >= 0; shift -= 8)
        strbuf_add_char(&b, (char)(h >> shift));
    strbuf_add(&b, STR("\x08\x02\0\0\0crc!"));
    return strbuf_str(&b);
}

/* A JPEG's head: Exif with an orientation (0: none), a frame of w x h, then `scans` empty scans. */
static struct str jpeg_of(struct arena *arena, int w, int h, int orientation, int scans)
{
    struct strbuf b = {.arena = arena};
    strbuf_add(&b, STR("\xff\xd8"));
    if (orientation) {
        strbuf_add(&b, STR("\xff\xe1\0\x22"
                           "Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0"));
        strbuf_add_char(&b, (char)orientation);
        strbuf_add(&b, STR("\0\0\0\0\0\0"));
    }
    strbuf_add(&b, STR("\xff\xc2\0\x0b\x08"));
    strbuf_add_char(&b, (char)(h >> 8));
    strbuf_add_char(&b, (char)h);
    strbuf_add_char(&b, (char)(w >> 8));
    strbuf_add_char(&b, (char)w);
    strbuf_add(&b, STR("\x01\x01\x11\0"));
    for (int i = 0; i < scans; i++)
        strbuf_add(&b, STR("\xff\xda\0\x08\x01\x01\0\x01\x01\0zz\xff\0z"));
    strbuf_add(&b, STR("\xff\xd9"));
    return strbuf_str(&b);
}

static void reads_size_and_orientation_of_a_jpeg(void **state)
{
    struct ocr_probe probe;
    struct err err;
    assert_int_equal(ocr_probe(jpeg_of(*state, 4032, 3024, 6, 3), &probe, &err), 0);
    assert_int_equal(probe.type, OCR_TYPE_JPEG);
    assert_int_equal(probe.w, 4032);
    assert_int_equal(probe.h, 3024);
    assert_int_equal(probe.orientation, 6);
}

static void ignores_an_orientation_that_does_not_exist(void **state)
{
    struct ocr_probe probe;
    struct err err;
    assert_int_equal(ocr_probe(jpeg_of(*state, 400, 300, 200, 1), &probe, &err), 0);
    assert_int_equal(probe.orientation, 1);
}

static void refuses_a_jpeg_of_20000_scans_but_not_one_of_100(void **state)
{
    struct ocr_probe probe;
    struct err err;
    assert_int_equal(ocr_probe(jpeg_of(*state, 400, 300, 0, LIMIT_JPEG_SCANS), &probe, &err), 0);
    assert_int_equal(ocr_probe(jpeg_of(*state, 400, 300, 0, 20000), &probe, &err), -1);
    assert_int_equal(err.code, ERR_IMAGE_BROKEN);
}

static void refuses_more_pixels_than_we_open(void **state)
{
    struct ocr_probe probe;
    struct err err;
    assert_int_equal(ocr_probe(png_of(*state, 7000, 8000), &probe, &err), 0);
    static const uint32_t sizes[][2] = {{60000, 60000}, {20001, 10}, {8000, 8000}, {0x7fffffff, 0x7fffffff}};
    for (size_t i = 0; i < ARRAY_LEN(sizes); i++) {
        assert_int_equal(ocr_probe(png_of(*state, sizes[i][0], sizes[i][1]), &probe, &err), -1);
        assert_int_equal(err.code, ERR_IMAGE_TOO_BIG);
    }
}

static void refuses_a_picture_without_size(void **state)
{
    struct ocr_probe probe;
    struct err err;
    assert_int_equal(ocr_probe(png_of(*state, 0, 8), &probe, &err), -1);
    assert_int_equal(err.code, ERR_IMAGE_BROKEN);
}

static void refuses_a_tiff_whose_directories_run_in_circles(void **state _unused_)
{
    static const char loop[] = "II*\0\x08\0\0\0"
                               "\x02\0"
                               "\0\x01\x04\0\x01\0\0\0\x40\0\0\0"
                               "\x01\x01\x04\0\x01\0\0\0\x30\0\0\0"
                               "\x08\0\0\0";
    char ends[sizeof loop];
    memcpy(ends, loop, sizeof loop);
    memset(ends + sizeof loop - 5, 0, 4); /* the same without the way back */
    struct ocr_probe probe;
    struct err err;
    assert_int_equal(ocr_probe((struct str){ends, sizeof ends - 1}, &probe, &err), 0);
    assert_int_equal(probe.w, 64);
    assert_int_equal(ocr_probe((struct str){loop, sizeof loop - 1}, &probe, &err), -1);
    assert_int_equal(err.code, ERR_IMAGE_BROKEN);
}

static void refuses_what_is_no_image(void **state _unused_)
{
    static const char *const texts[] = {"", "x", "GIF89a", "/some/path.png\n",
                                        "<svg xmlns='http://www.w3.org/2000/svg'/>"};
    struct ocr_probe probe;
    struct err err;
    for (size_t i = 0; i < ARRAY_LEN(texts); i++) {
        assert_int_equal(ocr_probe(str_c(texts[i]), &probe, &err), -1);
        assert_int_equal(err.code, ERR_NOT_AN_IMAGE);
    }
}

static void survives_every_truncation(void **state)
{
    struct str whole[] = {jpeg_of(*state, 400, 300, 6, 2), png_of(*state, 400, 300)};
    for (size_t k = 0; k < ARRAY_LEN(whole); k++)
        for (size_t n = 0; n < whole[k].n; n++) {
            char *tight = malloc(n ? n : 1); /* so that a sanitizer sees the first byte too many */
            memcpy(tight, whole[k].p, n);
            struct ocr_probe probe;
            struct err err;
            (void)ocr_probe((struct str){tight, n}, &probe, &err);
            free(tight);
        }
}

static void knows_types_by_their_first_bytes(void **state _unused_)
{
    assert_int_equal(ocr_probe_type(STR("RIFF\x10\0\0\0WEBPVP8 ")), OCR_TYPE_WEBP);
    assert_int_equal(ocr_probe_type(STR("\0\0\0\x18"
                                        "ftypheic")),
                     OCR_TYPE_HEIF);
    assert_int_equal(ocr_probe_type(STR("\0\0\0\x18"
                                        "ftypmp42")),
                     OCR_TYPE_NONE);
    assert_int_equal(ocr_probe_type(STR("MM\0*")), OCR_TYPE_TIFF);
    assert_text(ocr_probe_media_type(OCR_TYPE_PNG), "image/png");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        unit_with_arena(reads_size_and_orientation_of_a_jpeg),
        unit_with_arena(ignores_an_orientation_that_does_not_exist),
        unit_with_arena(refuses_a_jpeg_of_20000_scans_but_not_one_of_100),
        unit_with_arena(refuses_more_pixels_than_we_open),
        unit_with_arena(refuses_a_picture_without_size),
        cmocka_unit_test(refuses_a_tiff_whose_directories_run_in_circles),
        cmocka_unit_test(refuses_what_is_no_image),
        unit_with_arena(survives_every_truncation),
        cmocka_unit_test(knows_types_by_their_first_bytes),
    };
    return cmocka_run_group_tests_name("ocr probe", tests, NULL, NULL);
}
