/* JPEG in and out: the only file that knows libjpeg. */
#include "ocr/image/decode.h"

#include "base/limits.h"

#include <jpeglib.h>
#include <setjmp.h>

struct guard {
    struct jpeg_error_mgr manager; /* first: libjpeg hands back a pointer to it */
    jmp_buf back;
    char text[JMSG_LENGTH_MAX];
};

static void on_error(j_common_ptr info)
{
    struct guard *guard = (struct guard *)info->err;
    guard->manager.format_message(info, guard->text);
    longjmp(guard->back, 1);
}

static void on_message(j_common_ptr info _unused_, int level _unused_) {}

/* A progressive picture may hide more scans than the header walk saw: counted again while reading. */
static void on_progress(j_common_ptr info)
{
    struct guard *guard = (struct guard *)info->err;
    if (info->is_decompressor && ((j_decompress_ptr)info)->input_scan_number > LIMIT_JPEG_SCANS) {
        (void)snprintf(guard->text, sizeof guard->text, "too many scans");
        longjmp(guard->back, 1);
    }
}

static void guard_install(struct guard *guard, struct jpeg_common_struct *info)
{
    info->err = jpeg_std_error(&guard->manager);
    guard->manager.error_exit = on_error;
    guard->manager.emit_message = on_message;
}

/* Everything between create and destroy that may jump. */
static void read_pixels(struct jpeg_decompress_struct *in, struct str bytes, int64_t pixels, struct arena *arena,
                        struct ocr_image *image)
{
    jpeg_mem_src(in, (const unsigned char *)bytes.p, bytes.n);
    jpeg_read_header(in, TRUE);
    bool four = in->jpeg_color_space == JCS_CMYK || in->jpeg_color_space == JCS_YCCK;
    in->out_color_space = four ? JCS_CMYK : JCS_RGB;
    in->dct_method = JDCT_ISLOW;
    for (in->scale_num = 8; in->scale_num > 1; in->scale_num /= 2)
        if ((int64_t)in->image_width * in->image_height * in->scale_num * in->scale_num / 64 <= pixels)
            break;
    in->scale_denom = 8;
    jpeg_start_decompress(in);
    *image = ocr_image_black(arena, (int)in->output_width, (int)in->output_height, 3);
    size_t row = (size_t)image->w * 3;
    JSAMPROW wide = four ? arena_alloc(arena, (size_t)image->w * 4) : NULL;
    while (in->output_scanline < in->output_height) {
        uint8_t *to = image->p + in->output_scanline * row;
        JSAMPROW line = four ? wide : to;
        jpeg_read_scanlines(in, &line, 1);
        for (size_t i = 0; four && i < row; i++) /* Adobe stores CMYK inverted */
            to[i] = (uint8_t)(wide[i / 3 * 4 + i % 3] * wide[i / 3 * 4 + 3] / 255);
    }
}

int ocr_decode_jpeg(struct str bytes, int64_t pixels, struct arena *arena, struct ocr_image *ret_image,
                    int *orientation _unused_, struct err *err)
{
    struct jpeg_decompress_struct in = {0};
    struct jpeg_progress_mgr progress = {.progress_monitor = on_progress};
    struct guard guard = {.text = ""};
    struct ocr_image *image = arena_one(arena, struct ocr_image); /* survives the jump */
    guard_install(&guard, (struct jpeg_common_struct *)&in);
    if (setjmp(guard.back)) {
        jpeg_destroy_decompress(&in);
        err_set(err, ERR_IMAGE_BROKEN, "its JPEG data is damaged");
        return err_detail(err, "%s", guard.text);
    }
    jpeg_create_decompress(&in);
    in.progress = &progress;
    read_pixels(&in, bytes, pixels, arena, image);
    jpeg_destroy_decompress(&in);
    *ret_image = *image;
    return 0;
}

struct str ocr_encode_jpeg(struct ocr_image image, int quality, struct arena *arena)
{
    struct jpeg_compress_struct out = {0};
    struct guard guard = {.text = ""};
    unsigned char *bytes = NULL;
    unsigned long n = 0;
    guard_install(&guard, (struct jpeg_common_struct *)&out);
    if (setjmp(guard.back)) { /* only out of memory can get here: the ceiling of the process ends it */
        abort();
    }
    jpeg_create_compress(&out);
    jpeg_mem_dest(&out, &bytes, &n);
    out.image_width = (JDIMENSION)image.w;
    out.image_height = (JDIMENSION)image.h;
    out.input_components = image.channels;
    out.in_color_space = image.channels == 3 ? JCS_RGB : JCS_GRAYSCALE;
    jpeg_set_defaults(&out);
    jpeg_set_quality(&out, quality, TRUE);
    jpeg_start_compress(&out, TRUE);
    while (out.next_scanline < out.image_height) {
        JSAMPROW line = image.p + (size_t)out.next_scanline * (size_t)image.w * (size_t)image.channels;
        jpeg_write_scanlines(&out, &line, 1);
    }
    jpeg_finish_compress(&out);
    jpeg_destroy_compress(&out);
    struct str copy = str_dup(arena, (struct str){(const char *)bytes, n});
    free(bytes);
    return copy;
}
