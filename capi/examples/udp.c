/* A UDP server for all protocols: udp PORT. It answers, and prints a line for each frame with a
 * position. Each peer has a connection, which knows the device after its login. POSIX. */
#define _POSIX_C_SOURCE 200809L
#include "gt02.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#define MOST_PEERS 1000

struct peer {
    struct sockaddr_in address;
    unsigned long heard; /* The number of its last datagram; 0 if nobody is here. */
    /* Nothing of a datagram is kept, so the smallest buffer is enough. */
    GT02_CONN_STORAGE(storage, GT02_CARRY_MIN);
};

static struct peer peers[MOST_PEERS];

/* The connection of a peer: the one that it has, or that of the peer not heard for longest, made
 * new. Anybody can make up addresses, so their number is bounded. */
static gt02_conn *connection_of(const struct sockaddr_in *address) {
    static unsigned long datagrams;
    struct peer *peer = peers, *oldest = peers;
    for (; peer < peers + MOST_PEERS; peer++) {
        if (peer->heard != 0 && peer->address.sin_port == address->sin_port &&
            peer->address.sin_addr.s_addr == address->sin_addr.s_addr)
            break;
        if (peer->heard < oldest->heard)
            oldest = peer;
    }
    if (peer == peers + MOST_PEERS) {
        peer = oldest;
        peer->address = *address;
        gt02_conn_init(peer->storage, sizeof peer->storage, 0);
    }
    peer->heard = ++datagrams;
    return GT02_CONN(peer->storage);
}

static void print_item(const gt02_item *item) {
    char device[GT02_ID_SIZE];
    gt02_id_text(&item->device, device, sizeof device);
    if (item->what == GT02_NOISE)
        printf("%lu bytes of noise: %s\n", (unsigned long)item->bytes.len,
               gt02_reason_name(item->reason));
    else if (item->has & GT02_HAS_POSITION)
        printf("%s %s %.6f %.6f\n", device, gt02_kind_name(item->kind), item->latitude_e7 / 1e7,
               item->longitude_e7 / 1e7);
    fflush(stdout);
}

int main(int argc, char **argv) {
    static uint8_t data[65536];
    struct sockaddr_in own = {0};
    int udp = socket(AF_INET, SOCK_DGRAM, 0);
    own.sin_family = AF_INET;
    own.sin_port = htons((uint16_t)(argc == 2 ? atoi(argv[1]) : 0));
    if (argc != 2 || bind(udp, (struct sockaddr *)&own, sizeof own) < 0) {
        fprintf(stderr, "usage: udp PORT, which is free\n");
        return 2;
    }
    for (;;) {
        struct sockaddr_in from;
        socklen_t from_len = sizeof from;
        ssize_t len = recvfrom(udp, data, sizeof data, 0, (struct sockaddr *)&from, &from_len);
        gt02_conn *conn;
        gt02_item item;
        size_t pos = 0;
        if (len < 0)
            continue;
        conn = connection_of(&from);
        gt02_conn_set_time(conn, (int64_t)time(NULL));
        while (gt02_conn_datagram(conn, data, (size_t)len, &pos, &item, sizeof item) == GT02_ITEM) {
            print_item(&item);
            if (item.reply.len)
                sendto(udp, item.reply.ptr, item.reply.len, 0, (struct sockaddr *)&from, from_len);
        }
    }
}
