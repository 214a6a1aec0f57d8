/* Prints a table of what a tracker sent: decode FILE [READ_SIZE]. */
#include "gt02.h"

#include <stdio.h>
#include <stdlib.h>

static void print_item(const gt02_item *item) {
    char device[GT02_ID_SIZE];
    size_t i;
    if (item->what == GT02_NOISE) {
        printf("noise\t%s\t%lu\n", gt02_reason_name(item->reason), (unsigned long)item->bytes.len);
        return;
    }
    gt02_id_text(&item->device, device, sizeof device);
    printf("%s\t%s\t%s", gt02_protocol_name(item->protocol), gt02_kind_name(item->kind),
           item->has & GT02_HAS_DEVICE ? device : "-");
    if (item->has & GT02_HAS_TIME)
        printf("\t%04d-%02d-%02dT%02d:%02d:%02d", item->time.year, item->time.month, item->time.day,
               item->time.hour, item->time.minute, item->time.second);
    else
        printf("\t-");
    if (item->has & GT02_HAS_POSITION)
        printf("\t%.6f\t%.6f", item->latitude_e7 / 1e7, item->longitude_e7 / 1e7);
    else
        printf("\t-\t-");
    if (item->has & GT02_HAS_SPEED)
        printf("\t%.2f", (double)item->speed_e6 / 1e6);
    else
        printf("\t-");
    printf("\t%s\t", item->has & GT02_HAS_ALARM ? gt02_alarm_name(item->alarm) : "-");
    for (i = 0; i < item->reply.len; i++)
        printf("%02x", item->reply.ptr[i]);
    printf("\n");
}

int main(int argc, char **argv) {
    static GT02_CONN_STORAGE(storage, 4096);
    static uint8_t buffer[65536];
    gt02_conn *conn = gt02_conn_init(storage, sizeof storage, 0);
    gt02_item item;
    size_t len, size = argc > 2 ? (size_t)atol(argv[2]) : 1460;
    FILE *file = argc > 1 ? fopen(argv[1], "rb") : NULL;
    if (file == NULL || size == 0 || size > sizeof buffer) {
        fprintf(stderr, "usage: decode FILE [READ_SIZE]\n");
        return 2;
    }
    while ((len = fread(buffer, 1, size, file)) > 0) {
        size_t pos = 0;
        while (gt02_conn_next(conn, buffer, len, &pos, &item, sizeof item) == GT02_ITEM)
            print_item(&item);
    }
    while (gt02_conn_finish(conn, &item, sizeof item) == GT02_ITEM)
        print_item(&item);
    fclose(file);
    return 0;
}
