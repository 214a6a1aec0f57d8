//! What a firmware needs around `gt02`: start-up code, volatile input and output, and an exit that
//! QEMU understands.
//!
//! It also proves that no panic path is left: the panic handler calls a function that does not
//! exist. If the compiler can show that nothing panics, it drops the handler and the firmware
//! links; otherwise the linker says `undefined symbol: gt02_panic_path_is_left`.

#![no_std]

pub mod traffic;
pub mod work;

use core::{
    arch::{asm, global_asm},
    cell::UnsafeCell,
};

unsafe extern "C" {
    fn gt02_panic_path_is_left() -> !;

    /// The address after the last static, from the linker script.
    static mut __stack_limit: u32;
}

unsafe extern "Rust" {
    /// What the binary does, and whether it went well.
    safe fn main() -> bool;
}

#[panic_handler]
fn panic(_: &core::panic::PanicInfo<'_>) -> ! {
    // SAFETY: never called; it does not even exist.
    unsafe { gt02_panic_path_is_left() }
}

// A Cortex-M reads where its stack is, where to start, and where to go on after a fault. The values
// of statics are copied out of the flash; those that are zeros are not in there.
#[cfg(target_arch = "arm")]
global_asm!(
    ".pushsection .start, \"ax\"",
    ".word __stack_top, start, fault, fault",
    ".thumb_func",
    "start:",
    "ldr r0, =__data_start",
    "ldr r1, =__data_end",
    "ldr r2, =__data_load",
    "1: cmp r0, r1",
    "beq 2f",
    "ldm r2!, {{r3}}",
    "stm r0!, {{r3}}",
    "b 1b",
    "2: ldr r0, =__bss_start",
    "ldr r1, =__bss_end",
    "movs r2, #0",
    "3: cmp r0, r1",
    "beq 4f",
    "stm r0!, {{r2}}",
    "b 3b",
    "4: bl run",
    ".pool",
    ".popsection",
);

// A RISC-V starts with the first instruction.
#[cfg(target_arch = "riscv32")]
global_asm!(
    ".pushsection .start, \"ax\"",
    "start:",
    "la sp, __stack_top",
    "la t0, __data_start",
    "la t1, __data_end",
    "la t2, __data_load",
    "1: beq t0, t1, 2f",
    "lw t3, 0(t2)",
    "sw t3, 0(t0)",
    "addi t2, t2, 4",
    "addi t0, t0, 4",
    "j 1b",
    "2: la t0, __bss_start",
    "la t1, __bss_end",
    "3: beq t0, t1, 4f",
    "sw zero, 0(t0)",
    "addi t0, t0, 4",
    "j 3b",
    "4: call run",
    ".popsection",
);

#[unsafe(no_mangle)]
extern "C" fn run() -> ! {
    exit(main())
}

#[cfg(target_arch = "arm")]
#[unsafe(no_mangle)]
extern "C" fn fault() -> ! {
    exit(false)
}

/// A static that can be changed.
#[repr(transparent)]
pub struct Ram<T>(UnsafeCell<T>);

// SAFETY: there is one thread, and no interrupt.
unsafe impl<T> Sync for Ram<T> {}

impl<T> Ram<T> {
    pub const fn new(value: T) -> Self {
        Self(UnsafeCell::new(value))
    }

    /// # Safety
    /// No other reference that this gave may still be in use.
    #[allow(clippy::mut_from_ref)]
    pub unsafe fn get(&'static self) -> &'static mut T {
        // SAFETY: the caller's.
        unsafe { &mut *self.0.get() }
    }
}

/// The input from the modem: bytes that the compiler knows nothing about.
pub struct Input(&'static [u8]);

impl Input {
    pub const fn new(bytes: &'static [u8]) -> Self {
        Self(bytes)
    }

    /// Fills the front of `buffer`, and returns the number of bytes.
    pub fn read<'b>(&mut self, buffer: &'b mut [u8]) -> &'b [u8] {
        let mut len = 0;
        for (to, from) in buffer.iter_mut().zip(self.0) {
            // SAFETY: a reference is valid.
            *to = unsafe { core::ptr::from_ref(from).read_volatile() };
            len += 1;
        }
        self.0 = self.0.get(len..).unwrap_or_default();
        buffer.get(..len).unwrap_or_default()
    }
}

/// The sink of results, so that the compiler does not drop them.
pub fn put(value: u32) {
    static OUTPUT: Ram<u32> = Ram::new(0);
    // SAFETY: it is valid for writes, and there is no reference to it.
    unsafe { OUTPUT.0.get().write_volatile(value) }
}

/// Bytes to send to the modem.
pub fn send(bytes: &[u8]) {
    for &byte in bytes {
        put(byte.into());
    }
}

