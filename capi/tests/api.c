/* A test of every promise in gt02.h: C99 to C11, and C++98 to C++20. */
#include "gt02.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int passed, failed;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (condition) {                                                                           \
            passed++;                                                                              \
        } else {                                                                                   \
            failed++;                                                                              \
            printf("line %d: %s\n", __LINE__, #condition);                                         \
        }                                                                                          \
    } while (0)

/* A heartbeat of gt02, which is answered by 54 68 1A 0D 0A. */
static const uint8_t HEARTBEAT[] = {0x68, 0x68, 0x0F, 0x05, 0x04, 0x03, 0x58, 0x89, 0x90, 0x58,
                                    0x31, 0x40, 0x17, 0x00, 0xDF, 0x1A, 0x00, 0x00, 0x0D, 0x0A};
/* A handshake of tk103, which is answered. */
static const char HANDSHAKE[] = "(013612345678BP00353588020144007HSO)";
/* A location of v680 with two records. */
static const char RECORDS[] = "#353588020140007##1#0000#AUT#2"
                              "#V#0210.1160,E,4123.2440,N,0.00,62.75#040526#100000"
                              "#V#0210.1161,E,4123.2441,N,1.00,63.75#040526#100010##";
/* Cells of h02. */
static const char NBR[] = "*HQ,4106000000,NBR,120000,460,0,0,3,9338,3692,12,9338,3691,10,9338,3690,8,"
                          "040526,FFFFFFFF#";
/* A time request of gt06: its reply carries the time. */
static const uint8_t TIME_REQUEST[] = {0x78, 0x78, 0x05, 0x8A, 0x00, 0x06, 0x88, 0x29, 0x0D, 0x0A};
static const uint8_t TIME_REPLY[] = {0x78, 0x78, 0x0B, 0x8A, 0x0F, 0x0C, 0x1D, 0x00,
                                     0x00, 0x15, 0x00, 0x06, 0xF0, 0x86, 0x0D, 0x0A};
/* A response of gt02. */
static const uint8_t RESPONSE[] = {0x68, 0x68, 0x15, 0x00, 0x00, 0x03, 0x58, 0x89, 0x90,
                                   0x58, 0x95, 0x25, 0x84, 0x00, 0x83, 0x1C, 0x07, 'A',
                                   'P',  'E',  'X',  'O',  'K',  '!',  0x0D, 0x0A};

static GT02_CONN_STORAGE(storage, GT02_CARRY);

/* A place for storage that is no more aligned than its type: to 4 bytes on i386. */
struct client {
    char first;
    GT02_CONN_STORAGE(storage, GT02_CARRY_MIN);
};
#define MISALIGNED (offsetof(struct client, storage) / 2)

static gt02_conn *start(uint32_t options) {
    memset(storage, 0xA5, sizeof storage);
    return gt02_conn_init(storage, sizeof storage, options);
}

static gt02_status next(gt02_conn *conn, const void *data, size_t len, size_t *pos,
                        gt02_item *item) {
    return gt02_conn_next(conn, (const uint8_t *)data, len, pos, item, sizeof *item);
}

/* Whether an id has these digits. */
static int is_id(const gt02_id *id, const char *digits) {
    char text[GT02_ID_SIZE];
    return gt02_id_text(id, text, sizeof text) == strlen(digits) && strcmp(text, digits) == 0;
}

static void ids(void) {
    gt02_id id;
    char text[GT02_ID_SIZE];
    memset(&id, 0, sizeof id);
    CHECK(is_id(&id, ""));
    id.bcd = 0x0123, id.digits = 5;
    CHECK(is_id(&id, "00123"));
    CHECK(gt02_id_text(&id, text, 3) == 5 && strcmp(text, "00") == 0);
    CHECK(gt02_id_text(&id, NULL, 0) == 5);
    CHECK(gt02_id_text(NULL, text, sizeof text) == 0 && text[0] == 0);
    id.digits = 2;
    CHECK(is_id(&id, ""));
    id.bcd = 0x1A, id.digits = 4;
    CHECK(is_id(&id, ""));
    id.bcd = UINT64_C(0x9876543210987654), id.digits = 16;
    CHECK(is_id(&id, "9876543210987654"));
    id.digits = 17;
    CHECK(is_id(&id, ""));
}

static void sms_one_by_one(void) {
    gt02_settings settings;
    gt02_step step;
    const size_t size = sizeof settings, room = sizeof step;
    int what, written = 0;
    memset(&settings, 0, sizeof settings);
    CHECK(gt02_sms_command(0, 1, &settings, size, NULL, &step, room) == GT02_ERR_ARGUMENT);
    CHECK(gt02_sms_command(1, 0, &settings, size, NULL, &step, room) == GT02_ERR_ARGUMENT);
    CHECK(gt02_sms_command(1, 99, &settings, size, NULL, &step, room) == GT02_ERR_ARGUMENT);
    CHECK(gt02_sms_command(1, 1, NULL, size, NULL, &step, room) == GT02_ERR_ARGUMENT);
    CHECK(gt02_sms_command(1, 1, &settings, size, NULL, NULL, room) == GT02_ERR_ARGUMENT);
    CHECK(gt02_sms_command(1, 1, &settings, size, NULL, &step, 8) == GT02_ERR_ARGUMENT);
    settings.interval = 30;
    CHECK(gt02_sms_command(GT02_SET_A, GT02_SMS_INTERVAL, &settings, size, NULL, &step, room) ==
          GT02_DONE);
    CHECK(strcmp(step.text, "GPRSDS,000000,30#") == 0 && step.set == GT02_SET_A);
    CHECK(step.status == GT02_DONE && step.purpose.len > 0);
    settings.password = "123456";
    CHECK(gt02_sms_command(GT02_SET_C, GT02_SMS_INTERVAL, &settings, size, NULL, &step, room) ==
          GT02_DONE);
    CHECK(strcmp(step.text, "#at#30#sum#0#") == 0);
    settings.interval = 5;
    CHECK(gt02_sms_command(GT02_SET_B, GT02_SMS_INTERVAL, &settings, size, NULL, &step, room) ==
          GT02_ERR_RANGE);
    CHECK(gt02_sms_command(GT02_SET_B, GT02_SMS_PASSWORD, &settings, size, "x", &step, room) ==
          GT02_ERR_SYNTAX);
    CHECK(gt02_sms_command(GT02_SET_VSUN, GT02_SMS_ARM, &settings, size, NULL, &step, room) ==
          GT02_ERR_UNSUPPORTED);
    /* Each command is one of some set, and has the purpose that its number says. */
    settings.interval = 60;
    settings.password = NULL;
    settings.apn = "internet";
    settings.host = "example.com";
    settings.port = 5023;
    for (what = GT02_SMS_LOCATE; what <= GT02_SMS_RESET; what++) {
        const char *text = what == GT02_SMS_PASSWORD ? "1234" : "+491701234567";
        int set, found = 0;
        /* In one with the server, the access point has neither. */
        settings.apn_user = settings.apn_password =
            what == GT02_SMS_APN_AND_SERVER ? NULL : "user";
        for (set = GT02_SET_A; set <= GT02_SET_TOPIN; set++)
            found += gt02_sms_command((uint8_t)set, (uint8_t)what, &settings, size, text, &step,
                                      room) == GT02_DONE &&
                     step.text[0] != 0;
        if (found == 0)
            printf("command %d is in no set\n", what);
        written += found > 0;
    }
    CHECK(written == GT02_SMS_RESET);
}

