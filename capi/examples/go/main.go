// Prints the table of decode.c, by cgo: decode FILE [READ_SIZE].
//
// An item points into the storage of its connection and into what was read, and Go moves no pointer
// of its own into C, so both lie in memory of C.
package main

/*
#include <stdlib.h>
#include "gt02.h"
*/
import "C"

import (
	"fmt"
	"io"
	"os"
	"strconv"
	"unsafe"
)

// A Connection is one connection, or one UDP peer. Close frees it.
type Connection struct {
	block, read unsafe.Pointer
	conn        *C.gt02_conn
	item        C.gt02_item
	room        int
}

// NewConnection makes a connection for frames of carry bytes and reads of room bytes.
func NewConnection(carry, room int) *Connection {
	size := C.gt02_conn_size(C.size_t(carry))
	c := &Connection{block: C.malloc(size), read: C.malloc(C.size_t(room)), room: room}
	c.conn = C.gt02_conn_init(c.block, size, 0)
	return c
}

// Close frees the connection.
func (c *Connection) Close() {
	C.free(c.block)
	C.free(c.read)
}

// Buffer is where to read into, before Decode.
func (c *Connection) Buffer() []byte {
	return unsafe.Slice((*byte)(c.read), c.room)
}

// Decode calls each with the items of the first n bytes of the buffer.
func (c *Connection) Decode(n int, each func(*C.gt02_item)) {
	var pos C.size_t
	for C.gt02_conn_next(c.conn, (*C.uint8_t)(c.read), C.size_t(n), &pos, &c.item,
		C.size_t(unsafe.Sizeof(c.item))) == C.GT02_ITEM {
		each(&c.item)
	}
}

// Finish calls each with what is pending: at the end, and after a silence.
func (c *Connection) Finish(each func(*C.gt02_item)) {
	for C.gt02_conn_finish(c.conn, &c.item, C.size_t(unsafe.Sizeof(c.item))) == C.GT02_ITEM {
		each(&c.item)
	}
}

// Digits are those of an id.
func digits(id C.gt02_id) string {
	return fmt.Sprintf("%0*x", int(id.digits), uint64(id.bcd))
}

func print(item *C.gt02_item) {
	if item.what == C.GT02_NOISE {
		fmt.Printf("noise\t%s\t%d\n", C.GoString(C.gt02_reason_name(item.reason)), item.bytes.len)
		return
	}
	has := func(bit C.uint64_t) bool { return item.has&bit != 0 }
	device, time, place, speed, alarm := "-", "-", "-\t-", "-", "-"
	if has(C.GT02_HAS_DEVICE) {
		device = digits(item.device)
	}
	if has(C.GT02_HAS_TIME) {
		t := item.time
		time = fmt.Sprintf("%04d-%02d-%02dT%02d:%02d:%02d", t.year, t.month, t.day, t.hour,
			t.minute, t.second)
	}
	if has(C.GT02_HAS_POSITION) {
		place = fmt.Sprintf("%.6f\t%.6f", float64(item.latitude_e7)/1e7,
			float64(item.longitude_e7)/1e7)
	}
	if has(C.GT02_HAS_SPEED) {
		speed = fmt.Sprintf("%.2f", float64(item.speed_e6)/1e6)
	}
	if has(C.GT02_HAS_ALARM) {
		alarm = C.GoString(C.gt02_alarm_name(item.alarm))
	}
	reply := C.GoBytes(unsafe.Pointer(item.reply.ptr), C.int(item.reply.len))
	fmt.Printf("%s\t%s\t%s\t%s\t%s\t%s\t%s\t%x\n", C.GoString(C.gt02_protocol_name(item.protocol)),
		C.GoString(C.gt02_kind_name(item.kind)), device, time, place, speed, alarm, reply)
}

func main() {
	if len(os.Args) < 2 {
		fmt.Fprintln(os.Stderr, "usage: decode FILE [READ_SIZE]")
		os.Exit(2)
	}
	size := 1460
	if len(os.Args) > 2 {
		size, _ = strconv.Atoi(os.Args[2])
	}
	file, err := os.Open(os.Args[1])
	if err != nil || size < 1 {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	connection := NewConnection(4096, size)
	defer connection.Close()
	for {
		n, err := io.ReadFull(file, connection.Buffer())
		connection.Decode(n, print)
		if err != nil {
			break
		}
	}
	connection.Finish(print)
}