/// Runs `work`, and returns the bytes of stack that it took: those that lost their paint.
pub fn stack_of(work: impl FnOnce() -> bool) -> Option<usize> {
    const PAINT: u32 = 0xA5A5_A5A5;
    let here = 0_u32;
    let top = core::hint::black_box(&raw const here);
    let limit = &raw mut __stack_limit;
    // SAFETY: between the statics and the frame of this function, with room for what the compiler
    // may keep below `here`, is nothing.
    unsafe {
        let mut at = limit;
        while at.addr() < top.addr() - 64 {
            at.write_volatile(PAINT);
            at = at.add(1);
        }
        let well = work();
        at = limit;
        while at.read_volatile() == PAINT {
            at = at.add(1);
        }
        well.then_some(top.addr() - at.addr())
    }
}

/// Calls QEMU, or a debugger: semihosting.
fn semihosting(operation: usize, argument: *const usize) {
    // SAFETY: the operations that are used here read their argument and nothing else.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("bkpt 0xab", inout("r0") operation => _, in("r1") argument, options(nostack));
        #[cfg(target_arch = "riscv32")]
        asm!(
            // Known by the instructions around it, which must be of 4 bytes and lie in one page.
            ".balign 16",
            ".option push",
            ".option norvc",
            "slli x0, x0, 0x1f",
            "ebreak",
            "srai x0, x0, 7",
            ".option pop",
            inout("a0") operation => _, in("a1") argument, options(nostack),
        );
    }
}

/// Prints text.
pub fn print(text: &str) {
    const SYS_WRITEC: usize = 0x03;
    for byte in text.as_bytes() {
        semihosting(SYS_WRITEC, core::ptr::from_ref(byte).cast());
    }
}

/// Prints a number in decimal.
pub fn print_number(number: usize) {
    if number >= 10 {
        print_number(number / 10);
    }
    let digit = b"0123456789"
        .get(number % 10..)
        .and_then(|digits| digits.get(..1));
    print(
        digit
            .and_then(|digit| core::str::from_utf8(digit).ok())
            .unwrap_or_default(),
    );
}

/// Prints a number in decimal, and ends the line.
pub fn print_line(number: usize) {
    print_number(number);
    print("\n");
}

/// Prints text at the left of a column.
pub fn print_text(text: &str, width: usize) {
    print(text);
    (text.len()..width).for_each(|_| print(" "));
}

/// Prints a number at the right of a column.
pub fn print_right(number: usize, width: usize) {
    let mut digits = 1;
    let mut rest = number;
    while rest >= 10 {
        rest /= 10;
        digits += 1;
    }
    (digits..width).for_each(|_| print(" "));
    print_number(number);
}

/// The instructions that `work` takes, if QEMU counts them: `-icount shift=0`, where each of them
/// is a nanosecond. At most 600 million.
pub fn instructions_of(work: impl FnOnce()) -> usize {
    let start = clock();
    work();
    elapsed(start, clock())
}

/// What a tick of the clock is: the 25 MHz of the boards `mps2`.
#[cfg(target_arch = "arm")]
const INSTRUCTIONS_A_TICK: u32 = 40;

/// The timer that every Cortex-M has: 24 bits, down.
#[cfg(target_arch = "arm")]
fn clock() -> u32 {
    const CONTROL: *mut u32 = 0xE000_E010 as *mut u32;
    const RELOAD: *mut u32 = 0xE000_E014 as *mut u32;
    const CURRENT: *mut u32 = 0xE000_E018 as *mut u32;
    // SAFETY: these are its registers. No interrupt is enabled; it runs on the clock of the core.
    unsafe {
        if CONTROL.read_volatile() & 1 == 0 {
            RELOAD.write_volatile(0x00FF_FFFF);
            CURRENT.write_volatile(0);
            CONTROL.write_volatile(0b101);
        }
        CURRENT.read_volatile()
    }
}

#[cfg(target_arch = "arm")]
fn elapsed(start: u32, end: u32) -> usize {
    ((start.wrapping_sub(end) & 0x00FF_FFFF) * INSTRUCTIONS_A_TICK) as usize
}

/// The counter of instructions.
#[cfg(target_arch = "riscv32")]
fn clock() -> u32 {
    let count;
    // SAFETY: this reads a register.
    unsafe { asm!("csrr {}, minstret", out(reg) count, options(nomem, nostack)) };
    count
}

#[cfg(target_arch = "riscv32")]
fn elapsed(start: u32, end: u32) -> usize {
    end.wrapping_sub(start) as usize
}

/// Takes `2 * turns` instructions, and a handful.
pub fn spin(turns: usize) {
    // SAFETY: this counts down in a register. 0 would be many turns.
    unsafe {
        #[cfg(target_arch = "arm")]
        asm!("2: subs {0}, #1", "bne 2b", inout(reg) turns.max(1) => _, options(nomem, nostack));
        #[cfg(target_arch = "riscv32")]
        asm!(
            "2: addi {0}, {0}, -1",
            "bnez {0}, 2b",
            inout(reg) turns.max(1) => _, options(nomem, nostack),
        );
    }
}

/// Ends with status 0 or 1.
pub fn exit(well: bool) -> ! {
    const SYS_EXIT_EXTENDED: usize = 0x20;
    const APPLICATION_EXIT: usize = 0x20026;
    let block = [APPLICATION_EXIT, usize::from(!well)];
    loop {
        semihosting(SYS_EXIT_EXTENDED, block.as_ptr());
    }
}