static void deadlines(void) {
    /* The end mark of this frame may also begin the next one, so it waits for silence. */
    static const char FRAME[] = "#356588220000003##";
    gt02_conn *conn = start(0);
    gt02_limits limits;
    gt02_item item;
    size_t pos = 0;
    memset(&limits, 0, sizeof limits);
    CHECK(gt02_conn_deadline(NULL) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_set_clock(NULL, 0) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_timeout(NULL, &item, sizeof item) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_timeout(conn, NULL, sizeof item) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_timeout(conn, &item, 8) == GT02_ERR_ARGUMENT);
    /* Without a clock there are none. */
    CHECK(gt02_conn_deadline(conn) == -1);
    CHECK(gt02_conn_timeout(conn, &item, sizeof item) == GT02_DONE);
    CHECK(gt02_conn_set_limits(conn, &limits, sizeof limits) == GT02_ERR_NO_TIME);
    CHECK(gt02_conn_set_clock(conn, 1000) == GT02_DONE);
    CHECK(gt02_conn_deadline(conn) == 61000);
    CHECK(gt02_conn_set_limits(conn, NULL, sizeof limits) == GT02_ERR_ARGUMENT);
    limits.login_ms = 500;
    CHECK(gt02_conn_set_limits(conn, &limits, sizeof limits) == GT02_DONE);
    CHECK(gt02_conn_deadline(conn) == 1500);
    gt02_conn_set_clock(conn, 1499);
    CHECK(gt02_conn_timeout(conn, &item, sizeof item) == GT02_DONE);
    gt02_conn_set_clock(conn, 1500);
    CHECK(gt02_conn_timeout(conn, &item, sizeof item) == GT02_ITEM && item.what == GT02_NAMELESS);
    CHECK(item.has == 0 && item.bytes.len == 0 && item.reply.len == 0 && item.protocol == 0);
    CHECK(gt02_conn_timeout(conn, &item, sizeof item) == GT02_DONE);
    CHECK(next(conn, FRAME, sizeof FRAME - 1, &pos, &item) == GT02_DONE);
    CHECK(gt02_conn_deadline(conn) == 1800);
    gt02_conn_set_clock(conn, 1800);
    /* The clock does not go back. */
    gt02_conn_set_clock(conn, 5);
    CHECK(gt02_conn_timeout(conn, &item, sizeof item) == GT02_ITEM && item.what == GT02_FRAME);
    CHECK(is_id(&item.device, "356588220000003"));
    CHECK(gt02_conn_timeout(conn, &item, sizeof item) == GT02_DONE);
    CHECK(gt02_conn_deadline(conn) == 1800 + 600000);
    limits.overdue_ms = limits.silence_ms = limits.rest_ms = limits.login_ms = GT02_NEVER;
    limits.dead_ms = 7;
    CHECK(gt02_conn_set_limits(conn, &limits, sizeof limits) == GT02_DONE);
    CHECK(gt02_conn_deadline(conn) == 1807);
    gt02_conn_set_clock(conn, 1807);
    CHECK(gt02_conn_timeout(conn, &item, sizeof item) == GT02_ITEM && item.what == GT02_DEAD);
    CHECK(gt02_conn_deadline(conn) == -1);
}

static void storage_of_the_caller(void) {
    size_t exact = gt02_conn_size(GT02_CARRY_MIN);
    uint64_t *block = (uint64_t *)malloc(exact + 8);
    struct client *client = (struct client *)malloc(sizeof *client);
    CHECK(exact <= GT02_CONN_SIZE(GT02_CARRY_MIN));
    CHECK(gt02_conn_size(1000) - gt02_conn_size(100) == 900);
    CHECK(gt02_conn_size(0) == exact);
    CHECK(gt02_conn_size((size_t)-1) == (size_t)-1);
    CHECK(gt02_conn_init(block, exact, 0) == GT02_CONN(block));
    CHECK(gt02_conn_init(block, exact - 1, 0) == NULL);
    CHECK(gt02_conn_init(block, 0, 0) == NULL);
    CHECK(gt02_conn_init(NULL, exact, 0) == NULL);
    CHECK(gt02_conn_init((char *)block + MISALIGNED, exact, 0) == NULL);
    CHECK(gt02_conn_init(client->storage, sizeof client->storage, 0) ==
          GT02_CONN(client->storage));
    CHECK(gt02_conn_init(block, exact, GT02_OPTION_DOWN) != NULL);
    CHECK(gt02_conn_init(block, exact, UINT32_C(1) << 31) == NULL);
    free(client);
    free(block);
}

