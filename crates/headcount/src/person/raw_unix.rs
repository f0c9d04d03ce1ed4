//! The keyboard of a terminal, from the moment the question is shown until it
//! is answered: single keys, not shown, with signals as usual.
//!
//! Ctrl-C, Ctrl-\\ and Ctrl-Z stay signals of the terminal, so they reach the
//! whole pipeline of the person's shell as they do everywhere. Whatever signal
//! ends this process, or stops it, first puts the terminal back; then the
//! signal takes the course that it had before the question. A panic is
//! unwound and drops [`Keys`], or aborts, which is a signal too.

use std::fs::File;
use std::io::{self, Read as _};
use std::os::fd::AsFd as _;
use std::ptr;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};

use super::key::{Key, Typing};

/// Signals that end a process, and the one that stops it.
const SIGNALS: [libc::c_int; 6] =
    [libc::SIGINT, libc::SIGTERM, libc::SIGHUP, libc::SIGQUIT, libc::SIGABRT, libc::SIGTSTP];

/// Shows the cursor again.
const SHOW_CURSOR: &[u8] = b"\x1b[?25h";

/// What the handlers need. It is never freed: a handler may run on another
/// thread until the very end.
struct Saved {
    before: libc::termios,
    during: libc::termios,
    handlers: [libc::sigaction; SIGNALS.len()],
    resumed: libc::sigaction,
}

/// What is to be put back; null while no question is asked.
static SAVED: AtomicPtr<Saved> = AtomicPtr::new(ptr::null_mut());

/// Whether a signal came and the process went on.
static INTERRUPTED: AtomicBool = AtomicBool::new(false);

/// Whether the process was stopped and goes on.
static RESUMED: AtomicBool = AtomicBool::new(false);

/// The terminal of standard input, which gives single keys until this is
/// dropped.
pub(super) struct Keys {
    input: File,
    saved: &'static Saved,
}

