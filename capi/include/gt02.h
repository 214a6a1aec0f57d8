/* SPDX-License-Identifier: MIT OR Apache-2.0 */
/**
 * @file gt02.h
 *
 * Codec for the wire protocols of GPS trackers sold as GT02: gt02, gt06, tk103, v680, h02.
 *
 * Bytes of a connection or a datagram go in; items (frames and noise) and the exact bytes to send
 * back come out.
 *
 *     static GT02_CONN_STORAGE(storage, GT02_CARRY);
 *     gt02_conn *conn = gt02_conn_init(storage, sizeof storage, 0);
 *     gt02_item item;
 *     char id[GT02_ID_SIZE];
 *     while ((n = read(fd, buffer, sizeof buffer)) > 0) {
 *         size_t pos = 0;
 *         gt02_conn_set_time(conn, time(NULL));
 *         while (gt02_conn_next(conn, buffer, n, &pos, &item, sizeof item) == GT02_ITEM) {
 *             if (item.has & GT02_HAS_POSITION) {
 *                 gt02_id_text(&item.device, id, sizeof id);
 *                 printf("%s %d %d\n", id, item.latitude_e7, item.longitude_e7);
 *             }
 *             if (item.reply.len)
 *                 write(fd, item.reply.ptr, item.reply.len);
 *         }
 *     }
 *
 * and at the end, and when the connection falls silent, the same with gt02_conn_finish(): some
 * frames are only known to be complete when nothing follows. A server that has a clock calls
 * gt02_conn_timeout() instead, which also says when to close. Datagrams go to gt02_conn_datagram(),
 * and need neither. docs/c.md is the guide, with how to build and link.
 *
 * What holds for every function:
 *
 * - Memory. The library allocates nothing, keeps no global, and reads no clock. All storage is the
 *   caller's, so there is nothing to free.
 * - Lifetime. A gt02_slice in an item points into the caller's `data` or into the storage of the
 *   gt02_conn. It is valid until the next call with the same gt02_conn that is not const, and while
 *   the caller leaves `data` and the storage alone. Numbers and arrays in an item are copies.
 * - Errors. A gt02_status below 0 is an error: nothing was done, and nothing but a length was
 *   written. The bytes of a device are never an error: what is no frame is noise. NULL where a
 *   pointer is needed is GT02_ERR_ARGUMENT, and so are misaligned structures. NULL with the length
 *   0 is an empty input.
 * - Panics. There are none: the library links without a panic handler, and never unwinds.
 * - Threads. Different gt02_conn may be used at the same time; one gt02_conn by one thread at a
 *   time. Functions without one may be called from anywhere, signal handlers and interrupts too.
 * - Growth. Structures only grow, at their end. Each is passed with its size, `sizeof item`: what
 *   an older program has no room for is not written, and what an older library does not know is
 *   set to 0, or must be 0. A size smaller than that of the first version is GT02_ERR_ARGUMENT.
 *   Numbers keep their meaning, and new ones may appear: every switch needs a default.
 * - Numbers. All are integers of a fixed size, in the byte order of the processor. The suffix is a
 *   power of ten: latitude_e7 is in units of 1e-7 degrees.
 */
#ifndef GT02_H
#define GT02_H

#include <stddef.h>
#include <stdint.h>

/** The version of this header; gt02_version_number() is that of the library. */
#define GT02_VERSION_NUMBER 1000

#ifndef GT02_API
#if defined(_WIN32) && defined(GT02_DLL)
#define GT02_API __declspec(dllimport)
#else
#define GT02_API
#endif
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Status ---------------------------------------------------------------------------------- */

/** What a call came to. Errors are negative. */
typedef int32_t gt02_status;

enum {
    GT02_DONE = 0,             /**< Done; there is no further item. */
    GT02_ITEM = 1,             /**< Something was written, and there may be more: call again. */
    /** A pointer is NULL or misaligned, a size is too small, an offset is past the end, or a
     *  number is not one that is defined. */
    GT02_ERR_ARGUMENT = -1,
    /** The room for the output is too small. The length that is enough was written. */
    GT02_ERR_BUFFER = -2,
    GT02_ERR_UNSUPPORTED = -3, /**< The protocol or the set of commands has nothing of the kind. */
    /** The device has sent nothing yet, so its protocol is not known. */
    GT02_ERR_NO_PROTOCOL = -4,
    GT02_ERR_NO_TIME = -5,     /**< It needs the time, and none was given. */
    GT02_ERR_RANGE = -6,       /**< A value is outside the range that can be sent or written. */
    /** A text is missing, or has a length or a character that it cannot have. */
    GT02_ERR_SYNTAX = -7
};

/** A sentence in English for a status. Never NULL, never to be freed. */
GT02_API const char *gt02_strerror(gt02_status status);

/** The version of the library: "0.1.0". */
GT02_API const char *gt02_version(void);

/** The version as a number: a million for each major version, a thousand for each minor one. */
GT02_API uint32_t gt02_version_number(void);

/* ---- Values ---------------------------------------------------------------------------------- */

/** Bytes that belong to somebody else, without a NUL at their end. ptr is NULL if len is 0. */
typedef struct gt02_slice {
    const uint8_t *ptr;
    size_t len;
} gt02_slice;

/** Date and time of day, by a clock whose zone it does not say. */
typedef struct gt02_time {
    uint16_t year;    /**< 2000 to 2255. */
    uint8_t month;    /**< 1 to 12. */
    uint8_t day;      /**< 1 to 31. */
    uint8_t hour;     /**< 0 to 23. */
    uint8_t minute;   /**< 0 to 59. */
    uint8_t second;   /**< 0 to 59. */
    uint8_t reserved; /**< 0. */
} gt02_time;

/**
 * Sets *unix_time to the seconds since 1970 UTC at which a clock that is `ahead` minutes ahead of
 * UTC shows `time`. GT02_ERR_RANGE if there is no such date, or if `ahead` is beyond 18 hours.
 */
GT02_API gt02_status gt02_time_unix(const gt02_time *time, int16_t ahead, int64_t *unix_time);

/**
 * Sets *time to what a clock that is `ahead` minutes ahead of UTC shows `unix_time` seconds after
 * 1970 began in UTC. GT02_ERR_RANGE if that is not in the years 2000 to 2255, or if `ahead` is
 * beyond 18 hours.
 */
GT02_API gt02_status gt02_time_from_unix(int64_t unix_time, int16_t ahead, gt02_time *time);

/** A number with decimal places: `digits` divided by ten to the power of `places`. */
typedef struct gt02_decimal {
    uint64_t digits;     /**< Below 10 to the power of 18. */
    uint8_t places;      /**< 0 to 18. */
    uint8_t reserved[7]; /**< 0. */
} gt02_decimal;