static void arguments(void) {
    gt02_conn *conn = start(0);
    gt02_item item, before;
    size_t pos = 0;
    uint64_t zeros[300] = {0};
    memset(&item, 0x5A, sizeof item);
    before = item;
    CHECK(next(NULL, HEARTBEAT, 20, &pos, &item) == GT02_ERR_ARGUMENT);
    CHECK(next(GT02_CONN(zeros), HEARTBEAT, 20, &pos, &item) == GT02_ERR_ARGUMENT);
    CHECK(next(GT02_CONN((char *)storage + MISALIGNED), HEARTBEAT, 20, &pos, &item) ==
          GT02_ERR_ARGUMENT);
    CHECK(next(conn, NULL, 20, &pos, &item) == GT02_ERR_ARGUMENT);
    CHECK(next(conn, HEARTBEAT, 20, NULL, &item) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_next(conn, HEARTBEAT, 20, &pos, NULL, sizeof item) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_next(conn, HEARTBEAT, 20, &pos, &item, sizeof item - 1) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_next(conn, HEARTBEAT, 20, &pos, &item, sizeof &item) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_next(conn, HEARTBEAT, 20, &pos, (gt02_item *)(void *)((char *)zeros + 1),
                         sizeof item) == GT02_ERR_ARGUMENT);
    CHECK(next(conn, HEARTBEAT, (size_t)-1, &pos, &item) == GT02_ERR_ARGUMENT);
    pos = 21;
    CHECK(next(conn, HEARTBEAT, 20, &pos, &item) == GT02_ERR_ARGUMENT);
    CHECK(pos == 21);
    CHECK(gt02_conn_finish(NULL, &item, sizeof item) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_finish(conn, NULL, sizeof item) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_set_time(NULL, 0) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_pending(NULL).len == 0);
    CHECK(gt02_conn_pending_len(NULL) == 0);
    CHECK(gt02_conn_protocol(NULL) == 0);
    CHECK(gt02_conn_device(NULL, NULL, 0) == 0);
    CHECK(gt02_conn_know(conn, conn) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_know(NULL, conn) == GT02_ERR_ARGUMENT);
    CHECK(memcmp(&item, &before, sizeof item) == 0);

    /* NULL with the length 0 is an empty input. */
    pos = 0;
    CHECK(next(conn, NULL, 0, &pos, &item) == GT02_DONE);
    CHECK(gt02_conn_finish(conn, &item, sizeof item) == GT02_DONE);
    CHECK(gt02_sniff(NULL, 0) == GT02_SNIFF_MORE);
    CHECK(gt02_sniff(NULL, 1) == GT02_ERR_ARGUMENT);
}

static void items(void) {
    gt02_conn *conn = start(0);
    gt02_item item;
    uint8_t stream[64];
    size_t pos = 0;
    memcpy(stream, "noise", 5);
    memcpy(stream + 5, HEARTBEAT, sizeof HEARTBEAT);
    CHECK(next(conn, stream, 25, &pos, &item) == GT02_ITEM);
    CHECK(item.what == GT02_NOISE && item.reason == GT02_REASON_GARBAGE);
    CHECK(item.bytes.len == 5 && item.bytes.ptr == stream && pos == 5);
    CHECK(item.has == 0 && item.kind == 0 && item.protocol == 0 && item.device.digits == 0);
    CHECK(item.reply.len == 0 && item.reply.ptr == NULL);
    CHECK(next(conn, stream, 25, &pos, &item) == GT02_ITEM);
    CHECK(item.what == GT02_FRAME && item.protocol == GT02_PROTOCOL_GT02 && pos == 25);
    CHECK(item.kind == GT02_KIND_HEARTBEAT && item.direction == GT02_UP);
    CHECK(item.bytes.ptr == stream + 5 && item.bytes.len == 20);
    CHECK(item.has & GT02_HAS_DEVICE && is_id(&item.device, "358899058314017"));
    CHECK(item.has & GT02_HAS_SERIAL && item.serial == 0xDF);
    CHECK(item.has & GT02_HAS_VOLTAGE_LEVEL && item.voltage_level == 5);
    CHECK(item.has & GT02_HAS_FLAG(GT02_FLAG_BAD_CHECKSUM));
    CHECK(!(item.flags & GT02_FLAG_BAD_CHECKSUM));
    CHECK(!(item.has & (GT02_HAS_POSITION | GT02_HAS_TIME | GT02_HAS_FLAG(GT02_FLAG_DOOR))));
    CHECK(item.identity == GT02_IDENTITY_FIRST);
    CHECK(item.reply.len == 5 && memcmp(item.reply.ptr, "\x54\x68\x1A\x0D\x0A", 5) == 0);
    /* The reply lies in the storage: nothing was allocated. */
    CHECK((const char *)item.reply.ptr > (const char *)storage);
    CHECK((const char *)item.reply.ptr < (const char *)storage + sizeof storage);
    CHECK(next(conn, stream, 25, &pos, &item) == GT02_DONE && pos == 25);
    CHECK(gt02_conn_protocol(conn) == GT02_PROTOCOL_GT02);
    {
        char id[8];
        CHECK(gt02_conn_device(conn, id, sizeof id) == 15 && strcmp(id, "3588990") == 0);
        CHECK(gt02_conn_device(conn, NULL, 0) == 15);
    }
}

static void reads_of_one_byte(void) {
    gt02_conn *conn = start(0);
    gt02_item item;
    size_t i, found = 0;
    for (i = 0; i < sizeof HEARTBEAT; i++) {
        uint8_t byte = HEARTBEAT[i];
        size_t pos = 0;
        while (next(conn, &byte, 1, &pos, &item) == GT02_ITEM) {
            found++;
            CHECK(item.bytes.len == 20 && memcmp(item.bytes.ptr, HEARTBEAT, 20) == 0);
        }
        CHECK(pos == 1);
        if (i == 9) {
            gt02_slice pending = gt02_conn_pending(conn);
            CHECK(pending.len == 10 && memcmp(pending.ptr, HEARTBEAT, 10) == 0);
            CHECK(gt02_conn_pending_len(conn) == 10);
        }
    }
    CHECK(found == 1);
}

static void storage_is_moved(void) {
    gt02_conn *conn = start(0);
    gt02_item item;
    size_t pos = 0;
    uint64_t *moved = (uint64_t *)malloc(sizeof storage);
    CHECK(next(conn, HEARTBEAT, 9, &pos, &item) == GT02_DONE);
    memcpy(moved, storage, sizeof storage);
    memset(storage, 0, sizeof storage);
    CHECK(next(GT02_CONN(moved), HEARTBEAT, 20, &pos, &item) == GT02_ITEM);
    CHECK(item.bytes.len == 20);
    free(moved);
}

