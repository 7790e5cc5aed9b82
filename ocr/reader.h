/* The walk from the bytes of a photo to contacts: decode, find the cards, rectify, clean, read, extract. */
#ifndef OCR_READER_H
#define OCR_READER_H

#include "ocr/message.h"
#include "ocr/words.h"

/* Sees the words of each card before the recognisers do: for programs that measure the reader. */
typedef void ocr_reader_watch(void *arg, const struct ocr_page *page);

/* Steps that can be left out, to measure what each contributes. */
enum ocr_step {
    OCR_STEP_CROP = 1,   /* cutting out cards and straightening them: the whole picture is read */
    OCR_STEP_CLEAN = 2,  /* evening out light and polarity */
    OCR_STEP_SECOND = 4, /* the second reading of what is in doubt */
    OCR_STEP_CLOSER = 8, /* decoding a photo in full when the card is small on it */
    OCR_STEP_LINES = 16, /* the closer look at single lines */
    OCR_STEP_TURN = 32,  /* turning cards upright by reading them; Exif has its say all the same */
    OCR_STEP_CODES = 64, /* QR and Data Matrix codes */
};

struct ocr_reader_settings {
    const char *languages;   /* Tesseract's names, "deu+eng"; NULL for the best installed */
    const char *region;      /* ISO 3166-1 alpha-2 for national phone numbers */
    bool images;             /* whether the answer carries the rectified card images */
    int deadline_ms;         /* soft ceiling for recognising one image; 0 = 8000 */
    int64_t (*clock)(void);  /* lent: milliseconds that never jump (base/clock.h); NULL leaves the times 0 */
    unsigned without;        /* enum ocr_step, or-ed; 0 in earnest */
    ocr_reader_watch *watch; /* lent; may be NULL */
    void *watch_arg;
};

struct ocr_reader;

/* Loads the models and warms up everything that loads lazily, so that a process may lock itself up afterwards and read
 * untrusted bytes. Errors: ERR_INTERNAL with a detail that says what to install. */
int ocr_reader_new(const struct ocr_reader_settings *settings, struct ocr_reader **ret_reader, struct err *err);
/* Everything beside the photo that decides what is read: versions of the libraries, models, settings. The same photo
 * read with the same manifest gives the same answer, as long as the deadline is not met. */
struct str ocr_reader_manifest(const struct ocr_reader *reader, struct arena *arena);
void ocr_reader_freep(struct ocr_reader **reader);

/* Reads the bytes of one image file. A photo without a readable card is an answer (ret_message->problem "no-card"), not
 * an error. Errors: ERR_NOT_AN_IMAGE, ERR_IMAGE_BROKEN, ERR_IMAGE_TOO_BIG. Values live in the arena, which needs room
 * for the picture (LIMIT_PARSE_MEMORY). */
int ocr_read(struct ocr_reader *reader, struct str image, struct arena *arena, struct ocr_message *ret_message,
             struct err *err);

/* The answer that says why there is none: slug and parameter of the error. */
struct ocr_message ocr_message_of(const struct err *err, struct arena *arena);

#endif
