// SPDX-License-Identifier: MIT OR Apache-2.0
//! Two halves of one work, beside each other.

use eds::crl::Half;
use std::thread;

/// Does the first half in a thread of its own while the second is done here; one after the other where no thread is to
/// be had.
pub(super) fn beside(first: Half<'_>, second: Half<'_>) {
    let has_thread = thread::scope(|scope| {
        let begun = thread::Builder::new().spawn_scoped(scope, &mut *first);
        second();
        begun.is_ok()
    });
    if !has_thread {
        first();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_half_has_a_thread_of_its_own_and_both_are_done_at_the_end() {
        let (mut first, mut second) = (None, None);
        let here = || Some(thread::current().id());
        beside(&mut || first = here(), &mut || second = here());
        assert_eq!(second, here());
        assert!(first.is_some() && first != second, "{first:?}");
    }
}