static void the_end(void) {
    gt02_conn *conn = start(0);
    gt02_item item;
    size_t pos = 0;
    CHECK(next(conn, HEARTBEAT, 20, &pos, &item) == GT02_ITEM);
    pos = 0;
    CHECK(next(conn, HEARTBEAT, 9, &pos, &item) == GT02_DONE);
    CHECK(gt02_conn_finish(conn, &item, sizeof item) == GT02_ITEM);
    CHECK(item.what == GT02_NOISE && item.reason == GT02_REASON_TRUNCATED && item.bytes.len == 9);
    CHECK(gt02_conn_finish(conn, &item, sizeof item) == GT02_DONE);
    /* It still knows the device, and takes a new stream. */
    CHECK(gt02_conn_device(conn, NULL, 0) == 15);
    pos = 0;
    CHECK(next(conn, HEARTBEAT, 20, &pos, &item) == GT02_ITEM);
    CHECK(item.identity == GT02_IDENTITY_SAME);
}

static void datagrams(void) {
    gt02_conn *conn = start(0);
    gt02_item item;
    uint8_t data[64];
    size_t pos = 0;
    memcpy(data, HEARTBEAT, 20);
    memcpy(data + 20, HEARTBEAT, 20);
    /* What is pending of a stream is dropped. */
    CHECK(next(conn, HEARTBEAT, 9, &pos, &item) == GT02_DONE);
    pos = 0;
    CHECK(gt02_conn_datagram(conn, data, 40, &pos, &item, sizeof item) == GT02_ITEM);
    CHECK(item.what == GT02_FRAME && pos == 20 && item.bytes.ptr == data);
    CHECK(gt02_conn_datagram(conn, data, 39, &pos, &item, sizeof item) == GT02_ERR_ARGUMENT);
    pos = 19;
    CHECK(gt02_conn_datagram(conn, data, 40, &pos, &item, sizeof item) == GT02_ERR_ARGUMENT);
    pos = 20;
    CHECK(gt02_conn_datagram(conn, data, 40, &pos, &item, sizeof item) == GT02_ITEM);
    CHECK(gt02_conn_datagram(conn, data, 40, &pos, &item, sizeof item) == GT02_DONE && pos == 40);
    pos = 0;
    CHECK(gt02_conn_datagram(conn, data, 9, &pos, &item, sizeof item) == GT02_ITEM);
    CHECK(item.what == GT02_NOISE && item.bytes.len == 9 && pos == 9);
    CHECK(gt02_conn_datagram(conn, data, 9, &pos, &item, sizeof item) == GT02_DONE);
    CHECK(gt02_conn_pending_len(conn) == 0);
}

static void sizes_of_later_versions(void) {
    struct {
        gt02_item item;
        uint64_t later;
    } grown;
    struct {
        gt02_command command;
        uint64_t later;
    } command;
    gt02_conn *conn = start(0);
    uint8_t out[64];
    size_t pos = 0, len = 0;
    grown.later = ~UINT64_C(0);
    CHECK(gt02_conn_next(conn, HEARTBEAT, 20, &pos, &grown.item, sizeof grown) == GT02_ITEM);
    CHECK(grown.later == 0 && grown.item.kind == GT02_KIND_HEARTBEAT);
    memset(&command, 0, sizeof command);
    command.command.what = GT02_COMMAND_TEXT;
    command.command.text.ptr = (const uint8_t *)"WHERE,666666#";
    command.command.text.len = 13;
    CHECK(gt02_conn_command(conn, &command.command, sizeof command, out, 64, &len) == GT02_DONE);
    command.later = 1;
    CHECK(gt02_conn_command(conn, &command.command, sizeof command, out, 64, &len) ==
          GT02_ERR_ARGUMENT);
}

static void commands(void) {
    static const uint8_t WHERE[] = {0x88, 0x88, 0x13, 0x1C, 0x11, 0,   0,   0,   0,    'W', 'H',
                                    'E',  'R',  'E',  ',',  '6',  '6', '6', '6', '6',  '6', '#',
                                    0x0D, 0x0A};
    gt02_conn *conn = start(0);
    gt02_item item;
    gt02_command command;
    uint8_t out[64];
    size_t pos = 0, len = 77;
    memset(&command, 0, sizeof command);
    command.what = GT02_COMMAND_TEXT;
    command.text.ptr = (const uint8_t *)"WHERE,666666#";
    command.text.len = 13;
    CHECK(gt02_conn_command(conn, &command, sizeof command, out, 64, &len) ==
          GT02_ERR_NO_PROTOCOL);
    CHECK(next(conn, HEARTBEAT, 20, &pos, &item) == GT02_ITEM);
    CHECK(gt02_conn_command(conn, &command, sizeof command, out, 64, &len) == GT02_DONE);
    CHECK(len == sizeof WHERE && memcmp(out, WHERE, len) == 0);
    CHECK(gt02_conn_command(conn, &command, sizeof command, NULL, 0, &len) == GT02_ERR_BUFFER);
    CHECK(len == sizeof WHERE);
    CHECK(gt02_conn_command(conn, &command, sizeof command, out, 64, NULL) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_command(conn, NULL, sizeof command, out, 64, &len) == GT02_ERR_ARGUMENT);
    CHECK(gt02_conn_command(conn, &command, 4, out, 64, &len) == GT02_ERR_ARGUMENT);
    command.text.ptr = (const uint8_t *)"\xFF";
    command.text.len = 1;
    CHECK(gt02_conn_command(conn, &command, sizeof command, out, 64, &len) == GT02_ERR_SYNTAX);
    command.text.ptr = NULL;
    CHECK(gt02_conn_command(conn, &command, sizeof command, out, 64, &len) == GT02_ERR_ARGUMENT);
    command.text.len = 0;
    command.what = GT02_COMMAND_CLEAR_ALARMS;
    CHECK(gt02_conn_command(conn, &command, sizeof command, out, 64, &len) ==
          GT02_ERR_UNSUPPORTED);
    command.what = 99;
    CHECK(gt02_conn_command(conn, &command, sizeof command, out, 64, &len) == GT02_ERR_ARGUMENT);

    conn = start(0);
    pos = 0;
    CHECK(next(conn, "*HQ,135790246811220,HTBT,100#", 29, &pos, &item) == GT02_ITEM);
    command.what = GT02_COMMAND_CUT_RELAY;
    CHECK(gt02_conn_command(conn, &command, sizeof command, out, 64, &len) == GT02_ERR_NO_TIME);
    CHECK(gt02_conn_set_time(conn, INT64_C(1457182985)) == GT02_DONE);
    CHECK(gt02_conn_command(conn, &command, sizeof command, out, 64, &len) == GT02_DONE);
    CHECK(len == 35 && memcmp(out, "*HQ,135790246811220,S20,130305,1,1#", 35) == 0);
    command.what = GT02_COMMAND_INTERVAL;
    command.number = 70000;
    CHECK(gt02_conn_command(conn, &command, sizeof command, out, 64, &len) == GT02_ERR_RANGE);
}

