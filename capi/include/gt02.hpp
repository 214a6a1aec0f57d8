// SPDX-License-Identifier: MIT OR Apache-2.0
/// A thin layer for C++17 over gt02.h: storage, iteration, optional values. It adds no state,
/// throws nothing of its own, and covers all of the header; see there for what each call does.
///
///     gt02::connection<> connection;
///     for (const gt02::item &item : connection.read(data, len)) {
///         if (auto place = item.place())
///             std::cout << place->latitude;
///         send(item.reply_bytes());
///     }
#ifndef GT02_HPP
#define GT02_HPP

#include "gt02.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gt02 {

/// The bytes of a slice.
inline std::string_view view(const gt02_slice &slice) noexcept {
    return slice.len == 0 ? std::string_view{}
                          : std::string_view{reinterpret_cast<const char *>(slice.ptr), slice.len};
}

/// The digits of an id.
inline std::string digits(const gt02_id &id) {
    std::string text(GT02_ID_SIZE, '\0');
    text.resize(gt02_id_text(&id, text.data(), text.size()));
    return text;
}

/// The bytes of a text or of a datagram.
inline const std::uint8_t *bytes_of(std::string_view text) noexcept {
    return reinterpret_cast<const std::uint8_t *>(text.data());
}

/// Degrees, WGS 84, south and west negative.
struct position {
    double latitude, longitude;
};

/// Bytes to send, or why there are none.
struct encoded {
    gt02_status status = GT02_DONE;
    std::string bytes{};
    explicit operator bool() const noexcept { return status == GT02_DONE; }
    const char *why() const noexcept { return gt02_strerror(status); }
};

namespace detail {

/// What `write(out, room, &written)` writes, in room that is enough.
template <typename Write> encoded write(Write write) {
    encoded found{GT02_DONE, std::string(256, '\0')};
    for (;;) {
        std::size_t written = 0;
        found.status = write(reinterpret_cast<std::uint8_t *>(found.bytes.data()),
                             found.bytes.size(), &written);
        const bool again = found.status == GT02_ERR_BUFFER && written > found.bytes.size();
        found.bytes.resize(again || found ? written : 0);
        if (!again)
            return found;
    }
}

/// All elements of a list, which `fill(elements, size, room)` writes.
template <typename T, typename Fill> std::vector<T> all(Fill fill) {
    std::vector<T> found(fill(nullptr, sizeof(T), 0));
    fill(found.data(), sizeof(T), found.size());
    return found;
}

} // namespace detail

/// A frame and what it reports, noise, or a deadline that passed. What views point to is valid
/// until the next item.
struct item : gt02_item {
    bool is_frame() const noexcept { return what == GT02_FRAME; }
    bool is_noise() const noexcept { return what == GT02_NOISE; }
    /// Whether the connection is to be closed: no login came, or no frame for long.
    bool is_end() const noexcept { return what == GT02_NAMELESS || what == GT02_DEAD; }
    std::string_view raw() const noexcept { return view(bytes); }
    /// The bytes to send back; empty if there are none.
    std::string_view reply_bytes() const noexcept { return view(reply); }
    std::string_view protocol_name() const noexcept { return gt02_protocol_name(protocol); }
    std::string_view kind_name() const noexcept { return gt02_kind_name(kind); }
    std::string_view reason_name() const noexcept { return gt02_reason_name(reason); }

