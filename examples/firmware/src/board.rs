//! The board: the only file to write again for another one.
//!
//! QEMU's machines have what most chips have, at other addresses: serial ports that interrupt for
//! each byte. To replace it, keep the functions, and fill them from the chip's crate:
//!
//! | chip | port, interrupt | wait | log, exit |
//! |---|---|---|---|
//! | stm32 | `stm32f0xx_hal::serial`, `listen(Rxne)`, `#[interrupt] USART1` | `cortex_m::asm::wfi` | `defmt-rtt`, none |
//! | rp2040 | `rp2040_hal::uart`, `enable_rx_interrupt`, `#[interrupt] UART0_IRQ` | `wfi` | `defmt-rtt`, none |
//! | nrf | `nrf52840_hal::uarte` with buffers, or `embassy_nrf::buffered_uarte` | `wfi` | `defmt-rtt`, none |
//! | esp32c3 | `esp_hal::uart`, `listen(RxFifoFull)`, `#[handler]` | `riscv::asm::wfi` | `esp-println`, none |
//!
//! Where a port reads by DMA, [`Port::read`] takes what has arrived, and there is no ring.

use crate::ring::Ring;

/// A serial port. Its interrupt fills the ring.
pub struct Port {
    base: usize,
    ring: Ring,
    /// The task that waits for bytes.
    #[cfg(feature = "async")]
    waker: embassy_sync::waitqueue::AtomicWaker,
}

/// The port of the trackers, the modem, or the server.
pub static MAIN: Port = Port::at(chip::MAIN);
/// The second port of boards that have one: of the receiver in `tracker`, of the server in
/// `bridge`.
pub static SECOND: Port = Port::at(chip::SECOND);

impl Port {
    const fn at(base: usize) -> Self {
        Self {
            base,
            ring: Ring::new(),
            #[cfg(feature = "async")]
            waker: embassy_sync::waitqueue::AtomicWaker::new(),
        }
    }

    /// Takes the bytes that have arrived, at most as many as `buffer` has room for.
    pub fn read<'b>(&self, buffer: &'b mut [u8]) -> &'b [u8] {
        self.ring.read(buffer)
    }

    /// Waits until bytes have arrived, and takes them like [`read`](Self::read). One task alone may
    /// wait for a port. A future that is dropped has taken nothing.
    #[cfg(feature = "async")]
    pub async fn read_async<'b>(&self, buffer: &'b mut [u8]) -> &'b [u8] {
        use core::{future::poll_fn, task::Poll};

        poll_fn(|context| {
            // Before the look, so that a byte between both wakes the task.
            self.waker.register(context.waker());
            if self.ring.is_empty() {
                Poll::Pending
            } else {
                Poll::Ready(())
            }
        })
        .await;
        self.read(buffer)
    }

    /// Sends bytes; returns when the last of them is on its way.
    pub fn write(&self, bytes: &[u8]) {
        for &byte in bytes {
            chip::send(self.base, byte);
        }
    }

    /// Whether a byte had no room in the ring since the start.
    pub fn is_lossy(&self) -> bool {
        self.ring.is_lossy()
    }

    /// The interrupt: moves what has arrived into the ring.
    fn interrupt(&self) {
        while let Some(byte) = chip::receive(self.base) {
            self.ring.push(byte);
        }
        #[cfg(feature = "async")]
        self.waker.wake();
    }
}

/// Sets the ports up.
pub fn start() {
    chip::start();
}

/// Sleeps until a byte arrives at one of these ports, if nothing has arrived yet.
///
/// No interrupt comes between the look and the sleep: one that is pending ends the sleep, and is
/// served after it.
pub fn wait(ports: &[&Port]) {
    chip::without_interrupts(|| {
        if ports.iter().all(|port| port.ring.is_empty()) {
            chip::sleep();
        }
    });
}

