/* Every ceiling in one place: what one request, image, list or text may be at most. A ceiling that is reached is an
 * error with a sentence, never a truncation. Sizes in bytes unless the name says otherwise. */
#ifndef BASE_LIMITS_H
#define BASE_LIMITS_H

enum {
    LIMIT_UPLOAD_BYTES = 20 * 1024 * 1024, /* one uploaded image */
    LIMIT_LEAST_FREE = 256 * 1024 * 1024,  /* on the disk: with less no upload is taken, for the database's sake */
    LIMIT_JSON_BYTES = 1024 * 1024,        /* one JSON request body */
    LIMIT_JSON_DEPTH = 32,                 /* nesting of a JSON text */
    LIMIT_LIST_ITEMS = 1000,               /* items of one JSON array */
    LIMIT_TEXT_BYTES = 4096,               /* one text value, unless its row says less */
    LIMIT_VALUES = 32,                     /* e-mails, phones … of one contact */
    LIMIT_IMAGE_PIXELS = 60 * 1000 * 1000, /* width x height, checked before any decoder runs */
    LIMIT_IMAGE_SIDE = 20000,              /* pixels */
    LIMIT_JPEG_SCANS = 100,                /* scans of one progressive JPEG */
    LIMIT_CARDS_PER_PHOTO = 12,
    LIMIT_MAIL_BYTES = 25 * 1024 * 1024,     /* one mail; its text is cut earlier (ocr/mail) */
    LIMIT_PARSE_SECONDS = 20,                /* processor time of one kartei-parse child */
    LIMIT_PARSE_WALL_SECONDS = 45,           /* from its start to its end: a busy machine makes it wait */
    LIMIT_PARSE_MEMORY = 1024 * 1024 * 1024, /* address space of one kartei-parse child beyond its parent's */
    LIMIT_MAIL_SECONDS = 4,                  /* the same of a mail */
    LIMIT_MAIL_MEMORY = 256 * 1024 * 1024,
    LIMIT_PARSE_ANSWER = 16 * 1024 * 1024,  /* message that one child may return */
    LIMIT_ARENA_REQUEST = 64 * 1024 * 1024, /* backstop of one request's or job's memory */
    LIMIT_HTTP_ANSWER = 8 * 1024 * 1024,    /* answer of a foreign server */
    LIMIT_PAGE_DEFAULT = 50,                /* rows of a page unless asked for */
    LIMIT_PAGE = 200,                       /* rows of a page at most */
    LIMIT_JOB_ATTEMPTS = 3,                 /* then the job is a dead letter */
};

#endif