/**
 * The number of a device: 1 to 16 decimal digits. All zeros say nothing.
 *
 * There is a digit in each four bits, the last one lowest. So the digits of 0x0123 are 123, and
 * printf("%0*" PRIx64, id.digits, id.bcd) prints them, as gt02_id_text() does.
 */
typedef struct gt02_id {
    uint64_t bcd;        /**< The digits. */
    uint8_t digits;      /**< How many there are, leading zeros included. */
    uint8_t reserved[7]; /**< 0. */
} gt02_id;

/** Room for the text of every id: 16 digits and a NUL. */
#define GT02_ID_SIZE 17

/**
 * Writes the digits of an id and a NUL, cut if there is too little room. Returns how many digits
 * there are; 0 if it is not one. `out` may be NULL if `room` is 0.
 */
GT02_API size_t gt02_id_text(const gt02_id *id, char *out, size_t room);

/** What is there of a cell: bits of its `has`. */
#define GT02_CELL_MCC  (1 << 0) /**< mcc. */
#define GT02_CELL_MNC  (1 << 1) /**< mnc. */
#define GT02_CELL_LAC  (1 << 2) /**< lac. */
#define GT02_CELL_CID  (1 << 3) /**< cid. */
#define GT02_CELL_RSSI (1 << 4) /**< rssi. */

/** A cell of a mobile network. A value is 0 if its bit of `has` is not set. */
typedef struct gt02_cell {
    uint32_t lac;     /**< Location or tracking area code. */
    uint32_t cid;     /**< Cell id. */
    uint16_t mcc;     /**< Mobile country code. */
    uint16_t mnc;     /**< Mobile network code. */
    int16_t rssi;     /**< Strength of a neighbour, raw: each protocol has a scale of its own. */
    uint8_t has;      /**< GT02_CELL_... */
    uint8_t reserved; /**< 0. */
} gt02_cell;

/* ---- Items ----------------------------------------------------------------------------------- */

/** What an item is. */
enum {
    GT02_FRAME = 1, /**< A whole frame. */
    GT02_NOISE = 2, /**< Bytes that belong to no frame. */
    /** The device has sent no frame for longer than overdue_ms. It comes once after each frame. */
    GT02_OVERDUE = 3,
    /** No frame has named a device for login_ms: close the connection. It comes once. */
    GT02_NAMELESS = 4,
    /** No frame came for dead_ms: close the connection. It comes once after each frame. */
    GT02_DEAD = 5
};

/** The directions of a frame. */
enum {
    GT02_UP = 0,   /**< From the device. */
    GT02_DOWN = 1  /**< From the server. */
};

/** Protocols, by the names that are common for them. */
enum {
    GT02_PROTOCOL_GT02 = 1,  /**< 68 68 */
    GT02_PROTOCOL_GT06 = 2,  /**< 78 78 and 79 79 */
    GT02_PROTOCOL_TK103 = 3, /**< (...) */
    GT02_PROTOCOL_V680 = 4,  /**< #...## */
    GT02_PROTOCOL_H02 = 5    /**< *HQ,...# and binary $ */
};

/** Kinds of frames. */
enum {
    GT02_KIND_LOGIN = 1,           /**< A login: the device says who it is. */
    /** A position, or the message that takes its place while there is no fix. */
    GT02_KIND_LOCATION = 2,
    GT02_KIND_HEARTBEAT = 3,       /**< A sign of life. */
    /** An alarm, mostly with a position. gt02 and h02 send alarms in locations, too. */
    GT02_KIND_ALARM = 4,
    GT02_KIND_RESPONSE = 5,        /**< A response of the device to a command. */
    GT02_KIND_CELL = 6,            /**< Cells of the mobile network, without a position. */
    GT02_KIND_INFO = 7,            /**< Information about the device itself. */
    GT02_KIND_TIME_REQUEST = 8,    /**< A request for the time. */
    GT02_KIND_ADDRESS_REQUEST = 9, /**< A request for the street address of a place. */
    GT02_KIND_COMMAND = 10,        /**< A command to the device. */
    GT02_KIND_ACK = 11,            /**< A reply of the server to a frame. */
    GT02_KIND_UNKNOWN = 255        /**< A type that has no name here; GT02_STRING_CODE has it. */
};

/** Why bytes are noise. */
enum {
    GT02_REASON_GARBAGE = 1,   /**< The bytes cannot start a frame. */
    /** The bytes start with a right header, but the end of the frame is missing: the frame was
     *  cut short, its length or its end mark is damaged, or the stream ended. */
    GT02_REASON_TRUNCATED = 2,
    /** The bytes start with a complete frame whose checksum is wrong. */
    GT02_REASON_CHECKSUM = 3,
    /** The bytes start a frame that is larger than the decoder takes. */
    GT02_REASON_OVERSIZE = 4
};

/** Who sent a frame, compared with earlier frames of the connection. */
enum {
    GT02_IDENTITY_UNKNOWN = 1, /**< No frame of its protocol has named a device yet. */
    GT02_IDENTITY_FIRST = 2,   /**< The frame is the first of its protocol to name a device. */
    GT02_IDENTITY_SAME = 3,    /**< The frame names the known device, or none. */
    /** The frame names another device than earlier frames of its protocol. */
    GT02_IDENTITY_CHANGED = 4
};

