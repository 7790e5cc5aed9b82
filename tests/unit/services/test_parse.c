/* kartei-parse through its socket: answers, refusals, a client's deadline, a client that goes away, an orderly end. The
 * program is the first argument. */
#include "tests/unit/unit.h"

#include "base/clock.h"
#include "base/limits.h"
#include "ocr/image/decode.h"
#include "ocr/mail/mail.h"
#include "ocr/message.h"
#include "services/parse_client.h"
#include "services/parse_wire.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static const char *program;
static char folder[] = "/tmp/kartei-parse-test-XXXXXX";
static char socket_path[64];
static pid_t server;

static int start_server(void **state _unused_)
{
    assert_non_null(mkdtemp(folder));
    (void)snprintf(socket_path, sizeof socket_path, "%s/s", folder);
    server = fork();
    if (server == 0) {
        char *argv[] = {(char *)program, (char *)"--children", (char *)"1", socket_path, NULL};
        (void)execv(program, argv);
        _exit(127);
    }
    struct stat st;
    for (int i = 0; i < 600 && stat(socket_path, &st) < 0; i++)
        (void)usleep(50 * 1000);
    return stat(socket_path, &st);
}

static int stop_server(void **state _unused_)
{
    int status = 0;
    (void)kill(server, SIGTERM);
    (void)waitpid(server, &status, 0);
    (void)rmdir(folder); /* fails if the socket is still there */
    struct stat st;
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 && stat(folder, &st) < 0 ? 0 : -1;
}

static int file_of(struct str bytes)
{
    int fd = memfd_create("upload", MFD_CLOEXEC);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.p, bytes.n), (ssize_t)bytes.n);
    return fd;
}

/* A page of bars: nothing to read, but everything to look at. */
static struct str picture(struct arena *arena, int w, int h, int step)
{
    struct ocr_image image = ocr_image_new(arena, w, h, 1);
    for (int y = 0; y + 9 < h; y += step)
        for (int x = 0; x + 9 < w; x += step)
            for (int k = 0; k < 6; k++)
                memset(image.p + (size_t)(y + k) * (size_t)w + (size_t)x + (size_t)(y * 7 + x * 3) % 4, 0, 3);
    return ocr_encode_jpeg(image, 90, arena);
}

static struct ocr_mail ask_mail(struct str bytes, struct arena *arena)
{
    struct str json;
    struct ocr_mail mail;
    struct err err;
    _cleanup_(cleanup_close) int fd = file_of(bytes);
    assert_int_equal(parse_client_mail(socket_path, fd, 60000, arena, &json, &err), 0);
    assert_int_equal(str_find(json, STR("Geheim"), 0), -1); /* what is not of the contact stays in the child */
    assert_int_equal(json_read(&ocr_mail_shape, json, arena, &mail, &err), 0);
    return mail;
}

static void test_mail(void **state)
{
    static const char person[] =
        "From: Anna Muster <anna@muster.example>\nSubject: Geheim\nX-Geheim: Geheim\n\nGeheim.\n\n"
        "-- \nAnna Muster\nMuster GmbH\nTel. 0931 123456\n\nAm 3. Mai schrieb Karl:\n> Geheim\n";
    static const char robot[] = "From: no-reply@geheim.example\n\nGeheim\n-- \nAnna Geheim\nTel. 0931 123456\n";
    struct ocr_mail mail = ask_mail((struct str){person, sizeof person - 1}, *state);
    assert_int_equal(mail.verdict, OCR_MAIL_PERSON);
    assert_text(mail.contact->family_name, "Muster");
    assert_text(mail.sender->email, "anna@muster.example");
    assert_int_equal(mail.contact->phones.n, 1);
    mail = ask_mail((struct str){robot, sizeof robot - 1}, *state);
    assert_int_equal(mail.verdict, OCR_MAIL_AUTOMATIC);
    assert_null(mail.contact);
    assert_null(mail.sender);
}

