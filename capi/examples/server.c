/* A server for all protocols, TCP and UDP on one port: server PORT. It answers, and prints a line
 * for each frame with a position. POSIX. */
#define _POSIX_C_SOURCE 200809L
#include "gt02.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define MOST_CLIENTS 1000

struct client {
    GT02_CONN_STORAGE(storage, GT02_CARRY);
};

static struct client *clients[MOST_CLIENTS];
static struct pollfd sockets[2 + MOST_CLIENTS];

static void handle(const gt02_item *item) {
    char device[GT02_ID_SIZE];
    gt02_id_text(&item->device, device, sizeof device);
    if (item->what == GT02_NOISE)
        printf("%lu bytes of noise: %s\n", (unsigned long)item->bytes.len,
               gt02_reason_name(item->reason));
    else if (item->has & GT02_HAS_POSITION)
        printf("%s %s %.6f %.6f\n", device, gt02_kind_name(item->kind),
               item->latitude_e7 / 1e7, item->longitude_e7 / 1e7);
    fflush(stdout);
}

/* Milliseconds on a clock that is never set back. */
static int64_t clock_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Handles an item, and sends its reply. Returns whether the connection goes on. */
static int serve_item(const gt02_item *item, int socket) {
    if (item->what == GT02_NAMELESS || item->what == GT02_DEAD)
        return 0;
    handle(item);
    /* A server of more than a test keeps what the socket does not take at once. */
    return item->reply.len == 0 ||
           send(socket, item->reply.ptr, item->reply.len, MSG_NOSIGNAL) >= 0;
}

/* What no byte came for. */
static int serve_silence(gt02_conn *conn, int socket) {
    gt02_item item;
    while (gt02_conn_timeout(conn, &item, sizeof item) == GT02_ITEM)
        if (!serve_item(&item, socket))
            return 0;
    return 1;
}

static int serve_stream(gt02_conn *conn, int socket) {
    static uint8_t data[4096];
    ssize_t len = recv(socket, data, sizeof data, 0);
    size_t pos = 0;
    gt02_item item;
    gt02_conn_set_time(conn, (int64_t)time(NULL));
    if (len <= 0) {
        while (gt02_conn_finish(conn, &item, sizeof item) == GT02_ITEM)
            serve_item(&item, socket);
        return 0;
    }
    while (gt02_conn_next(conn, data, (size_t)len, &pos, &item, sizeof item) == GT02_ITEM)
        if (!serve_item(&item, socket))
            return 0;
    return 1;
}

/* How long poll() may wait, so that no deadline passes; -1 if there is none. */
static int wait_ms(nfds_t count) {
    int64_t first = -1, now = clock_ms();
    nfds_t i;
    for (i = 2; i < count; i++) {
        int64_t at = gt02_conn_deadline(GT02_CONN(clients[i - 2]->storage));
        if (at >= 0 && (first < 0 || at < first))
            first = at;
    }
    if (first < 0)
        return -1;
    return first <= now ? 0 : first - now > 60000 ? 60000 : (int)(first - now);
}

static void serve_datagram(int socket) {
    /* A connection for each datagram, so frames that name no device have none: udp.c keeps one for
     * each peer. */
    static GT02_CONN_STORAGE(storage, GT02_CARRY_MIN);
    static uint8_t data[65536];
    gt02_conn *conn = gt02_conn_init(storage, sizeof storage, 0);
    struct sockaddr_in peer;
    socklen_t peer_len = sizeof peer;
    ssize_t len = recvfrom(socket, data, sizeof data, 0, (struct sockaddr *)&peer, &peer_len);
    size_t pos = 0;
    gt02_item item;
    if (len <= 0)
        return;
    gt02_conn_set_time(conn, (int64_t)time(NULL));
    while (gt02_conn_datagram(conn, data, (size_t)len, &pos, &item, sizeof item) == GT02_ITEM) {
        handle(&item);
        if (item.reply.len)
            sendto(socket, item.reply.ptr, item.reply.len, 0, (struct sockaddr *)&peer, peer_len);
    }
}

static int listen_on(int type, const char *port) {
    struct sockaddr_in address;
    int yes = 1, listener = socket(AF_INET, type, 0);
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_port = htons((uint16_t)atoi(port));
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, sizeof address) < 0 ||
        (type == SOCK_STREAM && listen(listener, 16) < 0)) {
        perror(port);
        exit(1);
    }
    return listener;
}

int main(int argc, char **argv) {
    nfds_t count = 2, i;
    if (argc != 2) {
        fprintf(stderr, "usage: server PORT\n");
        return 2;
    }
    sockets[0].fd = listen_on(SOCK_STREAM, argv[1]);
    sockets[1].fd = listen_on(SOCK_DGRAM, argv[1]);
    sockets[0].events = sockets[1].events = POLLIN;
    for (;;) {
        if (poll(sockets, count, wait_ms(count)) < 0)
            continue;
        for (i = count; i-- > 2;) {
            struct client *client = clients[i - 2];
            gt02_conn *conn = GT02_CONN(client->storage);
            int lives = 1;
            gt02_conn_set_clock(conn, (uint64_t)clock_ms());
            if (sockets[i].revents)
                lives = serve_stream(conn, sockets[i].fd);
            lives = lives && serve_silence(conn, sockets[i].fd);
            if (!lives) {
                close(sockets[i].fd);
                free(client);
                count--;
                sockets[i] = sockets[count];
                clients[i - 2] = clients[count - 2];
            }
        }
        if (sockets[1].revents)
            serve_datagram(sockets[1].fd);
        if (sockets[0].revents) {
            int fd = accept(sockets[0].fd, NULL, NULL);
            struct client *client = count < 2 + MOST_CLIENTS ? malloc(sizeof *client) : NULL;
            if (fd < 0 || client == NULL) {
                free(client);
                if (fd >= 0)
                    close(fd);
                continue;
            }
            gt02_conn_set_clock(gt02_conn_init(client->storage, sizeof client->storage, 0),
                                (uint64_t)clock_ms());
            clients[count - 2] = client;
            sockets[count].fd = fd;
            sockets[count].events = POLLIN;
            sockets[count].revents = 0;
            count++;
        }
    }
}
