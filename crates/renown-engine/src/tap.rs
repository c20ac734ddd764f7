//! Records for somebody who keeps them as they are.

use std::fmt;

use renown_sdk::Sink;

/// Takes every record that a tally would take, in the tally's place.
pub trait Tap: fmt::Debug + Send + Sync {
    /// A sink for one thread, which hands over what it took when it is dropped. Rejects do not come to it.
    fn sink(&self) -> Box<dyn Sink + '_>;

    /// Forgets all that was taken: everything is read anew.
    fn restart(&self);
}
