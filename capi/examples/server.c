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
/* Milliseconds without a byte after which the rest of a frame will not come. */
#define SILENCE 5000

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

/* Decides what is pending of a silent client. Returns whether its socket takes the replies. */
static int settle(gt02_conn *conn, int socket) {
    gt02_item item;
    gt02_conn_set_time(conn, (int64_t)time(NULL));
    while (gt02_conn_finish(conn, &item, sizeof item) == GT02_ITEM) {
        handle(&item);
        if (item.reply.len && send(socket, item.reply.ptr, item.reply.len, MSG_NOSIGNAL) < 0)
            return 0;
    }
    return 1;
}

static int serve_stream(gt02_conn *conn, int socket) {
    static uint8_t data[4096];
    ssize_t len = recv(socket, data, sizeof data, 0);
    size_t pos = 0;
    gt02_item item;
    if (len <= 0) {
        settle(conn, socket);
        return 0;
    }
    gt02_conn_set_time(conn, (int64_t)time(NULL));
    while (gt02_conn_next(conn, data, (size_t)len, &pos, &item, sizeof item) == GT02_ITEM) {
        handle(&item);
        /* A server of more than a test keeps what the socket does not take at once. */
        if (item.reply.len && send(socket, item.reply.ptr, item.reply.len, MSG_NOSIGNAL) < 0)
            return 0;
    }
    return 1;
}

static void serve_datagram(int socket) {
    /* A connection for each datagram: only answers that need to know the device want one for each
     * peer. */
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
        int ready = poll(sockets, count, SILENCE);
        for (i = count; i-- > 2;) {
            struct client *client = clients[i - 2];
            gt02_conn *conn = (gt02_conn *)(void *)client->storage;
            int lives = 1;
            if (ready == 0)
                lives = settle(conn, sockets[i].fd);
            else if (sockets[i].revents)
                lives = serve_stream(conn, sockets[i].fd);
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
            gt02_conn_init(client->storage, sizeof client->storage, 0);
            clients[count - 2] = client;
            sockets[count].fd = fd;
            sockets[count].events = POLLIN;
            sockets[count].revents = 0;
            count++;
        }
    }
}