/** Causes of alarms. */
enum {
    GT02_ALARM_SOS = 1,                     /**< Somebody pressed the SOS button. */
    /** The external supply, or the vehicle's battery, was cut off. */
    GT02_ALARM_POWER_CUT = 2,
    GT02_ALARM_VIBRATION = 3,               /**< Shock or vibration. */
    GT02_ALARM_GEOFENCE_ENTER = 4,          /**< A geofence was entered. */
    GT02_ALARM_GEOFENCE_EXIT = 5,           /**< A geofence was left. */
    GT02_ALARM_OVERSPEED = 6,               /**< The speed is above the configured limit. */
    GT02_ALARM_LOW_SPEED = 7,               /**< The speed is below the configured limit. */
    /** The vehicle moved although it should not, for example because it is towed. */
    GT02_ALARM_DISPLACEMENT = 8,
    GT02_ALARM_LOW_BATTERY = 9,             /**< The device's own battery is low. */
    GT02_ALARM_EXTERNAL_LOW_BATTERY = 10,   /**< The external supply is low. */
    /** The external supply is too low, so the device stops drawing from it. */
    GT02_ALARM_LOW_BATTERY_PROTECTION = 11,
    GT02_ALARM_POWER_ON = 12,               /**< The device was switched on. */
    GT02_ALARM_POWER_OFF = 13,              /**< The device is being switched off. */
    /** The device switches itself off because its battery is empty. */
    GT02_ALARM_LOW_BATTERY_SHUTDOWN = 14,
    GT02_ALARM_DOOR_OPENED = 15,            /**< A door was opened. */
    GT02_ALARM_FALL = 16,                   /**< The device fell. */
    GT02_ALARM_CRASH = 17,                  /**< The vehicle had an accident. */
    GT02_ALARM_ROLLOVER = 18,               /**< The vehicle rolled over. */
    GT02_ALARM_ACC_ON = 19,                 /**< The ignition was switched on. */
    GT02_ALARM_ACC_OFF = 20,                /**< The ignition was switched off. */
    GT02_ALARM_TAMPER = 21,                 /**< The device was taken apart, or pulled off. */
    GT02_ALARM_COVER_OPENED = 22,           /**< The device's cover was opened. */
    GT02_ALARM_GPS_LOST = 23,               /**< The device lost GPS reception. */
    GT02_ALARM_GPS_REGAINED = 24,           /**< The device has GPS reception again. */
    GT02_ALARM_FIRST_FIX = 25,              /**< The first fix since the device was switched on. */
    GT02_ALARM_SIM_CHANGED = 26,            /**< The SIM was changed. */
    GT02_ALARM_AIRPLANE_MODE = 27,          /**< The device is in airplane mode. */
    GT02_ALARM_SOUND = 28,                  /**< Noise was heard. */
    GT02_ALARM_FAKE_BASE_STATION = 29,      /**< A fake base station was detected. */
    GT02_ALARM_SLEEP = 30,                  /**< The device goes to sleep. */
    GT02_ALARM_CHARGER_INSERTED = 31,       /**< A charger was plugged in. */
    GT02_ALARM_HARSH_ACCELERATION = 32,     /**< The vehicle accelerated hard. */
    GT02_ALARM_HARSH_BRAKING = 33,          /**< The vehicle braked hard. */
    GT02_ALARM_SHARP_LEFT = 34,             /**< The vehicle turned sharply to the left. */
    GT02_ALARM_SHARP_RIGHT = 35,            /**< The vehicle turned sharply to the right. */
    GT02_ALARM_SHARP_TURN = 36,             /**< The vehicle turned sharply. */
    GT02_ALARM_LANE_CHANGE = 37,            /**< The vehicle changed lanes abruptly. */
    GT02_ALARM_VEHICLE_UNSTABLE = 38,       /**< The vehicle is unstable. */
    GT02_ALARM_ANGLE_CHANGED = 39,          /**< The angle of the device changed. */
    GT02_ALARM_TILT = 40,                   /**< The device was tilted. */
    GT02_ALARM_THEFT = 41,                  /**< A theft. */
    GT02_ALARM_ILLEGAL_START = 42,          /**< The vehicle was started without permission. */
    GT02_ALARM_BUTTON = 43,                 /**< A button was pressed. */
    /** The line that carries the vehicle's pulses was cut. */
    GT02_ALARM_PULSE_LINE_CUT = 44,
    /** A code without a name, or with different ones for different makers.
     *  alarm_code has the code, unless it is above 255. */
    GT02_ALARM_OTHER = 255
};

/** Names as in JSON ("gt06", "location", "garbage", "power_cut"); "unknown" for other numbers. */
GT02_API const char *gt02_protocol_name(uint8_t number);
GT02_API const char *gt02_kind_name(uint8_t number);
GT02_API const char *gt02_reason_name(uint8_t number);
GT02_API const char *gt02_alarm_name(uint8_t number);

/** What is there of an item or a record: bits of `has`. */
#define GT02_HAS_DEVICE        (UINT64_C(1) << 0)  /**< device. */
#define GT02_HAS_IMEI          (UINT64_C(1) << 1)  /**< imei. */
#define GT02_HAS_SERIAL        (UINT64_C(1) << 2)  /**< serial. */
#define GT02_HAS_TIME          (UINT64_C(1) << 3)  /**< time. */
#define GT02_HAS_POSITION      (UINT64_C(1) << 4)  /**< latitude_e7 and longitude_e7. */
#define GT02_HAS_SPEED         (UINT64_C(1) << 5)  /**< speed_e6. */
#define GT02_HAS_COURSE        (UINT64_C(1) << 6)  /**< course_e4. */
#define GT02_HAS_SATELLITES    (UINT64_C(1) << 7)  /**< satellites. */
#define GT02_HAS_CELL          (UINT64_C(1) << 8)  /**< cell. */
#define GT02_HAS_ALARM         (UINT64_C(1) << 9)  /**< alarm. */
#define GT02_HAS_ALARM_CODE    (UINT64_C(1) << 10) /**< alarm_code. */
#define GT02_HAS_VOLTAGE_LEVEL (UINT64_C(1) << 11) /**< voltage_level. */
#define GT02_HAS_GSM_LEVEL     (UINT64_C(1) << 12) /**< gsm_level. */
#define GT02_HAS_VOLTAGE       (UINT64_C(1) << 13) /**< voltage_mv. */
#define GT02_HAS_ODOMETER      (UINT64_C(1) << 14) /**< odometer. */
#define GT02_HAS_CODE          (UINT64_C(1) << 15) /**< GT02_STRING_CODE. */
#define GT02_HAS_TEXT          (UINT64_C(1) << 16) /**< GT02_STRING_TEXT. */
#define GT02_HAS_CELLS         (UINT64_C(1) << 17) /**< Neighbour cells. */
#define GT02_HAS_RECORDS       (UINT64_C(1) << 18) /**< Several positions. */

/** Yes or no: bits of `flags`. A flag is known if the bit GT02_HAS_FLAG(flag) of `has` is set. */
#define GT02_FLAG_VALID        (UINT32_C(1) << 0) /**< The device has a fix. */
#define GT02_FLAG_CHARGING     (UINT32_C(1) << 1) /**< It is charging, or has external power. */
#define GT02_FLAG_IGNITION     (UINT32_C(1) << 2) /**< The ignition is on. */
#define GT02_FLAG_RELAY_CUT    (UINT32_C(1) << 3) /**< The relay cuts fuel or electricity off. */
#define GT02_FLAG_ARMED        (UINT32_C(1) << 4) /**< It is armed. */
#define GT02_FLAG_GPS_TRACKING (UINT32_C(1) << 5) /**< It tracks by GPS. */
#define GT02_FLAG_RESENT       (UINT32_C(1) << 6) /**< It stored the message, and sends it late. */
#define GT02_FLAG_BAD_CHECKSUM (UINT32_C(1) << 7) /**< The checksum is wrong, and accepted. */
#define GT02_FLAG_DOOR         (UINT32_C(1) << 8) /**< A door is open. */
#define GT02_FLAG_MOTION       (UINT32_C(1) << 9) /**< It moves, by its own judgement. */
#define GT02_FLAG_EXTERNAL_POWER (UINT32_C(1) << 10) /**< The vehicle's supply is there. */
#define GT02_FLAG_LAST_KNOWN   (UINT32_C(1) << 11) /**< The position is the last one known. */
#define GT02_HAS_FLAG(flag) ((uint64_t)(flag) << 32)

