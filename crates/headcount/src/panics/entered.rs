//! Functions that the host names itself, for panics of a build whose functions
//! have no names or were inlined: what a thread is in, innermost first.

use std::cell::RefCell;
use std::marker::PhantomData;

thread_local! {
    static ENTERED: RefCell<Vec<&'static str>> = const { RefCell::new(Vec::new()) };
}

/// A function that this thread is in, until this is dropped.
#[derive(Debug)]
#[must_use = "the function is left when this is dropped"]
pub struct Entered {
    depth: usize,
    /// It belongs to the thread that entered.
    _of_thread: PhantomData<*const ()>,
}

/// Says that this thread is in the host's own function of this name, until what
/// is returned is dropped. [`Panic::entered`](super::Panic::entered) has the
/// names.
///
/// A backtrace names functions, too, but not in a build without symbols, and
/// none that the compiler has put into its caller.
///
/// ```
/// use headcount::panics::enter;
///
/// fn load_config() {
///     let _here = enter("load_config");
///     // A panic here is in `load_config`, in every build.
/// }
/// # load_config();
/// ```
pub fn enter(function: &'static str) -> Entered {
    let depth = ENTERED.try_with(|entered| {
        let mut entered = entered.try_borrow_mut().ok()?;
        entered.push(function);
        Some(entered.len() - 1)
    });
    let depth = depth.ok().flatten().unwrap_or(usize::MAX);
    Entered { depth, _of_thread: PhantomData }
}

impl Drop for Entered {
    fn drop(&mut self) {
        // Not by one: whoever forgot an inner one leaves it here.
        let _ = ENTERED.try_with(|entered| {
            if let Ok(mut entered) = entered.try_borrow_mut() {
                entered.truncate(self.depth);
            }
        });
    }
}

/// What this thread is in, innermost first.
pub(super) fn here() -> Vec<&'static str> {
    let here = ENTERED.try_with(|entered| match entered.try_borrow() {
        Ok(entered) => entered.iter().rev().copied().collect(),
        Err(_) => Vec::new(),
    });
    here.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_is_in_what_it_has_entered_and_not_left() {
        assert_eq!(here(), [""; 0]);
        let main = enter("main");
        {
            let _run = enter("run");
            assert_eq!(here(), ["run", "main"]);
            let other = std::thread::spawn(|| {
                let _own = enter("other");
                here()
            });
            assert_eq!(other.join().expect("it ends"), ["other"]);
        }
        assert_eq!(here(), ["main"]);
        drop(main);
        assert_eq!(here(), [""; 0]);
    }

    #[test]
    fn a_panic_leaves_everything_that_it_unwinds() {
        let _main = enter("main");
        let inside = std::panic::catch_unwind(|| {
            let _run = enter("run");
            std::panic::resume_unwind(Box::new(()));
        });
        assert!(inside.is_err());
        assert_eq!(here(), ["main"]);
    }

    #[test]
    fn one_that_is_forgotten_goes_with_the_outer_one() {
        let main = enter("main");
        std::mem::forget(enter("run"));
        drop(main);
        assert_eq!(here(), [""; 0]);
    }
}
