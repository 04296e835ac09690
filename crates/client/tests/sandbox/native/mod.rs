//! What only our own engine promises: whatever happens to connections, calls get their answers, nothing is executed
//! twice, and updates come once and in order or are announced as a gap.

mod cdn;
mod faults;
mod hostile;
mod keys;
mod lost;
mod media;
mod town;
mod watch;