/** A frame and what it reports, or noise. A field is 0 if its bit of `has` is not set. */
typedef struct gt02_item {
    /** Bits GT02_HAS_..., and in the upper half the flags that are known. */
    uint64_t has;
    /** As received. Those of all items, in order, are the bytes that were received. */
    gt02_slice bytes;
    gt02_slice reply;      /**< The bytes to send back; len is 0 if the frame gets no reply. */
    uint64_t speed_e6;     /**< Speed over ground, in units of 1e-6 km/h. */
    gt02_time time;        /**< Date and time by the device's clock. */
    gt02_cell cell;        /**< The serving cell. */
    int32_t latitude_e7;   /**< Latitude in units of 1e-7 degrees, WGS 84, south negative. */
    int32_t longitude_e7;  /**< Longitude in units of 1e-7 degrees, WGS 84, west negative. */
    /** Course over ground in units of 1e-4 degrees, clockwise from north. */
    uint32_t course_e4;
    uint32_t flags;        /**< Bits GT02_FLAG_... */
    uint32_t voltage_mv;   /**< Voltage in millivolts. */
    uint32_t odometer;     /**< Raw distance covered. */
    uint16_t serial;       /**< The frame's serial number. */
    uint8_t what;          /**< GT02_FRAME or GT02_NOISE; of gt02_conn_timeout() also others. */
    uint8_t protocol;      /**< GT02_PROTOCOL_...; 0 for noise. */
    uint8_t kind;          /**< GT02_KIND_...; 0 for noise. */
    uint8_t reason;        /**< GT02_REASON_...; 0 for a frame. */
    uint8_t direction;     /**< GT02_UP or GT02_DOWN. */
    uint8_t identity;      /**< GT02_IDENTITY_...; 0 for noise. */
    uint8_t alarm;         /**< GT02_ALARM_... */
    uint8_t alarm_code;    /**< The alarm's code as sent. */
    uint8_t satellites;    /**< Number of satellites. */
    uint8_t voltage_level; /**< Raw level of the battery or supply. */
    uint8_t gsm_level;     /**< Raw level of the mobile network's signal. */
    uint8_t reserved[3];   /**< 0. */
    gt02_id device;        /**< The device that sent the frame, or that it is for. */
    gt02_id imei;          /**< The IMEI of a device that goes by another number. */
} gt02_item;

/** Texts of an item. */
enum {
    GT02_STRING_CODE = 1,     /**< The type of the message as its protocol writes it. */
    GT02_STRING_TEXT = 2,     /**< The text of a response or a command. */
    GT02_STRING_IMSI = 3,     /**< IMSI of the SIM. */
    GT02_STRING_ICCID = 4,    /**< ICCID of the SIM. */
    GT02_STRING_FIRMWARE = 5  /**< Version of the firmware. */
};

/**
 * Writes a text of an item as UTF-8 and a NUL, cut at a character if there is too little room.
 * Returns the bytes of the whole text without the NUL, as snprintf() does; 0 if there is none.
 * `out` may be NULL if `room` is 0.
 *
 * This function and those below read the frame in the item again, so item->bytes must still be
 * there.
 */
GT02_API size_t gt02_item_string(const gt02_item *item, uint8_t which, char *out, size_t room);

/**
 * Writes the neighbour cells to an array of `room` cells of `size` bytes each, sizeof *cells.
 * Returns how many there are, which may be more; `cells` may be NULL if `room` is 0.
 */
GT02_API size_t gt02_item_cells(const gt02_item *item, gt02_cell *cells, size_t size, size_t room);

/** One position of several in a frame. The fields mean the same as those of gt02_item. */
typedef struct gt02_record {
    uint64_t has;         /**< Bits GT02_HAS_... */
    uint64_t speed_e6;    /**< Speed over ground, in units of 1e-6 km/h. */
    gt02_time time;       /**< Date and time by the device's clock. */
    gt02_cell cell;       /**< The serving cell. */
    int32_t latitude_e7;  /**< Latitude in units of 1e-7 degrees. */
    int32_t longitude_e7; /**< Longitude in units of 1e-7 degrees. */
    uint32_t course_e4;   /**< Course over ground in units of 1e-4 degrees. */
    uint32_t reserved;    /**< 0. */
} gt02_record;

/** Writes the records, as gt02_item_cells() does cells. The first one is in the item as well. */
GT02_API size_t gt02_item_records(const gt02_item *item, gt02_record *records, size_t size,
                                  size_t room);

/** Writes the neighbour cells of the record `index`, counted from 0. */
GT02_API size_t gt02_record_cells(const gt02_item *item, size_t index, gt02_cell *cells,
                                  size_t size, size_t room);

/* ---- Details --------------------------------------------------------------------------------- */

/** What is there of the details: bits of `has`. */
#define GT02_DETAIL_SNR              (UINT64_C(1) << 0)  /**< snr. */
#define GT02_DETAIL_HDOP             (UINT64_C(1) << 1)  /**< hdop. */
#define GT02_DETAIL_ACCURACY         (UINT64_C(1) << 2)  /**< accuracy. */
#define GT02_DETAIL_ALTITUDE         (UINT64_C(1) << 3)  /**< altitude_m. */
#define GT02_DETAIL_ACCESS_POINTS    (UINT64_C(1) << 4)  /**< There may be none in sight. */
#define GT02_DETAIL_CSQ              (UINT64_C(1) << 5)  /**< csq. */
#define GT02_DETAIL_NETWORK          (UINT64_C(1) << 6)  /**< network. */
#define GT02_DETAIL_BATTERY_PERCENT  (UINT64_C(1) << 7)  /**< battery_percent. */
#define GT02_DETAIL_BATTERY_VOLTAGE  (UINT64_C(1) << 8)  /**< battery_mv. */
#define GT02_DETAIL_TEMPERATURE      (UINT64_C(1) << 9)  /**< temperature_e3. */
#define GT02_DETAIL_HUMIDITY         (UINT64_C(1) << 10) /**< humidity. */
#define GT02_DETAIL_FUEL             (UINT64_C(1) << 11) /**< fuel. */
#define GT02_DETAIL_STEPS            (UINT64_C(1) << 12) /**< steps. */
#define GT02_DETAIL_IGNITION_SECONDS (UINT64_C(1) << 13) /**< ignition_seconds. */
#define GT02_DETAIL_UPLOAD_MODE      (UINT64_C(1) << 14) /**< upload_mode. */
#define GT02_DETAIL_CARD_ID          (UINT64_C(1) << 15) /**< card_id. */
#define GT02_DETAIL_IMSI             (UINT64_C(1) << 16) /**< GT02_STRING_IMSI. */
#define GT02_DETAIL_ICCID            (UINT64_C(1) << 17) /**< GT02_STRING_ICCID. */
#define GT02_DETAIL_FIRMWARE         (UINT64_C(1) << 18) /**< GT02_STRING_FIRMWARE. */