static void replies_with_the_time(void) {
    gt02_conn *conn = start(0);
    gt02_item item;
    size_t pos = 0;
    CHECK(next(conn, TIME_REQUEST, sizeof TIME_REQUEST, &pos, &item) == GT02_ITEM);
    CHECK(item.kind == GT02_KIND_TIME_REQUEST && item.reply.len == 0);
    CHECK(gt02_conn_set_time(conn, INT64_C(1451347221)) == GT02_DONE);
    pos = 0;
    CHECK(next(conn, TIME_REQUEST, sizeof TIME_REQUEST, &pos, &item) == GT02_ITEM);
    CHECK(item.reply.len == 16 && memcmp(item.reply.ptr, TIME_REPLY, 16) == 0);
    CHECK(gt02_conn_set_time(conn, -1) == GT02_ERR_RANGE);
    pos = 0;
    CHECK(next(conn, TIME_REQUEST, sizeof TIME_REQUEST, &pos, &item) == GT02_ITEM);
    CHECK(item.reply.len == 0);
}

static void options(void) {
    gt02_conn *conn = start(GT02_OPTION_BAD_CHECKSUMS);
    uint64_t *block = (uint64_t *)malloc(gt02_conn_size(64));
    gt02_conn *down = gt02_conn_init(block, gt02_conn_size(64), GT02_OPTION_DOWN);
    gt02_item item;
    uint8_t bad[sizeof TIME_REQUEST];
    size_t pos = 0;
    memcpy(bad, TIME_REQUEST, sizeof bad);
    bad[6] ^= 1;
    CHECK(next(conn, bad, sizeof bad, &pos, &item) == GT02_ITEM);
    CHECK(item.what == GT02_FRAME && item.flags & GT02_FLAG_BAD_CHECKSUM);
    conn = start(0);
    pos = 0;
    CHECK(next(conn, bad, sizeof bad, &pos, &item) == GT02_DONE);
    CHECK(gt02_conn_finish(conn, &item, sizeof item) == GT02_ITEM);
    CHECK(item.what == GT02_NOISE && item.reason == GT02_REASON_CHECKSUM);
    CHECK(gt02_conn_finish(conn, &item, sizeof item) == GT02_DONE);
    pos = 0;
    CHECK(next(conn, HEARTBEAT, 20, &pos, &item) == GT02_ITEM);
    /* The other direction. */
    pos = 0;
    CHECK(next(down, "\x54\x68\x1A\x0D\x0A", 5, &pos, &item) == GT02_ITEM);
    CHECK(item.direction == GT02_DOWN && item.kind == GT02_KIND_ACK && item.reply.len == 0);
    CHECK(item.device.digits == 0 && item.device.bcd == 0);
    CHECK(gt02_conn_know(down, conn) == GT02_DONE);
    pos = 0;
    CHECK(next(down, "\x54\x68\x1A\x0D\x0A", 5, &pos, &item) == GT02_ITEM);
    CHECK(is_id(&item.device, "358899058314017"));
    free(block);
}

static void texts_and_lists(void) {
    gt02_conn *conn = start(0);
    gt02_item item;
    gt02_record records[3];
    gt02_cell cells[4];
    gt02_details details;
    char text[32];
    size_t pos = 0;
    CHECK(next(conn, RESPONSE, sizeof RESPONSE, &pos, &item) == GT02_ITEM);
    CHECK(item.has & GT02_HAS_TEXT);
    CHECK(gt02_item_string(&item, GT02_STRING_TEXT, text, sizeof text) == 7);
    CHECK(strcmp(text, "APEXOK!") == 0);
    CHECK(gt02_item_string(&item, GT02_STRING_TEXT, text, 4) == 7 && strcmp(text, "APE") == 0);
    CHECK(gt02_item_string(&item, GT02_STRING_TEXT, text, 0) == 7 && strcmp(text, "APE") == 0);
    CHECK(gt02_item_string(&item, GT02_STRING_TEXT, NULL, 0) == 7);
    CHECK(gt02_item_string(&item, GT02_STRING_IMSI, text, 4) == 0 && text[0] == 0);
    CHECK(gt02_item_string(&item, 200, text, 4) == 0);
    CHECK(gt02_item_string(NULL, GT02_STRING_TEXT, text, 4) == 0);
    CHECK(gt02_item_cells(&item, cells, sizeof *cells, 4) == 0);
    CHECK(gt02_item_records(&item, NULL, 0, 0) == 0);
    CHECK(gt02_item_details(&item, &details, sizeof details) == GT02_DONE && details.has == 0);
    CHECK(gt02_item_details(&item, &details, 8) == GT02_ERR_ARGUMENT);
    CHECK(gt02_item_details(&item, NULL, sizeof details) == GT02_ERR_ARGUMENT);
    CHECK(gt02_item_details(NULL, &details, sizeof details) == GT02_ERR_ARGUMENT);

    pos = 0;
    CHECK(next(conn, RECORDS, sizeof RECORDS - 1, &pos, &item) == GT02_ITEM);
    CHECK(item.what == GT02_FRAME && item.has & GT02_HAS_RECORDS);
    CHECK(item.has & GT02_HAS_POSITION && item.latitude_e7 == 413874000);
    memset(records, 0x5A, sizeof records);
    CHECK(gt02_item_records(&item, records, sizeof *records, 1) == 2);
    CHECK(records[0].latitude_e7 == item.latitude_e7 && records[1].reserved == 0x5A5A5A5A);
    CHECK(gt02_item_records(&item, records, sizeof *records, 3) == 2);
    CHECK(records[1].latitude_e7 == 413874017 && records[1].speed_e6 == 1852000);
    CHECK(records[1].course_e4 == 637500 && records[1].time.second == 10);
    CHECK(!(records[1].has & GT02_HAS_CELL) && records[1].cell.has == 0);
    CHECK(gt02_item_records(&item, records, 8, 3) == 0);
    CHECK(gt02_record_cells(&item, 1, cells, sizeof *cells, 4) == 0);
    CHECK(gt02_record_cells(&item, 2, cells, sizeof *cells, 4) == 0);
    CHECK(gt02_item_access_points(&item, NULL, 0, 0) == 0);

    conn = start(0);
    pos = 0;
    CHECK(next(conn, NBR, sizeof NBR - 1, &pos, &item) == GT02_ITEM);
    CHECK(item.kind == GT02_KIND_CELL && item.has & GT02_HAS_CELL && item.has & GT02_HAS_CELLS);
    CHECK(item.cell.has == (GT02_CELL_MCC | GT02_CELL_MNC | GT02_CELL_LAC | GT02_CELL_CID));
    CHECK(item.cell.mcc == 460 && item.cell.lac == 9338);
    memset(cells, 0x5A, sizeof cells);
    CHECK(gt02_item_cells(&item, cells, sizeof *cells, 1) == 2);
    CHECK(cells[0].has & GT02_CELL_RSSI && cells[1].lac == 0x5A5A5A5A);

    pos = 0;
    CHECK(next(conn, "noise", 5, &pos, &item) == GT02_ITEM && item.what == GT02_NOISE);
    CHECK(gt02_item_details(&item, &details, sizeof details) == GT02_ERR_ARGUMENT);
    CHECK(gt02_item_string(&item, GT02_STRING_TEXT, NULL, 0) == 0);
}

