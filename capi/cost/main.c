/* The decoder and a session in C, as main.rs has them in Rust: cost FILE PASSES. */
#include "gt02.h"

#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv) {
    static GT02_CONN_STORAGE(storage, 1024);
    static uint8_t stream[1 << 20];
    gt02_conn *conn = gt02_conn_init(storage, sizeof storage, 0);
    FILE *file = argc == 3 ? fopen(argv[1], "rb") : NULL;
    size_t passes = argc == 3 ? (size_t)atol(argv[2]) : 0, sum = 0, len;
    gt02_item item;
    if (file == NULL) {
        fprintf(stderr, "usage: cost FILE PASSES\n");
        return 2;
    }
    len = fread(stream, 1, sizeof stream, file);
    fclose(file);
    for (; passes > 0; passes--) {
        size_t start, read;
        for (start = 0; start < len; start += read) {
            size_t pos = 0;
            read = len - start < 1460 ? len - start : 1460;
            const uint8_t *data = stream + start;
            while (gt02_conn_next(conn, data, read, &pos, &item, sizeof item) == GT02_ITEM)
                sum += 1 + item.reply.len;
        }
    }
    printf("%lu\n", (unsigned long)sum);
    return 0;
}