/// Logs bytes as a line of hexadecimal digits, after a word.
pub fn log(word: &str, bytes: &[u8]) {
    let mut line = Line::new();
    word.bytes().for_each(|byte| line.put(byte));
    line.put(b' ');
    for byte in bytes {
        for digit in [byte >> 4, byte & 0x0F] {
            line.put(if digit < 10 {
                b'0' + digit
            } else {
                b'a' - 10 + digit
            });
        }
    }
    line.put(b'\n');
    line.flush();
}

/// A part of a line, so that not every byte is a call of the host.
struct Line {
    bytes: [u8; 64],
    len: usize,
}

impl Line {
    const fn new() -> Self {
        Self {
            bytes: [0; 64],
            len: 0,
        }
    }

    fn put(&mut self, byte: u8) {
        if self.len == self.bytes.len() {
            self.flush();
        }
        if let Some(place) = self.bytes.get_mut(self.len) {
            *place = byte;
            self.len += 1;
        }
    }

    fn flush(&mut self) {
        use semihosting::io::Write;
        if let (Some(bytes), Ok(mut out)) = (self.bytes.get(..self.len), semihosting::io::stdout())
        {
            // There is no other place to complain.
            let _ = out.write_all(bytes);
        }
        self.len = 0;
    }
}

/// Ends the run with status 0 or 1. A chip without a debugger has no end.
pub fn exit(well: bool) -> ! {
    semihosting::process::exit(i32::from(!well))
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    semihosting::process::exit(101)
}

/// Reads a register.
fn load(base: usize, offset: usize) -> u32 {
    // SAFETY: the callers name registers of the machine.
    unsafe { ((base + offset) as *const u32).read_volatile() }
}

/// Writes a register.
fn store(base: usize, offset: usize, value: u32) {
    // SAFETY: the callers name registers of the machine.
    unsafe { ((base + offset) as *mut u32).write_volatile(value) }
}

/// Interrupts of an Arm core.
#[cfg(target_arch = "arm")]
mod arm {
    use super::{MAIN, SECOND, chip, exit, store};
    use cortex_m_rt::exception;

    pub use cortex_m::asm::wfi as sleep;

    pub fn without_interrupts(work: impl FnOnce()) {
        cortex_m::interrupt::free(|_| work());
    }

    /// Enables an interrupt: `NVIC_ISER`.
    pub fn enable(interrupt: i16) {
        store(0xE000_E100, 0, 1 << interrupt);
    }

    // A chip's own crate has a handler for each interrupt; without one, all come here.
    #[exception]
    unsafe fn DefaultHandler(interrupt: i16) {
        match interrupt {
            chip::MAIN_INTERRUPT => MAIN.interrupt(),
            chip::SECOND_INTERRUPT => SECOND.interrupt(),
            _ => exit(false),
        }
    }

    #[exception]
    unsafe fn HardFault(_: &cortex_m_rt::ExceptionFrame) -> ! {
        exit(false)
    }
}

/// Arm's MPS2: a Cortex-M3 or M4, and the UART of the CMSDK.
#[cfg(all(target_arch = "arm", not(feature = "microbit")))]
mod chip {
    pub use super::arm::{sleep, without_interrupts};
    use super::{arm, load, store};

    pub const MAIN: usize = 0x4000_4000;
    pub const SECOND: usize = 0x4000_5000;
    pub const MAIN_INTERRUPT: i16 = 0;
    pub const SECOND_INTERRUPT: i16 = 2;

    const DATA: usize = 0x00;
    const STATE: usize = 0x04;
    const CONTROL: usize = 0x08;
    const CLEAR: usize = 0x0C;
    const DIVIDER: usize = 0x10;

    pub fn start() {
        for (port, interrupt) in [(MAIN, MAIN_INTERRUPT), (SECOND, SECOND_INTERRUPT)] {
            // 25 MHz by 217 are 115,200 baud.
            store(port, DIVIDER, 217);
            // Send, receive, and interrupt for each byte received.
            store(port, CONTROL, 0b1011);
            arm::enable(interrupt);
        }
    }

    pub fn receive(port: usize) -> Option<u8> {
        store(port, CLEAR, 0b10);
        (load(port, STATE) & 0b10 != 0).then(|| load(port, DATA) as u8)
    }