static void times(void) {
    gt02_time time = {2026, 5, 4, 7, 30, 0, 0}, back;
    int64_t seconds = 0;
    CHECK(gt02_time_unix(&time, 480, &seconds) == GT02_DONE && seconds == INT64_C(1777851000));
    CHECK(gt02_time_from_unix(seconds, 480, &back) == GT02_DONE);
    CHECK(memcmp(&time, &back, sizeof time) == 0);
    CHECK(gt02_time_unix(&time, 1081, &seconds) == GT02_ERR_RANGE);
    time.month = 13;
    CHECK(gt02_time_unix(&time, 0, &seconds) == GT02_ERR_RANGE);
    CHECK(gt02_time_unix(NULL, 0, &seconds) == GT02_ERR_ARGUMENT);
    CHECK(gt02_time_unix(&time, 0, NULL) == GT02_ERR_ARGUMENT);
    CHECK(gt02_time_from_unix(-1, 0, &back) == GT02_ERR_RANGE);
    CHECK(gt02_time_from_unix(seconds, 0, NULL) == GT02_ERR_ARGUMENT);
}

static void names(void) {
    int i;
    CHECK(strcmp(gt02_protocol_name(GT02_PROTOCOL_H02), "h02") == 0);
    CHECK(strcmp(gt02_kind_name(GT02_KIND_ADDRESS_REQUEST), "address_request") == 0);
    CHECK(strcmp(gt02_reason_name(GT02_REASON_OVERSIZE), "oversize") == 0);
    CHECK(strcmp(gt02_alarm_name(GT02_ALARM_POWER_CUT), "power_cut") == 0);
    CHECK(strcmp(gt02_network_name(GT02_NETWORK_LTE), "4G") == 0);
    CHECK(strcmp(gt02_alarm_name(200), "unknown") == 0);
    CHECK(gt02_version_number() == GT02_VERSION_NUMBER);
    CHECK(strcmp(gt02_version(), "0.1.0") == 0);
    for (i = -20; i < 20; i++)
        CHECK(gt02_strerror(i)[0] != 0);
    CHECK(strcmp(gt02_strerror(GT02_ERR_SYNTAX), gt02_strerror(99)) != 0);
}

static void sniffing(void) {
    CHECK(gt02_sniff(HEARTBEAT, 3) == GT02_SNIFF_MORE);
    CHECK(gt02_sniff(HEARTBEAT, 20) == GT02_PROTOCOL_GT02);
    CHECK(gt02_sniff((const uint8_t *)"GET / HTTP/1.1\r\n", 16) == GT02_SNIFF_FOREIGN);
    CHECK(gt02_sniff((const uint8_t *)HANDSHAKE, sizeof HANDSHAKE - 1) == GT02_PROTOCOL_TK103);
    CHECK(gt02_sniff_datagram((const uint8_t *)"#353588020144007##", 18) == GT02_PROTOCOL_V680);
    CHECK(gt02_sniff_datagram(HEARTBEAT, 3) == GT02_SNIFF_FOREIGN);
    CHECK(gt02_sniff_datagram(NULL, 3) == GT02_ERR_ARGUMENT);
}

static void sizes(void) {
    CHECK(gt02_sizeof(GT02_SIZEOF_SLICE) == sizeof(gt02_slice));
    CHECK(gt02_sizeof(GT02_SIZEOF_TIME) == sizeof(gt02_time));
    CHECK(gt02_sizeof(GT02_SIZEOF_DECIMAL) == sizeof(gt02_decimal));
    CHECK(gt02_sizeof(GT02_SIZEOF_CELL) == sizeof(gt02_cell));
    CHECK(gt02_sizeof(GT02_SIZEOF_ITEM) == sizeof(gt02_item));
    CHECK(gt02_sizeof(GT02_SIZEOF_DETAILS) == sizeof(gt02_details));
    CHECK(gt02_sizeof(GT02_SIZEOF_RECORD) == sizeof(gt02_record));
    CHECK(gt02_sizeof(GT02_SIZEOF_ACCESS_POINT) == sizeof(gt02_access_point));
    CHECK(gt02_sizeof(GT02_SIZEOF_COMMAND) == sizeof(gt02_command));
    CHECK(gt02_sizeof(GT02_SIZEOF_DEVICE) == sizeof(gt02_device));
    CHECK(gt02_sizeof(GT02_SIZEOF_UPLINK) == sizeof(gt02_uplink));
    CHECK(gt02_sizeof(GT02_SIZEOF_SETTINGS) == sizeof(gt02_settings));
    CHECK(gt02_sizeof(GT02_SIZEOF_STEP) == sizeof(gt02_step));
    CHECK(gt02_sizeof(GT02_SIZEOF_ANSWER) == sizeof(gt02_answer));
    CHECK(gt02_sizeof(GT02_SIZEOF_ID) == sizeof(gt02_id));
    CHECK(gt02_sizeof(GT02_SIZEOF_LIMITS) == sizeof(gt02_limits));
    CHECK(gt02_sizeof(0) == 0);
}

