//! Prints the bytes of stack that frames and answers take, and reports as well, with the traffic of
//! each protocol.

#![no_std]
#![no_main]

use gt02_firmware::{print, print_line, print_number, stack_of, traffic, work};

#[unsafe(no_mangle)]
fn main() -> bool {
    for (protocol, streams) in traffic::ALL {
        let answers = stack_of(|| work::gateway_of(streams, true).frames > 1);
        let reports = stack_of(|| work::reports_of(streams).reports > 1);
        let (Some(answers), Some(reports)) = (answers, reports) else {
            return false;
        };
        print(protocol);
        print(" ");
        print_number(answers);
        print(" ");
        print_line(reports);
    }
    true
}