impl Keys {
    /// Begins, and drops what was typed before.
    ///
    /// # Errors
    ///
    /// Returns an error if standard input is not a terminal, or if another
    /// question is being asked.
    pub(super) fn open() -> io::Result<Self> {
        let input = File::from(io::stdin().as_fd().try_clone_to_owned()?);
        let before = mode()?;
        let mut during = before;
        during.c_lflag &= !(libc::ICANON | libc::ECHO | libc::IEXTEN);
        during.c_iflag &= !(libc::ICRNL | libc::INLCR | libc::IXON);
        during.c_cc[libc::VMIN] = 1;
        during.c_cc[libc::VTIME] = 0;
        let saved: &'static Saved = Box::leak(Box::new(Saved {
            before,
            during,
            handlers: SIGNALS.map(handler_of),
            resumed: handler_of(libc::SIGCONT),
        }));
        let entry = ptr::from_ref(saved).cast_mut();
        SAVED
            .compare_exchange(ptr::null_mut(), entry, Ordering::SeqCst, Ordering::SeqCst)
            .map_err(|_| io::Error::other("another question is being asked"))?;
        INTERRUPTED.store(false, Ordering::SeqCst);
        RESUMED.store(false, Ordering::SeqCst);
        let keys = Self { input, saved };
        SIGNALS.into_iter().zip(&saved.handlers).for_each(|(signal, before)| {
            // A signal that the host ignores stays ignored.
            if before.sa_sigaction != libc::SIG_IGN {
                set_handler(signal, &ours(on_signal));
            }
        });
        set_handler(libc::SIGCONT, &ours(on_resumed));
        set(libc::TCSAFLUSH, &saved.during)?;
        Ok(keys)
    }

    /// What the person types.
    #[expect(clippy::unused_self, reason = "as on Windows")]
    pub(super) fn typing(&self) -> Typing {
        Typing::Keys
    }

    /// Waits for the next key.
    ///
    /// # Errors
    ///
    /// - [`io::ErrorKind::Interrupted`] if a signal came that would have ended
    ///   the process, but for a handler of the host.
    /// - [`io::ErrorKind::UnexpectedEof`] if the terminal was closed.
    pub(super) fn next(&mut self) -> io::Result<Key> {
        let key = self.awaited()?;
        // Another thread may have handled the signal before this key came.
        not_interrupted()?;
        Ok(key)
    }

    fn awaited(&mut self) -> io::Result<Key> {
        loop {
            not_interrupted()?;
            if RESUMED.swap(false, Ordering::SeqCst) {
                return Ok(Key::Redraw);
            }
            match self.byte() {
                Ok(Some(0x1b)) => return self.escape(),
                Ok(Some(byte)) => return Ok(key(byte)),
                Ok(None) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    fn byte(&mut self) -> io::Result<Option<u8>> {
        let mut byte = [0];
        Ok((self.input.read(&mut byte)? == 1).then_some(byte[0]))
    }

    /// The rest of a sequence such as `ESC [ A`, which a terminal sends at
    /// once; nothing follows the key Esc.
    fn escape(&mut self) -> io::Result<Key> {
        let mut brief = self.saved.during;
        brief.c_cc[libc::VMIN] = 0;
        // A tenth of a second.
        brief.c_cc[libc::VTIME] = 1;
        set(libc::TCSANOW, &brief)?;
        let key = self.sequence();
        set(libc::TCSANOW, &self.saved.during)?;
        key
    }

    fn sequence(&mut self) -> io::Result<Key> {
        match self.byte()? {
            None => return Ok(Key::Escape),
            Some(b'[' | b'O') => {}
            Some(_) => return Ok(Key::Other),
        }
        loop {
            match self.byte()? {
                Some(b'A' | b'D') => return Ok(Key::Up),
                Some(b'B' | b'C') => return Ok(Key::Down),
                // Parameters, up to the letter that ends the sequence.
                Some(b'0'..=b'9' | b';') => {}
                Some(_) | None => return Ok(Key::Other),
            }
        }
    }
}

impl Drop for Keys {
    fn drop(&mut self) {
        // A closed terminal needs no mode. One that the shell has taken back
        // was put back before.
        if !is_in_background() {
            let _ = set(libc::TCSADRAIN, &self.saved.before);
        }
        SIGNALS.into_iter().zip(&self.saved.handlers).for_each(|(signal, before)| {
            set_handler(signal, before);
        });
        set_handler(libc::SIGCONT, &self.saved.resumed);
        SAVED.store(ptr::null_mut(), Ordering::SeqCst);
    }
}

fn not_interrupted() -> io::Result<()> {
    if INTERRUPTED.load(Ordering::SeqCst) {
        return Err(io::ErrorKind::Interrupted.into());
    }
    Ok(())
}

fn key(byte: u8) -> Key {
    match byte {
        b'\r' | b'\n' => Key::Enter,
        // Ctrl-D: the end of input.
        0x04 => Key::Escape,
        letter => Key::of_letter(letter),
    }
}

fn mode() -> io::Result<libc::termios> {
    // SAFETY: `termios` is a structure of integers, for which zeros are a
    // value; tcgetattr(3) fills it before it is read.
    #[expect(unsafe_code, reason = "std knows no terminal modes")]
    let mut mode: libc::termios = unsafe { std::mem::zeroed() };
    // SAFETY: the pointer leads to a `termios` that outlives the call.
    #[expect(unsafe_code, reason = "std knows no terminal modes")]
    let read = unsafe { libc::tcgetattr(libc::STDIN_FILENO, &raw mut mode) };
    if read == 0 { Ok(mode) } else { Err(io::Error::last_os_error()) }
}

fn set(when: libc::c_int, mode: &libc::termios) -> io::Result<()> {
    // SAFETY: the pointer leads to a whole `termios` that outlives the call.
    #[expect(unsafe_code, reason = "std knows no terminal modes")]
    let done = unsafe { libc::tcsetattr(libc::STDIN_FILENO, when, mode) };
    if done == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Whether the terminal belongs to another process group, such as the shell's
/// after Ctrl-Z. Whoever changes its mode then is stopped by the system, again
/// and again, so that not even SIGTERM ends it. A terminal that controls no
/// group stops nobody.
fn is_in_background() -> bool {
    // SAFETY: both calls take and return numbers, and touch no memory of ours.
    #[expect(unsafe_code, reason = "std knows no process groups")]
    let (of_terminal, own) = unsafe { (libc::tcgetpgrp(libc::STDIN_FILENO), libc::getpgrp()) };
    of_terminal != -1 && of_terminal != own
}

fn handler_of(signal: libc::c_int) -> libc::sigaction {
    // SAFETY: `sigaction` is a structure of integers and an optional pointer,
    // for which zeros are a value; sigaction(2) fills it.
    #[expect(unsafe_code, reason = "std knows no signals")]
    let mut handler: libc::sigaction = unsafe { std::mem::zeroed() };
    // SAFETY: the first pointer is null, so nothing changes; the second leads
    // to a `sigaction` that outlives the call.
    #[expect(unsafe_code, reason = "std knows no signals")]
    unsafe {
        libc::sigaction(signal, ptr::null(), &raw mut handler);
    }
    handler
}

/// Without `SA_RESTART`, so that a signal ends the wait for a key.
fn ours(handler: extern "C" fn(libc::c_int)) -> libc::sigaction {
    // SAFETY: as in `handler_of`; sigemptyset(3) fills the mask.
    #[expect(unsafe_code, reason = "std knows no signals")]
    let mut action: libc::sigaction = unsafe { std::mem::zeroed() };
    action.sa_sigaction = handler as *const () as libc::sighandler_t;
    // SAFETY: the pointer leads to a mask that outlives the call.
    #[expect(unsafe_code, reason = "std knows no signals")]
    unsafe {
        libc::sigemptyset(&raw mut action.sa_mask);
    }
    action
}

fn set_handler(signal: libc::c_int, action: &libc::sigaction) {
    // SAFETY: the first pointer leads to a whole `sigaction`: either one that
    // sigaction(2) itself filled, or one of `ours`, whose handler does only
    // what a handler may (see there). The second is null.
    #[expect(unsafe_code, reason = "std knows no signals")]
    unsafe {
        libc::sigaction(signal, action, ptr::null_mut());
    }
}

/// What a handler may read, while a question is asked.
fn saved() -> Option<&'static Saved> {
    let saved = SAVED.load(Ordering::SeqCst);
    // SAFETY: the pointer is null or leads to a leaked box, which lives to the
    // end and which nothing changes once the pointer was stored.
    #[expect(unsafe_code, reason = "a handler gets nothing but a number")]
    let saved = unsafe { saved.as_ref() };
    saved
}

/// Puts the terminal back, and lets the signal take the course it had before.
///
/// It calls only what signal-safety(7) permits in a handler: tcgetpgrp,
/// getpgrp, tcsetattr, write, sigaction, raise; and it takes no lock and
/// allocates nothing. The signal that it raises is blocked until it returns,
/// and then meets what was there before: usually the end of the process.
extern "C" fn on_signal(signal: libc::c_int) {
    let Some(saved) = saved() else { return };
    let _kept = Errno::keep();
    // First, for a key that another thread reads at this moment.
    if signal != libc::SIGTSTP {
        INTERRUPTED.store(true, Ordering::SeqCst);
    }
    if !is_in_background() {
        let _ = set(libc::TCSANOW, &saved.before);
        // SAFETY: the pointer and the length are those of a constant.
        #[expect(unsafe_code, reason = "std's write may take a lock")]
        unsafe {
            libc::write(libc::STDERR_FILENO, SHOW_CURSOR.as_ptr().cast(), SHOW_CURSOR.len());
        }
    }
    if let Some(place) = SIGNALS.iter().position(|known| *known == signal) {
        set_handler(signal, &saved.handlers[place]);
    }
    // SAFETY: raise(3) takes a number and touches no memory of ours.
    #[expect(unsafe_code, reason = "std knows no signals")]
    unsafe {
        libc::raise(signal);
    }
}

/// After Ctrl-Z and `fg`: asks on. After `bg`, the wait for a key stops the
/// process until `fg`. It calls only what a handler may, as [`on_signal`] does.
extern "C" fn on_resumed(_: libc::c_int) {
    let Some(saved) = saved() else { return };
    if INTERRUPTED.load(Ordering::SeqCst) {
        return;
    }
    let _kept = Errno::keep();
    let stop = SIGNALS.iter().zip(&saved.handlers).find(|(signal, _)| **signal == libc::SIGTSTP);
    if stop.is_some_and(|(_, before)| before.sa_sigaction != libc::SIG_IGN) {
        set_handler(libc::SIGTSTP, &ours(on_signal));
    }
    if !is_in_background() {
        let _ = set(libc::TCSANOW, &saved.during);
    }
    RESUMED.store(true, Ordering::SeqCst);
}

/// The number of the last error of what a handler interrupts. It is put back
/// when this is dropped.
struct Errno(libc::c_int);

impl Errno {
    fn keep() -> Self {
        // SAFETY: the pointer leads to this thread's own number, which lives as
        // long as the thread.
        #[expect(unsafe_code, reason = "std cannot set it")]
        Self(unsafe { *errno() })
    }
}

impl Drop for Errno {
    fn drop(&mut self) {
        // SAFETY: as in `keep`; nobody holds a reference to it.
        #[expect(unsafe_code, reason = "std cannot set it")]
        unsafe {
            *errno() = self.0;
        }
    }
}

/// Where this thread's number of the last error is.
fn errno() -> *mut libc::c_int {
    #[cfg(any(target_os = "android", target_os = "netbsd", target_os = "openbsd"))]
    use libc::__errno as place;
    #[cfg(not(any(
        target_vendor = "apple",
        target_os = "freebsd",
        target_os = "android",
        target_os = "netbsd",
        target_os = "openbsd"
    )))]
    use libc::__errno_location as place;
    #[cfg(any(target_vendor = "apple", target_os = "freebsd"))]
    use libc::__error as place;
    // SAFETY: the call takes nothing and changes nothing.
    #[expect(unsafe_code, reason = "std cannot set it")]
    unsafe {
        place()
    }
}
