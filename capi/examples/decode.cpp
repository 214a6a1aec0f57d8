// Prints the table of decode.c, by gt02.hpp: decode FILE [READ_SIZE].
#include "gt02.hpp"

#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

static void print(const gt02::item &item) {
    if (!item.is_frame()) {
        std::printf("noise\t%s\t%zu\n", item.reason_name().data(), item.raw().size());
        return;
    }
    std::printf("%s\t%s\t%s", item.protocol_name().data(), item.kind_name().data(),
                item.device_id().value_or("-").c_str());
    if (const auto t = item.device_time())
        std::printf("\t%04d-%02d-%02dT%02d:%02d:%02d", t->year, t->month, t->day, t->hour,
                    t->minute, t->second);
    else
        std::printf("\t-");
    if (const auto place = item.place())
        std::printf("\t%.6f\t%.6f", place->latitude, place->longitude);
    else
        std::printf("\t-\t-");
    if (const auto speed = item.speed())
        std::printf("\t%.2f", *speed);
    else
        std::printf("\t-");
    std::printf("\t%s\t", item.alarm_name().value_or("-").data());
    for (const char byte : item.reply_bytes())
        std::printf("%02x", static_cast<unsigned>(static_cast<unsigned char>(byte)));
    std::printf("\n");
}

int main(int argc, char **argv) {
    std::ifstream file{argc > 1 ? argv[1] : "", std::ios::binary};
    const std::size_t size = argc > 2 ? std::stoul(argv[2]) : 1460;
    if (!file || size == 0) {
        std::fprintf(stderr, "usage: decode FILE [READ_SIZE]\n");
        return 2;
    }
    const std::string all{std::istreambuf_iterator<char>{file}, {}};
    static gt02::connection<4096> connection;
    for (std::size_t at = 0; at < all.size(); at += size) {
        const std::string read = all.substr(at, size);
        for (const auto &item : connection.read(read.data(), read.size()))
            print(item);
    }
    for (const auto &item : connection.finish())
        print(item);
}
