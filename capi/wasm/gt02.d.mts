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

/** A deadline that passed; after `nameless` and `dead`, close the connection. */
export interface Passed { kind: "overdue" | "nameless" | "dead" }

/** How long a connection may be quiet, in milliseconds; Infinity is no limit. */
export interface Limits {
  /** How long no byte comes before a pending frame is taken to be whole; usually 300. */
  silence?: number;
  /** How long no byte comes before the beginning of a frame is noise; usually 5000. */
  rest?: number;
  /** How long a device may take to say who it is; usually a minute. */
  login?: number;
  /** How long no frame comes before the device is overdue; usually 10 minutes. */
  overdue?: number;
  /** How long no frame comes before the connection is dead; usually 30 minutes. */
  dead?: number;
}

/** One connection, or one UDP peer. */
export interface Connection {
  /** Gives its memory back to the library. It is not to be used any more. */
  close(): void;
  /** The server's clock, for replies and commands that carry the time. */
  setTime(date: Date): void;
  /** Knows the device that another connection knows: for the two directions of one. */
  know(other: Connection): void;
  /** The items of the stream, which goes on with these bytes. */
  feed(bytes: Uint8Array): Item[];
  /** The items of one datagram. */
  datagram(bytes: Uint8Array): Item[];
  /** What is pending, decided: at the end, and, without deadlines, after a silence. */
  finish(): Item[];
  /**
   * The clock of deadlines, in milliseconds, as `performance.now()`: set it before each call that
   * reads or waits. The first call says when the connection was opened; without it there are no
   * deadlines.
   */
  setClock(ms: number): void;
  /** After the clock. What is left out is the usual time. */
  setLimits(limits: Limits): void;
  /** When to call `timeout()` if no byte comes until then, on the clock; null if never. */
  deadline(): number | null;
  /** What happened because no byte came until now: the place of `finish()` after a silence. */
  timeout(): (Item | Passed)[];
  /**
   * The bytes of a command to the device: a text in its own words, or the seconds of an interval.
   * It throws a `Gt02Error` if the protocol has no such command.
   */
  command(what: "text", text: string): Uint8Array;
  command(what: "interval", seconds: number): Uint8Array;
  command(what: "cut_relay" | "restore_relay" | "locate" | "clear_alarms"): Uint8Array;
  /** The protocol that commands are written in; null if it is not known yet. */
  readonly protocol: Report["protocol"] | null;
  /** The id that commands are for; null if it is not known yet. */
  readonly device: string | null;
  /** The bytes that are kept because they may begin a frame. */
  readonly pending: Uint8Array;
}

/** What a device says, by the names of docs/json.md. */
export interface Uplink {
  kind: "login" | "heartbeat" | "location" | "alarm" | "response";
  time?: Date;
  latitude?: number;
  longitude?: number;
  speed_kmh?: number;
  course?: number;
  cell?: Cell;
  alarm?: string;
  text?: string;
  satellites?: number;
  voltage_level?: number;
  gsm_level?: number;
  valid?: boolean;
  charging?: boolean;
  ignition?: boolean;
  relay_cut?: boolean;
  armed?: boolean;
  gps_tracking?: boolean;
  resent?: boolean;
}

/** The device's side. */
export interface Device {
  /** Gives its memory back to the library. It is not to be used any more. */
  close(): void;
  /** The frame that says this. It throws a `Gt02Error` if the protocol cannot. */
  encode(uplink: Uplink): Uint8Array;
  /** Whether the server owes a reply to the last frame. */
  readonly waits: boolean;
  /** The items of what the server sends; `answers` is true of the reply to the last frame. */
  feed(bytes: Uint8Array): (Item & { answers?: true })[];
}

/** Sets of commands by SMS: docs/protocols/sms.md. */
export type CommandSet = "a" | "b" | "c" | "gt02d" | "vsun" | "j" | "w" | "s" | "x" | "topin";

/** Commands by SMS: `GT02_SMS_...` in gt02.h. */
export type SmsCommand = "locate" | "map_link" | "version" | "status" | "settings" | "parameters"
  | "imei" | "password" | "apn" | "apn_user" | "apn_password" | "server" | "apn_and_server"
  | "interval" | "authorise_phone" | "remove_phone" | "sos_phone" | "remove_sos_phone"
  | "centre_phone" | "remove_centre_phone" | "data_on" | "data_off" | "arm" | "disarm" | "restart"
  | "reset";

/** The settings of a new tracker. */
export interface Settings {
  apn?: string;
  apn_user?: string;
  apn_password?: string;
  /** A name or an IPv4 address. */
  host?: string;
  port?: number;
  udp?: boolean;
  /** Its password; left out, the one that devices of the set leave the factory with. */
  password?: string;
  /** Its id. Set A needs it if the server is given by its address. */
  device?: string;
  /** How often it reports, in seconds. */
  interval?: number;
}

/** A text to send, and the answer to wait for; or why the set has no such text. */
export interface Step {
  set: CommandSet;
  purpose: string;
  text?: string;
  expected?: string;
  error?: string;
}

/** What a text of a device says, by the names of docs/json.md. */
export interface Answer extends Place {
  kind: "location" | "confirmation" | "status" | "alarm" | "text";
  completion?: "done" | "already_done" | "deferred" | "refused";
  /** What the device names as the command. */
  command?: string;
  /** What it says besides, or the whole text. */
  text?: string;
  apn?: string;
  host?: string;
  port?: number;
  device?: string;
  satellites?: number;
  voltage_level?: number;
  voltage?: number;
  alarm?: string;
  valid?: boolean;
  charging?: boolean;
  ignition?: boolean;
  relay_cut?: boolean;
  armed?: boolean;
  external_power?: boolean;
  /** The place is not the one of now. */
  last_known?: true;
}

export type Verdict = "done" | "deferred" | "refused" | "unclear" | "unrelated";

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
  /** A device that speaks a protocol, with an id of 1 to 16 digits. */
  device(protocol: Report["protocol"], id: string): Device;
  /** The protocol of the first bytes of a connection; null if they are too few to tell. */
  sniff(bytes: Uint8Array): Report["protocol"] | "foreign" | null;
  /** The protocol of a datagram. */
  sniffDatagram(bytes: Uint8Array): Report["protocol"] | "foreign";
  /** The texts that configure a tracker of a set, in order. */
  smsPlan(set: CommandSet, settings?: Settings): Step[];
  /** The texts for a tracker whose set is not known; `protocol` is one that it spoke before. */
  smsTry(settings?: Settings, protocol?: Report["protocol"]): Step[];
  /** One command in the words of a set; `text` is the new password or the phone. */
  smsCommand(set: CommandSet, what: SmsCommand, settings?: Settings, text?: string): Step;
  /** What a text of a device says. */
  smsRead(text: string): Answer;
  /** What an answer means for a command that was sent. */
  smsVerdict(set: CommandSet, command: string, answer: string): Verdict;
  /** What an answer to the last question of a plan shows of the settings. */
  smsProof(settings: Settings, answer: string): Verdict;
}

/** What cannot be done; `status` is a `GT02_ERR_...` of gt02.h. */
export class Gt02Error extends Error {
  readonly status: number;
}

/** Instantiates the library from its bytes, a Response, a URL, or, in Node, a path. */
export function load(source: BufferSource | Response | URL | string): Promise<Library>;