    std::optional<std::string> device_id() const {
        return has & GT02_HAS_DEVICE ? std::optional{digits(device)} : std::nullopt;
    }
    std::optional<gt02_time> device_time() const noexcept { return when(GT02_HAS_TIME, time); }
    std::optional<gt02::position> place() const noexcept {
        return when(GT02_HAS_POSITION, gt02::position{latitude_e7 / 1e7, longitude_e7 / 1e7});
    }
    /// Kilometres per hour.
    std::optional<double> speed() const noexcept {
        return when(GT02_HAS_SPEED, static_cast<double>(speed_e6) / 1e6);
    }
    /// Degrees, clockwise from north.
    std::optional<double> course() const noexcept {
        return when(GT02_HAS_COURSE, course_e4 / 1e4);
    }
    std::optional<std::string_view> alarm_name() const noexcept {
        return when(GT02_HAS_ALARM, std::string_view{gt02_alarm_name(alarm)});
    }
    /// Whether a GT02_FLAG_... is set, if it is known.
    std::optional<bool> flag(std::uint32_t which) const noexcept {
        return when(GT02_HAS_FLAG(which), (flags & which) != 0);
    }
    /// A GT02_STRING_...; empty if there is none.
    std::string string(std::uint8_t which) const {
        std::string text(gt02_item_string(this, which, nullptr, 0) + 1, '\0');
        text.resize(gt02_item_string(this, which, text.data(), text.size()));
        return text;
    }
    gt02_details details() const noexcept {
        gt02_details found{};
        gt02_item_details(this, &found, sizeof found);
        return found;
    }
    /// The neighbour cells.
    std::vector<gt02_cell> cells() const {
        return detail::all<gt02_cell>([this](gt02_cell *to, std::size_t size, std::size_t room) {
            return gt02_item_cells(this, to, size, room);
        });
    }
    std::vector<gt02_access_point> access_points() const {
        return detail::all<gt02_access_point>(
            [this](gt02_access_point *to, std::size_t size, std::size_t room) {
                return gt02_item_access_points(this, to, size, room);
            });
    }
    /// The positions of a frame with several.
    std::vector<gt02_record> records() const {
        return detail::all<gt02_record>(
            [this](gt02_record *to, std::size_t size, std::size_t room) {
                return gt02_item_records(this, to, size, room);
            });
    }
    std::vector<gt02_cell> record_cells(std::size_t index) const {
        return detail::all<gt02_cell>(
            [this, index](gt02_cell *to, std::size_t size, std::size_t room) {
                return gt02_record_cells(this, index, to, size, room);
            });
    }

private:
    template <typename T> std::optional<T> when(std::uint64_t bit, T value) const noexcept {
        return has & bit ? std::optional<T>{value} : std::nullopt;
    }
};