static gt02_uplink uplink_of(uint8_t kind) {
    gt02_uplink uplink;
    memset(&uplink, 0, sizeof uplink);
    uplink.kind = kind;
    uplink.time.year = 2026;
    uplink.time.month = 5;
    uplink.time.day = 4;
    uplink.time.hour = 7;
    uplink.latitude_e7 = -339249000;
    uplink.longitude_e7 = 184241000;
    uplink.speed_e6 = 36000000;
    uplink.course_e4 = 900000;
    return uplink;
}

/* What a device encodes, a server reports; and the reply is the one that the device waits for. */
static void devices(void) {
    uint8_t protocol;
    gt02_device device;
    gt02_uplink uplink = uplink_of(GT02_KIND_LOCATION);
    gt02_item item;
    uint8_t out[256];
    size_t len = 0, pos = 0;
    memset(&device, 0xA5, sizeof device);
    CHECK(gt02_device_encode(&device, &uplink, sizeof uplink, out, 256, &len) == GT02_ERR_ARGUMENT);
    CHECK(gt02_device_waits(&device) == GT02_ERR_ARGUMENT);
    CHECK(gt02_device_init(&device, sizeof device, 6, "1") == GT02_ERR_ARGUMENT);
    CHECK(gt02_device_init(NULL, sizeof device, 1, "1") == GT02_ERR_ARGUMENT);
    CHECK(gt02_device_init(&device, 8, 1, "1") == GT02_ERR_ARGUMENT);
    CHECK(gt02_device_init(&device, sizeof device, 1, NULL) == GT02_ERR_SYNTAX);
    CHECK(gt02_device_init(&device, sizeof device, 1, "12x") == GT02_ERR_SYNTAX);
    CHECK(gt02_device_init(&device, sizeof device, 1, "12345678901234567") == GT02_ERR_SYNTAX);
    for (protocol = GT02_PROTOCOL_GT02; protocol <= GT02_PROTOCOL_H02; protocol++) {
        gt02_conn *conn = start(0);
        const char *id = protocol == GT02_PROTOCOL_TK103 ? "013612345678" : "353588020144007";
        CHECK(gt02_device_init(&device, sizeof device, protocol, id) == GT02_DONE);
        CHECK(gt02_device_encode(&device, &uplink, sizeof uplink, out, 256, &len) == GT02_DONE);
        pos = 0;
        CHECK(gt02_conn_datagram(conn, out, len, &pos, &item, sizeof item) == GT02_ITEM);
        CHECK(item.protocol == protocol && item.kind == GT02_KIND_LOCATION && pos == len);
        CHECK(item.has & GT02_HAS_POSITION && item.time.year == 2026);
        CHECK(abs(item.latitude_e7 - uplink.latitude_e7) < 200);
        CHECK(abs(item.longitude_e7 - uplink.longitude_e7) < 200);
        CHECK(item.course_e4 == 900000);
        CHECK(item.speed_e6 > 35900000 && item.speed_e6 < 36100000);
        CHECK(gt02_device_encode(&device, &uplink, sizeof uplink, out, 5, &len) == GT02_ERR_BUFFER);
        CHECK(len > 20);
        CHECK(gt02_device_encode(&device, &uplink, sizeof uplink, out, 256, NULL) ==
              GT02_ERR_ARGUMENT);
        CHECK(gt02_device_encode(&device, &uplink, 8, out, 256, &len) == GT02_ERR_ARGUMENT);
        uplink.time.month = 13;
        CHECK(gt02_device_encode(&device, &uplink, sizeof uplink, out, 256, &len) ==
              GT02_ERR_RANGE);
        uplink.time.month = 5;
    }
    {
        gt02_conn *conn = start(0);
        uint8_t reply[64];
        CHECK(gt02_device_init(&device, sizeof device, GT02_PROTOCOL_GT06, "353588020144007") ==
              GT02_DONE);
        uplink.kind = GT02_KIND_LOGIN;
        CHECK(gt02_device_encode(&device, &uplink, sizeof uplink, out, 256, &len) == GT02_DONE);
        CHECK(gt02_device_waits(&device) == 1);
        pos = 0;
        CHECK(next(conn, out, len, &pos, &item) == GT02_ITEM && item.reply.len > 0);
        len = item.reply.len;
        memcpy(reply, item.reply.ptr, len);
        CHECK(gt02_device_is_answer(&device, &item) == 0);
        CHECK(gt02_device_is_answer(&device, NULL) == 0);
        conn = start(GT02_OPTION_DOWN);
        pos = 0;
        CHECK(next(conn, reply, len, &pos, &item) == GT02_ITEM);
        CHECK(gt02_device_is_answer(&device, &item) == 1);
        uplink.kind = GT02_KIND_ALARM;
        uplink.alarm = GT02_ALARM_SOS;
        CHECK(gt02_device_encode(&device, &uplink, sizeof uplink, out, 256, &len) == GT02_DONE);
        pos = 0;
        conn = start(0);
        CHECK(next(conn, out, len, &pos, &item) == GT02_ITEM && item.alarm == GT02_ALARM_SOS);
        uplink.alarm = 200;
        CHECK(gt02_device_encode(&device, &uplink, sizeof uplink, out, 256, &len) ==
              GT02_ERR_ARGUMENT);
        uplink.kind = GT02_KIND_COMMAND;
        CHECK(gt02_device_encode(&device, &uplink, sizeof uplink, out, 256, &len) ==
              GT02_ERR_ARGUMENT);
    }
}

