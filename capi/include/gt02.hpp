// SPDX-License-Identifier: MIT OR Apache-2.0
/// A thin layer for C++17 over gt02.h: storage, iteration, optional values. It adds no state.
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

#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>

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

/// Degrees, WGS 84, south and west negative.
struct position {
    double latitude, longitude;
};

/// A frame and what it reports, or noise. What views point to is valid until the next item.
struct item : gt02_item {
    bool is_frame() const noexcept { return what == GT02_FRAME; }
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

private:
    template <typename T> std::optional<T> when(std::uint64_t bit, T value) const noexcept {
        return has & bit ? std::optional<T>{value} : std::nullopt;
    }
};

/// One connection, or one UDP peer, with room for frames of `Carry` bytes.
template <std::size_t Carry = GT02_CARRY> class connection {
    static_assert(Carry >= GT02_CARRY_MIN, "a connection needs 64 bytes at least");
    enum class how { read, datagram, finish };

public:
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
            explicit iterator(items *from) noexcept : from{from} { ++*this; }
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
        items(gt02_conn *conn, how way, const void *data, std::size_t len) noexcept
            : conn{conn}, way{way}, data{static_cast<const std::uint8_t *>(data)}, len{len} {}
        bool next() noexcept {
            const auto size = sizeof(gt02_item);
            switch (way) {
            case how::read:
                return gt02_conn_next(conn, data, len, &pos, &found, size) == GT02_ITEM;
            case how::datagram:
                return gt02_conn_datagram(conn, data, len, &pos, &found, size) == GT02_ITEM;
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
    /// What is pending: at the end, and after a silence.
    items finish() noexcept { return {get(), how::finish, nullptr, 0}; }
    /// The server's clock, for replies and commands that carry the time.
    gt02_status set_time(std::int64_t unix_time) noexcept {
        return gt02_conn_set_time(get(), unix_time);
    }
    gt02_conn *get() noexcept { return reinterpret_cast<gt02_conn *>(storage); }

private:
    alignas(8) unsigned char storage[GT02_CONN_SIZE(Carry)];
};

} // namespace gt02

#endif // GT02_HPP
