// Items out of the reads of a capture: each connection has a decoder for each direction.

/** Calls `see` with each item, which gets its `connection`, and, if known, when it was received. */
export class Decoding {
  constructor(gt02, see, options = {}) {
    [this.gt02, this.see, this.options] = [gt02, see, options];
    this.connections = new Map();
  }

  add(read) {
    const connection = this.#connection(read.connection);
    if (read.direction) this.#decode(connection, read, read.direction);
    else if (connection.device) this.#decode(connection, read);
    else this.#settle(connection, read);
  }

  /** What is pending at the end. */
  finish() {
    for (const connection of this.connections.values()) {
      if (connection.held.length > 0) {
        // The device has the larger port.
        const port = (end) => Number(end.split(":").pop());
        const [a, b] = connection.held[0].ends;
        connection.device = port(a) > port(b) ? a : b;
        this.#release(connection);
      }
      for (const direction of ["up", "down"])
        this.#give(connection, direction, connection[direction].finish());
    }
  }

  #connection(name) {
    if (!this.connections.has(name)) {
      const up = this.gt02.connect(this.options);
      const down = this.gt02.connect({ ...this.options, down: true });
      this.connections.set(name, { name, up, down, held: [], probes: {} });
    }
    return this.connections.get(name);
  }

  /** Holds reads until a frame tells who the device is: its sender, unless only servers send it. */
  #settle(connection, read) {
    const [from, to] = read.ends;
    connection.held.push(read);
    const probe = (connection.probes[from] ??= this.gt02.connect(this.options));
    const items = read.udp ? probe.datagram(read.bytes) : probe.feed(read.bytes);
    const frame = items.find((item) => item.kind !== "noise");
    if (!frame) return;
    connection.device = ["ack", "command"].includes(frame.kind) ? to : from;
    this.#release(connection);
  }

  #release(connection) {
    connection.held.forEach((read) => this.#decode(connection, read));
    connection.held = [];
  }

  #decode(connection, { ends, udp, at, gap, bytes },
    direction = ends[0] === connection.device ? "up" : "down") {
    const { up, down } = connection;
    // A frame does not go on after bytes that are missing.
    if (gap) this.#give(connection, direction, connection[direction].finish(), at);
    if (at) up.setTime(at);
    // Whom a frame of the server is for, only what the device sent tells.
    if (direction === "down") down.know(up);
    const decoder = connection[direction];
    this.#give(connection, direction, udp ? decoder.datagram(bytes) : decoder.feed(bytes), at);
  }

  #give({ name }, direction, items, received) {
    for (const item of items) {
      if (direction === "down") item.direction = "down";
      this.see({ connection: name, received, item });
    }
  }
}
