/* Many connections at once: each thread has its own, and all read the constants of the library and
 * one connection that nobody changes. For helgrind or the thread sanitizer, which find what two
 * threads use at the same time. */
#define _POSIX_C_SOURCE 200809L
#include "gt02.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define THREADS 4
#define ROUNDS 25

static const char STREAM[] = "(013612345678BP00353588020144007HSO)garbage"
                             "*HQ,4109120456,V1,100005,A,4722.1000,N,00832.0000,E,012.00,080,"
                             "040526,FFFFFFFF#\x78\x78\x05\x8A\x00\x06\x88\x29\x0D\x0A";

static GT02_CONN_STORAGE(shared, GT02_CARRY_MIN);

static size_t decode(gt02_conn *conn, size_t piece) {
    const uint8_t *data = (const uint8_t *)STREAM;
    const size_t len = sizeof STREAM - 1;
    size_t at, frames = 0;
    gt02_item item;
    char text[32];
    for (at = 0; at < len; at += piece) {
        size_t part = len - at < piece ? len - at : piece, pos = 0;
        while (gt02_conn_next(conn, data + at, part, &pos, &item, sizeof item) == GT02_ITEM) {
            frames += item.what == GT02_FRAME;
            gt02_item_string(&item, GT02_STRING_CODE, text, sizeof text);
            gt02_id_text(&item.device, text, sizeof text);
        }
    }
    while (gt02_conn_finish(conn, &item, sizeof item) == GT02_ITEM)
        frames += item.what == GT02_FRAME;
    return frames;
}

static void *work(void *number) {
    static const gt02_command locate = {{NULL, 0}, 0, GT02_COMMAND_LOCATE, {0}};
    GT02_CONN_STORAGE(storage, GT02_CARRY);
    size_t *frames = (size_t *)number, round, written;
    uint8_t out[64];
    for (round = 0; round < ROUNDS; round++) {
        gt02_conn *conn = gt02_conn_init(storage, sizeof storage, 0);
        const gt02_conn *one = (const gt02_conn *)(const void *)shared;
        gt02_conn_set_time(conn, 1790000000);
        *frames += decode(conn, round + 1);
        gt02_conn_command(one, &locate, sizeof locate, out, sizeof out, &written);
        gt02_conn_know(conn, one);
        if (strcmp(gt02_kind_name(GT02_KIND_LOGIN), "login") != 0 || gt02_version_number() == 0)
            *frames = 0;
    }
    return NULL;
}

int main(void) {
    pthread_t threads[THREADS];
    size_t frames[THREADS] = {0}, i;
    decode(gt02_conn_init(shared, sizeof shared, 0), 7);
    for (i = 0; i < THREADS; i++)
        if (pthread_create(&threads[i], NULL, work, &frames[i]) != 0)
            return 2;
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (i = 0; i < THREADS; i++)
        if (frames[i] != 3 * ROUNDS) {
            printf("thread %lu: %lu frames\n", (unsigned long)i, (unsigned long)frames[i]);
            return 1;
        }
    printf("%d threads, %d frames each\n", THREADS, 3 * ROUNDS);
    return 0;
}