/// One connection, or one UDP peer, with room for frames of `Carry` bytes.
template <std::size_t Carry = GT02_CARRY> class connection {
    static_assert(Carry >= GT02_CARRY_MIN, "a connection needs 64 bytes at least");
    enum class how { read, datagram, finish, timeout };

public:
    /// The clock of deadlines.
    using clock = std::chrono::steady_clock;

    explicit connection(std::uint32_t options = 0) noexcept {
        gt02_conn_init(storage, sizeof storage, options);
    }

    /// The items of a read. Go through all of them.
    class items {
    public:
        class iterator {
        public:
            using iterator_category = std::input_iterator_tag;
            using value_type = item;
            using difference_type = std::ptrdiff_t;
            using pointer = const item *;
            using reference = const item &;
            explicit iterator(items *start) noexcept : from{start} { ++*this; }
            reference operator*() const noexcept { return from->found; }
            pointer operator->() const noexcept { return &from->found; }
            iterator &operator++() noexcept {
                if (from != nullptr && !from->next())
                    from = nullptr;
                return *this;
            }
            bool operator==(const iterator &other) const noexcept { return from == other.from; }
            bool operator!=(const iterator &other) const noexcept { return from != other.from; }

        private:
            items *from;
        };
        iterator begin() noexcept { return iterator{this}; }
        iterator end() noexcept { return iterator{nullptr}; }

    private:
        friend connection;
        items(gt02_conn *of, how by, const void *bytes, std::size_t count) noexcept
            : conn{of}, way{by}, data{static_cast<const std::uint8_t *>(bytes)}, len{count} {}
        bool next() noexcept {
            const auto size = sizeof(gt02_item);
            switch (way) {
            case how::read:
                return gt02_conn_next(conn, data, len, &pos, &found, size) == GT02_ITEM;
            case how::datagram:
                return gt02_conn_datagram(conn, data, len, &pos, &found, size) == GT02_ITEM;
            case how::timeout:
                return gt02_conn_timeout(conn, &found, size) == GT02_ITEM;
            case how::finish:
                break;
            }
            return gt02_conn_finish(conn, &found, size) == GT02_ITEM;
        }
        gt02_conn *conn;
        how way;
        const std::uint8_t *data;
        std::size_t len, pos = 0;
        item found{};
    };

    items read(const void *data, std::size_t len) noexcept {
        return {get(), how::read, data, len};
    }
    items datagram(const void *data, std::size_t len) noexcept {
        return {get(), how::datagram, data, len};
    }
    /// What is pending: at the end, and, without deadlines, after a silence.
    items finish() noexcept { return {get(), how::finish, nullptr, 0}; }
    /// What happened because no byte came until now: the place of finish() after a silence.
    items timeout() noexcept { return {get(), how::timeout, nullptr, 0}; }

    /// Sets the clock, before each call that reads or waits. Without it there are no deadlines.
    void set_clock(clock::time_point now = clock::now()) noexcept {
        const auto since = std::chrono::floor<std::chrono::milliseconds>(now.time_since_epoch());
        gt02_conn_set_clock(get(), static_cast<std::uint64_t>(since.count()));
    }
    /// Sets how long the connection may be quiet; after the clock.
    gt02_status set_limits(const gt02_limits &limits) noexcept {
        return gt02_conn_set_limits(get(), &limits, sizeof limits);
    }
    /// When to call timeout() if no byte comes until then.
    std::optional<clock::time_point> deadline() noexcept {
        const std::int64_t ms = gt02_conn_deadline(get());
        if (ms < 0)
            return std::nullopt;
        return clock::time_point{std::chrono::milliseconds{ms}};
    }
    /// The server's clock, for replies and commands that carry the time.
    gt02_status set_time(std::int64_t unix_time) noexcept {
        return gt02_conn_set_time(get(), unix_time);
    }

    /// A GT02_COMMAND_... for the device; `number` is the seconds of an interval.
    encoded command(std::uint8_t what, std::uint32_t number = 0) const {
        return write({{nullptr, 0}, number, what, {}});
    }
    /// A command in the device's own words.
    encoded command(std::string_view text) const {
        return write({{bytes_of(text), text.size()}, 0, GT02_COMMAND_TEXT, {}});
    }

    /// The protocol that commands are written in; 0 if it is not known yet.
    std::uint8_t protocol() const noexcept { return gt02_conn_protocol(get()); }
    /// The device that commands are for.
    std::optional<std::string> device() const {
        std::string id(GT02_ID_SIZE, '\0');
        id.resize(gt02_conn_device(get(), id.data(), id.size()));
        return id.empty() ? std::nullopt : std::optional{id};
    }
    /// Knows the device that another connection knows: for the two directions of one.
    template <std::size_t Other> void know(const connection<Other> &other) noexcept {
        gt02_conn_know(get(), other.get());
    }
    /// The bytes that are kept because they may begin a frame.
    std::string_view pending() noexcept { return view(gt02_conn_pending(get())); }

    gt02_conn *get() noexcept { return reinterpret_cast<gt02_conn *>(storage); }
    const gt02_conn *get() const noexcept { return reinterpret_cast<const gt02_conn *>(storage); }

private:
    encoded write(const gt02_command &command) const {
        return detail::write([&](std::uint8_t *out, std::size_t room, std::size_t *written) {
            return gt02_conn_command(get(), &command, sizeof command, out, room, written);
        });
    }

    alignas(8) unsigned char storage[GT02_CONN_SIZE(Carry)];
};