static void test_mail_refused(void **state)
{
    assert_true(ask_mail(STR(""), *state).problem.n > 0);
}

static struct ocr_message ask(struct str bytes, struct arena *arena)
{
    struct str json;
    struct ocr_message message;
    struct err err;
    _cleanup_(cleanup_close) int fd = file_of(bytes);
    assert_int_equal(parse_client_read(socket_path, fd, 60000, arena, &json, &err), 0);
    assert_int_equal(json_read(&ocr_message_shape, json, arena, &message, &err), 0);
    return message;
}

static void what_is_no_image_is_refused_by_name(void **state)
{
    assert_text(ask(STR("hello"), *state).problem, "not-an-image");
    assert_text(ask(STR(""), *state).problem, "not-an-image");
}

static void an_image_is_opened_in_the_jail(void **state)
{
    struct ocr_message message = ask(picture(*state, 300, 200, 90), *state);
    assert_int_equal(message.width, 300);
    assert_int_equal(message.height, 200);
    assert_text(message.media_type, "image/jpeg");
}

static void a_deadline_ends_the_wait(void **state)
{
    struct str json;
    struct err err;
    int64_t start = clock_mono_ms();
    _cleanup_(cleanup_close) int fd = file_of(picture(*state, 3000, 2000, 24));
    assert_int_equal(parse_client_read(socket_path, fd, 50, *state, &json, &err), -1);
    assert_int_equal(err.code, ERR_PARSE_KILLED);
    assert_true(clock_mono_ms() - start < 2000);
}

static void a_client_that_goes_away_frees_the_only_child(void **state)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, socket_path, strlen(socket_path));
    for (int i = 0; i < 5; i++) { /* each would keep the one child busy for seconds */
        int s = socket(AF_UNIX, SOCK_STREAM, 0);
        _cleanup_(cleanup_close) int fd = file_of(picture(*state, 3000, 2000, 24));
        assert_int_equal(connect(s, (struct sockaddr *)&address, sizeof address), 0);
        assert_int_equal(parse_wire_send(s, PARSE_IMAGE, fd), 0);
        (void)close(s);
    }
    int64_t start = clock_mono_ms();
    assert_text(ask(STR("hello"), *state).problem, "not-an-image");
    assert_true(clock_mono_ms() - start < 3000);
}

static void a_byte_without_a_descriptor_is_hung_up_on(void **state _unused_)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, socket_path, strlen(socket_path));
    _cleanup_(cleanup_close) int s = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal(connect(s, (struct sockaddr *)&address, sizeof address), 0);
    char byte = 'r';
    assert_int_equal(write(s, &byte, 1), 1);
    assert_true(read(s, &byte, 1) <= 0);
}

static void nobody_listening_is_busy(void **state)
{
    struct str json;
    struct err err;
    char nowhere[] = "/tmp/kartei-no-such-socket";
    _cleanup_(cleanup_close) int fd = file_of(STR("x"));
    assert_int_equal(parse_client_read(nowhere, fd, 1000, *state, &json, &err), -1);
    assert_int_equal(err.code, ERR_BUSY);
}

int main(int argc, char **argv)
{
    if (argc != 2)
        return 2;
    program = argv[1];
    const struct CMUnitTest tests[] = {
        unit_with_arena(test_mail),
        unit_with_arena(test_mail_refused),
        unit_with_arena(what_is_no_image_is_refused_by_name),
        unit_with_arena(an_image_is_opened_in_the_jail),
        unit_with_arena(a_deadline_ends_the_wait),
        unit_with_arena(a_client_that_goes_away_frees_the_only_child),
        cmocka_unit_test(a_byte_without_a_descriptor_is_hung_up_on),
        unit_with_arena(nobody_listening_is_busy),
    };
    return cmocka_run_group_tests_name("kartei-parse", tests, start_server, stop_server);
}