/** Generations of mobile networks. */
enum {
    GT02_NETWORK_GSM = 2, /**< GSM. */
    GT02_NETWORK_LTE = 4  /**< LTE. */
};

/** Name as in JSON: "4G". */
GT02_API const char *gt02_network_name(uint8_t number);

/** The values that few frames have. A field is 0 if its bit of `has` is not set. */
typedef struct gt02_details {
    /** Bits GT02_DETAIL_..., and in the upper half the flags that are known. */
    uint64_t has;
    gt02_decimal hdop;         /**< Horizontal dilution of precision. */
    /** Radius within which the device believes its position to be right, in metres. */
    gt02_decimal accuracy;
    gt02_decimal humidity;     /**< Relative humidity, in per cent. */
    gt02_slice snr;            /**< Signal-to-noise ratio of each satellite, in dB. */
    gt02_slice card_id;        /**< The number of a card held to a reader, as sent. */
    int32_t altitude_m;        /**< Height above sea level, in metres. */
    int32_t temperature_e3;    /**< Temperature in thousandths of a degree Celsius. */
    uint32_t battery_mv;       /**< Voltage of the device's own battery, in millivolts. */
    uint32_t fuel;             /**< Raw value of a fuel sensor. */
    uint32_t steps;            /**< Raw count of steps. */
    uint32_t ignition_seconds; /**< How long the ignition has been on, in seconds. */
    uint32_t flags;            /**< Bits GT02_FLAG_DOOR, GT02_FLAG_MOTION. */
    uint8_t csq;               /**< Signal of the mobile network on the modem's scale, 0 to 31. */
    uint8_t network;           /**< GT02_NETWORK_... */
    uint8_t battery_percent;   /**< Charge of the device's own battery, 0 to 100 per cent. */
    uint8_t upload_mode;       /**< Raw code of what made the device send its position. */
} gt02_details;

/** Reads the details of a frame. GT02_ERR_ARGUMENT for noise. */
GT02_API gt02_status gt02_item_details(const gt02_item *item, gt02_details *details, size_t size);

/** What is there of an access point: bits of `has`. */
#define GT02_AP_RSSI (1 << 0) /**< rssi. */
#define GT02_AP_SSID (1 << 1) /**< ssid. */

/** A Wi-Fi access point. */
typedef struct gt02_access_point {
    gt02_slice ssid;     /**< Its name, mostly UTF-8. */
    int16_t rssi;        /**< Strength of its signal, in dBm where the scale is known. */
    uint8_t mac[6];      /**< Its address. */
    /** Which of the values are there: bits GT02_AP_... The address always is. */
    uint8_t has;
    uint8_t reserved[7]; /**< 0. */
} gt02_access_point;

/** Writes the access points, as gt02_item_cells() does cells. */
GT02_API size_t gt02_item_access_points(const gt02_item *item, gt02_access_point *points,
                                        size_t size, size_t room);

/* ---- Connections ----------------------------------------------------------------------------- */

/** One connection, or one UDP peer. It lies at the front of storage of the caller's. */
typedef struct gt02_conn gt02_conn;

/** The recommended buffer of a connection, and the smallest one, in bytes. */
#define GT02_CARRY 2048
#define GT02_CARRY_MIN 64

/**
 * Bytes of storage for a connection, for arrays: enough for this version of the library and for
 * later ones with the same version of the interface. gt02_conn_size() is exact.
 *
 * `carry` bytes of a frame can wait for the rest of it: no larger frame is found in a stream. 260
 * are enough for every frame of gt02 and `78 78`.
 */
#define GT02_CONN_SIZE(carry) ((size_t)1536 + (size_t)(carry))

/** Declares storage for a connection: static GT02_CONN_STORAGE(name, GT02_CARRY); */
#define GT02_CONN_STORAGE(name, carry) uint64_t name[(GT02_CONN_SIZE(carry) + 7) / 8]

/** The connection in storage that gt02_conn_init() has set up. */
#define GT02_CONN(storage) ((gt02_conn *)(void *)(storage))

/** Bytes of storage for a connection, exactly. */
GT02_API size_t gt02_conn_size(size_t carry);

/** Options of a connection: bits. */
#define GT02_OPTION_BAD_CHECKSUMS (UINT32_C(1) << 0) /**< A wrong checksum makes no noise. */
#define GT02_OPTION_REPLY_TO_ALL  (UINT32_C(1) << 1) /**< All frames of gt06 and h02 get replies. */
#define GT02_OPTION_DOWN          (UINT32_C(1) << 2) /**< The bytes come from the server. */

/**
 * Sets a connection up in `storage`, which is aligned as a uint64_t is, and as that of malloc() is.
 * What it does not need of `size` is its buffer. No pointer into it is kept: as long as nothing of
 * an item is in use, it may be moved as bytes to other storage that is aligned so. Nothing is to be
 * undone at the end.
 *
 * Returns NULL if the storage is NULL, misaligned, or too small for a buffer of GT02_CARRY_MIN
 * bytes, or if an option is not defined.
 */
GT02_API gt02_conn *gt02_conn_init(void *storage, size_t size, uint32_t options);

/**
 * Sets the server's clock, in seconds since 1970 UTC, for replies and commands that carry the time;
 * without it, there are none. GT02_ERR_RANGE if it is not in the years 2000 to 2255.
 */
GT02_API gt02_status gt02_conn_set_time(gt02_conn *conn, int64_t unix_time);

/**
 * Takes the next item out of the stream, which goes on with data[*pos] to data[len - 1], and moves
 * *pos past the bytes that were used.
 *
 * GT02_ITEM: an item was written; call again, with the same bytes. GT02_DONE: *pos is len, and more
 * bytes are needed: *pos is 0 again for the next read. A frame that lies whole in `data` is not
 * copied.
 */
GT02_API gt02_status gt02_conn_next(gt02_conn *conn, const uint8_t *data, size_t len, size_t *pos,
                                    gt02_item *item, size_t item_size);

/**
 * Decides what is pending if no byte follows: at the end of the connection, or after a silence so
 * long that the rest of a frame will not come. Call it until GT02_DONE. The connection is then at
 * the start of a stream again, and still knows the device.
 */
GT02_API gt02_status gt02_conn_finish(gt02_conn *conn, gt02_item *item, size_t item_size);

/**
 * Takes the next item out of a datagram, as gt02_conn_next() does of a stream. *pos is 0 at first;
 * go on where it was left, with the same bytes, or GT02_ERR_ARGUMENT comes back. A datagram has
 * whole frames, of any size: what is cut off at its end is noise, and there is nothing to finish.
 * What was pending of a stream is dropped.
 *
 * Nothing but the device is kept from one datagram to the next. So give each address that sends a
 * connection of its own, with the smallest buffer, GT02_CARRY_MIN: frames that name no device, as
 * most of gt06, get the one of its login. Send each reply to that address as a datagram.
 */
