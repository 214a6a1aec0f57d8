/* Prints every field of every item of each FILE, as bytes and in reads of READ_SIZE: dump READ_SIZE
 * FILE... What it prints is the same on every machine. */
#include "gt02.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define MOST 256

static void number(const char *name, uint64_t value) {
    if (value != 0)
        printf(" %s=%" PRIu64, name, value);
}

/* Signed numbers have their sign: -1 is no large number. */
static void signed_number(const char *name, int64_t value) {
    if (value != 0)
        printf(" %s=%" PRId64, name, value);
}

static void slice(const char *name, gt02_slice bytes) {
    size_t i;
    if (bytes.len != 0)
        printf(" %s=", name);
    for (i = 0; i < bytes.len; i++)
        printf("%02x", bytes.ptr[i]);
}

static void decimal(const char *name, gt02_decimal value) {
    if (value.digits != 0)
        printf(" %s=%" PRIu64 "e-%d", name, value.digits, value.places);
}

static void id(const char *name, gt02_id value) {
    char text[GT02_ID_SIZE];
    if (gt02_id_text(&value, text, sizeof text) > 0)
        printf(" %s=%s", name, text);
}

static void moment(gt02_time time) {
    if (time.year != 0)
        printf(" time=%d-%d-%dT%d:%d:%d", time.year, time.month, time.day, time.hour, time.minute,
               time.second);
}

static void cell(const char *name, gt02_cell found) {
    if (found.has != 0)
        printf(" %s=%d:%d/%d/%" PRIu32 "/%" PRIu32 "/%d", name, found.has, found.mcc, found.mnc,
               found.lac, found.cid, found.rssi);
}

static void lists(const gt02_item *item) {
    gt02_cell cells[MOST];
    gt02_record records[MOST];
    gt02_access_point points[MOST];
    size_t i, j, count = gt02_item_cells(item, cells, sizeof *cells, MOST);
    for (i = 0; i < count && i < MOST; i++)
        cell("neighbour", cells[i]);
    count = gt02_item_access_points(item, points, sizeof *points, MOST);
    for (i = 0; i < count && i < MOST; i++) {
        gt02_slice mac = {NULL, sizeof points->mac};
        mac.ptr = points[i].mac;
        slice("mac", mac);
        number("point.has", points[i].has);
        signed_number("point.rssi", points[i].rssi);
        slice("ssid", points[i].ssid);
    }
    count = gt02_item_records(item, records, sizeof *records, MOST);
    for (i = 0; i < count && i < MOST; i++) {
        size_t neighbours = gt02_record_cells(item, i, cells, sizeof *cells, MOST);
        number("record.has", records[i].has);
        number("record.speed_e6", records[i].speed_e6);
        moment(records[i].time);
        cell("record.cell", records[i].cell);
        signed_number("record.latitude_e7", records[i].latitude_e7);
        signed_number("record.longitude_e7", records[i].longitude_e7);
        number("record.course_e4", records[i].course_e4);
        for (j = 0; j < neighbours && j < MOST; j++)
            cell("record.neighbour", cells[j]);
    }
}

static void details(const gt02_item *item) {
    gt02_details found;
    if (gt02_item_details(item, &found, sizeof found) != GT02_DONE)
        return;
    number("details.has", found.has);
    decimal("hdop", found.hdop);
    decimal("accuracy", found.accuracy);
    decimal("humidity", found.humidity);
    slice("snr", found.snr);
    slice("card_id", found.card_id);
    signed_number("altitude_m", found.altitude_m);
    signed_number("temperature_e3", found.temperature_e3);
    number("battery_mv", found.battery_mv);
    number("fuel", found.fuel);
    number("steps", found.steps);
    number("ignition_seconds", found.ignition_seconds);
    number("details.flags", found.flags);
    number("csq", found.csq);
    number("network", found.network);
    number("battery_percent", found.battery_percent);
    number("upload_mode", found.upload_mode);
}

static void print_item(const gt02_item *item) {
    uint8_t which;
    printf("%d", item->what);
    number("has", item->has);
    slice("bytes", item->bytes);
    slice("reply", item->reply);
    number("speed_e6", item->speed_e6);
    moment(item->time);
    cell("cell", item->cell);
    signed_number("latitude_e7", item->latitude_e7);
    signed_number("longitude_e7", item->longitude_e7);
    number("course_e4", item->course_e4);
    number("flags", item->flags);
    number("voltage_mv", item->voltage_mv);
    number("odometer", item->odometer);
    number("serial", item->serial);
    number("protocol", item->protocol);
    number("kind", item->kind);
    number("reason", item->reason);
    number("direction", item->direction);
    number("identity", item->identity);
    number("alarm", item->alarm);
    number("alarm_code", item->alarm_code);
    number("satellites", item->satellites);
    number("voltage_level", item->voltage_level);
    number("gsm_level", item->gsm_level);
    id("device", item->device);
    id("imei", item->imei);
    for (which = GT02_STRING_CODE; which <= GT02_STRING_FIRMWARE; which++) {
        char text[4096];
        if (gt02_item_string(item, which, text, sizeof text) > 0)
            printf(" text%d=%s", which, text);
    }
    lists(item);
    details(item);
    printf("\n");
}

static void dump(FILE *file, size_t size, uint32_t options) {
    static GT02_CONN_STORAGE(storage, 4096);
    static uint8_t buffer[65536];
    gt02_conn *conn = gt02_conn_init(storage, sizeof storage, options);
    gt02_item item;
    size_t len;
    gt02_conn_set_time(conn, 1790000000);
    while ((len = fread(buffer, 1, size, file)) > 0) {
        size_t pos = 0;
        while (gt02_conn_next(conn, buffer, len, &pos, &item, sizeof item) == GT02_ITEM)
            print_item(&item);
    }
    while (gt02_conn_finish(conn, &item, sizeof item) == GT02_ITEM)
        print_item(&item);
}

int main(int argc, char **argv) {
    size_t size = argc > 1 ? (size_t)atol(argv[1]) : 0;
    int i;
    if (size == 0 || size > 65536)
        return 2;
    for (i = 2; i < argc; i++) {
        FILE *file = fopen(argv[i], "rb");
        if (file == NULL)
            return 2;
        printf("%s\n", argv[i]);
        dump(file, size, GT02_OPTION_REPLY_TO_ALL);
        rewind(file);
        dump(file, size, GT02_OPTION_DOWN);
        fclose(file);
    }
    return 0;
}