/// The device's side. Read what the server sends by a connection with GT02_OPTION_DOWN.
class device {
public:
    /// None if the protocol or the id, 1 to 16 digits, is not one.
    static std::optional<device> make(std::uint8_t protocol, const std::string &id) noexcept {
        device made;
        const auto status =
            gt02_device_init(&made.state, sizeof made.state, protocol, id.c_str());
        return status == GT02_DONE ? std::optional{made} : std::nullopt;
    }
    /// The frame that says this.
    encoded encode(const gt02_uplink &uplink) {
        return detail::write([&](std::uint8_t *out, std::size_t room, std::size_t *written) {
            return gt02_device_encode(&state, &uplink, sizeof uplink, out, room, written);
        });
    }
    /// Whether the server owes a reply to the last frame.
    bool waits() const noexcept { return gt02_device_waits(&state) == 1; }
    /// Whether this is the reply.
    bool is_answer(const item &from_server) const noexcept {
        return gt02_device_is_answer(&state, &from_server) == 1;
    }

private:
    device() noexcept = default;
    gt02_device state{};
};

/// GT02_PROTOCOL_..., GT02_SNIFF_MORE or GT02_SNIFF_FOREIGN, of the first bytes of a connection.
inline std::int32_t sniff(std::string_view data) noexcept {
    return gt02_sniff(bytes_of(data), data.size());
}
/// The same of a whole datagram.
inline std::int32_t sniff_datagram(std::string_view data) noexcept {
    return gt02_sniff_datagram(bytes_of(data), data.size());
}

/// Seconds since 1970 UTC at which a clock that is `ahead` minutes ahead of UTC shows this.
inline std::optional<std::int64_t> unix_time(const gt02_time &time, std::int16_t ahead) noexcept {
    std::int64_t seconds = 0;
    const bool is_known = gt02_time_unix(&time, ahead, &seconds) == GT02_DONE;
    return is_known ? std::optional{seconds} : std::nullopt;
}

/// Texts to send to a tracker, or why there are none.
struct plan {
    gt02_status status = GT02_DONE;
    std::vector<gt02_step> steps{};
    explicit operator bool() const noexcept { return status == GT02_DONE; }
    const char *why() const noexcept { return gt02_strerror(status); }
};

/// The texts that configure a tracker of a GT02_SET_...
inline plan sms_plan(std::uint8_t set, const gt02_settings &settings) {
    plan found;
    gt02_step step{};
    while ((found.status = gt02_sms_plan(set, &settings, sizeof settings, found.steps.size(), &step,
                                         sizeof step)) == GT02_ITEM)
        found.steps.push_back(step);
    return found;
}
/// The texts for a tracker whose set is not known; `protocol` is one that it has spoken, or 0.
inline plan sms_try(std::uint8_t protocol, const gt02_settings &settings) {
    plan found;
    gt02_step step{};
    while ((found.status = gt02_sms_try(protocol, &settings, sizeof settings, found.steps.size(),
                                        &step, sizeof step)) == GT02_ITEM)
        found.steps.push_back(step);
    return found;
}
/// One GT02_SMS_... in the words of a set. `text` is the new password or the phone.
inline plan sms_command(std::uint8_t set, std::uint8_t what, const gt02_settings &settings,
                        const char *text = nullptr) {
    gt02_step step{};
    const auto status = gt02_sms_command(set, what, &settings, sizeof settings, text, &step,
                                         sizeof step);
    return status == GT02_DONE ? plan{status, {step}} : plan{status, {}};
}
/// What a text of a device says. Its slices point into the text.
inline gt02_answer sms_read(std::string_view text) noexcept {
    gt02_answer answer{};
    gt02_sms_read(bytes_of(text), text.size(), &answer, sizeof answer);
    return answer;
}
/// GT02_VERDICT_... of an answer to a command that was sent; below 0 if it is none of the set.
inline std::int32_t sms_verdict(std::uint8_t set, const std::string &command,
                                std::string_view answer) noexcept {
    return gt02_sms_verdict(set, command.c_str(), bytes_of(answer), answer.size());
}
/// GT02_VERDICT_... of an answer that shows the settings.
inline std::int32_t sms_proof(const gt02_settings &settings, std::string_view answer) noexcept {
    return gt02_sms_proof(&settings, sizeof settings, bytes_of(answer), answer.size());
}

} // namespace gt02

#endif // GT02_HPP
