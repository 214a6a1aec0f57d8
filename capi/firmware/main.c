/* A firmware in C, without a C library: it reads frames of all protocols from a modem, in pieces, and
 * answers them. It runs in QEMU, and ends with status 1 if a result is wrong. */
#include "gt02.h"

/* The bytes between devices and a server; the beginning of a frame is cut short. */
static const uint8_t STREAM[] =
    "\x00\x68\x00"
    "\x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33\x00\x01\x10\x0D\x01\x0F\x13\x20\x0B"
    "\x06\x17\xCC\xBE\x04\x2A\x45\x9E\x00\x00\x00\x01\x61\x6F\x00\x00\x00\x07\x0D\x0A"
    "\x68\x68\x25\x14\x55\x08\x64\x71\x70\x03\x45\x58\x33\x00\x02\x10\x0D\x01\x0F\x13"
    "\x68\x68\x0F\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00\xDF\x1A\x00\x00\x0D\x0A"
    "\x78\x78\x0D\x01\x03\x56\x31\x40\x41\x41\x98\x58\x00\x01\x4E\x13\x0D\x0A"
    "(013612345678BP00353588020144007HSO)"
    "#353588020140007##1#0000#AUT#1#V#0210.1160,E,4123.2440,N,0.00,62.75#040526#100000##"
    "*HQ,4109120456,V1,100005,A,4722.1000,N,00832.0000,E,012.00,080,040526,FFFFFFFF#";

static GT02_CONN_STORAGE(storage, 260);

/* What the modem sends: the compiler does not see it. */
static volatile uint8_t uart;

static void send(gt02_slice bytes) {
    size_t i;
    for (i = 0; i < bytes.len; i++)
        uart = bytes.ptr[i];
}

static struct {
    uint32_t frames, replies, positions, noise, protocols;
} seen;

static void take(const gt02_item *item) {
    if (item->what == GT02_NOISE) {
        seen.noise += item->bytes.len;
        return;
    }
    seen.frames++;
    seen.protocols |= UINT32_C(1) << item->protocol;
    seen.positions += (item->has & GT02_HAS_POSITION) != 0;
    seen.replies += item->reply.len != 0;
    send(item->reply);
}

static int is_right(void) {
    gt02_conn *conn = gt02_conn_init(storage, sizeof storage, 0);
    const size_t len = sizeof STREAM - 1;
    size_t at, piece = 1;
    gt02_item item;
    gt02_conn_set_time(conn, 1790000000);
    for (at = 0; at < len; at += piece) {
        size_t pos = 0;
        piece = piece % 31 + 1;
        if (piece > len - at)
            piece = len - at;
        while (gt02_conn_next(conn, STREAM + at, piece, &pos, &item, sizeof item) == GT02_ITEM)
            take(&item);
    }
    while (gt02_conn_finish(conn, &item, sizeof item) == GT02_ITEM)
        take(&item);
    return seen.frames == 6 && seen.positions == 3 && seen.noise == 23 && seen.replies == 4 &&
           seen.protocols == 62;
}

/* ---- Around it ---- */

extern uint32_t __data_start[], __data_end[], __data_load[], __bss_start[], __bss_end[];
extern uint32_t __stack_top[];

/* Ends QEMU, by semihosting. */
static void quit(uint32_t status) {
    uint32_t block[2];
    register uint32_t operation __asm__("r0") = 0x20; /* SYS_EXIT_EXTENDED */
    register uint32_t *argument __asm__("r1") = block;
    block[0] = 0x20026; /* ADP_Stopped_ApplicationExit */
    block[1] = status;
    for (;;)
        __asm__ volatile("bkpt 0xab" : : "r"(operation), "r"(argument) : "memory");
}

static void fault(void) {
    quit(2);
}

void start(void);
void start(void) {
    uint32_t *from = __data_load, *to;
    for (to = __data_start; to < __data_end; to++)
        *to = *from++;
    for (to = __bss_start; to < __bss_end; to++)
        *to = 0;
    quit(!is_right());
}

/* Where a Cortex-M finds its stack, and what to do. */
__attribute__((section(".start"), used)) static const struct {
    uint32_t *stack;
    void (*handlers[3])(void);
} vectors = {__stack_top, {start, fault, fault}};
