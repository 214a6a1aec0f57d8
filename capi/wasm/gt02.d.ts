/** A cell of a mobile network; each value only if it was sent. */
export interface Cell { mcc?: number; mnc?: number; lac?: number; cid?: number; rssi?: number }

/** A Wi-Fi access point. */
export interface AccessPoint { mac: string; rssi?: number; ssid?: string }

/** A position, with what was measured with it. */
export interface Place {
  /** `YYYY-MM-DDThh:mm:ss` by the device's clock, without a zone. */
  time?: string;
  latitude?: number;
  longitude?: number;
  speed_kmh?: number;
  course?: number;
  cell?: Cell;
  cells?: Cell[];
}

/** Bytes that belong to no frame. */
export interface Noise {
  kind: "noise";
  reason: "garbage" | "truncated" | "checksum" | "oversize" | "unknown";
  raw: Uint8Array;
}

/** A frame, by the names of docs/json.md; what is not known is left out. */
export interface Report extends Place {
  protocol: "gt02" | "gt06" | "tk103" | "v680" | "h02" | "unknown";
  kind: "login" | "location" | "heartbeat" | "alarm" | "response" | "cell" | "info"
    | "time_request" | "address_request" | "command" | "ack" | "unknown";
  raw: Uint8Array;
  /** The bytes to send back. */
  reply?: Uint8Array;
  direction?: "down";
  code?: string;
  device?: string;
  imei?: string;
  serial?: number;
  valid?: boolean;
  satellites?: number;
  alarm?: string;
  alarm_code?: number;
  voltage_level?: number;
  gsm_level?: number;
  charging?: boolean;
  ignition?: boolean;
  relay_cut?: boolean;
  armed?: boolean;
  gps_tracking?: boolean;
  voltage?: number;
  odometer?: number;
  resent?: boolean;
  text?: string;
  records?: Place[];
  snr?: number[];
  hdop?: number;
  accuracy?: number;
  altitude?: number;
  access_points?: AccessPoint[];
  csq?: number;
  network?: string;
  battery_percent?: number;
  battery_voltage?: number;
  temperature?: number;
  humidity?: number;
  door?: boolean;
  motion?: boolean;
  fuel?: number;
  steps?: number;
  ignition_seconds?: number;
  upload_mode?: number;
  card_id?: string;
  imsi?: string;
  iccid?: string;
  firmware?: string;
}

export type Item = Report | Noise;

/** One connection, or one UDP peer. */
export interface Connection {
  /** The server's clock, for replies that carry the time. */
  setTime(date: Date): void;
  /** Knows the device that another connection knows: for the two directions of one. */
  know(other: Connection): void;
  /** The items of the stream, which goes on with these bytes. */
  feed(bytes: Uint8Array): Item[];
  /** The items of one datagram. */
  datagram(bytes: Uint8Array): Item[];
  /** What is pending, decided: at the end, and after a silence. */
  finish(): Item[];
}

export interface Library {
  version(): string;
  /** The library once more, with a memory of its own: that of one is only given back as a whole. */
  again(): Promise<Library>;
  connect(options?: {
    carry?: number;
    badChecksums?: boolean;
    replyToAll?: boolean;
    /** The bytes come from the server. */
    down?: boolean;
  }): Connection;
}

/** Instantiates the library from its bytes, a Response, or a URL. */
export function load(source: BufferSource | Response | URL | string): Promise<Library>;