GT02_API gt02_status gt02_conn_datagram(gt02_conn *conn, const uint8_t *data, size_t len,
                                        size_t *pos, gt02_item *item, size_t item_size);

/** A limit that is never reached. */
#define GT02_NEVER UINT32_MAX

/**
 * How long a connection may be quiet, in milliseconds. 0 is the usual time, GT02_NEVER is no limit.
 * Set it to 0 first.
 */
typedef struct gt02_limits {
    /** How long no byte comes before a pending frame is taken to be whole; usually 300. */
    uint32_t silence_ms;
    /** How long no byte comes before the beginning of a frame is noise; usually 5000. */
    uint32_t rest_ms;
    uint32_t login_ms;   /**< How long a device may take to say who it is; usually a minute. */
    /** How long no frame comes before the device is overdue; usually 10 minutes. */
    uint32_t overdue_ms;
    /** How long no frame comes before the connection is dead; usually 30 minutes. */
    uint32_t dead_ms;
    uint32_t reserved;   /**< 0. */
} gt02_limits;

/**
 * Sets the clock of a connection, in milliseconds since any start: one that is never set back, as
 * CLOCK_MONOTONIC. Set it before each call that reads or waits. The first call says when the
 * connection was opened; without it, there are no deadlines. The date, for replies, is another:
 * gt02_conn_set_time().
 */
GT02_API gt02_status gt02_conn_set_clock(gt02_conn *conn, uint64_t ms);

/** Sets how long a connection may be quiet. GT02_ERR_NO_TIME if it has no clock yet. */
GT02_API gt02_status gt02_conn_set_limits(gt02_conn *conn, const gt02_limits *limits, size_t size);

/**
 * The time by which gt02_conn_timeout() is to be called if no byte comes until then, on the clock
 * of the connection; -1 if there is nothing to wait for. It looks at all pending bytes: ask when a
 * read would block, not after each item.
 */
GT02_API int64_t gt02_conn_deadline(gt02_conn *conn);

/**
 * Takes what happened because no byte came until now: pending frames and noise, then what
 * GT02_OVERDUE, GT02_NAMELESS and GT02_DEAD say. Call it until GT02_DONE; it may be called too
 * early. It takes the place of gt02_conn_finish() after a silence, not at the end.
 */
GT02_API gt02_status gt02_conn_timeout(gt02_conn *conn, gt02_item *item, size_t item_size);

/** The bytes that are kept because they may be the beginning of a frame. */
GT02_API gt02_slice gt02_conn_pending(gt02_conn *conn);

/** How many bytes are kept. */
GT02_API size_t gt02_conn_pending_len(const gt02_conn *conn);

/** The protocol that commands are written in: GT02_PROTOCOL_..., or 0 if it is not known yet. */
GT02_API uint8_t gt02_conn_protocol(const gt02_conn *conn);

/**
 * Writes the digits of the device that commands are for, and a NUL, as gt02_item_string() does
 * texts. Returns how many digits there are, at most 16; 0 if it is not known yet.
 */
GT02_API size_t gt02_conn_device(const gt02_conn *conn, char *out, size_t room);

/** Makes `conn` know the device that `other` knows: for the two directions of one connection. */
GT02_API gt02_status gt02_conn_know(gt02_conn *conn, const gt02_conn *other);

/** The verdict of sniffing, beside the number of a protocol. */
enum {
    GT02_SNIFF_MORE = 0,     /**< The bytes are too few to tell. */
    GT02_SNIFF_FOREIGN = -8  /**< No protocol that the library has. */
};

/**
 * Identifies the protocol of the first bytes of a connection: GT02_PROTOCOL_..., GT02_SNIFF_MORE or
 * GT02_SNIFF_FOREIGN. More bytes never change a verdict. gt02_conn_next() does not need it.
 */
GT02_API int32_t gt02_sniff(const uint8_t *data, size_t len);

/** Identifies the protocol of a whole datagram: GT02_PROTOCOL_... or GT02_SNIFF_FOREIGN. */
GT02_API int32_t gt02_sniff_datagram(const uint8_t *data, size_t len);

/* ---- Commands to a device -------------------------------------------------------------------- */

/** Commands to a device. */
enum {
    GT02_COMMAND_TEXT = 1,          /**< text, in the device's own words. */
    GT02_COMMAND_CUT_RELAY = 2,     /**< Cuts fuel or electricity off. */
    GT02_COMMAND_RESTORE_RELAY = 3, /**< Restores fuel or electricity. */
    GT02_COMMAND_LOCATE = 4,        /**< Asks for the position. */
    GT02_COMMAND_INTERVAL = 5,      /**< Reports every number seconds. */
    GT02_COMMAND_CLEAR_ALARMS = 6   /**< Clears the alarms. */
};

/** A command to a device. Set it to 0 first: gt02_command command = {0}; */
typedef struct gt02_command {
    gt02_slice text;     /**< The text of GT02_COMMAND_TEXT, printable ASCII. */
    uint32_t number;     /**< The seconds of GT02_COMMAND_INTERVAL. */
    uint8_t what;        /**< GT02_COMMAND_... */
    uint8_t reserved[3]; /**< 0. */
} gt02_command;

/**
 * Writes a command for the device, in the protocol that it speaks. *written is its length in bytes.
 *
 * GT02_ERR_NO_PROTOCOL until a frame came. GT02_ERR_UNSUPPORTED if the protocol has no such
 * command. GT02_ERR_NO_TIME if it carries the time, as those of h02 do, and gt02_conn_set_time()
 * has set none. GT02_ERR_BUFFER if there is too little room: *written is how much is needed.
 */
GT02_API gt02_status gt02_conn_command(const gt02_conn *conn, const gt02_command *command,
                                       size_t command_size, uint8_t *out, size_t room,
                                       size_t *written);

/* ---- The device's side ----------------------------------------------------------------------- */

/**
 * A device: its id, its protocol, the serial of its next frame, and the reply that it waits for. It
 * may be copied. What is in it is the library's.
 */
typedef struct gt02_device {
    uint64_t opaque[16];
} gt02_device;

/**
 * Sets a device up that speaks `protocol`, GT02_PROTOCOL_..., and has this id, 1 to 16 digits ended
 * by NUL. `size` is sizeof *device. GT02_ERR_SYNTAX if the id is not one.
 */
GT02_API gt02_status gt02_device_init(gt02_device *device, size_t size, uint8_t protocol,
                                      const char *id);