static gt02_status plan(uint8_t set, const gt02_settings *settings, size_t index,
                        gt02_step *step) {
    return gt02_sms_plan(set, settings, sizeof *settings, index, step, sizeof *step);
}

static int32_t verdict(const char *command, const char *answer) {
    return gt02_sms_verdict(GT02_SET_B, command, (const uint8_t *)answer, strlen(answer));
}

static void configuration(void) {
    static const char *const TEXTS[] = {"WHERE,666666#", "APN,666666,internet#",
                                        "SERVER,666666,1,example.com,5022,0#",
                                        "TIMER,666666,,30#"};
    const char *taken = "GPRS:ON;APN:internet,,;Server:1,example.com,5022,0;";
    const char *place = "Lat:N23d 5.1708m,Lon: E114d 23.6212m,Course:120,Speed:53.02,"
                        "DateTime:08-09-12 14:52:36";
    gt02_settings settings;
    gt02_step step;
    gt02_answer answer;
    size_t i;
    memset(&settings, 0, sizeof settings);
    settings.apn = "internet";
    settings.host = "example.com";
    settings.port = 5022;
    settings.interval = 30;
    for (i = 0; i < 4; i++) {
        CHECK(plan(GT02_SET_B, &settings, i, &step) == GT02_ITEM);
        CHECK(step.set == GT02_SET_B && step.status == GT02_DONE);
        CHECK(strcmp(step.text, TEXTS[i]) == 0 && step.purpose.len > 0 && step.expected[0]);
    }
    CHECK(plan(GT02_SET_B, &settings, 4, &step) == GT02_DONE);
    CHECK(plan(GT02_SET_GT02D, &settings, 0, &step) == GT02_ERR_UNSUPPORTED);
    CHECK(plan(0, &settings, 0, &step) == GT02_ERR_ARGUMENT);
    CHECK(plan(GT02_SET_B, &settings, 0, NULL) == GT02_ERR_ARGUMENT);
    CHECK(gt02_sms_plan(GT02_SET_B, NULL, 99, 0, &step, sizeof step) == GT02_ERR_ARGUMENT);
    settings.interval = 1;
    CHECK(plan(GT02_SET_B, &settings, 0, &step) == GT02_ERR_RANGE);
    settings.interval = 30;
    settings.udp = 2;
    CHECK(plan(GT02_SET_B, &settings, 0, &step) == GT02_ERR_ARGUMENT);
    settings.udp = 0;
    settings.apn = "inter net";
    CHECK(plan(GT02_SET_B, &settings, 0, &step) == GT02_ERR_SYNTAX);
    settings.apn = "internet";

    CHECK(gt02_sms_try(0, &settings, sizeof settings, 0, &step, sizeof step) == GT02_ITEM);
    CHECK(step.set == GT02_SET_A && strcmp(step.text, "RJBB,000000#") == 0);
    CHECK(gt02_sms_try(GT02_PROTOCOL_H02, &settings, sizeof settings, 0, &step, sizeof step) ==
          GT02_ITEM);
    CHECK(step.set == GT02_SET_S && strcmp(step.text, "RCONF") == 0);
    CHECK(gt02_sms_try(9, &settings, sizeof settings, 0, &step, sizeof step) == GT02_ERR_ARGUMENT);
    CHECK(gt02_sms_try(0, &settings, sizeof settings, 1000, &step, sizeof step) == GT02_DONE);

    CHECK(verdict("TIMER,666666,,30#", "TIMEROK!") == GT02_VERDICT_DONE);
    CHECK(verdict("TIMER,666666,,30#", "TIMERError: Parameter 2") == GT02_VERDICT_REFUSED);
    CHECK(verdict("TIMER,666666,,30#", "APNOK!") == GT02_VERDICT_UNRELATED);
    CHECK(verdict("nonsense", "APNOK!") == GT02_ERR_SYNTAX);
    CHECK(gt02_sms_verdict(99, "x", NULL, 0) == GT02_ERR_ARGUMENT);
    CHECK(gt02_sms_proof(&settings, sizeof settings, (const uint8_t *)taken, strlen(taken)) ==
          GT02_VERDICT_DONE);
    settings.port = 1;
    CHECK(gt02_sms_proof(&settings, sizeof settings, (const uint8_t *)taken, strlen(taken)) ==
          GT02_VERDICT_REFUSED);

    CHECK(gt02_sms_read((const uint8_t *)place, strlen(place), &answer, sizeof answer) ==
          GT02_DONE);
    CHECK(answer.kind == GT02_ANSWER_LOCATION && answer.has & GT02_HAS_POSITION);
    CHECK(answer.latitude_e7 == 230861800 && answer.speed_e6 == 53020000);
    CHECK(answer.time.year == 2008 && answer.time.second == 36);
    CHECK(gt02_sms_read((const uint8_t *)"APNOK!", 6, &answer, sizeof answer) == GT02_DONE);
    CHECK(answer.kind == GT02_ANSWER_CONFIRMATION && answer.completion == GT02_COMPLETION_DONE);
    CHECK(answer.command.len == 3 && memcmp(answer.command.ptr, "APN", 3) == 0);
    CHECK(gt02_sms_read((const uint8_t *)taken, strlen(taken), &answer, sizeof answer) ==
          GT02_DONE);
    CHECK(answer.kind == GT02_ANSWER_STATUS && answer.port == 5022 && answer.host.len == 11);
    CHECK(gt02_sms_read(NULL, 1, &answer, sizeof answer) == GT02_ERR_ARGUMENT);
    CHECK(gt02_sms_read(NULL, 0, &answer, 8) == GT02_ERR_ARGUMENT);
}

int main(void) {
    storage_of_the_caller();
    arguments();
    items();
    reads_of_one_byte();
    storage_is_moved();
    the_end();
    datagrams();
    sizes_of_later_versions();
    commands();
    replies_with_the_time();
    options();
    texts_and_lists();
    times();
    names();
    sniffing();
    sizes();
    ids();
    deadlines();
    sms_one_by_one();
    devices();
    configuration();
    printf("%d passed, %d failed\n", passed, failed);
    return failed != 0;
}
