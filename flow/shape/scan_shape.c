/* Shapes of scans, jobs, events and what went wrong; see the headers for what the members mean. */
#include "flow/events.h"
#include "flow/jobs.h"
#include "flow/scans.h"
#include "flow/shape/rows.h"

static const struct json_field flow_problem_rows[] = {
    TEXT(flow_problem, type, "Which problem, as the path of its page."),
    TEXT(flow_problem, title, "Constant for the type, in the user's language."),
    TEXT(flow_problem, detail, "What happened and what can be done."),
};
SHAPE(flow_problem, "ResourceProblem");

static const struct json_field flow_scan_card_rows[] = {
    WHOLE(flow_scan_card, n, "Number of the card on the photo, from 1."),
    RAW(flow_scan_card, quad, "Four corners [x,y], clockwise from top left, in pixels of the upright photo."),
    TEXT(flow_scan_card, image, "Where the straightened picture of the card is."),
    WHOLE(flow_scan_card, width, "Pixels of the card's picture."),
    WHOLE(flow_scan_card, height, "Pixels of the card's picture."),
    TEXT(flow_scan_card, back_image, "The same of its other side; null when there is none."),
    WHOLE(flow_scan_card, back_width, "Pixels of that picture; 0 without one."),
    WHOLE(flow_scan_card, back_height, "Pixels of that picture; 0 without one."),
    TEXT(flow_scan_card, contact_id, "The contact read from it; null when nothing could be read."),
};
SHAPE(flow_scan_card, "ScanCard");

static const struct json_field flow_scan_quality_rows[] = {
    TEXTS(flow_scan_quality, advice, "What would make the next photo better."),
};
SHAPE(flow_scan_quality, "ScanQuality");

static const struct json_field flow_scan_rows[] = {
    TEXT(flow_scan, id, "UUID."),
    WORD(flow_scan, state, flow_scan_words, "Where it is in its life."),
    TEXT(flow_scan, created_at, "RFC 3339."),
    TEXT(flow_scan, list_id, "The list its contacts go to."),
    TEXT(flow_scan, media_type, "Judged by content."),
    WHOLE(flow_scan, bytes, "Size of the photo as it was sent."),
    WHOLE(flow_scan, width, "Pixels of the upright photo, 0 until read."),
    WHOLE(flow_scan, height, "Pixels of the upright photo, 0 until read."),
    WHOLE(flow_scan, sides, "2: with a photo of the card's other side."),
    PART(flow_scan, quality, flow_scan_quality_shape, NULL),
    MAYBE(flow_scan, problem, flow_problem_shape, "Why it could not be read."),
    MANY(flow_scan, cards, flow_scan_card_shape, "The cards found on it; empty in lists."),
    TEXT(flow_scan, job_id, "The latest job that reads it."),
    TEXT(flow_scan, deleted_at, "Since when it lies in the bin."),
    WHOLE(flow_scan, version, "For If-Match."),
};
SHAPE(flow_scan, "Scan");

static const struct json_field flow_job_rows[] = {
    TEXT(flow_job, id, "UUID."),
    TEXT(flow_job, kind, "read, match, write, undo, pull, stock …"),
    WORD(flow_job, state, flow_job_words, "Where it is in its life."),
    WHOLE(flow_job, attempts, "How often it was begun."),
    WHOLE(flow_job, done, "How far it has come, where it tells."),
    WHOLE(flow_job, total, "Of how many; 0: not known."),
    TEXT(flow_job, created_at, "RFC 3339."),
    TEXT(flow_job, finished_at, "RFC 3339, null until it has ended."),
    TEXT(flow_job, subject, "Path of what it works on."),
    MAYBE(flow_job, problem, flow_problem_shape, "What went wrong last."),
    WHOLE(flow_job, version, "Changes whenever the job does."),
};
SHAPE(flow_job, "Job");

static const struct json_field flow_event_rows[] = {
    TEXT(flow_event, id, "Id of what changed."),
    TEXT(flow_event, state, "Its state now."),
};
SHAPE(flow_event, "Event");
