// A test of what gt02.hpp has beside the decoding that decode.cpp shows.
#include "gt02.hpp"

#include <cstdio>

static int passed, failed;

#define CHECK(condition)                                                                           \
    do {                                                                                           \
        if (condition) {                                                                           \
            passed++;                                                                              \
        } else {                                                                                   \
            failed++;                                                                              \
            std::printf("line %d: %s\n", __LINE__, #condition);                                    \
        }                                                                                          \
    } while (0)

using namespace std::literals;

// A heartbeat of gt02, which is answered.
static const std::string HEARTBEAT{"\x68\x68\x0F\x05\x04\x03\x58\x89\x90\x58\x31\x40\x17\x00"
                                   "\xDF\x1A\x00\x00\x0D\x0A"s};

template <typename Items> static int count(Items items) {
    int found = 0;
    for (const auto &item : items)
        found += item.what != 0;
    return found;
}

static void deadlines() {
    using connection = gt02::connection<>;
    const connection::clock::time_point start{1000ms};
    connection box;
    CHECK(!box.deadline());
    gt02_limits limits{};
    limits.login_ms = 500;
    CHECK(box.set_limits(limits) == GT02_ERR_NO_TIME);
    box.set_clock(start);
    CHECK(box.deadline() == start + 1min);
    CHECK(box.set_limits(limits) == GT02_DONE);
    CHECK(box.deadline() == start + 500ms);
    box.set_clock(start + 499ms);
    CHECK(count(box.timeout()) == 0);
    box.set_clock(start + 500ms);
    for (const auto &item : box.timeout())
        CHECK(item.what == GT02_NAMELESS && item.is_end() && !item.is_frame() && !item.is_noise());
    // The end mark of this frame may also begin the next one, so it waits for silence.
    CHECK(count(box.read("#356588220000003##", 18)) == 0 && box.pending().size() == 18);
    CHECK(box.deadline() == start + 800ms);
    box.set_clock(start + 800ms);
    for (const auto &item : box.timeout())
        CHECK(item.is_frame() && item.device_id() == "356588220000003");
    CHECK(box.deadline() == start + 800ms + 10min && box.pending().empty());
}

static void commands() {
    gt02::connection<> box, down{GT02_OPTION_DOWN};
    CHECK(box.command(GT02_COMMAND_LOCATE).status == GT02_ERR_NO_PROTOCOL);
    CHECK(box.protocol() == 0 && !box.device());
    CHECK(count(box.read(HEARTBEAT.data(), HEARTBEAT.size())) == 1);
    CHECK(box.protocol() == GT02_PROTOCOL_GT02 && box.device() == "358899058314017");
    CHECK(box.command("WHERE,666666#").bytes ==
          "\x88\x88\x13\x1C\x11\0\0\0\0WHERE,666666#\r\n"s);
    const auto refused = box.command("\xFF");
    CHECK(!refused && refused.bytes.empty() && refused.why() == gt02_strerror(GT02_ERR_SYNTAX));
    // More than the room that is tried first, or an error: never cut.
    const auto longest = box.command(std::string(1000, 'x'));
    CHECK(longest ? longest.bytes.size() > 1000 : longest.status != GT02_ERR_BUFFER);
    down.know(box);
    for (const auto &item : down.read("\x54\x68\x1A\x0D\x0A", 5))
        CHECK(item.kind == GT02_KIND_ACK && item.device_id() == "358899058314017");
    gt02::connection<> h02;
    CHECK(count(h02.read("*HQ,135790246811220,HTBT,100#", 29)) == 1);
    CHECK(h02.command(GT02_COMMAND_CUT_RELAY).status == GT02_ERR_NO_TIME);
    CHECK(h02.set_time(1457182985) == GT02_DONE);
    CHECK(h02.command(GT02_COMMAND_CUT_RELAY).bytes == "*HQ,135790246811220,S20,130305,1,1#");
}

static void devices() {
    CHECK(!gt02::device::make(99, "1") && !gt02::device::make(GT02_PROTOCOL_GT06, "12x"));
    auto device = gt02::device::make(GT02_PROTOCOL_GT06, "353588020144007");
    gt02_uplink uplink{};
    uplink.kind = GT02_KIND_LOGIN;
    const auto login = device->encode(uplink);
    CHECK(login && device->waits());
    gt02::connection<> server, down{GT02_OPTION_DOWN};
    std::string reply;
    for (const auto &item : server.read(login.bytes.data(), login.bytes.size())) {
        CHECK(item.device_id() == "353588020144007" && !device->is_answer(item));
        reply = item.reply_bytes();
    }
    for (const auto &item : down.read(reply.data(), reply.size()))
        CHECK(device->is_answer(item));
    uplink.kind = GT02_KIND_COMMAND;
    CHECK(device->encode(uplink).status == GT02_ERR_ARGUMENT);
}

static void lists() {
    const auto cells = "*HQ,4106000000,NBR,120000,460,0,0,3,9338,3692,12,9338,3691,10,9338,3690,8,"
                       "040526,FFFFFFFF#"sv;
    gt02::connection<> box;
    for (const auto &item : box.read(cells.data(), cells.size()))
        CHECK(item.cells().size() == 2 && item.cells()[1].rssi == 8 && item.records().empty());
    const auto records = "#353588020140007##1#0000#AUT#2"
                         "#V#0210.1160,E,4123.2440,N,0.00,62.75#040526#100000"
                         "#V#0210.1161,E,4123.2441,N,1.00,63.75#040526#100010##"sv;
    for (const auto &item : box.datagram(records.data(), records.size())) {
        CHECK(item.records().size() == 2 && item.records()[1].latitude_e7 == 413874017);
        CHECK(item.record_cells(1).empty() && item.access_points().empty());
    }
    CHECK(gt02::sniff(HEARTBEAT) == GT02_PROTOCOL_GT02);
    CHECK(gt02::sniff_datagram("#353588020144007##") == GT02_PROTOCOL_V680);
    CHECK(gt02::unix_time({2026, 5, 4, 7, 30, 0, 0}, 480) == 1777851000);
    CHECK(!gt02::unix_time({2026, 13, 4, 7, 30, 0, 0}, 480));
}

static void texts() {
    gt02_settings settings{};
    settings.apn = "internet";
    settings.host = "example.com";
    settings.port = 5022;
    settings.interval = 30;
    const auto plan = gt02::sms_plan(GT02_SET_B, settings);
    CHECK(plan && plan.steps.size() > 3 && plan.steps[3].text == "TIMER,666666,,30#"sv);
    CHECK(gt02::sms_plan(GT02_SET_GT02D, settings).status == GT02_ERR_UNSUPPORTED);
    const auto tried = gt02::sms_try(GT02_PROTOCOL_H02, settings);
    CHECK(tried && tried.steps[0].set == GT02_SET_S && tried.steps[0].text == "RCONF"sv);
    const auto interval = gt02::sms_command(GT02_SET_A, GT02_SMS_INTERVAL, settings);
    CHECK(interval && interval.steps.at(0).text == "GPRSDS,000000,30#"sv);
    CHECK(!gt02::sms_command(GT02_SET_VSUN, GT02_SMS_ARM, settings));
    CHECK(gt02::sms_read("APNOK!").completion == GT02_COMPLETION_DONE);
    CHECK(gt02::sms_verdict(GT02_SET_B, "TIMER,666666,,30#", "TIMEROK!") == GT02_VERDICT_DONE);
    CHECK(gt02::sms_proof(settings, "GPRS:ON;APN:internet,,;Server:1,example.com,5022,0;") ==
          GT02_VERDICT_DONE);
}

int main() {
    deadlines();
    commands();
    devices();
    lists();
    texts();
    std::printf("%d passed, %d failed\n", passed, failed);
    // Those in loops are among them: each loop has an item.
    return failed != 0 || passed != 43;
}