/** What a device says; set it to 0 first. Fields mean the same as those of gt02_item. */
typedef struct gt02_uplink {
    /** Which of satellites, voltage_level and gsm_level are known: bits GT02_HAS_...; and in the
     *  upper half which flags are. */
    uint64_t has;
    gt02_slice text;       /**< The text of a response, printable ASCII. */
    uint64_t speed_e6;     /**< Speed over ground, in units of 1e-6 km/h. */
    gt02_time time;        /**< Date and time, UTC. */
    gt02_cell cell;        /**< The serving cell; none if its has is 0. */
    int32_t latitude_e7;   /**< Latitude in units of 1e-7 degrees. */
    int32_t longitude_e7;  /**< Longitude in units of 1e-7 degrees. */
    uint32_t course_e4;    /**< Course over ground in units of 1e-4 degrees. */
    uint32_t flags;        /**< Bits GT02_FLAG_... A fix is valid if that is not known. */
    uint8_t kind;          /**< GT02_KIND_LOGIN, _HEARTBEAT, _LOCATION, _ALARM or _RESPONSE. */
    uint8_t alarm;         /**< GT02_ALARM_... of an alarm. */
    uint8_t satellites;    /**< Number of satellites. */
    uint8_t voltage_level; /**< Raw level of the battery or supply. */
    uint8_t gsm_level;     /**< Raw level of the mobile network's signal. */
    uint8_t reserved[3];   /**< 0. */
} gt02_uplink;

/**
 * Writes what a device says as one frame. *written is its length in bytes; 256 are enough for all
 * but long responses. What the protocol has no field for is left out.
 *
 * GT02_ERR_UNSUPPORTED if the protocol has no such message or alarm. GT02_ERR_RANGE if the time or
 * the place does not exist, or if a value is too large for its field. GT02_ERR_BUFFER if there is
 * too little room. On error the contents of `out` are not specified.
 */
GT02_API gt02_status gt02_device_encode(gt02_device *device, const gt02_uplink *uplink,
                                        size_t uplink_size, uint8_t *out, size_t room,
                                        size_t *written);

/** Whether the server owes a reply to the last frame: 1 or 0. */
GT02_API int32_t gt02_device_waits(const gt02_device *device);

/**
 * Whether an item that came from the server is the reply that the device waits for: 1 or 0. Read
 * what comes from the server by a gt02_conn with GT02_OPTION_DOWN.
 */
GT02_API int32_t gt02_device_is_answer(const gt02_device *device, const gt02_item *item);

/* ---- Configuration by SMS -------------------------------------------------------------------- */

/** Sets of commands. Nothing on its label says which one a device takes. */
enum {
    GT02_SET_A = 1,      /**< A. */
    GT02_SET_B = 2,      /**< B. */
    GT02_SET_C = 3,      /**< C. */
    GT02_SET_GT02D = 4,  /**< Gt02d. */
    GT02_SET_VSUN = 5,   /**< VSun. */
    GT02_SET_J = 6,      /**< J. */
    GT02_SET_W = 7,      /**< W. */
    GT02_SET_S = 8,      /**< S. */
    GT02_SET_X = 9,      /**< X. */
    GT02_SET_TOPIN = 10  /**< Topin. */
};

/** The settings of a new tracker. Set them to 0 first. Texts end with NUL; NULL is no text. */
typedef struct gt02_settings {
    const char *apn;          /**< The access point of its SIM's network. */
    const char *apn_user;     /**< The access point's user. */
    const char *apn_password; /**< The password of the access point's user. */
    const char *host;         /**< Where it reports to: a name or an IPv4 address. */
    /** Its password; NULL for the one that devices of the set leave the factory with. */
    const char *password;
    /** Its id, digits. Set A needs it if the server is given by its address. */
    const char *device;
    uint32_t interval;        /**< How often it reports, in seconds; 0 leaves that as it is. */
    uint16_t port;            /**< The port that it reports to. */
    uint8_t udp;              /**< 1 for UDP, 0 for TCP. */
    uint8_t reserved;         /**< 0. */
} gt02_settings;

/** A text to send. */
typedef struct gt02_step {
    gt02_slice purpose;  /**< What it is for, in English. */
    /** GT02_DONE, or why the set cannot express the settings: then there is no text. */
    int32_t status;
    uint8_t set;         /**< GT02_SET_... */
    uint8_t reserved[3]; /**< 0. */
    char text[164];      /**< The text, ended by NUL. */
    /** The answer to wait for, in English or as the device writes it, ended by NUL. */
    char expected[100];
} gt02_step;

/**
 * Writes the step `index`, counted from 0, of the plan for a set. GT02_ITEM: there is one.
 * GT02_DONE: the plan has no such step. The first one is a question that changes nothing; wait for
 * each answer before the next text. An error if the set cannot express the settings.
 */
GT02_API gt02_status gt02_sms_plan(uint8_t set, const gt02_settings *settings,
                                   size_t settings_size, size_t index, gt02_step *step,
                                   size_t step_size);

/**
 * Writes the step `index` of the texts for a device whose set is not known: first the question of
 * each set. As soon as one is answered the set is known; leave out the others. `protocol` is the
 * one in which the device has reported before, or 0.
 */
GT02_API gt02_status gt02_sms_try(uint8_t protocol, const gt02_settings *settings,
                                  size_t settings_size, size_t index, gt02_step *step,
                                  size_t step_size);

/** Commands by SMS. What they set is in the settings, or is the text. */
enum {
    GT02_SMS_LOCATE = 1,                /**< Asks for the position. */
    GT02_SMS_MAP_LINK = 2,              /**< Asks for the position as a link to a map. */
    GT02_SMS_VERSION = 3,               /**< Asks for the firmware version. */
    GT02_SMS_STATUS = 4,                /**< Asks for battery, network and fix. */
    GT02_SMS_SETTINGS = 5,              /**< Asks for access point and server. */
    GT02_SMS_PARAMETERS = 6,            /**< Asks for intervals, SOS numbers and time zone. */
    GT02_SMS_IMEI = 7,                  /**< Asks for the device's own id. */
    GT02_SMS_PASSWORD = 8,              /**< Changes the password to the text. */
    GT02_SMS_APN = 9,                   /**< Sets the access point. */
    GT02_SMS_APN_USER = 10,             /**< Sets the access point's user. */
    GT02_SMS_APN_PASSWORD = 11,         /**< Sets the user's password. */
    GT02_SMS_SERVER = 12,               /**< Sets where to report to. */
    GT02_SMS_APN_AND_SERVER = 13,       /**< Sets access point and server in one. */
    GT02_SMS_INTERVAL = 14,             /**< Sets how often to report. */
    GT02_SMS_AUTHORISE_PHONE = 15,      /**< Lets the phone of the text give commands. */
    GT02_SMS_REMOVE_PHONE = 16,         /**< Lets that phone no longer give commands. */
    GT02_SMS_SOS_PHONE = 17,            /**< Adds the phone of the text to the SOS numbers. */
    GT02_SMS_REMOVE_SOS_PHONE = 18,     /**< Removes that phone from them. */
    GT02_SMS_CENTRE_PHONE = 19,         /**< Sets the centre number to the text. */
    GT02_SMS_REMOVE_CENTRE_PHONE = 20,  /**< Removes the centre number. */
    GT02_SMS_DATA_ON = 21,              /**< Switches reports over the network on. */
    GT02_SMS_DATA_OFF = 22,             /**< Switches them off. */
    GT02_SMS_ARM = 23,                  /**< Arms the device. */
    GT02_SMS_DISARM = 24,               /**< Disarms the device. */
    GT02_SMS_RESTART = 25,              /**< Restarts the device. */
    GT02_SMS_RESET = 26                 /**< Restores the factory state. */
};