    pub fn send(port: usize, byte: u8) {
        while load(port, STATE) & 0b01 != 0 {}
        store(port, DATA, byte.into());
    }
}

/// The micro:bit: a Nordic nRF51 with a Cortex-M0. It has one port.
#[cfg(all(target_arch = "arm", feature = "microbit"))]
mod chip {
    pub use super::arm::{sleep, without_interrupts};
    use super::{arm, load, store};

    pub const MAIN: usize = 0x4000_2000;
    pub const SECOND: usize = MAIN;
    pub const MAIN_INTERRUPT: i16 = 2;
    pub const SECOND_INTERRUPT: i16 = -1;

    const START_RECEIVER: usize = 0x000;
    const START_TRANSMITTER: usize = 0x008;
    const RECEIVED: usize = 0x108;
    const SENT: usize = 0x11C;
    const ENABLE_INTERRUPT: usize = 0x304;
    const ENABLE: usize = 0x500;
    const INPUT: usize = 0x518;
    const OUTPUT: usize = 0x51C;
    const BAUD: usize = 0x524;

    pub fn start() {
        // 115,200 baud.
        store(MAIN, BAUD, 0x01D7_E000);
        store(MAIN, ENABLE, 4);
        store(MAIN, ENABLE_INTERRUPT, 1 << 2);
        store(MAIN, START_RECEIVER, 1);
        store(MAIN, START_TRANSMITTER, 1);
        arm::enable(MAIN_INTERRUPT);
    }

    pub fn receive(port: usize) -> Option<u8> {
        (load(port, RECEIVED) != 0).then(|| {
            store(port, RECEIVED, 0);
            load(port, INPUT) as u8
        })
    }

    pub fn send(port: usize, byte: u8) {
        store(port, SENT, 0);
        store(port, OUTPUT, byte.into());
        while load(port, SENT) == 0 {}
    }
}

/// QEMU's `virt` for RISC-V: a 16550, whose registers are bytes, and a PLIC. It has one port.
#[cfg(target_arch = "riscv32")]
mod chip {
    use super::{load, store};

    pub const MAIN: usize = 0x1000_0000;
    pub const SECOND: usize = MAIN;
    const INTERRUPT: u32 = 10;

    const PRIORITIES: usize = 0x0C00_0000;
    const ENABLED: usize = 0x0C00_2000;
    const CLAIM: usize = 0x0C20_0004;

    const DATA: usize = 0;
    const ENABLE: usize = 1;
    const STATUS: usize = 5;

    pub fn start() {
        store(PRIORITIES, 4 * INTERRUPT as usize, 1);
        store(ENABLED, 0, 1 << INTERRUPT);
        // The port comes last. A byte may be there already, and QEMU's PLIC never delivers what was
        // pending before it was enabled.
        write(MAIN, ENABLE, 1);
        // SAFETY: the handler is there, and shares the ring alone.
        unsafe {
            riscv::register::mie::set_mext();
            riscv::interrupt::enable();
        }
    }

    pub use riscv::{asm::wfi as sleep, interrupt::free as without_interrupts};

    pub fn receive(port: usize) -> Option<u8> {
        (read(port, STATUS) & 1 != 0).then(|| read(port, DATA))
    }

    pub fn send(port: usize, byte: u8) {
        while read(port, STATUS) & 0x20 == 0 {}
        write(port, DATA, byte);
    }

    #[riscv_rt::core_interrupt(riscv::interrupt::Interrupt::MachineExternal)]
    fn external() {
        let claimed = load(CLAIM, 0);
        super::MAIN.interrupt();
        store(CLAIM, 0, claimed);
    }

    fn read(base: usize, offset: usize) -> u8 {
        // SAFETY: the callers name registers of the machine.
        unsafe { ((base + offset) as *const u8).read_volatile() }
    }

    fn write(base: usize, offset: usize, value: u8) {
        // SAFETY: the callers name registers of the machine.
        unsafe { ((base + offset) as *mut u8).write_volatile(value) }
    }
}