/**
 * Writes one command in the words of a set. Of the settings it takes the password, and what it
 * sets: access point, server, interval, or the device's id. `text` is the new password or the phone
 * of a command that has one, 3 to 15 digits, perhaps after a +; else NULL.
 *
 * GT02_ERR_UNSUPPORTED if the set has no such command, GT02_ERR_RANGE or GT02_ERR_SYNTAX if it
 * cannot express the value.
 */
GT02_API gt02_status gt02_sms_command(uint8_t set, uint8_t what, const gt02_settings *settings,
                                      size_t settings_size, const char *text, gt02_step *step,
                                      size_t step_size);

/** What a text of a device is. */
enum {
    GT02_ANSWER_LOCATION = 1,     /**< A position. */
    GT02_ANSWER_CONFIRMATION = 2, /**< Whether a command was carried out. */
    GT02_ANSWER_STATUS = 3,       /**< State or settings. */
    GT02_ANSWER_ALARM = 4,        /**< An alarm without a position. */
    GT02_ANSWER_TEXT = 5          /**< Anything else. */
};

/** Whether a command was carried out. */
enum {
    GT02_COMPLETION_DONE = 1,         /**< Done. */
    GT02_COMPLETION_ALREADY_DONE = 2, /**< There was nothing to do. */
    GT02_COMPLETION_DEFERRED = 3,     /**< To be done later. */
    GT02_COMPLETION_REFUSED = 4       /**< Refused, or failed. */
};

/** What a text says. A field is 0 if its bit of `has` is not set. Slices point into the text. */
typedef struct gt02_answer {
    /** Bits GT02_HAS_..., and in the upper half the flags that are known. */
    uint64_t has;
    gt02_slice command;    /**< What the device names as the command; or nothing. */
    gt02_slice text;       /**< What it says besides, or the whole of a text. */
    gt02_slice apn;        /**< The access point of a status; empty if it is not told. */
    gt02_slice host;       /**< The server of a status; empty if it is not told. */
    uint64_t speed_e6;     /**< Speed over ground, in units of 1e-6 km/h. */
    gt02_time time;        /**< Date and time by the device's clock. */
    gt02_id device;        /**< The device that the text names. */
    gt02_cell cell;        /**< The serving cell. */
    int32_t latitude_e7;   /**< Latitude in units of 1e-7 degrees. */
    int32_t longitude_e7;  /**< Longitude in units of 1e-7 degrees. */
    uint32_t course_e4;    /**< Course over ground in units of 1e-4 degrees. */
    uint32_t flags;        /**< Bits GT02_FLAG_... */
    uint32_t voltage_mv;   /**< Voltage of the vehicle's supply in millivolts. */
    uint16_t port;         /**< The port of a status; 0 if it is not told. */
    uint8_t kind;          /**< GT02_ANSWER_... */
    uint8_t completion;    /**< GT02_COMPLETION_... of a confirmation. */
    uint8_t alarm;         /**< GT02_ALARM_... */
    uint8_t satellites;    /**< Number of satellites. */
    uint8_t voltage_level; /**< Raw level of the battery. */
    uint8_t reserved;      /**< 0. */
} gt02_answer;

/** Reads a text that a device sent, by SMS or as the GT02_STRING_TEXT of a response. */
GT02_API gt02_status gt02_sms_read(const uint8_t *text, size_t len, gt02_answer *answer,
                                   size_t answer_size);

/** What an answer means. */
enum {
    GT02_VERDICT_DONE = 1,      /**< Done, or answered. */
    GT02_VERDICT_DEFERRED = 2,  /**< Accepted, to be done later. */
    GT02_VERDICT_REFUSED = 3,   /**< Refused, or failed. */
    GT02_VERDICT_UNCLEAR = 4,   /**< The text does not say. */
    GT02_VERDICT_UNRELATED = 5  /**< An answer to another command. */
};

/**
 * What an answer means for a command, the text that was sent, ended by NUL, to a device of a set:
 * GT02_VERDICT_... GT02_ERR_SYNTAX if it is not a command of the set.
 */
GT02_API int32_t gt02_sms_verdict(uint8_t set, const char *command, const uint8_t *answer,
                                  size_t answer_len);

/**
 * What an answer to a question at the end of a plan shows of the settings: GT02_VERDICT_DONE if
 * they were taken, GT02_VERDICT_REFUSED if they are others, GT02_VERDICT_UNCLEAR if it does not
 * say.
 */
GT02_API int32_t gt02_sms_proof(const gt02_settings *settings, size_t settings_size,
                                const uint8_t *answer, size_t answer_len);

/* ---- For bindings ---------------------------------------------------------------------------- */

/** Structures, for gt02_sizeof(). */
enum {
    GT02_SIZEOF_SLICE = 1,        /**< gt02_slice. */
    GT02_SIZEOF_TIME = 2,         /**< gt02_time. */
    GT02_SIZEOF_DECIMAL = 3,      /**< gt02_decimal. */
    GT02_SIZEOF_CELL = 4,         /**< gt02_cell. */
    GT02_SIZEOF_ITEM = 5,         /**< gt02_item. */
    GT02_SIZEOF_DETAILS = 6,      /**< gt02_details. */
    GT02_SIZEOF_RECORD = 7,       /**< gt02_record. */
    GT02_SIZEOF_ACCESS_POINT = 8, /**< gt02_access_point. */
    GT02_SIZEOF_COMMAND = 9,      /**< gt02_command. */
    GT02_SIZEOF_DEVICE = 10,      /**< gt02_device. */
    GT02_SIZEOF_UPLINK = 11,      /**< gt02_uplink. */
    GT02_SIZEOF_SETTINGS = 12,    /**< gt02_settings. */
    GT02_SIZEOF_STEP = 13,        /**< gt02_step. */
    GT02_SIZEOF_ANSWER = 14,      /**< gt02_answer. */
    GT02_SIZEOF_ID = 15,          /**< gt02_id. */
    GT02_SIZEOF_LIMITS = 16       /**< gt02_limits. */
};

/**
 * sizeof a structure in the library, to check a binding that is not made from this header; 0 for
 * other numbers.
 */
GT02_API size_t gt02_sizeof(uint32_t what);

#ifdef __cplusplus
}
#endif

#endif /* GT02_H */
